package draft

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// A Drift is the difference between what is declared and what was seen to be
// called. Lists are sorted as their source is, and never nil.
type Drift struct {
	Undeclared []Item // called, and no row covers it
	Unused     []Item // a row that nothing seen falls under
	Failed     []Item // covered by a row, and never answered with success
	Mismatch   []Item // called with a method under which the path is not declared, though it is with others
	Calls      int    // routes that were seen to be called
}

// Compare holds a list against evidence. Only calls count: what is merely
// described or saved is no evidence of use. A row for discovery or sign-in is
// never unused, because evidence does not keep those calls.
func Compare(list *route.List, r *infer.Result, judged *scope.Report) Drift {
	d := Drift{Undeclared: []Item{}, Unused: []Item{}, Failed: []Item{}, Mismatch: []Item{}}
	rows := make([]declared, len(list.Routes))
	byShape := map[string][]int{}
	for i := range list.Routes {
		rows[i] = declare(&list.Routes[i])
		byShape[rows[i].shape] = append(byShape[rows[i].shape], i)
	}
	used := make([]bool, len(rows))
	for i := range r.Routes {
		found := &r.Routes[i]
		if !called(found) {
			continue
		}
		d.Calls++
		item := Item{found.Method, found.Path, found.API, found.Status}
		seen := declare(&route.Route{Method: found.Method, Path: found.Path, API: found.API})
		covered, path := false, false
		for _, k := range byShape[seen.shape] {
			path = true
			if rows[k].covers(&seen) {
				covered, used[k] = true, true
			}
		}
		switch {
		case covered && found.Status == infer.StatusFailed:
			d.Failed = append(d.Failed, item)
		case covered:
		case path && !methodDeclared(rows, byShape[seen.shape], seen.method):
			d.Mismatch = append(d.Mismatch, item)
		default:
			d.Undeclared = append(d.Undeclared, item)
		}
	}
	for i := range rows {
		if !used[i] && judged.Routes[i].Verdict != scope.Ignored {
			row := &list.Routes[i]
			d.Unused = append(d.Unused, Item{row.Method, row.Path, row.FoundAPI(), StatusOf(row.Evidence)})
		}
	}
	return d
}

func methodDeclared(rows []declared, at []int, method string) bool {
	return slices.ContainsFunc(at, func(i int) bool { return rows[i].method == method })
}

// Found tells whether there is anything that a person has to look at: calls
// that are not declared. With strict, any difference counts.
func (d *Drift) Found(strict bool) bool {
	return len(d.Undeclared)+len(d.Mismatch) > 0 || strict && len(d.Unused)+len(d.Failed) > 0
}

// Without takes out what a baseline has already, and returns how many were
// taken out. A route with a masked word is never taken out: nobody can tell
// whether it is the one that the baseline has.
func (d *Drift) Without(baseline *Drift) (known int) {
	drop := func(list, old []Item) []Item {
		return slices.DeleteFunc(list, func(i Item) bool {
			same := !strings.Contains(i.Path, "{?") && slices.ContainsFunc(old, func(o Item) bool {
				return o.Method == i.Method && o.API == i.API && route.Shape(o.Path) == route.Shape(i.Path)
			})
			if same {
				known++
			}
			return same
		})
	}
	d.Undeclared, d.Unused = drop(d.Undeclared, baseline.Undeclared), drop(d.Unused, baseline.Unused)
	d.Failed, d.Mismatch = drop(d.Failed, baseline.Failed), drop(d.Mismatch, baseline.Mismatch)
	return known
}

// declared is a route taken apart for comparison.
type declared struct {
	method string
	shape  string // API and shape of the path without query
	query  map[string]string
}

func declare(r *route.Route) declared {
	path, query, _ := strings.Cut(r.Path, "?")
	d := declared{method: r.Method, shape: r.FoundAPI() + " " + route.Shape(path)}
	if query == "" || r.FoundAPI() == route.Enterprise {
		return d
	}
	_, shaped, _ := strings.Cut(route.Shape(r.Path), "?")
	d.query = map[string]string{}
	for pair := range strings.SplitSeq(shaped, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if already, twice := d.query[name]; twice {
			value = already + "&" + value
		}
		d.query[name] = value
	}
	return d
}

// covers tells whether a row declares at least what was seen: the same call, or
// one with fewer conditions. A parameter that adds data has to be declared.
func (d *declared) covers(seen *declared) bool {
	if d.method != seen.method {
		return false
	}
	for name, value := range d.query {
		got, has := seen.query[name]
		if !has || got != value && strings.Trim(value, "{}") != "" {
			return false
		}
	}
	for name := range seen.query {
		if _, has := d.query[name]; !has && widens(name) {
			return false
		}
	}
	return true
}

// widens names the parameters that bring in data beside what the path asks for,
// and the chains, which look at another type.
func widens(name string) bool {
	head, _, _ := strings.Cut(name, ":")
	return head == "_include" || head == "_revinclude" || head == "_has" || head == "_filter" || head == "_query" || head == "_list" || strings.Contains(name, ".")
}
