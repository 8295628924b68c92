package store

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// lookup returns the value of a key of a mapping, or nil.
func lookup(m *yaml.Node, key string) *yaml.Node {
	if m == nil || m.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i+1]
		}
	}
	return nil
}

// remove takes a key out of a mapping.
func remove(m *yaml.Node, key string) bool {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content = slices.Delete(m.Content, i, i+2)
			return true
		}
	}
	return false
}

// insert puts a key into a mapping: after the nearest key before it in the
// canonical order, else in front of the first key after it.
func insert(m *yaml.Node, key string, order []string, value *yaml.Node) {
	rank := slices.Index(order, key)
	at := len(m.Content)
	best := -1
	for i := 0; i+1 < len(m.Content); i += 2 {
		r := slices.Index(order, m.Content[i].Value)
		switch {
		case r >= 0 && r < rank && r > best:
			best, at = r, i+2
		case best < 0 && r > rank && i < at:
			at = i
		}
	}
	m.Content = slices.Insert(m.Content, at, keyNode(key), value)
}

// child returns the value of a key that holds a mapping or list, and makes it
// where it is absent or null. Another form is replaced: the decoder would have
// refused it.
func child(m *yaml.Node, key string, order []string, kind yaml.Kind) *yaml.Node {
	n := lookup(m, key)
	if n == nil {
		n = &yaml.Node{Kind: kind}
		insert(m, key, order, n)
		return n
	}
	if n.Kind != kind {
		n.Kind, n.Tag, n.Value, n.Style, n.Content = kind, "", "", 0, nil
	}
	return n
}

// setNode gives a key of a mapping a value, in the node that is there where one
// is, so that its comments and its style stay.
func setNode(m *yaml.Node, key string, order []string, t trait.Trait, v trait.Value) {
	if len(m.Content) == 0 && m.Style == yaml.FlowStyle {
		m.Style = 0 // {} becomes a block: it was empty for want of keys
	}
	if t.Type == trait.Many {
		setList(m, key, order, v.List())
		return
	}
	n := lookup(m, key)
	if n == nil {
		insert(m, key, order, scalarNode(t, v.String()))
		return
	}
	fresh := scalarNode(t, v.String())
	if n.Kind == yaml.ScalarNode && n.Value == fresh.Value && n.Tag == fresh.Tag {
		return
	}
	quotes := n.Style & (yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle)
	if n.Kind != yaml.ScalarNode || fresh.Tag == "!!bool" {
		quotes = 0
	}
	n.Kind, n.Value, n.Content, n.Style, n.Tag = yaml.ScalarNode, fresh.Value, nil, fresh.Style, fresh.Tag
	if quotes != 0 {
		n.Style, n.Tag = quotes, "!!str"
	}
}

// setList keeps the members that stay, with their comments.
func setList(m *yaml.Node, key string, order, members []string) {
	n := lookup(m, key)
	if n == nil {
		n = &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		insert(m, key, order, n)
	}
	if n.Kind != yaml.SequenceNode {
		n.Kind, n.Tag, n.Value, n.Style, n.Content = yaml.SequenceNode, "", "", yaml.FlowStyle, nil
	}
	var content []*yaml.Node
	for _, c := range n.Content {
		if slices.Contains(members, c.Value) {
			content = append(content, c)
		}
	}
	for _, member := range members {
		if !slices.ContainsFunc(content, func(c *yaml.Node) bool { return c.Value == member }) {
			content = append(content, keyNode(member))
		}
	}
	n.Content = content
}

func keyNode(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}

// scalarNode writes a value: versions in quotation marks, because 5.10 is no
// number, and the rest plain where YAML allows it.
func scalarNode(t trait.Trait, text string) *yaml.Node {
	n := keyNode(text)
	switch t.Type {
	case trait.Bool:
		n.Tag = "!!bool"
	case trait.Date:
		n.Tag = "!!timestamp"
	case trait.Version:
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// entryStyle is the style of a new entry of a list: that of the last entry, or
// a default where it is the first.
func entryStyle(list *yaml.Node, fallback yaml.Style) yaml.Style {
	if n := len(list.Content); n > 0 {
		return list.Content[n-1].Style & yaml.FlowStyle
	}
	return fallback
}

// appendTo adds an entry to a list; an empty [] becomes a block of entries.
func appendTo(list, entry *yaml.Node) {
	if len(list.Content) == 0 {
		list.Style = 0
	}
	list.Content = append(list.Content, entry)
}
