package elide

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// plain works between tokens, up to the next string or dropped value.
func (r *Reader) plain(in []byte) []byte {
	from := 0 // what is not copied yet
	for i := 0; i < len(in); i++ {
		switch in[i] {
		case '"':
			if end := r.whole(in, i); end > 0 {
				i = end
				continue
			}
			r.out = append(r.out, in[from:i]...)
			r.begin()
			return in[i+1:]
		case ':':
			r.scalar = 0
			if r.armed {
				r.out = append(r.out, in[from:i+1]...)
				r.armed, r.state = false, await
				return in[i+1:]
			}
		case ',':
			r.scalar, r.armed = 0, false
			r.name = r.inObject()
		case '{', '[':
			if r.depth == maxDepth {
				return r.refuse("nests objects and arrays more than 10000 deep", in, from, i)
			}
			r.push(in[i] == '{')
		case '}', ']':
			r.depth = max(r.depth-1, 0)
			r.scalar, r.name, r.armed = 0, false, false
		case ' ', '\n', '\r', '\t':
			r.out = append(r.out, in[from:i]...)
			from = r.space(in, i)
			i = from - 1
		default:
			for r.scalar++; r.scalar <= maxScalar && i+1 < len(in) && (in[i+1] >= '0' && in[i+1] <= '9' || in[i+1] >= 'a' && in[i+1] <= 'z'); i++ {
				r.scalar++
			}
			if r.scalar > maxScalar {
				return r.refuse("has a number or a word of more than 1024 bytes", in, from, i)
			}
		}
	}
	r.out = append(r.out, in[from:]...)
	return nil
}

// whole takes the string that begins at in[i] at one stroke, if it ends in
// this chunk and is none to think about, and returns the index of its end; 0 if not.
// Almost all strings are like this.
func (r *Reader) whole(in []byte, i int) int {
	end := quote(in, i+1)
	if end == len(in) || in[end-1] == '\\' || !r.name && end-i-1 > r.max {
		return 0
	}
	if r.name {
		if end-i-1 > maxName {
			return 0
		}
		name := in[i+1 : end]
		for _, c := range name {
			if c == '\\' {
				return 0
			}
		}
		keep, known := r.lookup(name)
		r.armed = known && !keep || !known && r.deny
	} else {
		r.armed = false
	}
	r.name, r.scalar = false, 0
	return end
}

// begin begins a string that is copied piece by piece.
func (r *Reader) begin() {
	r.start = len(r.out)
	r.out = append(r.out, '"')
	r.isName, r.name, r.armed, r.scalar = r.name, false, false, 0
	r.state = text
}

// space leaves out white space from in[i] on and returns where it ends. What is
// apart stays apart.
func (r *Reader) space(in []byte, i int) int {
	if r.scalar > 0 {
		r.out = append(r.out, ' ')
		r.scalar = 0
	}
	for i < len(in) && (in[i] == ' ' || in[i] == '\n' || in[i] == '\r' || in[i] == '\t') {
		i++
	}
	r.cut(in[i:])
	return i
}

// refuse ends the reading at in[i].
func (r *Reader) refuse(what string, in []byte, from, i int) []byte {
	r.out = append(r.out, in[from:i]...)
	r.err = &fault{what: what, at: r.pos(in[i:]), placed: true}
	return nil
}

func (r *Reader) push(object bool) {
	word, bit := r.depth/64, uint64(1)<<(r.depth%64)
	r.kinds[word] &^= bit
	if object {
		r.kinds[word] |= bit
	}
	r.depth++
	r.scalar, r.name, r.armed = 0, object, false
}

func (r *Reader) inObject() bool {
	top := r.depth - 1
	return top >= 0 && r.kinds[top/64]>>(top%64)&1 == 1
}

// text copies a string as long as it is within the limit.
func (r *Reader) text(in []byte) []byte {
	end := r.closing(in)
	size := end
	if end < 0 {
		size = len(in)
	}
	limit := r.max
	if r.isName {
		limit = maxName
	}
	if len(r.out)-r.start-1+size > limit {
		r.out = r.out[:r.start+1]
		if r.isName {
			r.out = append(r.out, '-')
		}
		r.out = append(r.out, '"')
		r.start, r.state = -1, longText
		r.armed = r.isName && r.deny
		if end < 0 {
			return nil
		}
		return r.resume(in[end+1:])
	}
	if end < 0 {
		r.out = append(r.out, in...)
		return nil
	}
	r.out = append(r.out, in[:end+1]...)
	if r.isName {
		r.judge(in[end+1:])
	}
	r.start, r.state = -1, plain
	return in[end+1:]
}

// lookup finds a name among those that the rules know.
func (r *Reader) lookup(name []byte) (keep, known bool) {
	if len(name) >= len(r.sizes) || !r.sizes[len(name)] {
		return false, false
	}
	keep, known = r.known[string(name)]
	return keep, known
}

// judge decides on the value of the member whose name is at the end of the
// output. A name that is written with escapes is put down as the word it is,
// so that nobody behind has to think of it.
func (r *Reader) judge(rest []byte) {
	raw := r.out[r.start+1 : len(r.out)-1]
	keep, known := r.lookup(raw)
	if !known && bytes.IndexByte(raw, '\\') >= 0 && len(raw) <= maxName {
		if word, err := jsontext.AppendUnquote(nil, r.out[r.start:]); err == nil {
			if keep, known = r.lookup(word); known && !strings.ContainsAny(string(word), "\"\\") {
				r.out = append(append(r.out[:r.start+1], word...), '"')
				r.cut(rest)
			}
		}
	}
	r.armed = known && !keep || !known && r.deny
}

// closing returns the index of the quotation mark that ends a string, or -1.
func (r *Reader) closing(in []byte) int {
	from := 0
	if r.escaped && len(in) > 0 {
		from, r.escaped = 1, false
	}
	for i := from; ; {
		end := quote(in, i)
		run := end
		for run > from && in[run-1] == '\\' {
			run--
		}
		odd := (end-run)%2 == 1
		switch {
		case end == len(in):
			r.escaped = odd
			return -1
		case !odd:
			return end
		}
		i = end + 1
		from = i
	}
}

// quote returns the index of the next quotation mark, or the length. Marks
// stand close together in JSON within JSON, where a look at eight bytes at
// once is cheaper than a call for many.
func quote(in []byte, i int) int {
	for near := min(i+48, len(in)-8); i <= near; i += 8 {
		const ones, tops = 0x0101010101010101, 0x8080808080808080
		x := binary.LittleEndian.Uint64(in[i:]) ^ ones*'"'
		if hit := (x - ones) &^ x & tops; hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	if next := bytes.IndexByte(in[i:], '"'); next >= 0 {
		return i + next
	}
	return len(in)
}

// longText skips the rest of a string that was cut.
func (r *Reader) longText(in []byte) []byte {
	end := r.closing(in)
	if end < 0 {
		return nil
	}
	return r.resume(in[end+1:])
}

// await looks for the value that is dropped.
func (r *Reader) await(in []byte) []byte {
	for i, c := range in {
		switch c {
		case ' ', '\n', '\r', '\t':
			continue
		case '"':
			r.state, r.nested = droppedText, 0
		case '{', '[':
			r.state, r.nested = dropped, 1
		case '}', ']', ',', ':': // there is none, which the decoder will say
			return r.resume(in[i:])
		default:
			r.state = droppedScalar
		}
		r.out = append(r.out, "null"...)
		r.scalar = len("null")
		return in[i+1:]
	}
	return nil
}

// dropped skips the inside of an object or an array.
func (r *Reader) dropped(in []byte) []byte {
	for i := 0; i < len(in); i++ {
		switch in[i] {
		case '"':
			end := r.closing(in[i+1:])
			if end < 0 {
				r.state = droppedText
				return nil
			}
			i += end + 1
		case '{', '[':
			r.nested++
		case '}', ']':
			if r.nested--; r.nested == 0 {
				return r.resume(in[i+1:])
			}
		}
	}
	return nil
}

func (r *Reader) droppedText(in []byte) []byte {
	end := r.closing(in)
	switch {
	case end < 0:
		return nil
	case r.nested == 0:
		return r.resume(in[end+1:])
	}
	r.state = dropped
	return in[end+1:]
}

func (r *Reader) droppedScalar(in []byte) []byte {
	for i, c := range in {
		switch c {
		case ' ', '\n', '\r', '\t', ',', '}', ']', ':', '{', '[', '"':
			return r.resume(in[i:])
		}
	}
	return nil
}

// resume goes on copying after a cut.
func (r *Reader) resume(rest []byte) []byte {
	r.state = plain
	r.cut(rest)
	return rest
}
