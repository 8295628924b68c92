package infer

import (
	"cmp"
	"slices"
	"strings"
)

// merge adds what a group was found in.
func (r *Route) merge(found []count) {
	for _, f := range found {
		i := slices.IndexFunc(r.found, func(o count) bool { return o.kind == f.kind && o.format == f.format })
		if i < 0 {
			f.places = slices.Clone(f.places)
			r.found = append(r.found, f)
			continue
		}
		o := &r.found[i]
		o.calls, o.ok, o.failed, o.silent = o.calls+f.calls, o.ok+f.ok, o.failed+f.failed, o.silent+f.silent
		o.places = slices.Concat(o.places, f.places)
		slices.Sort(o.places)
		o.places = slices.Compact(o.places)
		o.places = o.places[:min(len(o.places), maxPlaces)]
	}
}

// conclude sums up the evidence of a route.
func (r *Route) conclude() {
	slices.SortFunc(r.found, func(a, b count) int {
		return cmp.Or(cmp.Compare(b.kind, a.kind), strings.Compare(a.format, b.format))
	})
	var all count
	for _, f := range r.found {
		e := Evidence{Kind: f.kind, Format: f.format, Status: StatusUnknown, Places: f.places}
		if f.kind >= Trace {
			e.Calls, e.Status = bucket(f.calls), f.status()
			all.ok, all.failed, all.silent = all.ok+f.ok, all.failed+f.failed, all.silent+f.silent
		}
		r.Evidence = append(r.Evidence, e)
	}
	r.Status = all.status()
	r.found = nil
}

func (f *count) status() Status {
	switch {
	case f.ok > 0 && f.failed > 0:
		return StatusMixed
	case f.ok > 0:
		return StatusOK
	case f.failed > 0:
		return StatusFailed
	case f.silent > 0:
		return StatusCalled
	}
	return StatusUnknown
}

// bucket says how many calls without saying it exactly, so that a repetition
// changes nothing that is committed.
func bucket(n int64) string {
	switch {
	case n <= 1:
		return "1"
	case n <= 9:
		return "2-9"
	case n <= 99:
		return "10-99"
	}
	return "100+"
}
