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
		{"a header that says when", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|Planned for USCDI v1", "GET|/a|yes")}, nil, "GET /a gsa=unknown v1=unknown", catalog.TabEnterprise + "!C1"},
		{"a header that asks in full", []catalog.Tab{tab(catalog.TabEnterprise, "m|p|USCDI v1 Data Element (Y/N)|Available via GSA?", "GET|/a|yes|no")}, nil, "GET /a gsa=no v1=yes", ""},
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
