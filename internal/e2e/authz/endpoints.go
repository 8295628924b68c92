package authz

import (
	"net/http"
	"slices"
	"strings"

	"github.com/ory/fosite"
)

// Authorize is the authorization endpoint: the user has signed in and agrees to
// every scope that the client may have, or refuses where Deny says so.
func (s *Server) Authorize(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	request, err := s.provider.NewAuthorizeRequest(ctx, r)
	if err != nil {
		s.provider.WriteAuthorizeError(ctx, w, request, err)
		return
	}
	if s.Options.Aud != "" && strings.TrimSuffix(request.GetRequestForm().Get("aud"), "/") != s.Options.Aud {
		s.provider.WriteAuthorizeError(ctx, w, request, fosite.ErrInvalidRequest.WithHint("The parameter aud is not the FHIR base."))
		return
	}
	if s.deny.Load() {
		s.provider.WriteAuthorizeError(ctx, w, request, fosite.ErrAccessDenied)
		return
	}
	for _, scope := range request.GetRequestedScopes() {
		request.GrantScope(scope)
	}
	if s.Options.WrongNonce {
		request.GetRequestForm().Set("nonce", "a-nonce-of-somebody-else")
	}
	response, err := s.provider.NewAuthorizeResponse(ctx, request, s.session(s.Options.Subject))
	if err != nil {
		s.provider.WriteAuthorizeError(ctx, w, request, err)
		return
	}
	if s.Options.NamesIss {
		response.AddParameter("iss", s.Options.Issuer)
	}
	s.provider.WriteAuthorizeResponse(ctx, w, request, response)
}

// Token is the token endpoint.
func (s *Server) Token(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	request, err := s.provider.NewAccessRequest(ctx, r, s.session(""))
	if err != nil {
		s.provider.WriteAccessError(ctx, w, request, err)
		return
	}
	if request.GetGrantTypes().ExactOne("client_credentials") {
		for _, scope := range request.GetRequestedScopes() {
			request.GrantScope(scope)
		}
	}
	response, err := s.provider.NewAccessResponse(ctx, request)
	if err != nil {
		s.provider.WriteAccessError(ctx, w, request, err)
		return
	}
	if s.Options.Patient != "" && slices.Contains(request.GetGrantedScopes(), "launch/patient") {
		response.SetExtra("patient", s.Options.Patient)
	}
	s.provider.WriteAccessResponse(ctx, w, request, response)
}

// Revoke is the revocation endpoint (RFC 7009).
func (s *Server) Revoke(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	s.provider.WriteRevocationResponse(ctx, w, s.provider.NewRevocationRequest(ctx, r))
}

// Introspect is the introspection endpoint (RFC 7662).
func (s *Server) Introspect(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	response, err := s.provider.NewIntrospectionRequest(ctx, r, s.session(""))
	if err != nil {
		s.provider.WriteIntrospectionError(ctx, w, err)
		return
	}
	s.provider.WriteIntrospectionResponse(ctx, w, response)
}

// Mux mounts everything below one address, with a discovery document of each
// kind that tells the truth. base is the issuer.
func (s *Server) Mux(base string) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", s.Authorize)
	mux.HandleFunc("POST /token", s.Token)
	mux.HandleFunc("POST /revoke", s.Revoke)
	mux.HandleFunc("POST /introspect", s.Introspect)
	mux.HandleFunc("GET /jwks", s.Keys)
	document := map[string]any{
		"issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token",
		"revocation_endpoint": base + "/revoke", "introspection_endpoint": base + "/introspect", "jwks_uri": base + "/jwks",
		"grant_types_supported":                            []string{"authorization_code", "client_credentials", "refresh_token"},
		"response_types_supported":                         []string{"code"},
		"code_challenge_methods_supported":                 []string{"S256"},
		"token_endpoint_auth_methods_supported":            []string{"client_secret_post", "client_secret_basic", "private_key_jwt", "none"},
		"token_endpoint_auth_signing_alg_values_supported": []string{"RS384", "ES384"},
		"scopes_supported":                                 []string{"openid", "fhirUser", "launch/patient", "offline_access", "patient/Patient.read", "system/Patient.read"},
		"subject_types_supported":                          []string{"public"},
		"id_token_signing_alg_values_supported":            []string{"RS256"},
		"capabilities": []string{"launch-standalone", "client-public", "client-confidential-symmetric",
			"client-confidential-asymmetric", "context-standalone-patient", "permission-offline", "permission-v1", "sso-openid-connect"},
	}
	answer := func(w http.ResponseWriter, _ *http.Request) { WriteJSON(w, http.StatusOK, document) }
	mux.HandleFunc("GET /.well-known/smart-configuration", answer)
	mux.HandleFunc("GET /.well-known/openid-configuration", answer)
	return mux
}
