package sheet

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

func itoa(n int) string { return strconv.Itoa(n) }

// write writes the sheet. The order of the elements is that of the schema;
// strict readers refuse another one.
func (t *Table) write(p *part) {
	last := Cell(max(len(t.Columns), 1), max(t.height(), 1))
	p.raw(`<worksheet xmlns="` + mainSpace + `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:` + last +
		`"/><sheetViews><sheetView workbookViewId="0">`)
	if !t.Bare {
		p.raw(`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/>`)
	}
	p.raw(`</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>`)
	if len(t.Columns) > 0 {
		p.raw(`<cols>`)
		for i, c := range t.Columns {
			n := itoa(i + 1)
			p.raw(`<col min="` + n + `" max="` + n + `" width="` + strconv.FormatFloat(max(c.Width, 1), 'f', -1, 64) + `" customWidth="1"/>`)
		}
		p.raw(`</cols>`)
	}
	p.raw(`<sheetData>`)
	t.data(p)
	p.raw(`</sheetData>`)
	if !t.Bare && len(t.Columns) > 0 {
		p.raw(`<autoFilter ref="A1:` + last + `"/>`)
		t.choices(p)
	}
	p.raw(`<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>` +
		`<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/>` +
		`<headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>`)
	if t.Rows > 0 && len(t.Columns) > 0 { // a version such as 6.0 is text on purpose
		p.raw(`<ignoredErrors><ignoredError sqref="A1:` + last + `" numberStoredAsText="1"/></ignoredErrors>`)
	}
	p.raw(`</worksheet>`)
}

func (t *Table) height() int {
	if t.Bare {
		return t.Rows
	}
	return t.Rows + 1
}

func (t *Table) data(p *part) {
	names := make([]string, len(t.Columns))
	for i := range names {
		names[i] = ColumnName(i + 1)
	}
	row := 1
	if !t.Bare && len(t.Columns) > 0 {
		p.raw(`<row r="1" ht="30" customHeight="1">`) // two lines: names are longer than what stands below
		for i, c := range t.Columns {
			p.cell(names[i], "1", c.Name, c.Head, false)
		}
		p.raw(`</row>`)
		row++
	}
	for i := range t.Rows {
		number, cells := itoa(row), t.Row(i)
		p.raw(`<row r="` + number)
		if lines := t.lines(cells); lines > 1 {
			p.raw(`" ht="` + itoa(lineHeight*lines+2))
		}
		p.raw(`">`)
		for c, text := range cells {
			if c >= len(names) {
				break
			}
			p.cell(names[c], number, text, t.style(i, c), t.Columns[c].Number)
		}
		p.raw(`</row>`)
		row++
	}
}

// lineHeight is that of the standard font, in points.
const lineHeight = 13

// lines guesses how many lines a row takes: not every program finds that out
// by itself. The form allows about thirty.
func (t *Table) lines(cells []string) int {
	most := 1
	for c, text := range cells {
		if c >= len(t.Columns) || len(text) <= int(t.Columns[c].Width) && strings.IndexByte(text, '\n') < 0 {
			continue
		}
		lines, width := 0, max(int(t.Columns[c].Width*0.85), 1) // words do not fill a line
		for line := range strings.SplitSeq(text, "\n") {
			lines += max(1, (utf8.RuneCountInString(line)+width-1)/width)
		}
		most = max(most, lines)
	}
	return min(most, 30)
}

func (t *Table) style(row, column int) Style {
	switch {
	case !t.Bare:
		return t.Columns[column].Body
	case row == 0:
		return Title
	case column == 0:
		return Label
	}
	return Plain
}

// choices limits the cells of a column to its values, also in rows that are
// added below. Blank stays allowed.
func (t *Table) choices(p *part) {
	var b strings.Builder
	n := 0
	for i, c := range t.Columns {
		if len(c.Choices) == 0 {
			continue
		}
		n++
		column := ColumnName(i + 1)
		b.WriteString(`<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorTitle="` + escaped(c.Name) + `" error="Choose from: ` +
			escaped(strings.Join(c.Choices, ", ")) + `" sqref="` + column + `2:` + column + itoa(MaxRows) +
			`"><formula1>"` + escaped(strings.Join(c.Choices, ",")) + `"</formula1></dataValidation>`)
	}
	if n > 0 {
		p.raw(`<dataValidations count="` + itoa(n) + `">` + b.String() + `</dataValidations>`)
	}
}

// cell writes one cell. An empty one keeps its style. Text stands in the cell
// itself, so that no table of texts is held in memory.
func (p *part) cell(column, row, text string, style Style, number bool) {
	p.raw(`<c r="`)
	p.raw(column)
	p.raw(row)
	p.raw(`" s="`)
	p.int(int(style) + 1)
	switch {
	case text == "":
		p.raw(`"/>`)
	case number && isNumber(text):
		p.raw(`"><v>`)
		p.raw(text)
		p.raw(`</v></c>`)
	default:
		p.raw(`" t="inlineStr"><is><t xml:space="preserve">`)
		p.text(text)
		p.raw(`</t></is></c>`)
	}
}

// isNumber accepts digits that a spreadsheet gives back unchanged.
func isNumber(s string) bool {
	return len(s) <= 15 && strings.Trim(s, "0123456789") == "" && (s == "0" || s[0] != '0')
}

func escaped(s string) string {
	var b strings.Builder
	_, _ = xmlEscaper().WriteString(&b, s) // a Builder does not fail
	return b.String()
}

func xmlEscaper() *strings.Replacer {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
}

// text writes character data. What XML cannot hold becomes U+FFFD, and an
// underscore that would begin an escape of the form (_x000D_) is escaped
// itself. A text that is longer than a cell may be ends with an ellipsis.
func (p *part) text(s string) {
	units, from := 0, 0
	flush := func(to int) { p.raw(s[from:to]) }
	for i, r := range s {
		size := 1
		if r > 0xffff {
			size = 2
		}
		_, width := utf8.DecodeRuneInString(s[i:])
		if units += size; units > MaxText || units == MaxText && i+width < len(s) {
			flush(i)
			p.raw("…")
			return
		}
		with := ""
		switch {
		case r == '&':
			with = "&amp;"
		case r == '<':
			with = "&lt;"
		case r == '>':
			with = "&gt;"
		case r == '"':
			with = "&quot;"
		case r == '_' && isEscape(s[i:]):
			with = "_x005F_"
		case r == '\n' || r == '\t':
		case r < 0x20, r == 0xfffe, r == 0xffff, r == utf8.RuneError:
			with = "\uFFFD"
		}
		if with != "" {
			flush(i)
			p.raw(with)
			from = i + width
		}
	}
	flush(len(s))
}

// isEscape tells whether s begins with _xHHHH_, by which the form writes
// characters that XML cannot hold.
func isEscape(s string) bool {
	return len(s) >= 7 && s[1] == 'x' && s[6] == '_' && strings.Trim(s[2:6], "0123456789abcdefABCDEF") == ""
}
