package fault

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/loopback"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

// Token is the access token of a good answer.
const Token = "tok-e2e-5f0b9c7d2a4e418d9b36c1f7a8e0d254"

// Parts replaces good answers; nil keeps one.
type Parts struct {
	Secure *tls.Config

	Token     http.Handler // POST /nge/prod/nge-oauth/token
	Practices http.Handler // GET  .../master/practices
	Defaults  http.Handler // PUT  .../users/me/login-defaults
	Read      http.Handler // every other GET of the API

	Smart    http.Handler // .../.well-known/smart-configuration under FHIRBase
	OpenID   http.Handler // .../.well-known/openid-configuration
	Metadata http.Handler // .../metadata
}

// Faulty is a running server with NextGen's paths.
type Faulty struct {
	Site     *loopback.Site
	TokenURL string
	APIBase  string
	FHIRBase string
}

// Server runs one until the test ends.
func Server(t testing.TB, p Parts) *Faulty {
	t.Helper()
	site := loopback.Reserve(t, p.Secure)
	f := &Faulty{
		Site:     site,
		TokenURL: site.URL + "/nge/prod/nge-oauth/token",
		APIBase:  site.URL + "/nge/prod/nge-api/api",
		FHIRBase: site.URL + "/nge/prod/fhir-api-r4/fhir/r4",
	}
	mux := http.NewServeMux()
	set := func(pattern string, fault, good http.Handler) {
		if fault == nil {
			fault = good
		}
		mux.Handle(pattern, fault)
	}
	const api, fhir = "/nge/prod/nge-api/api", "/nge/prod/fhir-api-r4/fhir/r4"
	set("POST /nge/prod/nge-oauth/token", p.Token, Granted(nil))
	set("GET "+api+"/master/practices", p.Practices, JSON(200, `{"items":[{"id":"0001","enterpriseId":"00001"}],"count":1}`))
	set("PUT "+api+"/users/me/login-defaults", p.Defaults, Answer{Type: "application/json", Body: "{}",
		Header: map[string]string{"X-NG-SessionId": nextgen.SessionID(nextgen.Enterprise, nextgen.Practice)}})
	set("GET "+api+"/", p.Read, JSON(200, `{"items":[],"count":0}`))
	set("GET "+fhir+"/.well-known/smart-configuration", p.Smart, Empty(404))
	set("GET "+fhir+"/.well-known/openid-configuration", p.OpenID, Empty(404))
	set("GET "+fhir+"/metadata", p.Metadata, Empty(404))
	site.Serve(t, mux)
	return f
}

// Granted is a good token answer with members changed; a nil value takes a
// member away.
func Granted(change map[string]any) Answer {
	members := map[string]any{"access_token": Token, "token_type": "Bearer", "expires_in": 3600}
	return Answer{Type: "application/json", Body: changed(members, change),
		Header: map[string]string{"Cache-Control": "no-store", "Pragma": "no-cache"}}
}

// Smart is a SMART document with members changed, as Granted does.
func Smart(base string, change map[string]any) Answer {
	members := map[string]any{
		"issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token",
		"grant_types_supported": []string{"authorization_code"}, "response_types_supported": []string{"code"},
		"code_challenge_methods_supported": []string{"S256"},
		"capabilities":                     []string{"launch-standalone", "client-confidential-symmetric"},
	}
	return JSON(200, changed(members, change))
}

// changed is an object with members changed; a nil value takes one away.
func changed(members, change map[string]any) string {
	for name, value := range change {
		if value == nil {
			delete(members, name)
			continue
		}
		members[name] = value
	}
	body, err := json.Marshal(members)
	if err != nil {
		panic(err)
	}
	return string(body)
}
