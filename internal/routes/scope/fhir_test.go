package scope_test

import (
	"slices"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// TestFHIR goes through what the vectors leave out. A blank strict verdict is
// that without strict.
func TestFHIR(t *testing.T) {
	const (
		yes, no, maybe = scope.Limited, scope.NotLimited, scope.Undetermined
		ignored        = scope.Ignored
	)
	for _, test := range []struct {
		request      string // "GET /path", in R4 unless it says "dstu2 GET /path"
		want, strict scope.Verdict
		data         scope.Data
		basis        scope.Basis
	}{
		// Mandatory and other searches of types that are in v1 as a whole.
		{"GET /Patient?birthdate={d}&name={n}", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /Patient?family={f}&gender={g}", yes, "", scope.V1, scope.ByUSCoreShould},
		{"GET /Patient", yes, maybe, scope.V1, scope.ByFHIRTable},
		{"GET /Patient?_id={id}&_count=50&_sort=_id", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /Goal?patient={p}&target-date=ge{d}", yes, "", scope.V1, scope.ByUSCoreShould},
		{"GET /Goal?subject:Patient={p}", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /Procedure?patient={p}&date={d}", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /MedicationRequest?patient={p}&intent=order&status=active", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /MedicationRequest?patient={p}", yes, maybe, scope.V1, scope.ByFHIRTable},
		{"GET /Condition?patient={p}&category=problem-list-item", yes, "", scope.V1, scope.ByUSCoreShould},
		{"GET /Condition?patient={p}", yes, maybe, scope.V1Conditional, scope.ByUSCoreShall},
		{"GET /Condition?patient={p}&category=encounter-diagnosis", maybe, "", scope.V3, scope.ByFHIRTable},
		{"GET /Provenance?patient={p}", maybe, "", scope.V1, scope.ByFHIRTable},
		{"GET /Provenance/{id}", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /Immunization/{id}/_history/{vid}", yes, "", scope.V1, scope.ByUSCoreShould},
		{"GET /Immunization/_history", yes, maybe, scope.V1, scope.ByFHIRTable},
		{"POST /Immunization/_search?patient={p}", yes, "", scope.V1, scope.ByUSCoreShall},
		// Filters of the conditional types.
		{"GET /Observation?patient={p}&category=vital-signs,laboratory", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /Observation?patient={p}&category=laboratory,survey", no, "", scope.V3, scope.ByFHIRTable},
		{"GET /Observation?patient={p}&category=laboratory,{category}", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"GET /Observation?patient={p}&category:not=laboratory", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"GET /Observation?patient={p}&category=social-history", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"GET /Observation?patient={p}&category=exam", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"GET /Observation?patient={p}&category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory&date=ge{d}", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /Observation?patient={p}&code=8867-4,59408-5,3150-0", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /Observation?patient={p}&code=http://snomed.info/sct|8867-4", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"GET /Observation?category=laboratory", yes, "", scope.V1, scope.ByFHIRTable},
		{"GET /Observation/{id}", yes, maybe, scope.V1Conditional, scope.ByUSCoreShall},
		{"POST /Observation/_search", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"GET /DiagnosticReport?patient={p}&category=LAB", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /DiagnosticReport?patient={p}&category=LP29684-5", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /DiagnosticReport", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"GET /DocumentReference?patient={p}&type=http://loinc.org|11506-3", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /DocumentReference?patient={p}&category=clinical-note", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /Device?patient={p}&type={t}", yes, maybe, scope.V1Conditional, scope.ByUSCoreShould},
		{"GET /Group/{id}", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"GET /MedicationStatement?patient={p}", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"GET /RelatedPerson?patient={p}", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		// Supporting and technical types.
		{"GET /Practitioner/{id}", yes, "", scope.Auxiliary, scope.ByCertifiedTest},
		{"GET /Practitioner?name={n}", maybe, "", scope.Auxiliary, scope.ByFHIRTable},
		{"GET /Endpoint", yes, "", scope.Auxiliary, scope.ByFHIRTable},
		{"GET /ValueSet/{id}", ignored, "", scope.NonEHI, scope.ByDiscovery},
		{"GET /ValueSet/$expand?url={u}", ignored, "", scope.NonEHI, scope.ByFHIRTable},
		{"GET /Bundle/{id}", maybe, "", scope.UnknownData, scope.NoBasis},
		// Beyond.
		{"GET /Slot", no, "", scope.NonEHI, scope.ByFHIRTable},
		{"GET /Specimen/{id}", no, "", scope.V3, scope.ByFHIRTable},
		{"GET /QuestionnaireResponse?patient={p}", no, "", scope.V3, scope.ByFHIRTable},
		// Includes and references.
		{"GET /Patient?_id={i}&_revinclude=Appointment:patient", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"GET /Patient?_id={i}&_revinclude=Observation:subject", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"GET /CareTeam?patient={p}&status=active&_include=CareTeam:participant", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /DocumentReference?patient={p}&category=clinical-note&_include=DocumentReference:encounter", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET /DocumentReference?patient={p}&category=clinical-note&_include=DocumentReference:encounter:EpisodeOfCare", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"GET /CarePlan?patient={p}&category=assess-plan&_include=CarePlan:activity-reference", maybe, "", scope.UnknownData, scope.ByFHIRTable},
		{"GET /Condition?patient={p}&_include=Condition:evidence-detail", maybe, "", scope.UnknownData, scope.ByFHIRTable},
		{"GET /Condition?patient={p}&_include=*", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"GET /Condition?patient={p}&_include={include}", maybe, "", scope.UnknownData, scope.NoBasis},
		{"GET /Condition?patient={p}&_include:iterate=Condition:encounter", yes, maybe, scope.V1Conditional, scope.ByUSCoreShall},
		{"GET /Patient?_has:Appointment:patient:status=booked", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"GET /Patient?_has:Condition:patient:code={c}", yes, maybe, scope.V1, scope.ByFHIRTable},
		{"GET /Patient?_has:Condition:patient:_has:Task:focus:status=x", no, "", scope.NonEHI, scope.ByFHIRTable},
		{"GET /Procedure?patient.name={n}", yes, maybe, scope.V1, scope.ByFHIRTable},
		{"GET /Encounter?appointment.status=booked", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"GET /Procedure?encounter.appointment.status=booked", maybe, "", scope.UnknownData, scope.ByFHIRTable},
		{"GET /Procedure?performer:Organization.name={n}", yes, maybe, scope.V1, scope.ByFHIRTable},
		{"GET /Patient?_list={l}", maybe, "", scope.UnknownData, scope.NoBasis},
		// System level, compartments, operations.
		{"GET /?_type=Patient,Condition", maybe, "", scope.V1, scope.ByFHIRTable},
		{"GET /?_type=Appointment", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"GET /?_lastUpdated={d}", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"GET /_history", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"POST /_search", maybe, "", scope.UnknownData, scope.NoBasis},
		{"GET /Patient/{id}/Condition", maybe, "", scope.V1, scope.ByFHIRTable},
		{"GET /Patient/{id}/Appointment", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"GET /Patient/{id}/*", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"GET /Patient/{id}/$everything?_type=Patient,Goal", yes, "", scope.V1, scope.ByFHIRTable},
		{"GET /Patient/{id}/$everything?_type=Patient,Slot", no, "", scope.NonEHI, scope.ByFHIRTable},
		{"GET /Group/{id}/$export?_type=Observation", yes, maybe, scope.V1Conditional, scope.ByCertifiedTest},
		{"GET /Group/{id}/$export?_type=Patient,Coverage", no, "", scope.V3, scope.ByFHIRTable},
		{"GET /Group/{id}/$export?_type={types}", maybe, "", scope.UnknownData, scope.NoBasis},
		{"GET /$export?_type=Patient", maybe, "", scope.V1, scope.ByFHIRTable},
		{"GET /$export-poll-status", maybe, "", scope.UnknownData, scope.NoBasis},
		{"GET /DocumentReference/$docref?patient={p}", yes, maybe, scope.V1Conditional, scope.ByUSCoreShall},
		{"GET /Observation/$lastn?patient={p}&category=vital-signs", yes, "", scope.V1, scope.ByFHIRTable},
		{"GET /Observation/$lastn?patient={p}", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"POST /Patient/$match", maybe, "", scope.UnknownData, scope.ByFHIRTable},
		{"POST /Patient/$member-match", no, "", scope.V3, scope.ByFHIRTable},
		{"POST /Claim/$submit", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"POST /Patient/{id}/$unheard-of", maybe, "", scope.UnknownData, scope.NoBasis},
		{"GET /Composition/{id}/$document", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"PUT /Patient?identifier={i}", no, "", scope.V1, scope.ByMethod},
		{"POST /DocumentReference", no, "", scope.V1Conditional, scope.ByMethod},
		// DSTU2.
		{"dstu2 GET /CareTeam?patient={p}", maybe, "", scope.UnknownData, scope.NoBasis},
		{"dstu2 GET /DiagnosticOrder?patient={p}", no, "", scope.V3, scope.ByFHIRTable},
		{"dstu2 GET /MedicationStatement?patient={p}&_include=MedicationStatement:medication", yes, "", scope.V1, scope.ByArgonaut},
		{"dstu2 GET /DiagnosticReport?patient={p}&category=LAB", yes, "", scope.V1, scope.ByArgonaut},
		{"dstu2 GET /DiagnosticReport?patient={p}", maybe, "", scope.V1Conditional, scope.ByFHIRTable},
		{"dstu2 GET /Provenance/{id}", maybe, "", scope.V1, scope.ByFHIRTable},
		{"dstu2 GET /ImagingObjectSelection?patient={p}", no, "", scope.EHIOther, scope.ByFHIRTable},
		{"dstu2 POST /Order", no, "", scope.NonEHI, scope.ByMethod},
		// Bases that are left on.
		{"GET /nge/prod/fhir-api-r4/fhir/R4/Patient/{id}", yes, "", scope.V1, scope.ByUSCoreShall},
		{"GET https://fhir.nextgen.com/nge/prod/fhir-api/fhir/dstu2/MedicationOrder?patient={p}", yes, "", scope.V1, scope.ByArgonaut},
		{"GET /fhir/r4/Slot", no, "", scope.NonEHI, scope.ByFHIRTable},
	} {
		request, api := test.request, ""
		if rest, ok := cut(request, "dstu2 "); ok {
			request, api = rest, route.FHIRDSTU2
		}
		r := listOf(request).Routes[0]
		r.API = api
		got := scope.Explain(r, nil, scope.Options{})
		if got.Verdict != test.want || got.Data != test.data || got.Basis != test.basis {
			t.Errorf("%s: %s, data %s, basis %s (%s); want %s, %s, %s", test.request, got.Verdict, got.Data, got.Basis, got.Why,
				test.want, test.data, test.basis)
		}
		strict := test.strict
		if strict == "" {
			strict = test.want
		}
		if got := scope.Explain(r, nil, scope.Options{Strict: true}); got.Verdict != strict {
			t.Errorf("%s, strict: %s (%s); want %s", test.request, got.Verdict, got.Why, strict)
		}
	}
}

func cut(s, prefix string) (string, bool) {
	if len(s) > len(prefix) && s[:len(prefix)] == prefix {
		return s[len(prefix):], true
	}
	return s, false
}

func TestExportStatusBesideItsExport(t *testing.T) {
	r := scope.Judge(listOf("GET /Group/{id}/$export?_type=Patient", "GET /$export-poll-status?job={job}"), scope.Options{})
	if r.Verdict != scope.Limited {
		t.Errorf("%s: %+v", r.Verdict, r.Deciding)
	}
}

func TestQueriesThatAreNoGET(t *testing.T) {
	got := scope.Explain(route.Route{Method: "POST", Path: "/appointments/availability"}, nil, scope.Options{})
	if got.Access != scope.Read || got.Verdict != scope.Undetermined || !slices.Contains(got.Notes, scope.NoteNotLiteralGet) {
		t.Errorf("availability search: %+v", got)
	}
	got = scope.Explain(route.Route{Method: "PUT", Path: "/users/me/login-defaults"}, nil, scope.Options{})
	if got.Access != scope.UnknownAccess || got.Verdict != scope.Undetermined {
		t.Errorf("session set-up: %+v", got)
	}
}
