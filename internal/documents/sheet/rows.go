package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"strconv"
	"strings"
)

// Row is one row that has a cell with a value.
type Row struct {
	Number int      // from 1, as the spreadsheet counts
	Cells  []string // from column A, without empty ones at the end; valid until the next row
}

// Rows reads sheet i of Names, row by row. After an error, an *exit.Error with
// exit.Usage, there are no more rows. Formulas count as what was last computed
// for them; dates are numbers; TRUE and FALSE are the words.
func (b *Book) Rows(i int) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		if i < 0 || i >= len(b.sheets) {
			yield(Row{}, broken())
			return
		}
		err := b.loadStrings()
		if err == nil {
			err = b.read(b.sheets[i].member, func(r Row) bool { return yield(r, nil) })
		}
		if err != nil {
			yield(Row{}, fail(err))
		}
	}
}

func (b *Book) loadStrings() error {
	if b.strings != nil || b.texts == "" || b.members[b.texts] == nil {
		return nil
	}
	s, err := b.stream(b.texts)
	if err != nil {
		return err
	}
	defer s.close()
	texts := []string{}
	for {
		token, err := s.next()
		if errors.Is(err, io.EOF) {
			b.strings = texts
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "si" {
			text, err := s.text("si")
			if err != nil {
				return err
			}
			if texts = append(texts, text); len(texts) > b.limits.Strings {
				return errTooLarge
			}
		}
	}
}

// grid is where the reader stands in a sheet.
type grid struct {
	*Book
	s      *stream
	number int
	column int
	cells  []string
}

func (b *Book) read(member string, yield func(Row) bool) error {
	s, err := b.stream(member)
	if err != nil {
		return err
	}
	defer s.close()
	g := &grid{Book: b, s: s}
	inData := false
	for {
		token, err := s.next()
		if err != nil {
			return early(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch {
			case e.Name.Local == "sheetData":
				inData = true
			case inData && e.Name.Local == "row":
				err = g.begin(e)
			case inData && e.Name.Local == "c":
				err = g.cell(e)
			}
		case xml.EndElement:
			if e.Name.Local == "sheetData" {
				return nil // what follows is layout
			}
			if e.Name.Local == "row" && len(g.cells) > 0 && !yield(Row{g.number, g.cells}) {
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
}

// begin starts a row. A row without a number follows the last one.
func (g *grid) begin(e xml.StartElement) error {
	if g.rows++; g.rows > g.limits.Rows {
		return errTooLarge
	}
	number := g.number + 1
	if r := attribute(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < number || n > MaxRows {
			return errMarkup
		}
		number = n
	}
	g.number, g.column, g.cells = number, 0, g.cells[:0]
	return nil
}

// cell reads one cell. A cell without a reference follows the last one.
func (g *grid) cell(e xml.StartElement) error {
	column := g.column + 1
	if ref := attribute(e, "r"); ref != "" {
		c, row := splitRef(ref)
		if c < column || row != g.number {
			return errMarkup
		}
		column = c
	}
	g.column = column
	text, err := g.value(attribute(e, "t"))
	if err != nil || text == "" {
		return err
	}
	if g.Book.cells++; g.Book.cells > g.limits.Cells || column > g.limits.Columns {
		return errTooLarge
	}
	for len(g.cells) < column {
		g.cells = append(g.cells, "")
	}
	g.cells[column-1] = text
	return nil
}

// value reads up to the end of the cell.
func (g *grid) value(kind string) (string, error) {
	text := ""
	for {
		token, err := g.s.next()
		if err != nil {
			return "", early(err)
		}
		switch e := token.(type) {
		case xml.EndElement:
			if e.Name.Local == "c" {
				return g.meant(kind, text)
			}
		case xml.StartElement:
			if e.Name.Local == "v" || e.Name.Local == "is" {
				if text, err = g.textFrom(e.Name.Local); err != nil {
					return "", err
				}
			}
		}
	}
}

func (g *grid) textFrom(element string) (string, error) {
	if element == "is" {
		return g.s.text("is")
	}
	var out strings.Builder
	for {
		token, err := g.s.next()
		if err != nil {
			return "", early(err)
		}
		switch e := token.(type) {
		case xml.CharData:
			out.Write(e)
		case xml.EndElement:
			if e.Name.Local == element {
				return out.String(), nil
			}
		}
	}
}

// meant turns the stored form of a value into what the cell shows.
func (g *grid) meant(kind, text string) (string, error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 0 || n >= len(g.strings) {
			return "", errMarkup
		}
		return g.strings[n], nil
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[strings.TrimSpace(text)], nil
	case "str":
		return unescape(text), nil
	case "inlineStr", "e", "d":
		return text, nil
	}
	return shortNumber(strings.TrimSpace(text)), nil
}

// shortNumber takes off the noise of binary fractions: 5.9 is stored as
// 5.9000000000000004. A spreadsheet shows fifteen digits.
func shortNumber(s string) string {
	if len(s) < 16 || len(s) > 40 {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	return strconv.FormatFloat(f, 'g', 15, 64)
}
