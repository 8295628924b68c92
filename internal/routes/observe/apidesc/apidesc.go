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
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
	"github.com/apionboard/ngapi/internal/routes/observe/tree"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// A Format is one kind of description: its name, what its first bytes show, and
// its reader, which returns how many operations it read.
type Format struct {
	Name   string
	Detect func(head []byte, name string) bool
	Read   func(r io.Reader, name string, sink infer.Sink) (records int64, err error)
}

// Formats lists the kinds of descriptions, in the order in which they are tried.
func Formats() []Format {
	return []Format{
		{"FHIR CapabilityStatement", detectCapability, readCapability},
		{"OpenAPI description", detectJSON, readJSON},
		{"OpenAPI description (YAML)", detectYAML, readYAML},
	}
}

// dropped are the members that say nothing about routes and can be large.
func dropped() []string {
	return []string{"description", "summary", "schema", "schemas", "example", "examples", "content", "requestBody", "responses", "definitions",
		"securitySchemes", "securityDefinitions", "headers", "tags", "callbacks", "webhooks", "externalDocs", "x-examples", "x-code-samples"}
}

func detectJSON(head []byte, _ string) bool {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(trimmed, []byte("{")) && (bytes.Contains(head, []byte(`"openapi"`)) || bytes.Contains(head, []byte(`"swagger"`)))
}

func detectYAML(head []byte, _ string) bool {
	for line := range bytes.Lines(head) {
		line = bytes.TrimLeft(line, "\"'")
		if bytes.HasPrefix(line, []byte("openapi")) || bytes.HasPrefix(line, []byte("swagger")) {
			return bytes.Contains(line, []byte(":"))
		}
	}
	return false
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
	n        int64
}

func describe(doc *tree.Value, name string, sink infer.Sink) (int64, error) {
	d := &description{name: name, format: "openapi", doc: doc, sink: sink}
	bases := servers(doc.Get("servers"))
	if doc.Get("swagger").IsText() {
		d.format = "swagger"
		bases = []base{{doc.Get("host").Text(), strings.TrimSuffix(doc.Get("basePath").Text(), "/")}}
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

// servers reads a list of servers; variables get their default.
func servers(list *tree.Value) []base {
	var out []base
	for _, s := range list.Elements() {
		url := s.Get("url").Text()
		s.Get("variables").Members(func(name string, v *tree.Value) {
			url = strings.ReplaceAll(url, "{"+name+"}", v.Get("default").Text())
		})
		if i := strings.Index(url, "://"); i > 0 {
			host, path, _ := strings.Cut(url[i+3:], "/")
			out = append(out, base{host, strings.TrimSuffix("/"+path, "/")})
		} else {
			out = append(out, base{"", strings.TrimSuffix(url, "/")})
		}
	}
	return out
}

func (d *description) path(path string, item *tree.Value, bases []base) error {
	if !strings.HasPrefix(path, "/") {
		return nil // an extension
	}
	if own := servers(item.Get("servers")); len(own) > 0 {
		bases = own
	}
	item = d.follow(item)
	var err error
	item.Members(func(method string, operation *tree.Value) {
		if err != nil || !isMethod(method) {
			return
		}
		at := bases
		if own := servers(operation.Get("servers")); len(own) > 0 {
			at = own
		}
		d.n++
		for _, b := range at {
			o := infer.Observation{Kind: infer.Spec, Format: d.format, Method: method, Host: b.host, Path: b.path + path, Template: true}
			if b.host == "" && !strings.Contains(strings.ToLower(b.path), "/nge") {
				o.API = d.api
				if o.API != "" {
					o.Path = path
				}
			}
			if err = d.sink.Add(o); err != nil {
				return
			}
		}
	})
	return err
}

// follow resolves a reference to another place of the same document, once.
func (d *description) follow(item *tree.Value) *tree.Value {
	ref := item.Get("$ref").Text()
	if ref == "" {
		return item
	}
	inside, ok := strings.CutPrefix(ref, "#/")
	if !ok {
		d.problems = append(d.problems, exit.Problem{File: d.name, Line: item.Line(),
			What: "path " + strconv.FormatInt(d.n+1, 10) + " refers to another document, which is not fetched", Do: "bundle the description into one file"})
		return &tree.Value{}
	}
	keys := strings.Split(inside, "/")
	for i := range keys {
		keys[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(keys[i])
	}
	return d.doc.Get(keys...)
}

func isMethod(s string) bool {
	switch s {
	case "get", "post", "put", "patch", "delete", "head":
		return true
	}
	return false
}
