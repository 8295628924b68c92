package documents

import (
	"bytes"
	"slices"

	"github.com/apionboard/ngapi/internal/documents/sheet"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// XLSX renders the list as a workbook that a reviewer opens: the sheet Routes
// with the table, and the sheet About with whose it is and the banner. Equal
// data gives equal bytes.
func (s Submission) XLSX() ([]byte, error) {
	var b bytes.Buffer
	err := sheet.Write(&b, []sheet.Table{s.routesSheet(), s.aboutSheet()})
	return b.Bytes(), err
}

func (s Submission) routesSheet() sheet.Table {
	t := s.table()
	columns := make([]sheet.Column, len(t.header))
	for i, name := range t.header {
		columns[i] = sheet.Column{Name: route.SafeCell(name), Width: 18, Head: sheet.Head}
		if i < len(route.Columns()) {
			columns[i].Width = widths()[i]
		}
		if i >= len(t.header)-len(found()) {
			columns[i].Width, columns[i].Head, columns[i].Body = 13.5, sheet.HeadToo, sheet.Added
		}
	}
	for name, choices := range map[string][]string{"access": route.Accesses(), "data_class": route.DataClasses(), "auth": route.Auths()} {
		columns[slices.Index(route.Columns(), name)].Choices = choices
	}
	columns[slices.Index(route.Columns(), "calls_per_day")].Number = true
	return sheet.Table{Name: "Routes", Columns: columns, Rows: t.rows, Row: func(i int) []string { return safe(t.row(i)) }}
}

// widths are those of the columns of route.Columns, in characters. A path that
// is longer goes on in the next line of its cell.
func widths() []float64 { return []float64{9, 60, 10.5, 8, 11, 8, 34, 16, 13, 26, 24} }

func (s Submission) aboutSheet() sheet.Table {
	counts := map[scope.Verdict]int{}
	for i := range s.Scope.Routes {
		counts[s.Scope.Routes[i].Verdict]++
	}
	said := func(text string) string {
		if text == "" {
			return "(not stated)"
		}
		return route.SafeCell(text)
	}
	lines := [][]string{
		{"API route list"},
		{"Application", said(s.Application)},
		{"Organization", said(s.Organization)},
		{"As of", route.SafeCell(s.AsOf)},
		{"Routes", number(len(s.List.Routes))},
		{"Limited to USCDI v1 GET routes", word(s.Scope.Verdict)},
		{"  within USCDI v1", number(counts[scope.Limited])},
		{"  not within", number(counts[scope.NotLimited])},
		{"  undetermined", number(counts[scope.Undetermined])},
		{"  discovery and sign-in", number(counts[scope.Ignored])},
		{"Rulebook edition", route.SafeCell(s.Edition.ID)},
		{"Form", NoTemplate},
		{"Columns found_*, scope_verdict", "What ngapi " + route.SafeCell(s.Tool) + " concludes from " + s.sources() + ". They are no statement of the vendor."},
	}
	return sheet.Table{
		Name: "About", Bare: true, Columns: []sheet.Column{{Width: 32}, {Width: 90}},
		Rows: len(lines), Row: func(i int) []string { return lines[i] },
	}
}
