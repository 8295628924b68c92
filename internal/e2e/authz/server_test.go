package authz

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/apionboard/ngapi/internal/e2e/loopback"
)

const secret = "s3 +%&\":/x"

// party is a server with one client of each kind.
type party struct {
	*testing.T
	base string
	tape *loopback.Tape
	rsa  *rsa.PrivateKey
	ec   *ecdsa.PrivateKey
	*Server
}

func start(t *testing.T, o Options) party {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	site := loopback.Reserve(t, nil)
	o.Issuer, o.TokenURL, o.Patient = site.URL, site.URL+"/token", "pt-1"
	machine := []string{"client_credentials"}
	system := []string{"system/Patient.read"}
	patient := []string{"openid", "offline_access", "launch/patient", "patient/Patient.read"}
	back := []string{"http://127.0.0.1/callback"}
	s := New(t, o,
		Client{ID: "post", Secret: secret, Method: "client_secret_post", Grants: machine, Scopes: system},
		Client{ID: "basic", Secret: secret, Method: "client_secret_basic", Grants: machine, Scopes: system},
		Client{ID: "rsa", Method: "private_key_jwt", Grants: machine, Scopes: system, Public: &rsaKey.PublicKey, KeyID: "r"},
		Client{ID: "ec", Method: "private_key_jwt", Grants: machine, Scopes: system, Public: &ecKey.PublicKey, KeyID: "e"},
		Client{ID: "app", Secret: secret, Method: "client_secret_post", Redirects: back, Scopes: patient},
		Client{ID: "public", Method: "none", Redirects: back, Scopes: patient})
	site.Serve(t, s.Mux(site.URL))
	return party{T: t, base: site.URL, tape: site.Tape, rsa: rsaKey, ec: ecKey, Server: s}
}

// post sends a form and returns status and JSON members.
func (p party) post(path string, form url.Values, basic ...string) (int, map[string]any) {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), http.MethodPost, p.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if len(basic) == 2 {
		r.SetBasicAuth(url.QueryEscape(basic[0]), url.QueryEscape(basic[1]))
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer answer.Body.Close()
	var members map[string]any
	body, _ := io.ReadAll(answer.Body)
	_ = json.Unmarshal(body, &members)
	return answer.StatusCode, members
}

func (p party) assertion(id, kid, alg string, key crypto.Signer) url.Values {
	p.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(alg),
		Key: jose.JSONWebKey{Key: key, KeyID: kid}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		p.Fatal(err)
	}
	now := time.Now()
	text, err := jwt.Signed(signer).Claims(jwt.Claims{Issuer: id, Subject: id, Audience: jwt.Audience{p.base + "/token"},
		ID: rand.Text(), IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(4 * time.Minute))}).Serialize()
	if err != nil {
		p.Fatal(err)
	}
	return url.Values{"grant_type": {"client_credentials"}, "client_assertion": {text},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}}
}

func TestClientCredentialsWithTheRegisteredMethodOnly(t *testing.T) {
	p := start(t, Options{})
	machine := url.Values{"grant_type": {"client_credentials"}, "scope": {"system/Patient.read"}}
	inBody := func(id string) url.Values {
		return url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {secret}}
	}
	type answer struct {
		status int
		body   map[string]any
	}
	ask := func(status int, body map[string]any) answer { return answer{status, body} }
	for name, c := range map[string]struct {
		got  answer
		want int
	}{
		"post":          {ask(p.post("/token", inBody("post"))), 200},
		"post to basic": {ask(p.post("/token", inBody("basic"))), 401},
		"basic":         {ask(p.post("/token", machine, "basic", secret)), 200},
		"basic to post": {ask(p.post("/token", machine, "post", secret)), 401},
		"wrong secret":  {ask(p.post("/token", machine, "basic", "no")), 401},
		"RS384":         {ask(p.post("/token", p.assertion("rsa", "r", "RS384", p.rsa))), 200},
		"ES384":         {ask(p.post("/token", p.assertion("ec", "e", "ES384", p.ec))), 200},
		"RS256":         {ask(p.post("/token", p.assertion("rsa", "r", "RS256", p.rsa))), 401},
	} {
		if c.got.status != c.want {
			t.Errorf("%s: status %d, want %d: %v", name, c.got.status, c.want, c.got.body)
		}
	}
	once := p.assertion("rsa", "r", "RS384", p.rsa)
	p.post("/token", once)
	if status, body := p.post("/token", once); status != 400 || body["error"] != "jti_known" {
		t.Errorf("a second use of an assertion: %d %v", status, body)
	}
}

// code visits the authorization endpoint and returns the redirect's query.
func (p party) code(client, challenge string) url.Values {
	p.Helper()
	q := url.Values{"response_type": {"code"}, "client_id": {client}, "redirect_uri": {"http://127.0.0.1:9/callback"},
		"scope": {"openid offline_access launch/patient"}, "state": {"0123456789"}, "nonce": {"nonce-nonce"}}
	if challenge != "" {
		q.Set("code_challenge", challenge)
		q.Set("code_challenge_method", "S256")
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.Get(p.base + "/authorize?" + q.Encode())
	if err != nil {
		p.Fatal(err)
	}
	answer.Body.Close()
	to, err := answer.Location()
	if err != nil {
		p.Fatalf("status %d: %v", answer.StatusCode, err)
	}
	return to.Query()
}

func TestCodeRefreshIntrospectRevoke(t *testing.T) {
	p := start(t, Options{})
	if q := p.code("public", ""); q.Get("error") == "" {
		t.Errorf("without PKCE: %v", q)
	}
	verifier := rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	exchange := func(verifier string) (int, map[string]any) {
		return p.post("/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {"public"},
			"code": {p.code("public", challenge).Get("code")}, "redirect_uri": {"http://127.0.0.1:9/callback"},
			"code_verifier": {verifier}})
	}
	if status, body := exchange(rand.Text() + rand.Text()); status != 400 {
		t.Errorf("another verifier: %d %v", status, body)
	}
	status, first := exchange(verifier)
	if status != 200 || first["patient"] != "pt-1" || first["id_token"] == nil {
		t.Fatalf("exchange: %d %v", status, first)
	}
	refresh := func(token any) (int, map[string]any) {
		return p.post("/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {"public"}, "refresh_token": {token.(string)}})
	}
	status, second := refresh(first["refresh_token"])
	if status != 200 || second["refresh_token"] == first["refresh_token"] {
		t.Fatalf("refresh: %d %v", status, second)
	}
	if _, _, ok := p.Active(t.Context(), second["access_token"].(string)); !ok {
		t.Error("the new access token is not active")
	}
	if status, _ := p.post("/introspect", url.Values{"token": {second["access_token"].(string)}}, "basic", secret); status != 200 {
		t.Errorf("introspection: %d", status)
	}
	if status, _ := refresh(first["refresh_token"]); status != 400 {
		t.Errorf("reuse of a refresh token: %d", status)
	}
	if status, _ := refresh(second["refresh_token"]); status != 400 {
		t.Errorf("the family outlived the reuse: %d", status)
	}
	_, third := exchange(verifier)
	if status, _ := p.post("/revoke", url.Values{"token": {third["refresh_token"].(string)}, "client_id": {"public"}}); status != 200 {
		t.Errorf("revocation: %d", status)
	}
	if status, _ := refresh(third["refresh_token"]); status != 400 {
		t.Errorf("refresh after revocation: %d", status)
	}
	if len(p.tape.Secrets()) < 10 {
		t.Errorf("the tape knows %d secrets", len(p.tape.Secrets()))
	}
	for _, want := range []any{verifier, first["id_token"], third["refresh_token"], first["patient"]} {
		if want != "pt-1" && !strings.Contains(strings.Join(p.tape.Secrets(), "\n"), want.(string)) {
			t.Errorf("the tape misses %v", want)
		}
	}
}

func TestDenyNonceRevokeAll(t *testing.T) {
	p := start(t, Options{WrongNonce: true, NamesIss: true})
	verifier := rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	q := p.code("public", base64.RawURLEncoding.EncodeToString(sum[:]))
	if q.Get("iss") != p.base {
		t.Errorf("iss is %q", q.Get("iss"))
	}
	_, body := p.post("/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {"public"}, "code": {q.Get("code")},
		"redirect_uri": {"http://127.0.0.1:9/callback"}, "code_verifier": {verifier}})
	token, err := jwt.ParseSigned(body["id_token"].(string), []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := token.UnsafeClaimsWithoutVerification(&claims); err != nil || claims["nonce"] == "nonce-nonce" {
		t.Errorf("nonce: %v, %v", claims["nonce"], err)
	}
	if token.Headers[0].KeyID != "e2e-1" || claims["aud"] == nil || claims["at_hash"] == nil {
		t.Errorf("id token: %v %v", token.Headers, claims)
	}
	if err := p.RevokeAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := p.Active(t.Context(), body["access_token"].(string)); ok {
		t.Error("the access token outlived RevokeAll")
	}
	if status, _ := p.post("/token", url.Values{"grant_type": {"refresh_token"}, "client_id": {"public"},
		"refresh_token": {body["refresh_token"].(string)}}); status != 400 {
		t.Errorf("refresh after RevokeAll: %d", status)
	}
	p.Deny()
	if q := p.code("public", "x"); q.Get("error") == "" {
		t.Errorf("after Deny: %v", q)
	}
}
