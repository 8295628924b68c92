package record_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/record"
)

// kept is a sink that keeps what it gets.
type kept struct {
	mu   sync.Mutex
	list []infer.Observation
}

func (k *kept) Add(o infer.Observation) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.list = append(k.list, o)
	return nil
}

// recording runs a recorder in front of an upstream; stop ends it.
func recording(t *testing.T, opt record.Options) (base string, stop func() (int64, error)) {
	t.Helper()
	p, err := record.New(opt)
	if err != nil {
		t.Fatal(err)
	}
	l, err := record.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var calls int64
	done := make(chan error, 1)
	go func() {
		n, err := p.Serve(ctx, l)
		calls = n
		done <- err
	}()
	t.Cleanup(cancel)
	return "http://" + l.Addr().String(), func() (int64, error) {
		cancel()
		err := <-done
		return calls, err
	}
}

func get(t *testing.T, method, address string, body io.Reader, headers ...string) (status int, header http.Header, text string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(data)
}

func TestRecording(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer s3cr3t" || r.Header.Get("X-Forwarded-For") != "" || !strings.HasPrefix(r.Host, "127.0.0.1") {
			t.Errorf("headers %v, host %s", r.Header, r.Host)
		}
		body, _ := io.ReadAll(r.Body)
		switch {
		case strings.HasSuffix(r.URL.Path, "/moved"):
			w.Header().Set("Location", "http://"+r.Host+"/base/persons/9")
			w.WriteHeader(http.StatusFound)
		case strings.HasSuffix(r.URL.Path, "/none"):
			w.WriteHeader(http.StatusNotFound)
		default:
			w.Header().Set("X-NG-SessionId", "session")
			w.Header().Set("Content-Type", "application/fhir+json")
			fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.RequestURI(), body)
		}
	}))
	defer upstream.Close()
	sink := &kept{}
	base, stop := recording(t, record.Options{Upstream: upstream.URL + "/base/", Sink: sink})
	auth := []string{"Authorization", "Bearer s3cr3t"}
	_, header, text := get(t, "POST", base+"/persons/4711/chart%2Fx?$filter=a%20b", strings.NewReader("hello"), auth...)
	if text != "POST /base/persons/4711/chart%2Fx?$filter=a%20b hello" || header.Get("X-NG-SessionId") != "session" {
		t.Errorf("%q %v", text, header)
	}
	if status, header, _ := get(t, "GET", base+"/moved", nil, auth...); header.Get("Location") != "/persons/9" || status != http.StatusFound {
		t.Errorf("Location %q", header.Get("Location"))
	}
	get(t, "GET", base+"/none", nil, auth...)
	get(t, "OPTIONS", base+"/persons", nil, append(auth, "Origin", "https://app.example")...)
	calls, err := stop()
	if err != nil || calls != 4 {
		t.Fatalf("%d calls, %v", calls, err)
	}
	var got []string
	for _, o := range sink.list {
		got = append(got, fmt.Sprint(o.Method, " ", o.Path, " ", o.Query, " ", o.Status, " ", o.FHIR, " ", o.Preflight))
	}
	want := []string{
		"POST /base/persons/4711/chart%2Fx $filter=a%20b 200 true false", "GET /base/moved  302 false false",
		"GET /base/none  404 false false", "OPTIONS /base/persons  200 true true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestStreaming: the first bytes arrive while the upstream still writes, and a
// large body costs no memory.
func TestStreaming(t *testing.T) {
	release := make(chan struct{})
	piece := strings.Repeat("x", 1<<16)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "PUT" {
			n, err := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, n, err)
			return
		}
		fmt.Fprintln(w, "first")
		_ = http.NewResponseController(w).Flush()
		<-release
		for range 1024 {
			_, _ = io.WriteString(w, piece)
		}
		w.Header().Set(http.TrailerPrefix+"X-End", "yes")
	}))
	defer upstream.Close()
	sink := &kept{}
	base, stop := recording(t, record.Options{Upstream: upstream.URL, Sink: sink})
	req, _ := http.NewRequestWithContext(t.Context(), "GET", base+"/stream", nil)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	r := bufio.NewReader(res.Body)
	if line, err := r.ReadString('\n'); line != "first\n" || err != nil {
		t.Fatalf("%q %v", line, err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	close(release)
	n, err := io.Copy(io.Discard, r)
	if err != nil || n != 1<<26 || res.Trailer.Get("X-End") != "yes" {
		t.Errorf("%d bytes, %v, trailer %v", n, err, res.Trailer)
	}
	if _, _, text := get(t, "PUT", base+"/up", io.LimitReader(endless{}, 1<<26)); text != "67108864 <nil>" {
		t.Errorf("%q", text)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("the heap has grown by %d bytes", grown)
	}
	if calls, err := stop(); calls != 2 || err != nil {
		t.Errorf("%d calls, %v", calls, err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestCertificates: an unknown authority is refused, a given one is trusted, and
// the words of the refusal repeat nothing.
func TestCertificates(t *testing.T) {
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))
	upstream.Config.ErrorLog = nil
	upstream.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	upstream.StartTLS()
	defer upstream.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: upstream.Certificate().Raw})
	for name, test := range map[string]struct {
		ca         []byte
		status     int
		ofUpstream int
	}{"unknown": {nil, http.StatusBadGateway, 0}, "given": {ca, http.StatusOK, http.StatusOK}} {
		sink := &kept{}
		base, stop := recording(t, record.Options{Upstream: upstream.URL, CA: test.ca, Sink: sink})
		status, _, text := get(t, "GET", base+"/persons/C4N4RY?q=C4N4RY", nil, "Authorization", "C4N4RY", "Cookie", "C4N4RY")
		if status != test.status || strings.Contains(text, "C4N4RY") {
			t.Errorf("%s: %d %q", name, status, text)
		}
		if calls, err := stop(); calls != 1 || err != nil || sink.list[0].Status != test.ofUpstream {
			t.Errorf("%s: %d calls, %v, %+v", name, calls, err, sink.list)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ok") }))
	defer upstream.Close()
	sink := &kept{}
	base, stop := recording(t, record.Options{Upstream: upstream.URL, Sink: sink})
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			for range 10 {
				get(t, "GET", fmt.Sprintf("%s/persons/%d", base, i), nil)
			}
		})
	}
	wait.Wait()
	if calls, err := stop(); calls != 200 || len(sink.list) != 200 || err != nil {
		t.Errorf("%d calls, %d kept, %v", calls, len(sink.list), err)
	}
}

// TestStopsInTime: a call that hangs does not keep the recorder for ever.
func TestStopsInTime(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer upstream.Close()
	sink := &unlocked{}
	base, stop := recording(t, record.Options{Upstream: upstream.URL, Sink: sink})
	go func() {
		req, _ := http.NewRequestWithContext(context.Background(), "GET", base+"/hang", nil)
		if res, err := http.DefaultClient.Do(req); err == nil {
			_ = res.Body.Close()
		}
	}()
	time.Sleep(100 * time.Millisecond)
	begin := time.Now()
	if calls, err := stop(); calls != 1 || err != nil || time.Since(begin) > 15*time.Second {
		t.Errorf("%d calls, %v after %v", calls, err, time.Since(begin))
	}
	if sink.n != 1 { // read without a lock: nothing may be added once Serve has returned
		t.Errorf("%d calls are kept", sink.n)
	}
}

// unlocked is a sink that relies on the lock of the recorder.
type unlocked struct{ n int }

func (u *unlocked) Add(infer.Observation) error { u.n++; return nil }

func TestRefused(t *testing.T) {
	for _, upstream := range []string{"", "nope", "ftp://x", "http://gateway.example.com/api", "https://u:p@x.example", "https://x.example/?a=b"} {
		if _, err := record.New(record.Options{Upstream: upstream}); exit.Of(err) != exit.Usage {
			t.Errorf("%q: %v", upstream, err)
		}
	}
	if _, err := record.New(record.Options{Upstream: "nge", CA: []byte("x")}); exit.Of(err) != exit.Usage {
		t.Error(err)
	}
	for _, address := range []string{"0.0.0.0:0", ":0", "127.0.0.1", "192.0.2.1:80", "example.com:1"} {
		if l, err := record.Listen(t.Context(), address); exit.Of(err) != exit.Usage {
			t.Errorf("%q: %v %v", address, l, err)
		}
	}
}
