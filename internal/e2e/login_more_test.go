package e2e

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/fault"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

// Standard input that ends before the address came is no sign-in.
func TestLoginWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{}, "none")
	args := []string{"auth", "login", "prod", "--flow", "patient", "--client-id", appID, "--fhir-base", s.FHIR,
		"--redirect-url", l.redirect, "--auth-method", "none", "--scope", scopes, "--no-browser", "--store", "file"}
	r := drive.Do(t, drive.Run{Binary: binary, Home: l.home, Args: args})
	if r.Code != 4 || l.stored() != "" || len(tokenRequests(s.Site.Tape)) != 0 {
		t.Errorf("code %d, stored in %q\n%s", r.Code, l.stored(), r.Stderr)
	}
}

// A sign-in that is interrupted while the browser is open keeps nothing.
func TestLoginInterrupted(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{}, "client_secret_post")
	var process *os.Process
	args := []string{"auth", "login", "prod", "--flow", "patient", "--client-id", appID, "--fhir-base", s.FHIR,
		"--redirect-url", l.redirect, "--scope", scopes, "--no-browser", "--store", "file", "--debug"}
	r := drive.Do(t, drive.Run{Binary: binary, Home: l.home, Args: args, Env: l.env(),
		Started: func(p *os.Process) { process = p },
		Talk: func(string) string {
			if err := process.Signal(os.Interrupt); err != nil {
				t.Error(err)
			}
			return ""
		}})
	if r.Code != 130 {
		t.Errorf("code %d\n%s", r.Code, r.Stderr)
	}
	noLeak(t, call{site: s.Site}, r)
}

// Whoever guesses the address of the listener and brings a code of his own gets
// nothing exchanged: the state is not his.
func TestStrangerAtTheListener(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{}, "none")
	withBrowser(t, l, false)
	done := make(chan struct{})
	go func() {
		defer close(done)
		q := url.Values{"code": {"a-code-of-a-stranger-0123456789"}, "state": {"a-state-of-a-stranger-0123456789"}}
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
			if answer, err := http.Get(l.redirect + "?" + q.Encode()); err == nil {
				answer.Body.Close()
				return
			}
		}
	}()
	r := l.run()
	<-done
	for _, e := range tokenRequests(s.Site.Tape) {
		if strings.Contains(string(e.Body), "stranger") {
			t.Error("the code of the stranger was exchanged")
		}
	}
	// Either the stranger's answer ends the sign-in, or the real one came first
	// or in spite of it.
	if r.Code != 0 && r.Code != 3 {
		t.Errorf("code %d\n%s", r.Code, r.Stderr)
	}
	noLeakBut(t, call{site: s.Site, wire: []string{"a-code-of-a-stranger-0123456789"}}, r, l.stored())
}

// Status and a check of the configuration ask nobody.
func TestStatusAsksNobody(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{}, "client_secret_post")
	l.in()
	before := s.Site.Tape.Len()
	for _, args := range [][]string{{"auth", "status"}, {"auth", "status", "-o", "json"}, {"auth", "check", "prod", "--offline"}} {
		r := drive.Do(t, drive.Run{Binary: binary, Home: l.home, Args: append(args, "--debug")})
		if r.Code != 0 {
			t.Errorf("%s: code %d\n%s", args, r.Code, r.Stderr)
		}
		noLeakBut(t, call{site: s.Site}, r, l.stored())
	}
	if s.Site.Tape.Len() != before {
		t.Errorf("something was sent:\n%s", s.Site.Tape.Lines())
	}
}

// In CI, everything can come from variables.
func TestVariables(t *testing.T) {
	t.Parallel()
	_, s := shell(t, nextgen.Options{})
	run := call{site: s.Site, args: []string{"auth", "check"}}
	run.Env = map[string]string{"NGAPI_FLOW": "gsa", "NGAPI_CLIENT_ID": clientID, "NGAPI_SITE_ID": nextgen.SiteID,
		"NGAPI_TOKEN_URL": s.OAuth + "/token", "NGAPI_API_BASE": s.API, "NGAPI_ENTERPRISE_ID": nextgen.Enterprise,
		"NGAPI_PRACTICE_ID": nextgen.Practice}
	check(t, run, want{verdict: "accepted", code: 0, tokens: 1, check: "api.session=pass"})
}

// What the API says about the token and the session reaches nobody either.
func TestEchoOfTheAPI(t *testing.T) {
	t.Parallel()
	session, token := nextgen.SessionID(nextgen.Enterprise, nextgen.Practice), fault.Token
	said := fault.Answer{Status: 403, Type: "application/json", Body: `{"message":"no: ` + token + ` ` + session + `"}`,
		Header: map[string]string{"WWW-Authenticate": `Bearer error="invalid_token", error_description="` + token + `"`, "X-Seen": session}}
	for name, parts := range map[string]fault.Parts{"practices": {Practices: said}, "login-defaults": {Defaults: said}, "read": {Read: said}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, faulty(t, parts, "--enterprise-id", nextgen.Enterprise, "--practice-id", nextgen.Practice),
				want{verdict: "insufficient", code: 3, tokens: 1})
		})
	}
}
