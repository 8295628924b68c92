package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/term"
)

// ErrNoTerminal says that there is no terminal to read a secret from.
var ErrNoTerminal = errors.New("standard input is no terminal")

// ReadSecret prints a prompt to Err and reads one line from the terminal
// without showing it. The echo is switched on again in every case, also when
// ctx ends first; the error is then that of ctx.
func ReadSecret(ctx context.Context, s Streams, prompt string) (string, error) {
	in, ok := s.In.(*os.File)
	if !ok || !s.InTTY {
		return "", ErrNoTerminal
	}
	fd := int(in.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	fmt.Fprint(s.Err, Clean(prompt))
	type line struct {
		text []byte
		err  error
	}
	got := make(chan line, 1)
	go func() { // a read from a terminal cannot be cancelled; it ends with the process
		text, err := term.ReadPassword(fd)
		got <- line{text, err}
	}()
	select {
	case l := <-got:
		fmt.Fprintln(s.Err)
		return string(l.text), l.err
	case <-ctx.Done():
		_ = term.Restore(fd, before)
		fmt.Fprintln(s.Err)
		return "", ctx.Err()
	}
}
