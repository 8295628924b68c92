package scope_test

import (
	"testing"

	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		method, path, api string
		kind              scope.Kind
		typ, operation    string
	}{
		{"GET", "/Patient/{id}", "", scope.KindRead, "Patient", ""},
		{"GET", "/Patient/{id}/_history/{vid}", "", scope.KindVersion, "Patient", ""},
		{"GET", "/Patient/{id}/_history", "", scope.KindVersion, "Patient", ""},
		{"GET", "/Patient/_history", "", scope.KindHistory, "Patient", ""},
		{"GET", "/Observation?patient={patient}", "", scope.KindSearch, "Observation", ""},
		{"POST", "/Observation/_search", "", scope.KindSearch, "Observation", ""},
		{"GET", "/Patient/{id}/Observation", "", scope.KindCompartment, "Observation", ""},
		{"GET", "/Patient/{id}/*", "", scope.KindCompartment, "*", ""},
		{"POST", "/_search", "", scope.KindSystem, "", ""},
		{"POST", "/Observation", "", scope.KindCreate, "Observation", ""},
		{"PUT", "/Observation/{id}", "", scope.KindUpdate, "Observation", ""},
		{"PUT", "/Observation?identifier={value}", "", scope.KindUpdate, "Observation", ""},
		{"PATCH", "/Observation/{id}", "", scope.KindPatch, "Observation", ""},
		{"DELETE", "/Observation/{id}", "", scope.KindDelete, "Observation", ""},
		{"POST", "/Observation/{id}", "", scope.KindUnknown, "Observation", ""},
		{"POST", "/", "fhir-r4", scope.KindBatch, "", ""},
		{"GET", "/Patient/{id}/$everything", "", scope.KindOperation, "Patient", "everything"},
		{"GET", "/metadata", "", scope.KindNotData, "", ""},
		{"POST", "/token", "", scope.KindNotData, "", ""},
		{"GET", "/persons/{personId}", "", scope.KindProprietary, "", ""},
		{"GET", "/Patient/{id}", "enterprise", scope.KindRead, "Patient", ""},
		{"GET", "/persons/{id}", "fhir-r4", scope.KindUnknown, "", ""},
		{"GET", "/persons", "fhir-r4", scope.KindUnknown, "", ""},
		{"GET", "/MedicationOrder/{id}", "fhir-dstu2", scope.KindRead, "MedicationOrder", ""},
		{"GET", "/MedicationOrder/{id}", "fhir-r4", scope.KindUnknown, "", ""},
	} {
		got := scope.Classify(&route.Route{Method: c.method, Path: c.path, API: c.api})
		if got.Kind != c.kind || got.Type != c.typ || got.Operation != c.operation {
			t.Errorf("%s %s (%s): %q %q %q, want %q %q %q", c.method, c.path, c.api,
				got.Kind, got.Type, got.Operation, c.kind, c.typ, c.operation)
		}
	}
}
