package apidesc

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
	"github.com/apionboard/ngapi/internal/routes/observe/tree"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// A Capability is what the statement of a FHIR server says that it offers.
type Capability struct {
	Kind        string // CapabilityStatement or Conformance
	FHIRVersion string // 4.0.1
	Date        string // YYYY-MM-DD, or ""
	Software    string // name and version, where they are plain words
	Resources   []CapabilityResource
}

// A CapabilityResource is one type with what can be done with it. Words that
// are no plain tokens are left out.
type CapabilityResource struct {
	Type                                   string
	Interactions, SearchParams, Operations []string
}

func detectCapability(head []byte, _ string) bool {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(trimmed, []byte("{")) && bytes.Contains(head, []byte(`"resourceType"`)) &&
		(bytes.Contains(head, []byte(`"CapabilityStatement"`)) || bytes.Contains(head, []byte(`"Conformance"`)))
}

// ReadCapability reads the statement of a FHIR server as JSON, bare or in a
// Bundle. The error is an *exit.Error with exit.Usage.
func ReadCapability(r io.Reader, name string) (*Capability, error) {
	doc, err := tree.ReadJSON(r, name, elide.Rules{
		Keep: []string{"resourceType", "entry", "resource", "fhirVersion", "date", "software", "name", "version", "rest", "mode", "type",
			"interaction", "code", "searchParam", "operation"},
		Words: []string{"implementation", "format", "text", "contact", "publisher", "documentation"},
	})
	if err != nil {
		return nil, err
	}
	found := statement(doc)
	if found == nil {
		return nil, exit.Problems(exit.Usage, []exit.Problem{{File: name, What: "is no CapabilityStatement and no Conformance of a server", Do: "save the answer of BASE/metadata as JSON"}})
	}
	c := &Capability{Kind: found.Get("resourceType").Text(), FHIRVersion: token(found.Get("fhirVersion").Text())}
	if date := found.Get("date").Text(); len(date) >= 10 {
		if _, err := time.Parse(time.DateOnly, date[:10]); err == nil {
			c.Date = date[:10]
		}
	}
	c.Software = strings.TrimSpace(words(found.Get("software", "name").Text()) + " " + token(found.Get("software", "version").Text()))
	for _, rest := range found.Get("rest").Elements() {
		if mode := rest.Get("mode").Text(); mode != "" && mode != "server" {
			continue
		}
		for _, one := range rest.Get("resource").Elements() {
			typ := one.Get("type").Text()
			r4, dstu2 := route.FHIRType(typ)
			if !r4 && !dstu2 {
				continue
			}
			c.Resources = append(c.Resources, CapabilityResource{
				Type: typ, Interactions: tokens(one.Get("interaction"), "code"), SearchParams: tokens(one.Get("searchParam"), "name"),
				Operations: tokens(one.Get("operation"), "name"),
			})
		}
	}
	slices.SortStableFunc(c.Resources, func(a, b CapabilityResource) int { return strings.Compare(a.Type, b.Type) })
	return c, nil
}

// statement finds the statement in a document.
func statement(doc *tree.Value) *tree.Value {
	switch doc.Get("resourceType").Text() {
	case "CapabilityStatement", "Conformance":
		return doc
	case "Bundle":
		for _, e := range doc.Get("entry").Elements() {
			if found := statement(e.Get("resource")); found != nil {
				return found
			}
		}
	}
	return nil
}

// token keeps a word of the shapes that codes and versions have.
func token(s string) string {
	s = strings.TrimPrefix(s, "$")
	if s == "" || len(s) > 64 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		return ""
	}
	return s
}

// words keeps a name of plain words.
func words(s string) string {
	var out []string
	for _, w := range strings.Fields(s) {
		if token(w) != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out[:min(len(out), 6)], " ")
}

func tokens(list *tree.Value, member string) []string {
	var out []string
	for _, one := range list.Elements() {
		if t := token(one.Get(member).Text()); t != "" && len(out) < 500 {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// dstu2 tells whether the statement is one of DSTU2.
func (c *Capability) dstu2() bool {
	return c.Kind == "Conformance" || strings.HasPrefix(c.FHIRVersion, "1.")
}

func readCapability(r io.Reader, name string, sink infer.Sink) (int64, error) {
	c, err := ReadCapability(r, name)
	if err != nil {
		return 0, err
	}
	api := route.FHIRR4
	if c.dstu2() {
		api = route.FHIRDSTU2
	}
	var n int64
	for i := range c.Resources {
		for _, call := range c.Resources[i].calls() {
			method, path, _ := strings.Cut(call, " ")
			o := infer.Observation{Kind: infer.Spec, Format: "capability-statement", Method: method, Path: path, Template: true, FHIR: true, API: api}
			if err := sink.Add(o); err != nil {
				return n, err
			}
			n++
		}
	}
	if n == 0 {
		return 0, exit.Problems(exit.Usage, []exit.Problem{{File: name, What: "is the statement of a server that offers no interaction", Do: "save the answer of BASE/metadata as JSON"}})
	}
	return n, nil
}

// calls lists what the interactions of a type are on the wire (FHIR R4,
// http.html).
func (r *CapabilityResource) calls() []string {
	var out []string
	for _, code := range r.Interactions {
		switch code {
		case "read":
			out = append(out, "GET /"+r.Type+"/{id}")
		case "vread":
			out = append(out, "GET /"+r.Type+"/{id}/_history/{vid}")
		case "search-type":
			out = append(out, "GET /"+r.Type)
		case "history-instance":
			out = append(out, "GET /"+r.Type+"/{id}/_history")
		case "history-type":
			out = append(out, "GET /"+r.Type+"/_history")
		case "create":
			out = append(out, "POST /"+r.Type)
		case "update", "patch", "delete":
			method := map[string]string{"update": "PUT", "patch": "PATCH", "delete": "DELETE"}[code]
			out = append(out, method+" /"+r.Type+"/{id}")
		}
	}
	for _, name := range r.Operations {
		if op, known := catalog.FHIR().Operation(name); known && strings.Contains(op.InvokedOn, r.Type) {
			if strings.Contains(op.InvokedOn, r.Type+"/{id}") {
				out = append(out, "GET /"+r.Type+"/{id}/$"+name)
			} else {
				out = append(out, "GET /"+r.Type+"/$"+name)
			}
		}
	}
	return out
}
