package scope_test

import (
	"slices"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// vector is one route with the verdict of the vendor's yardstick.
type vector struct {
	method, path, api string
	access            scope.Access
	want, strict      scope.Verdict // strict: "" where it is as without
	federal           scope.Answer  // "" where the vector does not say
	note              string
}

// vectors are the decisions that were taken before this package was written.
// Concrete ids stand in them on purpose: the classifier must not see them.
func vectors() []vector {
	const (
		yes, no, maybe = scope.Limited, scope.NotLimited, scope.Undetermined
		read           = scope.Read
	)
	return []vector{
		{"GET", "/AllergyIntolerance?patient=1", "", read, yes, "", scope.Yes, ""},
		{"GET", "/allergyintolerance?patient=1", "", read, maybe, "", "", ""},
		{"HEAD", "/Patient/1", "", read, yes, "", "", scope.NoteNotLiteralGet},
		{"POST", "/Patient/_search", "", read, yes, "", "", scope.NoteNotLiteralGet},
		{"POST", "/Patient", "", scope.Write, no, "", scope.No, ""},
		{"GET", "/CareTeam?patient=1&status=active", "", read, yes, "", scope.Yes, ""},
		{"GET", "/CarePlan?patient=1&category=assess-plan", "", read, yes, "", scope.Yes, ""},
		{"GET", "/CarePlan?patient=1", "", read, maybe, "", "", ""},
		{"GET", "/CarePlan?patient=1&category=careteam", "fhir-dstu2", read, yes, "", "", ""},
		{"GET", "/MedicationOrder?patient=1", "fhir-dstu2", read, yes, "", "", ""},
		{"GET", "/MedicationOrder?patient=1", "fhir-r4", read, maybe, "", "", ""},
		{"GET", "/MedicationOrder?patient=1", "", read, maybe, "", "", ""},
		{"GET", "/Observation?patient=1&category=laboratory", "", read, yes, "", scope.Yes, ""},
		{"GET", "/Observation?patient=1&category=survey", "", read, no, "", scope.Yes, ""},
		{"GET", "/Observation?patient=1&code=http%3A%2F%2Floinc.org%7C72166-2", "", read, yes, "", scope.Yes, ""},
		{"GET", "/Observation?patient=1", "", read, maybe, "", "", ""},
		{"GET", "/Device?patient=1", "", read, yes, maybe, "", scope.NoteUnfiltered},
		{"GET", "/DiagnosticReport?patient=1", "", read, yes, maybe, "", scope.NoteUnfiltered},
		{"GET", "/DocumentReference?patient=1", "", read, yes, maybe, "", scope.NoteUnfiltered},
		{"GET", "/Encounter/1", "", read, yes, "", "", ""},
		{"GET", "/Encounter?patient=1", "", read, maybe, "", scope.Yes, ""},
		{"GET", "/Coverage?patient=1", "", read, no, "", scope.Yes, ""},
		{"GET", "/Appointment?patient=1", "", read, no, "", scope.No, ""},
		{"GET", "/Binary/1", "", read, maybe, "", "", ""},
		{"GET", "/Group/1/$export?_type=Patient,Condition", "", read, yes, "", "", ""},
		{"GET", "/Group/1/$export", "", read, maybe, "", "", ""},
		{"GET", "/Patient/1/%24everything", "", read, no, "", "", ""},
		{"POST", "/", "", scope.UnknownAccess, maybe, "", "", ""},
		{"DELETE", "/Observation?status=draft", "", scope.Write, no, "", scope.No, ""},
		{"GET", "/metadata", "", scope.NotData, scope.Ignored, "", "", ""},
		{"GET", "/.well-known/smart-configuration", "", scope.NotData, scope.Ignored, "", "", ""},
		{"POST", "/token", "", scope.NotData, scope.Ignored, "", "", ""},
		{"GET", "/persons/{id}/chart/allergies", "", read, maybe, "", scope.Uncertain, ""},
		{"POST", "/persons/{id}/chart/allergies", "", scope.Write, no, "", scope.No, ""},
		{"GET", "/Encounter?patient=1&_include=Encounter:appointment", "", read, no, "", scope.No, ""},
		{"GET", "/MedicationRequest?patient=1&intent=order&_include=MedicationRequest:medication&_revinclude=Provenance:target", "",
			read, yes, "", scope.Yes, scope.NoteIncludeByDesign},
	}
}

func judgeOne(v vector, opt scope.Options) scope.RouteVerdict {
	return scope.Explain(route.Route{Method: v.method, Path: v.path, API: v.api}, nil, opt)
}

func TestVectors(t *testing.T) {
	for _, v := range vectors() {
		t.Run(v.method+" "+v.api+v.path, func(t *testing.T) {
			got := judgeOne(v, scope.Options{})
			if got.Verdict != v.want || got.Access != v.access {
				t.Errorf("%s, access %s (%s); want %s, access %s", got.Verdict, got.Access, got.Why, v.want, v.access)
			}
			if v.federal != "" && got.Federal != v.federal {
				t.Errorf("federal %s, want %s", got.Federal, v.federal)
			}
			if v.note != "" && !slices.Contains(got.Notes, v.note) {
				t.Errorf("notes %q, want %q", got.Notes, v.note)
			}
			strict := v.strict
			if strict == "" {
				strict = v.want
			}
			if got := judgeOne(v, scope.Options{Strict: true}); got.Verdict != strict {
				t.Errorf("strict: %s (%s), want %s", got.Verdict, got.Why, strict)
			}
			if got.Why == "" || got.Basis == "" || got.Data == "" {
				t.Errorf("no reason, basis or data: %+v", got)
			}
		})
	}
}

func TestVectorsThatNeedContext(t *testing.T) {
	binary := route.Route{Method: "GET", Path: "/Binary/1"}
	notes := &route.List{Routes: []route.Route{{Method: "GET", Path: "/DocumentReference?patient={patient}"}, binary}}
	if got := scope.Judge(notes, scope.Options{}); got.Verdict != scope.Limited {
		t.Errorf("Binary beside DocumentReference: %s, want limited; %+v", got.Verdict, got.Deciding)
	}
	listed := func(_, path string) (bool, bool) { return path == "/persons/{id}/chart/allergies", true }
	opt := scope.Options{VendorList: listed}
	got := scope.Explain(route.Route{Method: "GET", Path: "/persons/{id}/chart/allergies"}, nil, opt)
	if got.Verdict != scope.Limited || got.Basis != scope.ByVendorList || got.Data != scope.V1 {
		t.Errorf("in the vendor's list: %+v", got)
	}
	got = scope.Explain(route.Route{Method: "GET", Path: "/persons/{id}/chart/charges"}, nil, opt)
	if got.Verdict != scope.NotLimited || got.Basis != scope.ByVendorList || got.Data != scope.EHIOther {
		t.Errorf("known to the vendor's list and not marked: %+v", got)
	}
	got = scope.Explain(route.Route{Method: "POST", Path: "/persons/{id}/chart/allergies"}, nil, opt)
	if got.Verdict != scope.NotLimited || got.Access != scope.Write {
		t.Errorf("a write of listed data: %+v", got)
	}
}
