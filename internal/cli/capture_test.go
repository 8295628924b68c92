package cli

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/testkit/ehr"
)

// called is what ehr.Session calls, as a reviewer should see it.
func called() []string {
	return []string{
		"GET /AllergyIntolerance?patient={patient}",
		"GET /MedicationRequest?_revinclude=Provenance:target&intent=order&patient={patient}",
		"GET /Observation?category=laboratory&date={date}&patient={patient}",
		"GET /Observation?category=vital-signs&patient={patient}",
		"GET /Patient/{id}",
		"GET /appointments",
		"GET /appointments/slots",
		"GET /master/practices",
		"GET /persons/lookup",
		"GET /persons/{personId}",
		"GET /persons/{personId}/chart/allergies",
		"GET /persons/{personId}/chart/medications/pdmp-report",
		"GET /persons/{personId}/chart/problems",
		"PATCH /appointments/{appointmentId}",
		"POST /appointments",
		"PUT /users/me/login-defaults",
	}
}

// TestCaptureOfASession: an application works with a practice on loopback, is
// recorded, and its route list comes out right, without a value of anybody.
func TestCaptureOfASession(t *testing.T) {
	recorder, err := ehr.NewRecorder(ehr.Start(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	made, err := ehr.Session(t.Context(), &http.Client{Transport: recorder}, ehr.Published())
	if err != nil {
		t.Fatal(err)
	}
	har, err := recorder.HAR()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("session.har", har, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, stderr, code := start(t, nil, "routes", "import", "session.har"); code != exit.OK {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	f, err := os.Open("routes.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, _, err := route.Read(f, "routes.csv")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range list.Routes {
		got = append(got, r.Method+" "+r.Path)
	}
	slices.Sort(got)
	if diff := cmp.Diff(called(), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, stderr, code := start(t, nil, "routes", "drift", "session.har", "--strict"); code != exit.No || made < 100 {
		t.Errorf("the route that was refused is drift under --strict; exit code %d, %d requests: %s", code, made, stderr)
	}
	if stdout, stderr, code := start(t, nil, "routes", "drift", "session.har"); code != exit.OK {
		t.Errorf("exit code %d: %s%s", code, stdout, stderr)
	}
	if stdout, _, code := start(t, nil, "routes", "export", "-o", "csv"); code != exit.OK || strings.Count(stdout, "\n") != len(got)+1 || strings.Contains(stdout, "adeup") {
		t.Errorf("exit code %d:\n%s", code, stdout)
	}
}
