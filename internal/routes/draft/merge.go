package draft

import (
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// Options steer Merge.
type Options struct {
	Proven bool          // leave out what was never called
	Scope  scope.Options // to tell what a new route does
}

// A Merged is what a merge did to a list. Lists are never nil.
type Merged struct {
	Added   []Item
	Changed []Item // the evidence was brought up to date
	Same    int    // routes that the list has, with this evidence
	Held    []Item // with masked words: not in the list until a review
	Left    int    // never called, and left out for that reason
}

// An Item is one route of a merge.
type Item struct {
	Method string       `json:"method"`
	Path   string       `json:"path"`
	API    string       `json:"api"`
	Status infer.Status `json:"status"`
}

// Merge brings the routes of a result into the list. New rows come behind the
// others, in the order of the result.
func Merge(list *route.List, r *infer.Result, opt Options) Merged {
	m := Merged{Added: []Item{}, Changed: []Item{}, Held: []Item{}}
	at := index(list)
	var fresh []route.Route
	for i := range r.Routes {
		found := &r.Routes[i]
		item := Item{found.Method, found.Path, found.API, found.Status}
		now := findings(found)
		switch {
		case len(now) == 0:
			continue
		case found.Masks > 0:
			m.Held = append(m.Held, item)
			continue
		case opt.Proven && !called(found):
			m.Left++
			continue
		}
		row := route.Route{Method: found.Method, Path: found.Path, API: found.API, Evidence: addFindings("", now)}
		if i, listed := at[key(&row)]; listed {
			before := list.Routes[i].Evidence
			list.Routes[i].Evidence = addFindings(before, now)
			if list.Routes[i].Evidence == before {
				m.Same++
			} else {
				m.Changed = append(m.Changed, item)
			}
			continue
		}
		fresh = append(fresh, row)
		m.Added = append(m.Added, item)
	}
	fillAccess(fresh, opt.Scope)
	list.AddAll(fresh)
	return m
}

// fillAccess says of new rows what they do, where that is known.
func fillAccess(fresh []route.Route, opt scope.Options) {
	judged := scope.Judge(&route.List{Routes: fresh}, opt)
	for i := range fresh {
		switch judged.Routes[i].Access {
		case scope.Read:
			fresh[i].Access = route.AccessRead
		case scope.Write:
			fresh[i].Access = route.AccessWrite
		}
	}
}

// index finds the rows of a list by what a captured call can be held against.
func index(list *route.List) map[string]int {
	at := make(map[string]int, len(list.Routes))
	for i := range list.Routes {
		k := key(&list.Routes[i])
		if _, seen := at[k]; !seen {
			at[k] = i
		}
	}
	return at
}

// key is Route.Key, without the query of an Enterprise route: evidence never
// shows one there, because it does not say what is asked for.
func key(r *route.Route) string {
	if r.FoundAPI() != route.Enterprise {
		return r.Key()
	}
	plain := *r
	plain.Path, _, _ = strings.Cut(r.Path, "?")
	return plain.Key()
}

// called tells whether somebody saw the application make the call.
func called(r *infer.Route) bool {
	for _, e := range r.Evidence {
		if e.Kind >= infer.Trace {
			return true
		}
	}
	return false
}
