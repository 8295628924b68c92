package accesslog_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/accesslog"
)

// hold holds a format to its contract on any bytes: no panic, a clean error,
// equal results for equal input, an address that is one line of ASCII.
func hold(t *testing.T, f accesslog.Format, data []byte) {
	f.Detect(data, "x.log")
	var a, b sink
	n, err := f.Read(bytes.NewReader(data), "x.log", &a)
	if err != nil && exit.Of(err) != exit.Usage {
		t.Errorf("%s: %v", f.Name, err)
	}
	if int(n) != len(a.got) {
		t.Errorf("%s: %d records, %d observations", f.Name, n, len(a.got))
	}
	for _, o := range a.got {
		if o.Path == "" || o.Path[0] != '/' || strings.ContainsAny(o.Path, "?#") || strings.ContainsFunc(o.Path+o.Query+o.Host+o.Method, odd) {
			t.Errorf("%s: %+v", f.Name, o)
		}
	}
	if _, again := f.Read(bytes.NewReader(data), "x.log", &b); fmt.Sprint(again) != fmt.Sprint(err) || !cmp.Equal(a.got, b.got) || !cmp.Equal(a.notices, b.notices) {
		t.Errorf("%s: two readings differ", f.Name)
	}
	if err != nil && strings.ContainsFunc(err.Error(), odd2) {
		t.Errorf("%s: %q", f.Name, err)
	}
}

func odd(r rune) bool  { return r <= ' ' || r >= 0x7f }
func odd2(r rune) bool { return r < ' ' || r >= 0x7f }

func fuzz(f *testing.F, form string, seeds ...string) {
	for _, s := range append(seeds, "", "\n", "\x00\x00", "\xff\xfea", "{", "#", "[", `"`, " ", "\r") {
		f.Add([]byte(s))
	}
	format := named(form)
	f.Fuzz(func(t *testing.T, data []byte) { hold(t, format, data) })
}

func FuzzCombined(f *testing.F) {
	fuzz(f, "combined", good, `h.example:80 1.2.3.4 - - [25/Nov/2026:10:00:00 +0000] "GET http://a/b?c\"d\x22\ HTTP/1.1" 200 1`)
}

func FuzzJSON(f *testing.F) {
	fuzz(f, "json", `{"request":"GET /a HTTP/1.1","status":"200"}`, `{"request":{"method":"GET","uri":"/a?b","headers":{"Origin":["x"]}},"status":2}`,
		`x {"m\u0065thod":"GET","path":"\/a\ud800","args":"\u0000"}`, strings.Repeat(`{"request":`, 11000))
}

func FuzzEnvoy(f *testing.F) {
	fuzz(f, "envoy", `[2026-11-25T10:00:00.310Z] "POST /a?x=y HTTP/2" 204 - 154 0 226 100 "f" "agent" "id" "h.example" "up"`)
}

func FuzzHAProxy(f *testing.F) {
	fuzz(f, "haproxy", `1.2.3.4:1 [25/Nov/2026:12:14:14.655] in s/srv1 10/0/30/69/109 200 2 - - ---- 1/1/1/1/0 0/0 {x} "GET /a#22?b=c HTTP/1.1"`)
}

func FuzzW3C(f *testing.F) {
	fuzz(f, "w3c", "#Fields: cs-method cs-uri-stem cs-uri-query sc-status cs-host\nGET /a b=c 200 h\n", "#Fields:\tcs-uri cs-method\n\"a\" \"b\"\n")
}

func FuzzSquid(f *testing.F) {
	fuzz(f, "squid", "1732550400.123 45 10.0.0.9 TCP_MISS/200 1024 GET https://h/p?q - D/1 t/x\n")
}

// TestCanaries puts a word of its own into every place of every form. Only
// those of the path and the query may reach an observation, and none a message.
func TestCanaries(t *testing.T) {
	for form, log := range map[string]string{
		"combined": `C0.C1 C2 C3 [25/Nov/2026:C4 +0000] "GET /P?Q HTTP/C5" 200 C6 "C7" "C8" C9`,
		"json": `{"C0":"C1","time":"C2","remote_addr":"C3","remote_user":"C4","request":"GET /P?Q HTTP/C5","status":"200","http_referer":"C6",` +
			`"headers":{"method":"C7","uri":"C8"},"http_user_agent":["C9"],"http_x_forwarded_for":{"C10":"C11"},"http_origin":"C12"}`,
		"envoy":   `[2026-11-25T10:00:00.310Z] "GET /P?Q HTTP/C0" 200 C1 C2 C3 C4 C5 "C6" "C7" "C8" "h.example" "C9"`,
		"haproxy": `C0 C1[1]: C2:1 [25/Nov/2026:12:14:14.655] C3 C4/C5 1/2/3/4/5 200 C6 C7 C8 C9 C10 C11 {C12|C13} {C14} "GET /P?Q HTTP/C15" C16`,
		"squid":   `1732550400.123 45 C0 C1/200 1024 GET https://C2:C3@h.example/P?Q C4 C5/C6 C7`,
		"w3c":     "#Remark: C0\n#Fields: date s-ip cs-method cs-uri-stem cs-uri-query cs-username c-ip cs(User-Agent) cs(Cookie) sc-status\nC1 C2 GET /P Q C3 C4 C5 C6 200\n",
	} {
		for i := 16; i >= 0; i-- {
			log = strings.ReplaceAll(log, fmt.Sprintf("C%d", i), fmt.Sprintf("Ca9ary%dx", i))
		}
		log = strings.NewReplacer("/P", "/Pa9ary", "?Q", "?Qa9ary", " Q ", " Qa9ary ").Replace(log)
		var s sink
		f := named(form)
		if n, err := f.Read(strings.NewReader(log), "x.log", &s); n != 1 || err != nil {
			t.Errorf("%s: %d, %v", form, n, err)
			continue
		}
		o := s.got[0]
		if o.Path != "/Pa9ary" || o.Query != "Qa9ary" || strings.Contains(fmt.Sprintf("%+v", s), "Ca9ary") {
			t.Errorf("%s: %+v", form, s)
		}
		for _, other := range accesslog.Formats() {
			var s sink
			_, err := other.Read(strings.NewReader(strings.Repeat("Ca9ary "+log+"\n{\"Ca9ary\":\"Ca9ary\n", 3)), "x.log", &s)
			if text := fmt.Sprint(err, s.notices); strings.Contains(text, "a9ary") {
				t.Errorf("%s: a message repeats the log: %s", other.Name, text)
			}
		}
	}
}

func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("reads some hundred megabytes")
	}
	junk := [][]byte{
		bytes.Repeat([]byte("\x00"), 10<<20), bytes.Repeat([]byte("\n"), 4<<20), bytes.Repeat([]byte("a\n"), 2<<20),
		bytes.Repeat([]byte(`"[/`), 4<<20), bytes.Repeat([]byte(`{"request":`), 1<<20), []byte("#Fields: " + strings.Repeat("cs-method ", 6000)),
		bytes.Repeat([]byte("[25/Nov/2026:10:00:00 +0000] "), 2000), bytes.Repeat([]byte("\\"), 60000), bytes.Repeat([]byte(`\"`), 30000),
		[]byte(`a [25/Nov/2026:10:00:00 +0000] "` + strings.Repeat(`\`, 60000) + `"`), []byte(`[2026-11-25T10:00:00Z] "` + strings.Repeat(`" `, 30000)),
	}
	for _, f := range accesslog.Formats() {
		for _, data := range junk {
			if _, err := f.Read(bytes.NewReader(data), "x.log", &sink{}); err != nil && exit.Of(err) != exit.Usage {
				t.Errorf("%s: %v", f.Name, err)
			}
		}
	}
}

type count struct{ n int64 }

func (c *count) Add(infer.Observation) error { c.n++; return nil }

func bench(b *testing.B, form, line string) {
	text := strings.Repeat(line, 32<<20/len(line))
	f := named(form)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		var c count
		if _, err := f.Read(strings.NewReader(text), "x.log", &c); err != nil || c.n == 0 {
			b.Fatal(err)
		}
	}
}

func BenchmarkCombined(b *testing.B) {
	bench(b, "combined", `203.0.113.7 - - [25/Nov/2026:10:00:00 +0000] "GET /nge/prod/nge-api/api/persons/0b59a2e6-1d4c-4d0e-9e3e-2f6f5b7a1c11/chart/allergies?$top=50 HTTP/1.1" 200 5213 "-" "SchedulingClient/4.2 (Linux; x86_64) libhttp/7.88"`+"\n")
}

func BenchmarkJSON(b *testing.B) {
	bench(b, "json", `{"time_iso8601":"2026-11-25T10:00:00+00:00","remote_addr":"203.0.113.7","remote_user":"-","request_method":"GET","request_uri":"/nge/prod/nge-api/api/persons/0b59a2e6-1d4c-4d0e-9e3e-2f6f5b7a1c11/chart/allergies?$top=50","server_protocol":"HTTP/1.1","status":200,"body_bytes_sent":5213,"request_time":0.125,"http_host":"nativeapi.nextgen.com","http_referer":"","http_user_agent":"SchedulingClient/4.2 (Linux; x86_64) libhttp/7.88"}`+"\n")
}
