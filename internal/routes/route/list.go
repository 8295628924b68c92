package route

import (
	"cmp"
	"slices"
	"strings"
)

// Add puts a route into the list. A route with the same key is merged: what
// the list has stands, its blank cells are filled from r. The index is that of
// the route in the list. Add looks at every row; AddAll is for many.
func (l *List) Add(r Route) (index int, added bool) {
	key := r.Key()
	for i := range l.Routes {
		if l.Routes[i].Key() == key {
			l.Routes[i].fill(&r)
			return i, false
		}
	}
	l.Routes = append(l.Routes, l.fit(r))
	return len(l.Routes) - 1, true
}

// AddAll adds routes as Add does, in one pass, and tells how many were new.
func (l *List) AddAll(routes []Route) (added int) {
	at := make(map[string]int, len(l.Routes)+len(routes))
	for i := range l.Routes {
		if _, seen := at[l.Routes[i].Key()]; !seen {
			at[l.Routes[i].Key()] = i
		}
	}
	for _, r := range routes {
		key := r.Key()
		if i, seen := at[key]; seen {
			l.Routes[i].fill(&r)
			continue
		}
		at[key] = len(l.Routes)
		l.Routes = append(l.Routes, l.fit(r))
		added++
	}
	return added
}

// Remove takes every route of that method and path shape out of the list,
// whatever API it belongs to, and tells whether there was one. The names of
// the parameters need not be those of the list.
func (l *List) Remove(method, path string) (found bool) {
	method, shape := strings.ToUpper(strings.TrimSpace(method)), Shape(tidyPath(path))
	before := len(l.Routes)
	l.Routes = slices.DeleteFunc(l.Routes, func(r Route) bool {
		return r.Method == method && Shape(r.Path) == shape
	})
	return len(l.Routes) < before
}

// Sort puts the routes in the order of path, method and API.
func (l *List) Sort() {
	slices.SortStableFunc(l.Routes, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method), cmp.Compare(a.API, b.API))
	})
}

// fit gives r as many extra cells as the list has extra columns.
func (l *List) fit(r Route) Route {
	extra := make([]string, len(l.ExtraColumns))
	copy(extra, r.Extra)
	if len(extra) == 0 {
		extra = nil
	}
	r.Extra = extra
	return r
}

// absorb takes over what a second row for the same route says: blank cells are
// filled, and free text that differs is joined, because nothing that people wrote
// may get lost. It returns the columns on which both say something different
// that cannot be joined; what is here stands.
func (r *Route) absorb(from *Route) (differ []string) {
	join := func(to *string, other string) {
		if *to != "" && other != "" && !strings.Contains(*to, other) {
			*to += "; " + other
		}
	}
	for _, text := range []struct{ to, from *string }{{&r.Purpose, &from.Purpose}, {&r.Evidence, &from.Evidence}, {&r.Notes, &from.Notes}} {
		join(text.to, *text.from)
	}
	for i := range min(len(r.Extra), len(from.Extra)) {
		join(&r.Extra[i], from.Extra[i])
	}
	for _, column := range r.fill(from) {
		if column != "purpose" && column != "evidence" && column != "notes" {
			differ = append(differ, column)
		}
	}
	return differ
}

// fill takes over cells that are blank here and not blank there. It returns
// the columns on which both say something different; what is here stands.
func (r *Route) fill(from *Route) (differ []string) {
	for i := 2; i < columnCount; i++ {
		to, other := r.cell(i), *from.cell(i)
		switch {
		case *to == "":
			*to = other
		case other != "" && other != *to:
			differ = append(differ, Columns()[i])
		}
	}
	for i := range min(len(r.Extra), len(from.Extra)) {
		if r.Extra[i] == "" {
			r.Extra[i] = from.Extra[i]
		}
	}
	return differ
}
