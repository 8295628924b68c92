package nextgen

import (
	"encoding/json"
	"net/http"

	"github.com/apionboard/ngapi/internal/e2e/authz"
)

// bearer lets requests with a good Enterprise token through.
func (s *Shell) bearer(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, _, ok := s.Enterprise.Active(r.Context(), authz.Bearer(r)); !ok {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte("invalid access token"))
			return
		}
		if s.options.APIStatus != 0 {
			w.WriteHeader(s.options.APIStatus)
			return
		}
		next(w, r)
	}
}

func (s *Shell) version(w http.ResponseWriter, _ *http.Request) {
	authz.WriteJSON(w, http.StatusOK, map[string]any{"version": "6.0.0.767", "isDbConnectionSuccess": true})
}

// practices is the one read that needs no session.
func (s *Shell) practices(w http.ResponseWriter, _ *http.Request) {
	authz.WriteJSON(w, http.StatusOK, map[string]any{
		"items": []any{
			map[string]any{"id": Practice, "enterpriseId": Enterprise, "name": "Synthetic Practice One"},
			map[string]any{"id": ClosedOne, "enterpriseId": Enterprise, "name": "Synthetic Practice Two"},
		},
		"count": 2,
		// An internal address, as the live answers hold one: never to be called.
		"nextPageLink": "http://127.0.0.1:889/SITE.NGProd/NextGen.Api.Edge/6.0.0.767/api/master/practices?$skip=25",
	})
}

// loginDefaults gives the session in a header and nothing in the body.
func (s *Shell) loginDefaults(w http.ResponseWriter, r *http.Request) {
	var asked struct{ EnterpriseID, PracticeID string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		authz.WriteJSON(w, http.StatusBadRequest, map[string]string{"message": "The body is not JSON."})
		return
	}
	if asked.EnterpriseID != Enterprise || asked.PracticeID != Practice {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	switch {
	case s.options.NoSession:
	case s.options.SessionOfAnother:
		w.Header().Set("X-NG-SessionId", SessionID(Enterprise, OtherPractice))
	default:
		w.Header().Set("X-NG-SessionId", SessionID(Enterprise, Practice))
	}
	authz.WriteJSON(w, http.StatusOK, map[string]any{})
}

// needsSession is every other read of the API.
func (s *Shell) needsSession(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-NG-SessionId") != SessionID(Enterprise, Practice) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	authz.WriteJSON(w, http.StatusOK, map[string]any{"items": []any{}, "count": 0})
}

// patient answers for the one patient of the token.
func (s *Shell) patient(w http.ResponseWriter, r *http.Request) {
	if _, _, ok := s.Access.Active(r.Context(), authz.Bearer(r)); !ok {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if s.options.APIStatus != 0 {
		w.WriteHeader(s.options.APIStatus)
		return
	}
	one := map[string]any{"resourceType": "Patient", "id": Patient, "name": []any{map[string]any{"family": "Synthetic"}}}
	w.Header().Set("Content-Type", "application/fhir+json")
	switch r.PathValue("id") {
	case Patient:
		_ = json.NewEncoder(w).Encode(one)
	case "":
		_ = json.NewEncoder(w).Encode(map[string]any{"resourceType": "Bundle", "type": "searchset", "total": 1,
			"entry": []any{map[string]any{"resource": one}}})
	default:
		w.WriteHeader(http.StatusForbidden)
	}
}
