package route

import (
	"strings"
	"unicode/utf8"
)

// tidyPath brings the other common ways to write a parameter into the one of
// this package, {name}: {{name}}, and as a whole segment or value :name,
// <name> and [name]. White space around the path goes.
func tidyPath(path string) string {
	path = strings.TrimSpace(path)
	if strings.Contains(path, "{{") {
		path = strings.NewReplacer("{{", "{", "}}", "}").Replace(path)
	}
	if !strings.ContainsAny(path, ":<[") {
		return path
	}
	p, query, hasQuery := strings.Cut(path, "?")
	p = tidyParts(p, "/", tidyWhole)
	if !hasQuery {
		return p
	}
	return p + "?" + tidyParts(query, "&", func(pair string) string {
		key, value, ok := strings.Cut(pair, "=")
		if !ok {
			return pair
		}
		return key + "=" + tidyWhole(value)
	})
}

func tidyParts(s, separator string, tidy func(string) string) string {
	parts := strings.Split(s, separator)
	for i := range parts {
		parts[i] = tidy(parts[i])
	}
	return strings.Join(parts, separator)
}

func tidyWhole(s string) string {
	if len(s) < 2 {
		return s
	}
	name := ""
	switch first, last := s[0], s[len(s)-1]; {
	case first == ':':
		name = s[1:]
	case first == '<' && last == '>', first == '[' && last == ']':
		name = s[1 : len(s)-1]
	}
	if isName(name) {
		return "{" + name + "}"
	}
	return s
}

// isName accepts the name of a parameter: a letter or underscore, then letters,
// digits, underscores, dots and hyphens, at most 64 bytes.
func isName(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '.' || c == '-')) {
			return false
		}
	}
	return true
}

// split returns what is literal in a text with parameters. The literals come joined by a space, which no token contains, so
// that nothing reads across a parameter. ok is false for braces that do not
// close or hold no name; a name that looks like an id is no name.
func split(s string) (literal string, ok bool) {
	if !strings.ContainsAny(s, "{}") {
		return s, true
	}
	var b strings.Builder
	for {
		open := strings.IndexAny(s, "{}")
		if open < 0 {
			b.WriteString(s)
			return b.String(), true
		}
		end := strings.IndexByte(s[open:], '}')
		if s[open] == '}' || end < 0 || !isName(s[open+1:open+end]) || concrete(s[open+1:open+end]) {
			return "", false
		}
		b.WriteString(s[:open])
		b.WriteByte(' ')
		s = s[open+end+1:]
	}
}

// fullyDecoded undoes percent-encoding until nothing is left to undo (at most
// four times: more is an attempt to hide something). ok is false for an
// encoding that is not valid.
func fullyDecoded(s string) (text string, ok bool) {
	for range 4 {
		if !strings.Contains(s, "%") {
			return s, true
		}
		d := decode(s)
		if d == s || !utf8.ValidString(d) {
			return s, false
		}
		s = d
	}
	return s, !strings.Contains(s, "%")
}
