package report

import (
	"strings"

	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// Declared is the status of a route that stands in the list and of which no
// observation is known.
const Declared = "declared"

// Routes is the document ngapi.routes/v1.
type Routes struct {
	Schema string  `json:"schema"`
	Tool   Tool    `json:"tool"`
	List   Input   `json:"list"`
	Routes []Route `json:"routes"`
}

// Route is one route of the list. API is found from the path where the list
// leaves it blank; the other cells are as declared.
type Route struct {
	Method        string      `json:"method"`
	Path          string      `json:"path"`
	API           string      `json:"api"`
	Access        string      `json:"access"`
	DataClass     string      `json:"data_class"`
	Auth          string      `json:"auth"`
	Purpose       string      `json:"purpose"`
	Status        string      `json:"status"`
	Evidence      []string    `json:"evidence"` // the cell, split at semicolons
	MinNGEVersion string      `json:"min_nge_version"`
	CallsPerDay   string      `json:"calls_per_day"`
	Notes         string      `json:"notes"`
	Line          int         `json:"line"`  // of the file, from 1
	Extra         []ExtraCell `json:"extra"` // cells of columns that ngapi does not know
}

// ExtraCell is a cell of a column that ngapi does not know and keeps.
type ExtraCell struct {
	Column string `json:"column"`
	Value  string `json:"value"`
}

// NewRoutes describes a route list.
func NewRoutes(tool Tool, in Input, l *route.List) Routes {
	d := Routes{Schema: "ngapi.routes/v1", Tool: tool, List: in, Routes: make([]Route, len(l.Routes))}
	for i := range l.Routes {
		r := &l.Routes[i]
		d.Routes[i] = Route{
			Method: r.Method, Path: r.Path, API: r.FoundAPI(), Access: r.Access, DataClass: r.DataClass, Auth: r.Auth,
			Purpose: r.Purpose, Status: status(r.Evidence), Evidence: pieces(r.Evidence), MinNGEVersion: r.MinNGEVersion,
			CallsPerDay: r.CallsPerDay, Notes: r.Notes, Line: r.Line, Extra: []ExtraCell{},
		}
		for c := range min(len(r.Extra), len(l.ExtraColumns)) {
			if r.Extra[c] != "" {
				d.Routes[i].Extra = append(d.Routes[i].Extra, ExtraCell{l.ExtraColumns[c], r.Extra[c]})
			}
		}
	}
	return d
}

// status is what the evidence of a row says of its calls.
func status(evidence string) string {
	if s := draft.StatusOf(evidence); s != "" {
		return string(s)
	}
	return Declared
}

func pieces(cell string) []string {
	out := []string{}
	for one := range strings.SplitSeq(cell, ";") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}

// RoutesText renders a route list for people, or for cut and awk; see grid.
func RoutesText(s Style, d Routes) []byte {
	t := &text{s: s}
	if len(d.Routes) == 0 {
		t.line("", "%s has no routes.", clean(d.List.Path))
		return t.bytes()
	}
	g := grid{
		header: []string{"method", "path", "api", "access", "data_class", "auth", "status", "purpose", "min_nge_version", "calls_per_day", "evidence", "notes"},
		rows:   len(d.Routes),
		row: func(i int) []string {
			r := &d.Routes[i]
			return []string{r.Method, r.Path, r.API, r.Access, r.DataClass, r.Auth, r.Status, r.Purpose,
				r.MinNGEVersion, r.CallsPerDay, strings.Join(r.Evidence, "; "), r.Notes}
		},
		table: []int{0, 2, 3, 4, 5, 1}, below: 7,
	}
	t.grid(g)
	if s.Width > 0 {
		t.blank()
		t.line(faint, "%s in %s", plural(len(d.Routes), "route", "routes"), clean(d.List.Path))
	}
	return t.bytes()
}

// RoutesChange is the document ngapi.routes-change/v1: what an edit of the
// list did, or under --dry-run would do.
type RoutesChange struct {
	Schema  string        `json:"schema"`
	Tool    Tool          `json:"tool"`
	File    string        `json:"file"`
	Written bool          `json:"written"`
	Change  string        `json:"change"` // added, merged, removed
	Method  string        `json:"method"`
	Path    string        `json:"path"`
	Kept    []string      `json:"kept"`    // columns that the list fills differently and that stand
	Profile string        `json:"profile"` // the profile that now names the list; "" where none was changed
	Routes  int           `json:"routes"`  // in the list
	Verdict scope.Verdict `json:"verdict"`
	Diff    string        `json:"diff"` // unified form
}

// RoutesChangeText renders an edit: what changed, the verdict, the next command.
func RoutesChangeText(s Style, d RoutesChange) []byte {
	t := &text{s: s}
	name := d.Method + " " + clean(d.Path)
	if d.Diff != "" && !d.Written {
		for _, l := range strings.Split(strings.TrimSuffix(d.Diff, "\n"), "\n") {
			t.raw(diffLook(l), clean(l))
		}
		t.line(yellow, "dry run: nothing was written")
	}
	t.line("", "%s", changed(d, name, clean(d.File)))
	if len(d.Kept) > 0 {
		t.line(yellow, "what the list says of %s stands; edit %s to change it", strings.Join(d.Kept, ", "), clean(d.File))
	}
	if d.Profile != "" {
		verb := "names"
		if !d.Written && d.Diff != "" {
			verb = "would name"
		}
		t.line("", "%s %s it from now on (routes.file)", clean(d.Profile), verb)
	}
	t.line(verdictLook(d.Verdict), "scope of %s: %s", plural(d.Routes, "route", "routes"), d.Verdict)
	t.raw(cyan, "next: ngapi routes check")
	return t.bytes()
}

func changed(d RoutesChange, name, file string) string {
	would := ""
	if d.Diff != "" && !d.Written {
		would = "would be "
	}
	switch {
	case d.Change == "merged" && d.Diff == "":
		return file + " has " + name + " already; nothing changed"
	case d.Change == "merged":
		return file + " has " + name + " already; " + would + "merged: blank cells are filled"
	case d.Change == "removed":
		return would + "removed from " + file + ": " + name
	}
	return would + "added to " + file + ": " + name
}

func diffLook(line string) string {
	switch {
	case strings.HasPrefix(line, "+"):
		return green
	case strings.HasPrefix(line, "-"):
		return red
	}
	return faint
}

func verdictLook(v scope.Verdict) string {
	switch v {
	case scope.Limited:
		return green
	case scope.NotLimited:
		return red
	case scope.Ignored:
		return faint
	}
	return yellow
}
