package smart_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope/smart"
)

// list makes a list of "METHOD path [auth or api]" lines.
func list(lines ...string) *route.List {
	l := &route.List{}
	for i, line := range lines {
		f := strings.Fields(line)
		r := route.Route{Method: f[0], Path: f[1], Line: i + 2}
		switch {
		case len(f) > 2 && strings.HasPrefix(f[2], "fhir-"):
			r.API = f[2]
		case len(f) > 2:
			r.Auth = f[2]
		}
		l.Routes = append(l.Routes, r)
	}
	return l
}

const (
	labs   = "category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory"
	vitals = "category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs"
)

func TestDerive(t *testing.T) {
	for _, c := range []struct {
		name   string
		routes []string
		opt    smart.Options
		want   string
		open   int
	}{
		{"read", []string{"GET /Patient/{id}"}, smart.Options{}, "patient/Patient.r", 0},
		{"head", []string{"HEAD /Patient/{id}"}, smart.Options{}, "patient/Patient.r", 0},
		{"vread", []string{"GET /Patient/{id}/_history/{vid}"}, smart.Options{}, "patient/Patient.r", 0},
		{"history", []string{"GET /Patient/_history"}, smart.Options{}, "patient/Patient.s", 0},
		{"search", []string{"GET /Goal?patient={patient}"}, smart.Options{}, "patient/Goal.rs", 0},
		{"post search", []string{"POST /Goal/_search"}, smart.Options{}, "patient/Goal.rs", 0},
		{"exact", []string{"GET /Goal?patient={patient}"}, smart.Options{Exact: true}, "patient/Goal.s", 0},
		{"writes", []string{"POST /Goal", "PUT /Goal/{id}", "DELETE /Goal/{id}"}, smart.Options{}, "patient/Goal.cud", 0},
		{"patch", []string{"PATCH /Goal/{id}"}, smart.Options{}, "patient/Goal.u", 0},
		{"merged", []string{"GET /Goal/{id}", "POST /Goal", "GET /Goal?patient={p}"}, smart.Options{}, "patient/Goal.crs", 0},
		{"compartment", []string{"GET /Patient/{id}/Goal"}, smart.Options{}, "patient/Goal.rs", 0},
		{"whole compartment", []string{"GET /Patient/{id}/*"}, smart.Options{}, "", 1},
		{"include", []string{"GET /MedicationRequest?patient={p}&_include=MedicationRequest:medication"}, smart.Options{},
			"patient/Medication.rs patient/MedicationRequest.rs", 0},
		{"include with target", []string{"GET /Goal?patient={p}&_include=Goal:subject:Group"}, smart.Options{},
			"patient/Goal.rs patient/Group.rs", 0},
		{"include of all", []string{"GET /Goal?patient={p}&_include=*"}, smart.Options{}, "patient/Goal.rs", 1},
		{"provenance", []string{"GET /Goal?patient={p}&_revinclude=Provenance:target"}, smart.Options{},
			"patient/Goal.rs patient/Provenance.rs", 0},
		{"revinclude of a template", []string{"GET /Goal?patient={p}&_revinclude={value}"}, smart.Options{}, "patient/Goal.rs", 1},
		{"has", []string{"GET /Patient?_has:Observation:patient:code={c}"}, smart.Options{}, "patient/Observation.rs patient/Patient.rs", 0},
		{"chain", []string{"GET /Goal?subject:Patient.name={n}"}, smart.Options{}, "patient/Goal.rs patient/Patient.rs", 0},
		{"system search", []string{"GET /?_type=Goal,Patient fhir-r4"}, smart.Options{}, "patient/Goal.rs patient/Patient.rs", 0},
		{"system search of all", []string{"POST /_search fhir-r4"}, smart.Options{}, "", 1},
		{"batch", []string{"POST / fhir-r4"}, smart.Options{}, "", 1},
		{"operations", []string{"GET /Patient/{id}/$everything", "GET /Group/{id}/$export"}, smart.Options{}, "", 2},
		{"no scope", []string{"GET /metadata", "GET /.well-known/smart-configuration", "POST /token", "GET /persons/{personId}"},
			smart.Options{}, "", 0},
		{"dstu2", []string{"GET /MedicationOrder?patient={p} fhir-dstu2"}, smart.Options{}, "patient/MedicationOrder.rs", 0},
		{"unknown", []string{"GET /Patient/{id}/x/y"}, smart.Options{}, "", 1},

		{"category", []string{"GET /Observation?patient={p}&category=laboratory"}, smart.Options{}, "patient/Observation.rs?" + labs, 0},
		{"two categories", []string{"GET /Observation?patient={p}&category=laboratory", "GET /Observation?patient={p}&category=vital-signs"},
			smart.Options{}, "patient/Observation.rs?" + labs + " patient/Observation.rs?" + vitals, 0},
		{"with the system", []string{"GET /Observation?category=http%3A%2F%2Fterminology.hl7.org%2FCodeSystem%2Fobservation-category%7Claboratory"},
			smart.Options{}, "patient/Observation.rs?" + labs, 0},
		{"two in one", []string{"GET /Observation?patient={p}&category=laboratory,vital-signs"}, smart.Options{}, "patient/Observation.rs", 0},
		{"twice", []string{"GET /Observation?category=laboratory&category=vital-signs"}, smart.Options{}, "patient/Observation.rs", 0},
		{"template", []string{"GET /Observation?patient={p}&category={category}"}, smart.Options{}, "patient/Observation.rs", 0},
		{"own code", []string{"GET /Observation?patient={p}&category=mine"}, smart.Options{}, "patient/Observation.rs", 0},
		{"not", []string{"GET /Observation?category:not=laboratory"}, smart.Options{}, "patient/Observation.rs", 0},
		{"another type", []string{"GET /CarePlan?patient={p}&category=assess-plan"}, smart.Options{}, "patient/CarePlan.rs", 0},
		{"read by id cancels", []string{"GET /Observation?patient={p}&category=laboratory", "GET /Observation/{id}"},
			smart.Options{}, "patient/Observation.rs", 0},
		{"write beside", []string{"GET /Observation?patient={p}&category=laboratory", "POST /Observation"},
			smart.Options{}, "patient/Observation.c patient/Observation.rs?" + labs, 0},
		{"condition", []string{"GET /Condition?patient={p}&category=problem-list-item"}, smart.Options{},
			"patient/Condition.rs?category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item", 0},

		{"auth", []string{"GET /Patient/{id} gsa", "GET /Patient/{id} eal", "GET /Patient/{id} patient", "GET /Goal/{id}"}, smart.Options{},
			"patient/Goal.r patient/Patient.r user/Patient.r system/Patient.r", 0},
		{"one chart", []string{"GET /Patient/{id} eal"}, smart.Options{Launch: smart.FromEHR}, "launch patient/Patient.r", 0},
		{"level", []string{"GET /Patient/{id} patient"}, smart.Options{Level: smart.User}, "user/Patient.r", 0},
		{"all else", []string{"GET /Patient/{id}"}, smart.Options{Launch: smart.Standalone, Identity: true, Offline: true},
			"launch/patient openid fhirUser offline_access patient/Patient.r", 0},
		{"no patient", []string{"GET /Patient/{id}"}, smart.Options{Launch: smart.Standalone, Level: smart.System}, "system/Patient.r", 0},
	} {
		got := smart.Derive(list(c.routes...), c.opt)
		if s := strings.Join(got.V2, " "); s != c.want || len(got.Open) != c.open {
			t.Errorf("%s: %q, open %d, want %q, %d", c.name, s, len(got.Open), c.want, c.open)
		}
	}
}

func TestDeriveCounts(t *testing.T) {
	r := smart.Derive(list("GET /persons", "GET /metadata", "GET /Goal/{id}", "POST /Goal/$x"), smart.Options{})
	if r.Enterprise != 1 || r.NoData != 1 || r.FHIR != 2 || len(r.Open) != 1 {
		t.Errorf("%+v", r)
	}
	if empty := smart.Derive(nil, smart.Options{}); len(empty.V2) != 0 || empty.V2 == nil || empty.Needs == nil || empty.Open == nil {
		t.Errorf("%+v", empty)
	}
}

func TestDeriveVersion1(t *testing.T) {
	r := smart.Derive(list("GET /Goal/{id}", "POST /Goal", "GET /Patient?name={n}"), smart.Options{})
	want := []string{"patient/Goal.read", "patient/Goal.write", "patient/Patient.read"}
	if !slices.Equal(r.V1, want) || !r.Needs[0].V1Wider || r.Needs[1].V1Wider {
		t.Errorf("%v, wider %v %v", r.V1, r.Needs[0].V1Wider, r.Needs[1].V1Wider)
	}
}

func TestEveryNeedNamesItsRoutes(t *testing.T) {
	r := smart.Derive(list("GET /Goal/{id}", "GET /Goal?patient={p}&_revinclude=Goal:subject", "GET /Patient/{id}"), smart.Options{})
	if len(r.Needs) != 2 || len(r.Needs[0].Routes) != 2 || r.Needs[0].Routes[1].Line != 3 || r.Needs[0].Routes[0].Why == "" {
		t.Errorf("%+v", r.Needs)
	}
}
