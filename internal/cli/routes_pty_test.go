//go:build unix

package cli

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/testkit"
)

// capture has calls with words that nothing vouches for.
func capture(t *testing.T, dir string) {
	t.Helper()
	const base = "https://nativeapi.nextgen.com/nge/prod/nge-api/api"
	var b strings.Builder
	for i, path := range []string{"/teams/quuxly/orders", "/teams/blorpt/orders", "/teams/zindle/orders", "/widgets/zorbanword/parts",
		"/vorpal/parts", "/snark-probe", "/persons/lookup?lastName=C4N4RY"} {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(`{"request":{"method":"GET","url":"` + base + path + `","headers":[{"name":"Authorization","value":"C4N4RY"}]},"response":{"status":200}}`)
	}
	write(t, filepath.Join(dir, "session.har"), `{"log":{"version":"1.2","entries":[`+b.String()+`]}}`)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func contents(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestPtyReview: words are decided on the screen; only what was approved is
// written, and the import that follows knows it.
func TestPtyReview(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	capture(t, dir)
	p := sitAt(t, dir, pty.Winsize{Cols: 90, Rows: 30}, nil, "routes", "review", "session.har")
	p.sees("Are these 3 words values of one parameter?", "blorpt, quuxly, zindle")
	p.types("\r")
	p.sees(`What is "zorbanword"?`, "/widgets/[zorbanword]/parts")
	p.types("\r")
	p.sees("What is the parameter called?")
	p.types("7up\r")
	p.sees("Not accepted: write letters, digits and _")
	p.types("\x15", "widgetId\r")
	p.sees(`What is "snark-probe"?`)
	p.types(keyDown, keyDown, "\r") // none of the application's
	p.sees(`What is "vorpal"?`)
	p.types(keyDown, "\r") // a word
	p.sees("4 decisions are in routes-review.yaml")
	if out := p.leaves(exit.OK); out != "" {
		t.Errorf("standard output: %s", out)
	}
	text := contents(t, filepath.Join(dir, "routes-review.yaml"))
	for _, want := range []string{"- vorpal", "- /teams/{teamId}", "- /widgets/{widgetId}", "- GET /{?}"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, word := range []string{"quuxly", "zorbanword", "snark", "C4N4RY"} {
		if strings.Contains(text, word) {
			t.Errorf("%q, which nobody approved, is in\n%s", word, text)
		}
	}
	p = sitAt(t, dir, pty.Winsize{Cols: 90, Rows: 30}, nil, "routes", "import", "session.har")
	out := p.leaves(exit.OK)
	for _, want := range []string{"/teams/{teamId}/orders", "/vorpal/parts", "/widgets/{widgetId}/parts", "/persons/lookup", "ignored-by-review 1"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	p = sitAt(t, dir, pty.Winsize{Cols: 90, Rows: 30}, nil, "routes", "review", "session.har")
	p.sees("Nothing to review")
	p.leaves(exit.OK)
}

// TestPtyReviewInterrupted: what was decided stands, what was not is asked again.
func TestPtyReviewInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	capture(t, dir)
	p := sitAt(t, dir, pty.Winsize{Cols: 90, Rows: 30}, nil, "routes", "review", "session.har", "--accessible")
	p.sees("values of one parameter?")
	p.types("1\r")
	p.sees(`What is "zorbanword"?`)
	p.types("q\r")
	p.sees("1 decision is in routes-review.yaml")
	p.leaves(exit.Interrupted)
	p = sitAt(t, dir, pty.Winsize{Cols: 90, Rows: 30}, nil, "routes", "review", "session.har", "--accessible")
	p.sees(`What is "zorbanword"?`)
	p.types("4\r")
	p.sees(`What is "snark-probe"?`)
	p.types(keyCtrlC)
	p.leaves(exit.Interrupted)
}

// TestPtyRecordReviews: a recording leaves nothing that could be reviewed later,
// so masked words are decided at once.
func TestPtyRecordReviews(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	t.Cleanup(upstream.Close)
	p := sitAt(t, dir, pty.Winsize{Cols: 90, Rows: 40}, nil, "routes", "record", "--upstream", upstream.URL+"/nge/prod/nge-api/api")
	p.sees("Recording. Use this as the base address", "$ ")
	_, rest, _ := strings.Cut(p.text(), "$ ")
	base, _, _ := strings.Cut(rest, "\n")
	client := &http.Client{Transport: testkit.LoopbackOnly()}
	for _, path := range []string{"/persons/lookup?lastName=C4N4RY", "/vorpal/parts"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSpace(base)+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
	}
	p.sees("Stop with Ctrl-C.")
	p.types(keyCtrlC)
	p.sees("Recorded 2 calls", `What is "vorpal"?`)
	p.types(keyDown, "\r")
	p.sees("1 decision is in routes-review.yaml")
	out := p.leaves(exit.OK)
	text := contents(t, filepath.Join(dir, "routes.csv"))
	if !strings.Contains(text, "GET,/vorpal/parts") || !strings.Contains(text, "GET,/persons/lookup") || strings.Contains(text+out, "C4N4RY") {
		t.Errorf("%s\n%s", text, out)
	}
}

// TestPtyOnboardDrafts: the guided run offers to draft the list, asks again for
// a file that cannot be used, and its plan follows the list.
func TestPtyOnboardDrafts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	capture(t, dir)
	write(t, filepath.Join(dir, "broken.har"), `{"log":{"entries":[`)
	p := sit(t, dir, pty.Winsize{Cols: 90, Rows: 40}, nil, "--set", "app.audience=providers", "--set", "app.apis=enterprise",
		"--set", "organization.type=vendor", "--set", "app.unattended=true", "--set", "data.uscdi_v1_only=false", "--set", "data.read_only=false", "--set", "data.classes=ehi-beyond-uscdi-v1")
	p.sees("Save these answers?", "Save, and draft the route list")
	p.types(keyDown, "\r")
	p.sees("Which file shows what the application calls?")
	p.types("nosuch.har\r")
	p.sees("there is no such file")
	p.types("\x15", "broken.har\r")
	p.sees("broken.har: ends in the middle")
	p.types("\x15", "session.har\r")
	out := p.leaves(exit.OK)
	if text := readProfile(t, dir); !strings.Contains(text, "file: routes.csv") || !strings.HasPrefix(out, "Saved ngapi.yaml") {
		t.Errorf("profile\n%s\noutput\n%s", text, out)
	}
	if text := contents(t, filepath.Join(dir, "routes.csv")); !strings.Contains(text, "GET,/persons/lookup,enterprise,read") {
		t.Error(text)
	}
}
