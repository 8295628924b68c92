package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
)

// Limits bound what a reader takes from one workbook.
type Limits struct {
	Size     int64 // bytes of the file
	Members  int   // of the archive
	Inflated int64 // bytes of all members that are read, together
	Rows     int   // of all sheets
	Columns  int   // with a value, in one row
	Cells    int   // with a value, of all sheets
	Strings  int   // shared texts
}

// DefaultLimits fit any table that people keep: 32 MiB of file, 96 MiB of
// content, 200,000 rows, two million cells.
func DefaultLimits() Limits {
	return Limits{Size: 32 << 20, Members: 1000, Inflated: 96 << 20, Rows: 200_000, Columns: 256, Cells: 2_000_000, Strings: 1_000_000}
}

// Book is an open workbook. It is for one goroutine.
type Book struct {
	limits  Limits
	members map[string]*zip.File
	sheets  []sheetRef
	strings []string // shared texts; nil until they are needed
	texts   string   // the member that holds them, "" where there is none
	left    int64    // bytes that may still be inflated
	rows    int
	cells   int
}

type sheetRef struct{ name, member string }

// The failures inside a member. fail turns them into words.
var (
	errTooLarge = errors.New("larger than the limit")
	errMarkup   = errors.New("broken markup")
)

// Open reads the table of contents of a workbook of size bytes. The error is an
// *exit.Error with exit.Usage.
func Open(r io.ReaderAt, size int64, l Limits) (*Book, error) {
	if size > l.Size {
		return nil, tooLarge()
	}
	if err := looksLikeArchive(r, size, l); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "this is no workbook: the archive is broken or cut short; save it again as .xlsx")
	}
	b := &Book{limits: l, members: map[string]*zip.File{}, left: l.Inflated}
	for _, f := range z.File {
		if b.members[f.Name] != nil {
			return nil, broken()
		}
		b.members[f.Name] = f
	}
	if len(b.members) > l.Members {
		return nil, tooLarge()
	}
	if err := b.contents(); err != nil {
		return nil, fail(err)
	}
	return b, nil
}

// Names returns the names of the sheets in the order of the workbook.
func (b *Book) Names() []string {
	names := make([]string, len(b.sheets))
	for i, s := range b.sheets {
		names[i] = s.name
	}
	return names
}

// looksLikeArchive tells a password or an old form in words, and counts the
// entries of the directory before the archive reader makes an object of each.
func looksLikeArchive(r io.ReaderAt, size int64, l Limits) error {
	buffer := make([]byte, 1<<16)
	n, _ := r.ReadAt(buffer[:min(8, size)], 0)
	switch head := buffer[:n]; {
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return exit.Errorf(exit.Usage, "this workbook has a password or the old form .xls; save it as .xlsx without a password")
	case !bytes.HasPrefix(head, []byte("PK")):
		return exit.Errorf(exit.Usage, "this is no .xlsx workbook; save the table as .xlsx")
	}
	const slack = 64 // the mark can stand in packed bytes by chance
	mark, count := []byte("PK\x01\x02"), 0
	for at := int64(0); at < size; at += int64(len(buffer) - len(mark) + 1) {
		n, err := r.ReadAt(buffer[:min(int64(len(buffer)), size-at)], at)
		if count += bytes.Count(buffer[:n], mark); count > l.Members+slack {
			return tooLarge()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return exit.Errorf(exit.Usage, "the workbook cannot be read: %w", err)
		}
	}
	return nil
}

func tooLarge() error {
	return exit.Errorf(exit.Usage, "the workbook is larger than ngapi reads, or packed to look small; save only the sheets that matter")
}

func broken() error {
	return exit.Errorf(exit.Usage, "the workbook is broken inside; open it in a spreadsheet program and save it again as .xlsx")
}

// fail words a failure. Those of the libraries are not repeated, because they
// quote what they read.
func fail(err error) error {
	var typed *exit.Error
	switch {
	case err == nil || errors.As(err, &typed):
		return err
	case errors.Is(err, errTooLarge):
		return tooLarge()
	}
	return broken()
}

// budget hands out what may still be inflated, over all members.
type budget struct {
	r    io.Reader
	left *int64
}

func (b budget) Read(p []byte) (int, error) {
	if *b.left <= 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > *b.left {
		p = p[:*b.left]
	}
	n, err := b.r.Read(p)
	*b.left -= int64(n)
	return n, err
}

// each reads a member and hands every element to start. nil for a member that
// is not there and need not be.
func (b *Book) each(member string, start func(*xml.Decoder, xml.StartElement) error) error {
	s, err := b.stream(member)
	if err != nil {
		return err
	}
	defer s.close()
	for {
		token, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := start(s.d, e); err != nil {
				return err
			}
		}
	}
}

// contents finds the sheets: from the package to the workbook, from there to
// its parts. A part outside the file is never followed.
func (b *Book) contents() error {
	main := "xl/workbook.xml"
	if b.members["_rels/.rels"] != nil {
		links, err := b.relations("_rels/.rels", "")
		if err != nil {
			return err
		}
		for _, l := range links {
			if strings.HasSuffix(l.kind, "/officeDocument") {
				main = l.member
			}
		}
	}
	links, err := b.relations(path.Join(path.Dir(main), "_rels", path.Base(main)+".rels"), path.Dir(main))
	if err != nil {
		return err
	}
	byID := map[string]relation{}
	for _, l := range links {
		byID[l.id] = l
		if strings.HasSuffix(l.kind, "/sharedStrings") {
			b.texts = l.member
		}
	}
	return b.each(main, func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "sheet" {
			return nil
		}
		name, id := attribute(e, "name"), ""
		for _, a := range e.Attr {
			if a.Name.Local == "id" && a.Name.Space != "" {
				id = a.Value
			}
		}
		if l, ok := byID[id]; ok && strings.HasSuffix(l.kind, "/worksheet") {
			b.sheets = append(b.sheets, sheetRef{name, l.member})
		}
		if len(b.sheets) > b.limits.Members {
			return errTooLarge
		}
		return nil
	})
}

type relation struct{ id, kind, member string }

func (b *Book) relations(member, dir string) ([]relation, error) {
	var all []relation
	err := b.each(member, func(_ *xml.Decoder, e xml.StartElement) error {
		target := attribute(e, "Target")
		if e.Name.Local != "Relationship" || attribute(e, "TargetMode") == "External" || target == "" {
			return nil
		}
		if target[0] != '/' {
			target = path.Join(dir, target)
		}
		all = append(all, relation{attribute(e, "Id"), attribute(e, "Type"), strings.TrimPrefix(path.Clean(target), "/")})
		if len(all) > 10*b.limits.Members {
			return errTooLarge
		}
		return nil
	})
	return all, err
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
