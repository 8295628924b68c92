package report

import (
	"strings"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// RouteExplain is the document ngapi.route/v1: one route with the rule behind
// its verdict and what is known of it from elsewhere.
type RouteExplain struct {
	Schema     string             `json:"schema"`
	Tool       Tool               `json:"tool"`
	AsOf       string             `json:"asOf"`
	Listed     bool               `json:"listed"` // the route stands in the list, whose declarations then count
	Route      scope.RouteVerdict `json:"route"`
	Template   []infer.Decision   `json:"template"` // the rule behind each part of the path; empty where nothing is inferred
	BasisMeans string             `json:"basisMeans"`
	Notes      []RouteNote        `json:"notes"`
	Question   *scope.Question    `json:"question"`  // null where nothing is to be asked
	Catalogue  *CatalogueEntry    `json:"catalogue"` // null for a route that nobody has published, and for FHIR
	FHIR       *FHIRType          `json:"fhir"`      // null for what is no FHIR resource
}

// RouteNote is a note on a verdict in words.
type RouteNote struct {
	ID    string `json:"id"`
	Means string `json:"means"`
}

// CatalogueEntry is what public sources say of an Enterprise route.
type CatalogueEntry struct {
	Match      string   `json:"match"` // exact, or path: published with other methods
	Method     string   `json:"method"`
	Path       string   `json:"path"`
	Methods    []string `json:"methods"` // all that are published for the path
	Area       string   `json:"area"`
	Source     string   `json:"source"`
	Confidence string   `json:"confidence"` // high, medium, low: that the route exists
	GSA        string   `json:"gsa"`        // yes, no, unknown: seen to answer a Global Service Account
	ObservedOn string   `json:"observedOn"` // "2023-05"; "" where no date is given
}

// FHIRType is what the tables say of a FHIR R4 type.
type FHIRType struct {
	Name    string `json:"name"`
	USCDIv1 string `json:"uscdiV1"` // yes, no, conditional, auxiliary
	Class   string `json:"class"`   // the data classes of USCDI v1
	USCDIv3 string `json:"uscdiV3"`
}

// NewRouteExplain adds what the verdict's own words mean.
func NewRouteExplain(tool Tool, asOf string, v scope.RouteVerdict) RouteExplain {
	d := RouteExplain{
		Schema: "ngapi.route/v1", Tool: tool, AsOf: asOf, Route: v, BasisMeans: basisWords(v.Basis), Notes: []RouteNote{},
	}
	for _, n := range v.Notes {
		d.Notes = append(d.Notes, RouteNote{n, noteWords(n)})
	}
	for _, q := range scope.AllQuestions() {
		if q.ID == v.Question {
			q.Routes = []string{v.Method + " " + v.Path}
			d.Question = &q
		}
	}
	return d
}

// RouteExplainText renders the explanation of one route.
func RouteExplainText(s Style, d RouteExplain) []byte {
	t := &text{s: s}
	r := d.Route
	t.raw(verdictLook(r.Verdict), strings.ToUpper(strings.ReplaceAll(string(r.Verdict), "-", " "))+": "+r.Method+" "+clean(r.Path))
	if d.Listed {
		t.pair("", "listed", "yes; what the list declares counts")
	}
	t.pair("", "why", clean(r.Why))
	t.pair("", "basis", string(r.Basis)+": "+d.BasisMeans)
	t.pair("", "api", r.API)
	t.pair("", "access", string(r.Access))
	t.pair("", "data", dataWords(r.Data))
	t.pair("", "federal", string(r.Federal))
	for _, n := range d.Notes {
		t.pair("", "note", n.ID+": "+n.Means)
	}
	if d.Question != nil {
		t.pair("", "ask", d.Question.ID+" "+d.Question.Text)
	}
	if r.GSA.Vendor {
		t.pair("", "gsa", string(r.GSA.Status)+" by the "+clean(r.GSA.Source))
	}
	t.template(d.Template)
	t.fhirType(d.FHIR)
	t.catalogue(d)
	return t.bytes()
}

// template lists the parts of the path with the rule behind each.
func (t *text) template(parts []infer.Decision) {
	if len(parts) == 0 {
		return
	}
	t.blank()
	t.line(bold, "Template")
	width := 0
	for _, p := range parts {
		width = max(width, len(p.Part))
	}
	for _, p := range parts {
		t.line("", "  %-*s  %s: %s", width, clean(p.Part), p.Rule, clean(p.Why))
	}
}

func (t *text) fhirType(f *FHIRType) {
	if f == nil {
		return
	}
	t.blank()
	t.line(bold, "FHIR type %s", f.Name)
	class := ""
	if f.Class != "" {
		class = ", " + f.Class
	}
	t.pair("", "uscdi v1", f.USCDIv1+class)
	t.pair("", "uscdi v3", f.USCDIv3)
}

func (t *text) catalogue(d RouteExplain) {
	if d.Route.API != "enterprise" || d.Route.Verdict == scope.Ignored {
		return
	}
	t.blank()
	t.line(bold, "In public sources (no statement of the vendor)")
	c := d.Catalogue
	if c == nil {
		t.pair("", "entry", "none: nobody has published this route")
		t.line(faint, "  %s", observationNote)
		return
	}
	entry := c.Method + " " + c.Path
	if c.Match != "exact" {
		entry = c.Path + ", only with " + strings.Join(c.Methods, ", ")
	}
	t.pair("", "entry", entry)
	t.pair("", "area", c.Area)
	t.pair("", "source", c.Source)
	t.pair("", "confidence", c.Confidence)
	if c.Match == "exact" {
		t.pair("", "gsa", gsaWords(c))
	}
	t.line(faint, "  %s", observationNote)
}

func gsaWords(c *CatalogueEntry) string {
	when := " (no date)"
	if c.ObservedOn != "" {
		when = " (" + c.ObservedOn + ")"
	}
	switch catalog.GSA(c.GSA) {
	case catalog.GSAYes:
		return "seen to answer a Global Service Account" + when
	case catalog.GSANo:
		return "seen to refuse a Global Service Account" + when
	}
	return "never seen with a Global Service Account"
}
