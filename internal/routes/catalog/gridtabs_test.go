package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// TestTabNames: only a plain name says that what stands on the tab is USCDI v1,
// or reachable. A denial, or one word more, leaves it open and names the tab.
func TestTabNames(t *testing.T) {
	for name, want := range map[string]catalog.Stated{
		"USCDI v1": "yes", "uscdi v1 routes": "yes", "USCDIv1 Routes": "yes", "Enterprise API Routes for USCDI v1 Data": "yes", "USCDI_V1_Routes": "yes",
		"USCDI version 1": "yes", "Routes for USCDI v1": "yes", "List of USCDI v1 GET routes": "yes", "USCDI\u00a0v1": "yes",
		"Non-USCDI v1 Routes": "", "Routes beyond USCDI v1": "", "USCDI v1 Routes (deprecated)": "", "Not USCDI v1": "", "NonUSCDIv1": "", "USCDI v1+": "",
		"Routes outside USCDI v1": "", "USCDI v1 except chart": "", "\u00acUSCDI v1": "", "USCDI v1 \u2717": "", "\u043d\u0435 USCDI v1": "", "USCDI v1?": "",
		"USCDI v1 to v3": "", "USCDI v1-3": "", "USCDI v1.1": "", "USCDI v1 (2)": "", "No USCDI v1": "", "USCDI v1 Routes old": "", "Routes of no USCDI v1": "",
		"pre USCDI v1": "", "GSA for USCDI v1": "", "Enterprise GSA Routes \u2717": "", "Enterprise GSA Routes (deprecated)": "", "Non Enterprise GSA Routes": "",
	} {
		tabs := []catalog.Tab{tab(name, "Method|Route", "GET|/a"), tab("Patient API", "Method|Route", "GET|/z")}
		g, report, err := catalog.ParseGrid(tabs, catalog.GridOptions{})
		if err != nil {
			t.Fatal(err)
		}
		r, kept := g.Lookup("GET", "", "/a")
		if kept != (want != "") || r.USCDIv1 != want || report.Tabs[0].Used != kept {
			t.Errorf("%q: %+v, want %q", name, r, want)
		}
		if kept {
			continue
		}
		if report.Tabs[0].Why == "" || !strings.Contains(report.Tabs[0].Do, "--map method=A,path=B@1") {
			t.Errorf("%q is left out without a reason or a remedy: %+v", name, report.Tabs[0])
		}
		if speaks := strings.Contains(strings.ToLower(name), "uscdi"); speaks != (places(report) == "tab 1") {
			t.Errorf("%q: problems at %q", name, places(report))
		}
		// Read on demand, it still says nothing by its name.
		g, _, err = catalog.ParseGrid(tabs, catalog.GridOptions{Maps: []catalog.GridMap{{Tab: "1", Method: 1, Path: 2}}})
		if err != nil {
			t.Fatal(err)
		}
		if r, _ := g.Lookup("GET", "", "/a"); r.USCDIv1 != catalog.StatedUnknown || r.GSA != catalog.StatedUnknown {
			t.Errorf("%q, named by --map: %+v", name, r)
		}
	}
}

// TestHeadingsThatDeny: below a heading with a denial the place of a row answers
// nothing, until a heading affirms the question itself.
func TestHeadingsThatDeny(t *testing.T) {
	for _, test := range []struct {
		name     string
		tab      catalog.Tab
		maps     []catalog.GridMap
		want     string // GSA, or USCDI v1 on another tab, of /a, /b and so on
		problems string
	}{
		{"a denial", tab(catalog.TabGSA, "m|p", "GET|/a", "Routes NOT available for GSA", "GET|/b", "GET|/c"), nil, "yes unknown unknown", "!A3"},
		{"in the column of paths", tab(catalog.TabGSA, "GET /a", "Excluded", "GET /b"), nil, "yes unknown", "!A2"},
		{"in another column", tab(catalog.TabGSA, "m|p|x", "GET|/a", "||Unavailable:", "GET|/b"), nil, "yes unknown", "!C3"},
		{"a neutral heading is no end", tab(catalog.TabGSA, "m|p", "GET|/a", "Closed", "GET|/b", "Chart", "GET|/c", "USCDI v1", "GET|/d"), nil, "yes unknown unknown unknown", "!A3"},
		{"an affirming heading is one", tab(catalog.TabGSA, "m|p", "Not for GSA", "GET|/a", "Available for GSA", "GET|/b"), nil, "unknown yes", "!A2"},
		{"two denials", tab(catalog.TabGSA, "m|p", "Not for GSA", "GET|/a", "Deprecated", "GET|/b", "GSA", "GET|/c"), nil, "unknown unknown yes", "!A2 !A4"},
		{"a denial above the header", tab(catalog.TabGSA, "These routes are not available", "m|p", "GET|/a"), nil, "unknown", "!A1"},
		{"a denial in place of a header", tab(catalog.TabGSA, "Routes except for GSA", "GET /a"), nil, "unknown", "!A1"},
		{"a denial with nothing below", tab(catalog.TabGSA, "m|p", "GET|/a", "Note: not all of them"), nil, "yes", ""},
		{"a neutral heading", tab(catalog.TabGSA, "Notes", "m|p", "Chart", "GET|/a", "GET|/b"), nil, "yes yes", ""},
		{"a heading that only mentions GSA is no end", tab(catalog.TabGSA, "m|p", "Not for GSA", "GET|/a", "Pending GSA review", "GET|/b"), nil, "unknown unknown", "!A2"},
		{"a denial taken for the header", tab(catalog.TabGSA, "m|p", "1|Not for GSA", "GET|/a"), nil, "unknown", "!B2"},
		{"a header with a number", tab(catalog.TabGSA, "No.|m|p", "1|GET|/a"), nil, "yes", ""},
		{"a column goes before", tab(catalog.TabGSA, "m|p|GSA", "GET|/a|yes", "Not in the list", "GET|/b|yes", "GET|/c|no"), nil, "yes yes no", ""},
		{"told that the place speaks", tab(catalog.TabGSA, "m|p|GSA", "GET|/a", "Closed", "GET|/b"), []catalog.GridMap{{GSA: -1}}, "yes unknown", "!A3"},
		{"a tab of v1", tab("USCDI v1 Routes", "m|p", "GET|/a", "Not USCDI v1", "GET|/b", "GSA", "GET|/c", "USCDI v1", "GET|/d"), nil, "yes unknown unknown yes", "!A3"},
		{"no claim, no doubt", tab(catalog.TabEnterprise, "m|p", "GET|/a", "Closed", "GET|/b"), nil, "unknown unknown", ""},
	} {
		g, report, err := catalog.ParseGrid([]catalog.Tab{test.tab}, catalog.GridOptions{Maps: test.maps})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		var got, at []string
		for _, r := range g.Routes() {
			if strings.Contains(test.tab.Name, "USCDI") {
				got = append(got, string(r.USCDIv1))
			} else {
				got = append(got, string(r.GSA))
			}
		}
		for _, p := range report.Problems {
			at = append(at, p.At[strings.LastIndex(p.At, "!"):])
		}
		if strings.Join(got, " ") != test.want || strings.Join(at, " ") != test.problems {
			t.Errorf("%s: %v at %v, want %s at %s", test.name, got, at, test.want, test.problems)
		}
	}
}

// TestTabsLeftOut: every tab that is not read says why, in the report and in the
// error.
func TestTabsLeftOut(t *testing.T) {
	rows := []string{"Method|Route", "GET|/a"}
	own := tab("Routes", "method|path|GSA|found_access|found_data", "GET|/a|yes|read|v1")
	bare := catalog.GridMap{Method: 1, Path: 2}
	for _, test := range []struct {
		name string
		tabs []catalog.Tab
		maps []catalog.GridMap
		used string // the numbers of the tabs that were read
		why  []string
	}{
		{"one sheet, no map", []catalog.Tab{tab("Sheet1", rows...)}, nil, "",
			[]string{"tab 1: left out: not a tab that ngapi knows by its name", "--map method=A,path=B@1", "tabs are chosen by name"}},
		{"one sheet, a bare map", []catalog.Tab{tab("Sheet1", rows...)}, []catalog.GridMap{bare}, "1", nil},
		{"one sheet, a map that names no column of paths", []catalog.Tab{tab("Sheet1", rows...)}, []catalog.GridMap{{BlankNo: true}}, "", []string{"tab 1: left out"}},
		{"two sheets, a bare map", []catalog.Tab{tab("Sheet1", rows...), tab("Sheet2", rows...)}, []catalog.GridMap{bare}, "",
			[]string{"@1", "@2", "a --map without @TAB"}},
		{"two sheets, a map for one", []catalog.Tab{tab("Sheet1", rows...), tab("Sheet2", rows...)}, []catalog.GridMap{{Tab: "2", Path: 2}}, "2",
			[]string{"not a tab that ngapi knows"}},
		{"a name that is none", []catalog.Tab{tab("\u0434", rows...), tab("\u044b", rows...)}, []catalog.GridMap{{Tab: "\u0434", Path: 2}}, "1",
			[]string{"not a tab that ngapi knows"}},
		{"an export of our own", []catalog.Tab{own, tab("About", "API route list")}, nil, "", []string{"this is an export of ngapi, and no grid"}},
		{"an export of our own, told", []catalog.Tab{own, tab("About", "x")}, []catalog.GridMap{{Tab: "Routes"}}, "1", []string{"not a tab that ngapi knows"}},
		{"the only tab has no path", []catalog.Tab{tab(catalog.TabGSA, "x")}, nil, "", []string{"no cell of this tab is a path"}},
	} {
		_, report, err := catalog.ParseGrid(test.tabs, catalog.GridOptions{Maps: test.maps})
		used, said := "", fmt.Sprint(err)
		for i, one := range report.Tabs {
			if one.Used {
				used += fmt.Sprint(i + 1)
			} else if one.Why == "" {
				t.Errorf("%s: tab %d is left out without a reason", test.name, i+1)
			}
			said += "\n" + one.Why + "\n" + one.Do
		}
		if used != test.used || (err == nil) != (used != "") {
			t.Errorf("%s: tabs read: %q, want %q (%v)", test.name, used, test.used, err)
		}
		for _, why := range test.why {
			if !strings.Contains(said, why) {
				t.Errorf("%s: nothing says %q:\n%s", test.name, why, said)
			}
		}
		if strings.Contains(said, "Sheet1") {
			t.Errorf("%s: the name of a tab is repeated:\n%s", test.name, said)
		}
	}
}
