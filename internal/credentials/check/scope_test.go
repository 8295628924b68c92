package check

import (
	"slices"
	"strings"
	"testing"
)

func TestScopeForm(t *testing.T) {
	for scope, want := range map[string]scopeShape{
		"openid":                 {},
		"launch/patient":         {},
		"offline_access":         {},
		"patient/*.read":         {context: "patient", version: 1},
		"user/Observation.write": {context: "user", version: 1, write: true},
		"patient/Patient.rs":     {context: "patient", version: 2},
		"system/*.cruds":         {context: "system", version: 2, write: true},
		"patient/Observation.rs?category=laboratory": {context: "patient", version: 2},
	} {
		if got := scopeForm(scope); got != want {
			t.Errorf("%s: %+v, want %+v", scope, got, want)
		}
	}
	for _, bad := range []string{"", "email", "patient/", "patient/Patient", "patient/Patient.", "patient/Patient.sr", "patient/Patient.rr", "clinic/*.read", "patient/Pat1ent.read"} {
		if scopeForm(bad).bad == "" {
			t.Errorf("%q passes for a scope", bad)
		}
	}
}

func TestMissingScopes(t *testing.T) {
	for _, c := range []struct{ asked, granted, want string }{
		{"patient/Patient.read", "patient/*.read", ""},
		{"patient/Patient.read", "patient/Patient.rs", ""},
		{"patient/Patient.rs patient/Observation.read", "patient/Patient.read", "patient/Observation.read"},
		{"patient/*.read", "patient/Patient.read", "patient/*.read"},
		{"user/Patient.read", "patient/*.*", "user/Patient.read"},
		{"offline_access openid", "openid", "offline_access"},
		{"patient/Observation.rs", "patient/Observation.rs?category=laboratory", "patient/Observation.rs"},
		{"patient/Patient.cruds", "patient/*.*", ""},
	} {
		got := missingScopes(strings.Fields(c.asked), strings.Fields(c.granted))
		if !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("asked %s, granted %s: missing %v, want %s", c.asked, c.granted, got, c.want)
		}
	}
}
