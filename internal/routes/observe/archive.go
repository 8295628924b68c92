package observe

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// zip reads the members of an archive. They are called by their number: a
// name in an archive may be anybody's, and anything.
func (r *reading) zip(file, all io.Reader, name string) error {
	at, size, err := r.random(file, all, name)
	if err != nil {
		return err
	}
	listing := &listing{in: at, left: r.budget.listing + 2*headSize}
	archive, err := zip.NewReader(listing, size)
	switch {
	case listing.left < 0 || err == nil && len(archive.File) > r.budget.members:
		return refuse(name, fmt.Sprintf("is an archive with more than %d members, or a listing as long", r.budget.members), "split it")
	case err != nil:
		return damaged(name, err)
	}
	listing.open = true
	for i, member := range archive.File {
		if err := r.ctx.Err(); err != nil {
			return err
		}
		if strings.HasSuffix(member.Name, "/") {
			continue
		}
		if err := r.member(member, fmt.Sprintf("%s (member %d)", name, i+1)); err != nil {
			return err
		}
	}
	if r.members == 0 {
		return refuse(name, "is an archive without any evidence of a known kind", "put in one of: "+names())
	}
	return nil
}

func (r *reading) member(member *zip.File, name string) error {
	if member.Flags&1 != 0 {
		return refuse(name, "is encrypted", "unpack it")
	}
	in, err := member.Open()
	if err != nil {
		return damaged(name, err)
	}
	defer func() { _ = in.Close() }()
	// What is in the listing may be a lie, but no more bytes are read than it says.
	compressed := func() int64 { return int64(min(member.CompressedSize64, 1<<62)) }
	head, all, err := begin(&source{ctx: r.ctx, name: name,
		in: &inflated{in: in, name: name, budget: r.budget, compressed: compressed}})
	if err != nil {
		return err
	}
	if blank(head) || isZip(head) {
		r.skipped++
		return nil
	}
	known, err := r.text(head, all, name, member.Name, compressed)
	if err == nil && !known {
		r.skipped++
	}
	return err
}

// random returns the archive as what can be read at any place: the file
// itself, or a copy in memory.
func (r *reading) random(file, all io.Reader, name string) (io.ReaderAt, int64, error) {
	if f, ok := file.(interface {
		io.ReaderAt
		Stat() (fs.FileInfo, error)
	}); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return f, info.Size(), nil
		}
	}
	data, err := io.ReadAll(io.LimitReader(all, r.budget.memory+1))
	switch {
	case err != nil:
		return nil, 0, err
	case int64(len(data)) > r.budget.memory:
		return nil, 0, refuse(name, fmt.Sprintf("is an archive of more than %d MiB that is no file", r.budget.memory>>20), "save it and give the file")
	}
	return bytes.NewReader(data), int64(len(data)), nil
}

// listing bounds what may be read of an archive before it is opened: a
// listing takes many times its size in memory.
type listing struct {
	in   io.ReaderAt
	left int64
	open bool
}

// ReadAt implements io.ReaderAt.
func (l *listing) ReadAt(p []byte, at int64) (int, error) {
	if l.open {
		return l.in.ReadAt(p, at)
	}
	n, err := l.in.ReadAt(p, at)
	if l.left -= int64(n); l.left < 0 {
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}
