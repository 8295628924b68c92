package catalog

import (
	"slices"
	"strings"
	"unicode"
)

// denial is a heading with a denial, such as "Routes NOT available for GSA".
type denial struct {
	cell string
	said bool // listed as not decided
}

// headingsAbove looks at the rows up to the header. Of the header itself only
// the cells above methods and paths are headings: the others ask of a column.
func (r *tabReader) headingsAbove() {
	for i := 0; i <= r.head; i++ {
		row := &r.Rows[i]
		if i == r.head && row.filled() > 1 {
			r.heading(row, r.m.Method, r.m.Path)
			continue
		}
		r.heading(row)
	}
}

// heading takes a row without a route over. A denial in it holds until a heading
// affirms the question: one between, such as "Chart", may be a part of it.
func (r *tabReader) heading(row *TabRow, only ...int) {
	for c := 1; c <= len(row.Cells); c++ {
		text := row.at(c)
		switch {
		case text == "" || only != nil && !slices.Contains(only, c):
		case denies(text):
			d := &denial{cell: r.cell(c, row.Number)}
			r.noGSA, r.noV1 = d, d
			return
		case affirmsGSA(text):
			r.noGSA = nil
		case isV1Tab(text):
			r.noV1 = nil
		}
	}
}

// placeSays tells whether a row says yes by standing where it does, no column
// speaking.
func (r *tabReader) placeSays(listed bool, column int, d *denial) bool {
	if !listed || r.answers[column] != nil {
		return false
	}
	if d == nil {
		return true
	}
	if !d.said {
		d.said = true
		r.problem(d.cell, "this heading denies something, so the rows below say nothing by standing on this tab",
			"ask the vendor; where it does not mean them, delete it in a copy of the grid")
	}
	return false
}

// affirmsGSA tells whether a heading says that what follows is for Global
// Service Accounts, with words that change nothing.
func affirmsGSA(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	for _, w := range words {
		if !slices.Contains([]string{"gsa", "global", "service", "account", "accounts", "enterprise", "api", "route", "routes", "list", "of", "for", "to",
			"with", "the", "are", "available", "reachable", "supported", "included", "allowed", "enabled"}, w) {
			return false
		}
	}
	joined := strings.Join(words, "")
	return isPlain(text) && (strings.Contains(joined, "gsa") || strings.Contains(joined, "globalserviceaccount"))
}

// filled counts the cells that are not blank.
func (row *TabRow) filled() int {
	n := 0
	for c := range row.Cells {
		if row.at(c+1) != "" {
			n++
		}
	}
	return n
}
