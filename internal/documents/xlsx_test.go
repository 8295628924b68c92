package documents_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/documents"
	"github.com/apionboard/ngapi/internal/documents/sheet"
	"github.com/apionboard/ngapi/internal/routes/route"
)

func xlsx(t *testing.T, s documents.Submission) []byte {
	t.Helper()
	data, err := s.XLSX()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// readBack reads a workbook with our own reader.
func readBack(t *testing.T, data []byte) map[string][][]string {
	t.Helper()
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][][]string{}
	for i, name := range book.Names() {
		for row, err := range book.Rows(i) {
			if err != nil {
				t.Fatal(err)
			}
			out[name] = append(out[name], slices.Clone(row.Cells))
		}
	}
	return out
}

func xlsxPart(t *testing.T, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestXLSXHoldsTheCSV: the sheet Routes is the CSV form, cell by cell.
func TestXLSXHoldsTheCSV(t *testing.T) {
	s := submission(&route.List{ExtraColumns: []string{"team", "found_data"}, Routes: []route.Route{
		{Method: "GET", Path: "/persons/{personId}/chart/allergies", Auth: "gsa", Purpose: "two\nlines, a \"quote\" & <b>", CallsPerDay: "400", MinNGEVersion: "6.0", Extra: []string{"_x0041_", "old"}},
		{Method: "POST", Path: "/appointments", Access: "write", Purpose: "=1+1", Extra: []string{"é 漢 😀", ""}},
	}})
	text, err := s.CSV()
	if err != nil {
		t.Fatal(err)
	}
	want, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := readBack(t, xlsx(t, s))
	for i, row := range want {
		for len(row) > 0 && row[len(row)-1] == "" {
			row = row[:len(row)-1]
		}
		if !slices.Equal(got["Routes"][i], row) {
			t.Errorf("row %d: %q, want %q", i+1, got["Routes"][i], row)
		}
	}
	about := fmt.Sprint(got["About"])
	for _, text := range []string{"Acme Scheduler", "Acme Health", "2026-11-23", "no (not-limited)", "2026-11", documents.NoTemplate, "[Routes 2]"} {
		if !strings.Contains(about, text) {
			t.Errorf("About lacks %q: %s", text, about)
		}
	}
}

func TestXLSXParts(t *testing.T) {
	data := xlsx(t, submission(&route.List{Routes: []route.Route{{Method: "GET", Path: "/a", CallsPerDay: "12", MinNGEVersion: "6.0"}}}))
	text := xlsxPart(t, data, "xl/worksheets/sheet1.xml")
	last := -1
	for _, want := range []string{ // in the order of the schema
		`<pageSetUpPr fitToPage="1"/>`, `<dimension ref="A1:O2"/>`, `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>`, `<cols>`,
		`<c r="A1" s="2" t="inlineStr"><is><t xml:space="preserve">method</t></is></c>`,
		`<c r="L1" s="3" t="inlineStr">`, `<c r="H2" s="1" t="inlineStr"><is><t xml:space="preserve">6.0</t>`, `<c r="I2" s="1"><v>12</v></c>`,
		`<autoFilter ref="A1:O2"/>`, `<dataValidations count="3">`, `<formula1>"read,write"</formula1>`, `<formula1>"uscdi-v1,auxiliary,ehi,non-ehi,unknown"</formula1>`,
		`sqref="F2:F1048576"><formula1>"gsa,eal,patient"</formula1>`, `<pageMargins`, `orientation="landscape" fitToWidth="1" fitToHeight="0"`,
		`Page &amp;P of &amp;N`, `numberStoredAsText="1"`, `</worksheet>`,
	} {
		at := strings.Index(text, want)
		if at < last || at < 0 {
			t.Errorf("%s stands at %d, after %d", want, at, last)
		}
		last = at
	}
	if book := xlsxPart(t, data, "xl/workbook.xml"); !strings.Contains(book, `<definedName name="_xlnm.Print_Titles" localSheetId="0">'Routes'!$1:$1</definedName>`) ||
		!strings.Contains(book, `<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'Routes'!$A$1:$O$2</definedName>`) {
		t.Errorf("names: %s", book)
	}
	if strings.Contains(text, "<f>") || strings.Contains(text, "hyperlink") {
		t.Error("a formula or a link")
	}
}

// TestXLSXIsHarmless: whatever a person wrote, the markup stays whole, and what
// a reader finds in a cell is what SafeCell makes of it.
func TestXLSXIsHarmless(t *testing.T) {
	for _, text := range []string{
		"=1+1", "+1", "@SUM(A1)", " =1", "\x00", "\x1b[31m", "a\rb", "]]>", "<!--", "&amp;", "\xff\xfe", "\uffff", "\ufffe", "_x000D_", "__x005F_x000D_",
		"_x0041", "\u202e", strings.Repeat("x", 40000), strings.Repeat("😀", 20000), "  two  blanks  ",
	} {
		s := submission(hostile(text))
		s.Application, s.Organization = text, text
		got := readBack(t, xlsx(t, s))["Routes"][1][6]
		want := strings.Map(func(r rune) rune {
			if r == '\uffff' || r == '\ufffe' {
				return '\ufffd'
			}
			return r
		}, strings.ToValidUTF8(route.SafeCell(text), "\ufffd"))
		if len(want) > sheet.MaxText {
			if !strings.HasSuffix(got, "…") || !strings.HasPrefix(want, strings.TrimSuffix(got, "…")) || len(got) < sheet.MaxText-3 {
				t.Errorf("a long text came back as %d bytes", len(got))
			}
			continue
		}
		if strings.ContainsRune(text, '\xff') || text == "\xff\xfe" {
			want = "\ufffd\ufffd"
		}
		if got != want {
			t.Errorf("%q came back as %q, want %q", text, got, want)
		}
	}
}

func TestXLSXIsDeterministic(t *testing.T) {
	s := submission(&route.List{Routes: []route.Route{{Method: "GET", Path: "/a"}, {Method: "GET", Path: "/Patient/{id}"}}})
	first := xlsx(t, s)
	for range 3 {
		if !bytes.Equal(first, xlsx(t, s)) {
			t.Fatal("other bytes for the same list")
		}
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if !f.Modified.Equal(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s is of %s", f.Name, f.Modified)
		}
	}
	empty := readBack(t, xlsx(t, submission(&route.List{})))
	if len(empty["Routes"]) != 1 {
		t.Errorf("an empty list has %d rows", len(empty["Routes"]))
	}
}

func manyRoutes(n int) *route.List {
	l := &route.List{Routes: make([]route.Route, n)}
	for i := range l.Routes {
		l.Routes[i] = route.Route{Method: "GET", Path: fmt.Sprintf("/persons/{personId}/chart/area%d/{itemId}", i), API: "enterprise", Access: "read",
			DataClass: "ehi", Auth: "gsa", Purpose: "shows what was recorded", MinNGEVersion: "6.0", CallsPerDay: "1200", Evidence: "capture", Notes: "none"}
	}
	return l
}

func BenchmarkXLSX(b *testing.B) {
	s := submission(manyRoutes(100_000))
	b.ReportAllocs()
	for b.Loop() {
		data, err := s.XLSX()
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(data)), "file-bytes")
	}
}
