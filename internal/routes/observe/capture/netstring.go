package capture

import (
	"errors"
	"io"
)

// errFlow is a flow file that breaks its own grammar.
var errFlow = errors.New("has a value that is no typed netstring")

// length reads LENGTH: of a value that has to fit into room bytes, with its
// type; a room below 0 is one that nobody knows.
func (f *flows) length(room int64) (int64, error) {
	n := int64(0)
	for digits := 0; ; digits++ {
		c, err := f.in.ReadByte()
		if err != nil {
			return 0, err
		}
		if c == ':' && digits > 0 {
			f.at++
			break
		}
		if c < '0' || c > '9' || digits == flowDigit {
			return 0, errFlow
		}
		f.at++
		n = n*10 + int64(c-'0')
	}
	if room >= 0 && n >= room {
		return 0, errFlow
	}
	return n, nil
}

func (f *flows) skip(n int64) error {
	for n > 0 {
		step, err := f.in.Discard(int(min(n, 1<<30)))
		f.at += int64(step)
		n -= int64(step)
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *flows) kind() (byte, error) {
	c, err := f.in.ReadByte()
	if err == nil {
		f.at++
	}
	return c, err
}

// scalar reads a value of at most limit bytes into b; a longer one is skipped
// and empty.
func (f *flows) scalar(b []byte, room, limit int64) ([]byte, error) {
	b = b[:0]
	size, err := f.length(room)
	if err != nil {
		return b, err
	}
	if size > limit {
		if err = f.skip(size); err != nil {
			return b, err
		}
	} else {
		b = append(b, make([]byte, size)...)
		n, err := io.ReadFull(f.in, b)
		f.at += int64(n)
		if err != nil {
			return b[:0], err
		}
	}
	kind, err := f.kind()
	if err != nil || kind == '~' || kind == '}' || kind == ']' {
		return b[:0], err
	}
	return b, nil
}

// members reads the inside of a dictionary or a list of size bytes and its
// type, and calls member until nothing is left of it.
func (f *flows) members(size int64, member func(end int64) error) error {
	end := f.at + size
	for f.at < end {
		if err := member(end); err != nil {
			return err
		}
	}
	if f.at != end {
		return errFlow
	}
	_, err := f.kind()
	return err
}

// inner does the same for a value with its length before it. A value without
// members, such as null, has none.
func (f *flows) inner(end int64, member func(end int64) error) (size int64, err error) {
	if size, err = f.length(end - f.at); err != nil {
		return 0, err
	}
	return size, f.members(size, member)
}

// pass skips a value.
func (f *flows) pass(end int64) error {
	size, err := f.length(end - f.at)
	if err != nil {
		return err
	}
	return f.skip(size + 1)
}
