package route_test

import (
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// TestPathsThatStand: templates, coded values and words of a path are taken.
func TestPathsThatStand(t *testing.T) {
	for _, path := range []string{
		"/", "/persons", "/persons/{personId}/chart/allergies", "/persons/{personId}/chart/", "/users/me/login-defaults",
		"/master/codes/icd9/{icd9Code}/icd10", "/persons/{personId}/chart/encounters/{encounterId}/screening-tools/phq9/{id}",
		"/v1/things", "/api/v2.1/things", "/6.0.0.1719/things", "/r4/things", "/master/medications/rxChange-denial-reasons",
		"/Patient/{id}", "/Patient/{id}/_history/{vid}", "/Patient/_search", "/Patient/{id}/Observation", "/Patient/{id}/*", "/Patient/{id}/$everything",
		"/Group/{id}/$export?_type=Patient,Condition", "/Patient/{id}/%24everything", "/metadata", "/.well-known/smart-configuration",
		"/AllergyIntolerance?patient={patient}&clinical-status={token}", "/Observation?category=laboratory&patient={p}",
		"/Observation?code=http://loinc.org|72166-2&patient=Patient/{id}", "/Observation?code=http%3A%2F%2Floinc.org%7C72166-2",
		"/Observation?code=8867-4,9279-1", "/Condition?code=http://snomed.info/sct|386053000", "/DiagnosticReport?category=LP29684-5",
		"/MedicationRequest?intent=order&status=active&_include=MedicationRequest:medication&_revinclude=Provenance:target",
		"/Patient?identifier=http://hl7.org/fhir/sid/us-npi|{npi}", "/Patient?birthdate=ge{from}&birthdate=le{to}", "/Patient?_count=50&_maxresults=100",
		"/persons?$filter=personId eq guid'{personId}'&$top=25", "/persons/lookup?quickSearchId=PersonNumber&quickSearchInput={input}",
		"/document/pdf-{uuid}", "/export/{name}.json", "/Patient?_has:Observation:patient:code={code}", "/a?flag", "/a?", "/a?b=",
	} {
		if r, err := route.Parse("GET", path); err != nil {
			t.Errorf("%s is refused: %v", path, err)
		} else if r.Path != path {
			t.Errorf("%s became %s", path, r.Path)
		}
	}
}

// TestPathsThatAreRefused: what could be a value from one record is refused
// and not repeated. secret is the part that no message may hold.
func TestPathsThatAreRefused(t *testing.T) {
	for _, test := range []struct{ path, secret, where string }{
		{"/persons/0b59a2e6-1d4c-4d0e-9e3e-2f6f5b7a1c11/chart", "0b59a2e6", "segment 2"},
		{"/persons/0B59A2E61D4C4D0E9E3E2F6F5B7A1C11", "0B59A2E6", "segment 2"},
		{"/persons/4711", "4711", "segment 2"}, {"/persons/7", "7", "segment 2"}, {"/appointments/2026-11-23", "2026", "segment 2"},
		{"/appointments/20261123T1000", "20261123", "segment 2"}, {"/persons/jane@example.com", "jane", "segment 2"},
		{"/persons/jane%40example.com", "jane", "segment 2"}, {"/persons/jane%2540example.com", "jane", "segment 2"},
		{"/persons/123-45-6789", "6789", "segment 2"}, {"/persons/555.123.4567", "4567", "segment 2"}, {"/persons/(555)123-4567", "4567", "segment 2"},
		{"/x/01.02.1980", "1980", "segment 2"}, {"/x/deadbee1", "deadbee1", "segment 2"}, {"/x/a1b2c3", "a1b2c3", "segment 2"},
		{"/x/erXuFYUfucBZaryVksYEcMg3", "erXu", "segment 2"}, {"/x/aBcDeFgHiJkLmNoPqRsT", "aBcD", "segment 2"},
		{"/x/eyJhbGciOiJIUzI1NiJ9.e30.abc", "eyJ", "segment 2"}, {"/document/pdf-0b59a2e6-1d4c-4d0e-9e3e-2f6f5b7a1c11", "0b59", "segment 2"},
		{"/lab/lab-{id}-12345", "12345", "segment 2"}, {"/Entity(5)", "(5", "segment 1"}, {"/Entity(guid'0b59a2e6-1d4c-4d0e-9e3e-2f6f5b7a1c11')", "0b59", "segment 1"},
		{"/x/{12345}", "12345", "segment 2"}, {"/x/{p0b59a2e6}", "0b59", "segment 2"}, {"/x/{a", "{a", "segment 2"}, {"/x/a}", "a}", "segment 2"},
		{"/Patient/smith", "smith", "segment 2"}, {"/Patient/{id}/_history/first", "first", "segment 4"}, {"/fhir/R4/Patient/smith", "smith", "segment 4"},
		{"/Patient/{id}/Observation/lab", "lab/", "segment 4"},
		{"/Patient?name=Smith", "Smith", "query parameter 1"}, {"/Patient?_id={id}&birthdate=1980-01-01", "1980", "query parameter 2"},
		{"/Observation?patient=Patient/smith", "smith", "query parameter 1"}, {"/Observation?patient=1", "=1", "query parameter 1"},
		{"/Observation?date=ge2020-01-01", "2020", "query parameter 1"}, {"/Observation?subject:Patient.birthdate=today", "today", "query parameter 1"},
		{"/Patient?_has:Condition:patient:subject=smith", "smith", "query parameter 1"},
		{"/Condition?code=386053000", "386053000", "query parameter 1"}, {"/Condition?code=http://x|123-45-6789", "6789", "query parameter 1"},
		{"/persons?$filter=lastName%20eq%20'Smith'", "Smith", "query parameter 1"}, {"/persons?lastName=Smith", "Smith", "query parameter 1"},
		{"/persons?personId=abc", "abc", "query parameter 1"}, {"/persons?q=smith", "smith", "query parameter 1"}, {"/token?client_secret=abc", "abc", "query parameter 1"},
		{"/x?5551234567=y", "5551234567", "query parameter 1"}, {"/x?a=%zz", "zz", "query parameter 1"}, {"/x/%zz", "zz", "segment 2"},
		{"/x?page=Smith&page=12a4b6", "12a4b6", "query parameter 2"},
		{"persons", "persons", "slash"}, {"", "\x00", "empty"}, {"https://host.example/a", "host", "absolute"}, {"//host.example/a", "host", "absolute"},
		{"/a//b", "\x00", "segment 2"}, {"/a/../b", "\x00", "segment 2"}, {"/a\\b", "\x00", "backslash"}, {"/a#b", "\x00", "fragment"},
		{"/a\x1b[31m", "\x1b", "control character"}, {"/a%1b", "\x1b", "segment 1"}, {"/Müller", "ller", "ASCII"},
		{"/" + strings.Repeat("a", 3000), "aaaa", "longer"},
	} {
		_, err := route.Parse("GET", test.path)
		if err == nil {
			t.Errorf("%q is taken", test.path)
			continue
		}
		if exit.Of(err) != exit.Usage {
			t.Errorf("%q: code %d", test.path, exit.Of(err))
		}
		text := err.Error()
		if strings.Contains(text, test.secret) {
			t.Errorf("%q: the value is repeated: %s", test.path, text)
		}
		if !strings.Contains(text, test.where) {
			t.Errorf("%q: %s; want it to say %s", test.path, text, test.where)
		}
	}
}

func TestParameterSpellings(t *testing.T) {
	for in, want := range map[string]string{
		"/persons/:personId/chart": "/persons/{personId}/chart", "/persons/{{personId}}/chart": "/persons/{personId}/chart",
		"/persons/<id>": "/persons/{id}", "/persons/[id]?a=<b>&c=:d": "/persons/{id}?a={b}&c={d}",
		"/nge/prod/nge-api/api/persons": "/persons", "/NGE/prod/fhir-api-r4/fhir/R4/Patient/{id}": "/Patient/{id}", "/nge/prod/nge-api/api": "/",
		"/site.db/NextGen.Api.Edge/6.0.0.767/api/persons?$skip={n}": "/persons?$skip={n}", "/nge/prod/nge-api/apiary": "/nge/prod/nge-api/apiary",
	} {
		r, err := route.Parse("get", in)
		if err != nil || r.Path != want || r.Method != "GET" {
			t.Errorf("%q: %q, %v; want %q", in, r.Path, err, want)
		}
	}
}

func TestSpaceAroundAPathGoes(t *testing.T) {
	if r, err := route.Parse(" get ", "  /persons "); err != nil || r.Path != "/persons" || r.Method != "GET" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestMountNamesTheAPI(t *testing.T) {
	r, notices, err := route.Normalize(route.Route{Method: "GET", Path: "/nge/prod/fhir-api/fhir/dstu2/Patient/{id}"})
	if err != nil || r.API != route.FHIRDSTU2 || len(notices) != 1 {
		t.Errorf("%+v, %q, %v", r, notices, err)
	}
	_, _, err = route.Normalize(route.Route{Method: "GET", Path: "/nge/prod/nge-api/api/persons", API: "fhir-r4"})
	if err == nil || !strings.Contains(err.Error(), "enterprise") {
		t.Errorf("a mount that contradicts the column: %v", err)
	}
}

func TestFoundAPI(t *testing.T) {
	for path, want := range map[string]string{
		"/": route.FHIRR4, "/Patient/{id}": route.FHIRR4, "/$export": route.FHIRR4, "/metadata": route.FHIRR4, "/%24export": route.FHIRR4,
		"/MedicationOrder": route.FHIRR4, "/patient": route.Enterprise, "/persons": route.Enterprise, "/fhir/r4/Patient": route.FHIRR4,
		"/fhir/dstu2/Patient": route.FHIRDSTU2, "/api/persons": route.Enterprise, "/nge/prod/nge-api/api/persons": route.Enterprise, "": route.FHIRR4,
	} {
		if got := route.FindAPI(path); got != want {
			t.Errorf("%q: %s, want %s", path, got, want)
		}
	}
}

func TestKey(t *testing.T) {
	same := [][2]string{
		{"/persons/{a}", "/persons/{personId}/"}, {"/Goal?b={x}&a={y}", "/Goal?a={1}&b={2}"}, {"/Patient/{id}/$everything", "/Patient/{x}/%24everything"},
	}
	for _, s := range same {
		if a, b := route.Shape(s[0]), route.Shape(s[1]); a != b {
			t.Errorf("%s and %s differ", a, b)
		}
	}
	for _, d := range [][2]string{{"/a", "/b"}, {"/Goal?a={x}", "/Goal"}, {"/Obs?c=x", "/Obs?c=y"}, {"/a%2Fb", "/a/b"}} {
		if route.Shape(d[0]) == route.Shape(d[1]) {
			t.Errorf("%s and %s are the same: %s", d[0], d[1], route.Shape(d[0]))
		}
	}
	r4, dstu2 := route.Route{Method: "GET", Path: "/Goal"}, route.Route{Method: "GET", Path: "/Goal", API: route.FHIRDSTU2}
	if r4.Key() == dstu2.Key() {
		t.Error("R4 and DSTU2 routes are the same")
	}
}
