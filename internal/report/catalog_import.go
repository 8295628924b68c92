package report

import (
	"fmt"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// CatalogImport is the document ngapi.catalog-import/v1: what an import found,
// and what it did or, under --dry-run, would do.
type CatalogImport struct {
	Schema  string              `json:"schema"`
	Tool    Tool                `json:"tool"`
	File    string              `json:"file"`
	Written bool                `json:"written"`
	Kind    string              `json:"kind"` // grid, capability-statement
	Source  catalog.Import      `json:"source"`
	Grid    *catalog.GridReport `json:"grid"`   // null for a CapabilityStatement
	Routes  ImportCounts        `json:"routes"` // of the grid, after the import
	Types   int                 `json:"types"`  // of the FHIR server, after the import
}

// ImportCounts counts the routes of the grid.
type ImportCounts struct {
	Total   int `json:"total"`
	GSAYes  int `json:"gsaYes"`
	GSANo   int `json:"gsaNo"`
	V1Yes   int `json:"uscdiV1Yes"`
	V1No    int `json:"uscdiV1No"`
	Added   int `json:"added"`   // that were not there before
	Removed int `json:"removed"` // that are there no more
	Changed int `json:"changed"` // of which something else is said
}

// Count compares the catalogue before, which may be nil, and after an import.
func (d *CatalogImport) Count(before, after *catalog.Authority) {
	d.Routes, d.Types = ImportCounts{}, 0
	old, now := before.Lookup(), after.Lookup()
	for _, r := range now.Routes() {
		d.Routes.Total++
		switch r.GSA {
		case catalog.StatedYes:
			d.Routes.GSAYes++
		case catalog.StatedNo:
			d.Routes.GSANo++
		}
		switch r.USCDIv1 {
		case catalog.StatedYes:
			d.Routes.V1Yes++
		case catalog.StatedNo:
			d.Routes.V1No++
		}
		switch was, there := old.Lookup(r.Method, r.API, r.Path); {
		case !there:
			d.Routes.Added++
		case was.GSA != r.GSA || was.USCDIv1 != r.USCDIv1 || was.Since != r.Since:
			d.Routes.Changed++
		}
	}
	for _, r := range old.Routes() {
		if _, there := now.Lookup(r.Method, r.API, r.Path); !there {
			d.Routes.Removed++
		}
	}
	if after != nil && after.FHIR != nil {
		d.Types = len(after.FHIR.Resources)
	}
}

// CatalogImportText renders an import: what was found, what was not decided,
// the next command.
func CatalogImportText(s Style, d CatalogImport) []byte {
	t := &text{s: s}
	if d.Kind == "grid" {
		r := d.Routes
		t.line(bold, "%s: GSA %d yes, %d no; USCDI v1 %d yes, %d no", plural(r.Total, "route", "routes"), r.GSAYes, r.GSANo, r.V1Yes, r.V1No)
		t.line("", "%d added, %d changed, %d removed", r.Added, r.Changed, r.Removed)
		for _, tab := range d.Grid.Tabs {
			t.pair("", "tab", tabWords(tab))
		}
		if n := len(d.Grid.Problems) + d.Grid.More; n > 0 {
			t.blank()
			t.line(yellow, "%s not decided", plural(n, "thing was", "things were"))
			for _, p := range d.Grid.Problems {
				t.line("", "  %s: %s; %s", clean(p.At), p.What, p.Do)
			}
			if d.Grid.More > 0 {
				t.line(faint, "  and %d more", d.Grid.More)
			}
		}
	} else {
		t.line(bold, "%s of the FHIR server", plural(d.Types, "type", "types"))
	}
	t.blank()
	if d.Written {
		t.line("", "written to %s; commit it", clean(d.File))
	} else {
		t.line(yellow, "nothing was written")
	}
	t.raw(cyan, "next: ngapi routes check")
	return t.bytes()
}

func tabWords(tab catalog.TabReport) string {
	if !tab.Used {
		return tab.Tab + ": left out: " + tab.Why + "; " + tab.Do
	}
	s := fmt.Sprintf("%s: %s, path %s", tab.Tab, plural(tab.Routes, "new route", "new routes"), tab.Path)
	for _, c := range []struct{ name, column string }{{"method", tab.Method}, {"gsa", tab.GSA}, {"uscdi_v1", tab.USCDIv1}, {"since", tab.Since}} {
		if c.column != "" {
			s += ", " + c.name + " " + c.column
		}
	}
	return s
}
