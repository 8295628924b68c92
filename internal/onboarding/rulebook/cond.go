package rulebook

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// maxDepth is how many combinators may stand above a leaf. A condition that
// needs more wants a derived trait.
const maxDepth = 3

// Cond is a condition: exactly one of All, Any, Not and Trait is in use.
type Cond struct {
	All, Any []*Cond
	Not      *Cond

	Trait trait.ID // a trait, or decision.ID
	Test  string   // eq, in, has, gte, lt or set
	Want  []string

	line, column int
}

// UnmarshalYAML reads a condition strictly.
func (c *Cond) UnmarshalYAML(n *yaml.Node) error {
	c.line, c.column = n.Line, n.Column
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		return at(n, "a condition is a mapping with all, any, not or trait")
	}
	switch key := n.Content[0].Value; key {
	case "all", "any", "not":
		if len(n.Content) != 2 {
			return at(n, "%s stands alone in a condition", key)
		}
		return c.combinator(key, n.Content[1])
	default:
		return c.leaf(n)
	}
}

func (c *Cond) combinator(key string, body *yaml.Node) error {
	if key == "not" {
		c.Not = &Cond{}
		return body.Decode(c.Not)
	}
	if body.Kind != yaml.SequenceNode || len(body.Content) < 2 {
		return at(body, "%s needs a list of at least two conditions", key)
	}
	list := make([]*Cond, len(body.Content))
	for i, item := range body.Content {
		list[i] = &Cond{}
		if err := item.Decode(list[i]); err != nil {
			return err
		}
	}
	if key == "all" {
		c.All = list
	} else {
		c.Any = list
	}
	return nil
}

func (c *Cond) leaf(n *yaml.Node) error {
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i].Value, n.Content[i+1]
		switch key {
		case "trait":
			if c.Trait != "" {
				return at(n, "trait is named twice")
			}
			c.Trait = trait.ID(value.Value)
		case "eq", "in", "has", "gte", "lt", "set":
			if c.Test != "" {
				return at(n, "a leaf has one comparison, not %s and %s", c.Test, key)
			}
			c.Test = key
			if value.Kind == yaml.SequenceNode {
				for _, v := range value.Content {
					c.Want = append(c.Want, v.Value)
				}
			} else {
				c.Want = []string{value.Value}
			}
		default:
			return at(n.Content[i], "unknown key %q in a condition", key)
		}
	}
	if c.Trait == "" || c.Test == "" {
		return at(n, "a leaf needs a trait and one of eq, in, has, gte, lt, set")
	}
	return nil
}

func at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("line %d column %d: %s", n.Line, n.Column, fmt.Sprintf(format, args...))
}

// check validates a condition against the catalogue and the decisions that are
// known so far.
func (c *Cond) check(cat *trait.Catalogue, decisions map[string]*Decision, depth int) error {
	if c == nil {
		return nil
	}
	below := slices.Concat(c.All, c.Any)
	if c.Not != nil {
		below = append(below, c.Not)
	}
	if len(below) > 0 {
		if depth >= maxDepth {
			return fmt.Errorf("line %d: more than %d combinators above a leaf; make a derived trait", c.line, maxDepth)
		}
		for _, b := range below {
			if err := b.check(cat, decisions, depth+1); err != nil {
				return err
			}
		}
		return nil
	}
	return c.checkLeaf(cat, decisions)
}

func (c *Cond) checkLeaf(cat *trait.Catalogue, decisions map[string]*Decision) error {
	if c.Test != "in" && len(c.Want) != 1 {
		return fmt.Errorf("line %d: %s compares with one value", c.line, c.Test)
	}
	if id, ok := strings.CutPrefix(string(c.Trait), "decision."); ok {
		return c.checkDecision(id, decisions)
	}
	t, ok := cat.Get(c.Trait)
	if !ok {
		return fmt.Errorf("line %d: unknown trait %q", c.line, c.Trait)
	}
	switch {
	case c.Test == "set":
		if t.Kind == trait.Answer || t.Kind == trait.Derived {
			return fmt.Errorf("line %d: set asks whether a milestone was reached; %s is an %s, whose absence is unknown", c.line, t.ID, t.Kind)
		}
		return c.wantAmong([]string{"true"})
	case (c.Test == "gte" || c.Test == "lt") && t.Type == trait.Version:
		_, err := trait.CompareVersions(c.Want[0], c.Want[0])
		return err
	case c.Test == "has" && t.Type == trait.Many:
		return c.wantAmong(t.Values())
	case (c.Test == "eq" || c.Test == "in") && t.Type == trait.One:
		return c.wantAmong(t.Values())
	case c.Test == "eq" && t.Type == trait.Bool:
		return c.wantAmong([]string{"true", "false"})
	default:
		return fmt.Errorf("line %d: %s cannot be compared by %s", c.line, t.ID, c.Test)
	}
}

func (c *Cond) checkDecision(id string, decisions map[string]*Decision) error {
	d, ok := decisions[id]
	if !ok {
		return fmt.Errorf("line %d: decision %q does not stand before its use", c.line, id)
	}
	if c.Test != "eq" && c.Test != "in" {
		return fmt.Errorf("line %d: a decision is compared by eq or in", c.line)
	}
	return c.wantAmong(d.Values())
}

func (c *Cond) wantAmong(values []string) error {
	for _, w := range c.Want {
		if !slices.Contains(values, w) {
			return fmt.Errorf("line %d: %s is never %q; it is one of %s", c.line, c.Trait, w, strings.Join(values, ", "))
		}
	}
	return nil
}

// leaves visits every leaf, left to right.
func (c *Cond) leaves(visit func(*Cond)) {
	if c == nil {
		return
	}
	for _, b := range c.All {
		b.leaves(visit)
	}
	for _, b := range c.Any {
		b.leaves(visit)
	}
	c.Not.leaves(visit)
	if c.Trait != "" {
		visit(c)
	}
}

// mentions tells whether a leaf names the trait, or a derived trait that can
// be settled by it.
func (c *Cond) mentions(cat *trait.Catalogue, id trait.ID) bool {
	found := false
	c.leaves(func(leaf *Cond) {
		found = found || leaf.Trait == id || cat.DependsOn(leaf.Trait, id)
	})
	return found
}
