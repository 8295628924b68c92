package rulebook

import (
	"reflect"
)

// EditionChange is one difference between two editions.
type EditionChange struct {
	Change string `json:"change"` // added, removed or changed
	Kind   string `json:"kind"`   // fact, decision, check, program or document
	ID     string `json:"id"`
}

// Diff lists what differs between two editions, kind by kind, in the order of
// the newer one; what was removed comes last.
func Diff(from, to *Edition) []EditionChange {
	out := []EditionChange{}
	out = append(out, compare("fact", from.Facts, to.Facts, func(f Fact) string { return f.ID })...)
	out = append(out, compare("program", from.Programs, to.Programs, func(p Program) string { return p.ID })...)
	out = append(out, compare("decision", from.Decisions, to.Decisions, func(d Decision) string { return d.ID })...)
	out = append(out, compare("check", from.Checks, to.Checks, func(c Check) string { return c.ID })...)
	return append(out, compare("document", from.Documents, to.Documents, func(d Document) string { return d.ID })...)
}

func compare[T any](kind string, from, to []T, id func(T) string) []EditionChange {
	var out []EditionChange
	old := map[string]T{}
	for _, v := range from {
		old[id(v)] = v
	}
	for _, v := range to {
		before, ok := old[id(v)]
		switch {
		case !ok:
			out = append(out, EditionChange{"added", kind, id(v)})
		case !reflect.DeepEqual(stripped(before), stripped(v)):
			out = append(out, EditionChange{"changed", kind, id(v)})
		}
		delete(old, id(v))
	}
	for _, v := range from {
		if _, left := old[id(v)]; left {
			out = append(out, EditionChange{"removed", kind, id(v)})
		}
	}
	return out
}

// stripped takes off what is no part of a rule: the places of its conditions in
// the file, and its examples, which are tests.
func stripped(v any) any {
	clean := func(c *Cond) *Cond { return c.withoutPlaces() }
	switch r := v.(type) {
	case Decision:
		cases := make([]Case, len(r.Cases))
		for i, c := range r.Cases {
			c.When = clean(c.When)
			cases[i] = c
		}
		var criteria []Criterion
		for _, c := range r.Criteria {
			c.When = clean(c.When)
			criteria = append(criteria, c)
		}
		var asides []Aside
		for _, a := range r.Asides {
			a.When = clean(a.When)
			asides = append(asides, a)
		}
		r.Cases, r.Criteria, r.Asides, r.Examples = cases, criteria, asides, nil
		return r
	case Check:
		r.Examples = nil
		r.When, r.Met, r.Review = clean(r.When), clean(r.Met), clean(r.Review)
		if r.Lessened != nil {
			r.Lessened = &Lessened{clean(r.Lessened.When), r.Lessened.Modality}
		}
		return r
	case Program:
		r.Eligible = clean(r.Eligible)
		return r
	case Document:
		r.When = clean(r.When)
		return r
	default:
		return v
	}
}

func (c *Cond) withoutPlaces() *Cond {
	if c == nil {
		return nil
	}
	out := &Cond{Trait: c.Trait, Test: c.Test, Want: c.Want, Not: c.Not.withoutPlaces()}
	for _, b := range c.All {
		out.All = append(out.All, b.withoutPlaces())
	}
	for _, b := range c.Any {
		out.Any = append(out.Any, b.withoutPlaces())
	}
	return out
}
