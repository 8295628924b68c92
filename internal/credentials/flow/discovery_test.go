package flow

import (
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/apionboard/ngapi/internal/credentials/wire"
)

const smartDocument = `{"issuer":"https://as.example.test","authorization_endpoint":"https://as.example.test/authorize",
"token_endpoint":"https://as.example.test/token","revocation_endpoint":"https://as.example.test/revoke",
"introspection_endpoint":"https://as.example.test/introspect","jwks_uri":"https://as.example.test/jwks",
"grant_types_supported":["authorization_code"],"token_endpoint_auth_methods_supported":[],
"scopes_supported":["openid"],"code_challenge_methods_supported":["S256"],"capabilities":["launch-ehr"],
"authorization_response_iss_parameter_supported":true}`

const capabilityDocument = `{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","rest":[7,{"mode":"server"},{"security":{"extension":[
{"url":"http://fhir-registry.smarthealthit.org/StructureDefinition/capabilities","valueCode":"launch-standalone"},
{"url":"http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris","extension":[
{"url":"authorize","valueUri":"https://as.example.test/authorize"},{"url":"token","valueUri":"https://as.example.test/token"},
{"url":"revoke","valueUri":5},{"url":"token","valueUri":"https://other.example.test/token"},{"url":"manage","valueUri":"x"}]}]}}]}`

func TestDiscover(t *testing.T) {
	s := serveWire(t, func(w http.ResponseWriter, r *http.Request, _ url.Values) {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		switch r.URL.Path {
		case "/r4/.well-known/smart-configuration":
			_, _ = io.WriteString(w, smartDocument)
		case "/r4/.well-known/openid-configuration":
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<!doctype html>canary")
		case "/r4/metadata":
			w.Header().Set("Content-Type", "application/fhir+json")
			_, _ = io.WriteString(w, capabilityDocument)
		}
	})
	c, _ := requestClient(t)
	d := c.Discover(t.Context(), s.URL+"/r4/")
	m := d.SMART
	if m.Err != nil || m.NotJSON || m.Raw == nil || m.URL != s.URL+"/r4/.well-known/smart-configuration" || len(m.Problems) != 0 {
		t.Errorf("%+v", m)
	}
	if m.Issuer != "https://as.example.test" || m.AuthURL != m.Issuer+"/authorize" || m.TokenURL != m.Issuer+"/token" || m.RevokeURL != m.Issuer+"/revoke" ||
		m.IntrospectURL != m.Issuer+"/introspect" || m.JWKSURL != m.Issuer+"/jwks" || !m.IssParameter {
		t.Errorf("%+v", m)
	}
	if m.Grants[0] != "authorization_code" || m.AuthMethods == nil || len(m.AuthMethods) != 0 || m.Scopes[0] != "openid" || m.PKCE[0] != "S256" ||
		m.Capabilities[0] != "launch-ehr" {
		t.Errorf("%+v", m)
	}
	if o := d.OIDC; !o.NotJSON || o.Raw != nil || o.Err != nil || o.Answer.Status != 200 {
		t.Errorf("%+v", o)
	}
	k := d.Capability
	if k.AuthURL != m.AuthURL || k.TokenURL != m.TokenURL || k.FHIRVersion != "4.0.1" || !slices.Equal(k.Capabilities, []string{"launch-standalone"}) {
		t.Errorf("%+v", k)
	}
	if want := []string{"the oauth-uris entry revoke has no valueUri that is a text", "the oauth-uris entry token is there twice and differs"}; !reflect.DeepEqual(k.Problems, want) {
		t.Errorf("%v", k.Problems)
	}
	if n := len(s.requests()); n != 3 {
		t.Errorf("%d requests, want 3", n)
	}
}

func discovered(t *testing.T, status int, kind, body string) *Document {
	t.Helper()
	s := serveWire(t, says(status, kind, body))
	c, _ := requestClient(t)
	return c.Discover(t.Context(), s.URL).SMART
}

func TestDocumentsThatAreNone(t *testing.T) {
	for _, c := range []struct {
		name, kind, body string
		status           int
		notJSON          bool
	}{
		{"404", "application/json", `{"issuer":"x"}`, 404, false},
		{"JSON by another name", "text/plain", `{"issuer":"x"}`, 200, true},
		{"list", "application/json", `[]`, 200, true},
		{"null", "application/json", `null`, 200, true},
		{"empty", "application/json", ``, 200, true},
		{"half", "application/json", `{"a":`, 200, true},
	} {
		d := discovered(t, c.status, c.kind, c.body)
		if d.Raw != nil || d.NotJSON != c.notJSON || d.Err != nil || d.Issuer != "" || d.Answer.Status != c.status {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
}

func TestWrongTypesAreProblems(t *testing.T) {
	d := discovered(t, 200, "application/json", `{"issuer":5,"token_endpoint":["canary"],"jwks_uri":null,"scopes_supported":"openid",
		"capabilities":["a",{"b":"canary"}],"grant_types_supported":{},"authorization_response_iss_parameter_supported":"true"}`)
	want := []string{
		"authorization_response_iss_parameter_supported is not true or false", "capabilities holds something that is not a text",
		"grant_types_supported is not a list", "issuer is not a text", "scopes_supported is not a list", "token_endpoint is not a text",
	}
	if !reflect.DeepEqual(d.Problems, want) || !slices.Equal(d.Capabilities, []string{"a"}) || d.Scopes != nil || d.IssParameter {
		t.Errorf("%q\n%+v", d.Problems, d)
	}
}

func TestADeadHostIsAskedOnce(t *testing.T) {
	s := serveWire(t, says(200, "", ""))
	base := s.URL
	s.Close()
	c, trace := requestClient(t)
	d := c.Discover(t.Context(), base)
	var f *wire.Failure
	for _, doc := range []*Document{d.SMART, d.OIDC, d.Capability} {
		if !errors.As(doc.Err, &f) || f.Hop != wire.HopConnect || doc.URL == "" || doc.Raw != nil {
			t.Errorf("%+v", doc)
		}
	}
	if n := strings.Count(trace(), "> GET"); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestJWKS(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	public := func(key any, id string) json.RawMessage {
		text, err := json.Marshal(jose.JSONWebKey{Key: key, KeyID: id})
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	set, err := json.Marshal(map[string]any{"keys": []any{
		public(testRSA().Public(), "a"),
		public(ecKey(t, elliptic.P384()).Public(), "a"),
		public(small.Public(), "c"),
		public(testRSA(), "d"),
		map[string]any{"kty": "oct", "k": "canary", "kid": "e"},
		map[string]any{"kty": "RSA", "n": "canary!", "e": "AQAB"},
		map[string]any{"kty": "new", "kid": "g"},
		map[string]any{"kid": "h"},
		5,
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := serveWire(t, says(200, "application/jwk-set+json", string(set)))
	c, _ := requestClient(t)
	k, err := c.JWKS(t.Context(), s.URL)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"key 3 is an RSA key of less than 2048 bits", "key 4 holds private members", "key 5 holds private members",
		"key 6 has no kid", "key 6 cannot be read", "key 8 has no kty", "key 9 is not an object", "key 2 has the kid of another key",
	}
	if !reflect.DeepEqual(k.Problems, want) || !k.Private || k.Usable != 3 || k.NotKeys != "" || k.Count("a") != 2 || k.Count("x") != 0 || len(k.IDs) != 9 {
		t.Errorf("%q\n%+v", k.Problems, k.IDs)
	}
	for body, not := range map[string]string{`{}`: "no-keys", `{"keys":{}}`: "no-keys", `{"keys":null}`: "no-keys", `[]`: "no-keys", ``: "empty", `<html>`: "html", `x`: "not-json"} {
		s := serveWire(t, says(200, "application/json", body))
		if k, err := c.JWKS(t.Context(), s.URL); err != nil || k.NotKeys != not || len(k.Problems) != 0 {
			t.Errorf("%q: %+v, %v", body, k, err)
		}
	}
	if k, err := c.JWKS(t.Context(), serveWire(t, says(500, "application/json", `{"keys":[]}`)).URL); err != nil || k.NotKeys != "status" {
		t.Errorf("%+v, %v", k, err)
	}
	if k, err := c.JWKS(t.Context(), serveWire(t, says(200, "application/json", `{"keys":[]}`)).URL); err != nil || !slices.Equal(k.Problems, []string{"the set is empty"}) {
		t.Errorf("%+v, %v", k, err)
	}
}

func FuzzDiscoveryDocument(f *testing.F) {
	f.Add([]byte(smartDocument))
	f.Add([]byte(capabilityDocument))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"},{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a := tokenAnswer(200, string(body))
		for _, fill := range []func(*Document){(*Document).fillMetadata, (*Document).fillCapability} {
			d := &Document{Answer: a}
			d.parse(fill)
			if (d.Raw != nil) == d.NotJSON || !slices.IsSorted(d.Problems) {
				t.Errorf("%+v", d)
			}
		}
		k := &Keys{Answer: a}
		k.parse()
		if k.Usable > len(k.IDs) || (k.NotKeys != "" && len(k.IDs) > 0) {
			t.Errorf("%+v", k)
		}
	})
}
