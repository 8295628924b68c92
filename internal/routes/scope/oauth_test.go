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
