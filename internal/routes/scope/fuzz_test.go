package scope_test

import (
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// FuzzJudge holds the classifier to its contract for any pair of routes, also
// for ones that package route would refuse: no panic, the same verdict in
// either order, never better than the worse of the two, strict never milder,
// always with a reason, and no reason that repeats what came from outside.
func FuzzJudge(f *testing.F) {
	for _, v := range vectors() {
		f.Add(v.method, v.path, v.api, "GET", "/Patient/{id}", false)
	}
	f.Add("GET", "http://host/nge/prod/fhir-api-r4/fhir/R4/Patient/1?_has:Observation:patient:_has:AuditEvent:entity:agent=x", "", "PUT", "//", true)
	f.Add("GET", "/Patient?general-practitioner.name=a&organization.partof.name=b&_include=*&_revinclude=*", "fhir-dstu2", "POST", "/$op", true)
	f.Fuzz(func(t *testing.T, m1, p1, api, m2, p2 string, strict bool) {
		a, b := route.Route{Method: m1, Path: p1, API: api}, route.Route{Method: m2, Path: p2}
		opt := scope.Options{Strict: strict}
		ab := scope.Judge(&route.List{Routes: []route.Route{a, b}}, opt)
		ba := scope.Judge(&route.List{Routes: []route.Route{b, a}}, opt)
		if ab.Verdict != ba.Verdict || ab.Yardsticks != ba.Yardsticks {
			t.Fatalf("%s in one order, %s in the other", ab.Verdict, ba.Verdict)
		}
		for _, v := range ab.Routes {
			if v.Why == "" || v.Basis == "" || v.Data == "" || v.Access == "" || v.Verdict == "" || v.Federal == "" {
				t.Fatalf("something is blank: %+v", v)
			}
			if v.Verdict == scope.NotLimited && ab.Verdict != scope.NotLimited {
				t.Fatalf("a miss does not decide: %+v", ab)
			}
			if v.Verdict == scope.Undetermined && ab.Verdict == scope.Limited {
				t.Fatalf("a doubt is lost: %+v", ab)
			}
			if v.Access == scope.Write && v.Verdict != scope.NotLimited {
				t.Fatalf("a write within: %+v", v)
			}
		}
		if !strict {
			opt.Strict = true
			if s := scope.Judge(&route.List{Routes: []route.Route{a, b}}, opt); s.Verdict == scope.Limited && ab.Verdict != scope.Limited {
				t.Fatalf("strict is milder: %s, then %s", ab.Verdict, s.Verdict)
			}
		}
		if strings.Contains(ab.Routes[0].Why, "\x1b") {
			t.Fatalf("a raw escape in %q", ab.Routes[0].Why)
		}
	})
}
