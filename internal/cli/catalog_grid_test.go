package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/documents/sheet"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/terminal"
)

// workbook makes a grid of invented rows: tab, then its lines with cells
// separated by |.
func workbook(t *testing.T, tabs ...[]string) []byte {
	t.Helper()
	var tables []sheet.Table
	for _, tab := range tabs {
		tables = append(tables, sheet.Table{Name: tab[0], Bare: true, Columns: make([]sheet.Column, 6), Rows: len(tab) - 1,
			Row: func(i int) []string { return strings.Split(tab[i+1], "|") }})
	}
	var b bytes.Buffer
	if err := sheet.Write(&b, tables); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// importing runs catalog import on standard input, in a folder of its own.
func importing(t *testing.T, grid []byte, args ...string) (code exit.Code, out, errs string) {
	t.Helper()
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	var stdout, stderr bytes.Buffer
	code = Run(context.Background(), World{
		Streams: terminal.Streams{In: bytes.NewReader(grid), Out: &stdout, Err: &stderr},
		Env:     func(string) string { return "" }, Today: func() string { return "2026-11-23" },
	}, append([]string{"catalog", "import", "-"}, args...))
	return code, stdout.String(), stderr.String()
}

func TestImportTheUsualTabs(t *testing.T) {
	t.Chdir(t.TempDir())
	grid := workbook(t,
		[]string{"Enterprise GSA Routes", "Verb|Route", "GET|/persons/{personId}", "GET|/appointments"},
		[]string{"Enterprise API, C-CDA, HL7", "Area|Verb|Route|USCDI v1|Version", "Chart", "a|GET|/persons/{personId}|Y|5.9", "b|GET|/appointments|N|6.0"},
		[]string{"Patient API", "Endpoint|USCDI", "GET /Patient/{id}|yes"},
		[]string{"canary8842", "GET /canary8842"})
	code, out, errs := importing(t, grid, "-o", "json")
	if code != exit.OK {
		t.Fatalf("code %d: %s", code, errs)
	}
	var d report.CatalogImport
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatal(err)
	}
	want := report.ImportCounts{Total: 3, GSAYes: 2, V1Yes: 1, V1No: 1, Added: 3}
	if d.Routes != want || len(d.Grid.Problems) != 1 || d.Grid.Problems[0].At != "Patient API!B1" || d.Source.Imported != "2026-11-23" {
		t.Errorf("%+v, problems %+v", d.Routes, d.Grid.Problems)
	}
	kept, err := os.ReadFile(filepath.Join(".", "nextgen-catalog.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{out, errs, string(kept)} {
		if strings.Contains(text, "canary8842") {
			t.Errorf("a tab that is none of ours shows: %s", text)
		}
	}
	if !strings.Contains(string(kept), `{"method":"GET","path":"/persons/{personId}","api":"enterprise","gsa":"yes","uscdi_v1":"yes","since":"5.9","tab":"Enterprise GSA Routes"}`) {
		t.Errorf("the file:\n%s", kept)
	}
}

// TestImportChoosesTabsByName: a tab that is left out is explained, and a bare
// --map reads the only sheet.
func TestImportChoosesTabsByName(t *testing.T) {
	t.Chdir(t.TempDir())
	one := workbook(t, []string{"canary8842", "Verb|Route", "GET|/persons/{personId}"})
	two := workbook(t, []string{"Patient API", "Verb|Route", "GET|/appointments"}, []string{"Non-USCDI v1 canary8842", "Verb|Route", "GET|/persons/{personId}"})
	const remedy = "read it with --map method=A,path=B@"
	for _, test := range []struct {
		name string
		grid []byte
		args []string
		code exit.Code
		want []string
	}{
		{"unknown", one, nil, exit.Usage, []string{"no route was found in the grid", "tab 1: left out: not a tab that ngapi knows", remedy + "1"}},
		{"a bare map", one, []string{"--map", "method=A,path=B"}, exit.OK, []string{"1 route: GSA 0 yes", "tab 1: 1 new route, path B, method A"}},
		{"not plainly v1", two, nil, exit.OK, []string{"1 route:", "USCDI v1 0 yes", "tab 2: left out: ", "1 thing was not decided", remedy + "2"}},
	} {
		code, out, errs := importing(t, test.grid, append(test.args, "--dry-run")...)
		text := strings.Join(strings.Fields(out+errs), " ")
		for _, want := range test.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: nothing says %q: %s", test.name, want, text)
			}
		}
		if code != test.code || strings.Contains(text, "canary8842") {
			t.Errorf("%s: code %d: %s", test.name, code, text)
		}
	}
}

// TestImportRefusesQuietly: what cannot be read ends with 2, and nothing of it
// is repeated.
func TestImportRefusesQuietly(t *testing.T) {
	t.Chdir(t.TempDir())
	good := workbook(t, []string{"Enterprise GSA Routes", "GET /canary8842"})
	for name, data := range map[string][]byte{
		"empty": nil, "words": []byte("canary8842"), "cut": good[:len(good)-30], "JSON": []byte(`{"canary8842`),
		"no route": workbook(t, []string{"Enterprise GSA Routes", "canary8842|x"}),
		"an id":    workbook(t, []string{"Enterprise GSA Routes", "GET /persons/123-45-6789/canary8842"}),
	} {
		code, out, errs := importing(t, data)
		if code != exit.Usage || strings.Contains(out+errs, "canary8842") || strings.Contains(out+errs, "123-45") {
			t.Errorf("%s: code %d, %s%s", name, code, out, errs)
		}
		if _, err := os.Stat("nextgen-catalog.json"); err == nil {
			t.Errorf("%s: something was written", name)
		}
	}
}

// TestImportNamesTheFile: what is no statement is named with its file, also when
// the name is hostile.
func TestImportNamesTheFile(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	har := []byte(`{"log":{"version":"1.2","entries":[]}}`)
	for name, shown := range map[string]string{"session.har": "session.har", "a\u001b[31mb.har": route.Printable("a\u001b[31mb.har"), "-": "standard input"} {
		if name != "-" {
			if err := os.WriteFile(name, har, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var stdout, stderr bytes.Buffer
		code := Run(context.Background(), World{
			Streams: terminal.Streams{In: bytes.NewReader(har), Out: &stdout, Err: &stderr},
			Env:     func(string) string { return "" }, Today: func() string { return "2026-11-23" },
		}, []string{"catalog", "import", name})
		if code != exit.Usage || !strings.HasPrefix(stderr.String(), "ngapi: "+shown+": is no CapabilityStatement") {
			t.Errorf("%q: code %d, %q", name, code, stderr.String())
		}
	}
}
