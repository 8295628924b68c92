package catalog

import (
	"bytes"
	"encoding/json"
	"slices"
)

// AuthorityFile is the usual name of the file that holds an Authority, beside
// the route list.
const AuthorityFile = "nextgen-catalog.json"

// MaxAuthority is the size in bytes up to which DecodeAuthority reads.
const MaxAuthority = 1 << 20

// Authority is what the vendor said, as it was imported: the document
// ngapi.catalog/v1, which teams commit. It carries no name of a file and no
// text of the source but routes, types and versions.
type Authority struct {
	Schema string         `json:"schema"` // ngapi.catalog/v1
	Grid   *GridImport    `json:"grid,omitempty"`
	FHIR   *FHIRStatement `json:"fhir,omitempty"`
}

// AuthoritySchema names the document.
const AuthoritySchema = "ngapi.catalog/v1"

// Import says where a part of the authority comes from.
type Import struct {
	Imported string `json:"imported"`       // YYYY-MM-DD
	Date     string `json:"date,omitempty"` // that the source bears, YYYY-MM-DD; "" where nobody said
	SHA256   string `json:"sha256"`         // of the source, 64 hexadecimal digits
	Size     int64  `json:"size"`           // of the source in bytes
}

// GridImport is the vendor's data grid.
type GridImport struct {
	Import
	Tabs   []string    `json:"tabs"`
	Routes []GridRoute `json:"routes"`
}

// FHIRStatement is what a CapabilityStatement says of a FHIR server.
type FHIRStatement struct {
	Import
	FHIRVersion string           `json:"fhirVersion"` // "4.0.1"
	Software    string           `json:"software,omitempty"`
	Resources   []FHIRServedType `json:"resources"`
}

// FHIRServedType is one resource type that the server offers.
type FHIRServedType struct {
	Type         string   `json:"type"`
	Interactions []string `json:"interactions,omitempty"`
	SearchParams []string `json:"searchParams,omitempty"`
	Operations   []string `json:"operations,omitempty"`
}

// Lookup makes the grid ready for lookups; without one, it knows nothing.
func (a *Authority) Lookup() *Grid {
	if a == nil || a.Grid == nil {
		return nil
	}
	return NewGrid(a.Grid.Routes)
}

// Served tells whether the server offers a FHIR type. known is false without a
// statement that names any.
func (s *FHIRStatement) Served(typ string) (served, known bool) {
	if s == nil || len(s.Resources) == 0 {
		return false, false
	}
	return slices.ContainsFunc(s.Resources, func(r FHIRServedType) bool { return r.Type == typ }), true
}

// Merge lays a newer import over an older one: a part that the newer one lacks
// stays.
func (a *Authority) Merge(newer *Authority) *Authority {
	merged := Authority{Schema: AuthoritySchema}
	for _, one := range []*Authority{a, newer} {
		if one == nil {
			continue
		}
		if one.Grid != nil {
			merged.Grid = one.Grid
		}
		if one.FHIR != nil {
			merged.FHIR = one.FHIR
		}
	}
	return &merged
}

// EncodeAuthority renders the document, one route and one type on a line, so
// that the difference between two imports can be read. Equal data gives equal
// bytes.
func EncodeAuthority(a *Authority) ([]byte, error) {
	var e authorityEncoder
	e.b.WriteString("{\n \"schema\": \"" + AuthoritySchema + "\"")
	if g := a.Grid; g != nil {
		e.b.WriteString(",\n \"grid\": {")
		e.source(g.Import)
		e.field("tabs", append([]string{}, g.Tabs...))
		list(&e, "routes", g.Routes)
		e.b.WriteString("\n }")
	}
	if s := a.FHIR; s != nil {
		e.b.WriteString(",\n \"fhir\": {")
		e.source(s.Import)
		e.field("fhirVersion", s.FHIRVersion)
		e.field("software", s.Software)
		list(&e, "resources", s.Resources)
		e.b.WriteString("\n }")
	}
	e.b.WriteString("\n}\n")
	return e.b.Bytes(), e.err
}

type authorityEncoder struct {
	b   bytes.Buffer
	err error
}

func (e *authorityEncoder) value(v any) {
	enc := json.NewEncoder(&e.b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil && e.err == nil {
		e.err = err
	}
	e.b.Truncate(e.b.Len() - 1) // the line end
}

func (e *authorityEncoder) field(key string, v any) {
	e.b.WriteString(",\n  \"" + key + "\": ")
	e.value(v)
}

func (e *authorityEncoder) source(s Import) {
	e.b.WriteString("\n  \"imported\": ")
	e.value(s.Imported)
	if s.Date != "" {
		e.field("date", s.Date)
	}
	e.field("sha256", s.SHA256)
	e.field("size", s.Size)
}

func list[T any](e *authorityEncoder, key string, items []T) {
	e.b.WriteString(",\n  \"" + key + "\": [")
	for i := range items {
		if i > 0 {
			e.b.WriteByte(',')
		}
		e.b.WriteString("\n   ")
		e.value(&items[i])
	}
	e.b.WriteString("\n  ]")
}
