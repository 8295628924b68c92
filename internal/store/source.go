package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/apionboard/ngapi/internal/exit"
)

// bom is the byte order mark of UTF-8. It is accepted, and kept by an edit.
const bom = "\xef\xbb\xbf"

// shown makes a path safe to print: one with control characters is quoted.
func shown(path string) string {
	for _, r := range path {
		if !unicode.IsPrint(r) {
			return strconv.Quote(path)
		}
	}
	return path
}

// fileError builds a failure about a whole file that keeps its cause.
func fileError(code exit.Code, path, what, do string, cause error) error {
	return &exit.Error{Code: code, Err: cause, Problems: []exit.Problem{{File: shown(path), What: what, Do: do}}}
}

// readFile reads a file of at most limit bytes. A longer one is refused without
// being read to its end.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fileError(exit.Usage, path, "this is a folder, not a file", "name the file in it, for example "+FileName, nil)
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, unreadable(path, err)
	}
	if int64(len(data)) > limit {
		return nil, fileError(exit.Usage, path, fmt.Sprintf("the file is larger than %d bytes", limit), "name a smaller file", nil)
	}
	return data, nil
}

// unreadable says why a file cannot be opened or read.
func unreadable(path string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fileError(exit.Usage, path, "there is no such file", "run ngapi onboard or ngapi profile init to make a profile, or name one with --profile FILE", err)
	case errors.Is(err, fs.ErrPermission):
		return fileError(exit.Usage, path, "you are not allowed to read this file", "change its permissions or name another one", err)
	}
	return fileError(exit.Usage, path, "the file cannot be read: "+reason(err), "name another file", err)
}

// reason is the cause of a file error without the path, which is said already.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err.Error()
	}
	return strconv.Quote(err.Error())
}

// text checks that data is text that can be shown and parsed, and returns it
// without a byte order mark. The problem names the first offending byte.
func text(name string, data []byte) ([]byte, *exit.Problem) {
	flaw := func(at int, what, do string) *exit.Problem {
		line, column := position(data, at)
		return &exit.Problem{File: shown(name), Line: line, Column: column, What: what, Do: do}
	}
	if len(data) > MaxBytes {
		return nil, &exit.Problem{File: shown(name), What: fmt.Sprintf("the file is larger than %d bytes (1 MiB)", MaxBytes), Do: "a profile is a few kilobytes; check that this is the right file"}
	}
	if utf16(data) {
		return nil, flaw(0, "the file is UTF-16 text", "save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte(bom))
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return nil, flaw(i, fmt.Sprintf("byte %d is not UTF-8 text", i+1), "save the file as UTF-8")
		case r == '\r' && (i+1 == len(data) || data[i+1] != '\n'):
			return nil, flaw(i, "a carriage return stands alone", "end lines with LF or CRLF")
		case r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xFEFF || (unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r'):
			return nil, flaw(i, fmt.Sprintf("control character U+%04X", r), "remove it")
		}
		i += size
	}
	return data, nil
}

// utf16 recognises both byte orders, with a mark or by a zero in one of the
// first two bytes of a text that begins with an ASCII character.
func utf16(data []byte) bool {
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		return true
	}
	return len(data) >= 2 && (data[0] == 0) != (data[1] == 0)
}

// position turns a byte offset into line and column, both from 1; the column
// counts characters.
func position(data []byte, at int) (line, column int) {
	before := data[:min(at, len(data))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[start:])
}
