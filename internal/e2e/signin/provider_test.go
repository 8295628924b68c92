package signin

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/drive"
)

func TestCodeRefreshRevoke(t *testing.T) {
	p := Start(t, "s3 +%&\":/x", "http://127.0.0.1:9/callback")
	document := get(t, p.FHIRBase+"/.well-known/smart-configuration", "")
	if document["issuer"] != p.Site.URL {
		t.Fatalf("discovery: %v", document)
	}
	verifier := rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{"response_type": {"code"}, "client_id": {PublicClient}, "redirect_uri": {"http://127.0.0.1:39/callback"},
		"scope": {"openid profile offline_access"}, "state": {"0123456789"}, "nonce": {"n-1"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
	address := document["authorization_endpoint"].(string) + "?" + q.Encode()
	if _, err := (&drive.Browser{User: User, Password: "wrong"}).Visit(address); err == nil {
		t.Error("a wrong password signs in")
	}
	back, err := (&drive.Browser{User: User, Password: Password}).Visit(address)
	if err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(back)
	if err != nil || at.Query().Get("state") != "0123456789" {
		t.Fatalf("sent back to %s", back)
	}
	token := document["token_endpoint"].(string)
	first := post(t, token, url.Values{"grant_type": {"authorization_code"}, "client_id": {PublicClient}, "code_verifier": {verifier},
		"code": {at.Query().Get("code")}, "redirect_uri": {"http://127.0.0.1:39/callback"}})
	if first["id_token"] == nil || first["refresh_token"] == nil {
		t.Fatalf("token: %v", first)
	}
	if bundle := get(t, p.FHIRBase+"/Patient", first["access_token"].(string)); bundle["resourceType"] != "Bundle" {
		t.Errorf("Patient: %v", bundle)
	}
	if nothing := get(t, p.FHIRBase+"/Patient", "junk"); nothing["resourceType"] != nil {
		t.Errorf("Patient with junk: %v", nothing)
	}
	refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {PublicClient}, "refresh_token": {first["refresh_token"].(string)}}
	second := post(t, token, refresh)
	if second["refresh_token"] == first["refresh_token"] || second["access_token"] == nil {
		t.Errorf("refresh: %v", second)
	}
	if again := post(t, token, refresh); again["error"] == nil {
		t.Errorf("the old refresh token works: %v", again)
	}
	post(t, document["revocation_endpoint"].(string), url.Values{"client_id": {PublicClient}, "token": {second["refresh_token"].(string)}})
	refresh.Set("refresh_token", second["refresh_token"].(string))
	if after := post(t, token, refresh); after["error"] == nil {
		t.Errorf("refresh after revocation: %v", after)
	}
}

func get(t *testing.T, address, bearer string) map[string]any {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	return do(t, r)
}

func post(t *testing.T, address string, form url.Values) map[string]any {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(t, r)
}

func do(t *testing.T, r *http.Request) map[string]any {
	t.Helper()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	_ = json.Unmarshal(body, &members) // an empty body has no members
	return members
}
