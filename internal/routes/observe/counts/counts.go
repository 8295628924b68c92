// Package counts reads requests that somebody else counted: CSV with the
// columns method, path and count and, where they are known, host, status and
// query. Any log store can make it; Query has a ready query for some.
//
// The contract: columns stand in any order and any case, cells are separated
// by commas or tabs, unknown columns are stepped over. All problems of a file
// are listed at once with line and column, and no message repeats a cell. Memory
// is constant: a row is one line of at most 64 KiB.
package counts

import (
	"io"
	"strconv"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/format"
	"github.com/apionboard/ngapi/internal/routes/observe/lines"
	"github.com/apionboard/ngapi/internal/suggest"
)

// A Format is the one form that this package reads; see package accesslog.
type Format = format.Format

// Formats returns the one format of this package, counts.
func Formats() []Format { return []Format{{Name: "CSV of counts", Detect: detect, Read: read}} }

const (
	formatName = "counts"
	listed     = 50 // problems that are listed one by one
	header     = "method,path,count,host,status,query"
)

// column is a column by its place in header.
type column int

const (
	method column = iota
	path
	count
	host
	status
	query
	columns
	needed = count + 1 // the first three
)

// detect wants a first line that names method, path and count.
func detect(head []byte, _ string) bool {
	found := false
	lines.Head(head, 1, func(line []byte) {
		cells, _ := split(nil, line, separator(line))
		places, _ := order(cells)
		found = places[method] >= 0 && places[path] >= 0 && places[count] >= 0
	})
	return found
}

// read reads a file. Rows that are right reach the sink even where others are
// not: after an error the caller throws away what it gathered.
func read(r io.Reader, name string, sink infer.Sink) (int64, error) {
	rd := reader{file: name, in: lines.New(r, name), sink: sink}
	if err := rd.readHeader(); err != nil {
		return 0, err
	}
	for rd.in.Next() {
		if err := rd.row(); err != nil {
			return rd.records, err
		}
	}
	if err := rd.in.Err(); err != nil {
		return rd.records, err
	}
	if rd.more > 0 {
		rd.problems = append(rd.problems, exit.Problem{File: name, What: "and " + strconv.Itoa(rd.more) + " more"})
	}
	return rd.records, exit.Problems(exit.Usage, rd.problems)
}

type reader struct {
	file      string
	in        *lines.Scanner
	sink      infer.Sink
	separator byte
	width     int          // cells of the header
	places    [columns]int // by column: which cell, -1 for none
	cells     []cell
	buffer    []byte
	records   int64
	problems  []exit.Problem
	more      int
}

func (rd *reader) problem(at int, what, do string) {
	if len(rd.problems) >= listed {
		rd.more++
		return
	}
	rd.problems = append(rd.problems, exit.Problem{File: rd.file, Line: int(rd.in.Number()), Column: at, What: what, Do: do})
}

// readHeader finds out which column is where. A file without the needed columns is
// read no further: nothing in it could be understood.
func (rd *reader) readHeader() error {
	const begin = "begin the file with the line " + header
	for rd.in.Next() && len(rd.in.Line()) == 0 && !rd.in.Long() {
	}
	if err := rd.in.Err(); err != nil {
		return err
	}
	line := rd.in.Line()
	if len(line) == 0 {
		what := "the file is empty"
		if rd.in.Long() {
			what = "the first line is longer than " + strconv.Itoa(lines.Max>>10) + " KiB"
		}
		return exit.Problems(exit.Usage, []exit.Problem{{File: rd.file, What: what, Do: begin}})
	}
	rd.separator = separator(line)
	cells, _ := split(nil, line, rd.separator)
	rd.width = len(cells)
	var twice int
	if rd.places, twice = order(cells); twice >= 0 {
		rd.problem(cells[twice].at, "a column is there twice", "leave one of them")
	}
	names, known := make([]string, len(cells)), strings.Split(header, ",")
	for i, c := range cells {
		names[i] = string(c.text)
	}
	for c := range needed {
		if rd.places[c] >= 0 {
			continue
		}
		what, do := "the header has no column "+known[c], begin
		if len(cells) == 1 && strings.ContainsAny(names[0], ";|") {
			what, do = "the cells are not separated by commas", "save the file as CSV with commas"
		} else if suggest.Nearest(known[c], names) != "" {
			do = "name the column " + known[c]
		}
		rd.problem(1, what, do)
	}
	return exit.Problems(exit.Usage, rd.problems)
}

// order finds the columns among the cells of a header; twice is a cell that
// repeats one, or -1.
func order(cells []cell) (places [columns]int, twice int) {
	for c := range places {
		places[c] = -1
	}
	twice = -1
	for i, c := range cells {
		for n, name := range strings.Split(header, ",") {
			if !strings.EqualFold(name, strings.TrimSpace(string(c.text))) {
				continue
			}
			if places[n] >= 0 {
				twice = i
			}
			places[n] = i
		}
	}
	return places, twice
}

// separator is a tab where the header has one.
func separator(line []byte) byte {
	if strings.IndexByte(string(line), '\t') >= 0 {
		return '\t'
	}
	return ','
}
