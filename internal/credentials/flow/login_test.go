package flow

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// counted is a source of bytes that are all different, so that a test can tell
// state, verifier and nonce apart.
type counted byte

func (c *counted) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(*c)
		*c++
	}
	return len(p), nil
}

func patientConfig() Config {
	return Config{
		Flow: Patient, ClientID: "test-client", AuthURL: "https://auth.example/authorize?tenant=a",
		FHIRBase: "https://fhir.example/r4", RedirectURL: "http://127.0.0.1:8400/callback",
	}
}

func newLogin(t *testing.T, cfg Config) *Login {
	t.Helper()
	l, err := NewLogin(cfg, new(counted))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func query(t *testing.T, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func TestAuthorizationRequest(t *testing.T) {
	cases := []struct {
		name string
		edit func(*Config)
		want map[string]string // "" means absent
	}{
		{"without scopes", func(*Config) {}, map[string]string{
			"response_type": "code", "client_id": "test-client", "redirect_uri": "http://127.0.0.1:8400/callback",
			"aud": "https://fhir.example/r4", "code_challenge_method": "S256", "tenant": "a",
			"scope": "", "nonce": "", "launch": "", "prompt": "", "access_type": "",
		}},
		{"with openid", func(c *Config) { c.Scopes = []string{"openid", "launch/patient", "patient/*.read"} }, map[string]string{
			"scope": "openid launch/patient patient/*.read", "nonce": "there", "prompt": "",
		}},
		{"scopes in one text", func(c *Config) { c.Scopes = []string{"launch openid"} }, map[string]string{"scope": "launch openid", "nonce": "there"}},
		{"offline access is only what was asked for", func(c *Config) { c.Scopes = []string{"offline_access"} }, map[string]string{
			"scope": "offline_access", "nonce": "", "prompt": "",
		}},
		{"EHR launch", func(c *Config) {
			c.Flow, c.Launch, c.Aud = EAL, "opaque value+1", "https://api.example/nge-api"
		}, map[string]string{
			"launch": "opaque value+1", "aud": "https://api.example/nge-api",
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			cfg := patientConfig()
			c.edit(&cfg)
			l := newLogin(t, cfg)
			got := query(t, l.URL())
			for name, want := range c.want {
				if want == "there" {
					want = l.Nonce.Reveal()
				}
				if got.Get(name) != want || len(got[name]) > 1 {
					t.Errorf("%s is %q, want %q", name, got[name], want)
				}
			}
			sum := sha256.Sum256([]byte(l.Verifier.Reveal()))
			if got.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
				t.Error("the challenge is not the hash of the verifier")
			}
			if got.Get("state") != l.State.Reveal() || strings.Contains(l.URL(), l.Verifier.Reveal()) {
				t.Error("the request must hold the state and not the verifier")
			}
			if l.Redirect != cfg.RedirectURL || l.Aud != got.Get("aud") {
				t.Errorf("the login forgot what was sent: %q, %q", l.Redirect, l.Aud)
			}
		})
	}
}

func TestStateVerifierAndNonceAreLongAndDiffer(t *testing.T) {
	cfg := patientConfig()
	cfg.Scopes = []string{"openid"}
	l := newLogin(t, cfg)
	seen := map[string]bool{}
	for _, v := range []string{l.State.Reveal(), l.Verifier.Reveal(), l.Nonce.Reveal()} {
		b, err := base64.RawURLEncoding.DecodeString(v)
		if err != nil || len(b) != 32 || seen[v] {
			t.Errorf("%d bytes, %v, seen before: %v", len(b), err, seen[v])
		}
		seen[v] = true
	}
	for _, random := range []io.Reader{nil, bytes.NewReader(make([]byte, 95))} {
		if _, err := NewLogin(cfg, random); err == nil {
			t.Error("a login was made without enough random bytes")
		}
	}
}

func TestNewLoginNamesAllThatIsMissing(t *testing.T) {
	_, err := NewLogin(Config{Flow: GSA}, new(counted))
	if exit.Of(err) != exit.Usage || len(exit.List(err)) != 5 {
		t.Errorf("code %d, problems %v", exit.Of(err), exit.List(err))
	}
	for address, want := range map[string]string{
		"http://auth.example/authorize":           "not https",
		"https://user:pass-canary@auth.example/a": "no absolute",
		"/authorize":                                    "no absolute",
		"https://auth.example/a#x":                      "fragment",
		"https://auth.example/a?state=canary":           "parameter state",
		"https://auth.example/a?x=%zz":                  "cannot be read",
		"https://[auth.example/canary":                  "no absolute",
		"ftp://auth.example/canary":                     "not https",
		"http://127.0.0.1.auth.example/authorize?c=can": "not https",
	} {
		cfg := patientConfig()
		cfg.AuthURL = address
		_, err := NewLogin(cfg, new(counted))
		if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"http://127.0.0.1:1/a", "http://localhost:1/a", "http://[::1]:1/a"} {
		cfg := patientConfig()
		cfg.AuthURL = address
		if _, err := NewLogin(cfg, new(counted)); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// answer is a redirect's query, read.
func answer(t *testing.T, query string) Answer {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := answerOf(values)
	return a
}

func TestCheck(t *testing.T) {
	two := Expect{Issuers: []string{"https://fhir.example/r4", "https://auth.example"}}
	promised := Expect{Issuers: two.Issuers, PromisesIss: true}
	cases := []struct {
		name, query string // STATE stands for the right state
		expect      Expect
		check       string // "" means accepted
		code        exit.Code
		words       string
	}{
		{"accepted", "code=c-canary&state=STATE", two, "", 0, ""},
		{"first issuer", "code=c-canary&state=STATE&iss=https://fhir.example/r4", promised, "", 0, ""},
		{"second issuer", "code=c-canary&state=STATE&iss=https://auth.example", promised, "", 0, ""},
		{"issuer where none is known", "code=c-canary&state=STATE&iss=https://x.example", Expect{}, "", 0, ""},
		{"unknown parameters", "code=c-canary&state=STATE&session_state=x", two, "", 0, ""},
		{"wrong state", "code=c-canary&state=s-canary", two, "code.state", exit.No, "another sign-in"},
		{"longer state", "code=c-canary&state=STATEx", two, "code.state", exit.No, "another sign-in"},
		{"no state", "code=c-canary", two, "code.state", exit.No, "no state"},
		{"error without state", "error=access_denied", two, "code.state", exit.No, "no state"},
		{"error with wrong state", "error=access_denied&state=s-canary", two, "code.state", exit.No, "another sign-in"},
		{"slash makes another issuer", "code=c-canary&state=STATE&iss=https://auth.example/", two, "code.iss", exit.No, "not an issuer"},
		{"empty issuer", "code=c-canary&state=STATE&iss=", two, "code.iss", exit.No, "not an issuer"},
		{"foreign issuer", "code=c-canary&state=STATE&iss=https://i-canary.example", two, "code.iss", exit.No, "not an issuer"},
		{"empty issuer beside an empty member", "code=c-canary&state=STATE&iss=", Expect{Issuers: []string{"", "https://a.example"}}, "code.iss", exit.No, "not an issuer"},
		{"promised and not there", "code=c-canary&state=STATE", promised, "code.iss", exit.No, "promises"},
		{"promised but no issuer known", "code=c-canary&state=STATE&iss=https://a.example", Expect{PromisesIss: true}, "code.iss", exit.No, "not an issuer"},
		{"no code", "code=&state=STATE", two, "code.callback", exit.No, "no code"},
		{"two codes", "code=c-canary&code=c-canary&state=STATE", two, "code.callback", exit.No, "parameter code twice"},
		{"two states", "code=c-canary&state=STATE&state=STATE", two, "code.callback", exit.No, "parameter state twice"},
		{"something else twice", "code=c-canary&state=STATE&n-canary=1&n-canary=2", two, "code.callback", exit.No, "a parameter twice"},
		{"token in the address", "access_token=t-canary&state=STATE", two, "code.callback", exit.No, "token into the address"},
		{"denied", "error=access_denied&error_description=d-canary&state=STATE", two, "tok.accepted", exit.No, "access_denied"},
		{"denied with a code beside", "error=access_denied&code=c-canary&state=STATE", two, "tok.accepted", exit.No, "access_denied"},
		{"server trouble", "error=temporarily_unavailable&state=STATE", two, "tok.accepted", exit.Remote, "temporarily_unavailable"},
		{"person needed", "error=login_required&state=STATE", two, "tok.accepted", exit.SignIn, "login_required"},
		{"invalid request", "error=invalid_request&state=STATE", two, "tok.accepted", exit.No, "invalid_request"},
		{"client not allowed", "error=unauthorized_client&state=STATE", two, "tok.accepted", exit.No, "unauthorized_client"},
		{"scope", "error=invalid_scope&state=STATE", two, "tok.accepted", exit.No, "invalid_scope"},
		{"response type", "error=unsupported_response_type&state=STATE", two, "tok.accepted", exit.No, "unsupported_response_type"},
		{"unknown error", "error=e-canary&error_description=d-canary&state=STATE", two, "tok.accepted", exit.No, "does not define"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := newLogin(t, patientConfig())
			err := l.Check(answer(t, strings.ReplaceAll(c.query, "STATE", l.State.Reveal())), c.expect)
			again := l.Check(answer(t, "code=c&state="+l.State.Reveal()), c.expect)
			if e := new(CallbackError); !errors.As(again, &e) || e.Check != "code.state" || !strings.Contains(e.What, "before") {
				t.Errorf("the second check must be refused: %v", again)
			}
			if c.check == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			e := new(CallbackError)
			if !errors.As(err, &e) || e.Check != c.check || exit.Of(err) != c.code || !strings.Contains(e.What, c.words) || e.Do == "" {
				t.Fatalf("got %v, %+v", err, e)
			}
			text := fmt.Sprint(err, exit.List(err))
			if strings.Contains(text, "canary") || strings.Contains(text, l.State.Reveal()) {
				t.Errorf("the error repeats the answer: %s", text)
			}
		})
	}
}

func TestErrorOfTheServerIsKeptForTheRedactor(t *testing.T) {
	l := newLogin(t, patientConfig())
	err := l.Check(answer(t, "error=odd_one&error_description=some+words&state="+l.State.Reveal()), Expect{})
	e := new(CallbackError)
	if !errors.As(err, &e) || e.Code != "odd_one" || e.Description != "some words" {
		t.Errorf("%+v", e)
	}
}

func TestLoginsFindTheAttempt(t *testing.T) {
	var nobody *Login
	if e := new(CallbackError); !errors.As(nobody.Check(Answer{}, Expect{}), &e) || e.Check != "code.state" {
		t.Error("an answer without any login must be refused")
	}
	var s Logins
	if s.For(Answer{State: secret.New("x")}) != nil {
		t.Error("a login was found where there is none")
	}
	random := new(counted)
	var all []*Login
	for range 3 {
		l, err := NewLogin(patientConfig(), random)
		if err != nil {
			t.Fatal(err)
		}
		s.Add(l)
		all = append(all, l)
	}
	for i, l := range all {
		if s.For(Answer{State: l.State}) != l {
			t.Errorf("attempt %d was not found", i)
		}
	}
	if s.For(Answer{State: secret.New("other")}) != all[2] || s.For(Answer{}) != all[2] {
		t.Error("an unknown state must lead to the newest attempt")
	}
}

func TestParseRedirected(t *testing.T) {
	const redirect = "http://127.0.0.1:8400/callback"
	good := []string{
		redirect + "?code=c-canary&state=s-canary",
		"  " + redirect + "?code=c-canary&state=s-canary\r\n",
		`"` + redirect + `?code=c-canary&state=s-canary"`,
		"<" + redirect + "?code=c-canary&state=s-canary>",
		"“" + redirect + "?code=c-canary&state=s-canary”",
		"http://127.0.0.1:8400/call\n  back?code=c-can\r\n   ary&sta te=s-canary",
		"\ufeff" + redirect + "?code=c-canary&state=s-\u200bcanary",
		"HTTP://127.0.0.1:8400/callback?code=c-canary&state=s-canary",
		"127.0.0.1:8400/callback?code=c-canary&state=s-canary",
		"?code=c-canary&state=s-canary",
		"code=c-canary&state=s-canary",
		redirect + "?code=c-canary&state=s-canary#_=_",
		redirect + "?code=c%2dcanary&state=s%2Dcanary#",
	}
	for _, pasted := range good {
		a, err := ParseRedirected(pasted, redirect)
		if err != nil || a.Code.Reveal() != "c-canary" || a.State.Reveal() != "s-canary" {
			t.Errorf("%q: %v", pasted, err)
		}
	}
	bad := map[string]string{
		"":                 "nothing was pasted",
		"\"\"":             "nothing was pasted",
		"c-canary":         "not an address",
		redirect:           "neither",
		"https://x.canary": "not begin",
		"https://127.0.0.1:8400/callback?code=c-canary&state=s":     "not begin",
		"http://127.0.0.1:8401/callback?code=c-canary&state=s":      "not begin",
		"http://127.0.0.1/callback?code=c-canary&state=s":           "not begin",
		"http://127.0.0.1:8400/callback/?code=c-canary&state=s":     "not begin",
		"http://127.0.0.1:8400/Callback?code=c-canary&state=s":      "not begin",
		"http://localhost:8400/callback?code=c-canary&state=s":      "not begin",
		"http://u:p-canary@127.0.0.1:8400/callback?code=c&state=s":  "not begin",
		"http://[canary/callback?code=c-canary&state=s":             "not begin",
		"https://auth.example/authorize?client_id=x&state=s-canary": "not begin",
		redirect + "?x=canary":                                      "neither",
		redirect + "?code=c-canary&state=%zzcanary":                 "cannot be read",
		redirect + "#code=c-canary&state=s":                         "behind a #",
		redirect + "?x=1#access_token=t-canary&state=s":             "behind a #",
		"#access_token=t-canary":                                    "behind a #",
		"code=" + strings.Repeat("canary", 20000):                   "too long",
	}
	for pasted, want := range bad {
		_, err := ParseRedirected(pasted, redirect)
		if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: %v", pasted, err)
		}
	}
}

func TestParseRedirectedKnowsDefaultPorts(t *testing.T) {
	for pasted, redirect := range map[string]string{
		"https://app.example:443/cb?code=c&state=s": "https://app.example/cb",
		"https://APP.example/cb?code=c&state=s":     "https://app.example:443/cb",
		"http://127.0.0.1:80/?code=c&state=s":       "http://127.0.0.1",
		"app.example/cb?code=c&state=s":             "https://app.example/cb",
	} {
		if a, err := ParseRedirected(pasted, redirect); err != nil || a.Code.Reveal() != "c" {
			t.Errorf("%s for %s: %v", pasted, redirect, err)
		}
	}
	if _, err := ParseRedirected("http://a/?code=c&state=s", "::"); exit.Of(err) != exit.Usage {
		t.Errorf("a broken redirect address was accepted: %v", err)
	}
}

func FuzzParseRedirected(f *testing.F) {
	const redirect = "http://127.0.0.1:8400/callback"
	for _, s := range []string{"", "?", "code=c&state=s", redirect + "?code=c&state=s#x", "://", "a://?code=", "http://[::1%25x]/?code=1", "%", "?code=%", "\"'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, pasted string) {
		a, err := ParseRedirected(pasted, redirect)
		if err != nil {
			if exit.Of(err) != exit.Usage || exit.List(err)[0].Do == "" {
				t.Errorf("an error without code or remedy: %v", err)
			}
			return
		}
		if a.Code.Empty() && !a.HasError && !a.HasToken && !strings.Contains(pasted, "code") {
			t.Errorf("%q was taken for an answer", pasted)
		}
		l := newLogin(t, patientConfig())
		if err := l.Check(a, Expect{}); err == nil {
			t.Errorf("%q fits a state that nobody sent", pasted)
		}
	})
}
