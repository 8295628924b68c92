package catalog

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/route"
)

// methodsOf reads a cell that holds HTTP methods and nothing else: "GET", or
// several of them.
func methodsOf(text string) ([]string, bool) {
	if text == "" || len(text) > 64 {
		return nil, false
	}
	words := strings.FieldsFunc(strings.ToUpper(text), func(c rune) bool { return strings.ContainsRune(" ,;/|&+\n\t", c) })
	var methods []string
	for _, w := range words {
		if w == "AND" || w == "OR" {
			continue
		}
		if !slices.Contains(route.Methods(), w) && w != "OPTIONS" {
			return nil, false
		}
		methods = append(methods, w)
	}
	return methods, len(methods) > 0
}

// isRouteCell tells whether a cell holds a path: one that begins with a slash,
// an address with a known base, or a method before either.
func isRouteCell(text string) bool {
	line, _, _ := strings.Cut(text, "\n")
	_, _, ok := routeOf(line)
	return ok
}

// routeOf takes a line such as "GET /persons" or an address apart. methods is
// nil where the line has none.
func routeOf(line string) (methods []string, path string, ok bool) {
	line = strings.TrimSpace(line)
	if word, rest, found := strings.Cut(line, " "); found {
		if m, is := methodsOf(strings.TrimSuffix(word, ":")); is {
			methods, line = m, strings.TrimSpace(rest)
		}
	}
	if scheme, rest, found := strings.Cut(line, "://"); found && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http")) {
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			return nil, "", false
		}
		if _, api := route.StripMount(rest[i:]); api == "" {
			return nil, "", false
		}
		line = rest[i:]
	}
	if line, ok = afterBase(line); !ok || strings.ContainsAny(line, " \t") {
		return nil, "", false
	}
	return methods, line, true
}

// afterBase takes a variable for the base address, {baseUrl}, off a path.
func afterBase(path string) (string, bool) {
	if strings.HasPrefix(path, "{") {
		variable, rest, ok := strings.Cut(path, "/")
		name := letters(variable)
		if !ok || !strings.Contains(name, "base") && !strings.Contains(name, "url") && !strings.Contains(name, "host") {
			return "", false
		}
		path = "/" + rest
	}
	return path, strings.HasPrefix(path, "/") && (len(path) > 1 && path[1] != '/')
}

// answer is a word of a yes or no column.
type answer int

const (
	noAnswer answer = iota
	saysYes
	saysTick  // a mark that people put where yes is meant
	saysCross // an x: a tick where nothing else says yes
	saysNo
	saysNothing // a dash, or "not applicable": as good as blank
)

func answerOf(text string) answer {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "yes", "y", "true":
		return saysYes
	case "✓", "✔", "☑", "√", "●", "•", "✅", "✓\ufe0f", "✔\ufe0f":
		return saysTick
	case "x":
		return saysCross
	case "no", "n", "false", "✗", "✘", "☒", "❌":
		return saysNo
	case "-", "–", "—", "n/a", "na":
		return saysNothing
	}
	return noAnswer
}

// answerColumn is how one column speaks.
type answerColumn struct {
	crossYes  bool // an x means yes
	blank     Stated
	undecided int // blanks that nothing decides
	first     int // row of the first of them
}

// answerColumn looks at all cells of a column. A blank means no only where the
// column does nothing but tick, or where the map says so.
func (r *tabReader) answerColumn(column int) *answerColumn {
	seen := map[answer]bool{}
	for i := r.head + 1; i < len(r.Rows); i++ {
		seen[answerOf(r.Rows[i].at(column))] = true
	}
	c := &answerColumn{crossYes: !seen[saysYes] && !seen[saysTick], blank: StatedUnknown}
	ticks := (seen[saysTick] || seen[saysCross]) && !seen[saysYes] && !seen[saysNo] && (!seen[saysTick] || !seen[saysCross])
	if ticks || r.m.BlankNo {
		c.blank = StatedNo
	}
	return c
}

// stated reads one answer; by is what it is where there is no such column.
func (r *tabReader) stated(row *TabRow, column int, by bool) Stated {
	c := r.answers[column]
	if c == nil {
		if by {
			return StatedYes
		}
		return StatedUnknown
	}
	text := row.at(column)
	switch a := answerOf(text); {
	case a == saysYes, a == saysTick, a == saysCross && c.crossYes:
		return StatedYes
	case a == saysNo:
		return StatedNo
	case text == "" || a == saysNothing:
		if c.blank == StatedUnknown {
			if c.undecided == 0 {
				c.first = row.Number
			}
			c.undecided++
		}
		return c.blank
	}
	r.problem(r.cell(column, row.Number), "this answers neither yes nor no", "ask the vendor; the route counts as not answered")
	return StatedUnknown
}

// versionOf reads a version: dotted digits, with a word or a v before them.
func versionOf(text string) (string, bool) {
	for _, prefix := range []string{"nge", "nextgen", "version", "release", "v"} {
		if len(text) > len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
			text = strings.TrimLeft(text[len(prefix):], " .")
		}
	}
	text = strings.TrimSuffix(text, "+")
	parts := strings.Split(text, ".")
	if len(parts) > 4 {
		return "", false
	}
	for _, p := range parts {
		if p == "" || len(p) > 4 || strings.Trim(p, "0123456789") != "" {
			return "", false
		}
	}
	return text, true
}
