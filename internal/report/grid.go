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
	table  int                       // how many columns, from the left, a terminal has room for
	look   func(i int) (look string) // of row i; nil for none
}

// grid renders a grid for the reader at hand: see RoutesText.
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

// columns aligns the columns that are not blank throughout. The second column,
// the path, is never cut: one that does not fit has its line to itself, and the
// other cells follow below. The last column is cut where the window ends.
func (t *text) columns(g grid) {
	n := min(len(g.header), g.table)
	width := make([]int, n)
	for i := range g.rows {
		for c, cell := range g.cells(i)[:n] {
			width[c] = max(width[c], utf8.RuneCountInString(cell))
		}
	}
	for c, name := range g.header[:n] {
		if width[c] > 0 {
			width[c] = max(width[c], len(name))
		}
	}
	fit(width, t.s.Width)
	t.columnLine(faint, width, upper(g.header[:n]))
	for i := range g.rows {
		t.columnLine(g.lookOf(i), width, g.cells(i)[:n])
	}
}

// gap stands between two columns.
const gap = 2

// fit narrows first the last column and then the path, down to what is readable.
func fit(width []int, window int) {
	total := -gap
	for _, w := range width {
		if w > 0 {
			total += w + gap
		}
	}
	const readable = 24
	last := len(width) - 1
	for _, c := range []int{last, 1} {
		if over := total - window; over > 0 {
			less := min(over, max(0, width[c]-readable))
			width[c] -= less
			total -= less
		}
	}
}

func (t *text) columnLine(look string, width []int, cells []string) {
	var b strings.Builder
	last := len(width) - 1
	for c, cell := range cells {
		if width[c] == 0 {
			continue
		}
		size := utf8.RuneCountInString(cell)
		if c == last {
			cell = cut(cell, width[c])
		}
		b.WriteString(cell)
		switch {
		case c == last:
		case size <= width[c]:
			b.WriteString(strings.Repeat(" ", width[c]-size+gap))
		default:
			t.raw(look, b.String())
			b.Reset()
			b.WriteString(strings.Repeat(" ", before(width, c+1)))
		}
	}
	if s := strings.TrimRight(b.String(), " "); s != "" {
		t.raw(look, s)
	}
}

func before(width []int, c int) int {
	total := 0
	for _, w := range width[:c] {
		if w > 0 {
			total += w + gap
		}
	}
	return total
}

func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:max(0, n-3)]) + "..."
}

func upper(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToUpper(s)
	}
	return out
}
