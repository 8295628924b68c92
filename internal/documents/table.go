package documents

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"sync"

	"github.com/apionboard/ngapi/internal/routes/route"
)

// table is rows that are made one at a time: a long list is never held twice.
type table struct {
	header []string
	rows   int
	row    func(i int) []string // as many cells as the header has, raw
}

// ListCSV renders a route list as it stands, for a spreadsheet.
func ListCSV(l *route.List) ([]byte, error) { return listTable(l).csv() }

// ListMarkdown renders a route list as it stands, as one Markdown table.
func ListMarkdown(l *route.List) []byte { return listTable(l).markdown() }

func listTable(l *route.List) table {
	return table{header: append(route.Columns(), l.ExtraColumns...), rows: len(l.Routes), row: func(i int) []string {
		r := l.Routes[i]
		r.API = r.FoundAPI()
		return r.Cells()
	}}
}

// csv renders the table: UTF-8 without a byte order mark, LF.
func (t table) csv() ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(safe(t.header)); err != nil {
		return nil, err
	}
	for i := range t.rows {
		if err := w.Write(safe(t.row(i))); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func safe(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = route.SafeCell(c)
	}
	return out
}

// markdown renders the table without the columns that are blank throughout.
func (t table) markdown() []byte {
	used := make([]bool, len(t.header))
	for i := range t.rows {
		for c, text := range t.row(i) {
			used[c] = used[c] || c < 2 || text != ""
		}
	}
	var b bytes.Buffer
	line := func(cells []string, show func(string) string) {
		b.WriteByte('|')
		for c, text := range cells {
			if used[c] {
				b.WriteString(" " + show(text) + " |")
			}
		}
		b.WriteByte('\n')
	}
	if t.rows == 0 {
		return []byte("The list has no routes.\n")
	}
	line(t.header, cell)
	line(t.header, func(string) string { return "---" })
	for i := range t.rows {
		line(t.row(i), cell)
	}
	return b.Bytes()
}

var markdownEscapes = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer(
		`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `|`, `\|`, `~`, `\~`, `$`, `\$`,
		`!`, `\!`, `#`, `\#`, `<`, `&lt;`, `>`, `&gt;`, `&`, `&amp;`,
	)
})

// cell makes a text harmless in a Markdown table cell or line: one line, no
// markup, no HTML, and no formula for those who paste the table elsewhere.
func cell(s string) string {
	return markdownEscapes().Replace(strings.TrimSpace(route.Printable(route.SafeCell(s))))
}

func number(n int) string { return strconv.Itoa(n) }
