package catalog

import (
	"slices"
	"strings"
)

// column is what was counted in one column, below the header.
type column struct {
	filled, methods, routes, answers, versions int
	header                                     string // in the form of letters
	denied                                     bool   // the header turns its question round
}

// findColumns finds the header and the columns of a tab. false: there is no
// telling where the paths are, which is a problem of a tab that should be read.
func (r *tabReader) findColumns() bool {
	r.head = r.header()
	if r.head >= len(r.Rows) {
		r.problem(r.name, "no cell of this tab is a path", "name the column with --map path=COLUMN@TAB")
		return false
	}
	columns := r.count()
	half := func(n func(*column) int) []int {
		var found []int
		for c := 1; c < len(columns); c++ {
			if k := n(&columns[c]); k > 0 && 2*k >= columns[c].filled {
				found = append(found, c)
			}
		}
		return found
	}
	r.choose(&r.m.Path, columns, half(func(c *column) int { return c.routes }), "path", "path", "route", "endpoint", "uri", "url", "resource")
	if r.m.Path < 1 {
		return false
	}
	r.choose(&r.m.Method, columns, half(func(c *column) int { return c.methods }), "method", "method", "verb", "operation", "action")
	r.choose(&r.m.Since, columns, half(func(c *column) int {
		if !saysVersion(c.header) {
			return 0
		}
		return c.versions
	}), "since", "since", "minimum", "min", "first", "available")
	r.chooseAnswers(columns)
	for _, c := range []int{r.m.GSA, r.m.USCDIv1} {
		if c > 0 {
			r.answers[c] = r.answerColumn(c)
		}
	}
	return true
}

// header is the index of the header row: -1 where a path stands in the first
// row, the number of rows where none does. A row with one cell between header
// and paths is the heading of a section.
func (r *tabReader) header() int {
	for i := range r.Rows {
		row := &r.Rows[i]
		for c := 1; c <= len(row.Cells); c++ {
			if (r.m.Path < 1 || r.m.Path == c) && isRouteCell(row.at(c)) {
				return r.headerAbove(i)
			}
		}
	}
	return len(r.Rows)
}

func (r *tabReader) headerAbove(first int) int {
	for i := first - 1; i >= 0; i-- {
		if r.Rows[i].filled() > 1 {
			return i
		}
	}
	return first - 1
}

func (r *tabReader) count() []column {
	width := 0
	for i := range r.Rows {
		width = max(width, len(r.Rows[i].Cells))
	}
	columns := make([]column, width+1)
	for i := r.head + 1; i < len(r.Rows); i++ {
		for c := 1; c <= len(r.Rows[i].Cells); c++ {
			text := r.Rows[i].at(c)
			if text == "" {
				continue
			}
			k := &columns[c]
			k.filled++
			if isRouteCell(text) {
				k.routes++
			}
			if _, ok := methodsOf(text); ok {
				k.methods++
			}
			if answerOf(text) != noAnswer {
				k.answers++
			}
			if _, ok := versionOf(text); ok {
				k.versions++
			}
		}
	}
	if r.head >= 0 {
		for c := 1; c < len(columns); c++ {
			text := r.Rows[r.head].at(c)
			columns[c].header, columns[c].denied = letters(text), denies(text)
		}
	}
	return columns
}

// choose settles a column: the one that was named, else the only one with that
// content, else the only one of those whose header says so.
func (r *tabReader) choose(into *int, columns []column, found []int, role string, words ...string) {
	if *into != 0 {
		return
	}
	if len(found) > 1 {
		named := slices.DeleteFunc(slices.Clone(found), func(c int) bool {
			return !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(columns[c].header, w) })
		})
		if len(named) != 1 {
			r.problem(r.cell(found[1], r.headNumber()), "more than one column could be the "+role, "name it with --map "+role+"=COLUMN@TAB")
			return
		}
		found = named
	}
	switch {
	case len(found) == 1:
		*into = found[0]
	case role == "path":
		r.problem(r.name, "no column of this tab holds paths", "name it with --map path=COLUMN@TAB")
	}
}

func (r *tabReader) headNumber() int {
	if r.head < 0 {
		return 1
	}
	return r.Rows[r.head].Number
}

// chooseAnswers finds the columns that answer yes or no, by their header: only
// words can say what is answered.
func (r *tabReader) chooseAnswers(columns []column) {
	var gsa, v1 []int
	for c := 1; c < len(columns); c++ {
		k := &columns[c]
		asksGSA := strings.Contains(k.header, "gsa") || strings.Contains(k.header, "globalserviceaccount")
		asksUSCDI := strings.Contains(k.header, "uscdi")
		if c == r.m.Path || c == r.m.Method || !(asksGSA && r.m.GSA == 0 || asksUSCDI && r.m.USCDIv1 == 0) {
			continue
		}
		if asksGSA {
			r.listed = false // a column speaks, and no longer the place; it may yet turn out to say nothing
		}
		if v1, other := editions(k.header); asksUSCDI && (v1 || !other) {
			r.listedV = false
		}
		what, do := unclear(k, asksGSA, asksUSCDI)
		switch {
		case what != "":
			r.problem(r.cell(c, r.headNumber()), what, do)
		case asksGSA:
			gsa = append(gsa, c)
		case namesV1(k.header):
			v1 = append(v1, c)
		}
	}
	r.choose(&r.m.GSA, columns, gsa, "gsa")
	r.choose(&r.m.USCDIv1, columns, v1, "uscdi_v1")
}

// unclear says why a column cannot be taken for an answer, and what to do. A
// column about another edition of USCDI alone is clear, and is none of ours.
func unclear(k *column, asksGSA, asksUSCDI bool) (what, do string) {
	v1, other := editions(k.header)
	switch {
	case asksUSCDI && !asksGSA && !v1 && other:
		return "", ""
	case k.denied || negated(k.header):
		return "the header seems to ask the opposite", "ngapi does not turn answers round; name another column with --map, or - for none"
	case asksGSA && asksUSCDI:
		return "the header speaks of both GSA and USCDI", "say what it answers with --map"
	case asksUSCDI && (!v1 || other):
		return "the header speaks of USCDI without saying that it is v1 alone", "where it is, name the column with --map uscdi_v1=COLUMN; else uscdi_v1=-"
	case !madeOf(k.header, plainWords()):
		return "the header has a word that may change what is answered", "where it is a plain yes or no, name the column with --map; else leave it out with -"
	case k.filled > 0 && 2*k.answers < k.filled:
		return "the header asks a yes or no that the cells do not answer", "name another column with --map, or - for none"
	}
	return "", ""
}

func namesV1(header string) bool {
	v1, other := editions(header)
	return v1 && !other
}

// negated finds headers such as "not available to GSA".
func negated(header string) bool {
	for _, w := range []string{"non", "nogsa", "notgsa", "nouscdi", "notuscdi", "notavail", "notsupp", "notreach", "exclu", "unavail", "without",
		"denied", "blocked", "beyond", "outside"} {
		if strings.Contains(header, w) {
			return true
		}
	}
	return false
}

func saysVersion(header string) bool {
	for _, w := range []string{"version", "since", "release", "available"} {
		if strings.Contains(header, w) {
			return true
		}
	}
	return false
}
