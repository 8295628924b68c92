package e2e

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/fault"
	"github.com/apionboard/ngapi/internal/e2e/loopback"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

// clientID and canary are made up. The secret has every character that some
// encoding changes, so that each form of it differs from the others.
const (
	clientID = "e2e-client-4c1d"
	canary   = `kn4 +%&":/Zq7-canary w1`
)

// binary is the built ngapi, set by TestMain.
var binary string

func TestMain(m *testing.M) {
	if filepath.Base(os.Args[0]) == browserName {
		os.Exit(playBrowser(os.Args[len(os.Args)-1]))
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "ngapi-e2e")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	binary = filepath.Join(folder, "ngapi")
	build := exec.Command("go", "build", "-race=false", "-o", binary, "./cmd/ngapi")
	build.Dir = filepath.Join("..", "..")
	build.Env = append(os.Environ(), "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "the binary does not build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// want is what a run must come to.
type want struct {
	verdict string
	code    int
	tokens  int    // requests to the token endpoint, exactly
	words   string // a pattern in summary, hint or evidence of a check that did not pass
	check   string // "id=status": a check of the report
}

// call is a check of one server.
type call struct {
	site *loopback.Site
	args []string
	drive.Run
	wire []string // more that must be seen nowhere
	keep string   // the file of the store, which may hold secrets
}

// gsa returns the arguments of a GSA check.
func gsa(tokenURL, apiBase string, more ...string) []string {
	return append([]string{"auth", "check", "--flow", "gsa", "--client-id", clientID, "--site-id", nextgen.SiteID,
		"--token-url", tokenURL, "--api-base", apiBase}, more...)
}

// session are the flags that select the enterprise and the practice.
func session() []string {
	return []string{"--enterprise-id", nextgen.Enterprise, "--practice-id", nextgen.Practice}
}

// faulty is a GSA check of a server with a fault.
func faulty(t *testing.T, p fault.Parts, more ...string) call {
	t.Helper()
	f := fault.Server(t, p)
	return call{site: f.Site, args: gsa(f.TokenURL, f.APIBase, more...)}
}

// check runs, and holds against what is wanted: verdict, code, requests, words;
// that the JSON on stdout, the JUnit file and the code agree; and that nothing
// secret is anywhere. It returns the result for what else a test asks.
func check(t *testing.T, c call, w want) drive.Result {
	t.Helper()
	c.Run.Binary = binary
	c.Run.Args = append(append([]string(nil), c.args...), "-o", "json", "-o", "junit=report.xml", "-o", "json=report.json", "-o", "text=report.txt", "--debug")
	if c.Run.Env == nil {
		c.Run.Env = map[string]string{}
	}
	if _, set := c.Run.Env["NGAPI_CLIENT_SECRET"]; !set {
		c.Run.Env["NGAPI_CLIENT_SECRET"] = canary
	}
	before := 0
	if c.site != nil {
		before = len(tokenRequests(c.site.Tape))
	}
	r := drive.Do(t, c.Run)
	report := r.Report
	if report.Schema != "ngapi.auth/v1" {
		t.Fatalf("no report on stdout (code %d)\nstdout: %s\nstderr: %s", r.Code, r.Stdout, r.Stderr)
	}
	if report.Verdict != w.verdict || r.Code != w.code {
		t.Errorf("verdict %s, code %d; want %s, %d\n%s", report.Verdict, r.Code, w.verdict, w.code, report.Words())
	}
	if report.ExitCode != r.Code {
		t.Errorf("the report says code %d, the process ended with %d", report.ExitCode, r.Code)
	}
	if c.site != nil {
		if got := len(tokenRequests(c.site.Tape)) - before; got != w.tokens {
			t.Errorf("%d token requests, want %d; the server saw\n%s", got, w.tokens, c.site.Tape.Lines())
		}
	}
	if !matches(w.words, report.Words()) {
		t.Errorf("no %q in\n%s", w.words, report.Words())
	}
	if id, status, ok := strings.Cut(w.check, "="); ok && !hasCheck(report, id, status) {
		t.Errorf("no check %s that is %s in\n%s", id, status, report.Words())
	}
	wellFormed(t, r)
	harmless(t, r)
	noLeakBut(t, c, r, c.keep)
	if t.Failed() {
		t.Logf("stderr:\n%s", r.Stderr)
	}
	return r
}

// matches tells whether a pattern stands in a text; case does not matter.
func matches(pattern, text string) bool {
	return regexp.MustCompile("(?i)" + pattern).MatchString(text)
}

// tokenRequests are the POSTs to a token endpoint, whatever its path.
func tokenRequests(tape *loopback.Tape) []loopback.Exchange { return tape.Find("POST", "/token") }

func hasCheck(r drive.Report, id, status string) bool {
	for _, c := range r.Check(id) {
		if c.Status == status {
			return true
		}
	}
	return false
}

// wellFormed holds the files against what stands on stdout.
func wellFormed(t *testing.T, r drive.Result) {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(r.Home.Work, "report.json"))
	if err != nil {
		t.Errorf("-o json=FILE: %v", err)
	}
	if string(file) != r.Stdout {
		t.Errorf("-o json=FILE differs from -o json")
	}
	// The words for people are whole: the verdict at the beginning, the counts of
	// the results at the end.
	text, err := os.ReadFile(filepath.Join(r.Home.Work, "report.txt"))
	if err != nil || !strings.Contains(string(text), strings.ToUpper(r.Report.Verdict)) ||
		!regexp.MustCompile(`(?m)^\d+ (fail|unknown|warn|info|pass|skip)`).Match(text) || !strings.HasSuffix(string(text), "\n") {
		t.Errorf("-o text=FILE: %v\n%s", err, text)
	}
	junit, err := os.Open(filepath.Join(r.Home.Work, "report.xml"))
	if err != nil {
		t.Errorf("-o junit=FILE: %v", err)
		return
	}
	defer junit.Close()
	decoder := xml.NewDecoder(junit)
	cases := 0
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Errorf("-o junit=FILE is no XML: %v", err)
			break
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "testcase" {
			cases++
		}
	}
	if cases == 0 {
		t.Error("-o junit=FILE holds no testcase")
	}
	statuses := map[string]bool{"pass": true, "fail": true, "warn": true, "info": true, "skip": true, "unknown": true}
	for _, c := range r.Report.Checks {
		if c.ID == "" || !statuses[c.Status] || c.Summary == "" {
			t.Errorf("check %+v", c)
		}
	}
}

// harmless: what a server says cannot steer the terminal of whoever reads it.
func harmless(t *testing.T, r drive.Result) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.Home.Work, "report.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for place, text := range map[string]string{"stdout": r.Stdout, "stderr": r.Stderr, "report.txt": string(text)} {
		for _, c := range text {
			if unicode.IsControl(c) && c != '\n' && c != '\t' || unicode.Is(unicode.Bidi_Control, c) {
				t.Errorf("%s holds the control character %U", place, c)
				break
			}
		}
	}
}

// noLeak looks for the canary and for all that the server saw or gave.
func noLeak(t *testing.T, c call, r drive.Result) {
	t.Helper()
	noLeakBut(t, c, r, "")
}

// noLeakBut is noLeak with one file that may hold secrets, if it is 0600.
func noLeakBut(t *testing.T, c call, r drive.Result, store string) {
	t.Helper()
	bird := drive.Canary{ClientID: clientID, Secret: canary, Wire: c.wire}
	if c.site != nil {
		bird.Wire = append(bird.Wire, c.site.Tape.Secrets()...)
	}
	leaks, err := bird.Leaks(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, leak := range leaks {
		if store != "" && leak.Place == store {
			if leak.Mode != 0o600 {
				t.Errorf("%s is %o", leak.Place, leak.Mode)
			}
			continue
		}
		t.Errorf("secret in %s: %s", leak.Place, strings.Join(leak.Forms, "; "))
	}
}
