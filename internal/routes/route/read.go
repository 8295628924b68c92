package route

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/suggest"
)

const (
	listed     = 50  // problems or notices that are listed one by one
	maxColumns = 200 // what a person can look at; bounds the memory that a row of a few bytes may take
)

// Read reads a route list in CSV: UTF-8, a header with at least the columns
// method and path in any order, LF or CRLF. Unknown columns are kept, rows
// without any text are skipped, a row for a route that is there already is
// merged into it. filename is for messages only.
//
// Notices say what was changed or merged. The error is an *exit.Error with
// exit.Usage that lists every problem (the first fifty in words) with file,
// line and column, or the error of r.
func Read(r io.Reader, filename string) (*List, []string, error) {
	rd := &reader{file: filename, at: map[string]int{}}
	rd.csv = csv.NewReader(newTextReader(r, filename))
	rd.csv.FieldsPerRecord = -1
	rd.csv.ReuseRecord = true
	if err := rd.header(); err != nil {
		return nil, nil, err
	}
	for {
		record, err := rd.csv.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if err = rd.fault(err); err != nil {
				return nil, nil, err
			}
			break // what follows a broken quotation cannot be told apart
		}
		rd.row(record)
	}
	if err := exit.Problems(exit.Usage, rd.capped()); err != nil {
		return nil, nil, err
	}
	rd.dropUnnamed()
	list := rd.list // a copy: a pointer into the reader would keep its tables alive
	return &list, rd.notes(), nil
}

type reader struct {
	file     string
	csv      *csv.Reader
	list     List
	columns  []int // by position in the file: index of Columns, or columnCount + index of ExtraColumns
	at       map[string]int
	problems []exit.Problem
	notices  []string
	unlisted struct{ problems, notices int }
}

func (rd *reader) problem(line, column int, f flaw) {
	if len(rd.problems) >= listed {
		rd.unlisted.problems++
		return
	}
	rd.problems = append(rd.problems, exit.Problem{File: rd.file, Line: line, Column: column, What: f.what, Do: f.do})
}

func (rd *reader) notice(line int, text string) {
	if len(rd.notices) >= listed {
		rd.unlisted.notices++
		return
	}
	rd.notices = append(rd.notices, rd.file+":"+strconv.Itoa(line)+": "+text)
}

func (rd *reader) capped() []exit.Problem {
	if n := rd.unlisted.problems; n > 0 {
		return append(rd.problems, exit.Problem{File: rd.file, What: "and " + strconv.Itoa(n) + " more"})
	}
	return rd.problems
}

func (rd *reader) notes() []string {
	if n := rd.unlisted.notices; n > 0 {
		return append(rd.notices, rd.file+": and "+strconv.Itoa(n)+" more")
	}
	return rd.notices
}

// fault turns an error of the CSV reader into a problem, or returns an error
// that ends the reading at once.
func (rd *reader) fault(err error) error {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	f := flaw{"a quotation mark stands inside a cell that is not quoted", `put the cell in quotation marks and write "" for one inside it`}
	if errors.Is(parse.Err, csv.ErrQuote) {
		f = flaw{"a quoted cell does not end, or text follows its closing quotation mark", `write "" for a quotation mark inside a quoted cell`}
	}
	rd.problem(parse.Line, parse.Column, f)
	return nil
}

// header reads the first row and finds out which column is where.
func (rd *reader) header() error {
	record, err := rd.csv.Read()
	begin := "begin the file with the line " + strings.Join(Columns(), ",")
	if errors.Is(err, io.EOF) {
		return exit.Problems(exit.Usage, []exit.Problem{{File: rd.file, What: "the file is empty", Do: begin}})
	}
	if err != nil {
		if err = rd.fault(err); err != nil {
			return err
		}
		return exit.Problems(exit.Usage, rd.problems)
	}
	line, _ := rd.csv.FieldPos(0)
	if len(record) > maxColumns {
		rd.problem(line, 1, flaw{"the header has more than " + strconv.Itoa(maxColumns) + " columns", begin})
		return exit.Problems(exit.Usage, rd.problems)
	}
	has := make([]bool, columnCount)
	for i, cell := range record {
		_, column := rd.csv.FieldPos(i)
		index := columnIndex(cell)
		switch {
		case index < 0:
			index = columnCount + len(rd.list.ExtraColumns)
			rd.list.ExtraColumns = append(rd.list.ExtraColumns, oneLineEnd(cell))
		case has[index]:
			rd.problem(line, column, flaw{"column " + Columns()[index] + " is there twice", "leave one of them"})
		default:
			has[index] = true
		}
		rd.columns = append(rd.columns, index)
	}
	for i, name := range Columns()[:2] {
		if !has[i] {
			rd.problem(line, 1, headerFlaw(name, record, begin))
		}
	}
	return exit.Problems(exit.Usage, rd.problems)
}

// headerFlaw says what a header without one of the two needed columns is.
func headerFlaw(name string, record []string, begin string) flaw {
	if len(record) == 1 && strings.ContainsAny(record[0], ";\t") {
		return flaw{"the cells are not separated by commas", "save the file as CSV with commas"}
	}
	if near := suggest.Nearest(name, record); near != "" {
		return flaw{"the header has no column " + name, "name the column " + name}
	}
	return flaw{"the header has no column " + name, begin}
}

func columnIndex(cell string) int {
	name := strings.ToLower(strings.TrimSpace(cell))
	for i, c := range Columns() {
		if c == name {
			return i
		}
	}
	return -1
}
