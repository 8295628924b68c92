// Package lines reads text line by line in constant memory: a line that is
// longer than the limit is skipped and said to be so, never held.
//
// The contract: lines end with LF or CRLF; the last one may end with the file.
// A byte order mark at the beginning and NUL bytes in front of a line (what a
// log that was cut while it was written begins with) are no part of a line.
// Text in UTF-16 is an *exit.Error with exit.Usage; other encodings pass as
// they are. No error holds anything of the text.
package lines

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/apionboard/ngapi/internal/exit"
)

// Max is the length of the longest line that is read, in bytes.
const Max = 64 << 10

// A Scanner reads lines. Use it like a bufio.Scanner.
type Scanner struct {
	in      *bufio.Reader
	file    string
	number  int64
	line    []byte
	long    bool
	started bool
	err     error
}

// New returns a Scanner of r. file is for messages only.
func New(r io.Reader, file string) *Scanner {
	return &Scanner{in: bufio.NewReaderSize(r, Max), file: file}
}

// Next reads the next line and tells whether there is one.
func (s *Scanner) Next() bool {
	if s.err != nil {
		return false
	}
	if !s.started && !s.start() {
		return false
	}
	line, err := s.in.ReadSlice('\n')
	s.long = errors.Is(err, bufio.ErrBufferFull)
	for errors.Is(err, bufio.ErrBufferFull) {
		line, err = s.in.ReadSlice('\n')
	}
	if err != nil {
		s.err = err
		if !errors.Is(err, io.EOF) || len(line) == 0 && !s.long {
			return false
		}
	}
	s.number++
	s.line = nil
	if !s.long {
		s.line = bytes.TrimLeft(trimEnd(line), "\x00")
	}
	return true
}

// trimEnd takes the end of line off.
func trimEnd(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line
}

// start looks for a byte order mark.
func (s *Scanner) start() bool {
	s.started = true
	mark, err := s.in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
		return false
	}
	if bytes.HasPrefix(mark, []byte("\xff\xfe")) || bytes.HasPrefix(mark, []byte("\xfe\xff")) {
		s.err = exit.Problems(exit.Usage, []exit.Problem{{
			File: s.file, Line: 1, Column: 1, What: "the text is UTF-16", Do: "save it as UTF-8",
		}})
		return false
	}
	if string(mark) == "\xef\xbb\xbf" {
		_, _ = s.in.Discard(3) // three bytes that were just peeked at
	}
	return true
}

// Line returns the line without its end; it is valid until Next. A line that
// was too long is nil.
func (s *Scanner) Line() []byte { return s.line }

// Long tells whether the line was longer than Max and was skipped.
func (s *Scanner) Long() bool { return s.long }

// Number is the number of the line, from 1.
func (s *Scanner) Number() int64 { return s.number }

// Err returns what ended the reading other than the end of the text: the error
// of the reader, or an *exit.Error.
func (s *Scanner) Err() error {
	if errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.err
}

// Head calls yield for the complete lines at the beginning of a text, at most
// limit of them and none that is empty. The last line of head counts only
// where it is the only one: it may be cut.
func Head(head []byte, limit int, yield func(line []byte)) {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	seen := 0
	for seen < limit && len(head) > 0 {
		line, rest, complete := bytes.Cut(head, []byte("\n"))
		if !complete && seen > 0 {
			return
		}
		head = rest
		if line = bytes.TrimLeft(trimEnd(line), "\x00"); len(bytes.TrimSpace(line)) > 0 {
			seen++
			yield(line)
		}
	}
}
