package route

import (
	"strconv"
	"strings"
)

// row takes one record over into the list.
func (rd *reader) row(record []string) {
	line, _ := rd.csv.FieldPos(0)
	if blank(record) {
		return
	}
	r := Route{Line: line}
	if n := len(rd.list.ExtraColumns); n > 0 {
		r.Extra = make([]string, n)
	}
	where := [columnCount]int{}
	for i := range where {
		where[i] = 1
	}
	for i, cell := range record {
		if i >= len(rd.columns) {
			if !blank(record[i:]) {
				_, column := rd.csv.FieldPos(i)
				rd.problem(line, column, flaw{
					"the row has " + strconv.Itoa(len(record)) + " cells, the header has " + strconv.Itoa(len(rd.columns)),
					"put a cell that has a comma in quotation marks"})
			}
			break
		}
		cell = oneLineEnd(cell)
		if c := rd.columns[i]; c < columnCount {
			*r.cell(c) = cell
			_, where[c] = rd.csv.FieldPos(i)
		} else {
			r.Extra[c-columnCount] = cell
		}
	}
	notices, flaws := r.normalize()
	for _, f := range flaws {
		rd.problem(line, where[f.column], f.flaw)
	}
	if len(flaws) > 0 {
		return
	}
	for _, n := range notices {
		rd.notice(line, n)
	}
	rd.keep(r)
}

// keep puts a good row into the list or merges it into the row that is there.
func (rd *reader) keep(r Route) {
	key := r.Key()
	i, seen := rd.at[key]
	if !seen {
		rd.at[key] = len(rd.list.Routes)
		rd.list.Routes = append(rd.list.Routes, r)
		return
	}
	text := "the same route as in line " + strconv.Itoa(rd.list.Routes[i].Line) + "; merged"
	if differ := rd.list.Routes[i].absorb(&r); len(differ) > 0 {
		text += ", what that line says of " + strings.Join(differ, ", ") + " stands, and what this line says of it is dropped when the list is written"
	}
	rd.notice(r.Line, text)
}

// dropUnnamed forgets the columns without a name and without any text that
// spreadsheets leave at the end of a row.
func (rd *reader) dropUnnamed() {
	n := len(rd.list.ExtraColumns)
	for n > 0 && strings.TrimSpace(rd.list.ExtraColumns[n-1]) == "" && rd.unused(n-1) {
		n--
	}
	rd.list.ExtraColumns = rd.list.ExtraColumns[:n:n]
	for i := range rd.list.Routes {
		rd.list.Routes[i].Extra = rd.list.Routes[i].Extra[:min(n, len(rd.list.Routes[i].Extra))]
		if n == 0 {
			rd.list.Routes[i].Extra = nil
		}
	}
	if n == 0 {
		rd.list.ExtraColumns = nil
	}
}

func (rd *reader) unused(column int) bool {
	for i := range rd.list.Routes {
		if rd.list.Routes[i].Extra[column] != "" {
			return false
		}
	}
	return true
}

func blank(record []string) bool {
	for _, cell := range record {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// oneLineEnd writes every line end inside a cell as LF. CSV readers do not
// agree on a carriage return inside quotes; LF survives them all.
func oneLineEnd(cell string) string {
	if !strings.Contains(cell, "\r") {
		return cell
	}
	return strings.ReplaceAll(strings.ReplaceAll(cell, "\r\n", "\n"), "\r", "\n")
}
