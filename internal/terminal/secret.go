package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// ErrNoTerminal says that a secret cannot be asked for, because there is nobody
// to ask: In or Err is no terminal.
var ErrNoTerminal = errors.New("a secret can be typed at a terminal only")

// ReadSecret asks for a secret on Err and reads one line from the terminal
// without showing it. A cancelled context returns its cause at once, with the
// terminal as it was; end of input returns io.EOF. The secret is returned as it
// was typed, and is printed nowhere.
func ReadSecret(ctx context.Context, s Streams, prompt string) (string, error) {
	in, ok := s.In.(*os.File)
	if !ok || !s.InTTY || !s.ErrTTY {
		return "", ErrNoTerminal
	}
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	fd := int(in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("the terminal cannot be used: %w", err)
	}
	if _, err := fmt.Fprintf(s.Err, "%s: ", Clean(prompt)); err != nil {
		return "", err
	}
	// The line end that the person typed was not shown either.
	defer func() { _, _ = io.WriteString(s.Err, "\n") }()

	type result struct {
		line []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		read <- result{line, err}
	}()
	select {
	case <-ctx.Done():
		// The read cannot be interrupted and ends with the process; the echo must
		// come back now.
		_ = term.Restore(fd, before)
		return "", context.Cause(ctx)
	case got := <-read:
		return string(got.line), got.err
	}
}
