package flow

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/testkit"
)

// testNow is the clock of both sides.
func testNow() time.Time { return time.Unix(1_790_000_000, 0) }

// testKeys are made once: RSA keys are slow to make.
var testKeys = sync.OnceValue(func() (keys struct {
	rsa, other *rsa.PrivateKey
	ec         *ecdsa.PrivateKey
},
) {
	var errs [3]error
	keys.rsa, errs[0] = rsa.GenerateKey(rand.Reader, 2048)
	keys.other, errs[1] = rsa.GenerateKey(rand.Reader, 2048)
	keys.ec, errs[2] = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err := errors.Join(errs[:]...); err != nil {
		panic(err)
	}
	return keys
})

// keyServer publishes keys at two addresses, as NextGen's documents name two.
type keyServer struct {
	*httptest.Server
	first, second []jose.JSONWebKey
	broken        bool // of the first address: a key beside the good one
	status        int  // of the first address, 0 means 200
	asked         atomic.Int32
}

func newKeyServer(t *testing.T) *keyServer {
	t.Helper()
	s := &keyServer{}
	serve := func(keys *[]jose.JSONWebKey, status *int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			s.asked.Add(1)
			w.Header().Set("Content-Type", "application/json")
			if *status != 0 {
				w.WriteHeader(*status)
			}
			if s.broken && keys == &s.first {
				_, _ = w.Write([]byte(`{"keys":[{"kty":"RSA","kid":"gone","n":"AQAB"}]}`))
				return
			}
			if err := json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: *keys}); err != nil {
				t.Error(err)
			}
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/jwks.json", serve(&s.first, &s.status))
	mux.HandleFunc("/jwk", serve(&s.second, new(int)))
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	s.first = []jose.JSONWebKey{{Key: &testKeys().rsa.PublicKey, KeyID: "r1", Algorithm: "RS256", Use: "sig"}}
	s.second = []jose.JSONWebKey{{Key: &testKeys().ec.PublicKey, KeyID: "e1", Algorithm: "ES384", Use: "sig"}}
	return s
}

func (s *keyServer) urls() []string { return []string{s.URL + "/jwks.json", s.URL + "/jwk"} }

// claims of a good id_token, with values that must never be repeated.
func goodClaims() map[string]any {
	return map[string]any{
		"iss": "https://auth.example", "aud": "test-client", "sub": "sub-canary", "nonce": "nonce-canary",
		"exp": testNow().Add(5 * time.Minute).Unix(), "iat": testNow().Unix(), "name": "name-canary",
		"fhirUser": "https://fhir.example/r4/Patient/id-canary",
	}
}

func signed(t *testing.T, alg jose.SignatureAlgorithm, key any, kid string, claims any) secret.Value {
	t.Helper()
	options := (&jose.SignerOptions{}).WithType("JWT")
	if kid != "" {
		options = options.WithHeader("kid", kid)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := signature.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return secret.New(text)
}

func idClient(t *testing.T) *Client {
	t.Helper()
	w, err := wire.New(wire.Options{Now: testNow, Dial: testkit.LoopbackOnly().DialContext})
	if err != nil {
		t.Fatal(err)
	}
	return &Client{Wire: w, Now: testNow}
}

func (s *keyServer) expect() IDExpect {
	return IDExpect{
		Issuers: []string{"https://fhir.example/r4", "https://auth.example"}, ClientID: "test-client",
		Nonce: secret.New("nonce-canary"), JWKSURLs: s.urls(), Access: secret.New("access-canary"),
	}
}

func atHash(h crypto.Hash, access string) string {
	sum := sha256.Sum256([]byte(access))
	if h == crypto.SHA384 {
		long := sha512.Sum384([]byte(access))
		return base64.RawURLEncoding.EncodeToString(long[:24])
	}
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func TestVerifyIDAcceptsEitherIssuerAndEitherKeyAddress(t *testing.T) {
	s := newKeyServer(t)
	first := signed(t, jose.RS256, testKeys().rsa, "r1", merge(goodClaims(), map[string]any{
		"iss": "https://fhir.example/r4", "at_hash": atHash(crypto.SHA256, "access-canary"),
	}))
	second := signed(t, jose.ES384, testKeys().ec, "e1", merge(goodClaims(), map[string]any{"at_hash": atHash(crypto.SHA384, "access-canary")}))
	for _, c := range []struct {
		raw                 secret.Value
		issuer, key, alg, n string
	}{
		{first, "https://fhir.example/r4", s.urls()[0], "RS256", "1"},
		{second, "https://auth.example", s.urls()[1], "ES384", "2"},
		{signed(t, jose.RS384, testKeys().rsa, "", goodClaims()), "https://auth.example", "", "RS384", "1"},
	} {
		s.asked.Store(0)
		if c.alg == "RS384" { // without kid every key is tried
			s.first[0].Algorithm, c.key = "", s.urls()[0]
		}
		id, findings, err := idClient(t).VerifyID(t.Context(), c.raw, s.expect())
		if err != nil || len(findings) > 0 {
			t.Fatalf("%s: %v, %v", c.alg, findings, err)
		}
		if id.Issuer != c.issuer || id.KeyURL != c.key || id.Algorithm != c.alg || fmt.Sprint(s.asked.Load()) != c.n {
			t.Errorf("%s: issuer %s, keys %s, algorithm %s, %d requests", c.alg, id.Issuer, id.KeyURL, id.Algorithm, s.asked.Load())
		}
		if id.UserKind != "Patient" || id.User.Reveal() != "https://fhir.example/r4/Patient/id-canary" || id.Subject.Reveal() != "sub-canary" ||
			!id.Expires.Equal(testNow().Add(5*time.Minute)) || !id.Issued.Equal(testNow()) {
			t.Errorf("%s: the identity is incomplete", c.alg)
		}
	}
}

func merge(claims, more map[string]any) map[string]any {
	all := maps.Clone(claims)
	for name, value := range more {
		if value == nil {
			delete(all, name)
			continue
		}
		all[name] = value
	}
	return all
}

// quiet fails where findings or an error repeat a value of a token.
func quiet(t *testing.T, findings []Finding, err error) {
	t.Helper()
	if text := fmt.Sprintf("%+v %v", findings, err); strings.Contains(text, "canary") || strings.Contains(text, "eyJ") {
		t.Errorf("a value of the token is repeated: %s", text)
	}
}

func TestVerifyIDClaims(t *testing.T) {
	s := newKeyServer(t)
	at := func(d time.Duration) int64 { return testNow().Add(d).Unix() }
	cases := []struct {
		name  string
		edit  map[string]any // nil removes
		words []string       // one finding each, in order
	}{
		{"foreign issuer", map[string]any{"iss": "https://canary.example"}, []string{"(iss)"}},
		{"issuer with a slash", map[string]any{"iss": "https://auth.example/"}, []string{"(iss)"}},
		{"no subject", map[string]any{"sub": nil}, []string{"(sub)"}},
		{"other audience", map[string]any{"aud": "canary"}, []string{"(aud)"}},
		{"no audience", map[string]any{"aud": nil}, []string{"(aud)"}},
		{"several audiences", map[string]any{"aud": []string{"canary", "test-client"}}, []string{"several audiences"}},
		{"several audiences, issued to us", map[string]any{"aud": []string{"canary", "test-client"}, "azp": "test-client"}, nil},
		{"issued to another", map[string]any{"azp": "canary"}, []string{"(azp)"}},
		{"azp is no text", map[string]any{"azp": 7}, []string{"(azp)"}},
		{"expired", map[string]any{"exp": at(-61 * time.Second)}, []string{"ended 1m1s ago"}},
		{"expired within the leeway", map[string]any{"exp": at(-59 * time.Second)}, nil},
		{"no end", map[string]any{"exp": nil}, []string{"(exp)"}},
		{"from the future", map[string]any{"iat": at(15 * time.Minute)}, []string{"15m0s in the future"}},
		{"a little from the future", map[string]any{"iat": at(59 * time.Second)}, nil},
		{"not issued", map[string]any{"iat": nil}, []string{"(iat)"}},
		{"not valid yet", map[string]any{"nbf": at(2 * time.Minute)}, []string{"(nbf)"}},
		{"valid just now", map[string]any{"nbf": at(30 * time.Second)}, nil},
		{"wrong nonce", map[string]any{"nonce": "canary"}, []string{"another sign-in"}},
		{"no nonce", map[string]any{"nonce": nil}, []string{"no nonce"}},
		{"wrong at_hash", map[string]any{"at_hash": atHash(crypto.SHA256, "other")}, []string{"(at_hash)"}},
		{"all at once", map[string]any{"iss": "x", "aud": "y", "nonce": "z"}, []string{"(iss)", "(aud)", "another sign-in"}},
		{"user is no reference", map[string]any{"fhirUser": "Device/canary"}, []string{"no reference"}},
		{"user is no text", map[string]any{"fhirUser": 7}, []string{"no reference"}},
		{"user is missing", map[string]any{"fhirUser": nil}, []string{"no fhirUser"}},
		{"user in the profile", map[string]any{"fhirUser": nil, "profile": "Practitioner/canary"}, nil},
		{"profile is a page", map[string]any{"fhirUser": nil, "profile": "https://x.example/canary"}, []string{"no fhirUser"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e := s.expect()
			e.WantsUser = true
			id, findings, err := idClient(t).VerifyID(t.Context(), signed(t, jose.RS256, testKeys().rsa, "r1", merge(goodClaims(), c.edit)), e)
			quiet(t, findings, err)
			if err != nil || id == nil || len(findings) != len(c.words) {
				t.Fatalf("%v, %v, %v", id != nil, findings, err)
			}
			for i, want := range c.words {
				check, severity := "id.claims", "error"
				if strings.Contains(want, "no reference") || strings.Contains(want, "no fhirUser") {
					check, severity = "id.fhirUser", "warning"
				}
				if f := findings[i]; f.Check != check || f.Severity != severity || f.Do == "" || !strings.Contains(f.What, want) {
					t.Errorf("finding %d: %+v, want %s", i, f, want)
				}
			}
		})
	}
}

func TestVerifyIDSignature(t *testing.T) {
	s := newKeyServer(t)
	public, err := x509.MarshalPKIXPublicKey(&testKeys().rsa.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	encoded := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	good := signed(t, jose.RS256, testKeys().rsa, "r1", goodClaims()).Reveal()
	parts := strings.Split(good, ".")
	cases := map[string]struct {
		raw   string
		words string
		check string
	}{
		"unsigned":            {encoded(map[string]string{"alg": "none"}) + "." + parts[1] + ".", "not signed", ""},
		"unsigned in capital": {encoded(map[string]string{"alg": "NONE"}) + "." + parts[1] + ".", "not accepted", ""},
		"public key as HMAC":  {signed(t, jose.HS256, public, "r1", goodClaims()).Reveal(), "HS256", ""},
		"PSS":                 {signed(t, jose.PS256, testKeys().rsa, "r1", goodClaims()).Reveal(), "PS256", ""},
		"unknown algorithm":   {encoded(map[string]string{"alg": "canary"}) + "." + parts[1] + ".AA", "not accepted", ""},
		"another key":         {signed(t, jose.RS256, testKeys().other, "r1", goodClaims()).Reveal(), "does not fit", ""},
		"unknown kid":         {signed(t, jose.RS256, testKeys().other, "canary", goodClaims()).Reveal(), "(kid)", ""},
		"no kid, another key": {signed(t, jose.RS256, testKeys().other, "", goodClaims()).Reveal(), "does not fit", ""},
		"changed claims":      {parts[0] + "." + encoded(merge(goodClaims(), map[string]any{"sub": "x"})) + "." + parts[2], "does not fit", ""},
		"signature missing":   {parts[0] + "." + parts[1] + ".", "", ""},
		"not three parts":     {"canary", "no signed JWT", ""},
		"encrypted":           {"a.b.c.d.e", "no signed JWT", ""},
		"empty":               {"", "no signed JWT", ""},
		"header is no JSON":   {"canary." + parts[1] + "." + parts[2], "no signed JWT", ""},
		"huge":                {good + strings.Repeat("A", idTokenLimit), "no signed JWT", ""},
		"claims are a list":   {signed(t, jose.RS256, testKeys().rsa, "r1", []string{"canary"}).Reveal(), "cannot be read", "id.claims"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if c.check == "" {
				c.check = "id.signature"
			}
			id, findings, err := idClient(t).VerifyID(t.Context(), secret.New(c.raw), s.expect())
			quiet(t, findings, err)
			if err != nil || id != nil || len(findings) != 1 {
				t.Fatalf("identity %v, %v, %v", id != nil, findings, err)
			}
			if f := findings[0]; f.Check != c.check || f.Severity != "error" || f.Unknown || !strings.Contains(f.What, c.words) || f.Do == "" {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestVerifyIDWhenKeysCannotBeRead(t *testing.T) {
	s := newKeyServer(t)
	raw := signed(t, jose.RS256, testKeys().other, "gone", goodClaims())
	unknown := func(name, words string, e IDExpect) {
		t.Helper()
		id, findings, err := idClient(t).VerifyID(t.Context(), raw, e)
		quiet(t, findings, err)
		if err != nil || id != nil || len(findings) != 1 || !findings[0].Unknown || !strings.Contains(findings[0].What, words) {
			t.Errorf("%s: %v, %v", name, findings, err)
		}
	}
	s.status = 401
	unknown("an address refuses", "gave no keys", s.expect())
	s.status = 0
	s.broken = true
	unknown("an address has a broken key", "gave no keys", s.expect())
	s.broken, s.first = false, nil
	unknown("an address has none", "gave no keys", s.expect())
	none := s.expect()
	none.JWKSURLs = []string{""}
	unknown("no address", "names a key address", none)

	// One address cannot be reached, the other has the key: that is enough.
	e := s.expect()
	e.JWKSURLs = []string{"http://127.0.0.1:1/jwks?q=canary", s.urls()[1]}
	id, findings, err := idClient(t).VerifyID(t.Context(), signed(t, jose.ES384, testKeys().ec, "e1", goodClaims()), e)
	if err != nil || len(findings) > 0 || id.KeyURL != s.urls()[1] {
		t.Errorf("the second address was not used: %v, %v", findings, err)
	}
	// Nobody has it: then it cannot be told.
	id, findings, err = idClient(t).VerifyID(t.Context(), raw, e)
	quiet(t, findings, err)
	if f := new(wire.Failure); !errors.As(err, &f) || f.Hop != wire.HopConnect || id != nil || len(findings) > 0 {
		t.Errorf("%v, %v", findings, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := idClient(t).VerifyID(ctx, raw, s.expect()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestVerifyIDWithoutAnIssuerIsUnknown(t *testing.T) {
	s := newKeyServer(t)
	e := s.expect()
	e.Issuers, e.Nonce, e.Access = []string{""}, secret.Value{}, secret.Value{}
	id, findings, err := idClient(t).VerifyID(t.Context(), signed(t, jose.RS256, testKeys().rsa, "r1", merge(goodClaims(), map[string]any{"at_hash": "x"})), e)
	quiet(t, findings, err)
	if err != nil || id == nil || id.Issuer != "" || len(findings) != 1 || !findings[0].Unknown {
		t.Errorf("%v, %v", findings, err)
	}
}

func TestUserKind(t *testing.T) {
	for reference, want := range map[string]string{
		"Patient/1": "Patient", "Practitioner/a-b.c": "Practitioner", "RelatedPerson/1": "RelatedPerson", "Person/1": "Person",
		"https://fhir.example/r4/Patient/1": "Patient", "http://fhir.example/Person/1": "Person",
		"": "", "Patient": "", "Patient/": "", "/Patient/1": "", "x/Patient/1": "", "patient/1": "", "Device/1": "",
		"https://fhir.example/r4/Patient/": "", "https:///Patient/1": "", "urn:uuid:Patient/1": "", "//fhir.example/Patient/1": "",
		"Patient/1?x": "", "Patient/1#x": "", "Patient/a b": "", "Patient/é": "", "https://u@fhir.example/Patient/1": "",
		"Patient/" + strings.Repeat("1", 65): "", "javascript:Patient/1": "", "%": "",
	} {
		if got := userKind(reference); got != want {
			t.Errorf("%q is a %q, want %q", reference, got, want)
		}
	}
}

func FuzzIDHead(f *testing.F) {
	for _, s := range []string{"", "..", "e30..", "eyJhbGciOiJub25lIn0..", "eyJhbGciOiJSUzI1NiJ9.e30.AA", "eyJhbGciOiJSUzI1NiIsImNyaXQiOlsieCJdfQ.e30.AA"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		head, finding := idHead(secret.New(raw))
		if finding == nil && (head.Alg == "" || strings.HasPrefix(head.Alg, "HS") || strings.EqualFold(head.Alg, "none")) {
			t.Errorf("%q was let through", raw)
		}
		if finding != nil && len(raw) > 20 && strings.Contains(finding.What+finding.Do, raw) {
			t.Errorf("the finding repeats the token: %+v", finding)
		}
	})
}
