package route

import (
	"encoding/csv"
	"io"
	"slices"
)

// Write writes the list as CSV: UTF-8 without a byte order mark, LF, the
// columns of Columns in their order and then the unknown ones, rows in the
// order of the list. Cells are written as they are; text for a spreadsheet goes
// through SafeCell first, in the export, because routes.csv belongs to people.
// The error is that of w.
func Write(w io.Writer, l *List) error {
	out := csv.NewWriter(w)
	if err := out.Write(slices.Concat(Columns(), l.ExtraColumns)); err != nil {
		return err
	}
	row := make([]string, columnCount+len(l.ExtraColumns))
	for i := range l.Routes {
		r := &l.Routes[i]
		clear(row)
		for c := range columnCount {
			row[c] = *r.cell(c)
		}
		copy(row[columnCount:], r.Extra)
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
