package cli

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/terminal"
	"github.com/apionboard/ngapi/internal/testkit"
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
	documented := consoleBlocks(t, "../../docs/routes.md")
	t.Chdir(t.TempDir())
	if err := os.WriteFile("session.har", har, 0o600); err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, command := range []string{"routes import session.har", "routes explain GET /persons/4711/chart/allergies"} {
		stdout, stderr, code := start(t, nil, strings.Fields(command)...)
		if code != exit.OK {
			t.Fatalf("%s: exit code %d: %s", command, code, stderr)
		}
		for _, block := range documented {
			if want, ok := strings.CutPrefix(block, "$ ngapi "+command+"\n"); ok {
				shown++
				if missing := missingLine(want, stdout); missing != "" {
					t.Errorf("docs/routes.md shows %q for %s, which prints\n%s", missing, command, stdout)
				}
			}
		}
	}
	if shown != 2 {
		t.Errorf("%d of the runs are in docs/routes.md", shown)
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

// spoken is a stderr that can be read while the program runs.
type spoken struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

// address waits for the base address that the recorder prints.
func (s *spoken) address(t *testing.T) string {
	t.Helper()
	for range 500 {
		s.mu.Lock()
		_, rest, found := strings.Cut(s.text.String(), "$ ")
		s.mu.Unlock()
		if line, _, ok := strings.Cut(rest, "\n"); found && ok {
			return line
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("no address: ", s.text.String())
	return ""
}

// TestRecordASession: the same application works through the recorder, for each
// API in turn, and what it called stands in the list.
func TestRecordASession(t *testing.T) {
	practice := ehr.Start(t)
	t.Chdir(t.TempDir())
	for mount, want := range map[string]string{ehr.EnterpriseMount: "PATCH,/appointments/{appointmentId},enterprise", ehr.FHIRMount: "GET,/Patient/{id},fhir-r4"} {
		ctx, interrupt := context.WithCancel(t.Context())
		stderr, ended := &spoken{}, make(chan exit.Code, 1)
		var stdout bytes.Buffer
		go func() {
			none := func(string) string { return "" }
			ended <- Run(ctx, World{
				Streams: terminal.Streams{In: strings.NewReader(""), Out: &stdout, Err: stderr, Env: none},
				Env:     none, Today: func() string { return "2026-11-23" },
			}, []string{"routes", "record", "--upstream", practice.URL + mount, "--file", "recorded.csv"})
		}()
		base := stderr.address(t)
		bases := ehr.Bases{OAuth: practice.URL + ehr.OAuthMount, Enterprise: practice.URL + ehr.EnterpriseMount, FHIR: practice.URL + ehr.FHIRMount}
		if mount == ehr.FHIRMount {
			bases.FHIR = base
		} else {
			bases.Enterprise = base
		}
		if _, err := ehr.Session(t.Context(), &http.Client{Transport: testkit.LoopbackOnly()}, bases); err != nil {
			t.Fatal(err)
		}
		interrupt()
		if code := <-ended; code != exit.OK {
			t.Fatalf("exit code %d: %s", code, stderr.text.String())
		}
		data, err := os.ReadFile("recorded.csv")
		if err != nil || !strings.Contains(string(data), want) || strings.Contains(string(data)+stdout.String()+stderr.text.String(), ehr.ID("person", 1)) {
			t.Errorf("%v\n%s%s%s", err, data, stdout.String(), stderr.text.String())
		}
	}
}
