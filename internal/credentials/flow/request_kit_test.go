package flow

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/testkit"
)

// canary is the client secret of the tests; it has what breaks encodings.
const canary = "cänary+se:c%ret/ &="

// seenRequest is a request as a server saw it.
type seenRequest struct {
	method, path string
	header       http.Header
	form         url.Values
	body         string
}

// wireServer answers every request in one way and keeps what it saw.
type wireServer struct {
	*httptest.Server
	mu   sync.Mutex
	seen []seenRequest
}

func (s *wireServer) requests() []seenRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

// serveWire starts a server; reply gets the form and the body that was sent.
func serveWire(t *testing.T, reply func(w http.ResponseWriter, r *http.Request, form url.Values)) *wireServer {
	t.Helper()
	s := &wireServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		s.mu.Lock()
		s.seen = append(s.seen, seenRequest{r.Method, r.URL.Path, r.Header.Clone(), form, string(body)})
		s.mu.Unlock()
		reply(w, r, form)
	}))
	t.Cleanup(s.Close)
	return s
}

// says is a fixed answer.
func says(status int, kind, body string) func(http.ResponseWriter, *http.Request, url.Values) {
	return func(w http.ResponseWriter, _ *http.Request, _ url.Values) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// requestClient makes a client that reaches this machine only; the trace goes to
// the returned function.
func requestClient(t *testing.T) (*Client, func() string) {
	t.Helper()
	var mu sync.Mutex
	var trace strings.Builder
	w, err := wire.New(wire.Options{
		Now: time.Now, Dial: testkit.LoopbackOnly().DialContext, Timeout: 5 * time.Second,
		Redact: noRedactor{},
		Trace: func(line string) {
			mu.Lock()
			defer mu.Unlock()
			trace.WriteString(line + "\n")
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &Client{Wire: w, Now: time.Now, Random: rand.Reader}, func() string {
		mu.Lock()
		defer mu.Unlock()
		return trace.String()
	}
}

// noRedactor shows what the trace holds without one.
type noRedactor struct{}

func (noRedactor) Clean(text string) string { return text }

func gsaConfig(s *wireServer) Config {
	return Config{
		Flow: GSA, ClientID: "client:id +1", Secret: secret.New(canary), SiteID: "6f1c7f0e-0000-4000-8000-000000000001",
		Method: SecretPost, TokenURL: s.URL + "/token", RevokeURL: s.URL + "/revoke", IntrospectURL: s.URL + "/introspect",
		APIBase: s.URL + "/api", EnterpriseID: "00001", PracticeID: "0001", RedirectURL: "http://127.0.0.1:7777/callback",
	}
}

// rsaJWK is a private JWK, made once.
func rsaJWK(t *testing.T, change func(map[string]any)) []byte {
	t.Helper()
	return editJWK(t, jose.JSONWebKey{Key: testRSA(), KeyID: "rsa-1"}, change)
}

func testRSA() *rsa.PrivateKey { return onceRSA() }

var onceRSA = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func ecKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func editJWK(t *testing.T, key jose.JSONWebKey, change func(map[string]any)) []byte {
	t.Helper()
	text, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(m)
	}
	if text, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	return text
}

func loadedKey(t *testing.T, data []byte, id string) *Key {
	t.Helper()
	k, err := LoadKey(data, id)
	if err != nil {
		t.Fatal(err)
	}
	return k
}
