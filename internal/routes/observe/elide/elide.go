// Package elide stands in front of a JSON decoder and cuts out what must never
// be decoded: the values of named members (bodies, header values) and every
// string that is longer than a limit. It bounds the memory that a document can
// take, and it is what keeps the content of messages out of the program.
//
// The contract: what a Reader returns is JSON of the same structure as what it
// reads, and broken where that is broken, except within what was cut, which is
// only skipped. A dropped value becomes null, a string that is too long
// becomes "", the name of a member of more than 1 KiB becomes "-". White space
// is left out, but for one space behind a number or a word. The memory in use does not depend on the input.
package elide

import (
	"bytes"
	"errors"
	"io"
)

// Limits that hold for every document.
const (
	DefaultString = 64 << 10 // bytes of a string, where the rules say nothing
	maxDepth      = 10_000   // nested objects and arrays; the decoder has the same limit
	maxScalar     = 1 << 10  // bytes of a number
	maxName       = 1 << 10  // bytes of a name; the decoder keeps those of all open objects. The rules know none of more than 63
	chunk         = 32 << 10 // bytes that are read at once
)

// Rules say what is cut.
type Rules struct {
	Keep      []string // names of members, at any depth, whose value is kept; every other becomes null. None: all are kept
	Drop      []string // names of members, at any depth, whose value becomes null
	Words     []string // further names that the format defines; the only ones, with Keep and Drop, that an error may show
	MaxString int      // bytes; a longer string becomes ""; 0 means 64 KiB
}

// A Reader reads JSON and leaves out what its Rules name.
type Reader struct {
	in    io.Reader
	err   error           // sticky, once what is left in out was read
	known map[string]bool // member names that mean something: whether their value is kept
	sizes [64]bool        // lengths of these names
	deny  bool            // a name that is not known loses its value
	max   int

	buf     []byte // the chunk of input
	end     int64  // offset in the input of the end of the chunk
	started bool

	out     []byte
	read    int   // bytes of out that were returned
	outBase int64 // offset in the output of out[0]
	cuts    ring

	state   state
	kinds   [maxDepth/64 + 1]uint64 // one bit for each open container: 1 is an object
	depth   int
	name    bool // the next string is the name of a member
	armed   bool // the value after the next colon is dropped
	scalar  int  // bytes of the number or literal at the end of the output
	start   int  // where in out the string begins that is being read; -1: none
	isName  bool // that string is the name of a member
	escaped bool // the chunk ended within an escape of a string
	nested  int  // open containers within a dropped value
}

type state uint8

const (
	plain         state = iota // between tokens, in numbers and literals
	text                       // in a string that is kept so far
	longText                   // in a string that was cut
	await                      // after the colon of a member whose value is dropped
	dropped                    // in a dropped object or array
	droppedText                // in a dropped string
	droppedScalar              // in a dropped number or literal
)

// NewReader returns a Reader of r.
func NewReader(r io.Reader, rules Rules) *Reader {
	e := &Reader{in: r, max: rules.MaxString, start: -1, known: make(map[string]bool), deny: len(rules.Keep) > 0}
	if e.max == 0 {
		e.max = DefaultString
	}
	for _, name := range rules.Words {
		e.known[name] = !e.deny
	}
	for _, name := range rules.Keep {
		e.known[name] = true
	}
	for _, name := range rules.Drop {
		e.known[name] = false
	}
	for name := range e.known {
		if len(name) < len(e.sizes) {
			e.sizes[len(name)] = true
		}
	}
	e.buf = make([]byte, chunk)
	e.out = make([]byte, 0, chunk)
	return e
}

// Read implements io.Reader. Errors are those of the input, or of this package
// for what is no UTF-8 JSON of bounded depth; Problem puts them into words.
func (r *Reader) Read(p []byte) (int, error) {
	for r.ready() == r.read {
		if r.err != nil {
			return 0, r.err
		}
		r.fill()
	}
	n := copy(p, r.out[r.read:r.ready()])
	r.read += n
	return n, nil
}

// ready is the length of what may be returned: not a string whose length is
// not known yet.
func (r *Reader) ready() int {
	if r.start >= 0 && r.err == nil {
		return r.start
	}
	return len(r.out)
}

// fill reads a chunk and works through it.
func (r *Reader) fill() {
	n := copy(r.out, r.out[r.read:])
	r.out = r.out[:n]
	r.outBase += int64(r.read)
	if r.start >= 0 {
		r.start -= r.read
	}
	r.read = 0

	in, err := r.more()
	for len(in) > 0 && r.err == nil {
		switch r.state {
		case plain:
			in = r.plain(in)
		case text:
			in = r.text(in)
		case longText:
			in = r.longText(in)
		case await:
			in = r.await(in)
		case dropped:
			in = r.dropped(in)
		case droppedText:
			in = r.droppedText(in)
		case droppedScalar:
			in = r.droppedScalar(in)
		}
	}
	if r.err == nil {
		r.err = err
	}
}

// more returns the next chunk of input, the first one without its byte order
// mark.
func (r *Reader) more() ([]byte, error) {
	if r.started {
		for range 100 {
			n, err := r.in.Read(r.buf)
			r.end += int64(n)
			if n > 0 || err != nil {
				return r.buf[:n], err
			}
		}
		return nil, io.ErrNoProgress
	}
	r.started = true
	n, err := io.ReadAtLeast(r.in, r.buf, 4)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	r.end = int64(n)
	in := r.buf[:n]
	if UTF16(in) {
		return nil, &fault{what: "is not UTF-8 text but UTF-16 or UTF-32", do: "save it as UTF-8"}
	}
	if mark := []byte("\xef\xbb\xbf"); bytes.HasPrefix(in, mark) {
		in = in[len(mark):]
		r.cut(in)
	}
	return in, err
}

// UTF16 tells whether text begins like UTF-16 or UTF-32: with their byte order
// mark, or with a zero byte where JSON and logs have a character.
func UTF16(head []byte) bool {
	return len(head) >= 2 && (head[0] == 0xff && head[1] == 0xfe || head[0] == 0xfe && head[1] == 0xff || head[0] == 0 || head[1] == 0)
}
