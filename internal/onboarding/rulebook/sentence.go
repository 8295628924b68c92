package rulebook

import "strings"

// Sentence states a condition in words, as the rule pages print it.
func (c *Cond) Sentence() string {
	switch {
	case c == nil:
		return "always"
	case c.Not != nil:
		return "not (" + c.Not.Sentence() + ")"
	case c.All != nil:
		return joined(c.All, " and ")
	case c.Any != nil:
		return joined(c.Any, " or ")
	}
	want := strings.Join(c.Want, " or ")
	switch c.Test {
	case "gte":
		return string(c.Trait) + " is " + want + " or later"
	case "lt":
		return string(c.Trait) + " is before " + want
	case "has":
		return string(c.Trait) + " has " + want
	case "set":
		return string(c.Trait) + " is recorded"
	default:
		return string(c.Trait) + " is " + want
	}
}

func joined(list []*Cond, word string) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = c.Sentence()
		if c.Trait == "" && c.Not == nil {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	return strings.Join(parts, word)
}
