package report

import (
	"fmt"

	"github.com/apionboard/ngapi/internal/routes/scope"
)

// ScopeView is what ScopeText shows beside the verdict itself.
type ScopeView struct {
	List string // the file, as shown to the user
	All  bool   // every route, and no list is cut short
	Next string // the next command
}

// How much is listed one by one unless everything is asked for.
const (
	mostRoutes  = 8  // with one reason, question or observation
	mostReasons = 12 // of a verdict
)

// ScopeText renders the verdict on a route list: the verdict first, then what
// decides it, what was observed, and what to ask the vendor.
func ScopeText(s Style, d Scope, v ScopeView) []byte {
	t := &text{s: s}
	t.line(verdictLook(d.Verdict), "%s", headline(d, v.List))
	t.blank()
	t.yardsticks(d)
	t.deciding(d.Deciding, v)
	t.gsa(d.GSA, v)
	t.vendorQuestions(d.Questions, v)
	if v.All && len(d.Routes) > 0 {
		t.blank()
		t.line(bold, "Every route")
		t.grid(verdicts(d.Routes))
	}
	t.blank()
	t.raw(cyan, "next: "+clean(v.Next))
	return t.bytes()
}

func headline(d Scope, list string) string {
	total, list := plural(len(d.Routes), "route", "routes"), clean(list)
	switch {
	case len(d.Routes) == 0:
		return fmt.Sprintf("UNDETERMINED: %s has no routes, which proves nothing", list)
	case d.Verdict == scope.Limited:
		return fmt.Sprintf("LIMITED: solely reads of USCDI v1 data (%s in %s)", total, list)
	case d.Verdict == scope.NotLimited:
		return fmt.Sprintf("NOT LIMITED: writes, or data beyond USCDI v1, in %d of %s of %s", len(d.Deciding), total, list)
	case len(d.Deciding) == 0:
		return fmt.Sprintf("UNDETERMINED: nothing but discovery and sign-in (%s in %s), which proves nothing", total, list)
	}
	return fmt.Sprintf("UNDETERMINED: public sources do not settle %d of %s in %s", len(d.Deciding), total, list)
}

func (t *text) yardsticks(d Scope) {
	f := d.Yardsticks.Federal
	t.pair("", "vendor", fmt.Sprintf("%s (solely GET routes of USCDI v1 data, by the page)", d.Yardsticks.Vendor.Verdict))
	t.pair("", "federal", fmt.Sprintf("%s (within %s, %s, since %s)", f.Verdict, f.Edition, f.Status, f.Since))
	if f.Proposed != "" {
		t.pair(faint, "proposed", f.Proposed)
	}
}

// deciding lists the routes on which the verdict rests, by their reason: a long
// list has few reasons.
func (t *text) deciding(list []scope.Deciding, v ScopeView) {
	if len(list) == 0 {
		return
	}
	var reasons []string
	routes := map[string][]scope.Deciding{}
	for _, d := range list {
		if routes[d.Why] == nil {
			reasons = append(reasons, d.Why)
		}
		routes[d.Why] = append(routes[d.Why], d)
	}
	t.blank()
	t.line(bold, "Why: %s", plural(len(list), "route decides", "routes decide"))
	for i, why := range reasons {
		if i == mostReasons && !v.All {
			t.line(faint, "  and %s; see --all", plural(len(reasons)-i, "more reason", "more reasons"))
			break
		}
		t.line("", "  %s", clean(why))
		t.routeLines(len(routes[why]), v, func(i int) string {
			d := routes[why][i]
			return routeLine(d.Method, d.Path, d.Line)
		})
	}
}

// routeLines lists up to mostRoutes routes and counts the others.
func (t *text) routeLines(n int, v ScopeView, line func(i int) string) {
	for i := range n {
		if i == mostRoutes && !v.All {
			t.line(faint, "    and %d more; see --all", n-i)
			return
		}
		t.raw(faint, "    "+line(i))
	}
}

func routeLine(method, path string, line int) string {
	s := fmt.Sprintf("%-6s %s", method, clean(path))
	if line > 0 {
		s += fmt.Sprintf(" (line %d)", line)
	}
	return s
}

func (t *text) gsa(g scope.GSASummary, v ScopeView) {
	total := len(g.Closed) + len(g.Unconfirmed) + len(g.Reachable)
	if total == 0 {
		return
	}
	t.blank()
	words, note := [3]string{"seen to answer", "never seen", "seen to refuse"}, observationNote
	reachable, closed := vendorCount(g.Reachable), vendorCount(g.Closed)
	byGrid := func(int) string { return "" }
	if reachable+closed > 0 {
		words, note = [3]string{"reachable", "unknown", "closed"}, vendorNote
		byGrid = func(n int) string { return fmt.Sprintf(" (%d by the vendor's grid)", n) }
	}
	t.line(bold, "Global Service Account: %d %s%s, %d %s, %d %s%s", len(g.Reachable), words[0], byGrid(reachable),
		len(g.Unconfirmed), words[1], len(g.Closed), words[2], byGrid(closed))
	for _, group := range []struct {
		title string
		list  []scope.RouteRef
	}{{words[2], g.Closed}, {words[1], g.Unconfirmed}} {
		if len(group.list) == 0 {
			continue
		}
		t.line("", "  %s", group.title)
		t.routeLines(len(group.list), v, func(i int) string {
			r := group.list[i]
			s := routeLine(r.Method, r.Path, r.Line)
			switch {
			case r.Vendor:
				s += " by the " + clean(r.Source)
			case r.ObservedOn != "":
				s += " on " + r.ObservedOn
			}
			return s
		})
	}
	t.line(faint, "  %s", note)
}

// vendorCount counts the routes of which an imported data grid speaks.
func vendorCount(list []scope.RouteRef) int {
	n := 0
	for _, r := range list {
		if r.Vendor {
			n++
		}
	}
	return n
}

const vendorNote = "by the imported data grid of the vendor where it names the route; else dated observations of third parties"

const observationNote = `dated observations of third parties, not the vendor's word: the tab "Enterprise GSA Routes" of the vendor's data grid is the authority`

func (t *text) vendorQuestions(list []scope.Question, v ScopeView) {
	if len(list) == 0 {
		return
	}
	t.blank()
	t.line(bold, "Ask NextGen Healthcare")
	for _, q := range list {
		t.pair("", q.ID, q.Text)
		t.routeLines(len(q.Routes), v, func(i int) string { return clean(q.Routes[i]) })
	}
}

func verdicts(list []scope.RouteVerdict) grid {
	return grid{
		header: []string{"method", "path", "verdict", "data", "basis", "why", "line", "api", "access", "federal", "gsa"},
		rows:   len(list), table: []int{0, 2, 3, 4, 1}, below: 5,
		look: func(i int) string { return verdictLook(list[i].Verdict) },
		row: func(i int) []string {
			r := &list[i]
			return []string{r.Method, r.Path, string(r.Verdict), string(r.Data), string(r.Basis), r.Why,
				fmt.Sprint(r.Line), r.API, string(r.Access), string(r.Federal), string(r.GSA.Status)}
		},
	}
}
