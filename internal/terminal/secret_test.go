package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

type typed struct {
	secret string
	err    error
}

// askSecret starts a prompt on a pseudo-terminal and waits until it is asked.
func askSecret(ctx context.Context, t *testing.T) (master, slave *os.File, out *bytes.Buffer, result chan typed) {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo-terminal:", err)
	}
	t.Cleanup(func() { master.Close(); slave.Close() })
	asked, w := io.Pipe()
	out = &bytes.Buffer{}
	s := Streams{In: slave, Err: io.MultiWriter(out, w), InTTY: true, ErrTTY: true}
	result = make(chan typed, 1)
	go func() {
		secret, err := ReadSecret(ctx, s, "Client secret\x1b")
		result <- typed{secret, err}
	}()
	one := make([]byte, 64)
	if _, err := asked.Read(one); err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, asked)      //nolint:errcheck // drained until the test ends
	time.Sleep(100 * time.Millisecond) // the echo goes off after the prompt
	return master, slave, out, result
}

func TestReadSecret(t *testing.T) {
	master, slave, out, result := askSecret(t.Context(), t)
	if _, err := io.WriteString(master, "s3cr3t pass\n"); err != nil {
		t.Fatal(err)
	}
	got := <-result
	if got.err != nil || got.secret != "s3cr3t pass" {
		t.Errorf("got %q, %v", got.secret, got.err)
	}
	if want := `Client secret\x1b: ` + "\n"; out.String() != want {
		t.Errorf("output %q, want %q", out.String(), want)
	}
	// Nothing of it came back to the terminal before this mark.
	if _, err := io.WriteString(slave, "MARK"); err != nil {
		t.Fatal(err)
	}
	shown := ""
	for !strings.Contains(shown, "MARK") {
		part := make([]byte, 64)
		n, err := master.Read(part)
		if err != nil {
			t.Fatal(err)
		}
		shown += string(part[:n])
	}
	if strings.Contains(shown, "s3cr3t") {
		t.Errorf("the secret was shown: %q", shown)
	}
}

func TestReadSecretCancelled(t *testing.T) {
	cause := errors.New("SIGTERM")
	ctx, cancel := context.WithCancelCause(t.Context())
	master, _, _, result := askSecret(ctx, t)
	cancel(cause)
	select {
	case got := <-result:
		if !errors.Is(got.err, cause) {
			t.Errorf("error %v, want the cause", got.err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("still waiting")
	}
	// The echo is back.
	if _, err := io.WriteString(master, "x"); err != nil {
		t.Fatal(err)
	}
	one := make([]byte, 1)
	if _, err := master.Read(one); err != nil || one[0] != 'x' {
		t.Errorf("echo %q, %v", one, err)
	}
	_, _ = io.WriteString(master, "\n") // lets the abandoned read end
}

func TestReadSecretWithoutTerminal(t *testing.T) {
	for _, s := range []Streams{
		{In: strings.NewReader("x\n"), Err: io.Discard, InTTY: true, ErrTTY: true},
		{In: os.Stdin, Err: io.Discard, ErrTTY: true},
		{In: os.Stdin, Err: io.Discard, InTTY: true},
	} {
		if _, err := ReadSecret(t.Context(), s, "x"); !errors.Is(err, ErrNoTerminal) {
			t.Errorf("error %v, want ErrNoTerminal", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ReadSecret(ctx, Streams{In: os.Stdin, InTTY: true, ErrTTY: true}, "x"); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
}
