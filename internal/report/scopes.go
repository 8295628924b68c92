package report

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/scope/smart"
)

// Advertised is what the server says can be requested.
type Advertised struct {
	Scopes        []string `json:"scopes"`   // empty where it is not known
	Observed      string   `json:"observed"` // day of the observation; "" for a list that was given
	WildcardsOnly bool     `json:"wildcardsOnly"`
}

// Scopes is the document ngapi.scopes/v1.
type Scopes struct {
	Schema string `json:"schema"`
	Tool   Tool   `json:"tool"`
	smart.Result
	Server     Advertised    `json:"advertised"`
	Comparison *smart.Report `json:"comparison"` // null where nothing was requested
}

// ScopesView is what ScopesText shows beside the scopes themselves.
type ScopesView struct {
	List string // the file, as shown to the user
	V1   bool   // scopes in the words of version 1
	All  bool   // no list is cut short
	Next string // the next command
}

// ScopesText renders the scopes that a list needs: the verdict on a requested
// string first, then each scope with its routes, then what stays open.
func ScopesText(s Style, d Scopes, v ScopesView) []byte {
	t := &text{s: s}
	if d.Comparison != nil {
		t.comparison(d.Comparison, len(d.Open), v)
		t.blank()
	}
	t.line(bold, "%s", scopesHeadline(d, v))
	t.request(d, v)
	if d.Comparison == nil || v.All { // a comparison names the routes that matter itself
		t.needs(d.Needs, v)
	}
	t.openRoutes(d.Open, v)
	t.without(d)
	t.blank()
	t.raw(cyan, "next: "+clean(v.Next))
	return t.bytes()
}

func scopesHeadline(d Scopes, v ScopesView) string {
	list := clean(v.List)
	switch {
	case d.FHIR == 0:
		return fmt.Sprintf("No FHIR routes in %s: no resource scope is needed", list)
	case len(d.Needs) == 0:
		return fmt.Sprintf("No scope can be told for %s in %s", plural(d.FHIR, "FHIR route", "FHIR routes"), list)
	}
	return fmt.Sprintf("Needed: %s for %s in %s",
		plural(len(d.Needs), "resource scope", "resource scopes"), plural(d.FHIR, "FHIR route", "FHIR routes"), list)
}

// request is the whole scope string on one line, to copy.
func (t *text) request(d Scopes, v ScopesView) {
	scopes := d.V2
	if v.V1 {
		scopes = d.V1
	}
	if len(scopes) > 0 {
		t.command("  ", strings.Join(scopes, " "))
	}
}

func (t *text) needs(list []smart.Need, v ScopesView) {
	wider := 0
	for i := range list {
		n := &list[i]
		name := n.V2
		if v.V1 {
			name = strings.Join(n.V1, " ")
			if n.V1Wider {
				wider++
				name += "  (v2: " + n.V2 + ")"
			}
		}
		t.blank()
		t.raw("", clean(name))
		t.uses(n.Routes, v)
	}
	if wider > 0 {
		t.blank()
		t.line(faint, "v1 says more than is needed with %s, because it has no narrower word", plural(wider, "scope", "scopes"))
	}
}

// uses lists routes with the reason of each.
func (t *text) uses(list []smart.Use, v ScopesView) {
	t.routeLines(len(list), ScopeView{All: v.All}, func(i int) string {
		u := list[i]
		return routeLine(u.Method, u.Path, u.Line) + ": " + u.Why
	})
}

// openRoutes lists routes without a scope, by their reason.
func (t *text) openRoutes(list []smart.Use, v ScopesView) {
	if len(list) == 0 {
		return
	}
	var reasons []string
	routes := map[string][]smart.Use{}
	for _, u := range list {
		if routes[u.Why] == nil {
			reasons = append(reasons, u.Why)
		}
		routes[u.Why] = append(routes[u.Why], u)
	}
	t.blank()
	t.line(bold, "Open: what no scope is known for")
	for i, why := range reasons {
		if i == mostReasons && !v.All {
			t.line(faint, "  and %s; see --all", plural(len(reasons)-i, "more reason", "more reasons"))
			break
		}
		t.line(yellow, "  %s", clean(why))
		t.routeLines(len(routes[why]), ScopeView{All: v.All}, func(i int) string {
			u := routes[why][i]
			return routeLine(u.Method, u.Path, u.Line)
		})
	}
}

// without says which routes need no scope, and what the server lets one ask for.
func (t *text) without(d Scopes) {
	wildcardsOnly := d.Server.WildcardsOnly && len(d.Needs) > 0 && d.Comparison == nil
	if d.Enterprise > 0 || d.NoData > 0 || wildcardsOnly {
		t.blank()
	}
	if d.Enterprise > 0 {
		t.line("", "%s of the Enterprise APIs: no SMART scope governs them", plural(d.Enterprise, "route", "routes"))
	}
	if d.NoData > 0 {
		t.line("", "%s of discovery, sign-in or export status: no scope needed", plural(d.NoData, "route", "routes"))
	}
	if !wildcardsOnly {
		return
	}
	who := "the server advertises"
	if d.Server.Observed != "" {
		who = "NextGen's FHIR server advertised on " + d.Server.Observed
	}
	t.line(yellow, "%s only wildcards (%s): the narrow scopes may not be requestable there; "+
		"the route list, not the scope string, is the evidence", who, clean(wildcards(d.Server.Scopes)))
}

func wildcards(list []string) string {
	var out []string
	for _, s := range list {
		if smart.Parse(s).Kind == smart.Resource {
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}

func (t *text) comparison(r *smart.Report, open int, v ScopesView) {
	t.line(comparisonLook(r.Verdict), "%s", comparisonWords(r.Verdict))
	count := plural(r.Errors, "error", "errors") + ", " + plural(r.Warnings, "warning", "warnings")
	if open > 0 {
		count += "; what stays open below is not compared"
	}
	t.line(faint, "  %s", count)
	for i, f := range r.Findings {
		if i == 4*mostReasons && !v.All {
			t.line(faint, "  and %s; see --all", plural(len(r.Findings)-i, "more finding", "more findings"))
			return
		}
		look := map[smart.Severity]string{smart.Error: red, smart.Warning: yellow, smart.Note: faint}[f.Severity]
		head := fmt.Sprintf("  %-7s  %s", f.Severity, f.ID)
		if f.Scope != "" {
			head += "  " + clean(f.Scope)
		}
		t.raw(look, head)
		t.line("", "           %s", clean(f.Text))
		if f.Severity == smart.Error {
			t.uses(f.Routes, v)
		}
	}
}

func comparisonLook(v smart.Verdict) string {
	switch v {
	case smart.Exact:
		return green
	case smart.VerdictNotRequestable:
		return yellow
	}
	return red
}

// comparisonWords states a verdict on a requested scope string.
func comparisonWords(v smart.Verdict) string {
	switch v {
	case smart.Exact:
		return "EXACT: the request is what the routes need"
	case smart.TooBroad:
		return "TOO BROAD: the request asks for more than the routes need"
	case smart.TooNarrow:
		return "TOO NARROW: the request does not serve every route"
	case smart.Both:
		return "TOO BROAD AND TOO NARROW: the request asks for more in one place and less in another"
	case smart.VerdictNotRequestable:
		return "NOT REQUESTABLE: wider than needed, because the server advertises nothing narrower"
	}
	return "MALFORMED: the request holds what is no scope"
}
