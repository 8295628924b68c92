// Package ehr is a practice to test against: a server on loopback in the shape
// of the Enterprise and FHIR APIs, an application that uses it, and a recorder
// that writes what the application does as a HAR file. Everything in it is made
// up; the shape is that of published facts.
package ehr

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The mounts, as the vendor's gateways have them.
const (
	EnterpriseMount = "/nge/prod/nge-api/api"
	OAuthMount      = "/nge/prod/nge-oauth"
	FHIRMount       = "/nge/prod/fhir-api-r4/fhir/r4"
)

// Start starts a practice and stops it at the end of the test.
func Start(t testing.TB) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(Handler())
	t.Cleanup(s.Close)
	return s
}

// ID is the made-up identifier of record n of a kind, always the same.
func ID(kind string, n int) string {
	h := uint64(14695981039346656037)
	for _, c := range []byte(fmt.Sprintf("%s/%d", kind, n)) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	g := h*0x9e3779b97f4a7c15 ^ h>>29
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", uint32(h), uint16(h>>32), uint16(h>>48)&0xfff, uint16(g)|0x8000, g>>16)
}

// Handler answers as a practice does.
func Handler() http.Handler {
	m := http.NewServeMux()
	list := func(kind string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			var items []any
			for n := range 3 {
				items = append(items, map[string]any{"id": ID(kind, n), "lastName": "Madeup", "firstName": fmt.Sprint("Person", n)})
			}
			// The link that the API leaks leads to an internal address.
			next := "http://127.0.0.1:889/site.db/NextGen.Api.Edge/6.0.0.1719/api" + strings.TrimPrefix(r.URL.Path, EnterpriseMount) + "?$skip=25"
			answer(w, map[string]any{"items": items, "nextPageLink": next, "count": 3})
		}
	}
	one := func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"id": r.PathValue("id"), "lastName": "Madeup"})
	}
	m.HandleFunc("POST "+OAuthMount+"/token", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"access_token": "made-up-token", "token_type": "Bearer", "expires_in": 3600})
	})
	e := func(pattern string) string {
		method, path, _ := strings.Cut(pattern, " ")
		return method + " " + EnterpriseMount + path
	}
	m.HandleFunc(e("GET /master/practices"), list("practice"))
	m.HandleFunc(e("GET /master/locations"), list("location"))
	m.HandleFunc(e("PUT /users/me/login-defaults"), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-NG-SessionId", "made-up-session")
		answer(w, nil)
	})
	for _, path := range []string{"/persons/lookup", "/appointments", "/appointments/slots", "/persons/{id}/chart/allergies", "/persons/{id}/chart/problems"} {
		m.HandleFunc(e("GET "+path), list("record"))
	}
	m.HandleFunc(e("GET /persons/{id}"), one)
	m.HandleFunc(e("GET /persons/{id}/chart/medications/pdmp-report"), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) })
	m.HandleFunc(e("POST /appointments"), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", EnterpriseMount+"/appointments/"+ID("appointment", 1))
		w.WriteHeader(http.StatusCreated)
	})
	m.HandleFunc(e("PATCH /appointments/{id}"), one)
	m.HandleFunc("GET "+FHIRMount+"/metadata", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"resourceType": "CapabilityStatement", "fhirVersion": "4.0.1"})
	})
	m.HandleFunc("GET "+FHIRMount+"/{type}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"resourceType": "Bundle", "type": "searchset", "entry": []any{
			map[string]any{"resource": map[string]any{"resourceType": r.PathValue("type"), "id": ID(r.PathValue("type"), 1)}}}})
	})
	m.HandleFunc("GET "+FHIRMount+"/{type}/{id}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string]any{"resourceType": r.PathValue("type"), "id": r.PathValue("id"), "name": []any{map[string]any{"family": "Madeup"}}})
	})
	return m
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if body != nil {
		_ = json.NewEncoder(w).Encode(body) // a client that has gone away is no fault of the practice
	}
}
