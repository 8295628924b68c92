package capture

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
)

// list is a sink that keeps everything.
type list struct {
	all     []infer.Observation
	notices []string
	err     error
}

func (l *list) Add(o infer.Observation) error {
	l.all = append(l.all, o)
	return l.err
}

func (l *list) Notice(text string) { l.notices = append(l.notices, text) }

type reader func(io.Reader, string, infer.Sink) (int64, error)

// observed reads doc whole and byte by byte and wants the same from both.
func observed(t *testing.T, read reader, doc string) (*list, int64, error) {
	t.Helper()
	whole, slow := &list{}, &list{}
	n, err := read(strings.NewReader(doc), "capture", whole)
	m, err2 := read(iotest.OneByteReader(strings.NewReader(doc)), "capture", slow)
	if diff := cmp.Diff(whole.all, slow.all); diff != "" || n != m || fmt.Sprint(err) != fmt.Sprint(err2) {
		t.Fatalf("depends on the chunks: %d and %d, %v and %v\n%s", n, m, err, err2, diff)
	}
	return whole, n, err
}

func TestAddress(t *testing.T) {
	for _, c := range []struct {
		url, host, path, query string
		ok                     bool
	}{
		{"https://h/p?q=1#f", "h", "/p", "q=1", true},
		{"HTTP://u:p@h:8080", "h:8080", "/", "", true},
		{"https://h?q=a@b", "h", "/", "q=a@b", true},
		{"https://h/a@b", "h", "/a@b", "", true},
		{"/p?q#f?x", "", "/p", "q", true},
		{"https://[::1]:1/p", "[::1]:1", "/p", "", true},
		{"https://h/p#f?x", "h", "/p", "", true},
		{"data:text/plain,x", "", "", "", false},
		{"blob:https://h/p", "", "", "", false},
		{"chrome-extension://h/p", "", "", "", false},
		{"wss://h/p", "", "", "", false},
		{"", "", "", "", false},
	} {
		host, path, query, ok := address(c.url)
		if host != c.host || path != c.path || query != c.query || ok != c.ok {
			t.Errorf("%s: %q %q %q %v", c.url, host, path, query, ok)
		}
	}
}

func TestStatus(t *testing.T) {
	for in, want := range map[string]int{"200": 200, `"404"`: 404, "0": 0, "-1": 0, "700": 0, "2e2": 0, "null": 0, "": 0, "20": 0} {
		if got := status([]byte(in)); got != want {
			t.Errorf("%s: %d", in, got)
		}
	}
}

// TestSinkErrors: what the sink says ends the reading and comes back as it is.
func TestSinkErrors(t *testing.T) {
	full := errors.New("full")
	for name, c := range map[string]struct {
		read reader
		doc  string
	}{
		"har":  {ReadHAR, `{"log":{"entries":[{"request":{"method":"GET","url":"https://h/p"}}]}}`},
		"otlp": {ReadOTLP, otlpDoc(`{"kind":3,"attributes":[{"key":"http.method","value":{"stringValue":"GET"}},{"key":"http.url","value":{"stringValue":"https://h/p"}}]}`)},
		"flow": {ReadFlows, flowDoc("GET", "/p", "")},
	} {
		if _, err := c.read(strings.NewReader(c.doc), "x", &list{err: full}); !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestCutShort: a capture that ends anywhere is refused with the number of
// records that were read, or was complete.
func TestCutShort(t *testing.T) {
	entry := `{"request":{"method":"GET","url":"https://h/CANARY/p","headers":[{"name":"a","value":"CANARY"}]},"response":{"status":200,"content":{"text":"CANARY"}}}`
	for name, c := range map[string]struct {
		read reader
		doc  string
		unit string
	}{
		"har":  {ReadHAR, ` {"log":{"version":"1.2","entries":[` + entry + `,` + entry + `]}}`, "after 1 entries"},
		"otlp": {ReadOTLP, " " + otlpDoc(`{"kind":3},{"kind":2,"attributes":[{"key":"CANARY","value":{"stringValue":"CANARY"}}]}`), "after 1 spans"},
		"flow": {ReadFlows, flowDoc("GET", "/CANARY", "CANARY") + flowDoc("GET", "/CANARY", "CANARY"), "after 1 flows"},
	} {
		counted := false
		for end := 2; end < len(c.doc)-1; end++ {
			sink := &list{}
			n, err := c.read(strings.NewReader(c.doc[:end]), "capture", sink)
			if err == nil && name == "flow" && n == 1 {
				continue // between two flows
			}
			if exit.Of(err) != exit.Usage || err == nil {
				t.Fatalf("%s, cut at %d: %v", name, end, err)
			}
			counted = counted || strings.Contains(err.Error(), c.unit)
			if text := err.Error(); strings.Contains(text, "CANARY") || !strings.HasPrefix(text, "capture: ") || !strings.Contains(text, fmt.Sprintf("at byte %d", end)) {
				t.Fatalf("%s, cut at %d: %s", name, end, text)
			}
		}
		if !counted {
			t.Errorf("%s: the count is missing in every error", name)
		}
	}
}

// TestGarbageBehind: what stands behind a capture is refused with its place.
func TestGarbageBehind(t *testing.T) {
	har := `{"log":{"entries":[{"request":{"method":"GET","url":"https://h/p"}}]}}`
	for name, c := range map[string]struct {
		read reader
		doc  string
		want string
	}{
		"har":  {ReadHAR, har + "\n<CANARY>", fmt.Sprintf("capture: is not JSON at byte %d, after 1 entries; it is damaged; export it again", len(har)+1)},
		"otlp": {ReadOTLP, otlpDoc(`{}`) + "CANARY", fmt.Sprintf("capture: is not JSON at byte %d, after 1 spans; it is damaged; export it again", len(otlpDoc(`{}`)))},
		"flow": {ReadFlows, flowDoc("GET", "/p", "") + "CANARY", fmt.Sprintf("capture: is no mitmproxy flow file at byte %d, after 1 flows; it is damaged; save it again", len(flowDoc("GET", "/p", "")))},
	} {
		_, _, err := observed(t, c.read, c.doc)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v\nwant %s", name, err, c.want)
		}
	}
}

func TestDetect(t *testing.T) {
	type detect = func([]byte, string) bool
	for _, c := range []struct {
		name, head      string
		har, otlp, flow bool
	}{
		{"chrome", `{"log": {"version": "1.2", "creator": {`, true, false, false},
		{"bom", "\xef\xbb\xbf{\"log\":{\"pages\":[", true, false, false},
		{"log last", `{"comment":"x","log":{"comment":"","entries":[{`, true, false, false},
		{"another log", `{"log":"info","version":1}`, false, false, false},
		{"otlp", `{"resourceSpans":[{"resource":{`, false, true, false},
		{"otlp in an array", `[{"resourceSpans":[{"resource":{`, false, true, false},
		{"metrics", `{"resourceMetrics":[]}`, false, true, false},
		{"flow", flowDoc("GET", "/p", ""), false, false, true},
		{"old flow", "1234:7:request,12:", false, false, true},
		{"a log line", `12:30:11 GET /p`, false, false, false},
		{"empty", ``, false, false, false},
		{"numbers", `12:5:hello,`, false, false, false},
	} {
		for what, d := range map[string]struct {
			detect detect
			want   bool
		}{"har": {DetectHAR, c.har}, "otlp": {DetectOTLP, c.otlp}, "flow": {DetectFlow, c.flow}} {
			if got := d.detect([]byte(c.head), ""); got != d.want {
				t.Errorf("%s: %s is %v", c.name, what, got)
			}
		}
	}
}

// fuzz holds a reader to its contract: no panic, a clean refusal, and nothing
// from a header, a cookie or a body in the sink or in words.
func fuzz(f *testing.F, read reader, seeds ...string) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		sink := &list{}
		_, err := read(strings.NewReader(string(data)), "capture", sink)
		if err != nil && exit.Of(err) != exit.Usage {
			t.Fatalf("code %d: %v", exit.Of(err), err)
		}
		for _, o := range sink.all {
			if !strings.HasPrefix(o.Path, "/") || o.Method == "" || strings.ContainsAny(o.Path, "?#") || o.Status < 0 || o.Status > 599 {
				t.Fatalf("%+v", o)
			}
		}
		again := &list{}
		_, err2 := read(iotest.OneByteReader(strings.NewReader(string(data))), "capture", again)
		if diff := cmp.Diff(sink.all, again.all); diff != "" || fmt.Sprint(err) != fmt.Sprint(err2) {
			t.Fatalf("depends on the chunks: %v, %v\n%s", err, err2, diff)
		}
	})
}
