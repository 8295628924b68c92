package sourcescan

import "strings"

// A literal is a string in a line of code.
type literal struct {
	start, end int    // of the line, quotation marks included
	text       string // with parameters in braces: /persons/{id}
}

// lexer finds the strings of a file, line by line. It knows just enough of a
// language not to take comments and documentation for strings. A string that
// spans lines is stepped over; so that one wrong mark cannot hide the rest of a
// file, it ends after 200 lines in any case.
type lexer struct {
	lang    language
	closing string // what ends the comment or string that the line begins in
	lines   int    // how long that has lasted
}

const maxSpan = 200 // lines

// line returns the strings of a line and where its code ends.
func (x *lexer) line(line string) (found []literal, code int) {
	at := 0
	if x.closing != "" {
		x.lines++
		i := strings.Index(line, x.closing)
		if i < 0 {
			if x.lines > maxSpan {
				x.closing = ""
			}
			return nil, 0
		}
		at = i + len(x.closing)
		x.closing = ""
	}
	for at < len(line) {
		switch rest := line[at:]; {
		case x.commentAt(line, at):
			return found, at
		case x.lang.block && strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				x.span("*/")
				return found, at
			}
			at += end + 4
		case x.lang.docs && (strings.HasPrefix(rest, `"""`) || strings.HasPrefix(rest, "'''")):
			end := strings.Index(rest[3:], rest[:3])
			if end < 0 {
				x.span(rest[:3])
				return found, at
			}
			at += end + 6
		case strings.IndexByte(x.lang.quotes, line[at]) >= 0:
			l, ok := x.str(line, at)
			if !ok {
				if strings.IndexByte(x.lang.many, line[at]) >= 0 {
					x.span(line[at : at+1])
					return found, at
				}
				at++ // an apostrophe
				continue
			}
			found = append(found, l)
			at = l.end
		default:
			at++
		}
	}
	return found, len(line)
}

func (x *lexer) span(closing string) { x.closing, x.lines = closing, 0 }

// commentAt tells whether the rest of a line is a comment.
func (x *lexer) commentAt(line string, at int) bool {
	for mark := range strings.SplitSeq(x.lang.comment, " ") {
		if strings.HasPrefix(line[at:], mark) && (mark != "#" || at == 0 || strings.IndexByte(" \t;", line[at-1]) >= 0) {
			return true
		}
	}
	return x.lang.block && line[at] == '*' && strings.TrimSpace(line[:at]) == ""
}

// str reads a string that begins at a quotation mark.
func (x *lexer) str(line string, at int) (literal, bool) {
	quote, start := line[at], prefixStart(line, at)
	prefix := line[start:at]
	verbatim := strings.Contains(prefix, "@")
	raw := quote == '`' && !x.lang.braces || verbatim || strings.ContainsAny(prefix, "rR")
	code := x.lang.braces && strings.ContainsAny(prefix, "fF$") // in any braces
	for i := at + 1; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && !raw:
			i++
		case c == quote && verbatim && strings.HasPrefix(line[i+1:], `"`):
			i++ // "" is a quotation mark
		case c == quote:
			r := resolver{raw: raw, dollar: x.lang.dollar && quote == '"'}
			return literal{start, i + 1, r.resolve(line[at+1 : i])}, true
		case c == '{' && (code || x.lang.braces && x.opensCode(line, i)):
			if end := closingBrace(line, i); end > 0 {
				i = end
			}
		}
	}
	return literal{}, false
}

// prefixStart finds where the letters in front of a quotation mark begin that
// belong to the string: f, rb, $@.
func prefixStart(line string, at int) int {
	start := at
	for start > 0 && at-start < 3 && strings.IndexByte("frbuFRBU$@", line[start-1]) >= 0 {
		start--
	}
	if start > 0 && isWordByte(line[start-1]) {
		return at // the end of a name
	}
	return start
}

// opensCode tells whether a brace in a string is one of ${x}, #{x} or {$x}.
func (x *lexer) opensCode(line string, at int) bool {
	return line[at-1] == '$' || line[at-1] == '#' || x.lang.dollar && strings.HasPrefix(line[at+1:], "$")
}

// closingBrace finds the brace that ends the one at a place, or returns -1.
func closingBrace(s string, at int) int {
	depth := 0
	for i := at; i < len(s) && i < at+200; i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func isWordByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_'
}
