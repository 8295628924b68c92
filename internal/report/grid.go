package report

import (
	"strings"
	"unicode/utf8"
)

// narrow is the width below which a table becomes blocks of key: value.
const narrow = 60

// grid is rows of cells with a header. Cells are raw; the grid cleans them.
type grid struct {
	header []string
	rows   int
	row    func(i int) []string
	table  []int              // the columns of a table on a terminal; the last one is never padded
	below  int                // the column that stands on a line of its own
	look   func(i int) string // of row i; nil for none
}

// grid renders a grid for the reader at hand: a table on a wide terminal, blocks
// of key: value on a narrow one, tab-separated cells where nobody looks.
func (t *text) grid(g grid) {
	switch {
	case t.s.Width <= 0:
		t.tabbed(g)
	case t.s.Width < narrow:
		t.blocks(g)
	default:
		t.columns(g)
	}
}

func (g grid) cells(i int) []string {
	cells := g.row(i)
	for c := range cells {
		cells[c] = clean(cells[c])
	}
	return cells
}

func (g grid) lookOf(i int) string {
	if g.look == nil {
		return ""
	}
	return g.look(i)
}

// tabbed keeps every column and every blank cell, so that cut and awk can
// count on the columns; clean has turned a tab inside a cell into \t.
func (t *text) tabbed(g grid) {
	t.raw("", strings.Join(g.header, "\t"))
	for i := range g.rows {
		t.raw(g.lookOf(i), strings.Join(g.cells(i), "\t"))
	}
}

func (t *text) blocks(g grid) {
	for i := range g.rows {
		if i > 0 {
			t.blank()
		}
		for c, cell := range g.cells(i) {
			look := ""
			if c == 0 {
				look = g.lookOf(i)
			}
			if cell != "" {
				t.line(look, "%s: %s", g.header[c], cell)
			}
		}
	}
}

// columns aligns the columns that are not blank throughout. The last one, the
// path, is neither cut nor broken: what is too long for the window is broken by
// the terminal, and can still be copied whole.
func (t *text) columns(g grid) {
	width := make([]int, len(g.table)-1)
	for i := range g.rows {
		cells := g.cells(i)
		for n := range width {
			width[n] = max(width[n], utf8.RuneCountInString(cells[g.table[n]]))
		}
	}
	for n, w := range width {
		if w > 0 {
			width[n] = max(w, len(g.header[g.table[n]]))
		}
	}
	head := make([]string, len(g.header))
	for c, name := range g.header {
		head[c] = strings.ToUpper(name)
	}
	t.raw(faint, g.aligned(width, head))
	for i := range g.rows {
		cells := g.cells(i)
		t.raw(g.lookOf(i), g.aligned(width, cells))
		if below := cells[g.below]; below != "" {
			t.line(faint, "%s%s", strings.Repeat(" ", width[0]+gap), below)
		}
	}
}

// gap is the number of blanks between two columns.
const gap = 2

func (g grid) aligned(width []int, cells []string) string {
	var b strings.Builder
	for n, w := range width {
		if w > 0 {
			cell := cells[g.table[n]]
			b.WriteString(cell)
			b.WriteString(strings.Repeat(" ", w-utf8.RuneCountInString(cell)+gap))
		}
	}
	b.WriteString(cells[g.table[len(g.table)-1]])
	return b.String()
}

// pair prints a key and its value; on a wide terminal further lines stand below
// the value.
func (t *text) pair(look, key, value string) {
	const column = 14
	if t.s.Width < narrow {
		t.line(look, "  %s: %s", key, value)
		return
	}
	inner := text{s: Style{Width: t.s.Width - column}}
	for _, piece := range inner.wrap(value) {
		t.raw(look, "  "+key+strings.Repeat(" ", column-2-len(key))+piece)
		key = ""
	}
}

// raw writes one line as it is, for what must not be broken: paths and commands.
func (t *text) raw(look, s string) {
	t.b.WriteString(t.paint(look, s))
	t.b.WriteByte('\n')
}
