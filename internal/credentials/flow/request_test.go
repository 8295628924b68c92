package flow

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/exit"
)

const goodToken = `{"access_token":"at-0123456789","token_type":"Bearer","expires_in":3600}`

func TestClientCredentialsByMethod(t *testing.T) {
	key := loadedKey(t, rsaJWK(t, nil), "")
	for _, method := range []Method{SecretPost, SecretBasic, PrivateKey, None} {
		s := serveWire(t, says(200, "application/json", goodToken))
		cfg := gsaConfig(s)
		cfg.Method, cfg.Key, cfg.Scopes = method, key, []string{"system/Patient.rs", "x"}
		c, _ := requestClient(t)
		tok, err := c.ClientCredentials(t.Context(), cfg)
		if err != nil {
			t.Fatalf("%s: %v", method, err)
		}
		if tok.Access.Reveal() != "at-0123456789" || tok.Type != "Bearer" || tok.Answer == nil || tok.Answer.Status != 200 {
			t.Errorf("%s: %+v", method, tok)
		}
		seen := s.requests()
		if len(seen) != 1 || c.Wire.Requests() != 1 {
			t.Fatalf("%s: %d requests", method, len(seen))
		}
		checkAuthentication(t, cfg, seen[0])
		f := seen[0].form
		if f.Get("grant_type") != "client_credentials" || f.Get("site_id") != cfg.SiteID || f.Get("scope") != "system/Patient.rs x" {
			t.Errorf("%s: form %v", method, f)
		}
	}
}

// checkAuthentication holds a request against the method of cfg.
func checkAuthentication(t *testing.T, cfg Config, r seenRequest) {
	t.Helper()
	want := map[Method][]string{ // client_id, client_secret, Authorization, client_assertion
		SecretPost:  {"id", "secret", "", ""},
		SecretBasic: {"", "", "basic", ""},
		PrivateKey:  {"id", "", "", "assertion"},
		None:        {"id", "", "", ""},
	}[cfg.Method]
	got := make([]string, 4)
	switch r.form.Get("client_id") {
	case "":
	case cfg.ClientID:
		got[0] = "id"
	default:
		got[0] = "wrong"
	}
	if r.form.Has("client_secret") {
		got[1] = map[bool]string{true: "secret", false: "wrong"}[r.form.Get("client_secret") == canary]
	}
	if auth := r.header.Get("Authorization"); auth != "" {
		// RFC 6749 2.3.1: form-encoded first, then Basic.
		pair := url.QueryEscape(cfg.ClientID) + ":" + url.QueryEscape(canary)
		got[2] = map[bool]string{true: "basic", false: "wrong"}[auth == "Basic "+base64.StdEncoding.EncodeToString([]byte(pair))]
	}
	if r.form.Has("client_assertion") {
		got[3] = map[bool]string{true: "assertion", false: "wrong"}[r.form.Get("client_assertion_type") == jwtBearer]
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: sent %v, want %v", cfg.Method, got, want)
	}
}

func TestWhatIsNotSetIsNotSent(t *testing.T) {
	s := serveWire(t, says(200, "application/json", goodToken))
	cfg := gsaConfig(s)
	cfg.SiteID = ""
	c, _ := requestClient(t)
	if _, err := c.ClientCredentials(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if f := s.requests()[0].form; f.Has("site_id") || f.Has("scope") || f.Has("audience") {
		t.Errorf("form %v", f)
	}
}

func TestAnAssertionIsUsedOnce(t *testing.T) {
	s := serveWire(t, says(200, "application/json", goodToken))
	cfg := gsaConfig(s)
	cfg.Method, cfg.Key = PrivateKey, loadedKey(t, rsaJWK(t, nil), "")
	c, _ := requestClient(t)
	for range 2 {
		if _, err := c.ClientCredentials(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
	}
	seen := s.requests()
	if a, b := seen[0].form.Get("client_assertion"), seen[1].form.Get("client_assertion"); a == b || a == "" {
		t.Error("two requests have the same assertion")
	}
}

func TestExchangeAndRefresh(t *testing.T) {
	key := loadedKey(t, rsaJWK(t, nil), "")
	for _, method := range []Method{SecretPost, SecretBasic, PrivateKey, None} {
		s := serveWire(t, says(200, "application/json", goodToken))
		cfg := gsaConfig(s)
		cfg.Method, cfg.Key = method, key
		c, _ := requestClient(t)
		if _, err := c.Exchange(t.Context(), cfg, secret.New("code-1"), secret.New("verifier-1")); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Refresh(t.Context(), cfg, secret.New("refresh-1")); err != nil {
			t.Fatal(err)
		}
		seen := s.requests()
		if len(seen) != 2 {
			t.Fatalf("%s: %d requests, want 2", method, len(seen))
		}
		checkAuthentication(t, cfg, seen[0])
		checkAuthentication(t, cfg, seen[1])
		if f := seen[0].form; f.Get("grant_type") != "authorization_code" || f.Get("code") != "code-1" ||
			f.Get("code_verifier") != "verifier-1" || f.Get("redirect_uri") != cfg.RedirectURL || f.Has("site_id") {
			t.Errorf("%s: exchange %v", method, f)
		}
		if f := seen[1].form; f.Get("grant_type") != "refresh_token" || f.Get("refresh_token") != "refresh-1" || f.Has("scope") {
			t.Errorf("%s: refresh %v", method, f)
		}
	}
}

func TestRefreshInventsNoRefreshToken(t *testing.T) {
	s := serveWire(t, says(200, "application/json", goodToken))
	c, _ := requestClient(t)
	tok, err := c.Refresh(t.Context(), gsaConfig(s), secret.New("old"))
	if err != nil || !tok.Refresh.Empty() { // x/oauth2 would put the old one there
		t.Errorf("%v", err)
	}
	if _, err := c.Refresh(t.Context(), gsaConfig(s), secret.Value{}); exit.Of(err) != exit.SignIn || len(s.requests()) != 1 {
		t.Errorf("without a refresh token: %v", err)
	}
}

func TestRevokeAndIntrospect(t *testing.T) {
	key := loadedKey(t, rsaJWK(t, nil), "")
	for _, method := range []Method{SecretPost, SecretBasic, PrivateKey, None} {
		s := serveWire(t, says(200, "application/json", `{"active":true,"scope":"a b","client_id":"c","exp":1790000000}`))
		cfg := gsaConfig(s)
		cfg.Method, cfg.Key = method, key
		c, _ := requestClient(t)
		if a, err := c.Revoke(t.Context(), cfg, secret.New("tok-1"), "refresh_token"); err != nil || a.Status != 200 {
			t.Fatalf("%s: %v", method, err)
		}
		i, err := c.Introspect(t.Context(), cfg, secret.New("tok-1"))
		if err != nil || !i.Active || i.Scope != "a b" || i.ClientID != "c" || i.Exp.Unix() != 1790000000 {
			t.Fatalf("%s: %+v, %v", method, i, err)
		}
		seen := s.requests()
		for n, path := range []string{"/revoke", "/introspect"} {
			checkAuthentication(t, cfg, seen[n])
			if seen[n].path != path || seen[n].form.Get("token") != "tok-1" {
				t.Errorf("%s: %+v", method, seen[n])
			}
		}
		if seen[0].form.Get("token_type_hint") != "refresh_token" || seen[1].form.Has("token_type_hint") {
			t.Errorf("%s: hints %v, %v", method, seen[0].form, seen[1].form)
		}
	}
}

func TestIntrospectionThatIsNone(t *testing.T) {
	for body, want := range map[string]string{
		`{}`: "no-token", `{"active":"yes"}`: "no-token", `{"active":null}`: "no-token", ``: "empty", `[1]`: "no-token",
	} {
		s := serveWire(t, says(200, "application/json", body))
		c, _ := requestClient(t)
		_, err := c.Introspect(t.Context(), gsaConfig(s), secret.New("t"))
		var r *Refusal
		if !errors.As(err, &r) || r.NotOAuth != want {
			t.Errorf("%q: %v", body, err)
		}
	}
}

func TestWhatIsMissingIsNamedAndNothingIsSent(t *testing.T) {
	cases := []struct {
		name   string
		change func(*Config)
		code   exit.Code
		want   string
	}{
		{"secret", func(c *Config) { c.Secret = secret.Value{} }, exit.SignIn, "no client secret"},
		{"secret for Basic", func(c *Config) { c.Method, c.Secret = SecretBasic, secret.Value{} }, exit.SignIn, "no client secret"},
		{"secret and id", func(c *Config) { c.ClientID, c.Secret = "", secret.Value{} }, exit.Usage, "no client id"},
		{"key", func(c *Config) { c.Method = PrivateKey }, exit.Usage, "no private key"},
		{"empty key", func(c *Config) { c.Method, c.Key = PrivateKey, &Key{} }, exit.Usage, "no private key"},
		{"method", func(c *Config) { c.Method = "" }, exit.Usage, "auth method"},
		{"address", func(c *Config) { c.TokenURL = "/token" }, exit.Usage, "--token-url"},
		{"user in address", func(c *Config) { c.TokenURL = "https://u:canary2@127.0.0.1/" }, exit.Usage, "--token-url"},
	}
	for _, k := range cases {
		s := serveWire(t, says(200, "application/json", goodToken))
		cfg := gsaConfig(s)
		k.change(&cfg)
		c, _ := requestClient(t)
		_, err := c.ClientCredentials(t.Context(), cfg)
		if exit.Of(err) != k.code || !strings.Contains(err.Error(), k.want) || strings.Contains(err.Error(), "canary") || len(s.requests()) != 0 {
			t.Errorf("%s: %v (code %d), %d requests", k.name, err, exit.Of(err), len(s.requests()))
		}
	}
}

func TestFailuresComeThroughTheLibrary(t *testing.T) {
	s := serveWire(t, says(200, "", ""))
	cfg := gsaConfig(s)
	s.Close()
	c, _ := requestClient(t)
	_, err := c.ClientCredentials(t.Context(), cfg)
	var f *wire.Failure
	if !errors.As(err, &f) || f.Hop != wire.HopConnect {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.ClientCredentials(ctx, cfg); err != context.Canceled { //nolint:errorlint // it is promised as it is
		t.Errorf("%v", err)
	}
}

// TestNoSecretGetsOut sends every secret to a server that repeats it in every
// way, and looks for it in all that the flow gives away unasked.
func TestNoSecretGetsOut(t *testing.T) {
	key := loadedKey(t, rsaJWK(t, nil), "")
	for _, method := range []Method{SecretPost, SecretBasic, PrivateKey} {
		var forms []string
		s := serveWire(t, func(w http.ResponseWriter, r *http.Request, form url.Values) {
			for _, v := range []string{canary, url.QueryEscape(canary), r.Header.Get("Authorization"), form.Get("client_assertion"), "code-canary", "refresh-canary"} {
				if v != "" {
					forms = append(forms, v)
				}
			}
			w.Header().Set("X-Echo", url.QueryEscape(form.Encode()))
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(401)
			fmt.Fprintf(w, `{"error":"invalid_client","error_description":%q}`, form.Encode()+" "+r.Header.Get("Authorization"))
		})
		cfg := gsaConfig(s)
		cfg.Method, cfg.Key = method, key
		c, trace := requestClient(t)
		_, err1 := c.ClientCredentials(t.Context(), cfg)
		_, err2 := c.Exchange(t.Context(), cfg, secret.New("code-canary"), secret.New("verifier-canary"))
		_, err3 := c.Refresh(t.Context(), cfg, secret.New("refresh-canary"))
		_, err4 := c.Introspect(t.Context(), cfg, secret.New("refresh-canary"))
		if n := len(s.requests()); n != 4 {
			t.Errorf("%s: 4 refused calls sent %d requests; a method must not be probed", method, n)
		}
		out := fmt.Sprint(err1, err2, err3, err4) + trace() + fmt.Sprintf("%v %+v %#v", cfg.Key, *cfg.Key, cfg.Key)
		for _, form := range append(forms, "verifier-canary") {
			if strings.Contains(out, form) {
				t.Errorf("%s: a secret got out in the form %q:\n%s", method, form, out)
			}
		}
		var r *Refusal
		if !errors.As(err1, &r) || r.Code != "invalid_client" || r.Answer.Status != 401 || !strings.Contains(trace(), "> form: client_") && method != SecretBasic {
			t.Errorf("%s: %v\n%s", method, err1, trace())
		}
	}
}

func TestARedirectTakesNoSecretAlong(t *testing.T) {
	other := serveWire(t, says(200, "application/json", goodToken))
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := serveWire(t, func(w http.ResponseWriter, r *http.Request, _ url.Values) {
			http.Redirect(w, r, other.URL+"/token", status)
		})
		cfg := gsaConfig(s)
		c, _ := requestClient(t)
		_, err := c.ClientCredentials(t.Context(), cfg)
		var r *Refusal
		if !errors.As(err, &r) || r.NotOAuth != "redirect" || r.Answer.Status != status || len(s.requests()) != 1 {
			t.Errorf("%d: %v, %d requests", status, err, len(s.requests()))
		}
		if _, err := c.Introspect(t.Context(), cfg, secret.New("x")); err == nil {
			t.Errorf("%d: introspection followed", status)
		}
	}
	if n := len(other.requests()); n != 0 {
		t.Errorf("the other host saw %d requests, want 0", n)
	}
}
