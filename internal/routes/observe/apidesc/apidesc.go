// Package apidesc reads descriptions of an API: OpenAPI 3 and Swagger 2.0, in
// JSON and YAML, and the CapabilityStatement (DSTU2: Conformance) of a FHIR
// server.
//
// The contract: a description says which routes there are, not which are
// called. Paths and methods are read; examples, schemas and prose are never
// decoded. Nothing is fetched: a reference to another document is refused.
// Errors name the place and hold nothing of the document.
package apidesc

import (
	"io"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
	"github.com/apionboard/ngapi/internal/routes/observe/format"
	"github.com/apionboard/ngapi/internal/routes/observe/tree"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// A Format is one kind of description: its name, what its first bytes show, and
// its reader, which returns how many operations it read.
type Format = format.Format

// Formats lists the kinds of descriptions, in the order in which they are tried.
func Formats() []Format {
	return []Format{
		{Name: "FHIR CapabilityStatement", Detect: detectCapability, Read: readCapability},
		{Name: "OpenAPI description", Detect: detectJSON, Read: readJSON},
		{Name: "OpenAPI description (YAML)", Detect: detectYAML, Read: readYAML},
	}
}

// dropped are the members that say nothing about routes and can be large.
func dropped() []string {
	return []string{"description", "summary", "schema", "schemas", "example", "examples", "content", "requestBody", "responses", "definitions",
		"securitySchemes", "securityDefinitions", "headers", "tags", "callbacks", "webhooks", "externalDocs", "x-examples", "x-code-samples"}
}

func readJSON(r io.Reader, name string, sink infer.Sink) (int64, error) {
	doc, err := tree.ReadJSON(r, name, elide.Rules{Drop: dropped(), Words: []string{"openapi", "swagger", "info", "servers", "paths", "components", "host", "basePath"}})
	if err != nil {
		return 0, err
	}
	return describe(doc, name, sink)
}

func readYAML(r io.Reader, name string, sink infer.Sink) (int64, error) {
	doc, err := tree.ReadYAML(r, name, dropped())
	if err != nil {
		return 0, err
	}
	return describe(doc, name, sink)
}

// A base is an address that paths are below of.
type base struct{ host, path string }

// A description is one document on its way to the sink.
type description struct {
	name     string
	format   string
	doc      *tree.Value
	api      string
	sink     infer.Sink
	problems []exit.Problem
	paths    int // seen so far
	n        int64
}

func describe(doc *tree.Value, name string, sink infer.Sink) (int64, error) {
	if err := version(doc, name); err != nil {
		return 0, err
	}
	d := &description{name: name, format: "openapi", doc: doc, sink: sink}
	bases := servers(doc.Get("servers"))
	if doc.Get("swagger").IsText() {
		d.format = "swagger"
		bases = []base{swaggerBase(doc)}
	}
	if len(bases) == 0 {
		bases = []base{{}}
	}
	d.api = enterprise(doc.Get("paths"))
	var err error
	doc.Get("paths").Members(func(path string, item *tree.Value) {
		if err == nil {
			err = d.path(path, item, bases)
		}
	})
	if err == nil {
		err = exit.Problems(exit.Usage, d.problems)
	}
	if err == nil && d.n == 0 {
		err = exit.Problems(exit.Usage, []exit.Problem{{File: name, What: "describes no operation", Do: "give a description with paths"}})
	}
	return d.n, err
}

// enterprise tells whether most of the paths are catalogued Enterprise routes: a
// description without a server of its own is then taken for that API.
func enterprise(paths *tree.Value) string {
	all, known := 0, 0
	paths.Members(func(path string, _ *tree.Value) {
		all++
		if _, kind := catalog.Enterprise().Match("GET", path); kind != catalog.NoMatch {
			known++
		}
	})
	if known > 0 && known*2 > all {
		return route.Enterprise
	}
	return ""
}

func (d *description) path(path string, item *tree.Value, bases []base) error {
	if !strings.HasPrefix(path, "/") {
		return nil // an extension
	}
	d.paths++
	path = bare(path)
	chain := d.chain(item)
	for _, one := range chain {
		if own := servers(one.Get("servers")); len(own) > 0 {
			bases = own
			break
		}
	}
	var err error
	seen := map[string]bool{}
	for _, one := range chain {
		one.Members(func(method string, operation *tree.Value) {
			if err == nil && isMethod(method) && !seen[method] {
				seen[method] = true
				err = d.operation(method, path, operation, bases)
			}
		})
	}
	return err
}

func (d *description) operation(method, path string, operation *tree.Value, bases []base) error {
	if own := servers(operation.Get("servers")); len(own) > 0 {
		bases = own
	}
	d.n++
	for _, b := range bases {
		o := infer.Observation{Kind: infer.Spec, Format: d.format, Method: method, Host: b.host, Path: b.path + path, Template: true}
		if b.host == "" && !strings.Contains(strings.ToLower(b.path), "/nge") {
			o.API = d.api
			if o.API != "" {
				o.Path = path
			}
		}
		if err := d.sink.Add(o); err != nil {
			return err
		}
	}
	return nil
}

func isMethod(s string) bool {
	switch s {
	case "get", "post", "put", "patch", "delete", "head":
		return true
	}
	return false
}
