// Package signin is an OpenID provider made of github.com/zitadel/oidc, with a
// login page: discovery, code and PKCE, refresh rotation, revocation. Around it
// stands a small FHIR server, so that a patient's application has something to
// read. What the provider does not do, it does not do here either: it drops
// SMART's aud and launch, gives no launch context and sets no Cache-Control.
package signin

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/apionboard/ngapi/internal/e2e/authz"
	"github.com/apionboard/ngapi/internal/e2e/loopback"
)

// Who may sign in at the login page.
const (
	User     = "test-user@127.0.0.1"
	Password = "verysecure"
)

// The registered applications.
const (
	PublicClient       = "native"
	ConfidentialClient = "web" // client_secret_basic
)

// Provider is a running provider. Its issuer is Site.URL, its FHIR base
// FHIRBase.
type Provider struct {
	Site     *loopback.Site
	FHIRBase string

	handler http.Handler
}

// Start runs a provider until the test ends. The confidential client has the
// secret and may redirect to the address given; the public one may redirect to
// any port of 127.0.0.1 with the path /callback.
func Start(t testing.TB, secret, redirect string) *Provider {
	t.Helper()
	site := loopback.Reserve(t, nil)
	p := &Provider{Site: site, FHIRBase: site.URL + "/fhir/r4"}
	clients := map[string]*storage.Client{
		PublicClient:       storage.NativeClient(PublicClient, "http://127.0.0.1/callback"),
		ConfidentialClient: storage.WebClient(ConfidentialClient, secret, redirect),
	}
	store := storage.NewStorageWithClients(storage.NewUserStore(site.URL), clients)
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	p.handler = exampleop.SetupServer(site.URL, store, quiet, false, op.WithLogger(quiet))

	mux := http.NewServeMux()
	mux.Handle("/", p.handler)
	mux.HandleFunc("GET /fhir/r4/.well-known/smart-configuration", p.smart)
	mux.HandleFunc("GET /fhir/r4/metadata", p.metadata)
	mux.HandleFunc("GET /fhir/r4/Patient", p.patients)
	site.Serve(t, mux)
	return p
}

// smart repeats the provider's own discovery under the FHIR base.
func (p *Provider) smart(w http.ResponseWriter, r *http.Request) {
	inner := httptest.NewRequestWithContext(r.Context(), http.MethodGet, p.Site.URL+"/.well-known/openid-configuration", nil)
	heard := httptest.NewRecorder()
	p.handler.ServeHTTP(heard, inner)
	var document map[string]any
	if err := json.Unmarshal(heard.Body.Bytes(), &document); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	document["capabilities"] = []string{"launch-standalone", "client-public", "client-confidential-symmetric",
		"permission-offline", "sso-openid-connect"}
	authz.WriteJSON(w, http.StatusOK, document)
}

func (p *Provider) metadata(w http.ResponseWriter, _ *http.Request) {
	authz.WriteJSON(w, http.StatusOK, map[string]any{
		"resourceType": "CapabilityStatement", "status": "active", "fhirVersion": "4.0.1", "kind": "instance",
		"format": []string{"json"},
		"rest": []any{map[string]any{"mode": "server", "security": map[string]any{"extension": []any{map[string]any{
			"url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
			"extension": []any{
				map[string]any{"url": "authorize", "valueUri": p.Site.URL + "/auth"},
				map[string]any{"url": "token", "valueUri": p.Site.URL + "/oauth/token"},
			}}}}}},
	})
}

// patients answers to whoever the provider knows by the token.
func (p *Provider) patients(w http.ResponseWriter, r *http.Request) {
	inner := httptest.NewRequestWithContext(r.Context(), http.MethodGet, p.Site.URL+"/userinfo", nil)
	inner.Header.Set("Authorization", r.Header.Get("Authorization"))
	heard := httptest.NewRecorder()
	p.handler.ServeHTTP(heard, inner)
	if heard.Code != http.StatusOK || !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	authz.WriteJSON(w, http.StatusOK, map[string]any{"resourceType": "Bundle", "type": "searchset", "total": 1,
		"entry": []any{map[string]any{"resource": map[string]any{"resourceType": "Patient", "id": "synthetic-1"}}}})
}
