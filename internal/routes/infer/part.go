package infer

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// kind says what a part of a path is, as far as one request shows it.
type kind byte

const (
	isWord  kind = 'w' // text that may be a word of the API; not printed before something vouches for it
	isTyped kind = 't' // a value, of which only the type is left
	isParam kind = 'p' // a parameter that the evidence itself names
)

// A part is one segment of a path, after every value was dropped.
type part struct {
	kind   kind
	text   string // the word, the type, or the name of the parameter
	suffix string // .json and the like, behind a value or a parameter
	key    string // the word before an OData key: Persons in Persons(5)
	rule   string // of a part that the FHIR grammar has settled
}

// The bytes that divide a key. Neither is in any UTF-8 text, so that no word
// can look like two.
const (
	endOfPart  = "\xff"
	endOfField = "\xfe"
)

// appendKey writes a request without its values: a text that is equal for
// equal requests and from which readKey makes the same parts again. It is all
// that is kept, and it shares no memory with the evidence.
func appendKey(b []byte, method, api string, parts []part, query string) []byte {
	b = append(append(append(b, method...), ' '), api...)
	for i := range parts {
		p := &parts[i]
		b = append(append(append(b, endOfPart...), byte(p.kind)), p.text...)
		if p.suffix != "" || p.key != "" || p.rule != "" {
			for _, field := range [...]string{p.suffix, p.key, p.rule} {
				b = append(append(b, endOfField...), field...)
			}
		}
	}
	return append(append(append(b, endOfPart...), '?'), query...)
}

// readKey takes a key of appendKey apart.
func readKey(key string) *group {
	head, rest, _ := strings.Cut(key, endOfPart)
	g := &group{parts: make([]part, 0, strings.Count(rest, endOfPart))}
	g.method, g.api, _ = strings.Cut(head, " ")
	for field := range strings.SplitSeq(rest, endOfPart) {
		if field[0] == '?' {
			g.query = field[1:]
			continue
		}
		p := part{kind: kind(field[0])}
		p.text, rest, _ = strings.Cut(field[1:], endOfField)
		p.suffix, rest, _ = strings.Cut(rest, endOfField)
		p.key, p.rule, _ = strings.Cut(rest, endOfField)
		g.parts = append(g.parts, p)
	}
	return g
}

// cutPath takes a path apart and appends its parts. ok is false for what is no
// path.
func cutPath(parts []part, path string, template bool) (_ []part, ok bool) {
	for segment := range strings.SplitSeq(path, "/") {
		if i := strings.IndexByte(segment, ';'); i >= 0 && !template {
			if segment = segment[:i]; i == 0 { // nothing but matrix parameters
				parts = append(parts, part{kind: isTyped, text: "token"})
			}
		}
		if segment == "" {
			continue
		}
		text := segment
		if strings.IndexByte(segment, '%') >= 0 {
			var err error
			if text, err = url.PathUnescape(segment); err != nil {
				return parts, false
			}
		}
		if !utf8.ValidString(text) || len(parts) >= maxParts {
			return parts, false
		}
		parts = append(parts, newPart(text, template))
	}
	return parts, true
}

func newPart(text string, template bool) part {
	if template {
		if name, suffix, ok := parameter(text); ok {
			return part{kind: isParam, text: name, suffix: suffix}
		}
	}
	if word, inner, ok := odataKey(text); ok && inner != "" {
		return part{kind: isTyped, text: "odata-key", key: word}
	}
	stem, suffix := cutExtension(text)
	if t := typeOf(stem); t != "" {
		return part{kind: isTyped, text: t, suffix: suffix}
	}
	if t := typeOf(text); t != "" {
		return part{kind: isTyped, text: t}
	}
	return part{kind: isWord, text: text}
}

// parameter recognises the usual ways to write one: {name}, {{name}}, :name,
// <name>, ${name}, [name]; a literal before or behind it inside the segment is
// dropped, except for an extension. The name is kept where it can be printed.
func parameter(text string) (name, suffix string, ok bool) {
	body, suffix := text, ""
	if !strings.HasSuffix(text, "}") {
		body, suffix = cutExtension(text)
	}
	switch {
	case len(body) > 1 && body[0] == ':':
		return paramName(body[1:]), suffix, true
	case len(body) > 2 && (body[0] == '<' && body[len(body)-1] == '>' || body[0] == '[' && body[len(body)-1] == ']'):
		return paramName(body[1 : len(body)-1]), suffix, true
	}
	open := strings.IndexByte(text, '{')
	if open < 0 || !strings.Contains(text[open:], "}") {
		return "", "", false
	}
	inner := strings.TrimLeft(text[open:], "{")
	inner, rest, _ := strings.Cut(inner, "}")
	if _, ext := cutExtension("x" + strings.TrimLeft(rest, "}")); ext != "" {
		suffix = ext
	}
	return paramName(inner), suffix, true
}

// paramName keeps a name that is one; anything else, such as a value, is no
// name and is replaced later.
func paramName(s string) string {
	s = strings.TrimSpace(strings.TrimPrefix(s, "$"))
	if s == "" || len(s) > 40 || typeOf(s) != "" {
		return ""
	}
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '.')) {
			return ""
		}
	}
	return s
}

// unprintable finds controls, spaces and everything outside ASCII.
func unprintable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return true
		}
	}
	return false
}

// odataKey finds Word(...).
func odataKey(text string) (word, inner string, ok bool) {
	if !strings.HasSuffix(text, ")") {
		return "", "", false
	}
	word, inner, ok = strings.Cut(text[:len(text)-1], "(")
	return word, inner, ok && word != "" && tallyOf(word).other == strings.Count(word, "-")+strings.Count(word, "_") && typeOf(word) == ""
}

// cutExtension splits off the extensions under which APIs serve a resource.
func cutExtension(s string) (stem, extension string) {
	i := strings.LastIndexByte(s, '.')
	if i <= 0 {
		return s, ""
	}
	switch s[i:] {
	case ".json", ".xml", ".pdf", ".csv", ".txt", ".html", ".ndjson", ".zip":
		return s[:i], s[i:]
	}
	return s, ""
}
