package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/route"
)

func TestEnterpriseTable(t *testing.T) {
	all := catalog.Enterprise().All()
	if len(all) != 485 {
		t.Errorf("%d routes, want 485", len(all))
	}
	seen, gsa := map[string]bool{}, map[catalog.GSA]int{}
	for _, e := range all {
		key := e.Method + " " + route.Shape(e.Path)
		if seen[key] {
			t.Errorf("%s is there twice", key)
		}
		seen[key] = true
		gsa[e.GSA]++
		if r, err := route.Parse(e.Method, e.Path); err != nil {
			t.Errorf("%s %s is no template: %v", e.Method, e.Path, err)
		} else if got := r.FoundAPI(); got != route.Enterprise {
			t.Errorf("%s is taken for %s", e.Path, got)
		}
		if !slices.Contains([]string{"high", "medium", "low"}, e.Confidence) || e.Area == "" || e.Source == "" {
			t.Errorf("%s %s: confidence %q, area %q, source %q", e.Method, e.Path, e.Confidence, e.Area, e.Source)
		}
		if e.Method == "GET" && e.Write {
			t.Errorf("GET %s writes", e.Path)
		}
		if e.GSA == catalog.GSAUnknown && e.ObservedOn != "" {
			t.Errorf("GET %s: a date for no observation", e.Path)
		}
		if got, kind := catalog.Enterprise().Match(e.Method, e.Path); kind != catalog.Exact || got != e {
			t.Errorf("%s %s matches %s %s (%v)", e.Method, e.Path, got.Method, got.Path, kind)
		}
	}
	if gsa[catalog.GSAYes] != 210 || gsa[catalog.GSANo] != 3 || gsa[catalog.GSAUnknown] != 272 {
		t.Errorf("GSA observations %v, want 210 yes, 3 no, 272 unknown", gsa)
	}
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		method, path string
		want         string
		kind         catalog.MatchKind
	}{
		{"GET", "/persons/{id}/chart/allergies", "/persons/{personId}/chart/allergies", catalog.Exact},
		{"GET", "/Persons/123/Chart/Allergies/?$top=5", "/persons/{personId}/chart/allergies", catalog.Exact},
		{"GET", "/persons/lookup", "/persons/lookup", catalog.Exact},
		{"GET", "/appointments/slots", "/appointments/slots", catalog.Exact},
		{"GET", "/appointments/{id}", "/appointments/{appointmentId}", catalog.Exact},
		{"PUT", "/users/me/login-defaults", "/users/me/login-defaults", catalog.Exact},
		{"GET", "/users/me/permissions", "", catalog.NoMatch}, // "me" is no user id
		{"PATCH", "/persons/lookup", "/persons/lookup", catalog.PathOnly},
		{"DELETE", "/persons", "/persons", catalog.PathOnly},
		{"GET", "/persons/{personId}/{b}", "", catalog.NoMatch}, // a parameter is no literal
		{"GET", "/nowhere", "", catalog.NoMatch},
		{"GET", "/", "", catalog.NoMatch},
		{"GET", "", "", catalog.NoMatch},
		{"GET", "/persons//chart", "", catalog.NoMatch},
		{"GET", "/" + strings.Repeat("a/", 500), "", catalog.NoMatch},
	} {
		got, kind := catalog.Enterprise().Match(test.method, test.path)
		if got.Path != test.want || kind != test.kind {
			t.Errorf("Match(%s %s) = %q, %v; want %q, %v", test.method, test.path, got.Path, kind, test.want, test.kind)
		}
	}
	if got := catalog.Enterprise().Methods("/appointments/{x}"); !slices.Equal(got, []string{"DELETE", "GET", "PATCH", "PUT"}) {
		t.Errorf("Methods = %v", got)
	}
}

func TestObservations(t *testing.T) {
	e, _ := catalog.Enterprise().Match("GET", "/persons/{personId}/chart/medications/pdmp-report")
	if e.GSA != catalog.GSANo || e.ObservedOn != "2023-05" {
		t.Errorf("pdmp-report: %s on %q", e.GSA, e.ObservedOn)
	}
	e, _ = catalog.Enterprise().Match("GET", "/persons")
	if e.GSA != catalog.GSAYes || e.ObservedOn != "" {
		t.Errorf("GET /persons: %s on %q; the dated recording is a 405 and does not date it", e.GSA, e.ObservedOn)
	}
	e, _ = catalog.Enterprise().Match("GET", "/appointments")
	if e.GSA != catalog.GSAYes || e.ObservedOn != "2023-05" {
		t.Errorf("GET /appointments: %s on %q", e.GSA, e.ObservedOn)
	}
	e, _ = catalog.Enterprise().Match("POST", "/appointments")
	if e.GSA != catalog.GSAYes || e.ObservedOn != "" {
		t.Errorf("POST /appointments: %s on %q; a client without a date", e.GSA, e.ObservedOn)
	}
	e, _ = catalog.Enterprise().Match("POST", "/appointments/availability")
	if e.Write {
		t.Error("POST /appointments/availability is a search")
	}
}

func TestSearch(t *testing.T) {
	found := catalog.Enterprise().Search("Chart", "allergies", "get")
	if len(found) == 0 {
		t.Fatal("nothing found")
	}
	for _, e := range found {
		if e.Method != "GET" || !strings.Contains(e.Path, "allergies") {
			t.Errorf("found %s %s", e.Method, e.Path)
		}
	}
	if got := catalog.Enterprise().Search(); got != nil {
		t.Errorf("no words found %d", len(got))
	}
}

func TestFHIRTables(t *testing.T) {
	tables := catalog.FHIR()
	member := []catalog.Membership{catalog.In, catalog.Out, catalog.Conditional, catalog.Supporting}
	concrete, abstract, compartment := 0, 0, 0
	for _, r := range tables.Resources() {
		if !slices.Contains(member, r.V1) || !slices.Contains(member, r.V3) {
			t.Errorf("%s: %q, %q", r.Name, r.V1, r.V3)
		}
		if (r.V1 == catalog.Out) != (r.V1Class == "") {
			t.Errorf("%s: in v1 %q with class %q", r.Name, r.V1, r.V1Class)
		}
		if r.Compartment {
			compartment++
		}
		if r.Abstract {
			abstract++
			continue
		}
		concrete++
		if r4, _ := route.FHIRType(r.Name); !r4 {
			t.Errorf("package route does not know %s as an R4 type", r.Name)
		}
	}
	if concrete != 146 || abstract != 2 || compartment != 67 {
		t.Errorf("%d concrete, %d abstract types, %d in the compartment; want 146, 2 and 67 (66 and Patient)", concrete, abstract, compartment)
	}
	if n := tables.Operations(); n != 51 {
		t.Errorf("%d operations, want 51", n)
	}
	if op, known := tables.Operation("no-such"); known || op.Access != "unknown" {
		t.Errorf("unknown operation: %+v, %v", op, known)
	}
	if _, known := tables.Operation("*"); known {
		t.Error("* is no operation")
	}
}

func TestIncludeTargets(t *testing.T) {
	tables, parameters := catalog.FHIR(), 0
	for _, r := range tables.Resources() {
		for _, p := range tables.IncludeParameters(r.Name) {
			parameters++
			targets, ok := tables.Include(r.Name, p)
			if !ok || len(targets) == 0 {
				t.Errorf("%s:%s has no target", r.Name, p)
			}
			for _, target := range targets {
				if _, known := tables.Resource(target); !known && target != "ANY" {
					t.Errorf("%s:%s can add %s, which is no type", r.Name, p, target)
				}
			}
		}
	}
	if parameters != 156 {
		t.Errorf("%d parameters, want 156", parameters)
	}
}

func TestUSCDI(t *testing.T) {
	elements, classes := catalog.FHIR().USCDI(), map[string]int{}
	for _, e := range elements {
		classes[e.Class]++
		for one := range strings.SplitSeq(e.R4, " | ") {
			if _, ok := catalog.FHIR().Resource(one); !ok {
				t.Errorf("%s: %q is no R4 type", e.Name, one)
			}
		}
		for one := range strings.SplitSeq(e.DSTU2, " | ") {
			if _, dstu2 := route.FHIRType(one); !dstu2 && one != "(none)" {
				t.Errorf("%s: %q is no DSTU2 type", e.Name, one)
			}
		}
	}
	if len(elements) != 52 || len(classes) != 16 {
		t.Errorf("%d elements in %d classes, want 52 in 16: %v", len(elements), len(classes), classes)
	}
}

func TestLookupsDoNotHandOutTheTable(t *testing.T) {
	all := catalog.Enterprise().All()
	all[0].Method = "changed"
	if catalog.Enterprise().All()[0].Method == "changed" {
		t.Error("All hands out the table itself")
	}
}

func BenchmarkMatch(b *testing.B) {
	r := catalog.Enterprise()
	b.ReportAllocs()
	for b.Loop() {
		r.Match("GET", "/persons/{personId}/chart/encounters/{encounterId}/diagnoses/{diagnosisId}/assessments")
	}
}
