package apidesc_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/apidesc"
)

type kept struct{ list []infer.Observation }

func (k *kept) Add(o infer.Observation) error {
	k.list = append(k.list, o)
	return nil
}

func read(text string) (*kept, string, error) {
	sink := &kept{}
	for _, f := range apidesc.Formats() {
		if f.Detect([]byte(text)[:min(len(text), 64<<10)], "x") {
			_, err := f.Read(strings.NewReader(text), "x", sink)
			return sink, f.Name, err
		}
	}
	return sink, "", nil
}

const secret = "C4N4RYsecret"

func samples() map[string]string {
	return map[string]string{
		"openapi": `{"openapi":"3.0.3","info":{"title":"` + secret + `"},"paths":{
  "/persons/{personId}":{"get":{"description":"` + secret + `","parameters":[{"name":"personId","example":"` + secret + `"}]},"x-note":"` + secret + `"},
  "/shared":{"$ref":"#/components/pathItems/shared"},"x-extension":{"get":{}},
  "/own":{"servers":[{"url":"https://{site}.example.com/api","variables":{"site":{"default":"gw"}}}],"post":{"requestBody":{"content":{"application/json":{"example":"` + secret + `"}}}}}},
 "components":{"pathItems":{"shared":{"delete":{}}},"schemas":{"x":{"example":"` + secret + `"}}},"servers":[{"url":"https://nativeapi.nextgen.com/nge/prod/nge-api/api"}]}`,
		"yaml":    "openapi: 3.1.0\ninfo: {title: " + secret + "}\nservers: [{url: /nge/prod/nge-api/api}]\npaths:\n  /persons/{personId}:\n    get: {summary: " + secret + "}\n",
		"swagger": `{"swagger":"2.0","host":"nativeapi.nextgen.com","basePath":"/nge/prod/nge-api/api/","paths":{"/appointments":{"post":{},"get":{}}},"definitions":{"a":"` + secret + `"}}`,
		"bare":    `{"openapi":"3.0.0","paths":{"/persons/{id}":{"get":{}},"/appointments":{"post":{}}}}`,
		"capability": `{"resourceType":"CapabilityStatement","text":{"div":"` + secret + `"},"fhirVersion":"4.0.1","date":"2026-07-24T01:02:03Z","software":{"name":"NextGen FHIR Server","version":"5.0.1"},
 "rest":[{"mode":"client","resource":[{"type":"Goal","interaction":[{"code":"read"}]}]},{"mode":"server","documentation":"` + secret + `","resource":[
  {"type":"Patient","interaction":[{"code":"read"},{"code":"search-type"},{"code":"` + secret + ` x"}],"searchParam":[{"name":"birthdate"},{"name":"` + secret + ` y"}],"operation":[{"name":"everything"},{"name":"$unheard"}]},
  {"type":"Zorban","interaction":[{"code":"read"}]}]}]}`,
		"conformance": `{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Conformance","fhirVersion":"1.0.2","rest":[{"resource":[{"type":"MedicationOrder","interaction":[{"code":"read"},{"code":"create"},{"code":"delete"}]}]}]}}]}`,
	}
}

func TestRead(t *testing.T) {
	want := map[string][]string{
		"openapi": {"delete nativeapi.nextgen.com /nge/prod/nge-api/api/shared ", "get nativeapi.nextgen.com /nge/prod/nge-api/api/persons/{personId} ",
			"post gw.example.com /api/own "},
		"yaml":        {"get  /nge/prod/nge-api/api/persons/{personId} "},
		"swagger":     {"get nativeapi.nextgen.com /nge/prod/nge-api/api/appointments ", "post nativeapi.nextgen.com /nge/prod/nge-api/api/appointments "},
		"bare":        {"get  /persons/{id} enterprise", "post  /appointments enterprise"},
		"capability":  {"GET  /Patient fhir-r4", "GET  /Patient/{id} fhir-r4", "GET  /Patient/{id}/$everything fhir-r4"},
		"conformance": {"DELETE  /MedicationOrder/{id} fhir-dstu2", "GET  /MedicationOrder/{id} fhir-dstu2", "POST  /MedicationOrder fhir-dstu2"},
	}
	for name, text := range samples() {
		sink, format, err := read(text)
		if err != nil || format == "" {
			t.Errorf("%s: %q, %v", name, format, err)
		}
		var got []string
		for _, o := range sink.list {
			got = append(got, fmt.Sprintf("%s %s %s %s", o.Method, o.Host, o.Path, o.API))
			if o.Kind != infer.Spec || !o.Template {
				t.Errorf("%s: %+v", name, o)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if strings.Contains(fmt.Sprint(sink.list), "C4N4RY") {
			t.Errorf("%s: a secret came through", name)
		}
	}
}

func TestReadCapability(t *testing.T) {
	got, err := apidesc.ReadCapability(strings.NewReader(samples()["capability"]), "metadata.json")
	want := &apidesc.Capability{Kind: "CapabilityStatement", FHIRVersion: "4.0.1", Date: "2026-07-24", Software: "NextGen FHIR Server 5.0.1",
		Resources: []apidesc.CapabilityResource{{Type: "Patient", Interactions: []string{"read", "search-type"}, SearchParams: []string{"birthdate"}, Operations: []string{"everything", "unheard"}}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for date, want := range map[string]string{"2026-02-28": "2026-02-28", "2026-13-45": "", "2026-02-30T00:00:00Z": "", "1234567890": "", "2026-1": "", "----------": ""} {
		got, err := apidesc.ReadCapability(strings.NewReader(`{"resourceType":"Conformance","date":"`+date+`"}`), "metadata.json")
		if err != nil || got.Date != want {
			t.Errorf("%s: %+v, %v", date, got, err)
		}
	}
	for _, text := range []string{"", "{}", `{"resourceType":"Patient"}`, "[", `{"resourceType":"Bundle","entry":[]}`} {
		if _, err := apidesc.ReadCapability(strings.NewReader(text), "metadata.json"); exit.Of(err) != exit.Usage {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestRefused: what is fetched nowhere, and what is cut at any place.
func TestRefused(t *testing.T) {
	_, _, err := read(`{"openapi":"3.0.0","paths":{"/a":{"$ref":"https://x.example/C4N4RY.json"},"/b":{"$ref":"other.yaml#/C4N4RY"},"/c":{"get":{}}}}`)
	if exit.Of(err) != exit.Usage || len(exit.List(err)) != 2 || strings.Contains(err.Error(), "C4N4RY") || !strings.Contains(err.Error(), "not fetched") {
		t.Errorf("%v", err)
	}
	for name, text := range samples() {
		for i := range len(text) {
			_, _, err := read(text[:i])
			if err != nil && (exit.Of(err) != exit.Usage || strings.Contains(err.Error(), "C4N4RY")) {
				t.Fatalf("%s cut at %d: %v", name, i, err)
			}
		}
	}
	for what, text := range map[string]string{
		"nothing": `{"openapi":"3.0.0","paths":{}}`, "deep": `{"openapi":"3.0.0","paths":` + strings.Repeat(`{"a":`, 5000),
		"yaml bomb": "openapi: 3.0.0\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
	} {
		if _, _, err := read(text); exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestDetection: only a member of the document itself makes it a description.
func TestDetection(t *testing.T) {
	for text, want := range map[string]string{
		`{"info":{"title":"\"openapi\":1"},"openapi" : "3.1.0","paths":{}}`:  "OpenAPI description",
		`{"item":[{"openapi":"3.0.0"}],"name":"swagger","x":"\"openapi\":"}`: "",
		`{"a":{"swagger":"2.0"}}`: "", `{"a":1} {"openapi":"3.0.0"}`: "", `{"openapi`: "", `{"a":"\`: "", `[{"openapi":"3.0.0"}]`: "",
		"{\"a\":{\n\"openapi\":\"3.0.0\"}}": "",
		"'openapi': 3.0.0\n":                "OpenAPI description (YAML)", "\"swagger\" : '2.0'\n": "OpenAPI description (YAML)", "openapi-generator: 3\n": "", "a:\n  openapi: 3.0.0\n": "",
	} {
		if _, format, _ := read(text); format != want {
			t.Errorf("%q is taken for %q", text, format)
		}
	}
	for _, version := range []string{`"openapi":"4.0.0"`, `"swagger":"1.2"`, `"openapi":"30"`, `"openapi":null`, `"openapi":{"C4N4RY":1}`} {
		_, _, err := read(`{` + version + `,"paths":{"/a":{"get":{}}}}`)
		if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "other than OpenAPI 3 and Swagger 2.0") || strings.Contains(err.Error(), "C4N4RY") {
			t.Errorf("%s: %v", version, err)
		}
	}
}

// TestReferences: a path that refers to others has their operations and servers,
// and none is lost in silence.
func TestReferences(t *testing.T) {
	items := ""
	for i := range 12 {
		items += fmt.Sprintf(`"p%d":{"$ref":"#/components/pathItems/p%d"},`, i, i+1)
	}
	doc := func(ref string) string {
		return `{"openapi":"3.0.0","paths":{"/a":{"$ref":"` + ref + `","post":{}}},"components":{"pathItems":{` + items +
			`"remote":{"$ref":"C4N4RY.yaml"},"circle":{"$ref":"#/components/pathItems/circle"},"/x{y}":{"get":{}},"p12":{"servers":[{"url":"https://h.example/b"}],"get":{},"post":{}}}}}`
	}
	for ref, want := range map[string]string{"#/components/pathItems/p4": "post h.example /b/a, get h.example /b/a", "#/components/pathItems/~1x%7By%7D": "post  /a, get  /a"} {
		sink, _, err := read(doc(ref))
		var got []string
		for _, o := range sink.list {
			got = append(got, o.Method+" "+o.Host+" "+o.Path)
		}
		if err != nil || strings.Join(got, ", ") != want {
			t.Errorf("%s: %v, %v", ref, got, err)
		}
	}
	for _, place := range []string{"p1", "remote", "circle", "C4N4RY"} {
		if _, _, err := read(doc("#/components/pathItems/" + place)); exit.Of(err) != exit.Usage || len(exit.List(err)) != 1 || strings.Contains(err.Error(), "C4N4RY") {
			t.Errorf("%s: %v", place, err)
		}
	}
}

// TestServers: of an address, host and path count.
func TestServers(t *testing.T) {
	for address, want := range map[string]string{
		"https://u:C4N4RY@h.example/api/?a=1#b": "h.example /api/a", "https://{host}/api": " /api/a", "//h.example": "h.example /a", "/api?x#y": " /api/a", "https://{known}.example": "k.example /a",
	} {
		sink, _, err := read(`{"openapi":"3.0.0","servers":[{"url":"` + address + `","variables":{"known":{"default":"k"},"host":{}}}],"paths":{"/a?b=C4N4RY":{"get":{}}}}`)
		if err != nil || len(sink.list) != 1 || sink.list[0].Host+" "+sink.list[0].Path != want {
			t.Errorf("%s: %+v, %v", address, sink.list, err)
		}
	}
	sink, _, err := read(`{"swagger":"2.0","host":"u:p@h.example/x","basePath":"/b?c","paths":{"/a":{"get":{}}}}`)
	if err != nil || len(sink.list) != 1 || sink.list[0].Host+" "+sink.list[0].Path != "h.example /b/a" {
		t.Errorf("%+v, %v", sink.list, err)
	}
	sink, _, err = read("openapi: 3.0.0\nx-a: &a {get: {}}\npaths: {/a: {<<: *a, put: {}}}\n")
	if err != nil || len(sink.list) != 2 {
		t.Errorf("merged: %+v, %v", sink.list, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range samples() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, format := range apidesc.Formats() {
			if _, err := format.Read(strings.NewReader(text), "x", &kept{}); err != nil && exit.Of(err) != exit.Usage {
				t.Errorf("%s: %v", format.Name, err)
			}
		}
	})
}
