package capture

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/routes/infer"
)

func otlpDoc(spans string) string {
	return `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"s"}}]},"scopeSpans":[{"scope":{"name":"n"},"spans":[` + spans + `]}]}]}`
}

// span writes a span of a kind and attributes: name, value, name, value. A
// value that is a number is written as the JSON form has integers.
func span(kind string, attributes ...string) string {
	var all []string
	for i := 0; i < len(attributes); i += 2 {
		form := `{"key":"%s","value":{"stringValue":"%s"}}`
		if status([]byte(attributes[i+1])) != 0 || strings.HasSuffix(attributes[i], "port") {
			form = `{"value":{"intValue":"%[2]s"},"key":"%[1]s"}`
		}
		all = append(all, fmt.Sprintf(form, attributes[i], attributes[i+1]))
	}
	return `{"traceId":"t","name":"GET","kind":` + kind + `,"attributes":[` + strings.Join(all, ",") + `],"status":{"code":1}}`
}

func TestOTLP(t *testing.T) {
	trace := func(method, host, path, query string, status int, template bool) []infer.Observation {
		return []infer.Observation{{Kind: infer.Trace, Format: "otlp", Method: method, Host: host, Path: path, Query: query, Status: status, Template: template}}
	}
	for _, c := range []struct {
		name, span string
		want       []infer.Observation
	}{
		{"client", span("3", "http.request.method", "GET", "url.full", "https://h/p?q=1", "http.response.status_code", "200"), trace("GET", "h", "/p", "q=1", 200, false)},
		{"former names", span(`"SPAN_KIND_CLIENT"`, "http.method", "PUT", "http.url", "https://h/p", "http.status_code", "404"), trace("PUT", "h", "/p", "", 404, false)},
		{"target", span("3", "http.method", "GET", "http.target", "/p?q=1", "net.peer.name", "h", "net.peer.port", "8443"), trace("GET", "h:8443", "/p", "q=1", 0, false)},
		{"path and query", span("3", "http.request.method", "GET", "url.path", "/p", "url.query", "q=1", "server.address", "h", "server.port", "443"), trace("GET", "h", "/p", "q=1", 0, false)},
		{"template", span("3", "http.request.method", "GET", "url.full", "https://h/p/1?q=1", "url.template", "/p/{id}"), trace("GET", "h", "/p/{id}", "", 0, true)},
		{"template without parameters", span("3", "http.request.method", "GET", "url.full", "https://h/p/1", "url.template", "/p"), trace("GET", "h", "/p/1", "", 0, false)},
		{"server with a route", span("2", "http.request.method", "GET", "url.path", "/p/1", "http.route", "/p/:id", "server.address", "h"), trace("GET", "h", "/p/:id", "", 0, true)},
		{"route without a slash", span("2", "http.request.method", "GET", "http.route", "p/{id}"), trace("GET", "", "/p/{id}", "", 0, true)},
		{"route that is a path", span("2", "http.request.method", "GET", "http.route", "/p/17"), trace("GET", "", "/p/17", "", 0, false)},
		{"server without a route", span("2", "http.request.method", "GET", "url.path", "/p"), nil},
		{"inner span", span("1", "http.request.method", "GET", "url.full", "https://h/p"), nil},
		{"no attributes of HTTP", span("3", "db.system", "x", "url", "https://h/p"), nil},
		{"nothing", `{},null,3`, nil},
		{"odd values", `{"kind":3,"attributes":[null,{"key":1},{"key":"http.method","value":[]},{"key":"http.method","value":{"arrayValue":{"values":[{"stringValue":"GET"}]}}}]}`, nil},
	} {
		got, _, err := observed(t, ReadOTLP, otlpDoc(c.span))
		if diff := cmp.Diff(c.want, got.all); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", c.name, err, diff)
		}
	}
}

func TestOTLPForms(t *testing.T) {
	call := span("3", "http.method", "GET", "http.url", "https://h/p")
	one := otlpDoc(call)
	for name, doc := range map[string]string{
		"lines":      one + "\n" + `{"resourceMetrics":[]}` + "\r\n" + one + "\n",
		"array":      "[" + one + "," + one + "]",
		"old scopes": strings.ReplaceAll(otlpDoc(call+","+call), "scopeSpans", "instrumentationLibrarySpans"),
		"snake":      strings.NewReplacer("scopeSpans", "scope_spans", "resourceSpans", "resource_spans", "stringValue", "string_value").Replace(one + one),
	} {
		got, n, err := observed(t, ReadOTLP, doc)
		if err != nil || n != 2 || len(got.all) != 2 {
			t.Errorf("%s: %d, %d, %v", name, n, len(got.all), err)
		}
	}
	if _, n, err := observed(t, ReadOTLP, `{"resourceSpans":[]}`); n != 0 || err != nil {
		t.Errorf("no spans: %d, %v", n, err)
	}
}

func TestOTLPCanaries(t *testing.T) {
	doc := strings.NewReplacer(`"t"`, `"canary"`, `"s"`, `"canary"`, `"n"`, `"canary"`).Replace(otlpDoc(
		span("3", "http.method", "GET", "http.url", "https://canary:canary@h/p#canary", "http.request.header.authorization", "canary", "enduser.id", "canary",
			"canary", "canary", "http.request.body", "canary", "http.user_agent", "canary")))
	got, _, err := observed(t, ReadOTLP, doc)
	if err != nil || len(got.all) != 1 || strings.Contains(fmt.Sprintf("%+v %q", got.all, got.notices), "canary") {
		t.Errorf("%v, %+v, %q", err, got.all, got.notices)
	}
	for i := range doc {
		if _, err := ReadOTLP(strings.NewReader(doc[:i]+"!"+doc[i+1:]), "capture", &list{}); err != nil && strings.Contains(err.Error(), "canary") {
			t.Fatalf("broken at %d: %v", i, err)
		}
	}
}

func FuzzOTLP(f *testing.F) {
	fuzz(f, ReadOTLP, ``, `{}`, otlpDoc(``), otlpDoc(span("3", "http.method", "GET", "http.url", "https://h/p", "server.port", "1")),
		otlpDoc(span("2", "http.method", "GET", "http.route", "p/{id}?x#y")), otlpDoc(`{"kind":3,"attributes":[{"value":{"intValue":7},"key":"http.target"}]}`),
		`[`+otlpDoc(`null`)+`]`, otlpDoc(span("3", "http.method", "GET", "url.path", "/p?x#y", "url.query", "?")))
}
