package report_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

func scheduler() *route.List {
	return &route.List{Routes: []route.Route{
		{Method: "POST", Path: "/appointments", Access: "write", Auth: "gsa", Purpose: "book a slot that a patient has chosen on the web page of the clinic", Line: 2},
		{Method: "GET", Path: "/persons/{personId}/chart/allergies", Line: 3},
		{Method: "GET", Path: "/Patient/{id}", Line: 4},
	}}
}

func routesDoc() report.Routes {
	return report.NewRoutes(report.Tool{}, report.Input{Path: "routes.csv"}, scheduler())
}

func TestRoutesTextByWidth(t *testing.T) {
	for _, test := range []struct {
		width int
		has   []string
	}{
		{0, []string{"method\tpath\tapi\t", "POST\t/appointments\tenterprise\twrite\t\tgsa\tdeclared\tbook a slot"}},
		{40, []string{"method: POST\npath: /appointments\n", "auth: gsa\n"}},
		{80, []string{"METHOD  API         ACCESS  AUTH  PATH\n", "POST    enterprise  write   gsa   /appointments\n        book a slot"}},
	} {
		got := string(report.RoutesText(report.Style{Width: test.width}, routesDoc()))
		for _, want := range test.has {
			if !strings.Contains(got, want) {
				t.Errorf("width %d lacks %q:\n%s", test.width, want, got)
			}
		}
		for line := range strings.Lines(got) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); test.width > 0 && n > test.width {
				t.Errorf("width %d: %d columns: %s", test.width, n, line)
			}
		}
		if strings.Contains(got, "\x1b") {
			t.Errorf("width %d: colour that nobody asked for", test.width)
		}
	}
}

// TestGSASummarySaysWhoseWordItIs: the vendor's grid and the observations of third
// parties are counted apart.
func TestGSASummarySaysWhoseWordItIs(t *testing.T) {
	refs := func(vendor, seen int) []scope.RouteRef {
		list := make([]scope.RouteRef, vendor+seen)
		for i := range list {
			list[i] = scope.RouteRef{Method: "GET", Path: "/appointments", Vendor: i < vendor}
		}
		return list
	}
	for _, test := range []struct {
		gsa  scope.GSASummary
		want string
	}{
		{scope.GSASummary{Reachable: refs(0, 10), Unconfirmed: refs(0, 3), Closed: refs(0, 4)}, "10 seen to answer, 3 never seen, 4 seen to refuse"},
		{scope.GSASummary{Reachable: refs(2, 8), Unconfirmed: refs(0, 3), Closed: refs(0, 4)}, "10 reachable (2 by the vendor's grid), 3 unknown, 4 closed (0 by the vendor's grid)"},
		{scope.GSASummary{Reachable: refs(0, 1), Closed: refs(4, 0)}, "1 reachable (0 by the vendor's grid), 0 unknown, 4 closed (4 by the vendor's grid)"},
	} {
		d := report.Scope{Report: &scope.Report{GSA: test.gsa}}
		if got := string(report.ScopeText(report.Style{}, d, report.ScopeView{})); !strings.Contains(got, "Global Service Account: "+test.want+"\n") {
			t.Errorf("no %q:\n%s", test.want, got)
		}
	}
}

func TestScopeText(t *testing.T) {
	r := scope.Judge(scheduler(), scope.Options{AsOf: "2026-11-23"})
	d := report.Scope{Report: &r}
	for _, width := range []int{0, 40, 80} {
		for _, color := range []bool{false, true} {
			got := string(report.ScopeText(report.Style{Width: width, Color: color}, d, report.ScopeView{List: "a.csv", All: true, Next: "ngapi plan"}))
			if strings.Contains(got, "\x1b") != color {
				t.Errorf("width %d: colour %v is wrong", width, color)
			}
			for _, want := range []string{"NOT LIMITED", "Every route", "POST writes", "Q9", "next: ngapi plan", "federal"} {
				if !strings.Contains(got, want) {
					t.Errorf("width %d lacks %q:\n%s", width, want, got)
				}
			}
		}
	}
}

func TestScopeTextWords(t *testing.T) {
	for want, list := range map[string]*route.List{
		"UNDETERMINED: a.csv has no routes, which proves nothing":            {},
		"UNDETERMINED: nothing but discovery and sign-in (1 route in a.csv)": {Routes: []route.Route{{Method: "GET", Path: "/metadata"}}},
		"LIMITED: solely reads of USCDI v1 data (1 route in a.csv)":          {Routes: []route.Route{{Method: "GET", Path: "/Patient/{id}"}}},
		"UNDETERMINED: public sources do not settle 1 of 1 route in a.c":     {Routes: []route.Route{{Method: "GET", Path: "/persons"}}},
	} {
		r := scope.Judge(list, scope.Options{})
		got := string(report.ScopeText(report.Style{}, report.Scope{Report: &r}, report.ScopeView{List: "a.csv"}))
		if !strings.HasPrefix(got, want) {
			t.Errorf("want %q:\n%s", want, got)
		}
	}
}

// Every basis and note that the judge knows has words of its own.
func TestRouteExplainHasWords(t *testing.T) {
	v := scope.RouteVerdict{Method: "GET", Path: "/a", Verdict: scope.Limited, Notes: []string{
		scope.NoteNotLiteralGet, scope.NoteUnfiltered, scope.NoteNotMandatory, scope.NoteIncludeByDesign, scope.NoteSupporting,
		scope.NoteDeclaredWithin, scope.NoteDeclaredRead, scope.NoteDeclaredDiffers, scope.NoteNotInCatalogue,
		scope.NoteMethodUnknown, scope.NoteBodyNotSeen,
	}}
	seen := map[string]bool{}
	for _, b := range []scope.Basis{
		scope.ByVendorList, scope.ByMethod, scope.ByDeclaration, scope.ByDiscovery, scope.ByUSCoreShall, scope.ByUSCoreShould,
		scope.ByArgonaut, scope.ByCertifiedTest, scope.ByFHIRTable, scope.ByInference, scope.NoBasis,
	} {
		v.Basis = b
		d := report.NewRouteExplain(report.Tool{}, "", v)
		if d.BasisMeans == "" || seen[d.BasisMeans] {
			t.Errorf("basis %s means %q", b, d.BasisMeans)
		}
		seen[d.BasisMeans] = true
		for _, n := range d.Notes {
			if n.Means == n.ID {
				t.Errorf("note %s has no words", n.ID)
			}
		}
	}
}

func TestJSONKeepsTheValue(t *testing.T) {
	const text = "a\x1b\x7f\u009b\u202e\ufeff\U000e0041<>&é\u200d\"\\"
	data, err := report.JSON(map[string]string{"v": text})
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(string(data), "\x1b\x7f\u009b\u202e\ufeff\U000e0041") {
		t.Errorf("raw: %q", data)
	}
	var back map[string]string
	if err := json.Unmarshal(data, &back); err != nil || back["v"] != text {
		t.Errorf("%v: %q", err, back["v"])
	}
}
