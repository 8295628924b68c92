package cli

import (
	"errors"
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/testkit/ehr"
)

// A launch needs its listener, so where the port is taken there is no way round.
func TestLaunchOnABusyPort(t *testing.T) {
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	c := newClerk(t, ehr.Start(t))
	c.env["NGAPI_CLIENT_SECRET"] = authCanary
	code, out, errs := c.run("auth", "serve-launch", "tab", "--client-id", "app-0123456789", "--auth-url", c.base+ehr.OAuthMount+"/authorize",
		"--token-url", c.base+ehr.OAuthMount+"/token", "--api-base", c.base+ehr.EnterpriseMount, "--scope", "launch", "--redirect-url", "http://"+busy.Addr().String()+"/callback")
	if code != exit.Usage || !strings.Contains(out, "is in use") || !strings.Contains(out, "with another port") || strings.Contains(out, "--no-browser") {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
	if !strings.Contains(errs, "Nothing was stored.") {
		t.Errorf("stderr: %s", errs)
	}
}

// One standard input cannot be both the secret and the redirected address.
func TestOneStandardInput(t *testing.T) {
	c := newClerk(t, ehr.Start(t))
	code, out, errs := c.run("auth", "login", "phone", "--flow", "patient", "--client-id", "app-0123456789", "--fhir-base", c.base+ehr.FHIRMount,
		"--redirect-url", "http://127.0.0.1:8765/callback", "--no-browser", "--secret-stdin")
	if code != exit.Usage || out != "" || !strings.Contains(errs, "both read standard input; give the secret with --secret-file") {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
}

// A login without a secret and without a terminal does not advise itself.
func TestLoginDoesNotAdviseItself(t *testing.T) {
	c := newClerk(t, ehr.Start(t))
	code, out, errs := c.login("--store", "file")
	if code != exit.SignIn || !strings.HasSuffix(out, "next: give it with --secret-file, --secret-stdin or NGAPI_CLIENT_SECRET\n") || errs != "Nothing was stored.\n" {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
}

// Why no browser opened is said in words, not with the calls of the system.
func TestNoBrowserWords(t *testing.T) {
	_, missing := exec.LookPath("no-such-browser-program")
	started := exec.Command("/no/such/browser").Start()
	for name, err := range map[string]error{"not in the path": missing, "not at its place": started} {
		if got := noBrowserWords(err); got != "no program for that was found" {
			t.Errorf("%s: %q of %v", name, got, err)
		}
	}
	if got := noBrowserWords(errors.New("odd\x1b[31m")); strings.Contains(got, "\x1b") {
		t.Errorf("%q", got)
	}
}

// storeTrouble leaves the advice out that is for a login.
func TestStoreTrouble(t *testing.T) {
	c := newClerk(t, ehr.Start(t))
	c.env["NGAPI_CLIENT_SECRET"] = authCanary
	if code, _, errs := c.login("--no-session"); code != exit.OK || !strings.Contains(errs, "its secret is in the keyring.\nCheck it again") {
		t.Fatalf("login: %d\n%s", code, errs)
	}
	delete(c.env, "NGAPI_CLIENT_SECRET")
	c.ring.broken = true
	for _, command := range [][]string{{"auth", "status"}, {"auth", "logout", "clinic-a-test"}} {
		code, out, errs := c.run(command...)
		if code == exit.OK || strings.Contains(out+errs, "--store file") || !strings.Contains(out+errs, "unlock or start") {
			t.Errorf("%v: %d\n%s%s", command, code, out, errs)
		}
	}
}
