//go:build unix

package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/apionboard/ngapi/internal/exit"
)

// TestPtyOnboardOffersTheCheck: where the application entry exists, the check is
// offered at the end, and nothing that comes of it changes how the run ends.
func TestPtyOnboardOffersTheCheck(t *testing.T) {
	t.Parallel()
	const noKeyring = "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent" // and none is started
	for name, tt := range map[string]struct {
		stored bool
		env    []string
		args   []string
		does   func(p *person)
		shows  string // "" where the offer is not made
	}{
		"not now":    {true, nil, nil, func(p *person) { p.types("\r") }, "Not now"},
		"ctrl-c":     {true, nil, nil, func(p *person) { p.types(keyCtrlC) }, "Not now"},
		"stored":     {true, nil, nil, func(p *person) { p.types(keyDown, "\r"); p.sees("Credential clinic-a-test (gsa, test", "ACCEPTED") }, "clinic-a-test"},
		"no secret":  {false, []string{noKeyring}, nil, func(p *person) { p.types(keyDown, "\r"); p.sees("Which kind of credential is it?"); p.types(keyCtrlC) }, "A new credential"},
		"no keyring": {false, []string{noKeyring}, nil, newWithoutKeyring, "A new credential"},
		"no-input":   {true, nil, []string{"--no-input"}, func(*person) {}, ""},
		"CI":         {true, []string{"CI=true"}, nil, func(*person) {}, ""},
		"dry run":    {true, nil, []string{"--dry-run"}, func(p *person) { p.sees("Review"); p.types("\r") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			size := pty.Winsize{Cols: 80, Rows: 40}
			if tt.stored {
				p := sitAtLogin(t, dir, []string{"NGAPI_CLIENT_SECRET=" + authCanary}, known()...)
				p.leaves(exit.OK)
			}
			write(t, filepath.Join(dir, "ngapi.yaml"), "schema: ngapi.profile/v1\napp: {audience: patients, apis: [patient-access]}\nportal: {registered: 2026-09-06, app_configured: 2026-09-07}\n")
			p := sit(t, dir, size, tt.env, tt.args...)
			if tt.shows != "" {
				p.sees("Save these answers?")
				p.types("\r")
				p.sees("Check its OAuth2 credentials now?", tt.shows)
			}
			tt.does(p)
			out := p.leaves(exit.OK)
			if tt.shows == "" && strings.Contains(p.text(), "Check its OAuth2") {
				t.Errorf("the check was offered:\n%s", p.text())
			}
			if strings.Contains(out, "Credential") {
				t.Errorf("standard output is that of the run alone:\n%s", out)
			}
			except := ""
			if tt.stored {
				except = "secrets.json"
			}
			p.hidden(dir, out, except)
		})
	}
}

func newWithoutKeyring(p *person) {
	p.types(keyDown, "\r")
	p.sees("Which kind of credential is it?")
	p.types("\r")
	p.sees("What is the client id?")
	p.types("app-0123456789\r")
	p.sees("What is the site id?")
	p.types(authSite + "\r")
	p.sees("Which environment")
	p.types("\r")
	p.sees("Which enterprise?")
	p.types("\r")
	p.sees("keyring cannot be used", "--store file", "No credential was checked")
}
