// Package sheet writes and reads workbooks in the xlsx form (ECMA-376): tables
// of text, no formulas, no macros, no pictures.
//
// The contract of the writer: equal data gives equal bytes, rows are streamed
// into the archive, and no text becomes a formula, an escape or broken XML. The
// contract of the reader: whatever the input is, it ends within Limits or with
// an *exit.Error of exit.Usage that never repeats a cell; nothing outside the
// file is followed, and no formula is computed.
//
// It is written by hand because the large library for this costs every command
// 1.3 MB of tables at package initialisation.
package sheet

import (
	"strconv"
	"strings"
)

// The bounds that the form itself sets.
const (
	MaxRows    = 1 << 20 // with the header
	MaxColumns = 1 << 14
	MaxText    = 32767 // UTF-16 units in one cell
)

// Cell names a cell, "B7"; column and row count from 1.
func Cell(column, row int) string { return ColumnName(column) + strconv.Itoa(row) }

// ColumnName names a column, "A" for 1 and "AA" for 27; "" for one that the
// form does not have.
func ColumnName(column int) string {
	if column < 1 || column > MaxColumns {
		return ""
	}
	var b [3]byte
	i := len(b)
	for ; column > 0; column = (column - 1) / 26 {
		i--
		b[i] = byte('A' + (column-1)%26)
	}
	return string(b[i:])
}

// ColumnNumber is the reverse of ColumnName, without regard to case; 0 for what
// is no column.
func ColumnNumber(name string) int {
	if name == "" || len(name) > 3 {
		return 0
	}
	n := 0
	for _, c := range []byte(strings.ToUpper(name)) {
		if c < 'A' || c > 'Z' {
			return 0
		}
		n = n*26 + int(c-'A') + 1
	}
	if n > MaxColumns {
		return 0
	}
	return n
}

// splitRef takes a reference such as "B7" apart; zeros where it is none.
func splitRef(ref string) (column, row int) {
	i := 0
	for i < len(ref) && (ref[i] < '0' || ref[i] > '9') {
		i++
	}
	column = ColumnNumber(ref[:i])
	row, err := strconv.Atoi(ref[i:])
	if column == 0 || err != nil || row < 1 || row > MaxRows {
		return 0, 0
	}
	return column, row
}
