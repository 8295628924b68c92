package report

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// Authority says which word of the vendor was imported; dates are YYYY-MM-DD,
// "" where there is none.
type Authority struct {
	GridImported string `json:"gridImported"`
	GridDate     string `json:"gridDate"`
	FHIRImported string `json:"fhirImported"`
	FHIRDate     string `json:"fhirDate"`
}

// NewAuthority describes an import; nil where nothing was imported.
func NewAuthority(a *catalog.Authority) *Authority {
	if a == nil {
		return nil
	}
	var d Authority
	if a.Grid != nil {
		d.GridImported, d.GridDate = a.Grid.Imported, a.Grid.Date
	}
	if a.FHIR != nil {
		d.FHIRImported, d.FHIRDate = a.FHIR.Imported, a.FHIR.Date
	}
	return &d
}

// KnownRoute is a route with what is said of it, by whom.
type KnownRoute struct {
	Method string             `json:"method"`
	Path   string             `json:"path"`
	API    string             `json:"api"`
	Public *CatalogueEntry    `json:"public"` // null where public sources do not name it
	Vendor *catalog.GridRoute `json:"vendor"` // null where no imported grid names it
}

// CatalogSearch is the document ngapi.catalog-search/v1.
type CatalogSearch struct {
	Schema    string       `json:"schema"`
	Tool      Tool         `json:"tool"`
	Authority *Authority   `json:"authority"` // null where nothing was imported
	Words     []string     `json:"words"`
	Routes    []KnownRoute `json:"routes"`
}

// NewCatalogSearch describes what a search found.
func NewCatalogSearch(tool Tool, a *catalog.Authority, words []string, found []KnownRoute) CatalogSearch {
	return CatalogSearch{"ngapi.catalog-search/v1", tool, NewAuthority(a), words, found}
}

// CatalogRoute is the document ngapi.catalog-route/v1.
type CatalogRoute struct {
	Schema    string     `json:"schema"`
	Tool      Tool       `json:"tool"`
	Authority *Authority `json:"authority"`
	Route     KnownRoute `json:"route"`
}

// gsa is the best word on a Global Service Account, and whose it is.
func (r *KnownRoute) gsa() (status, by string) {
	switch {
	case r.Vendor != nil && r.Vendor.GSA != catalog.StatedUnknown:
		return string(r.Vendor.GSA), "vendor"
	case r.Public != nil && r.Public.GSA != string(catalog.GSAUnknown):
		return r.Public.GSA, "seen"
	}
	return "unknown", ""
}

func (r *KnownRoute) v1() string {
	if r.Vendor == nil {
		return string(catalog.StatedUnknown)
	}
	return string(r.Vendor.USCDIv1)
}

// CatalogSearchText renders what a search found, as a table or for cut and awk.
func CatalogSearchText(s Style, d CatalogSearch) []byte {
	t := &text{s: s}
	if len(d.Routes) == 0 {
		t.line("", "no known route has these words")
		return t.bytes()
	}
	t.grid(grid{
		header: []string{"method", "path", "gsa", "gsa by", "uscdi v1", "area", "api"},
		rows:   len(d.Routes), table: []int{0, 2, 3, 4, 1}, below: 5,
		row: func(i int) []string {
			r, area := &d.Routes[i], ""
			if r.Public != nil {
				area = r.Public.Area
			}
			gsa, by := r.gsa()
			return []string{r.Method, r.Path, gsa, by, r.v1(), area, r.API}
		},
	})
	if s.Width > 0 {
		t.blank()
		t.line(faint, "%s; %s", plural(len(d.Routes), "route", "routes"), authorityWords(d.Authority))
	}
	return t.bytes()
}

func authorityWords(a *Authority) string {
	switch {
	case a == nil || a.GridImported == "":
		return "no data grid was imported: nothing of this is the vendor's word"
	case a.GridDate == "":
		return "the vendor's data grid, imported on " + a.GridImported + ", is the authority"
	}
	return "the vendor's data grid of " + a.GridDate + " is the authority"
}

// CatalogRouteText renders what is known of one route.
func CatalogRouteText(s Style, d CatalogRoute) []byte {
	t := &text{s: s}
	r := d.Route
	t.raw(bold, r.Method+" "+clean(r.Path))
	t.pair("", "api", r.API)
	t.blank()
	t.line(bold, "In the vendor's data grid")
	if v := r.Vendor; v == nil {
		t.pair("", "entry", "none: "+authorityWords(d.Authority))
	} else {
		t.pair("", "tab", clean(v.Tab))
		t.pair("", "gsa", string(v.GSA))
		t.pair("", "uscdi v1", string(v.USCDIv1))
		if v.Since != "" {
			t.pair("", "since", clean(v.Since))
		}
	}
	t.blank()
	t.line(bold, "In public sources (no statement of the vendor)")
	if c := r.Public; c == nil {
		t.pair("", "entry", "none: nobody has published this route")
	} else {
		t.pair("", "area", c.Area)
		t.pair("", "methods", strings.Join(c.Methods, ", "))
		t.pair("", "source", c.Source)
		t.pair("", "confidence", c.Confidence)
		t.pair("", "gsa", gsaWords(c))
	}
	t.raw(cyan, fmt.Sprintf("next: ngapi routes explain %s '%s'", r.Method, clean(r.Path)))
	return t.bytes()
}
