//go:build unix

package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/apionboard/ngapi/internal/exit"
)

const (
	keyDown  = "\x1b[B"
	keyBack  = "\x1b[Z"
	keyCtrlC = "\x03"
)

// person sits at a pseudo-terminal that runs the real program. Standard output
// goes elsewhere, so that a test sees what is the answer and what is talk.
type person struct {
	t      *testing.T
	cmd    *exec.Cmd
	master *os.File
	stdout bytes.Buffer

	mu     sync.Mutex
	screen []byte
	seen   int
	closed chan struct{}
}

// sit starts ngapi onboard in a folder.
func sit(t *testing.T, dir string, size pty.Winsize, env []string, args ...string) *person {
	t.Helper()
	return sitAt(t, dir, size, env, append([]string{"onboard"}, args...)...)
}

// sitAt starts a command in a folder. The test binary is the program when it
// goes by the name ngapi (see testkit).
func sitAt(t *testing.T, dir string, size pty.Winsize, env []string, args ...string) *person {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "ngapi")
	if err := os.Symlink(self, program); err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, cmd: exec.Command(program, args...), closed: make(chan struct{})}
	p.cmd.Dir = dir
	p.cmd.Env = append([]string{"TERM=xterm-256color", "LANG=C.UTF-8", "HOME=" + dir, "GOCOVERDIR=" + t.TempDir()}, env...)
	p.cmd.Stdout = &p.stdout
	if p.master, err = pty.StartWithSize(p.cmd, &size); err != nil {
		t.Skip("no pseudo-terminal:", err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.master.Close() })
	go p.watch()
	return p
}

func (p *person) watch() {
	defer close(p.closed)
	buf := make([]byte, 4096)
	for {
		n, err := p.master.Read(buf)
		p.mu.Lock()
		p.screen = append(p.screen, buf[:n]...)
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// sequence is what a terminal obeys instead of showing it.
var sequence = regexp.MustCompile("\x1b\\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r")

func (p *person) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return sequence.ReplaceAllString(string(p.screen), "")
}

// sees waits for words that come after those of the call before.
func (p *person) sees(words ...string) {
	p.t.Helper()
	for _, w := range words {
		found := false
		for deadline := time.Now().Add(20 * time.Second); !found && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
			text := p.text()
			if i := strings.Index(text[min(p.seen, len(text)):], w); i >= 0 {
				p.seen, found = p.seen+i+len(w), true
			}
		}
		if !found {
			p.t.Fatalf("never saw %q on:\n%s", w, p.text())
		}
	}
}

func (p *person) types(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		if _, err := io.WriteString(p.master, k); err != nil {
			p.t.Fatal(err)
		}
	}
}

// leaves waits for the end and returns standard output.
func (p *person) leaves(want exit.Code) string {
	p.t.Helper()
	done := make(chan error, 1)
	go func() { done <- p.cmd.Wait() }()
	select {
	case err := <-done:
		code := 0
		var ended *exec.ExitError
		if errors.As(err, &ended) {
			code = ended.ExitCode()
		} else if err != nil {
			p.t.Fatal(err)
		}
		if code != int(want) {
			p.t.Fatalf("exit code %d, want %d:\n%s", code, want, p.text())
		}
	case <-time.After(20 * time.Second):
		p.t.Fatalf("no end:\n%s", p.text())
	}
	_ = p.master.Close()
	<-p.closed
	return p.stdout.String()
}

func readProfile(t *testing.T, dir string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "ngapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestPtyWizard(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := sit(t, dir, pty.Winsize{Cols: 80, Rows: 24}, nil)
	p.sees("nothing is sent anywhere", "Step 1 of 8", "Who uses the application?")
	p.types(keyDown, "\r")
	p.sees("- Who uses the application? Provider", "Decided: track = enterprise-beta", "because app.audience is providers", "Step 2 of")
	p.types(keyDown, " ", "\r")
	p.sees("Step 3 of")
	p.types("\r")
	p.sees("Step 4 of")
	p.types(keyBack)
	p.sees("Who builds the application?")
	p.types(keyDown, "\r")
	p.sees("A NextGen Healthcare client", "Step 4 of", "version does your organization")
	p.types("5.x\r")
	p.sees("Not accepted", `cannot be "5.x"; write a version`)
	p.types("\x15", "5.9.4\r")
	p.sees("Step 5 of")
	if err := pty.Setsize(p.master, &pty.Winsize{Cols: 60, Rows: 20}); err != nil {
		t.Fatal(err)
	}
	p.types("\r")
	p.sees("Decided: program = open-access", "Step 6 of")
	p.types("\r")
	p.sees("Step 7 of")
	p.types(keyDown, "\r")
	p.sees("Decided: form = required", "Review", "organization.nge_version: 5.9.4", "Save these answers?")
	p.types("\r")
	out := p.leaves(exit.OK)
	if !strings.HasPrefix(out, "Saved ngapi.yaml\n") || strings.Contains(out, "Step") || strings.Contains(out, "\x1b") {
		t.Errorf("standard output holds more or less than the result:\n%s", out)
	}
	if text := readProfile(t, dir); !strings.Contains(text, "type: client") || !strings.Contains(text, "distribution: own") {
		t.Errorf("profile:\n%s", text)
	}
	if _, err := os.Stat(filepath.Join(dir, ".local", "state", "ngapi", "checkpoints")); err == nil {
		if left, _ := filepath.Glob(filepath.Join(dir, ".local", "state", "ngapi", "checkpoints", "*")); len(left) > 0 {
			t.Errorf("the checkpoint of a finished run stays: %v", left)
		}
	}
}

func TestPtyInterruptAndResume(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	size := pty.Winsize{Cols: 80, Rows: 24}
	p := sit(t, dir, size, nil)
	p.sees("Step 1 of")
	p.types("\r")
	p.sees("Step 2 of")
	p.types(keyCtrlC)
	p.sees("1 answer is kept", "$ ngapi onboard")
	if out := p.leaves(exit.Interrupted); out != "" {
		t.Errorf("standard output: %s", out)
	}
	if _, err := os.Stat(filepath.Join(dir, "ngapi.yaml")); err == nil {
		t.Error("an interrupted run has written a profile")
	}
	kept, _ := filepath.Glob(filepath.Join(dir, ".local", "state", "ngapi", "checkpoints", "*.json"))
	if len(kept) != 1 {
		t.Fatalf("kept: %v", kept)
	}
	if info, err := os.Stat(kept[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the checkpoint: %v %v", info.Mode(), err)
	}

	p = sit(t, dir, size, nil)
	p.sees("Go on with the unfinished run?", "1 answer.")
	p.types("\r")
	p.sees("Step 2 of", "Which NextGen APIs")
	p.types(" \r")
	p.sees("Decided: program = patient-access", "Review", "Save these answers?")
	p.types(keyDown, keyDown, "\r")
	p.sees("Forget the 2 answers")
	p.types("\r")
	p.sees("Save these answers?")
	p.types(keyDown, keyDown, "\r")
	p.sees("Forget the 2 answers")
	p.types(keyDown, "\r")
	p.sees("Discarded. Nothing was written.")
	p.leaves(exit.Interrupted)
	if left, _ := filepath.Glob(filepath.Join(dir, ".local", "state", "ngapi", "checkpoints", "*")); len(left) > 0 {
		t.Errorf("what was discarded is still kept: %v", left)
	}
	p = sit(t, dir, size, nil, "--fresh")
	p.sees("Step 1 of")
	p.types(keyCtrlC)
	p.sees("Nothing was answered")
	p.leaves(exit.Interrupted)
}

func TestPtyLineMode(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		size pty.Winsize
		env  []string
		args []string
	}{
		"flag":        {pty.Winsize{Cols: 80, Rows: 24}, nil, []string{"--accessible"}},
		"variable":    {pty.Winsize{Cols: 80, Rows: 24}, []string{"ACCESSIBLE=1"}, nil},
		"dumb":        {pty.Winsize{Cols: 80, Rows: 24}, []string{"TERM=dumb"}, nil},
		"tiny window": {pty.Winsize{Cols: 20, Rows: 6}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			p := sit(t, dir, tt.size, tt.env, append(tt.args, "-o", "json")...)
			// All answers at once, as a script would pipe them into a terminal.
			p.types("nobody\n", "?\n", "providers\n", "<\n", "patients\n", "1\n", "1\n")
			p.sees("Not accepted", "Review", "Save")
			out := p.leaves(exit.OK)
			if !strings.Contains(out, `"schema": "ngapi.onboard/v1"`) || !strings.Contains(out, `"written": true`) {
				t.Errorf("standard output:\n%s", out)
			}
			if strings.Contains(string(p.screen), "\x1b") {
				t.Errorf("line mode drew something: %q", p.screen)
			}
			if text := readProfile(t, dir); !strings.Contains(text, "audience: patients") {
				t.Errorf("profile:\n%s", text)
			}
		})
	}
}

func TestPtyEndOfInput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := sit(t, dir, pty.Winsize{Cols: 80, Rows: 24}, nil, "--accessible")
	p.sees("Number")
	p.types("providers\n")
	p.sees("Step 2 of")
	p.types("\x04")
	p.sees("1 answer is kept", "answers are missing", "--set organization.type")
	p.leaves(exit.Undecided)
}

func TestPtyNothingIsAsked(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		env  []string
		args []string
	}{
		"no-input": {nil, []string{"--no-input"}},
		"CI":       {[]string{"CI=true"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := sit(t, t.TempDir(), pty.Winsize{Cols: 80, Rows: 24}, tt.env, tt.args...)
			p.sees("8 answers are missing")
			p.leaves(exit.Undecided)
		})
	}
}

func TestPtyYes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := sit(t, dir, pty.Winsize{Cols: 80, Rows: 24}, nil, "--yes", "--set", "app.audience=patients")
	p.sees("Which NextGen APIs")
	p.types(" \r")
	if out := p.leaves(exit.OK); !strings.Contains(out, "Saved") {
		t.Errorf("standard output:\n%s", out)
	}
	if strings.Contains(p.text(), "Review") {
		t.Error("--yes skips the review")
	}
}

// TestPtyNothingIsOpen goes straight to the review of a finished profile, and
// leaves a checkpoint that it cannot read where it is until there is an answer.
func TestPtyNothingIsOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	size := pty.Winsize{Cols: 80, Rows: 24}
	p := sit(t, dir, size, nil)
	p.sees("Step 1 of")
	p.types("\r")
	p.sees("Step 2 of")
	p.types(keyCtrlC)
	p.leaves(exit.Interrupted)
	kept, _ := filepath.Glob(filepath.Join(dir, ".local", "state", "ngapi", "checkpoints", "*.json"))
	if len(kept) != 1 {
		t.Fatalf("kept: %v", kept)
	}
	profile := "schema: ngapi.profile/v1 # mine\napp: {audience: patients, apis: [patient-access]}\n"
	for path, text := range map[string]string{kept[0]: "{broken", filepath.Join(dir, "ngapi.yaml"): profile} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p = sit(t, dir, size, nil)
	p.sees("checkpoint of the last run cannot be used", "ngapi.yaml answers everything", "Review", "1. app.audience: patients  (ngapi.yaml:2)", "Save these answers?")
	p.types(keyBack)
	p.sees("This is the first question")
	p.types(keyDown, keyDown, "\r")
	p.sees("Discarded")
	p.leaves(exit.Interrupted)
	if text := readProfile(t, dir); text != profile {
		t.Errorf("profile:\n%s", text)
	}
	p = sit(t, dir, size, nil, "--fresh")
	p.sees("Save these answers?")
	p.types("\r")
	if out := p.leaves(exit.OK); !strings.Contains(out, "nothing was written") {
		t.Errorf("standard output:\n%s", out)
	}
}

// TestPtyNoPlace keeps the answers of a person for whom nothing can be written:
// neither a checkpoint nor the profile.
func TestPtyNoPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	blocked := filepath.Join(dir, "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-p", filepath.Join(dir, "missing", "ngapi.yaml")}
	p := sit(t, dir, pty.Winsize{Cols: 80, Rows: 24}, []string{"XDG_STATE_HOME=" + blocked}, args...)
	p.sees("cannot be written", "cannot be kept for later", "Step 1 of")
	p.types("\r")
	p.sees("Step 2 of")
	p.types(" \r")
	p.sees("Review", "Save these answers?")
	p.types("\r")
	p.sees("could not be written")
	if out := p.leaves(exit.Usage); !strings.Contains(out, "audience: patients") {
		t.Errorf("the answers are lost:\n%s", out)
	}
}
