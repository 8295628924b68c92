// Package nextgen is a NextGen-shaped shell around authz, on loopback: the
// Enterprise token endpoint that wants a site_id, the session header, the two
// discovery documents that name different issuers, internal addresses in links.
// It follows what public material shows; where nobody knows the real answer
// (a wrong site, an application that is not approved) it offers variants.
package nextgen

import (
	"crypto/tls"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/authz"
	"github.com/apionboard/ngapi/internal/e2e/loopback"
)

// Made-up ids. The site, the enterprise and the first practice are the good
// ones; the second practice is of the same enterprise, without rights.
const (
	SiteID        = "6a1f0c1e-52d4-4a0b-9d0e-3c7e8a5b1d22"
	OtherSiteID   = "0b7d2f64-8f3a-4f5e-b1c9-7e2d4a6c8e10"
	Enterprise    = "00001"
	Practice      = "0001"
	ClosedOne     = "0002"
	OtherPractice = "0003" // what a session names under SessionOfAnother
	Patient       = "pt-e2e-77310946"
	User          = "731"
)

// A SiteAnswer is how the token endpoint refuses a site_id.
type SiteAnswer int

// The variants; which one is NextGen's is not public.
const (
	SiteNamed SiteAnswer = iota // 400 invalid_request that names site_id
	SiteEmpty                   // 401 with an empty body
)

// Options make a shell differ from a good one.
type Options struct {
	Secure *tls.Config // https where set
	Site   SiteAnswer

	Clients []authz.Client // of the Enterprise side
	Apps    []authz.Client // of the Patient Access side

	NoSession        bool // PUT login-defaults answers without the header
	SessionOfAnother bool // the session is for another practice
	APIStatus        int  // where set, every API read answers so, with an empty body

	Authz authz.Options // Deny, WrongNonce, NamesIss
}

// Shell is a running server.
type Shell struct {
	Site *loopback.Site

	OAuth      string // Enterprise OAuth base
	API        string // Enterprise API base
	Patients   string // patient-oauth base
	FHIR       string // R4 base
	Enterprise *authz.Server
	Access     *authz.Server // Patient Access

	options Options
}

// Start runs a shell until the test ends.
func Start(t testing.TB, o Options) *Shell {
	t.Helper()
	site := loopback.Reserve(t, o.Secure)
	s := &Shell{
		Site: site, options: o,
		OAuth:    site.URL + "/nge/prod/nge-oauth",
		API:      site.URL + "/nge/prod/nge-api/api",
		Patients: site.URL + "/nge/prod/patient-oauth",
		FHIR:     site.URL + "/nge/prod/fhir-api-r4/fhir/r4",
	}
	enterprise, access := o.Authz, o.Authz
	enterprise.Issuer, enterprise.TokenURL = s.OAuth, s.OAuth+"/token"
	// Id tokens name the R4 base, as the OpenID document does.
	access.Issuer, access.TokenURL = s.FHIR, s.Patients+"/token"
	access.Aud, access.Patient = s.FHIR, Patient
	s.Enterprise = authz.New(t, enterprise, o.Clients...)
	s.Access = authz.New(t, access, o.Apps...)
	site.Serve(t, s.mux())
	return s
}

func (s *Shell) mux() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /nge/prod/nge-oauth/token", s.token)
	mux.HandleFunc("GET /nge/prod/nge-oauth/authorize", s.Enterprise.Authorize)
	// NextGen shows no introspection; whoever names this address can ask here.
	mux.HandleFunc("POST /nge/prod/nge-oauth/introspect", s.Enterprise.Introspect)
	const api = "/nge/prod/nge-api/api"
	mux.HandleFunc("GET "+api+"/core/version", s.bearer(s.version))
	mux.HandleFunc("GET "+api+"/master/practices", s.bearer(s.practices))
	mux.HandleFunc("PUT "+api+"/users/me/login-defaults", s.bearer(s.loginDefaults))
	mux.HandleFunc("GET "+api+"/", s.bearer(s.needsSession))
	mux.HandleFunc("GET /nge/prod/patient-oauth/authorize", s.Access.Authorize)
	mux.HandleFunc("POST /nge/prod/patient-oauth/token", s.Access.Token)
	mux.HandleFunc("POST /nge/prod/patient-oauth/token/revoke", s.Access.Revoke)
	const fhir = "/nge/prod/fhir-api-r4/fhir/r4"
	mux.HandleFunc("GET "+fhir+"/metadata", s.metadata)
	mux.HandleFunc("GET "+fhir+"/.well-known/smart-configuration", s.smart)
	mux.HandleFunc("GET "+fhir+"/.well-known/openid-configuration", s.openid)
	mux.HandleFunc("GET "+fhir+"/.well-known/jwk", s.Access.Keys)
	mux.HandleFunc("GET /nge/prod/fhir-api-r4/.well-known/jwks.json", s.Access.Keys)
	mux.HandleFunc("GET "+fhir+"/Patient", s.patient)
	mux.HandleFunc("GET "+fhir+"/Patient/{id}", s.patient)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "e2e-request-7f3a")
		w.Header().Set("Api-Version", "6.0.0.767")
		// Everything else that is well known answers 401, as seen in public.
		if _, pattern := mux.Handler(r); pattern == "" && strings.Contains(r.URL.Path, "/.well-known/") {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// token holds the site against the known ones before the library sees anything.
func (s *Shell) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	// An authorization code (EAL) carries its site.
	if r.PostForm.Get("grant_type") == "client_credentials" && r.PostForm.Get("site_id") != SiteID {
		if s.options.Site == SiteEmpty {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		authz.WriteJSON(w, http.StatusBadRequest, map[string]string{
			"error": "invalid_request", "error_description": "The parameter site_id is missing or is not a known site."})
		return
	}
	s.Enterprise.Token(w, r)
}

// SessionID is what PUT login-defaults gives for an enterprise and a practice.
func SessionID(enterprise, practice string) string {
	zeros := strings.Repeat("0", 32)
	return base64.StdEncoding.EncodeToString([]byte(
		enterprise + "|" + practice + "|" + zeros + "|" + zeros + "||" + User))
}
