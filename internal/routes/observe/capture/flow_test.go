package capture

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
)

// net writes a typed netstring.
func net(kind string, parts ...string) string {
	all := strings.Join(parts, "")
	return fmt.Sprintf("%d:%s%s", len(all), all, kind)
}

func text(s string) string { return net(";", s) }
func raw(s string) string  { return net(",", s) }

// flowDoc writes a flow to https://h whose headers and body have secret values.
func flowDoc(method, path, secret string) string {
	return flowWith(method, path, secret, net("]", raw("Content-Type"), raw("application/json")))
}

func flowWith(method, path, secret, header string) string {
	headers := net("]", net("]", raw("authorization"), raw(secret)), header)
	request := net("}", text("http_version"), raw("HTTP/2.0"), text("headers"), headers, text("content"), raw(secret+`\"}]`), text("trailers"), net("~"),
		text("timestamp_start"), net("^", "1.5"), text("host"), text("h"), text("port"), net("#", "443"), text("method"), raw(method),
		text("scheme"), raw("https"), text("authority"), raw(""), text("path"), raw(path))
	response := net("}", text("status_code"), net("#", "200"), text("reason"), raw(secret), text("headers"), headers, text("content"), raw(secret))
	return net("}", text("version"), net("#", "21"), text("type"), text("http"), text("id"), text(secret), text("error"), net("~"),
		text("client_conn"), net("}", text("sni"), text(secret)), text("request"), request, text("response"), response, text("websocket"), net("~"))
}

func TestFlows(t *testing.T) {
	seen := infer.Observation{Kind: infer.Seen, Format: "mitmproxy", Method: "GET", Host: "h", Path: "/p", Query: "q=1", Status: 200}
	fhir, preflight, authority, port := seen, seen, seen, seen
	fhir.FHIR = true
	preflight.Method, preflight.Preflight = "OPTIONS", true
	authority.Host = "name"
	port.Host = "h:8443"
	plain := flowDoc("GET", "/p?q=1", "CANARY")
	// swap replaces a part by one of the same length, so that all lengths stay right.
	swap := func(from, to string) string {
		if len(from) != len(to) || !strings.Contains(plain, from) {
			t.Fatalf("the test swaps %q and %q", from, to)
		}
		return strings.ReplaceAll(plain, from, to)
	}
	for _, c := range []struct {
		name, doc string
		want      []infer.Observation
		records   int64
	}{
		{"one", plain, []infer.Observation{seen}, 1},
		{"two", plain + plain, []infer.Observation{seen, seen}, 2},
		{"keys as bytes", strings.NewReplacer("7:request;", "7:request,", "4:path;", "4:path,", "8:response;", "8:response,").Replace(plain), []infer.Observation{seen}, 1},
		{"fhir", flowWith("GET", "/p?q=1", "CANARY", net("]", raw("Accept"), raw("application/fhir+json"))), []infer.Observation{fhir}, 1},
		{"preflight", flowWith("OPTIONS", "/p?q=1", "CANARY", net("]", raw("Origin"), raw("CANARY"))), []infer.Observation{preflight}, 1},
		{"another port", portFlow(), []infer.Observation{port}, 1},
		{"tcp", swap("4:type;4:http;", "4:type;4:tcp_;"), nil, 1},
		{"long path", flowDoc("GET", "/"+strings.Repeat("x", flowText), ""), nil, 1},
		{"asterisk", flowDoc("OPTIONS", "*", ""), nil, 1},
		{"tunnel", flowDoc("CONNECT", "/", ""), nil, 1},
		{"no request", net("}", text("type"), text("http"), text("request"), net("~")), nil, 1},
		{"empty flow", "0:}", nil, 1},
	} {
		got, n, err := observed(t, ReadFlows, c.doc)
		if diff := cmp.Diff(c.want, got.all); diff != "" || err != nil || n != c.records {
			t.Errorf("%s: %d records, %v (-want +got)\n%s", c.name, n, err, diff)
		}
		if strings.Contains(fmt.Sprint(got.notices, got.all), "CANARY") {
			t.Errorf("%s: %q %v", c.name, got.notices, got.all)
		}
	}
}

func portFlow() string {
	request := net("}", text("host"), text("h"), text("port"), net("#", "8443"), text("method"), raw("GET"), text("scheme"), raw("https"), text("path"), raw("/p?q=1"))
	return net("}", text("request"), request, text("response"), net("}", text("status_code"), net("#", "200")))
}

func TestHostileFlows(t *testing.T) {
	for name, doc := range map[string]string{
		"length of 13 digits":      "1234567890123:x}",
		"length beyond the parent": "12:4:type;999:x,}",
		"length beyond the file":   "999999999999:4:type;",
		"body beyond the file":     "999999999999:7:content;999999999000:x",
		"no digits":                ":x}",
		"negative":                 "-1:x}",
		"odd number of members":    net("}", text("type")),
		"inner member too long":    "14:7:request;5:1:x,}}",
		"text for a request":       net("}", text("request"), text("CANARY")),
	} {
		_, _, err := observed(t, ReadFlows, doc)
		if err == nil || exit.Of(err) != exit.Usage || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := observed(t, ReadFlows, ""); err == nil || err.Error() != "capture: is a flow file without a flow; record again" {
		t.Errorf("%v", err)
	}
}

func FuzzFlows(f *testing.F) {
	fuzz(f, ReadFlows, ``, flowDoc("GET", "/p?q=1#f", "secret"), portFlow()+portFlow(), "0:}", "999999999999:4:type;", net("}", text("request"), net("]", raw("a"))))
}
