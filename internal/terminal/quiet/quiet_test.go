package quiet_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	// Bubble Tea is linked on purpose: its initialisation is what must stay quiet.
	_ "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"

	"github.com/apionboard/ngapi/internal/terminal/quiet"
)

const childVar = "NGAPI_QUIET_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVar) != "" {
		fmt.Println("up", quiet.Answered)
		return
	}
	m.Run()
}

// TestSilentTerminal starts this test binary, which links Bubble Tea, on a
// terminal that answers nothing. With the question asked it takes five seconds.
// The test fails too if the module path, or an import of this package, ever
// makes Go initialise Bubble Tea first.
func TestSilentTerminal(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"xterm-256color", "linux", "vt100"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command(self)
			cmd.Env = append(os.Environ(), childVar+"=1", "TERM="+name)
			start := time.Now()
			master, err := pty.Start(cmd)
			if err != nil {
				t.Skip("no pseudo-terminal:", err)
			}
			defer master.Close()
			out := make(chan string, 1)
			go func() {
				text, _ := io.ReadAll(master)
				out <- string(text)
			}()
			if err := cmd.Wait(); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("start-up took %v: the terminal was asked for its background colour", took)
			}
			if got := <-out; got != "up true\r\n" {
				t.Errorf("output %q: the terminal was sent something else", got)
			}
		})
	}
}
