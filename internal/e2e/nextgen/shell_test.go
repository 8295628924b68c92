package nextgen

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/authz"
)

type answer struct {
	status int
	header http.Header
	body   string
}

func ask(t *testing.T, method, address, body string, header map[string]string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{a.StatusCode, a.Header, string(text)}
}

func token(t *testing.T, s *Shell, site string) answer {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"gsa"}, "client_secret": {"a secret"}, "site_id": {site}}
	return ask(t, http.MethodPost, s.OAuth+"/token", form.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
}

func clients() []authz.Client {
	return []authz.Client{{ID: "gsa", Secret: "a secret", Method: "client_secret_post", Grants: []string{"client_credentials"}}}
}

func TestSiteTokenSessionRead(t *testing.T) {
	s := Start(t, Options{Clients: clients()})
	if a := token(t, s, OtherSiteID); a.status != 400 || !strings.Contains(a.body, "site_id") {
		t.Errorf("another site: %+v", a)
	}
	var granted struct {
		Access string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(token(t, s, SiteID).body), &granted); err != nil || granted.Access == "" {
		t.Fatalf("no token: %v", err)
	}
	bearer := map[string]string{"Authorization": "Bearer " + granted.Access}
	if a := ask(t, "GET", s.API+"/master/practices", "", nil); a.status != 401 {
		t.Errorf("practices without a token: %d", a.status)
	}
	if a := ask(t, "GET", s.API+"/master/practices", "", bearer); a.status != 200 || !strings.Contains(a.body, "127.0.0.1:889") {
		t.Errorf("practices: %+v", a)
	}
	if a := ask(t, "GET", s.API+"/providers", "", bearer); a.status != 403 {
		t.Errorf("a read without a session: %d", a.status)
	}
	if a := ask(t, "PUT", s.API+"/users/me/login-defaults", `{"enterpriseId":"00001","practiceId":"0002"}`, bearer); a.status != 403 || a.body != "" {
		t.Errorf("a practice without rights: %+v", a)
	}
	a := ask(t, "PUT", s.API+"/users/me/login-defaults", `{"enterpriseId":"00001","practiceId":"0001"}`, bearer)
	if a.status != 200 || a.header.Get("X-NG-SessionId") == "" || strings.Contains(a.body, a.header.Get("X-NG-SessionId")) {
		t.Fatalf("login-defaults: %+v", a)
	}
	bearer["X-NG-SessionId"] = a.header.Get("X-NG-SessionId")
	if a := ask(t, "GET", s.API+"/providers", "", bearer); a.status != 200 {
		t.Errorf("a read with the session: %d", a.status)
	}
}

func TestVariants(t *testing.T) {
	s := Start(t, Options{Clients: clients(), Site: SiteEmpty, NoSession: true})
	if a := token(t, s, ""); a.status != 401 || a.body != "" {
		t.Errorf("no site: %+v", a)
	}
}

func TestDiscoveryQuirks(t *testing.T) {
	s := Start(t, Options{})
	smart := ask(t, "GET", s.FHIR+"/.well-known/smart-configuration", "", nil)
	openid := ask(t, "GET", s.FHIR+"/.well-known/openid-configuration", "", nil)
	var one, two map[string]any
	if json.Unmarshal([]byte(smart.body), &one) != nil || json.Unmarshal([]byte(openid.body), &two) != nil {
		t.Fatalf("no JSON: %s %s", smart.body, openid.body)
	}
	if one["issuer"] == two["issuer"] || one["jwks_uri"] == two["jwks_uri"] || one["token_endpoint_auth_methods_supported"] != nil {
		t.Errorf("the quirks are missing: %v %v", one, two)
	}
	for _, document := range []map[string]any{one, two} {
		if a := ask(t, "GET", document["jwks_uri"].(string), "", nil); a.status != 200 || !strings.Contains(a.body, `"kid":"e2e-1"`) {
			t.Errorf("keys: %+v", a)
		}
	}
	if a := ask(t, "GET", s.FHIR+"/.well-known/oauth-authorization-server", "", nil); a.status != 401 {
		t.Errorf("another well-known document: %d", a.status)
	}
	if a := ask(t, "GET", s.FHIR+"/metadata", "", nil); a.status != 200 || !strings.Contains(a.body, s.Patients+"/token") {
		t.Errorf("metadata: %+v", a)
	}
	if a := ask(t, "GET", s.FHIR+"/Patient", "", nil); a.status != 401 {
		t.Errorf("Patient without a token: %d", a.status)
	}
}
