package record_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/observe/record"
)

// raw sends bytes as they are and reads one answer.
func raw(t *testing.T, base, request string) (status int, text string) {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, request); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(data)
}

// TestQueryAsItIs: the library drops what it cannot read of a query, and the
// application would get another answer than without the recorder.
func TestQueryAsItIs(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.RequestURI) }))
	defer upstream.Close()
	for _, target := range []string{
		"/persons?$expand=a($select=b;$top=1)&$top=2", "/persons?q=100%&z=1", "/persons?z=1&a=2&a=1", "/persons?", "/persons?a+b=c%2Bd", "/a//b/%2e%2e/c",
	} {
		sink := &kept{}
		base, stop := recording(t, record.Options{Upstream: upstream.URL + "/base", Sink: sink})
		_, text := raw(t, base, "GET "+target+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		if text != "/base"+target {
			t.Errorf("%s reached the upstream as %s", target, text)
		}
		path, query, _ := strings.Cut(target, "?")
		if calls, err := stop(); calls != 1 || err != nil || sink.list[0].Path != "/base"+path || sink.list[0].Query != query {
			t.Errorf("%s: %d calls, %v, %+v", target, calls, err, sink.list)
		}
	}
}

// TestLocation: what leads to the base of the upstream stays in the recorder,
// all else is passed on, and nothing becomes the address of another host.
func TestLocation(t *testing.T) {
	var host string
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", strings.ReplaceAll(r.Header.Get("X-To"), "HOST", host))
		w.WriteHeader(http.StatusCreated)
	}))
	defer upstream.Close()
	host = strings.TrimPrefix(upstream.URL, "http://")
	base, _ := recording(t, record.Options{Upstream: upstream.URL + "/base/", Sink: &kept{}})
	for to, want := range map[string]string{
		"http://HOST/base/persons/9?a=b#c": "/persons/9?a=b#c",
		"http://HOST/base":                 "/",
		"HTTP://HOST/base/persons/9":       "/persons/9",
		"//HOST/base/persons/9":            "/persons/9",
		"/base/persons/9":                  "/persons/9",
		"/base/persons/a%2Fb":              "/persons/a%2Fb",
		"persons/9":                        "persons/9",
		"/base2/persons/9":                 "/base2/persons/9",
		"http://HOST/base2":                "http://HOST/base2",
		"http://HOST/base//evil.example/x": "http://HOST/base//evil.example/x",
		"/base//evil.example/x":            "/base//evil.example/x",
		"http://HOST.example/base/x":       "http://HOST.example/base/x",
		"https://HOST/base/x":              "https://HOST/base/x",
		"https://elsewhere.example/base/x": "https://elsewhere.example/base/x",
	} {
		_, header, _ := get(t, "POST", base+"/persons", nil, "X-To", to)
		if got := strings.ReplaceAll(header.Get("Location"), host, "HOST"); got != want {
			t.Errorf("%s became %s, not %s", to, got, want)
		}
	}
}

// TestNoForwardProxy: a call to another host that is sent here, because the
// recorder was set as the proxy of a machine, must not reach the upstream: it
// carries the credentials of that host.
func TestNoForwardProxy(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the upstream was called") }))
	defer upstream.Close()
	sink := &kept{}
	base, stop := recording(t, record.Options{Upstream: upstream.URL, Sink: sink})
	for _, request := range []string{
		"GET http://elsewhere.example/C4N4RY HTTP/1.1\r\nHost: elsewhere.example\r\n", "CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: elsewhere.example:443\r\n",
	} {
		status, text := raw(t, base, request+"Authorization: Bearer C4N4RY\r\nConnection: close\r\n\r\n")
		if status != http.StatusMethodNotAllowed || strings.Contains(text, "C4N4RY") {
			t.Errorf("%d %q", status, text)
		}
	}
	if calls, err := stop(); calls != 0 || len(sink.list) != 0 || err != nil {
		t.Errorf("%d calls, %+v, %v", calls, sink.list, err)
	}
}

// TestNoAnswer: what the recorder says itself is no answer of the API.
func TestNoAnswer(t *testing.T) {
	closed := httptest.NewServer(nil)
	closed.Close()
	sink := &kept{}
	base, stop := recording(t, record.Options{Upstream: closed.URL, Sink: sink})
	if status, _, _ := get(t, "GET", base+"/persons/1", nil); status != http.StatusBadGateway {
		t.Errorf("status %d", status)
	}
	if calls, err := stop(); calls != 1 || err != nil || sink.list[0].Status != 0 {
		t.Errorf("unreachable: %d calls, %v, %+v", calls, err, sink.list)
	}

	arrived := make(chan struct{})
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { close(arrived); <-r.Context().Done() }))
	defer upstream.Close()
	sink = &kept{}
	base, stop = recording(t, record.Options{Upstream: upstream.URL, Sink: sink})
	ctx, leave := context.WithCancel(t.Context())
	go func() { <-arrived; leave() }()
	req, _ := http.NewRequestWithContext(ctx, "GET", base+"/persons/1", nil)
	if res, err := http.DefaultClient.Do(req); err == nil {
		res.Body.Close()
		t.Error("there was an answer")
	}
	if calls, err := stop(); calls != 1 || err != nil || sink.list[0].Status != 0 {
		t.Errorf("gone: %d calls, %v, %+v", calls, err, sink.list)
	}
}

// TestBrokenOff: an upstream that ends in the middle breaks the answer off too;
// a whole answer would lie.
func TestBrokenOff(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer upstream.Close()
	sink := &kept{}
	base, stop := recording(t, record.Options{Upstream: upstream.URL, Sink: sink})
	res, err := http.Get(base + "/x")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if text, err := io.ReadAll(res.Body); err == nil || string(text) != "half" {
		t.Errorf("%q %v", text, err)
	}
	if calls, err := stop(); calls != 1 || err != nil || sink.list[0].Status != http.StatusOK {
		t.Errorf("%d calls, %v, %+v", calls, err, sink.list)
	}
}

// TestContinue: an upstream that refuses before the body gets none of it.
func TestContinue(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		n, err := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n, err)
	}))
	defer upstream.Close()
	base, _ := recording(t, record.Options{Upstream: upstream.URL, Sink: &kept{}})
	head := "POST /x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\nConnection: close\r\n"
	if status, _ := raw(t, base, head+"\r\n"); status != http.StatusUnauthorized {
		t.Errorf("the refusal is %d: the body was asked for", status)
	}
	if status, _ := raw(t, base, head+"Authorization: x\r\n\r\n"); status != http.StatusContinue {
		t.Errorf("status %d", status)
	}
	_, _, text := get(t, "POST", base+"/x", strings.NewReader("hello"), "Authorization", "x", "Expect", "100-continue")
	if text != "5 <nil>" {
		t.Errorf("%q", text)
	}
}

// TestEvents: each event of a stream arrives when it is sent.
func TestEvents(t *testing.T) {
	next := make(chan struct{})
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		for i := range 3 {
			fmt.Fprintf(w, "data: %d\n\n", i)
			_ = http.NewResponseController(w).Flush()
			<-next
		}
	}))
	defer upstream.Close()
	base, _ := recording(t, record.Options{Upstream: upstream.URL, Sink: &kept{}})
	res, err := http.Get(base + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	r := bufio.NewReader(res.Body)
	for i := range 3 {
		if line, err := r.ReadString('\n'); line != fmt.Sprintf("data: %d\n", i) || err != nil {
			t.Fatalf("%q %v", line, err)
		}
		_, _ = r.ReadString('\n')
		next <- struct{}{}
	}
}

// TestOnlyLoopback: also a listener that was opened elsewhere is looked at.
func TestOnlyLoopback(t *testing.T) {
	p, err := record.New(record.Options{Upstream: "nge", Sink: &kept{}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if _, err := p.Serve(ctx, everywhere{}); exit.Of(err) != exit.Usage {
		t.Errorf("served: %v", err)
	}
}

// everywhere is a listener on every address that is never opened.
type everywhere struct{}

func (everywhere) Accept() (net.Conn, error) { return nil, net.ErrClosed }
func (everywhere) Close() error              { return nil }
func (everywhere) Addr() net.Addr            { return &net.TCPAddr{IP: net.IPv4zero, Port: 1} }
