// Package tree reads small structured documents, JSON and YAML alike, into one
// plain form, for formats that have to be seen as a whole before they can be
// understood: a description names its servers behind its paths.
//
// The contract: members that the caller drops are never decoded; size, depth and
// aliases are bounded. An error is an *exit.Error with exit.Usage that names the
// place and holds nothing of the document.
package tree

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
)

const (
	maxYAML   = 32 << 20  // bytes of a YAML document, which is held as a whole
	maxParts  = 1_000_000 // lines, colons, commas and brackets of a YAML document: about its nodes, before they are built
	maxNodes  = 1_000_000 // values that are kept
	maxDepth  = 200
	maxString = 16 << 10 // bytes of a string that is kept
	maxNumber = 32       // bytes of a number that is kept
	maxText   = 32 << 20 // bytes of all strings and names that are kept
)

// A Value is an object, a list or a text; the zero Value is none of them, which
// is also what a missing member is.
type Value struct {
	text  string
	parts *parts // nil where there are none
	line  int32
	kind  kind
}

type kind uint8

const (
	none kind = iota
	object
	list
	scalar
)

// parts are apart from their value, because most values have none.
type parts struct {
	keys   []string // of an object
	values []*Value
}

func (v *Value) add(key string, part *Value) {
	if v.parts == nil {
		v.parts = &parts{}
	}
	if v.kind == object {
		v.parts.keys = append(v.parts.keys, key)
	}
	v.parts.values = append(v.parts.values, part)
}

// Get returns a member of an object.
func (v *Value) Get(path ...string) *Value {
	for _, key := range path {
		next := &Value{}
		if v != nil && v.kind == object && v.parts != nil {
			if i := slices.Index(v.parts.keys, key); i >= 0 {
				next = v.parts.values[i]
			}
		}
		v = next
	}
	return v
}

// Members calls do for each member of an object, in order.
func (v *Value) Members(do func(key string, value *Value)) {
	if v.kind == object && v.parts != nil {
		for i, k := range v.parts.keys {
			do(k, v.parts.values[i])
		}
	}
}

// Elements are those of a list.
func (v *Value) Elements() []*Value {
	if v.kind != list || v.parts == nil {
		return nil
	}
	return v.parts.values
}

// Text is a text, a number or a truth value as written; "" for everything else.
func (v *Value) Text() string { return v.text }

// IsText tells whether the value is a text, a number or a truth value.
func (v *Value) IsText() bool { return v.kind == scalar }

// IsObject tells whether the value is an object, be it an empty one.
func (v *Value) IsObject() bool { return v.kind == object }

// Line is the line of YAML, from 1; 0 for JSON.
func (v *Value) Line() int { return int(v.line) }

// ReadJSON reads one JSON document and tells whether something follows it.
// Members that the rules drop, and extensions (x-), are left out.
func ReadJSON(r io.Reader, name string, rules elide.Rules) (*Value, error) {
	rules.MaxString = maxString
	dec, cut := elide.Decoder(r, rules)
	b := builder{dec: dec, rules: rules}
	v, err := b.value(0)
	if err == nil {
		_, err = dec.ReadToken()
		switch {
		case errors.Is(err, io.EOF):
			return v, nil
		case err == nil:
			err = elide.Wrong("is more than one JSON document", "give each in a file of its own")
		}
	}
	var ready *exit.Error
	if errors.As(err, &ready) {
		return nil, err
	}
	return nil, elide.Problem(name, cut, dec, err)
}

type builder struct {
	dec   *jsontext.Decoder
	rules elide.Rules
	nodes int
	bytes int // of texts and names
}

func (b *builder) value(depth int) (*Value, error) {
	if b.nodes++; b.nodes > maxNodes || depth > maxDepth {
		return nil, elide.Wrong("is nested too deeply or has too many parts", smaller)
	}
	v := &Value{}
	switch b.dec.PeekKind() {
	case '{':
		v.kind = object
		return v, elide.Members(b.dec, func(name []byte) error {
			if b.skips(string(name)) {
				return b.dec.SkipValue()
			}
			key, err := jsontext.AppendUnquote(nil, append(append([]byte{'"'}, name...), '"'))
			if err != nil {
				key = name
			}
			own, err := b.keep(key)
			if err != nil {
				return err
			}
			member, err := b.value(depth + 1)
			v.add(own, member)
			return err
		})
	case '[':
		v.kind = list
		return v, elide.Elements(b.dec, func() error {
			element, err := b.value(depth + 1)
			v.add("", element)
			return err
		})
	case '"':
		text, err := elide.Text(b.dec, nil)
		if err == nil {
			v.kind = scalar
			v.text, err = b.keep(text)
		}
		return v, err
	}
	raw, err := b.dec.ReadValue()
	if err == nil && string(raw) != "null" {
		v.kind = scalar
		if len(raw) <= maxNumber {
			v.text, err = b.keep(raw)
		}
	}
	return v, err
}

// skips tells whether a member is left out, which saves its node as well.
func (b *builder) skips(name string) bool {
	return strings.HasPrefix(name, "x-") || slices.Contains(b.rules.Drop, name) || len(b.rules.Keep) > 0 && !slices.Contains(b.rules.Keep, name)
}

// keep copies a text, as long as there is room.
func (b *builder) keep(text []byte) (string, error) {
	if b.bytes += len(text); b.bytes > maxText {
		return "", elide.Wrong("holds more than 32 MiB of text that would have to be kept", smaller)
	}
	return string(text), nil
}

const smaller = "give a smaller document, or drop what is not needed"

// ReadYAML reads the first YAML document. drop names members that are left out.
func ReadYAML(r io.Reader, name string, drop []string) (*Value, error) {
	bad := func(what, do string) error {
		return exit.Problems(exit.Usage, []exit.Problem{{File: name, What: what, Do: do}})
	}
	data, err := io.ReadAll(io.LimitReader(r, maxYAML+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > maxYAML:
		return nil, bad("is YAML of more than 32 MiB", "give it as JSON, which is read in pieces")
	}
	marks := 0
	for _, mark := range []byte("\n,:[{") {
		marks += bytes.Count(data, []byte{mark})
	}
	if marks > maxParts {
		return nil, bad("is YAML of too many parts", "give it as JSON, which is read in pieces")
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, bad("is no YAML"+atLine(err), "correct it, or export it again")
	}
	c := converter{drop: map[string]bool{}}
	for _, d := range drop {
		c.drop[d] = true
	}
	v := c.value(&doc, 0)
	if c.over {
		return nil, bad("is nested too deeply, has too many parts, or multiplies itself with aliases", smaller)
	}
	return v, nil
}

// atLine takes the line out of an error whose words may repeat content.
func atLine(err error) string {
	_, rest, ok := strings.Cut(err.Error(), "line ")
	number, _, _ := strings.Cut(rest, ":")
	if _, bad := strconv.Atoi(number); !ok || bad != nil {
		return ""
	}
	return " (line " + number + ")"
}
