package scope_test

import (
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// The words of discovery and sign-in excuse a route only where they are the
// address of such an endpoint: inside another path they would hide a write.
func TestOnlySignInIsIgnored(t *testing.T) {
	for path, want := range map[string]scope.Verdict{
		"POST /token":                                   scope.Ignored,
		"POST /nge/prod/nge-oauth/token":                scope.Ignored,
		"POST /nge/prod/patient-oauth/token/revoke":     scope.Ignored,
		"GET /oauth2/authorize":                         scope.Ignored,
		"GET /.well-known/smart-configuration":          scope.Ignored,
		"POST /persons/{personId}/oauth2/token":         scope.NotLimited,
		"POST /persons/{personId}/token/revoke":         scope.NotLimited,
		"POST /persons/.well-known/{x}":                 scope.NotLimited,
		"POST /.well-known/smart-configuration":         scope.NotLimited,
		"GET /Appointment?patient={patient} enterprise": scope.NotLimited,
	} {
		method, rest, _ := strings.Cut(path, " ")
		r := route.Route{Method: method}
		r.Path, r.API, _ = strings.Cut(rest, " ")
		got := scope.Judge(&route.List{Routes: []route.Route{r}}, scope.Options{AsOf: "2026-11-23"}).Routes[0]
		if got.Verdict != want {
			t.Errorf("%s: %s (%s), want %s", path, got.Verdict, got.Why, want)
		}
	}
}

// A word that only names the owner of a record says nothing of a further, unknown
// part of it.
func TestAnOwnerIsNoHint(t *testing.T) {
	for path, want := range map[string]scope.Data{
		"/persons/{personId}":                                  scope.V1,
		"/persons/4711":                                        scope.V1,
		"/persons/lookup":                                      scope.V1,
		"/persons/{personId}/chart/something":                  scope.UnknownData,
		"/persons/{personId}/chart/encounters/{encounterId}":   scope.V3,
		"/persons/{personId}/chart/encounters/{encounterId}/x": scope.UnknownData,
		"/persons/{personId}/chart/encounters/{id}/vitals":     scope.V1,
	} {
		got := scope.Judge(&route.List{Routes: []route.Route{{Method: "GET", Path: path}}}, scope.Options{AsOf: "2026-11-23"}).Routes[0]
		if got.Data != want || got.Verdict != scope.Undetermined {
			t.Errorf("%s: %s, %s; want %s, undetermined", path, got.Data, got.Verdict, want)
		}
	}
}
