// Package documents builds what a developer hands in, sends or fills in: data
// goes in, bytes come out. It reads no files, no environment and no clock, so
// equal data gives equal bytes.
//
// The contract: every text that a person could have written is made harmless
// for the program that will open the document. A spreadsheet finds no formula
// (route.SafeCell), a Markdown reader no markup, and nobody a control character.
package documents

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// NoTemplate is what every exported route list says about its own form.
const NoTemplate = "NextGen Healthcare publishes no template for the route list. This is the form that ngapi gives it; " +
	"ask the vendor whether another one is wanted."

// Submission is the route list of one application, as it is handed in with the
// onboarding request (source fact B4).
type Submission struct {
	Application  string // "" where nobody said
	Organization string // "" where nobody said
	Tool         string // version of ngapi
	Edition      Edition
	AsOf         string // YYYY-MM-DD
	List         *route.List
	Scope        *scope.Report // of List, in the same order
}

// Edition names the edition of the rulebook.
type Edition struct {
	ID     string `json:"edition"`
	Date   string `json:"date"` // YYYY-MM-DD
	Status string `json:"status"`
	SHA256 string `json:"sha256"` // 64 hexadecimal digits
}

// found names the columns that ngapi adds behind those of the list.
func found() []string { return []string{"found_access", "found_data", "found_basis", "scope_verdict"} }

// CSV renders the list with what was found about every route. There is no room
// for the banner: a line before the header breaks those who read the file.
func (s Submission) CSV() ([]byte, error) { return s.table().csv() }

// keep tells which unknown columns of the list go into the export. One with the
// name of a column of found comes from an older export and is left out.
func (s Submission) keep() []bool {
	keep := make([]bool, len(s.List.ExtraColumns))
	for i, name := range s.List.ExtraColumns {
		keep[i] = !slices.Contains(found(), strings.ToLower(strings.TrimSpace(name)))
	}
	return keep
}

// table is the list with the columns of found.
func (s Submission) table() table {
	keep, header := s.keep(), route.Columns()
	for i, name := range s.List.ExtraColumns {
		if keep[i] {
			header = append(header, name)
		}
	}
	return table{header: append(header, found()...), rows: len(s.List.Routes), row: func(i int) []string {
		r, v := s.List.Routes[i], &s.Scope.Routes[i]
		extra := r.Extra
		r.API, r.Extra = v.API, nil
		cells := r.Cells()
		for c := range keep {
			switch {
			case !keep[c]:
			case c < len(extra):
				cells = append(cells, extra[c])
			default:
				cells = append(cells, "")
			}
		}
		return append(cells, string(v.Access), string(v.Data), string(v.Basis), string(v.Verdict))
	}}
}

// Markdown renders the list with a head that says whose it is.
func (s Submission) Markdown() []byte {
	var b bytes.Buffer
	title := "API route list"
	if s.Application != "" {
		title += ": " + cell(s.Application)
	}
	b.WriteString("# " + title + "\n\n")
	for _, row := range [][2]string{
		{"Application", stated(s.Application)},
		{"Organization", stated(s.Organization)},
		{"As of", cell(s.AsOf)},
		{"Routes", number(len(s.List.Routes))},
		{"Limited to USCDI v1 GET routes", word(s.Scope.Verdict)},
		{"Rulebook edition", cell(s.Edition.ID)},
	} {
		b.WriteString("- " + row[0] + ": " + row[1] + "\n")
	}
	b.WriteString("\n> " + NoTemplate + "\n>\n> The columns found_* and scope_verdict are what ngapi " + cell(s.Tool) +
		" concludes from " + s.sources() + ". They are no statement of the vendor.\n\n")
	b.Write(s.table().markdown())
	return b.Bytes()
}

// sources says what the conclusions rest on.
func (s Submission) sources() string {
	for i := range s.Scope.Routes {
		if v := &s.Scope.Routes[i]; v.Basis == scope.ByVendorList || v.GSA.Vendor {
			return "public sources and the vendor's data grid as it was imported"
		}
	}
	return "public sources"
}

func stated(s string) string {
	if s == "" {
		return "(not stated)"
	}
	return cell(s)
}

func word(v scope.Verdict) string {
	switch v {
	case scope.Limited:
		return "yes (limited)"
	case scope.NotLimited:
		return "no (not-limited)"
	}
	return "undetermined"
}

type toolJSON struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type submissionJSON struct {
	Schema       string           `json:"schema"`
	Tool         toolJSON         `json:"tool"`
	Rulebook     Edition          `json:"rulebook"`
	AsOf         string           `json:"asOf"`
	Note         string           `json:"note"`
	Application  string           `json:"application"`
	Organization string           `json:"organization"`
	Verdict      scope.Verdict    `json:"verdict"`
	Yardsticks   scope.Yardsticks `json:"yardsticks"`
	Routes       []routeJSON      `json:"routes"`
}

type routeJSON struct {
	Method        string        `json:"method"`
	Path          string        `json:"path"`
	API           string        `json:"api"`
	Access        string        `json:"access"`
	DataClass     string        `json:"data_class"`
	Auth          string        `json:"auth"`
	Purpose       string        `json:"purpose"`
	MinNGEVersion string        `json:"min_nge_version"`
	CallsPerDay   string        `json:"calls_per_day"`
	Evidence      string        `json:"evidence"`
	Notes         string        `json:"notes"`
	Extra         []extraJSON   `json:"extra,omitempty"`
	FoundAccess   scope.Access  `json:"found_access"`
	FoundData     scope.Data    `json:"found_data"`
	FoundBasis    scope.Basis   `json:"found_basis"`
	Verdict       scope.Verdict `json:"scope_verdict"`
}

// extraJSON is a cell of a column that ngapi does not know. It is a pair and no
// key, because nothing keeps two such columns from having one name.
type extraJSON struct {
	Column string `json:"column"`
	Value  string `json:"value"`
}

// JSON renders the document ngapi.routes-export/v1. Its cells are made harmless
// like those of the CSV form, because they end in spreadsheets too.
func (s Submission) JSON() ([]byte, error) {
	doc := submissionJSON{
		Schema: "ngapi.routes-export/v1", Tool: toolJSON{"ngapi", s.Tool}, Rulebook: s.Edition, AsOf: s.AsOf, Note: NoTemplate,
		Application: route.SafeCell(s.Application), Organization: route.SafeCell(s.Organization),
		Verdict: s.Scope.Verdict, Yardsticks: s.Scope.Yardsticks, Routes: make([]routeJSON, len(s.List.Routes)),
	}
	keep := s.keep()
	for i := range s.List.Routes {
		doc.Routes[i] = s.routeJSON(i, keep)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(doc)
	return b.Bytes(), err
}

func (s Submission) routeJSON(i int, keep []bool) routeJSON {
	r, v, safe := &s.List.Routes[i], &s.Scope.Routes[i], route.SafeCell
	out := routeJSON{
		Method: r.Method, Path: safe(r.Path), API: v.API, Access: r.Access, DataClass: r.DataClass, Auth: r.Auth,
		Purpose: safe(r.Purpose), MinNGEVersion: r.MinNGEVersion, CallsPerDay: r.CallsPerDay,
		Evidence: safe(r.Evidence), Notes: safe(r.Notes),
		FoundAccess: v.Access, FoundData: v.Data, FoundBasis: v.Basis, Verdict: v.Verdict,
	}
	for c := range min(len(r.Extra), len(keep)) {
		if keep[c] && r.Extra[c] != "" {
			out.Extra = append(out.Extra, extraJSON{safe(s.List.ExtraColumns[c]), safe(r.Extra[c])})
		}
	}
	return out
}
