package ask

import (
	"context"
	"errors"
	"io"
	"strings"
)

// maxLine limits one answer, in bytes, so that a wrong pipe cannot fill memory.
const maxLine = 64 << 10

var errLineTooLong = errors.New("the line is too long")

// lineReader hands out one line for each call. It reads byte by byte and never
// ahead, so what follows the line is left for whoever reads the stream next: a
// second Run, or a prompt for a secret. It remembers the end of the input.
type lineReader struct {
	in   io.Reader
	done bool
}

type lineResult struct {
	text string
	err  error
}

// read returns the next line without its end. The reading itself cannot be
// interrupted, so it happens beside: a cancelled context returns at once and
// leaves the read behind, which ends with the process.
func (r *lineReader) read(ctx context.Context) (string, error) {
	if r.done {
		return "", ErrInputEnded
	}
	result := make(chan lineResult, 1)
	go func() {
		text, err := readLine(r.in)
		result <- lineResult{text, err}
	}()
	select {
	case <-ctx.Done():
		r.done = true
		return "", interrupted(ctx)
	case got := <-result:
		switch {
		case got.err == nil || errors.Is(got.err, errLineTooLong):
			return got.text, got.err
		case got.text != "":
			r.done = true // a last line without an end still counts
			return got.text, nil
		case errors.Is(got.err, io.EOF):
			r.done = true
			return "", ErrInputEnded
		}
		r.done = true
		return "", got.err
	}
}

func readLine(in io.Reader) (string, error) {
	var line []byte
	tooLong := false
	one := make([]byte, 1)
	for {
		n, err := in.Read(one)
		if n > 0 {
			switch {
			case one[0] == '\n' && tooLong:
				return "", errLineTooLong
			case one[0] == '\n':
				return text(line), nil
			case len(line) == maxLine:
				tooLong = true
			default:
				line = append(line, one[0])
			}
		}
		if err != nil {
			return text(line), err
		}
	}
}

// text drops the carriage return of a Windows line end and replaces tabs.
func text(line []byte) string {
	return strings.ReplaceAll(strings.TrimSuffix(string(line), "\r"), "\t", " ")
}
