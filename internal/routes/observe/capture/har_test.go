package capture

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/routes/infer"
)

func harDoc(entries string) string {
	return `{"log":{"version":"1.2","creator":{"name":"x"},"entries":[` + entries + `]}}`
}

func TestHARFlavours(t *testing.T) {
	seen := func(method, host, path, query string, status int) infer.Observation {
		return infer.Observation{Kind: infer.Seen, Format: "har", Method: method, Host: host, Path: path, Query: query, Status: status}
	}
	fhir := seen("GET", "h", "/p", "", 200)
	fhir.FHIR = true
	preflight := seen("OPTIONS", "h", "/p", "", 204)
	preflight.Preflight = true
	for _, c := range []struct {
		name, doc string
		want      []infer.Observation
		records   int64
	}{
		{"chrome", harDoc(`{"_initiator":{"type":"script","stack":{"url":"https://no/no"}},"_priority":"High","request":{"method":"GET","url":"https://h/p?a=b#f",
			"httpVersion":"h2","headers":[{"name":":authority","value":"h"},{"name":"accept","value":"*/*"}],"cookies":[{"name":"n","value":"v"}]},
			"response":{"status":200,"headers":[],"content":{"size":1,"mimeType":"application/json","text":"{\"url\":\"https://no\"}"}},"time":12.345}`),
			[]infer.Observation{seen("GET", "h", "/p", "a=b", 200)}, 1},
		{"pages behind entries", `{"log":{"entries":[{"request":{"url":"http://h:81/p","method":"PUT"}}],"pages":[{"id":"p"}],"version":"1.1"}}`,
			[]infer.Observation{seen("PUT", "h:81", "/p", "", 0)}, 1},
		{"fiddler", "\xef\xbb\xbf" + harDoc(`{"response":{"status":204},"request":{"method":"GET","url":"https://h/p"},"comment":"[#1]"}`),
			[]infer.Observation{seen("GET", "h", "/p", "", 204)}, 1},
		{"blocked", harDoc(`{"request":{"method":"GET","url":"https://h/p"},"response":{"status":0,"_error":"net::ERR"}}`),
			[]infer.Observation{seen("GET", "h", "/p", "", 0)}, 1},
		{"no calls", harDoc(`{"request":{"method":"GET","url":"data:image/png;base64,AAAA"}},{"request":{"method":"GET","url":"wss://h/p"}},{},null,7,
			{"request":{"method":"GET"}},{"request":{"url":"https://h/p"}},{"request":{"method":"CONNECT","url":"http://h:443"}},{"request":[],"response":"x"}`),
			nil, 9},
		{"fhir by the answer", harDoc(`{"request":{"method":"GET","url":"https://h/p"},"response":{"status":200,"content":{"mimeType":"application/fhir+json; charset=utf-8"}}}`),
			[]infer.Observation{fhir}, 1},
		{"fhir by the body", harDoc(`{"request":{"method":"GET","url":"https://h/p","postData":{"mimeType":"application\/FHIR\u002bjson","text":"x"}},"response":{"status":"200"}}`),
			[]infer.Observation{fhir}, 1},
		{"preflight", harDoc(`{"request":{"method":"OPTIONS","url":"https://h/p","headers":[{"value":"x","name":"Origin"}]},"response":{"status":204}}`),
			[]infer.Observation{preflight}, 1},
		{"two documents", harDoc(`{"request":{"method":"GET","url":"https://h/a"}}`) + "\n" + harDoc(`{"request":{"method":"GET","url":"https://h/b"}}`),
			[]infer.Observation{seen("GET", "h", "/a", "", 0), seen("GET", "h", "/b", "", 0)}, 2},
		{"escapes", harDoc(`{"re\u0071uest":{"\u006dethod":"G\u0045T","url":"https:\/\/h\/\u0070"}}`),
			[]infer.Observation{seen("GET", "h", "/p", "", 0)}, 1},
		{"url of 70,000 bytes", harDoc(`{"request":{"method":"GET","url":"https://h/` + strings.Repeat("x", 70_000) + `"}}`), nil, 1},
	} {
		got, n, err := observed(t, ReadHAR, c.doc)
		if diff := cmp.Diff(c.want, got.all); diff != "" || err != nil || n != c.records {
			t.Errorf("%s: %d records, %v (-want +got)\n%s", c.name, n, err, diff)
		}
	}
}

func TestHARWithoutEntries(t *testing.T) {
	want := "capture: is a HAR without a single entry; record again with the network panel open before the first request"
	for _, doc := range []string{`{"log":{"entries":[]}}`, `{"log":{"version":"1.2"}}`, `{"log":{"entries":{"0":{}}}}`, `[]`, `{}`} {
		if _, _, err := observed(t, ReadHAR, doc); err == nil || err.Error() != want {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestHARLost(t *testing.T) {
	got, n, err := observed(t, ReadHAR, harDoc(`{"request":{"method":"GET","url":"https://h/`+strings.Repeat("x", 70_000)+`"}},{"request":{}},{}`))
	if want := "[3 entries have no address, or one of more than 64 KiB, and were left out]"; fmt.Sprint(got.notices) != want || n != 3 || err != nil {
		t.Errorf("%d, %v, %v", n, got.notices, err)
	}
}

func TestHARSanitised(t *testing.T) {
	entry := `{"request":{"method":"GET","url":"https://h/p","headers":[{"name":"%s"}]}}`
	for header, notices := range map[string]int{"Cookie": 1, "AUTHORIZATION": 0} {
		got, _, err := observed(t, ReadHAR, harDoc(fmt.Sprintf(entry, header)))
		if err != nil || len(got.notices) != notices {
			t.Errorf("%s: %v, %q", header, err, got.notices)
		}
	}
}

// TestHARCanaries puts a unique text into every position that has a value. The
// sink may see those of the address; nothing else may.
func TestHARCanaries(t *testing.T) {
	number := 0
	canary := func() string { number++; return fmt.Sprintf("canary%02d", number) }
	path, query := canary(), canary()
	pair := func() string {
		return `{"name":"` + canary() + `","value":"` + canary() + `","comment":"` + canary() + `"}`
	}
	doc := `{"` + canary() + `":1,"log":{"comment":"` + canary() + `","creator":{"name":"` + canary() + `"},"pages":[{"title":"` + canary() + `"}],"entries":[{` +
		`"_initiator":{"url":"` + canary() + `"},"pageref":"` + canary() + `","serverIPAddress":"` + canary() + `","` + canary() + `":"` + canary() + `",` +
		`"request":{"method":"GET","url":"https://` + canary() + `:` + canary() + `@h/` + path + `?q=` + query + `#` + canary() + `","httpVersion":"` + canary() + `",` +
		`"headers":[` + pair() + `,` + pair() + `],"cookies":[` + pair() + `],"queryString":[` + pair() + `],` +
		`"postData":{"mimeType":"` + canary() + `","text":"` + canary() + `","params":[` + pair() + `]}},` +
		`"response":{"status":200,"statusText":"` + canary() + `","headers":[` + pair() + `],"cookies":[` + pair() + `],"redirectURL":"` + canary() + `",` +
		`"content":{"mimeType":"` + canary() + `","text":"` + canary() + `","url":"` + canary() + `"}},"cache":{"beforeRequest":{"eTag":"` + canary() + `"}}}]}}`
	got, _, err := observed(t, ReadHAR, doc)
	if err != nil {
		t.Fatal(err)
	}
	want := []infer.Observation{{Kind: infer.Seen, Format: "har", Method: "GET", Host: "h", Path: "/" + path, Query: "q=" + query, Status: 200}}
	if diff := cmp.Diff(want, got.all); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(fmt.Sprint(got.notices), "canary") {
		t.Errorf("%q", got.notices)
	}
	// Broken at every place, by a character that may not be there: no word of it may show.
	for i := range doc {
		if doc[i] != ':' && doc[i] != ',' && doc[i] != '}' {
			continue
		}
		if _, err := ReadHAR(strings.NewReader(doc[:i]+"!"+doc[i+1:]), "capture", &list{}); err != nil && strings.Contains(err.Error(), "canary") {
			t.Fatalf("broken at %d: %v", i, err)
		}
	}
}

func FuzzHAR(f *testing.F) {
	fuzz(f, ReadHAR, ``, `{}`, `{"log":{"entries":[]}}`, harDoc(`{"request":{"method":"GET","url":"https://h/p?q#f","headers":[{"name":"Origin"}]},"response":{"status":200,"content":{"mimeType":"application/fhir+json"}}}`),
		harDoc(`{"request":{"method":"\ud800","url":"http://@"}}`), "\xef\xbb\xbf"+harDoc(`null`), harDoc(`{"request":[{"method":1}]`), `{"log":[{"entries":7}]}`)
}
