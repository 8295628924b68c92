package collection_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/collection"
)

type kept struct{ list []infer.Observation }

func (k *kept) Add(o infer.Observation) error {
	k.list = append(k.list, o)
	return nil
}

// read reads with the first format that knows the text.
func read(text, name string) (*kept, string, error) {
	sink := &kept{}
	for _, f := range collection.Formats() {
		if f.Detect([]byte(text)[:min(len(text), 64<<10)], name) {
			_, err := f.Read(strings.NewReader(text), name, sink)
			return sink, f.Name, err
		}
	}
	return sink, "", nil
}

const secret = "C4N4RYsecret"

// samples are requests to the same routes, saved by each program.
func samples() map[string]string {
	return map[string]string{
		"a.postman_collection.json": `{"info":{"name":"` + secret + `","schema":"https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
 "item":[{"name":"folder","item":[{"name":"x","request":{"method":"GET","auth":{"bearer":[{"key":"token","value":"` + secret + `"}]},
   "header":[{"key":"Authorization","value":"` + secret + `"}],"body":{"raw":"` + secret + `"},
   "url":{"raw":"stale","protocol":"https","host":["nativeapi","nextgen","com"],"path":["nge","prod","nge-api","api","persons",":personId"],
     "query":[{"key":"a","value":"1"},{"key":"b","value":"2","disabled":true}],"variable":[{"key":"personId","value":"` + secret + `"}]}},
   "response":[{"originalRequest":{"method":"PUT","url":"https://x.example/` + secret + `"},"body":"` + secret + `"}]}]},
  {"request":{"method":"POST","url":"{{baseUrl}}/appointments"}},
  {"request":{"method":"GET","url":{"host":["{{host}}"],"path":["persons",{"type":"string","value":"lookup"}]}}},
  {"request":"https://nativeapi.nextgen.com/nge/prod/nge-api/api/master/practices"}],
 "variable":[{"key":"host","value":"https://gw.example.com/nge"},{"key":"token","value":"` + secret + `"}],"event":[{"script":{"exec":["` + secret + `"]}}]}`,
		"b.json": `{"_type":"export","__export_format":4,"resources":[{"_type":"request_group","name":"` + secret + `"},
 {"_type":"request","name":"` + secret + `","method":"GET","url":"https://nativeapi.nextgen.com/nge/prod/nge-api/api/persons/{{ _.personId }}","parameters":[{"name":"a","value":"1"},{"name":"b","value":"2","disabled":true}],
  "headers":[{"name":"Authorization","value":"` + secret + `"}],"body":{"text":"` + secret + `"},"authentication":{"token":"` + secret + `"}},
 {"_type":"request","method":"POST","url":"{{ _.base_url }}/appointments"},{"_type":"environment","data":{"base_url":"x","token":"` + secret + `"}}]}`,
		"c.yaml": "type: collection.insomnia.rest/5.0\nname: " + secret + "\ncollection:\n  - name: f\n    children:\n      - name: " + secret + "\n        method: GET\n" +
			"        url: https://nativeapi.nextgen.com/nge/prod/nge-api/api/persons/{{personId}}\n        headers: [{name: Authorization, value: " + secret + "}]\n        parameters: [{name: a, value: '1'}]\n" +
			"  - method: POST\n    url: \"{{ _.base_url }}/appointments\"\n    body: {text: " + secret + "}\n",
		"d.bru": "meta {\n  name: " + secret + "\n}\n\nget {\n  url: https://nativeapi.nextgen.com/nge/prod/nge-api/api/persons/:personId?a=1\n  auth: bearer\n}\n\nparams:query {\n  a: 1\n}\n\n" +
			"headers {\n  url: " + secret + "\n}\n\nbody:json {\n  {\"url\": \"" + secret + "\"}\n}\n",
		"e.http": "@token = " + secret + "\n@base = https://nativeapi.nextgen.com/nge/prod/nge-api/api\n### " + secret + "\n# " + secret + "\nGET {{base}}/persons/{{personId}}\n    ?a=1\n    &c=3 HTTP/1.1\n" +
			"Authorization: Bearer " + secret + "\n\n{\"t\": \"" + secret + "\"}\nGET https://body.example/" + secret + "\n\n###\nPOST {{other.url}}/appointments HTTP/1.1\nContent-Type: text/plain\n\n< ./" + secret + ".txt\n" +
			"> {% client.log(\"" + secret + "\") %}\n",
	}
}

func TestRead(t *testing.T) {
	want := map[string][]string{
		"a.postman_collection.json": {
			"GET nativeapi.nextgen.com /nge/prod/nge-api/api/persons/:personId a=1", "POST  /{{baseUrl}}/appointments ",
			"GET gw.example.com /nge/persons/lookup ", "GET nativeapi.nextgen.com /nge/prod/nge-api/api/master/practices "},
		"b.json": {"GET nativeapi.nextgen.com /nge/prod/nge-api/api/persons/{{personId}} a=1", "POST  /{{base_url}}/appointments "},
		"c.yaml": {"GET nativeapi.nextgen.com /nge/prod/nge-api/api/persons/{{personId}} a=1", "POST  /{{base_url}}/appointments "},
		"d.bru":  {"GET nativeapi.nextgen.com /nge/prod/nge-api/api/persons/:personId a=1"},
		"e.http": {"GET nativeapi.nextgen.com /nge/prod/nge-api/api/persons/{{personId}} a=1&c=3", "POST  /{{other.url}}/appointments "},
	}
	for name, text := range samples() {
		sink, format, err := read(text, name)
		if err != nil || format == "" {
			t.Errorf("%s: %q, %v", name, format, err)
		}
		var got []string
		for _, o := range sink.list {
			got = append(got, fmt.Sprintf("%s %s %s %s", o.Method, o.Host, o.Path, o.Query))
			if o.Kind != infer.Collection || !o.Template {
				t.Errorf("%s: %+v", name, o)
			}
		}
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if strings.Contains(fmt.Sprint(sink.list), secret) {
			t.Errorf("%s: a secret came through", name)
		}
	}
}

// TestBroken: cut at every place, nothing panics, and no error repeats content.
func TestBroken(t *testing.T) {
	for name, text := range samples() {
		for i := range len(text) {
			_, _, err := read(text[:i], name)
			if err != nil && (exit.Of(err) != exit.Usage || strings.Contains(err.Error(), "C4N4RY")) {
				t.Fatalf("%s cut at %d: %v", name, i, err)
			}
		}
	}
	for what, text := range map[string]string{
		"deep":  `{"info":{"schema":"https://schema.getpostman.com/json/collection/v2.1.0/"},"item":` + strings.Repeat(`[{"item":`, 5000),
		"bomb":  "type: collection.insomnia.rest/5.0\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\ncollection: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\n",
		"cycle": "type: collection.insomnia.rest/5.0\ncollection: &a [*a]\n",
	} {
		if _, _, err := read(text, "x"); exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// TestDetection: no other evidence is taken for a collection.
func TestDetection(t *testing.T) {
	for _, text := range []string{
		"", "{}", `{"log":{"version":"1.2","entries":[{"request":{"method":"GET"}}]}}`, "method,path,count\nGET,/persons,1\n",
		`127.0.0.1 - - [01/Nov/2026:10:00:00 +0000] "GET /persons HTTP/1.1" 200 5`, "openapi: 3.0.0\npaths: {}\n", "hello\nworld\n",
		"#Version: 1.0\n#Fields: cs-method cs-uri-stem sc-status\nGET /a 200\n", "#Software: x\nGET https://h.example/p\n",
		"GET https://h.example/p 200 12ms\n", "GET /a 200\n", "GET /a\n", "GET https://h.example/p HTTP/1.1 200\n",
	} {
		if _, format, _ := read(text, "x.txt"); format != "" {
			t.Errorf("%q is taken for %s", text, format)
		}
	}
}

// TestHTTPDetection: a request alone, a divider or the name shows a .http file.
func TestHTTPDetection(t *testing.T) {
	for text, name := range map[string]string{
		"GET https://h.example/p HTTP/1.1\nAccept: x\n": "x", "GET {{ base }}/p\n": "x", "https://h.example/p\n": "x", "### a\nGET /a\nHost: h.example\n": "x",
		"GET /a\n": "x.http", "PUT /b\n": "x.rest",
	} {
		if _, format, err := read(text, name); format != ".http requests" || err != nil {
			t.Errorf("%q is taken for %q, %v", text, format, err)
		}
	}
}

// TestDetails: what each program has of its own.
func TestDetails(t *testing.T) {
	const postman = `{"info":{"schema":"https://schema.getpostman.com/json/collection/v2.1.0/"},`
	for text, want := range map[string]string{
		postman + `"item":[{"request":"wss://h.example/a"},{"request":"WS://h.example/a"},{"request":"https://h.example/b"}]}`:                                            "GET h.example /b ",
		postman + `"variable":[{"key":"u","value":"https://no.example","disabled":true},{"key":"u","value":"https://h.example"}],"item":[{"request":"{{u}}/b"}]}`:         "GET h.example /b ",
		postman + `"variable":[{"key":"u","value":"https://h.example"},{"key":"u","value":"https://no.example","disabled":true}],"item":[{"request":"{{u}}/b"}]}`:         "GET h.example /b ",
		postman + `"item":[{"request":{"url":{"host":["h","example"],"path":["b"],"query":[{"key":"x","value":"a&b=c#d"},{"key":"y","value":"1"}]}}}]}`:                   "GET h.example /b x=a%26b=c%23d&y=1",
		`{"_type":"export","__export_format":4,"resources":[{"_type":"request","method":"GET","url":"https://h.example/b","parameters":[{"name":"x","value":"a&b=c"}]}]}`: "GET h.example /b x=a%26b=c",
		"### a\nGET https://h.example\n  /b\n\t/c\n  ?x=1\nAccept: x\n  /d\n":                                                                                             "GET h.example /b/c x=1",
		"### a\nGET https://h.example/b\n  // no part\n/c\n":                                                                                                              "GET h.example /b ",
	} {
		sink, _, err := read(text, "x")
		var got []string
		for _, o := range sink.list {
			got = append(got, fmt.Sprintf("%s %s %s %s", o.Method, o.Host, o.Path, o.Query))
		}
		if err != nil || strings.Join(got, ", ") != want {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{postman + `"item":[]}`, postman + `"item":[{"request":"ws://h.example/C4N4RY"}]}`, `{"__export_format":4,"_type":"export"}`, "type: collection.insomnia.rest/5.0\n"} {
		if _, _, err := read(text, "x"); exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "holds no request") || strings.Contains(err.Error(), "C4N4RY") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for name, text := range samples() {
		f.Add(text, name)
	}
	f.Fuzz(func(t *testing.T, text, name string) {
		for _, format := range collection.Formats() {
			if _, err := format.Read(strings.NewReader(text), name, &kept{}); err != nil && exit.Of(err) != exit.Usage {
				t.Errorf("%s: %v", format.Name, err)
			}
		}
	})
}
