//go:build unix

package ask

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// terminalRun is the child program on a pseudo-terminal that answers nothing of
// its own accord, with standard output apart from it.
type terminalRun struct {
	t      *testing.T
	cmd    *exec.Cmd
	master *os.File
	stdout bytes.Buffer

	mu     sync.Mutex
	screen []byte // everything that was written to the terminal
	seen   int    // what expect has passed
	closed chan struct{}
}

func startOnTerminal(t *testing.T, mode string, width, height uint16, env ...string) *terminalRun {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r := &terminalRun{t: t, cmd: exec.Command(self), closed: make(chan struct{})}
	r.cmd.Env = append([]string{childVar + "=" + mode, "TERM=xterm-256color", "LANG=C.UTF-8", "GOCOVERDIR=" + t.TempDir()}, env...)
	r.cmd.Stdout = &r.stdout
	r.master, err = pty.StartWithSize(r.cmd, &pty.Winsize{Cols: width, Rows: height})
	if err != nil {
		t.Skip("no pseudo-terminal:", err)
	}
	t.Cleanup(func() {
		_ = r.cmd.Process.Kill()
		_ = r.master.Close()
	})
	go r.collect()
	return r
}

func (r *terminalRun) collect() {
	defer close(r.closed)
	buf := make([]byte, 4096)
	for {
		n, err := r.master.Read(buf)
		r.mu.Lock()
		r.screen = append(r.screen, buf[:n]...)
		r.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (r *terminalRun) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return string(r.screen)
}

// expect waits for words that were written after those of the call before.
func (r *terminalRun) expect(words string) {
	r.t.Helper()
	for deadline := time.Now().Add(8 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		plain := ansi.Strip(r.text())
		if i := strings.Index(plain[min(r.seen, len(plain)):], words); i >= 0 {
			r.seen += i + len(words)
			return
		}
	}
	r.t.Fatalf("never saw %q in:\n%q", words, r.text())
}

func (r *terminalRun) send(keys string) {
	r.t.Helper()
	if _, err := io.WriteString(r.master, keys); err != nil {
		r.t.Fatal(err)
	}
}

// end waits for the child and returns what it printed on standard output.
func (r *terminalRun) end() string {
	r.t.Helper()
	done := make(chan error, 1)
	go func() { done <- r.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			r.t.Fatalf("child: %v\n%q", err, r.text())
		}
	case <-time.After(8 * time.Second):
		r.t.Fatalf("the child does not end:\n%q", r.text())
	}
	_ = r.master.Close()
	<-r.closed
	return r.stdout.String()
}

const (
	down     = "\x1b[B"
	shiftTab = "\x1b[Z"
	complete = "outcome complete\nanswers name=Acme audience=providers apis=patient-access+fhir unattended=true version=5.9.2\nrestored true\n"
)

func TestTerminalWizard(t *testing.T) {
	t.Parallel()
	r := startOnTerminal(t, "pages", 80, 24)
	start := time.Now()
	r.expect("Step 1 of 5")
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("the first page took %v on a terminal that answers nothing", took)
	}
	r.send("Acme\r")
	r.expect("- What is the name of your application? Acme")
	r.expect("Step 2 of 5")
	r.send(down)
	r.expect("> Providers")
	if err := pty.Setsize(r.master, &pty.Winsize{Cols: 40, Rows: 20}); err != nil {
		t.Fatal(err)
	}
	r.expect("> Providers and staff of a practice th…") // drawn anew for 40 columns
	r.send("\r")
	r.expect("decided: program open-access")
	r.expect("Step 3 of 5")
	r.send(" " + down + down + " ")
	r.expect("> [x] FHIR R4")
	r.send(shiftTab)
	r.expect("Step 2 of 5")
	r.send("\r")
	r.expect("Step 3 of 5")
	r.send("\r")
	r.expect("Step 4 of 5")
	r.send(down + "\r") // the cursor starts on No and comes round to Yes
	r.expect("Step 5 of 5")
	r.send("\r")
	if got := r.end(); got != complete {
		t.Errorf("standard output:\n%s\nwant:\n%s", got, complete)
	}
	if text := r.text(); strings.LastIndex(text, "\x1b[?25h") < strings.LastIndex(text, "\x1b[?25l") {
		t.Error("the cursor stays hidden")
	}
}

// Keys that were typed before the pages appeared answer the right pages.
func TestTerminalTypeAhead(t *testing.T) {
	t.Parallel()
	r := startOnTerminal(t, "pages", 80, 24)
	r.expect("Step 1 of 5")
	r.send("Acme\r" + down + "\r " + down + down + " \r" + down + "\r\r")
	if got := r.end(); got != complete {
		t.Errorf("standard output:\n%s\nwant:\n%s", got, complete)
	}
	// Lines that were printed one after the other stand in this order.
	plain := ansi.Strip(r.text())
	last := -1
	for _, words := range []string{"application? Acme", "use it? Providers", "because app.audience", "call? Patient Access API, FHIR R4", "signed in? Yes", "supports? 5.9.2"} {
		i := strings.LastIndex(plain, words)
		if i <= last {
			t.Errorf("%q is missing or out of order in:\n%s", words, plain)
		}
		last = i
	}
}

func TestTerminalEndings(t *testing.T) {
	t.Parallel()
	signalTo := func(s os.Signal) func(*terminalRun) {
		return func(r *terminalRun) { _ = r.cmd.Process.Signal(s) }
	}
	tests := []struct {
		name, mode string
		end        func(*terminalRun)
	}{
		{"ctrl-c", "pages", func(r *terminalRun) { r.send("\x03") }},
		{"SIGTERM", "pages", signalTo(syscall.SIGTERM)},
		{"SIGINT", "pages", signalTo(os.Interrupt)},
		{"ctrl-c in line mode", "lines", func(r *terminalRun) { r.send("\x03") }},
		{"SIGTERM in line mode", "lines", signalTo(syscall.SIGTERM)},
		{"q in line mode", "lines", func(r *terminalRun) { r.send("q\r") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := startOnTerminal(t, tt.mode, 80, 24)
			r.expect("Step 1 of 5")
			r.send("Acme\r")
			r.expect("Step 2 of 5")
			tt.end(r)
			if got, want := r.end(), "outcome interrupted\nanswers name=Acme\nrestored true\n"; got != want {
				t.Errorf("standard output:\n%s\nwant:\n%s", got, want)
			}
			text := r.text()
			if strings.LastIndex(text, "\x1b[?25h") < strings.LastIndex(text, "\x1b[?25l") {
				t.Error("the cursor stays hidden")
			}
		})
	}
}

func TestTerminalEndOfInputInLineMode(t *testing.T) {
	t.Parallel()
	r := startOnTerminal(t, "lines", 80, 24)
	r.expect("Answer:")
	r.send("\x04") // Ctrl-D on an empty line
	if got := r.end(); !strings.HasPrefix(got, "outcome input-ended\n") {
		t.Errorf("standard output:\n%s", got)
	}
}

func TestTerminalColours(t *testing.T) {
	t.Parallel()
	colour := regexp.MustCompile(`\x1b\[(?:[0-9]+;)*(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[0-9]+)*m`)
	beyond := regexp.MustCompile(`\x1b\[[0-9;]*[34]8;[25];`)
	reverse := regexp.MustCompile(`\x1b\[(?:[0-9]+;)*7(?:;[0-9]+)*m`)
	for _, tt := range []struct {
		name, mode, env string
		want            bool
	}{
		{"pages", "pages", "", true},
		{"pages with NO_COLOR", "pages", "NO_COLOR=1", false},
		{"line mode", "lines", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := startOnTerminal(t, tt.mode, 80, 24, tt.env)
			r.expect("Step 1 of 5")
			r.send("\r")
			r.expect("Not accepted")
			r.send("Acme\r")
			r.expect("Step 2 of 5")
			r.send("\x03")
			r.end()
			if got := colour.MatchString(r.text()); got != tt.want {
				t.Errorf("colour %t, want %t:\n%q", got, tt.want, r.text())
			}
			if beyond.MatchString(r.text()) {
				t.Errorf("more than sixteen colours:\n%q", r.text())
			}
			// The cursor of a text field must be seen without colour too.
			if tt.mode == "pages" && !reverse.MatchString(r.text()) {
				t.Errorf("no cursor in reverse:\n%q", r.text())
			}
		})
	}
}

func TestTerminalNoQuestions(t *testing.T) {
	t.Parallel()
	r := startOnTerminal(t, "empty", 80, 24)
	if got := r.end(); !strings.HasPrefix(got, "outcome complete\n") {
		t.Errorf("standard output:\n%s", got)
	}
	if r.text() != "" {
		t.Errorf("without a question the terminal is left alone, got %q", r.text())
	}
}

// Pages over a pipe that ends must not wait for ever.
func TestPagesInputEnds(t *testing.T) {
	for _, file := range []bool{false, true} {
		read, write, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(write, "Acme\r")
		write.Close()
		var in io.Reader = read
		if !file {
			in = io.MultiReader(read) // no longer a file
		}
		done := make(chan error, 1)
		go func() { done <- Run(t.Context(), Options{In: in, Err: io.Discard}, &listFlow{questions: sample()}) }()
		select {
		case err := <-done:
			if !errors.Is(err, ErrInputEnded) {
				t.Errorf("file %t: error %v, want ErrInputEnded", file, err)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("file %t: still waiting for keys", file)
		}
		read.Close()
	}
}
