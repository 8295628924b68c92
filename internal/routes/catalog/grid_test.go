package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// tab makes a tab of lines whose cells are separated by |. An empty line is a
// row that is not there.
func tab(name string, lines ...string) catalog.Tab {
	t := catalog.Tab{Name: name}
	for i, line := range lines {
		if line != "" {
			t.Rows = append(t.Rows, catalog.TabRow{Number: i + 1, Cells: strings.Split(strings.ReplaceAll(line, `\n`, "\n"), "|")})
		}
	}
	return t
}

// shown is a grid in short: method, path, GSA, USCDI v1, version.
func shown(g *catalog.Grid) string {
	var out []string
	for _, r := range g.Routes() {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s gsa=%s v1=%s %s", r.Method, r.Path, r.GSA, r.USCDIv1, r.Since)))
	}
	return strings.Join(out, "\n")
}

func places(r catalog.GridReport) string {
	var out []string
	for _, p := range r.Problems {
		out = append(out, p.At)
	}
	return strings.Join(out, " ")
}

func TestParseGrid(t *testing.T) {
	for _, test := range []struct {
		name     string
		tabs     []catalog.Tab
		maps     []string
		want     string
		problems string
	}{
		{"listed on the GSA tab", []catalog.Tab{tab("enterprise gsa  ROUTES", "Method|Route", "GET|/persons/{personId}", "post|/appointments/")}, nil,
			"POST /appointments/ gsa=yes v1=unknown\nGET /persons/{personId} gsa=yes v1=unknown", ""},
		{"columns found by content", []catalog.Tab{tab("Enterprise API, C-CDA, HL7", "the grid", "", "Area|Operation|Resource|GSA|USCDI v1|Since version",
			"Chart", "a|GET|/persons/:id/chart|Yes|Y|5.9", "b|GET, PUT|/a|no|n|NGE 6.0.1")}, nil,
			"GET /a gsa=no v1=no 6.0.1\nPUT /a gsa=no v1=no 6.0.1\nGET /persons/{id}/chart gsa=yes v1=yes 5.9", ""},
		{"combined cells and addresses", []catalog.Tab{tab("Patient API", "Endpoint", "GET /a", "GET https://fhir.example.com/nge/prod/fhir-api-r4/fhir/r4/Goal",
			`DELETE: /b\nPUT /b`, "GET {{baseUrl}}/c", "GET https://example.com/x")}, nil,
			"GET /Goal gsa=unknown v1=unknown\nGET /a gsa=unknown v1=unknown\nDELETE /b gsa=unknown v1=unknown\nPUT /b gsa=unknown v1=unknown\nGET /c gsa=unknown v1=unknown", ""},
		{"ticks alone: a blank is a no", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|GSA", "GET|/a|✓", "GET|/b|")}, nil,
			"GET /a gsa=yes v1=unknown\nGET /b gsa=no v1=unknown", ""},
		{"yes and blank: undecided", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|GSA", "GET|/a|yes", "GET|/b|", "GET|/c|-")}, nil,
			"GET /a gsa=yes v1=unknown\nGET /b gsa=unknown v1=unknown\nGET /c gsa=unknown v1=unknown", catalog.TabEnterprise + "!C3"},
		{"yes and blank, told", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|GSA", "GET|/a|yes", "GET|/b|")}, []string{"blank=no"},
			"GET /a gsa=yes v1=unknown\nGET /b gsa=no v1=unknown", ""},
		{"tick and x contradict", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|GSA", "GET|/a|✓", "GET|/b|x")}, nil,
			"GET /a gsa=yes v1=unknown\nGET /b gsa=unknown v1=unknown", catalog.TabEnterprise + "!C3"},
		{"USCDI without a version", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|USCDI", "GET|/a|yes")}, nil,
			"GET /a gsa=unknown v1=unknown", catalog.TabEnterprise + "!C1"},
		{"USCDI without a version, told", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|USCDI", "GET|/a|yes")}, []string{"uscdi_v1=C"}, "GET /a gsa=unknown v1=yes", ""},
		{"another edition is not v1", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|USCDI v3", "GET|/a|yes")}, nil, "GET /a gsa=unknown v1=unknown", ""},
		{"two editions in one header", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|USCDI v1/v3", "GET|/a|yes")}, nil, "GET /a gsa=unknown v1=unknown", catalog.TabEnterprise + "!C1"},
		{"the opposite question", []catalog.Tab{tab(catalog.TabGSA, "m|p|Not available to GSA", "GET|/a|yes")}, nil, "GET /a gsa=unknown v1=unknown", catalog.TabGSA + "!C1"},
		{"the GSA tab with a column of its own", []catalog.Tab{tab(catalog.TabGSA, "m|p|GSA", "GET|/a|no", "GET|/b|maybe", "GET|/c|yes")}, nil,
			"GET /a gsa=no v1=unknown\nGET /b gsa=unknown v1=unknown\nGET /c gsa=yes v1=unknown", catalog.TabGSA + "!C3"},
		{"a column of words does not answer", []catalog.Tab{tab(catalog.TabGSA, "m|p|GSA access", "GET|/a|Full", "GET|/b|None")}, nil,
			"GET /a gsa=unknown v1=unknown\nGET /b gsa=unknown v1=unknown", catalog.TabGSA + "!C1"},
		{"a column that answers nothing", []catalog.Tab{tab(catalog.TabGSA, "m|p|GSA", "GET|/a")}, nil, "GET /a gsa=unknown v1=unknown", catalog.TabGSA + "!C2"},
		{"the place speaks when told", []catalog.Tab{tab(catalog.TabGSA, "m|p|GSA", "GET|/a")}, []string{"gsa=-"}, "GET /a gsa=yes v1=unknown", ""},
		{"both questions in one header", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|GSA for USCDI v1", "GET|/a|yes")}, nil, "GET /a gsa=unknown v1=unknown", catalog.TabEnterprise + "!C1"},
		{"a tab that says v1", []catalog.Tab{tab("Enterprise Routes for USCDIv1", "GET /a")}, nil, "GET /a gsa=unknown v1=yes", ""},
		{"a v1 tab with a column that denies it", []catalog.Tab{tab("USCDI v1", "m|p|Not USCDI v1", "GET|/a|yes")}, nil, "GET /a gsa=unknown v1=unknown", "tab 1!C1"},
		{"a v1 tab with a column on another edition", []catalog.Tab{tab("USCDI v1", "m|p|USCDI v3", "GET|/a|no")}, nil, "GET /a gsa=unknown v1=yes", ""},
		{"two tabs add up", []catalog.Tab{tab(catalog.TabGSA, "GET /a"), tab(catalog.TabEnterprise, "m|p|USCDI v1", "GET|/A/|yes")}, nil, "GET /a gsa=yes v1=yes", ""},
		{"two tabs contradict", []catalog.Tab{tab(catalog.TabGSA, "GET /a"), tab(catalog.TabEnterprise, "m|p|GSA", "GET|/a|no"), tab("patient api", "m|p|GSA", "GET|/a|no")}, nil,
			"GET /a gsa=unknown v1=unknown", catalog.TabEnterprise + "!B2"},
		{"two columns of paths", []catalog.Tab{tab(catalog.TabGSA, "one|two", "GET /a|GET /b"), tab(catalog.TabPatient, "GET /c")}, nil,
			"GET /c gsa=unknown v1=unknown", catalog.TabGSA + "!B1"},
		{"two columns of paths, one header", []catalog.Tab{tab(catalog.TabGSA, "example|Route", "GET /a|GET /b")}, nil, "GET /b gsa=yes v1=unknown", ""},
		{"told for one tab", []catalog.Tab{tab("Notes", "x", "GET|/a|y"), tab(catalog.TabGSA, "GET /b")}, []string{"method=A,path=B,gsa=C@notes"},
			"GET /a gsa=yes v1=unknown\nGET /b gsa=yes v1=unknown", ""},
		{"an unknown tab is left out", []catalog.Tab{tab("Drafts", "GET /x"), tab(catalog.TabGSA, "GET /b")}, nil, "GET /b gsa=yes v1=unknown", ""},
		{"a concrete id", []catalog.Tab{tab(catalog.TabGSA, "GET /persons/3f2504e0-4f89-11d3-9a0c-0305e82c3301", "GET /b", "OPTIONS /c", "FETCH /d")}, nil,
			"GET /b gsa=yes v1=unknown", catalog.TabGSA + "!A1 " + catalog.TabGSA + "!A3"},
		{"no method", []catalog.Tab{tab(catalog.TabGSA, "GET /a", "/b")}, nil, "GET /a gsa=yes v1=unknown", catalog.TabGSA + "!A2"},
	} {
		var opt catalog.GridOptions
		for _, text := range test.maps {
			m, err := catalog.ParseGridMap(text)
			if err != nil {
				t.Fatal(err)
			}
			opt.Maps = append(opt.Maps, m)
		}
		g, report, err := catalog.ParseGrid(test.tabs, opt)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := shown(g); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, got, test.want)
		}
		if got := places(report); got != test.problems {
			t.Errorf("%s: problems at %q, want %q", test.name, got, test.problems)
		}
	}
}

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

func TestParseGridFindsNothing(t *testing.T) {
	const canary = "canary8842"
	for _, tabs := range [][]catalog.Tab{
		nil, {tab(canary, "GET /"+canary)}, {tab(catalog.TabGSA)}, {tab(catalog.TabGSA, canary, canary+"|GET")},
		{tab(catalog.TabGSA, "GET /persons/"+canary+"@example.com")},
	} {
		g, _, err := catalog.ParseGrid(tabs, catalog.GridOptions{})
		if exit.Of(err) != exit.Usage || g != nil {
			t.Errorf("%v, %v", g, err)
		}
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("the error repeats a cell: %v", err)
		}
	}
}

func TestParseGridMap(t *testing.T) {
	m, err := catalog.ParseGridMap("method=B, path=C,gsa=E,uscdi_v1=-,since=aa,blank=no @ Enterprise API, C-CDA, HL7")
	want := catalog.GridMap{Tab: "Enterprise API, C-CDA, HL7", Method: 2, Path: 3, GSA: 5, USCDIv1: -1, Since: 27, BlankNo: true}
	if err != nil || m != want {
		t.Errorf("%+v, %v", m, err)
	}
	for _, text := range []string{"", "method", "method=", "method=1", "method=AAAA", "verb=B", "blank=yes", "path=C;gsa=D"} {
		if _, err := catalog.ParseGridMap(text); exit.Of(err) != exit.Usage {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestGridLookups(t *testing.T) {
	g := catalog.NewGrid([]catalog.GridRoute{
		{Method: "GET", Path: "/persons/{personId}", API: "enterprise", GSA: "yes", USCDIv1: "yes", Tab: "a"},
		{Method: "GET", Path: "/persons/{personId}/chart", API: "enterprise", GSA: "no", USCDIv1: "no", Tab: "a"},
		{Method: "GET", Path: "/persons/count", API: "enterprise", GSA: "unknown", USCDIv1: "unknown", Tab: "a"},
		{Method: "GET", Path: "/Goal", API: "fhir-r4", GSA: "yes", USCDIv1: "yes", Tab: "a"},
	})
	for _, test := range []struct {
		method, path  string
		listed, known bool
		gsa           catalog.GSA
	}{
		{"GET", "/Persons/{x}/", true, true, catalog.GSAYes},
		{"GET", "/persons/{x}/chart", false, true, catalog.GSANo},
		{"GET", "/persons/count", false, false, catalog.GSAUnknown},
		{"GET", "/persons/lookup", false, false, catalog.GSAUnknown}, // a parameter is no word
		{"PUT", "/persons/{x}", false, false, catalog.GSAUnknown},
		{"GET", "/Goal", false, false, catalog.GSAUnknown},
	} {
		listed, known := g.VendorList(test.method, test.path)
		gsa, said := g.GSA(test.method, test.path)
		if listed != test.listed || known != test.known || gsa != test.gsa || said != (test.gsa != catalog.GSAUnknown) {
			t.Errorf("%s %s: listed %v, known %v, GSA %s (%v)", test.method, test.path, listed, known, gsa, said)
		}
	}
	var none *catalog.Grid
	if listed, known := none.VendorList("GET", "/a"); listed || known || len(none.Routes()) != 0 || none.Search("a") != nil {
		t.Error("no grid knows something")
	}
	if found := g.Search("persons", "get", "chart"); len(found) != 1 {
		t.Errorf("found %v", found)
	}
}

func authority() *catalog.Authority {
	from := catalog.Import{Imported: "2026-11-23", Date: "2026-10-01", SHA256: strings.Repeat("0a", 32), Size: 1234}
	return &catalog.Authority{
		Grid: &catalog.GridImport{Import: from, Tabs: []string{catalog.TabGSA}, Routes: []catalog.GridRoute{
			{Method: "GET", Path: "/persons/{personId}", API: "enterprise", GSA: "yes", USCDIv1: "unknown", Since: "5.9", Tab: catalog.TabGSA}}},
		FHIR: &catalog.FHIRStatement{Import: from, FHIRVersion: "4.0.1", Software: "S", Resources: []catalog.FHIRServedType{
			{Type: "Patient", Interactions: []string{"read"}, SearchParams: []string{"name"}, Operations: []string{"everything"}}}},
	}
}

func TestAuthorityRoundTrip(t *testing.T) {
	first, err := catalog.EncodeAuthority(authority())
	if err != nil {
		t.Fatal(err)
	}
	back, err := catalog.DecodeAuthority("f", first)
	if err != nil {
		t.Fatal(err)
	}
	second, err := catalog.EncodeAuthority(back)
	if err != nil || string(first) != string(second) {
		t.Errorf("not the same after a round trip: %v\n%s\n%s", err, first, second)
	}
	newer := &catalog.Authority{FHIR: &catalog.FHIRStatement{FHIRVersion: "4.3.0"}}
	if m := back.Merge(newer); m.Grid != back.Grid || m.FHIR.FHIRVersion != "4.3.0" {
		t.Error("a new statement does not keep the grid, or is not taken")
	}
	if m := (*catalog.Authority)(nil).Merge(back); m.Grid != back.Grid || m.FHIR != back.FHIR {
		t.Error("the first import is not taken")
	}
	if served, known := back.FHIR.Served("Patient"); !served || !known {
		t.Error("Patient is not served")
	}
	if served, known := back.FHIR.Served("Goal"); served || !known {
		t.Error("Goal is served, or not known")
	}
	if _, known := (*catalog.FHIRStatement)(nil).Served("Goal"); known {
		t.Error("no statement knows something")
	}
}

func TestDecodeAuthorityRefuses(t *testing.T) {
	const canary = "canary8842"
	good, err := catalog.EncodeAuthority(authority())
	if err != nil {
		t.Fatal(err)
	}
	for old, bad := range map[string]string{
		`"schema": "ngapi.catalog/v1"`: `"schema": "` + canary + `"`,
		`"imported": "2026-11-23"`:     `"imported": "` + canary + `"`,
		`"date": "2026-10-01"`:         `"date": "2026-13-01"`,
		`"size": 1234`:                 `"size": "` + canary + `"`,
		`"GET"`:                        `"` + canary + `"`,
		`/persons/{personId}`:          `/persons/123-45-6789`,
		`"gsa":"yes"`:                  `"gsa":"` + canary + `"`,
		`"unknown"`:                    `""`,
		`"since":"5.9"`:                `"since":"` + canary + `"`,
		`"tabs": [`:                    `"tabs": ["` + canary + `\u001b",`,
		`"Patient"`:                    `"` + canary + `"`,
		`"software"`:                   `"` + canary + `"`,
		`"0a0a`:                        `"` + canary,
		`"routes": [`:                  `"routes": {`,
		"\"read\"":                     `"` + canary + `\n"`,
	} {
		text := strings.Replace(string(good), old, bad, 1)
		if text == string(good) {
			t.Fatalf("%s is not in the document", old)
		}
		_, err := catalog.DecodeAuthority("f.json", []byte(text))
		if exit.Of(err) != exit.Usage || strings.Contains(err.Error(), canary) || !strings.HasPrefix(err.Error(), "f.json: ") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for _, text := range []string{"", "{", "[]", "null", string(good) + "{}", string(good[:50]), strings.Repeat("[", 20000), strings.Repeat(" ", catalog.MaxAuthority+1)} {
		if _, err := catalog.DecodeAuthority("f.json", []byte(text)); exit.Of(err) != exit.Usage {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func FuzzParseGrid(f *testing.F) {
	f.Add(catalog.TabGSA, "m|p|GSA\nGET|/a|x", "path=B")
	f.Add("USCDI v1", "GET /persons/{id}\n\n|", "gsa=C@1")
	f.Fuzz(func(t *testing.T, name, text, mapping string) {
		var opt catalog.GridOptions
		if m, err := catalog.ParseGridMap(mapping); err == nil {
			opt.Maps = append(opt.Maps, m)
		}
		g, _, err := catalog.ParseGrid([]catalog.Tab{tab(name, strings.Split(text, "\n")...)}, opt)
		if err != nil {
			if exit.Of(err) != exit.Usage {
				t.Errorf("%v", err)
			}
			return
		}
		a := authority()
		a.Grid.Routes = g.Routes()
		data, err := catalog.EncodeAuthority(a)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := catalog.DecodeAuthority("f", data); err != nil {
			t.Errorf("what was parsed cannot be read back: %v", err)
		}
	})
}

func FuzzDecodeAuthority(f *testing.F) {
	good, err := catalog.EncodeAuthority(authority())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"schema":"ngapi.catalog/v1","fhir":{}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := catalog.DecodeAuthority("f", data)
		if err != nil {
			if exit.Of(err) != exit.Usage {
				t.Errorf("%v", err)
			}
			return
		}
		again, err := catalog.EncodeAuthority(a)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := catalog.DecodeAuthority("f", again); err != nil {
			t.Errorf("what was accepted is refused after a round trip: %v", err)
		}
	})
}
