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
	maxYAML   = 32 << 20 // bytes of a YAML document, which is held as a whole
	maxNodes  = 1_000_000
	maxText   = 48 << 20 // bytes of all names and texts that are kept
	maxDepth  = 200
	maxString = 16 << 10 // bytes of a string that is kept
)

// A Value is an object, a list or a text; the zero Value is none of them, which
// is also what a missing member is.
type Value struct {
	keys   []string
	values []*Value
	list   []*Value
	text   string
	isText bool
	Line   int // of YAML, from 1; 0 for JSON
}

// Get returns a member of an object.
func (v *Value) Get(path ...string) *Value {
	for _, key := range path {
		next := &Value{}
		if v != nil {
			for i, k := range v.keys {
				if k == key {
					next = v.values[i]
					break
				}
			}
		}
		v = next
	}
	return v
}

// Members calls do for each member of an object, in order.
func (v *Value) Members(do func(key string, value *Value)) {
	for i, k := range v.keys {
		do(k, v.values[i])
	}
}

// Elements are those of a list.
func (v *Value) Elements() []*Value { return v.list }

// IsObject tells whether the value has members.
func (v *Value) IsObject() bool { return len(v.keys) > 0 }

// Text is a text, a number or a truth value as written; "" for everything else.
func (v *Value) Text() string { return v.text }

// IsText tells whether the value is a text, a number or a truth value.
func (v *Value) IsText() bool { return v.isText }

// ReadJSON reads one JSON document and tells whether something follows it.
func ReadJSON(r io.Reader, name string, rules elide.Rules) (*Value, error) {
	rules.MaxString = maxString
	dec, cut := elide.Decoder(r, rules)
	b := builder{dec: dec}
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
	nodes int
	bytes int
}

func (b *builder) value(depth int) (*Value, error) {
	if b.nodes++; b.nodes > maxNodes || depth > maxDepth || b.bytes > maxText {
		return nil, elide.Wrong("is nested too deeply, has too many parts or holds too much text", "give a smaller document")
	}
	v := &Value{}
	switch b.dec.PeekKind() {
	case '{':
		return v, elide.Members(b.dec, func(name []byte) error {
			key, err := jsontext.AppendUnquote(nil, append(append([]byte{'"'}, name...), '"'))
			if err != nil {
				key = name
			}
			if bytes.HasPrefix(key, []byte("x-")) { // an extension
				return b.dec.SkipValue()
			}
			b.bytes += len(key)
			member, err := b.value(depth + 1)
			v.keys, v.values = append(v.keys, string(key)), append(v.values, member)
			return err
		})
	case '[':
		return v, elide.Elements(b.dec, func() error {
			element, err := b.value(depth + 1)
			v.list = append(v.list, element)
			return err
		})
	case '"':
		text, err := elide.Text(b.dec, nil)
		b.bytes += len(text)
		v.text, v.isText = string(text), true
		return v, err
	}
	raw, err := b.dec.ReadValue()
	if err == nil && len(raw) < 32 && string(raw) != "null" {
		v.text, v.isText = string(raw), true
	}
	return v, err
}

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
		return nil, bad("is nested too deeply, has too many parts, or multiplies itself with aliases", "give a smaller document")
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

// merge takes over the members of an object, or of several, that v has not.
func (v *Value) merge(from *Value) {
	for _, one := range append([]*Value{from}, from.list...) {
		for i, k := range one.keys {
			if !slices.Contains(v.keys, k) {
				v.keys, v.values = append(v.keys, k), append(v.values, one.values[i])
			}
		}
	}
}

type converter struct {
	drop  map[string]bool
	nodes int
	over  bool
}

func (c *converter) value(n *yaml.Node, depth int) *Value {
	v := &Value{Line: n.Line}
	if c.nodes++; c.nodes > maxNodes/2 || depth > maxDepth {
		c.over = true
	}
	if c.over {
		return v
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) > 0 {
			return c.value(n.Content[0], depth)
		}
	case yaml.AliasNode:
		return c.value(n.Alias, depth+1) // counted, so that a bomb ends soon
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			switch {
			case c.drop[key]:
			case n.Content[i].Tag == "!!merge":
				defer v.merge(c.value(n.Content[i+1], depth+1)) // what is written out goes first
			default:
				v.keys, v.values = append(v.keys, key), append(v.values, c.value(n.Content[i+1], depth+1))
			}
		}
	case yaml.SequenceNode:
		for _, one := range n.Content {
			v.list = append(v.list, c.value(one, depth+1))
		}
	case yaml.ScalarNode:
		if len(n.Value) <= maxString && n.Tag != "!!null" {
			v.text, v.isText = n.Value, true
		}
	}
	return v
}
