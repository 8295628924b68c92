package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/terminal"
)

// start runs the program in this process, without a terminal.
func start(t *testing.T, env map[string]string, args ...string) (stdout, stderr string, code exit.Code) {
	t.Helper()
	var out, errs bytes.Buffer
	get := func(name string) string { return env[name] }
	code = Run(t.Context(), World{
		Streams: terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: get},
		Env:     get,
		Today:   func() string { return "2026-11-23" },
	}, args)
	return out.String(), errs.String(), code
}

const goodProfile = "schema: ngapi.profile/v1\napp:\n  audience: patients\n  apis: [patient-access]\n"

// Files that a script cannot hold: wrong encodings, marks, sizes and rights.
func TestProfileBytes(t *testing.T) {
	utf16 := "\xff\xfes\x00c\x00h\x00"
	cases := []struct {
		name, bytes string
		code        exit.Code
		stderr      string // must stand in stderr
	}{
		{"plain", goodProfile, exit.OK, ""},
		{"byte order mark", "\ufeff" + goodProfile, exit.OK, ""},
		{"CRLF", strings.ReplaceAll(goodProfile, "\n", "\r\n"), exit.OK, ""},
		{"not UTF-8", goodProfile + "# caf\xe9\n", exit.Usage, "UTF-8"},
		{"UTF-16", utf16, exit.Usage, "UTF-16"},
		{"10 MB", goodProfile + "#" + strings.Repeat("x", 10<<20) + "\n", exit.Usage, "larger"},
		{"NUL bytes", "schema: ngapi.profile/v1\x00\n", exit.Usage, "control character"},
		{"deep nesting", "schema: " + strings.Repeat("[", 100_000), exit.Usage, ""},
		{"blank", " \n\t\n", exit.Usage, ""},
		{"a list", "- a\n- b\n", exit.Usage, ""},
		{"two documents", goodProfile + "---\n" + goodProfile, exit.Usage, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ngapi.yaml")
			if err := os.WriteFile(path, []byte(c.bytes), 0o600); err != nil {
				t.Fatal(err)
			}
			stdout, stderr, code := start(t, nil, "plan", "-p", path)
			if code != c.code {
				t.Fatalf("exit code %d, want %d: %s", code, c.code, stderr)
			}
			if code != exit.OK && (stdout != "" || !strings.Contains(stderr, c.stderr) || !strings.Contains(stderr, "ngapi.yaml")) {
				t.Errorf("stdout %q, stderr %q", stdout, stderr)
			}
			if strings.ContainsAny(stderr, "\x00\x1b") || len(stderr) > 4096 {
				t.Errorf("stderr has %d bytes or a control character: %q", len(stderr), stderr[:min(len(stderr), 200)])
			}
		})
	}
}

func TestUnreadableProfile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ngapi.yaml")
	if err := os.WriteFile(path, []byte(goodProfile), 0o000); err != nil {
		t.Fatal(err)
	}
	if _, err := os.ReadFile(path); err == nil {
		t.Skip("this user may read every file (root): the refusal cannot be provoked here")
	}
	if _, stderr, code := start(t, nil, "plan", "-p", path); code != exit.Usage || !strings.Contains(stderr, "ngapi.yaml") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
}

// A home folder that cannot be written, or none at all, stops nothing but what
// has to be written there.
func TestReadOnlyHome(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ngapi.yaml")
	if err := os.WriteFile(path, []byte(goodProfile), 0o600); err != nil {
		t.Fatal(err)
	}
	blocked := path // a file cannot be a home folder, whoever asks
	for name, env := range map[string]map[string]string{"read-only": {"HOME": blocked}, "unset": {}} {
		if _, stderr, code := start(t, env, "plan", "-p", path); code != exit.OK {
			t.Errorf("%s: plan ends with %d: %s", name, code, stderr)
		}
		if _, stderr, code := start(t, env, "profile", "set", "-p", path, "portal.registered=2026-10-06"); code != exit.OK {
			t.Errorf("%s: profile set ends with %d: %s", name, code, stderr)
		}
		if _, stderr, code := start(t, env, "config", "set", "color", "never"); code == exit.OK || stderr == "" {
			t.Errorf("%s: config set ends with %d: %q", name, code, stderr)
		}
	}
}

// A fault of ours ends with 1 and words, never with a verdict.
func TestAPanicIsAFault(t *testing.T) {
	var errs bytes.Buffer
	code := Run(t.Context(), World{
		Streams: terminal.Streams{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &errs},
		Env:     func(string) string { return "" },
		Today:   func() string { panic("no clock \x1b[2J") },
	}, []string{"programs"})
	if code != exit.Fault || !strings.Contains(errs.String(), "internal fault") || strings.Contains(errs.String(), "\x1b") {
		t.Errorf("exit code %d, %q", code, errs.String())
	}
}

// Every command names its exit codes and at least one example, and its help fits
// into 80 columns.
func TestEveryCommandIsDocumented(t *testing.T) {
	root := Tree(World{Env: func(string) string { return "" }})
	for _, cmd := range root.Commands() {
		stack := append(cmd.Commands(), cmd)
		for _, c := range stack {
			if !c.Runnable() || c.Name() == "help" || c.Name() == "completion" {
				continue
			}
			var help bytes.Buffer
			c.SetOut(&help)
			if err := c.Help(); err != nil {
				t.Error(err)
			}
			for line := range strings.Lines(help.String()) {
				if len(line) > 81 && !strings.HasPrefix(line, "Use \"") { // cobra's own last line
					t.Errorf("%s: a line of its help has %d columns: %s", c.CommandPath(), len(line)-1, line)
				}
			}
			if c.Example == "" || c.Short == "" || c.Long == "" {
				t.Errorf("%s lacks an example or a description", c.CommandPath())
			}
			if len(c.Commands()) == 0 && !strings.Contains(c.Long, "Exit codes:") {
				t.Errorf("%s does not name its exit codes", c.CommandPath())
			}
		}
	}
}
