package tree

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

type converter struct {
	drop  map[string]bool
	nodes int
	bytes int // of texts and names; those of aliases are shared, and count all the same
	over  bool
}

func (c *converter) value(n *yaml.Node, depth int) *Value {
	v := &Value{line: int32(min(n.Line, maxYAML))} //nolint:gosec // bounded
	if c.nodes++; c.nodes > maxNodes/2 || depth > maxDepth || c.bytes > maxText {
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
		v.kind = object
		c.mapping(v, n, depth)
	case yaml.SequenceNode:
		v.kind = list
		for _, one := range n.Content {
			v.add("", c.value(one, depth+1))
		}
	case yaml.ScalarNode:
		if len(n.Value) <= maxString && n.Tag != "!!null" {
			c.bytes += len(n.Value)
			v.text, v.kind = n.Value, scalar
		}
	}
	return v
}

// mapping adds the members of a mapping, its own ones first: those that << merges
// into it are only what it does not say itself, the first of several counts.
func (c *converter) mapping(v *Value, n *yaml.Node, depth int) {
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind == yaml.ScalarNode && key.ShortTag() == "!!merge":
			merged = append(merged, n.Content[i+1])
		case !c.drop[key.Value] && !strings.HasPrefix(key.Value, "x-"):
			c.bytes += len(key.Value)
			v.add(key.Value, c.value(n.Content[i+1], depth+1))
		}
	}
	if len(merged) == 0 {
		return
	}
	have := map[string]bool{}
	v.Members(func(key string, _ *Value) { have[key] = true })
	for _, node := range merged {
		from := c.value(node, depth+1)
		for _, one := range append([]*Value{from}, from.Elements()...) {
			one.Members(func(key string, member *Value) {
				if !have[key] {
					have[key] = true
					v.add(key, member)
				}
			})
		}
	}
}
