package route

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/apionboard/ngapi/internal/exit"
)

// MaxBytes is the size of the largest route list that is read, in bytes: many
// times what 100,000 routes need.
const MaxBytes = 64 << 20

// textReader passes UTF-8 text through, without a byte order mark, and stops
// with an *exit.Error that says where anything else begins.
type textReader struct {
	from         io.Reader
	file         string
	started      bool
	line, column int    // of the next byte, from 1
	total        int64  // bytes passed
	tail         []byte // the beginning of a character whose rest is not read yet
	failed       error
}

func newTextReader(r io.Reader, file string) *textReader {
	return &textReader{from: r, file: file, line: 1, column: 1}
}

// Read implements io.Reader.
func (t *textReader) Read(p []byte) (int, error) {
	if t.failed != nil {
		return 0, t.failed
	}
	if len(p) < 2*utf8.UTFMax {
		return 0, io.ErrShortBuffer
	}
	kept := copy(p, t.tail)
	n, err := t.from.Read(p[kept:])
	data := p[:kept+n]
	t.tail = t.tail[:0]
	if !t.started && (len(data) >= 3 || err != nil) {
		t.started = true
		if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
			return t.fail("the file is UTF-16", "save it as CSV UTF-8")
		}
		if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
			data = data[:copy(data, data[3:])]
		}
	} else if !t.started {
		t.tail = append(t.tail, data...)
		return 0, err
	}
	good := t.valid(data)
	if rest := data[good:]; len(rest) > 0 {
		if err != nil || utf8.FullRune(rest) {
			return t.fail("the text is not UTF-8", "save the file as CSV UTF-8")
		}
		t.tail = append(t.tail, rest...)
	}
	if t.total += int64(good); t.total > MaxBytes {
		return t.fail("the file is larger than 64 MiB", "a route list has one row for each route template")
	}
	if err != nil {
		t.failed = err
	}
	return good, err
}

// valid returns the length of the valid beginning and moves the position on.
func (t *textReader) valid(data []byte) int {
	for i := 0; i < len(data); {
		size := 1
		if data[i] >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && n <= 1 {
				return i
			}
			size = n
		}
		t.column++
		if data[i] == '\n' {
			t.line, t.column = t.line+1, 1
		}
		i += size
	}
	return len(data)
}

func (t *textReader) fail(what, do string) (int, error) {
	t.failed = exit.Problems(exit.Usage, []exit.Problem{{File: t.file, Line: t.line, Column: t.column, What: what, Do: do}})
	return 0, t.failed
}
