package accesslog_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/accesslog"
)

type sink struct {
	got     []infer.Observation
	notices []string
	fail    error
}

func (s *sink) Add(o infer.Observation) error { s.got = append(s.got, o); return s.fail }
func (s *sink) Notice(text string)            { s.notices = append(s.notices, text) }

// format is the first one that wants the text.
func format(t testing.TB, head string) accesslog.Format {
	t.Helper()
	for _, f := range accesslog.Formats() {
		if f.Detect([]byte(head), "x") {
			return f
		}
	}
	t.Fatalf("nobody wants %.300q", head)
	return accesslog.Format{}
}

func named(name string) accesslog.Format {
	for _, f := range accesslog.Formats() {
		if f.Name == "access-log-"+name {
			return f
		}
	}
	panic(name)
}

// short writes an observation as METHOD host path query status.
func short(o infer.Observation) string {
	text := strings.Join([]string{o.Method, o.Host, o.Path, o.Query}, "|")
	if o.Status > 0 {
		text += "|" + string(rune('0'+o.Status/100)) + "xx"
	}
	if o.Preflight {
		text += "|preflight"
	}
	return text
}

func TestForms(t *testing.T) {
	const w3cHead = "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-11-25 00:00:00\n"
	for _, test := range []struct{ form, log, want string }{
		{"combined", `10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] "GET /persons/1?a=b HTTP/1.1" 200 12`, "GET||/persons/1|a=b|2xx"},
		{"combined", `10.0.0.1 - jo [25/Nov/2026:10:00:00 +0000] "PUT /persons/1 HTTP/2.0" 404 - "https://a/?x" "Mozilla \"5\""`, "PUT||/persons/1||4xx"},
		{"combined", `api.example.org:443 10.0.0.1 - jo [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 1 "-" "-"`, "GET|api.example.org|/a||2xx"},
		{"combined", `api.example.org:8443 ::1 - - [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 1`, "GET|api.example.org:8443|/a||2xx"},
		{"combined", `10.0.0.1 203.0.113.7 - - [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 1`, "GET||/a||2xx"},
		{"combined", `10.0.0.1 - jo [smith] x [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 1`, "GET||/a||2xx"},
		{"combined", `10.0.0.1 - - [2026-11-25T10:00:00+00:00] "GET /a HTTP/1.1" 200 1`, "GET||/a||2xx"},
		{"combined", `Nov 25 10:00:00 web nginx: 10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 1`, "GET||/a||2xx"},
		{"combined", `10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] "GET /a\"b/\x22/\\?q=\xC3\xA9 HTTP/1.1" 200 1`, "GET||/a%22b/%22/%5C|q=%C3%A9|2xx"},
		{"combined", `10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] "GET /a b c HTTP/1.1" 200 1`, "GET||/a%20b%20c||2xx"},
		{"combined", `10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] "GET https://u:p@nativeapi.nextgen.com/nge/prod/nge-api/api/persons?x=1#f HTTP/1.1" 201 1`,
			"GET|nativeapi.nextgen.com|/nge/prod/nge-api/api/persons|x=1|2xx"},
		{"combined", `10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] "GET http://h.example?x=1 HTTP/1.1" 200 1`, "GET|h.example|/|x=1|2xx"},
		{"combined", `10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] "GET /x" 200 1`, "GET||/x||2xx"},
		{"json", `{"time":"t","remote_addr":"10.0.0.1","request":"GET /persons?a=b HTTP/1.1","status":"200","http_host":"h.example:443"}`, "GET|h.example|/persons|a=b|2xx"},
		{"json", `{"request_method":"POST","uri":"/index","request_uri":"/persons","args":"a=b","status":500,"server_name":"_"}`, "POST||/persons|a=b|5xx"},
		{"json", `{"method":"GET","uri":"/persons","query_string":"","http_origin":"https://a"}`, "GET||/persons|"},
		{"json", `{"request_method":"OPTIONS","request_uri":"/persons","http_origin":"https://a","status":204}`, "OPTIONS||/persons||2xx|preflight"},
		{"json", `{"request_method":"OPTIONS","request_uri":"/persons","http_origin":"","status":204}`, "OPTIONS||/persons||2xx"},
		{"json", `{"level":"info","logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.1","proto":"HTTP/2.0","method":"OPTIONS","host":"h.example","uri":"/a?b=c","headers":{"Origin":["https://x"],"User-Agent":["u"]}},"status":200}`,
			"OPTIONS|h.example|/a|b=c|2xx|preflight"},
		{"json", `{"start_time":"t","method":"GET","path":"/Patient/1","authority":"fhir.nextgen.com","response_code":200,"upstream_host":"10.0.0.2:443","bytes_sent":1}`,
			"GET|fhir.nextgen.com|/Patient/1||2xx"},
		{"json", `{"RequestMethod":"GET","RequestPath":"/a","RequestHost":"h.example","DownstreamStatus":301}`, "GET|h.example|/a||3xx"},
		{"json", `{"http":{"request":{"method":"GET"},"response":{"status_code":200}},"url":{"original":"https://h.example/a?b=c"},"host":{"name":"web"}}`, "GET|h.example|/a|b=c|2xx"},
		{"json", `{"http.request.method":"GET","url.path":"/a","url.query":"b=c"}`, "GET||/a|b=c"},
		{"json", `{"httpRequest":{"requestMethod":"GET","requestUrl":"https://h.example/a","status":200}}`, "GET|h.example|/a||2xx"},
		{"json", `Nov 25 10:00:00 web nginx: {"req\u0075est":"GET \/a\u0022 HTTP/1.1"}`, "GET||/a%22|"},
		{"envoy", `[2026-11-25T10:00:00.310Z] "POST /api/v1/a?x=y HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "agent" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "h.example" "tcp://10.0.2.1:80"`,
			"POST|h.example|/api/v1/a|x=y|2xx"},
		{"envoy", `[2026-11-25T10:00:00.310Z] "GET /a HTTP/1.1" 503 UF 154 0 226 - "10.0.35.28" "ag"ent" "cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2" "h.example" "-"`, "GET||/a||5xx"},
		{"envoy", `[2026-11-25T10:00:00.310Z] "GET /a HTTP/1.1" 200 - via_upstream - "-" 0 1 2 1 "-" "agent" "id" "h.example:8080" "10.0.0.1:80" outbound|80||h 10.0.0.2:1 10.0.0.3:2 10.0.0.4:3 - default`,
			"GET|h.example:8080|/a||2xx"},
		{"envoy", `[2026-11-25T10:00:00.310Z] "GET /a"b HTTP/1.1" 0 DC 154 0 226 - "-" "a" "i" "h.example" "-"`, "GET|h.example|/a%22b|"},
		{"haproxy", `Nov 25 12:14:14 lb haproxy[14389]: 10.0.1.2:33317 [25/Nov/2026:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /a#22?b=c HTTP/1.1"`,
			"GET||/a%22|b=c|2xx"},
		{"haproxy", `10.0.1.2:33317 [25/Nov/2026:12:14:14.655] in~ s/srv1 0/0/0/0/+1 200 2750 - - ---- 1/1/1/1/0 0/0 "GET https://h.example/a HTTP/2.0" 0/0000/0/0/0 x/TLSv1.3/y`, "GET|h.example|/a||2xx"},
		{"haproxy", `10.0.1.2:33317 [25/Nov/2026:12:14:14.655] in s/srv1 0/0/0/-1/1 -1 2750 - - ---- 1/1/1/1/0 0/0 "GET /a?b=c&d=secr`, "GET||/a|b=c"},
		{"squid", `1732550400.123     45 10.0.0.9 TCP_MISS/200 1024 GET https://fhir.nextgen.com/nge/prod/fhir-api-r4/fhir/r4/Patient jo HIER_DIRECT/10.1.1.1 application/json`,
			"GET|fhir.nextgen.com|/nge/prod/fhir-api-r4/fhir/r4/Patient||2xx"},
		{"w3c", w3cHead + "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) cs-host sc-status time-taken\n" +
			"2026-11-25 00:00:01 10.0.0.1 GET /persons/1 a=b 443 jo 10.0.0.2 Mozilla/5.0+(x) - h.example:443 200 15\n", "GET|h.example|/persons/1|a=b|2xx"},
		{"w3c", "#Version: 1.0\n#Fields: date cs-method cs(Host) cs-uri-stem sc-status cs-uri-query x-host-header\n2026-11-25\tGET\td1.example\t/a\t200\t-\th.example\n", "GET|h.example|/a||2xx"},
		{"w3c", "#Fields: cs-method cs-uri cs(User-Agent) cs(Origin)\nOPTIONS https://h.example/a?b=c \"A B\" https://x\n", "OPTIONS|h.example|/a|b=c|preflight"},
		{"w3c", "#Fields: cs-method cs-uri-stem\nGET /a\n#Fields: cs-uri-stem cs-method\n/b PUT\n", "GET||/a| PUT||/b|"},
	} {
		f := format(t, test.log)
		if f.Name != "access-log-"+test.form {
			t.Errorf("%s\nis %s, want %s", test.log, f.Name, test.form)
			continue
		}
		for _, text := range []string{test.log, "\xef\xbb\xbf" + strings.ReplaceAll(test.log, "\n", "\r\n") + "\r\n"} {
			var s sink
			n, err := f.Read(strings.NewReader(text), "access.log", &s)
			var got []string
			for _, o := range s.got {
				if o.Kind != infer.Seen || o.Format != f.Name || o.Count != 0 || o.Template {
					t.Errorf("%+v", o)
				}
				got = append(got, short(o))
			}
			if err != nil || int(n) != len(s.got) || strings.Join(got, " ") != test.want {
				t.Errorf("%s\n%q, %v, want %q", test.log, got, err, test.want)
			}
		}
	}
}

func TestNobodyWantsOtherTexts(t *testing.T) {
	for _, text := range []string{
		"", "\n", "hello\n", "method,path,count\nGET,/a,1\n", `{"log":{"version":"1.2","entries":[]}}`, "{\n  \"log\": {}\n}", `{"resourceSpans":[]}`,
		`{"openapi":"3.0.0","paths":{}}`, `[{"request":"GET / HTTP/1.1"}]`, "GET /persons HTTP/1.1\nHost: a\n", "#!/bin/sh\ncurl x\n", "#Version: 1.0\n",
		"#Fields: date time c-ip\n1 2 3\n", "\xff\xfe[\x00", "\x00\x00\x00", strings.Repeat("x", 70000),
	} {
		for _, f := range accesslog.Formats() {
			if f.Detect([]byte(text), "access.log") {
				t.Errorf("%s wants %.80q", f.Name, text)
			}
		}
	}
}

func TestLinesWithoutARequest(t *testing.T) {
	const front = `10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] `
	for _, test := range []struct{ form, line string }{
		{"combined", front + `"\x16\x03\x01\x02" 400 1`}, {"combined", front + `"-" 408 0`}, {"combined", front + `"" 400 0`},
		{"combined", front + `"CONNECT h.example:443 HTTP/1.1" 200 0`}, {"combined", front + `"OPTIONS * HTTP/1.0" 200 0`}, {"combined", front + `"GET a/b HTTP/1.0" 200 0`},
		{"haproxy", `10.0.1.2:1 [25/Nov/2026:12:14:14.655] in in/<NOSRV> -1/-1/-1/-1/1 400 0 - - PR-- 1/1/1/1/0 0/0 "<BADREQ>"`},
		{"haproxy", `10.0.1.2:1 [25/Nov/2026:12:14:14.655] in in/s 1/1/1/1/1 200 0 - - PR-- 1/1/1/1/0 0/0 "GET /persons/12`},
		{"squid", `1732550400.123 45 10.0.0.9 TCP_TUNNEL/200 1024 CONNECT fhir.nextgen.com:443 - HIER_DIRECT/10.1.1.1 -`},
	} {
		var s sink
		n, err := named(test.form).Read(strings.NewReader(test.line+"\n"), "a.log", &s)
		if n != 0 || err != nil || len(s.got) != 0 || len(s.notices) != 1 || !strings.HasPrefix(s.notices[0], "a.log: left out 1 line without a request") {
			t.Errorf("%s: %d %v %v %q", test.line, n, err, s.got, s.notices)
		}
	}
}

const good = `10.0.0.1 - - [25/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 200 1` + "\n"

func TestShareOfLinesThatFitNothing(t *testing.T) {
	junk := "Ca9ary junk\n"
	for _, test := range []struct {
		text, notice, problem string
		records               int64
	}{
		{strings.Repeat(good, 3) + junk, "x.log: left out 1 line without the form of access-log-combined (line 4)", "", 3},
		{strings.Repeat(good+junk, 600), "x.log: left out 600 lines without the form of access-log-combined (lines 2, 4, 6, 8, 10, ...)", "", 600},
		{strings.Repeat(good, 1000) + strings.Repeat(junk, 5000), "left out 5000 lines", "", 1000},
		{strings.Repeat(good+junk+junk, 600), "", "x.log:2: 666 of the first 1000 lines do not have the form of access-log-combined (lines 2, 3, 5, 6, 8, ...); give a log", 334},
		{good + junk + junk, "", "x.log:2: 2 of the first 3 lines", 1},
		{good + strings.Repeat("y", 1<<20) + "\n" + good, "left out 1 line without the form of access-log-combined (line 2), of which 1 longer than 64 KiB", "", 2},
		{"\n\n", "", "", 0}, {"", "", "", 0},
	} {
		var s sink
		n, err := named("combined").Read(strings.NewReader(test.text), "x.log", &s)
		if n > test.records || test.problem == "" && (err != nil || n != test.records) {
			t.Errorf("%.60q: %d, %v", test.text, n, err)
		}
		if test.problem != "" && (exit.Of(err) != exit.Usage || !strings.HasPrefix(err.Error(), test.problem)) {
			t.Errorf("%.60q: %v", test.text, err)
		}
		if all := strings.Join(s.notices, "\n"); !strings.Contains(all, test.notice) || test.notice == "" && all != "" || strings.Contains(all, "Ca9ary") {
			t.Errorf("%.60q: %q", test.text, all)
		}
	}
}

func TestJSONWithoutRequests(t *testing.T) {
	message := `{"level":"info","msg":"Ca9ary"}` + "\n"
	_, err := named("json").Read(strings.NewReader(message), "x.log", &sink{})
	if exit.Of(err) != exit.Usage || !strings.HasPrefix(err.Error(), "x.log: none of the 1 line has the method and the path of a request; ") {
		t.Error(err)
	}
	var s sink
	n, err := named("json").Read(strings.NewReader(strings.Repeat(message, 3000)+`{"method":"GET","path":"/a"}`), "x.log", &s)
	if want := []string{"x.log: left out 3000 messages without a request"}; n != 1 || err != nil || cmp.Diff(want, s.notices) != "" {
		t.Errorf("%d %v %q", n, err, s.notices)
	}
}

func TestErrorsOfReaderAndSink(t *testing.T) {
	broken := errors.New("broken")
	if _, err := named("combined").Read(strings.NewReader(good+good), "x.log", &sink{fail: broken}); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := named("combined").Read(io.MultiReader(strings.NewReader(good), failing{broken}), "x.log", &sink{}); !errors.Is(err, broken) {
		t.Error(err)
	}
	_, err := named("w3c").Read(strings.NewReader("\xff\xfe#\x00F\x00"), "x.log", &sink{})
	if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "UTF-16") {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
