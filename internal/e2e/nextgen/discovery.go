package nextgen

import (
	"net/http"

	"github.com/apionboard/ngapi/internal/e2e/authz"
)

// smart is the SMART document with the quirks of the public record: its issuer
// is the authorization base, its keys lie elsewhere than the OpenID document
// says, client_credentials is listed although no system scope is, the scopes
// are wildcards, and no token_endpoint_auth_methods_supported is given.
func (s *Shell) smart(w http.ResponseWriter, _ *http.Request) {
	authz.WriteJSON(w, http.StatusOK, map[string]any{
		"issuer":                           s.Patients,
		"jwks_uri":                         s.Site.URL + "/nge/prod/fhir-api-r4/.well-known/jwks.json",
		"authorization_endpoint":           s.Patients + "/authorize",
		"token_endpoint":                   s.Patients + "/token",
		"revocation_endpoint":              s.Patients + "/token/revoke",
		"grant_types_supported":            []string{"authorization_code", "client_credentials", "refresh_token"},
		"response_types_supported":         []string{"code"},
		"code_challenge_methods_supported": []string{"S256"},
		"scopes_supported": []string{"openid", "offline_access", "launch", "launch/patient", "launch/encounter",
			"patient/*.*", "user/*.*"},
		"capabilities": []string{"launch-ehr", "launch-standalone", "client-public", "client-confidential-symmetric",
			"client-confidential-asymmetric", "sso-openid-connect", "context-ehr-patient", "context-ehr-encounter",
			"context-standalone-patient", "context-standalone-encounter", "permission-offline", "permission-patient",
			"permission-user", "permission-v1", "permission-v2", "authorize-post"},
	})
}

// openid is the OpenID document: its issuer is the R4 base.
func (s *Shell) openid(w http.ResponseWriter, _ *http.Request) {
	authz.WriteJSON(w, http.StatusOK, map[string]any{
		"issuer":                                s.FHIR,
		"jwks_uri":                              s.FHIR + "/.well-known/jwk",
		"authorization_endpoint":                s.Patients + "/authorize",
		"token_endpoint":                        s.Patients + "/token",
		"response_types_supported":              []string{"code"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

func (s *Shell) metadata(w http.ResponseWriter, _ *http.Request) {
	uris := []any{
		map[string]any{"url": "authorize", "valueUri": s.Patients + "/authorize"},
		map[string]any{"url": "token", "valueUri": s.Patients + "/token"},
		map[string]any{"url": "revoke", "valueUri": s.Patients + "/token/revoke"},
	}
	w.Header().Set("Content-Type", "application/fhir+json")
	authz.WriteJSON(w, http.StatusOK, map[string]any{
		"resourceType": "CapabilityStatement", "status": "active", "kind": "instance", "fhirVersion": "4.0.1",
		"format": []string{"json"},
		"rest": []any{map[string]any{
			"mode": "server",
			"security": map[string]any{"cors": true, "extension": []any{map[string]any{
				"url":       "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
				"extension": uris,
			}}},
			"resource": []any{map[string]any{"type": "Patient", "interaction": []any{
				map[string]any{"code": "read"}, map[string]any{"code": "search-type"}}}},
		}},
	})
}
