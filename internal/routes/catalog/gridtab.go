package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Tab is one tab of the grid as rows of text.
type Tab struct {
	Name string
	Rows []TabRow
}

// TabRow is one row. Cells begin with column A.
type TabRow struct {
	Number int // from 1, as the spreadsheet counts
	Cells  []string
}

// GridReport says what was found where, and what could not be decided.
type GridReport struct {
	Tabs     []TabReport   `json:"tabs"`
	Problems []GridProblem `json:"problems"`
	More     int           `json:"moreProblems"` // that are not listed
}

// TabReport is what was made of one tab. Columns are letters, "" where there is
// none.
type TabReport struct {
	Tab     string `json:"tab"` // its usual name, or "tab 4"
	Used    bool   `json:"used"`
	Why     string `json:"why,omitempty"` // why it was left out
	Do      string `json:"do,omitempty"`  // how to read it all the same
	Method  string `json:"method"`
	Path    string `json:"path"`
	GSA     string `json:"gsa"`
	USCDIv1 string `json:"uscdi_v1"`
	Since   string `json:"since"`
	Routes  int    `json:"routes"`
	Skipped int    `json:"skipped"` // rows below the header without a path, such as headings
}

// GridProblem is something that was not decided. It never repeats a cell.
type GridProblem struct {
	At   string `json:"at"` // "Enterprise GSA Routes!B7"
	What string `json:"what"`
	Do   string `json:"do"`
}

// mostProblems is how many are listed one by one.
const mostProblems = 200

// The usual tabs, by their names on the vendor's page.
const (
	TabGSA        = "Enterprise GSA Routes"
	TabEnterprise = "Enterprise API, C-CDA, HL7"
	TabPatient    = "Patient API"
)

// ParseGrid reads the vendor's data grid. Its layout is not public, so columns
// are found by what stands in them, and what is not plain is left undecided and
// reported. The error, an *exit.Error with exit.Usage, means that no route was
// found at all.
func ParseGrid(tabs []Tab, opt GridOptions) (*Grid, GridReport, error) {
	p := &gridParser{report: GridReport{Tabs: []TabReport{}, Problems: []GridProblem{}}, at: map[string]int{}, cells: map[string]string{}, only: len(tabs) == 1}
	for i := range tabs {
		p.tab(&tabs[i], i+1, opt)
	}
	if len(p.routes) == 0 {
		return nil, p.report, p.nothing(opt)
	}
	slices.SortStableFunc(p.routes, func(a, b GridRoute) int { return cmpStrings(a.Path, b.Path, a.Method, b.Method) })
	return NewGrid(p.routes), p.report, nil
}

// gridParser gathers the routes of all tabs.
type gridParser struct {
	report GridReport
	routes []GridRoute
	at     map[string]int    // of routes, by key
	cells  map[string]string // where a statement stands, by key and kind
	only   bool              // there is one tab
}

func (p *gridParser) problem(at, what, do string) {
	if len(p.report.Problems) >= mostProblems {
		p.report.More++
		return
	}
	p.report.Problems = append(p.report.Problems, GridProblem{at, what, do})
}

// tabReader reads one tab.
type tabReader struct {
	*gridParser
	*Tab
	name            string // shown
	m               GridMap
	listed, listedV bool    // a row of this tab says GSA, or USCDI v1, by standing there
	noGSA, noV1     *denial // by a heading above, of what standing there says
	head            int     // index of the header row, -1 where there is none
	answers         map[int]*answerColumn
	out             *TabReport
}

// tab reads a tab that is one of the usual ones, is plainly one of USCDI v1, or
// is named by a map. Any other tab is left out and said to be.
func (p *gridParser) tab(t *Tab, number int, opt GridOptions) {
	r := &tabReader{gridParser: p, Tab: t, name: "tab " + strconv.Itoa(number), answers: map[int]*answerColumn{}}
	r.m = opt.of(t.Name, number)
	usual, known := usualTab(t.Name)
	if known {
		r.name = usual
	}
	r.listed, r.listedV = usual == TabGSA, isV1Tab(t.Name)
	p.report.Tabs = append(p.report.Tabs, TabReport{Tab: r.name})
	r.out = &p.report.Tabs[len(p.report.Tabs)-1]
	if known || r.listedV || opt.names(t.Name, number, p.only) {
		r.read()
		return
	}
	r.leaveOut(number)
}

func (r *tabReader) read() {
	if !r.findColumns() {
		r.out.Why, r.out.Do = "where its paths stand is not plain", "say it with --map path=COLUMN@TAB"
		return
	}
	r.out.Used = true
	r.out.Method, r.out.Path, r.out.GSA = columnName(r.m.Method), columnName(r.m.Path), columnName(r.m.GSA)
	r.out.USCDIv1, r.out.Since = columnName(r.m.USCDIv1), columnName(r.m.Since)
	r.headingsAbove()
	for i := r.head + 1; i < len(r.Rows); i++ {
		r.row(&r.Rows[i])
	}
	for _, kind := range []int{r.m.GSA, r.m.USCDIv1} {
		if c := r.answers[kind]; c != nil && c.undecided > 0 {
			r.problem(r.cell(kind, c.first), fmt.Sprintf("%d blank cells in a column of yes or no: nothing says what a blank means", c.undecided),
				"see the grid's legend; where a blank means no, add blank=no to --map")
		}
	}
}

func (r *tabReader) cell(column, row int) string {
	return r.name + "!" + columnName(column) + strconv.Itoa(row)
}

// at is the text of a cell without white space around it, "" where there is no
// such cell.
func (row *TabRow) at(column int) string {
	if column < 1 || column > len(row.Cells) {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(row.Cells[column-1], "\u00a0", " "))
}

// letters keeps letters and digits, in lower case.
func letters(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			return c
		}
		return -1
	}, s)
}

// editions tells whether a word in the form of letters names USCDI v1, and
// whether it names another edition too.
func editions(word string) (v1, other bool) {
	word = strings.ReplaceAll(word, "version", "v")
	i := strings.Index(word, "uscdi")
	if i < 0 {
		return false, false
	}
	for rest := word[i+len("uscdi"):]; rest != ""; rest = rest[1:] {
		if rest[0] != 'v' || len(rest) < 2 {
			continue
		}
		digits := strings.TrimLeft(rest[1:], "0123456789")
		switch version := rest[1 : len(rest)-len(digits)]; version {
		case "":
		case "1":
			v1 = true
		default:
			other = true
		}
	}
	return v1, other
}
