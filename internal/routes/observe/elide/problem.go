package elide

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/apionboard/ngapi/internal/exit"
)

// A fault is what this package or a reader behind it has to say against a
// document. It holds no word of it.
type fault struct {
	what, do string
	at       int64
	placed   bool // at is known
}

func (f *fault) Error() string { return f.what }

// Wrong returns an error that says what is wrong with the value that was read
// last, for Problem. Neither text may hold a word of the document.
func Wrong(what, do string) error { return &fault{what: what, do: do} }

// Decoder returns a decoder of the JSON documents in r behind a Reader. Equal
// names in an object and broken UTF-8 are accepted: a capture is evidence, and
// nobody can repair it.
func Decoder(r io.Reader, rules Rules) (*jsontext.Decoder, *Reader) {
	e := NewReader(r, rules)
	return jsontext.NewDecoder(e, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)), e
}

// Problem puts an error of dec into words: the byte offset in the input and the
// JSON pointer, in which everything but an index and a name that the rules
// know shows as *. An *exit.Error comes out of what is wrapped around it, an
// error of the input, such as the end of a context, stays as it is, nil stays nil.
func Problem(name string, r *Reader, dec *jsontext.Decoder, err error) error {
	var (
		ready  *exit.Error
		own    *fault
		syntax *jsontext.SyntacticError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &ready):
		return ready
	case errors.As(err, &own):
		at := own.at
		if !own.placed {
			at = r.Offset(dec.InputOffset())
		}
		return r.problem(name, own.what, own.do, at, dec.StackPointer(), dec)
	case errors.As(err, &syntax):
		at := r.Offset(syntax.ByteOffset)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return r.problem(name, "ends in the middle of the JSON text", "it was cut short; export it again", r.end, syntax.JSONPointer, dec)
		}
		return r.problem(name, "is not JSON", "it is damaged; export it again", at, syntax.JSONPointer, dec)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return r.problem(name, "ends in the middle of the JSON text", "it was cut short; export it again", r.end, dec.StackPointer(), dec)
	}
	return err
}

func (r *Reader) problem(name, what, do string, at int64, p jsontext.Pointer, dec *jsontext.Decoder) error {
	place := fmt.Sprintf(" at byte %d", at)
	if shown := r.pointer(p, dec); shown != "" {
		place += ", JSON pointer " + shown
	}
	return exit.Problems(exit.Usage, []exit.Problem{{File: name, What: what + place, Do: do}})
}

// pointer renders a JSON pointer without the names that documents bring along.
// A number is an index only within an array: an object may have ids for names.
func (r *Reader) pointer(p jsontext.Pointer, dec *jsontext.Decoder) string {
	var b strings.Builder
	level := 0
	for token := range p.Tokens() {
		if level++; level > 32 {
			b.WriteString("/...")
			break
		}
		array := false
		if level <= dec.StackDepth() {
			kind, _ := dec.StackIndex(level)
			array = kind == '['
		}
		if _, known := r.known[token]; !known && !(array && digits(token)) {
			token = "*"
		}
		b.WriteString("/" + token)
	}
	return b.String()
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
