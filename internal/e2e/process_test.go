package e2e

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/fault"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

// Interrupted in the middle of a request, it ends with 130 and says nothing of
// the secret.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 1)
	f := fault.Server(t, fault.Parts{Token: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		fault.Hang()(w, r)
	})})
	r := drive.Do(t, drive.Run{Binary: binary, Args: gsa(f.TokenURL, f.APIBase, "--debug"), Env: map[string]string{"NGAPI_CLIENT_SECRET": canary},
		Started: func(p *os.Process) {
			go func() {
				<-asked
				_ = p.Signal(os.Interrupt) // a process that has ended fails the test by its code
			}()
		}})
	if r.Code != 130 {
		t.Errorf("code %d\n%s\n%s", r.Code, r.Stdout, r.Stderr)
	}
	noLeak(t, call{site: f.Site}, r)
}

// The trace says what was asked and answered, with the secrets masked.
func TestDebugTrace(t *testing.T) {
	t.Parallel()
	run, s := shell(t, nextgen.Options{}, session()...)
	r := check(t, run, want{verdict: "accepted", code: 0, tokens: 1})
	for _, want := range []string{"POST " + s.OAuth + "/token", "200", "login-defaults"} {
		if !strings.Contains(r.Stderr, want) {
			t.Errorf("no %q in the trace:\n%s", want, r.Stderr)
		}
	}
	quiet := drive.Do(t, drive.Run{Binary: binary, Args: run.args, Env: map[string]string{"NGAPI_CLIENT_SECRET": canary}})
	if strings.Contains(quiet.Stderr, "POST ") {
		t.Errorf("a trace that nobody asked for:\n%s", quiet.Stderr)
	}
	if quiet.Code != 0 || !strings.Contains(strings.ToLower(quiet.Stdout), "accepted") {
		t.Errorf("as text: code %d\n%s", quiet.Code, quiet.Stdout)
	}
	noLeak(t, run, quiet)
}

// A GSA credential can be stored as well; a check of it needs its name only.
func TestStoredGSA(t *testing.T) {
	t.Parallel()
	s, home := nextgenWithGSA(t), drive.NewHome(t)
	args := []string{"auth", "login", "clinic-a", "--flow", "gsa", "--client-id", clientID, "--site-id", nextgen.SiteID,
		"--token-url", s.OAuth + "/token", "--api-base", s.API, "--secret-stdin", "--store", "file", "--debug"}
	r := drive.Do(t, drive.Run{Binary: binary, Home: home, Args: append(args, session()...), Stdin: canary + "\n"})
	if r.Code != 0 {
		t.Fatalf("login: code %d\n%s\n%s", r.Code, r.Stdout, r.Stderr)
	}
	l := &login{T: t, site: s.Site, home: home, clientID: clientID}
	store := l.stored()
	noLeakBut(t, call{site: s.Site}, r, store)
	run := call{site: s.Site, args: []string{"auth", "check", "clinic-a"}, keep: store,
		Run: drive.Run{Home: home, Env: map[string]string{"NGAPI_CLIENT_SECRET": ""}}}
	check(t, run, want{verdict: "accepted", code: 0, tokens: 1, check: "api.session=pass"})
	out := drive.Do(t, drive.Run{Binary: binary, Home: home, Args: []string{"auth", "logout", "clinic-a"}})
	if out.Code != 0 || l.stored() != "" {
		t.Errorf("logout: code %d, the secret lies in %q\n%s", out.Code, l.stored(), out.Stderr)
	}
}

func nextgenWithGSA(t *testing.T) *nextgen.Shell {
	t.Helper()
	_, s := shell(t, nextgen.Options{})
	return s
}
