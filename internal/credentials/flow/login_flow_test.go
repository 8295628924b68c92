package flow

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
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
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/testkit"
)

// authServer is an authorization server that keeps to the standards: codes are
// good for one use, with the verifier, the redirect address and the client that
// they were given for.
type authServer struct {
	*httptest.Server
	keys *keyServer

	mu     sync.Mutex
	codes  map[string]url.Values // code to authorization request
	tokens int                   // requests to the token endpoint
	seen   []url.Values          // authorization requests

	redirect func(url.Values) // changes what is sent back
	claims   map[string]any   // changes the id_token; nil value removes
	noID     bool
}

func newAuthServer(t *testing.T) *authServer {
	t.Helper()
	s := &authServer{keys: newKeyServer(t), codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", s.authorize)
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) { s.token(t, w, r) })
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *authServer) config() Config {
	return Config{
		Flow: Patient, Method: None, ClientID: "test-client", AuthURL: s.URL + "/authorize", TokenURL: s.URL + "/token",
		FHIRBase: "https://fhir.example/r4", Scopes: []string{"openid", "launch/patient"},
	}
}

func (s *authServer) authorize(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := r.URL.Query()
	s.seen = append(s.seen, q)
	code := fmt.Sprintf("code-canary-%d", len(s.seen))
	s.codes[code] = q
	back := url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {"https://auth.example"}}
	if s.redirect != nil {
		s.redirect(back)
	}
	w.Header().Set("Location", q.Get("redirect_uri")+"?"+back.Encode())
	w.WriteHeader(http.StatusFound)
}

func (s *authServer) token(t *testing.T, w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens++
	w.Header().Set("Content-Type", "application/json")
	code := r.PostFormValue("code")
	request, ok := s.codes[code]
	delete(s.codes, code)
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || r.PostFormValue("grant_type") != "authorization_code" || r.PostFormValue("redirect_uri") != request.Get("redirect_uri") ||
		r.PostFormValue("client_id") != request.Get("client_id") || request.Get("code_challenge_method") != "S256" ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != request.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	answer := map[string]any{"access_token": "access-canary", "token_type": "Bearer", "expires_in": 3600, "patient": "id-canary"}
	if !s.noID {
		claims := merge(goodClaims(), map[string]any{"nonce": request.Get("nonce")})
		answer["id_token"] = signed(t, jose.ES384, testKeys().ec, "e1", merge(claims, s.claims)).Reveal()
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		t.Error(err)
	}
}

// tracedClient knows no secret to redact: nothing may reach the trace anyway.
func tracedClient(t *testing.T) (*Client, *[]string) {
	t.Helper()
	var lines []string
	w, err := wire.New(wire.Options{
		Now: testNow, Dial: testkit.LoopbackOnly().DialContext, Redact: secret.NewRedactor(),
		Trace: func(line string) { lines = append(lines, line) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return &Client{Wire: w, Now: testNow}, &lines
}

// signIn plays the person: it opens the address and follows the redirect back.
func signIn(t *testing.T, address string) (page visited, back string) {
	t.Helper()
	sent := visit(t, "GET", address, "")
	back = sent.header.Get("Location")
	if sent.status != http.StatusFound || back == "" {
		t.Fatalf("the authorization server answers %d", sent.status)
	}
	return visit(t, "GET", back, ""), back
}

func (s *authServer) expect() Expect {
	return Expect{Issuers: []string{"https://fhir.example/r4", "https://auth.example"}, PromisesIss: true}
}

func TestSignInFromBeginningToEnd(t *testing.T) {
	s := newAuthServer(t)
	client, trace := tracedClient(t)
	c := listening(t, "http://127.0.0.1/callback")
	cfg := s.config()
	cfg.RedirectURL = c.URL
	l := newLogin(t, cfg)
	page, back := signIn(t, l.URL())
	safePage(t, page)
	a := waited(t, c)
	cfg.RedirectURL = "http://127.0.0.1:1/other" // the login knows better
	token, err := client.Finish(t.Context(), cfg, l, a, s.expect())
	if err != nil || token.Access.Reveal() != "access-canary" || token.Patient != "id-canary" {
		t.Fatalf("no token: %v", err)
	}
	e := s.keys.expect()
	e.Nonce, e.Access = l.Nonce, token.Access
	id, findings, err := client.VerifyID(t.Context(), token.ID, e)
	if err != nil || len(findings) > 0 || id.UserKind != "Patient" || id.KeyURL != s.keys.urls()[1] {
		t.Errorf("%v, %v", findings, err)
	}
	secrets := append(append(l.Secrets(), a.Secrets()...), token.Access, token.ID, secret.New("canary"))
	for _, v := range secrets {
		if !v.Empty() && strings.Contains(strings.Join(*trace, "\n"), v.Reveal()) {
			t.Errorf("a secret is in the trace: %s", *trace)
		}
	}
	// The same answer again: at the listener, at the login, and with a new login.
	if v := visit(t, "GET", back, ""); v.status != http.StatusGone {
		t.Errorf("a replayed callback answers %d", v.status)
	}
	for _, again := range []*Login{l, newLogin(t, s.config2(c.URL))} {
		if again != l {
			a.State = secret.New("state of another sign-in")
		}
		_, err := client.Finish(t.Context(), cfg, again, a, s.expect())
		if e := new(CallbackError); !errors.As(err, &e) || e.Check != "code.state" {
			t.Errorf("replayed: %v", err)
		}
	}
	if s.tokens != 1 {
		t.Errorf("%d token requests, want 1", s.tokens)
	}
}

func (s *authServer) config2(redirect string) Config {
	cfg := s.config()
	cfg.RedirectURL = redirect
	return cfg
}

func TestSignInWithAPastedAddress(t *testing.T) {
	s := newAuthServer(t)
	cfg := s.config2("https://app.example/callback")
	s.noID = true
	l := newLogin(t, cfg)
	back := visit(t, "GET", l.URL(), "").header.Get("Location")
	a, err := ParseRedirected("\""+back[:40]+"\n"+back[40:]+"\"\n", l.Redirect)
	if err != nil {
		t.Fatal(err)
	}
	token, err := idClient(t).Finish(t.Context(), cfg, l, a, s.expect())
	if err != nil || token.Access.Empty() {
		t.Fatalf("no token: %v", err)
	}
	if !token.ID.Empty() {
		t.Error("an id_token that was not sent is there")
	}
}

func TestSignInThatFailsSendsNoTokenRequest(t *testing.T) {
	cases := map[string]struct {
		redirect func(url.Values)
		check    string
	}{
		"wrong state": {func(v url.Values) { v.Set("state", "canary") }, "code.state"},
		"iss":         {func(v url.Values) { v.Set("iss", "https://canary.example") }, "code.iss"},
		"no iss":      {func(v url.Values) { v.Del("iss") }, "code.iss"},
		"denied": {func(v url.Values) {
			v.Del("code")
			v.Set("error", "access_denied")
			v.Set("error_description", "canary")
		}, "tok.accepted"},
		"two codes": {func(v url.Values) { v.Add("code", "canary") }, "code.callback"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := newAuthServer(t)
			s.redirect = c.redirect
			cb := listening(t, "http://127.0.0.1/callback")
			cfg := s.config2(cb.URL)
			l := newLogin(t, cfg)
			page, _ := signIn(t, l.URL())
			safePage(t, page)
			_, err := idClient(t).Finish(t.Context(), cfg, l, waited(t, cb), s.expect())
			e := new(CallbackError)
			if !errors.As(err, &e) || e.Check != c.check || exit.Of(err) != exit.No || s.tokens != 0 {
				t.Errorf("%v, %d token requests", err, s.tokens)
			}
			if text := fmt.Sprint(err, exit.List(err)); strings.Contains(text, "canary") || strings.Contains(text, l.State.Reveal()) {
				t.Errorf("repeated: %s", text)
			}
		})
	}
}

func TestCodeIsBoundToItsVerifier(t *testing.T) {
	s := newAuthServer(t)
	cb := listening(t, "http://127.0.0.1/callback")
	cfg := s.config2(cb.URL)
	l := newLogin(t, cfg)
	_, _ = signIn(t, l.URL())
	l.Verifier = secret.New("verifier-canary")
	_, err := idClient(t).Finish(t.Context(), cfg, l, waited(t, cb), s.expect())
	r := new(Refusal)
	if !errors.As(err, &r) || r.Code != "invalid_grant" || strings.Contains(err.Error(), "canary") {
		t.Errorf("%v", err)
	}
}

func TestEHRLaunchFromBeginningToEnd(t *testing.T) {
	s := newAuthServer(t)
	cb := listening(t, "http://127.0.0.1/callback")
	logins, random := &Logins{}, new(counted)
	cfg := s.config2(cb.URL)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	type result struct {
		a   Answer
		err error
	}
	done := make(chan result, 1)
	launched := LaunchConfig{Issuers: []string{"https://fhir.example/r4"}}
	go func() {
		a, err := ServeLaunch(ctx, cb, launched, func(_ context.Context, iss string, launch secret.Value) (string, error) {
			this := cfg
			this.Flow, this.Aud, this.Launch = EAL, iss, launch.Reveal()
			l, err := NewLogin(this, random)
			if err != nil {
				return "", err
			}
			logins.Add(l)
			return l.URL(), nil
		})
		done <- result{a, err}
	}()
	for cb.launching() == nil {
		time.Sleep(time.Millisecond)
	}
	sent := visit(t, "GET", cb.LaunchURL(launched)+"?launch=launch-canary&iss=https%3A%2F%2Ffhir.example%2Fr4%2F", "")
	page, _ := signIn(t, sent.header.Get("Location"))
	safePage(t, page)
	r := <-done
	if r.err != nil {
		t.Fatal(r.err)
	}
	l := logins.For(r.a)
	token, err := idClient(t).Finish(t.Context(), cfg, l, r.a, s.expect())
	if err != nil || token.Access.Empty() {
		t.Fatalf("no token: %v", err)
	}
	if got := s.seen[0]; got.Get("launch") != "launch-canary" || got.Get("aud") != "https://fhir.example/r4/" || l.Aud != got.Get("aud") {
		t.Errorf("launch and aud are not what the EHR gave: %v", got)
	}
}

func TestNothingOfASignInPrintsItself(t *testing.T) {
	cfg := patientConfig()
	cfg.Scopes, cfg.Launch = []string{"openid"}, "launch-canary"
	l := newLogin(t, cfg)
	a := answer(t, "code=code-canary&state="+l.State.Reveal())
	id := &Identity{User: secret.New("Patient/canary"), Subject: secret.New("sub-canary")}
	var s Logins
	s.Add(l)
	held := append(append(l.Secrets(), a.Secrets()...), id.User, id.Subject)
	if len(held) != 8 {
		t.Fatalf("%d secrets", len(held))
	}
	for _, v := range []any{l, a, &a, id, *id, s.list, []any{l, a, id}, map[string]any{"x": l}} {
		text := fmt.Sprintf("%v %+v %#v %s %q", v, v, v, v, v)
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range held {
			if secret.Empty() {
				t.Fatal("a secret is missing")
			}
			if strings.Contains(text+string(b), secret.Reveal()) {
				t.Errorf("%T prints a secret: %s %s", v, text, b)
			}
		}
	}
}
