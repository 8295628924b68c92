package observe

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/apionboard/ngapi/internal/exit"
)

// headSize is how much of a file tells what it is.
const headSize = 64 << 10

// A source reads a file, counts, ends with its context, and puts the
// errors of the file into words.
type source struct {
	ctx  context.Context
	in   io.Reader
	name string
	read int64
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.in.Read(p)
	s.read += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = unreadable(s.name, "read", err)
	}
	return n, err
}

// unreadable is the refusal of the system to open or read a file. The path in
// the error of the system is left out; the name stands in front.
func unreadable(name, verb string, err error) error {
	if ready := (*exit.Error)(nil); errors.As(err, &ready) {
		return err
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	return refuse(name, fmt.Sprintf("cannot be %s: %v", verb, err), "")
}

// begin reads the head of a file and returns it and a reader of the whole.
func begin(in io.Reader) (head []byte, all io.Reader, err error) {
	head = make([]byte, headSize)
	n, err := io.ReadFull(in, head)
	head = head[:n]
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return head, bytes.NewReader(head), nil
	case err != nil:
		return nil, nil, err
	}
	return head, io.MultiReader(bytes.NewReader(head), in), nil
}

func isGzip(head []byte) bool { return bytes.HasPrefix(head, []byte{0x1f, 0x8b}) }

func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

func blank(head []byte) bool {
	return len(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))) == 0
}

// limits are what an archive may demand.
type limits struct {
	inflated int64 // bytes in all
	ratio    int64 // of inflated to compressed bytes of one file ...
	free     int64 // ... once so many bytes are inflated
	members  int
	listing  int64 // bytes of the listing of a zip
	memory   int64 // bytes of a zip that is no file
}

func bounds() limits {
	return limits{inflated: 16 << 30, ratio: 1000, free: 64 << 20, members: 10_000, listing: 4 << 20, memory: 64 << 20}
}

// A budget is what is left of the limits for one input.
type budget struct {
	limits
	used int64
}

// inflated reads what comes out of a decompressor and stops a bomb.
type inflated struct {
	in         io.Reader
	name       string
	budget     *budget
	read       int64
	compressed func() int64
}

// Read implements io.Reader.
func (i *inflated) Read(p []byte) (int, error) {
	n, err := i.in.Read(p)
	i.read += int64(n)
	i.budget.used += int64(n)
	switch {
	case i.budget.used > i.budget.inflated:
		return 0, refuse(i.name, fmt.Sprintf("inflates to more than %d GiB", i.budget.inflated>>30), "split it")
	case i.read > i.budget.free && i.read/i.budget.ratio > i.compressed():
		return 0, refuse(i.name, fmt.Sprintf("inflates to more than %d times its size", i.budget.ratio), "unpack it, if you trust it")
	case err == nil, errors.Is(err, io.EOF):
		return n, err
	}
	return n, damaged(i.name, err)
}

// damaged is the word of a decompressor, but not that of what is below it.
func damaged(name string, err error) error {
	ready := (*exit.Error)(nil)
	if errors.As(err, &ready) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return refuse(name, "is compressed, and damaged or cut short", "fetch it again")
}

func (b *budget) gzip(in io.Reader, name string, compressed func() int64) (io.Reader, error) {
	z, err := gzip.NewReader(bufio.NewReaderSize(in, 32<<10))
	if err != nil {
		return nil, damaged(name, err)
	}
	return &inflated{in: z, name: name, budget: b, compressed: compressed}, nil
}
