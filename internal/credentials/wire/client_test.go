package wire

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
)

func TestNewRefusesWhatItCannotUse(t *testing.T) {
	cases := []struct {
		name string
		opts Options
		code exit.Code
	}{
		{"no clock", Options{}, exit.Fault},
		{"trace without redactor", Options{Now: time.Now, Trace: func(string) {}}, exit.Fault},
		{"CA that is no PEM", Options{Now: time.Now, CA: []byte("hello")}, exit.Usage},
		{"empty CA file", Options{Now: time.Now, CA: []byte{}}, exit.Usage},
	}
	for _, c := range cases {
		if _, err := New(c.opts); exit.Of(err) != c.code || err == nil {
			t.Errorf("%s: %v (code %d), want code %d", c.name, err, exit.Of(err), c.code)
		}
	}
}

func TestAnswerHoldsWhatWasSeen(t *testing.T) {
	var agent, accept string
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent, accept = r.Header.Get("User-Agent"), r.Header.Get("Accept")
		w.Header().Set("X-Request-Id", "abc-\u009b123 "+strings.Repeat("x", 200))
		w.Header().Set("Date", "Mon, 02 Nov 2026 10:00:00 GMT")
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = io.WriteString(w, `{"a":1}`)
	}))
	now := time.Date(2026, 11, 2, 10, 15, 0, 0, time.UTC)
	c := client(t, Options{Now: func() time.Time { now = now.Add(10 * time.Millisecond); return now }})
	a, err := get(t, c, API, s.URL+"/x/y?code=1#f")
	if err != nil {
		t.Fatal(err)
	}
	if a.Method != "GET" || a.URL != s.URL+"/x/y" || a.Status != 200 || string(a.Body) != `{"a":1}` || a.Cut || a.TLS != nil {
		t.Errorf("answer %+v", a)
	}
	if !strings.HasPrefix(a.RequestID, "abc-") || len(a.RequestID) > 80 || strings.Contains(a.RequestID, "\u009b") {
		t.Errorf("request id %q", a.RequestID)
	}
	if a.Skew != 15*time.Minute || !a.Date.Equal(time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)) || a.Took <= 0 {
		t.Errorf("skew %v, date %v, took %v", a.Skew, a.Date, a.Took)
	}
	if agent != "ngapi" || accept != "application/json" {
		t.Errorf("User-Agent %q, Accept %q", agent, accept)
	}
	if !a.JSONType() || a.HTML() || c.Requests() != 1 {
		t.Errorf("json %v, html %v, %d requests", a.JSONType(), a.HTML(), c.Requests())
	}
}

func TestNoDateMeansNoSkew(t *testing.T) {
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header()["Date"] = nil }))
	a, err := get(t, client(t, Options{}), API, s.URL)
	if err != nil || !a.Date.IsZero() || a.Skew != 0 {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestNoRedirectIsFollowed(t *testing.T) {
	other := 0
	target := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { other++ }))
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, target.URL+"/steal", status)
		}))
		for _, class := range []Class{Discovery, Token, API} {
			c := client(t, Options{})
			r, _ := http.NewRequest(http.MethodPost, s.URL, strings.NewReader("client_secret=canary"))
			if a, err := c.Do(t.Context(), class, r); err != nil || a.Status != status {
				t.Errorf("Do: status %d: %+v, %v", status, a, err)
			}
			var got *Answer
			response, err := c.HTTP(class, func(a *Answer) { got = a }).PostForm(s.URL, url.Values{"client_secret": {"canary"}})
			if err != nil || response.StatusCode != status || got == nil || got.Status != status {
				t.Fatalf("HTTP: status %d: %+v, %v", status, got, err)
			}
			response.Body.Close()
			if c.Requests() != 2 {
				t.Errorf("%d requests, want 2", c.Requests())
			}
		}
	}
	if other != 0 {
		t.Errorf("the target of the redirects saw %d requests, want 0", other)
	}
}

func TestBodiesAreLimited(t *testing.T) {
	for class, limit := range map[Class]int{Discovery: 1 << 20, Token: 256 << 10, API: 8 << 20} {
		for _, more := range []int{0, 1, 5000} {
			body := bytes.Repeat([]byte("a"), limit+more)
			zipped := func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				z := gzip.NewWriter(w)
				_, _ = z.Write(body)
				_ = z.Close()
			}
			for name, h := range map[string]http.HandlerFunc{"plain": respond(200, "text/plain", string(body)), "gzip": zipped} {
				a, err := get(t, client(t, Options{}), class, serve(t, h).URL)
				if err != nil || len(a.Body) != limit || a.Cut != (more > 0) {
					t.Errorf("class %d, %s, %d over the limit: %d bytes, cut %v, %v", class, name, more, len(a.Body), a.Cut, err)
				}
			}
		}
	}
}

func TestTheLibraryGetsTheSameBytes(t *testing.T) {
	s := serve(t, respond(418, "application/json", `{"x":"y"}`))
	var got *Answer
	response, err := client(t, Options{}).HTTP(Token, func(a *Answer) { got = a }).Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || string(body) != `{"x":"y"}` || string(got.Body) != string(body) || response.StatusCode != 418 {
		t.Errorf("%q, %+v, %v", body, got, err)
	}
	if response, err := client(t, Options{}).HTTP(Token, nil).Get(s.URL); err != nil {
		t.Error(err)
	} else {
		response.Body.Close()
	}
}

func TestACallerWhoGivesUpGetsTheErrorOfTheContext(t *testing.T) {
	began := make(chan struct{})
	s := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { close(began); <-r.Context().Done() }))
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-began; cancel() }()
	r, _ := http.NewRequest(http.MethodGet, s.URL, http.NoBody)
	if _, err := client(t, Options{}).Do(ctx, API, r); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := client(t, Options{}).Do(ctx, API, r); err != context.Canceled { //nolint:errorlint // it is promised as it is
		t.Errorf("error %v", err)
	}
}

func TestTLSIsRecorded(t *testing.T) {
	ca := issue(t, nil, nil)
	leaf := issue(t, &ca, nil)
	for _, asks := range []tls.ClientAuthType{tls.NoClientCert, tls.RequestClientCert} {
		s := secure(t, leaf, func(c *tls.Config) { c.ClientAuth = asks }, respond(200, "text/plain", "x"))
		c := client(t, Options{CA: ca.pem()})
		for range 2 { // the second request has the same connection
			a, err := get(t, c, API, s.URL)
			if err != nil {
				t.Fatal(err)
			}
			if a.TLS == nil || a.TLS.Version != tls.VersionTLS13 || a.TLS.Issuer != "Test Root" || !a.TLS.NotAfter.Equal(leaf.cert.NotAfter) ||
				a.TLS.AskedClient != (asks == tls.RequestClientCert) {
				t.Errorf("asks %v: %+v", asks, a.TLS)
			}
		}
	}
}

func TestHTTP2IsSpoken(t *testing.T) {
	ca := issue(t, nil, nil)
	var proto string
	s := secure(t, issue(t, &ca, nil), func(c *tls.Config) { c.NextProtos = []string{"h2"} },
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { proto = r.Proto }))
	c := client(t, Options{CA: ca.pem()})
	if _, err := get(t, c, API, s.URL); err != nil || proto != "HTTP/2.0" || c.Requests() != 1 {
		t.Errorf("%q, %d requests, %v", proto, c.Requests(), err)
	}
}

func TestHTMLIsRecognised(t *testing.T) {
	cases := []struct {
		kind, body string
		want       bool
	}{
		{"text/html; charset=utf-8", "", true},
		{"application/json", "\ufeff\n <!DOCTYPE html><p>", true},
		{"", "<HTML>", true},
		{"application/json", `{"a":"<html>"}`, false},
		{"text/plain", "", false},
	}
	for _, c := range cases {
		a := &Answer{Header: http.Header{"Content-Type": {c.kind}}, Body: []byte(c.body)}
		if a.HTML() != c.want {
			t.Errorf("%q %q: %v, want %v", c.kind, c.body, a.HTML(), c.want)
		}
	}
}
