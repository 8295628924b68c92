//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/testkit/ehr"
)

// The interview asks for what the flow needs, refuses what cannot be right, and
// takes the secret without showing it.
func TestPtyLogin(t *testing.T) {
	server, dir := ehr.Start(t), t.TempDir()
	p := sitAt(t, dir, pty.Winsize{Cols: 80, Rows: 24}, nil, "auth", "login", "clinic-a-test", "--store", "file",
		"--token-url", server.URL+ehr.OAuthMount+"/token", "--api-base", server.URL+ehr.EnterpriseMount)
	p.sees("Step 1: Which kind of credential is it?", "ctrl+c quits")
	p.types("\r")
	p.sees("What is the client id?")
	p.types("app-0123456789\r")
	p.sees("What is the site id?")
	p.types("clinic\r")
	p.sees("not a GUID")
	p.types("\x15" + authSite + "\r")
	p.sees("Which environment")
	p.types(keyDown + "\r")
	p.sees("Which enterprise?")
	p.types("00001\r")
	p.sees("Which practice?")
	p.types("\r") // belongs to the enterprise, so it cannot be left out
	p.types("0001\r")
	p.sees("Client secret (not shown): ")
	p.types(authCanary + "\r")
	p.sees("Stored as clinic-a-test; its secret is in the file")
	out := p.leaves(exit.OK)
	if !strings.Contains(out, "ACCEPTED") || !strings.Contains(out, "with the session of the practice") {
		t.Errorf("stdout:\n%s", out)
	}
	if strings.Contains(p.text()+out, authCanary) {
		t.Errorf("the secret was shown:\n%s", p.text())
	}
	if strings.Contains(p.text(), "saves") {
		t.Errorf("leaving is said to save, and it does not:\n%s", p.text())
	}
}

// Interrupted at the prompt for the secret, nothing is stored. What cannot work
// anyway is told before a secret is asked for.
func TestPtyLoginInterrupted(t *testing.T) {
	dir := t.TempDir()
	p := sitAt(t, dir, pty.Winsize{Cols: 80, Rows: 24}, nil, "auth", "login", "x", "--store", "file", "--flow", "gsa",
		"--environment", "test", "--client-id", "app", "--site-id", authSite, "--enterprise-id", "00001", "--practice-id", "0001")
	p.sees("Client secret (not shown): ")
	p.types("half a secret", keyCtrlC)
	p.leaves(exit.Interrupted)
	if strings.Contains(p.text(), "half") {
		t.Errorf("the secret was shown:\n%s", p.text())
	}
	if _, err := os.Stat(filepath.Join(dir, ".config", "ngapi", "secrets.json")); err == nil {
		t.Error("something was stored")
	}
	p = sitAt(t, dir, pty.Winsize{Cols: 80, Rows: 24}, nil, "auth", "login", "x", "--store", "file", "--flow", "gsa",
		"--environment", "test", "--client-id", "app", "--site-id", "clinic", "--enterprise-id", "00001", "--practice-id", "0001")
	out := p.leaves(exit.Usage)
	if strings.Contains(p.text(), "Client secret") || !strings.Contains(out, "not a GUID") || strings.Contains(out, "no client secret") {
		t.Errorf("%s\n%s", p.text(), out)
	}
}

// At the end of a guided run the check is offered, once the application entry
// exists; "not now" is the proposal and changes nothing.
func TestPtyOnboardOffersTheCheck(t *testing.T) {
	dir := t.TempDir()
	profile := "schema: ngapi.profile/v1\napp: {audience: patients, apis: [patient-access]}\nportal: {registered: 2026-09-06, app_configured: 2026-09-07}\n"
	if err := os.WriteFile(filepath.Join(dir, "ngapi.yaml"), []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	p := sit(t, dir, pty.Winsize{Cols: 80, Rows: 24}, nil)
	p.sees("Save these answers?")
	p.types("\r")
	p.sees("Check its OAuth2", "> Not now", "A new credential", "ctrl+c quits")
	p.types("\r")
	if out := p.leaves(exit.OK); strings.Contains(out, "Credential ") {
		t.Errorf("something was checked:\n%s", out)
	}
}
