package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// misplaced is a trait.ParseError about one node inside the value.
type misplaced struct {
	trait.ParseError
	node *yaml.Node
}

// scalarValue reads the value of a trait from a node. An empty text is absent.
func scalarValue(t trait.Trait, n *yaml.Node) (v trait.Value, known bool, err error) {
	wrong := func(what, do string) (trait.Value, bool, error) {
		return trait.Value{}, false, &trait.ParseError{What: what, Do: do}
	}
	if t.Type == trait.Many {
		return manyValue(t, n)
	}
	if n.Kind != yaml.ScalarNode {
		return wrong(fmt.Sprintf("%s is %s, not a single value", t.ID, describe(n)), remedy(t))
	}
	text := n.Value
	switch t.Type {
	case trait.Version:
		if n.Tag == "!!float" || n.Tag == "!!int" {
			return wrong(fmt.Sprintf("%s is a number, and a number has no parts: %s would not stay what it is", t.ID, word(text)), quoted(n))
		}
	case trait.Bool:
		if n.Tag == "!!bool" {
			text = strings.ToLower(text)
		} else if text == "true" || text == "false" {
			return wrong(fmt.Sprintf("%s is text, not true or false", t.ID), "write "+text+" without quotation marks")
		}
	case trait.Text, trait.Path:
		if n.Tag != "!!str" {
			return wrong(fmt.Sprintf("%s is %s, not text", t.ID, describe(n)), quoted(n))
		}
		if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
			text = strings.TrimRight(text, "\n")
		}
		if strings.TrimSpace(text) == "" {
			return trait.Value{}, false, nil
		}
	}
	v, err = t.Parse(text)
	return v, err == nil, err
}

func manyValue(t trait.Trait, n *yaml.Node) (trait.Value, bool, error) {
	if n.Kind != yaml.SequenceNode {
		do := remedy(t)
		if n.Kind == yaml.ScalarNode && t.Has(n.Value) {
			do = "write [" + n.Value + "]"
		}
		return trait.Value{}, false, &trait.ParseError{What: fmt.Sprintf("%s is %s, not a list", t.ID, describe(n)), Do: do}
	}
	var chosen []string
	for _, c := range n.Content {
		switch {
		case c.Kind != yaml.ScalarNode:
			return trait.Value{}, false, &misplaced{trait.ParseError{What: fmt.Sprintf("%s holds %s", t.ID, describe(c)), Do: remedy(t)}, c}
		case !t.Has(c.Value):
			return trait.Value{}, false, &misplaced{trait.ParseError{What: fmt.Sprintf("%s cannot hold %q", t.ID, clip(c.Value)), Do: remedy(t)}, c}
		case contains(chosen, c.Value):
			return trait.Value{}, false, &misplaced{trait.ParseError{What: fmt.Sprintf("%s holds %s twice", t.ID, c.Value), Do: "keep one of them"}, c}
		}
		chosen = append(chosen, c.Value)
	}
	v, err := t.Parse(strings.Join(chosen, ","))
	return v, err == nil, err
}

// remedy says how a value of the trait is written.
func remedy(t trait.Trait) string {
	switch t.Type {
	case trait.Many:
		return "write a list with any of " + strings.Join(t.Values(), ", ")
	case trait.One:
		return "choose one of " + strings.Join(t.Values(), ", ")
	case trait.Bool:
		return "write true or false"
	case trait.Version:
		return `write a version such as "5.9.2"`
	case trait.Date:
		return "write a day as YYYY-MM-DD, for example 2026-11-01"
	default:
		return "write one text, in quotation marks if it begins with a special character"
	}
}

// escape matches what JSON writes after a backslash: a UTF-16 surrogate pair as
// a whole, anything else one character at a time.
var escape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|.)`)
})

// plainJSON makes JSON readable as YAML: tabs become spaces, which keeps every
// column (a JSON text cannot hold a raw tab), and the two escapes that the YAML
// library does not know become what they stand for. Other text is left as it is.
func plainJSON(src []byte) []byte {
	if !json.Valid(src) {
		return src
	}
	src = bytes.ReplaceAll(src, []byte("\t"), []byte(" "))
	return escape().ReplaceAllFunc(src, func(m []byte) []byte {
		switch {
		case len(m) == 12:
			var char string
			if json.Unmarshal([]byte(`"`+string(m)+`"`), &char) == nil {
				return []byte(char)
			}
		case m[1] == '/':
			return []byte("/")
		}
		return m
	})
}
