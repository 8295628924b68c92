package sheet

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
)

// Style is how a cell looks. The values are those of cellXfs in styles.xml,
// less one: the first of those is the cell that nobody wrote.
type Style int

// The styles.
const (
	Plain   Style = iota // wrapped, at the top of its row
	Head                 // the header of what people wrote
	HeadToo              // the header of what was added
	Added                // a cell of what was added
	Label                // bold
	Title                // large and bold
)

// Column is one column of a table.
type Column struct {
	Name    string
	Width   float64  // in characters of the standard font
	Choices []string // the values that the cell may have; no commas or quotation marks in them
	Number  bool     // cells of digits are numbers
	Head    Style    // of the header
	Body    Style    // of the cells below
}

// Table is one sheet: a header that stays in sight and prints on every page,
// and rows that are made one at a time. Without a header (Bare) it is plain
// lines.
type Table struct {
	Name    string // at most 31 characters, none of []:*?/\ and no apostrophe
	Columns []Column
	Rows    int
	Row     func(i int) []string // at most as many cells as there are columns
	Bare    bool                 // no header, no filter; the first row is a title, the first column labels
}

// Write writes a workbook of the tables, in their order. The same tables give
// the same bytes. A table that is larger than the form allows is an
// *exit.Error with exit.Usage.
func Write(w io.Writer, tables []Table) error {
	for i := range tables {
		if t := &tables[i]; t.Rows >= MaxRows || len(t.Columns) > MaxColumns {
			return exit.Errorf(exit.Usage, "a workbook holds at most %d rows and %d columns; use another format", MaxRows-1, MaxColumns)
		}
	}
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	parts := []struct {
		name string
		text func(*part)
	}{
		{"[Content_Types].xml", func(p *part) { contentTypes(p, len(tables)) }},
		{"_rels/.rels", func(p *part) { p.raw(packageRels) }},
		{"xl/workbook.xml", func(p *part) { workbook(p, tables) }},
		{"xl/_rels/workbook.xml.rels", func(p *part) { workbookRels(p, len(tables)) }},
		{"xl/styles.xml", func(p *part) { p.raw(styles) }},
	}
	for _, one := range parts {
		if err := writePart(z, one.name, one.text); err != nil {
			return err
		}
	}
	for i := range tables {
		if err := writePart(z, fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), tables[i].write); err != nil {
			return err
		}
	}
	return z.Close()
}

// part writes the text of one member.
type part struct{ w *bufio.Writer }

// raw writes markup. A failure stays in the writer and shows when it is flushed.
func (p *part) raw(s string) { _, _ = p.w.WriteString(s) }

func (p *part) int(n int) { p.raw(strconv.Itoa(n)) }

func writePart(z *zip.Writer, name string, text func(*part)) error {
	// 1980 is the first year of the archive form: no clock goes into the file.
	member, err := z.CreateHeader(&zip.FileHeader{
		Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	p := &part{bufio.NewWriterSize(member, 1<<16)}
	p.raw(declaration)
	text(p)
	if err := p.w.Flush(); err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	return nil
}
