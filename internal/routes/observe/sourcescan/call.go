package sourcescan

import (
	"bytes"
	"strings"
)

// A call is a place in a file that names a route.
type call struct {
	line                     int
	method, path, query, api string
}

// findCalls yields the calls of a file in the order of its lines.
func findCalls(data []byte, lang language, hosts []string, yield func(call), otherHosts *int) {
	f := finder{lang: lang, lexer: lexer{lang: lang}, judge: judge{hosts: hosts, other: otherHosts}, yield: yield}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	number := 0
	for raw := range bytes.SplitSeq(data, []byte("\n")) {
		number++
		if raw = bytes.TrimSuffix(raw, []byte("\r")); len(raw) > maxLine {
			continue
		}
		if line := string(raw); lang.shell {
			f.shellLine(line, number)
		} else {
			f.codeLine(line, number)
		}
	}
	f.endCommand()
	f.flush()
}

const maxLiterals = 100 // in a line; more are a table of data

type finder struct {
	lang    language
	lexer   lexer
	judge   judge
	yield   func(call)
	words   []word // of a shell command that goes on
	found   []call // that wait for the line below
	options int    // indentation of the line in which they stand
	above   struct {
		code     string
		literals []literal
	}
}

// codeLine finds the calls in a line of code.
func (f *finder) codeLine(line string, number int) {
	literals, end := f.lexer.line(line)
	code := line[:end]
	defer func() { f.remember(code, literals) }()
	f.methodBelow(code, literals)
	if len(literals) == 0 || len(literals) > maxLiterals || isImport(line) {
		return
	}
	for i := 0; i < len(literals); {
		text, based, next := f.join(code, literals, i)
		if m, rest := leadingMethod(text); m != "" {
			text = rest
			f.emit(text, based, m, true, number)
		} else if f.couldBe(text, based) && !serverRoute(code[:literals[i].start]) && !joinedWords(code[literals[next-1].end:]) {
			m := nearestMethod(code, literals, literals[i].start, literals[next-1].end)
			if m == "" {
				m = f.methodAbove(code[:literals[i].start])
			}
			f.emit(text, based, m, m != "", number)
		}
		i = next
	}
	if len(f.found) == 0 || f.found[0].line != number {
		return
	}
	before, opens := strings.CutSuffix(strings.TrimRight(code, " \t"), "{")
	if !opens || !strings.HasSuffix(strings.TrimRight(before, " \t"), ",") {
		f.flush()
	}
	f.options = len(code) - len(strings.TrimLeft(code, " \t"))
}

// methodBelow settles calls that wait for the options they opened:
//
//	fetch(`${base}/persons/${id}`, {
//	  method: 'PUT',
func (f *finder) methodBelow(code string, literals []literal) {
	trimmed := strings.TrimLeft(code, " \t")
	if len(f.found) == 0 || trimmed == "" {
		return
	}
	switch deeper := len(code)-len(trimmed) > f.options; {
	case deeper && strings.HasPrefix(strings.ToLower(trimmed), "method"):
		m := anyMethod(code, literals)
		for i := range f.found {
			if f.found[i].method == "" {
				f.found[i].method = m
			}
		}
		f.flush()
	case !deeper:
		f.flush()
	}
}

// flush yields the calls that waited.
func (f *finder) flush() {
	for _, c := range f.found {
		f.yield(c)
	}
	f.found = f.found[:0]
}

// couldBe spares most strings a closer look: what is no call even where its
// line calls something is none.
func (f *finder) couldBe(text string, based bool) bool {
	if !strings.ContainsAny(text, "/?") && !strings.HasPrefix(text, "{") {
		return false
	}
	_, ok := f.judge.call(text, based, true)
	return ok
}

// joinedWords finds ["/persons", id].join("/"), of which a string is only the
// first word.
func joinedWords(after string) bool {
	return strings.HasPrefix(strings.TrimSpace(after), ",") && strings.Contains(after, ".join(")
}

// methodAbove returns the method of the line above where this one only goes on
// with it: the line above ends in an open parenthesis or states the method of
// the same object, or this one begins with a dot.
func (f *finder) methodAbove(before string) string {
	before = strings.TrimSpace(before)
	above := strings.TrimSpace(f.above.code)
	if above == "" {
		return ""
	}
	open := strings.HasSuffix(above, "(")
	key := strings.HasPrefix(strings.ToLower(above), "method")
	if !open && !key && strings.ContainsAny(above[len(above)-1:], ";{},") {
		return "" // the statement ends there
	}
	switch {
	case strings.HasPrefix(before, "."), open && !strings.ContainsAny(before, "=(;"):
	case key && (strings.HasSuffix(before, ":") || strings.HasSuffix(before, "=")):
	default:
		return ""
	}
	return anyMethod(f.above.code, f.above.literals)
}

// anyMethod returns the last method that a line says.
func anyMethod(code string, literals []literal) string {
	return nearestMethod(code, literals, len(code)+1, len(code)+1)
}

// remember keeps a line for the next one. An empty line and a comment change
// nothing: what stands above them goes on.
func (f *finder) remember(code string, literals []literal) {
	if strings.TrimSpace(code) != "" {
		f.above.code, f.above.literals = code, literals
	}
}

func (f *finder) emit(text string, based bool, method string, called bool, number int) {
	if c, ok := f.judge.call(text, based, called); ok {
		if len(f.found) > 0 && f.found[0].line != number {
			f.flush() // calls leave in the order of their lines
		}
		c.line, c.method = number, method
		f.found = append(f.found, c)
	}
}

// isImport knows lines whose strings name modules.
func isImport(line string) bool {
	line = strings.TrimSpace(line)
	for _, word := range []string{"import ", "import(", "from ", "#include", "using ", "require ", "require_relative ", "include "} {
		if strings.HasPrefix(line, word) {
			return true
		}
	}
	return strings.HasPrefix(line, "export ") && strings.Contains(line, " from ") || strings.Contains(line, "require(")
}
