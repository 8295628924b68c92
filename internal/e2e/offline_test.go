package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/fault"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

func TestOffline(t *testing.T) {
	t.Parallel()
	t.Run("complete", func(t *testing.T) {
		run := faulty(t, fault.Parts{}, append(session(), "--offline")...)
		check(t, run, want{verdict: "not-asked", code: 0})
		if run.site.Tape.Len() != 0 {
			t.Errorf("something was sent:\n%s", run.site.Tape.Lines())
		}
	})
	t.Run("all problems at once", func(t *testing.T) {
		run := call{args: []string{"auth", "check", "--flow", "gsa", "--offline", "--enterprise-id", "1", "--practice-id", "0001"}}
		r := check(t, run, want{verdict: "misconfigured", code: 2})
		for _, word := range []string{"client-id", "site-id", "enterprise"} {
			if !strings.Contains(r.Report.Words(), word) {
				t.Errorf("nothing about %s in\n%s", word, r.Report.Words())
			}
		}
	})
	t.Run("a patient's application", func(t *testing.T) {
		f := fault.Server(t, fault.Parts{})
		run := call{site: f.Site, args: patient(f.FHIRBase, "--offline")}
		check(t, run, want{verdict: "not-asked", code: 0})
		if f.Site.Tape.Len() != 0 {
			t.Errorf("something was sent:\n%s", f.Site.Tape.Lines())
		}
	})
}

func TestStrict(t *testing.T) {
	t.Parallel()
	t.Run("nothing to complain of", func(t *testing.T) {
		run := faulty(t, fault.Parts{}, append(session(), "--strict")...)
		run.Env = map[string]string{"NGAPI_CLIENT_SECRET": ""}
		run.args = append(run.args, "--secret-file", secretFile(t, plainSecret))
		run.wire = []string{plainSecret}
		check(t, run, want{verdict: "accepted", code: 0, tokens: 1})
	})
	t.Run("a warning", func(t *testing.T) {
		run := faulty(t, fault.Parts{Token: fault.Granted(map[string]any{"expires_in": nil})}, "--strict")
		run.Env = map[string]string{"NGAPI_CLIENT_SECRET": plainSecret}
		run.wire = []string{plainSecret}
		check(t, run, want{verdict: "accepted", code: 3, tokens: 1})
	})
}

// plainSecret has no character that a check of its shape could frown at.
const plainSecret = "9f2c7b1e5a804d36bb41c8de7f6a2093"

// A secret is no flag: it would stand in the list of processes and in the
// history of the shell. Whoever tries gets told, and nothing is sent.
func TestSecretIsNoFlag(t *testing.T) {
	t.Parallel()
	f := fault.Server(t, fault.Parts{})
	for _, flag := range []string{"--client-secret", "--secret"} {
		r := drive.Do(t, drive.Run{Binary: binary, Args: gsa(f.TokenURL, f.APIBase, flag, canary)})
		if r.Code != 2 {
			t.Errorf("%s: code %d\n%s", flag, r.Code, r.Stderr)
		}
		noLeak(t, call{site: f.Site}, r)
	}
	if f.Site.Tape.Len() != 0 {
		t.Errorf("something was sent:\n%s", f.Site.Tape.Lines())
	}
}

// A check in CI stores nothing: the home folder stays empty but for what was
// asked for.
func TestCheckLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	run, _ := shell(t, nextgen.Options{}, session()...)
	r := check(t, run, want{verdict: "accepted", code: 0, tokens: 1})
	files, err := filepath.Glob(filepath.Join(r.Home.Dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasPrefix(filepath.Base(file), "report.") {
			t.Errorf("left behind: %s", file)
		}
	}
}
