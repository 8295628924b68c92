package trait

import (
	"fmt"
	"slices"

	"github.com/apionboard/ngapi/internal/exit"
)

// Resolved is the value of any trait, stored or derived.
type Resolved struct {
	Entry
	Known bool
	From  []ID // for derived traits: what decided
	Ask   []ID // where unknown: stored traits that could settle it, in asking order
}

// Resolve returns the value of a trait in a set. A derived trait that is itself
// in the set (as rule examples do) is taken as given.
func (c *Catalogue) Resolve(s Set, id ID) Resolved {
	if e, ok := s.Get(id); ok {
		return Resolved{Entry: e, Known: true}
	}
	t, ok := c.Get(id)
	if !ok || t.derive == nil {
		return Resolved{Ask: []ID{id}}
	}
	r := t.derive(func(in ID) (Value, bool) {
		got := c.Resolve(s, in)
		return got.Value, got.Known
	})
	if !r.Known {
		return Resolved{Ask: c.roots(s, r.Ask)}
	}
	out := Resolved{Known: true, From: r.From}
	out.Value, out.Origin = r.Value, Origin{Source: FromDerived}
	for _, from := range r.From {
		out.Detail = append(out.Detail, c.Resolve(s, from).Detail...)
	}
	return out
}

// roots replaces derived traits by the stored ones that could settle them.
func (c *Catalogue) roots(s Set, ids []ID) []ID {
	var out []ID
	for _, id := range ids {
		for _, root := range c.Resolve(s, id).Ask {
			if !slices.Contains(out, root) {
				out = append(out, root)
			}
		}
	}
	c.Sort(out)
	return out
}

// Sort puts ids into asking order.
func (c *Catalogue) Sort(ids []ID) {
	slices.SortStableFunc(ids, func(a, b ID) int { return c.Order(a) - c.Order(b) })
}

// Contradictions lists answers that cannot both be true. Nothing is decided
// from a set that has any: guessing which answer is meant would be a verdict
// of ngapi's own making.
func (c *Catalogue) Contradictions(s Set) []exit.Problem {
	only, ok1 := s.Get("data.uscdi_v1_only")
	classes, ok2 := s.Get("data.classes")
	if !ok1 || !ok2 {
		return nil
	}
	within := len(classes.Value.List()) == 1 && classes.Value.Has("uscdi-v1")
	if only.Value.True() == within {
		return nil
	}
	return []exit.Problem{{
		File: classes.Origin.File, Line: classes.Origin.Line, Column: classes.Origin.Column,
		What: fmt.Sprintf("data.classes is %s, but data.uscdi_v1_only is %s (%s)", classes.Value, only.Value, only.Origin),
		Do:   "correct one of the two answers",
	}}
}

// DependsOn tells whether a derived trait reads another trait, directly or
// through further derived ones, under some answers.
func (c *Catalogue) DependsOn(id, on ID) bool {
	t, ok := c.Get(id)
	if !ok || t.derive == nil {
		return false
	}
	for _, in := range t.inputs {
		if in == on || c.DependsOn(in, on) {
			return true
		}
	}
	return false
}
