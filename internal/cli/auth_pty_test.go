//go:build unix

package cli

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/testkit/ehr"
)

// practiceFlags are the addresses of a practice on loopback; a person is not
// asked for them.
func practiceFlags(t *testing.T) []string {
	t.Helper()
	base := ehr.Start(t).URL
	return []string{"--token-url", base + ehr.OAuthMount + "/token", "--api-base", base + ehr.EnterpriseMount}
}

// sitAtLogin starts auth login for a service account of which only the flow and
// the addresses are known.
func sitAtLogin(t *testing.T, dir string, env []string, more ...string) *person {
	t.Helper()
	args := append([]string{"auth", "login", "clinic-a-test", "--store", "file"}, practiceFlags(t)...)
	return sitAt(t, dir, pty.Winsize{Cols: 80, Rows: 24}, env, append(args, more...)...)
}

// known leaves nothing to ask for but the secret.
func known() []string {
	return []string{"--flow", "gsa", "--environment", "test", "--client-id", "app-0123456789", "--site-id", authSite, "--enterprise-id", "00001", "--practice-id", "0001", "--no-session"}
}

// hidden fails where the canary is on the screen, in the answer, or in any file
// below a folder; one file may hold it.
func (p *person) hidden(dir, out, except string) {
	p.t.Helper()
	p.mu.Lock()
	screen := string(p.screen)
	p.mu.Unlock()
	if strings.Contains(screen+out, authCanary) {
		p.t.Errorf("the secret was shown:\n%q\n%s", screen, out)
	}
	found := false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(data, []byte(authCanary)) {
			return err
		}
		if d.Name() != except {
			p.t.Errorf("%s holds the secret", path)
		}
		found = true
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if found != (except != "") {
		p.t.Errorf("a file holds the secret: %v; wanted in: %q", found, except)
	}
}

// settles waits until the terminal shows what is typed, or does not. The termios
// of a pseudo-terminal are those of both of its ends; stty reads them.
func (p *person) settles(want bool) {
	p.t.Helper()
	if _, err := exec.LookPath("stty"); err != nil {
		p.t.Skip("no stty to ask about the terminal")
	}
	state := ""
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		cmd := exec.Command("stty", "-a")
		cmd.Stdin = p.master
		text, err := cmd.Output()
		if err != nil {
			p.t.Fatalf("stty: %v", err)
		}
		state = string(text)
		if slices.Contains(strings.Fields(state), "echo") == want {
			return
		}
	}
	p.t.Fatalf("echo is not %v:\n%s", want, state)
}

// nothingStored fails where a credential was kept.
func nothingStored(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"credentials.yaml", "secrets.json"} {
		if _, err := os.Stat(filepath.Join(dir, ".config", "ngapi", name)); err == nil {
			t.Errorf("%s was written", name)
		}
	}
}

// TestPtyLogin: what is missing is asked for, page by page or line by line, and
// the secret last and unseen.
func TestPtyLogin(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		env  []string
		keys [][]string // what is typed after each question
	}{
		"pages": {nil, [][]string{{"\r"}, {"app-0123456789\r"}, {"6a1f-wrong\r"}, {"\x15", authSite + "\r"}, {keyDown, "\r"}, {"00001\r"}, {"0001\r"}}},
		"lines": {[]string{"TERM=dumb"}, [][]string{{"1\n"}, {"app-0123456789\n"}, {"6a1f-wrong\n"}, {authSite + "\n"}, {"2\n"}, {"00001\n"}, {"0001\n"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := sitAtLogin(t, dir, tt.env, "--no-session")
			for i, words := range []string{"Which kind of credential is it?", "What is the client id?", "What is the site id?", "Not accepted",
				"Which environment does this site id choose?", "Which enterprise?", "Which practice?"} {
				p.sees(words)
				p.types(tt.keys[i]...)
			}
			p.sees("Client secret (not shown): ")
			p.settles(false)
			p.types(authCanary + "\n")
			p.sees("Stored as clinic-a-test; its secret is in secrets.json")
			out := p.leaves(exit.OK)
			if !strings.HasPrefix(out, "Credential clinic-a-test (gsa, test, site ...5555): ACCEPTED") || strings.Contains(out, "\x1b") {
				t.Errorf("standard output:\n%s", out)
			}
			if strings.Contains(p.text(), "saves") {
				t.Errorf("leaving is said to save, and it does not:\n%s", p.text())
			}
			p.hidden(dir, out, "secrets.json")
			text := contents(t, filepath.Join(dir, ".config", "ngapi", "credentials.yaml"))
			for _, want := range []string{"client_id: app-0123456789", "site_id: " + authSite, "environment: test", `enterprise_id: "00001"`, `practice_id: "0001"`, "store: file"} {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
		})
	}
}

// TestPtyLoginBack: an answer can be taken back, also the one that chose the
// questions.
func TestPtyLoginBack(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		env               []string
		down, enter, back string
	}{
		"pages": {nil, keyDown, "\r", keyBack},
		"lines": {[]string{"TERM=dumb"}, "2", "\n", "<\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := sitAtLogin(t, dir, tt.env)
			p.sees("Which kind of credential is it?")
			p.types(tt.down, tt.enter) // patient
			p.sees("What is the client id?")
			p.types("app-0123456789" + tt.enter)
			p.sees("Which redirect address")
			p.types(tt.back)
			p.sees("What is the client id?")
			p.types(tt.back)
			p.sees("Which kind of credential is it?")
			if name == "lines" {
				p.types("1")
			}
			p.types(tt.enter) // gsa
			p.sees("What is the client id?")
			p.types("app-0123456789" + tt.enter)
			p.sees("What is the site id?")
			p.types(keyCtrlC)
			p.leaves(exit.Interrupted)
			nothingStored(t, dir)
		})
	}
}

// TestPtySecretPrompt: whatever ends the prompt, the terminal shows again what
// is typed, and nothing is stored.
func TestPtySecretPrompt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		keys string
		want exit.Code
		says string
	}{
		"ctrl-c":       {keyCtrlC, exit.Interrupted, "\n"},
		"ctrl-c later": {authCanary + keyCtrlC, exit.Interrupted, "\n"},
		"empty":        {"\n", exit.SignIn, "Nothing was stored."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := sitAtLogin(t, dir, nil, known()...)
			p.sees("Client secret (not shown): ")
			p.settles(false)
			p.types(tt.keys)
			p.sees(tt.says)
			p.settles(true)
			out := p.leaves(tt.want)
			p.hidden(dir, out, "")
			nothingStored(t, dir)
			if tt.want == exit.SignIn && !strings.Contains(out, "nothing was typed at the prompt") {
				t.Errorf("standard output:\n%s", out)
			}
		})
	}
}

// TestPtyLoginAsksNothing: where nobody is to be asked, what is missing is said.
func TestPtyLoginAsksNothing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		env  []string
		args []string
		want exit.Code
	}{
		"no-input":        {nil, []string{"--no-input"}, exit.Usage},
		"CI":              {[]string{"CI=true"}, nil, exit.Usage},
		"no-input secret": {nil, append(known(), "--no-input"), exit.SignIn},
		"CI secret":       {[]string{"CI=true"}, known(), exit.SignIn},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := sitAtLogin(t, dir, tt.env, tt.args...)
			p.leaves(tt.want)
			for _, asked := range []string{"Which kind", "What is the", "Client secret (not shown)"} {
				if strings.Contains(p.text(), asked) {
					t.Errorf("%q was asked:\n%s", asked, p.text())
				}
			}
			nothingStored(t, dir)
		})
	}
}

// TestPtyLoginToldFirst: what cannot work anyway is told before a secret is
// asked for.
func TestPtyLoginToldFirst(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := sitAtLogin(t, dir, nil, append(known(), "--site-id", "clinic")...)
	out := p.leaves(exit.Usage)
	if strings.Contains(p.text(), "Client secret") || !strings.Contains(out, "not a GUID") || strings.Contains(out, "no client secret") {
		t.Errorf("%s\n%s", p.text(), out)
	}
	nothingStored(t, dir)
}
