package infer_test

import (
	"embed"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

//go:embed testdata/accuracy/*.csv
var truths embed.FS

// An operation is one true method and path template below its mount.
type operation struct {
	method, path string
	query        string // {id} stands for a value
}

// A surface is one API with all its operations.
type surface struct {
	name    string
	hosts   []string // what Options.Hosts gets; none for NextGen
	host    string
	mount   string
	pool    func(g *generator, parameter string) value
	unknown bool // nothing knows this API beforehand
	ops     []operation
}

const nextGenHost = "fhir.nextgen.com"

func enterpriseSurface() surface {
	s := surface{name: "Enterprise", host: nextGenHost, mount: "/nge/prod/nge-api/api", pool: enterpriseValue}
	for _, e := range catalog.Enterprise().All() {
		s.ops = append(s.ops, operation{method: e.Method, path: e.Path})
	}
	return s
}

// fhirSurface has the interactions of every concrete type, the compartment of a
// patient and the operations of the table. Discovery (metadata) is no route.
func fhirSurface() surface {
	s := surface{name: "FHIR R4", host: nextGenHost, mount: "/nge/prod/fhir-api-r4/fhir/r4", pool: fhirValue}
	add := func(method, path, query string) { s.ops = append(s.ops, operation{method, path, query}) }
	for _, r := range catalog.FHIR().Resources() {
		if r.Abstract {
			continue
		}
		query := "_count=20"
		if r.Compartment {
			query = "patient={id}"
			add("GET", "/Patient/{id}/"+r.Name, "")
		}
		add("GET", "/"+r.Name, query)
		add("GET", "/"+r.Name+"/{id}", "")
		add("GET", "/"+r.Name+"/{id}/_history/{vid}", "")
		add("POST", "/"+r.Name+"/_search", "")
		add("POST", "/"+r.Name, "")
		add("PUT", "/"+r.Name+"/{id}", "")
	}
	for _, name := range []string{"everything", "docref", "lastn", "export", "validate", "match", "expand"} {
		op, found := catalog.FHIR().Operation(name)
		if !found {
			continue
		}
		for place := range strings.SplitSeq(op.InvokedOn, "; ") {
			kind, _, _ := strings.Cut(place, "/")
			_, known := catalog.FHIR().Resource(kind)
			if place == "[base]" || known && invocation().MatchString(place) {
				add("GET", "/"+strings.TrimPrefix(strings.TrimPrefix(place, "[base]")+"/$"+name, "/"), "")
			}
		}
	}
	return s
}

func invocation() *regexp.Regexp { return regexp.MustCompile(`^[A-Z][A-Za-z]+(/\{id\})?$`) }

// publicSurface reads the operations of an API that nothing in the program
// knows. base is HOST or HOST/BASE.
func publicSurface(t *testing.T, name, file, base string, pool func(*generator, string) value) surface {
	t.Helper()
	in, err := truths.Open("testdata/accuracy/" + file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	host, mount, _ := strings.Cut(base, "/")
	if mount != "" {
		mount = "/" + mount
	}
	s := surface{name: name, hosts: []string{base}, host: host, mount: mount, pool: pool, unknown: true}
	for _, row := range rows[1:] {
		s.ops = append(s.ops, operation{method: row[0], path: row[1]})
	}
	return s
}
