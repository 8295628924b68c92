package secret

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A reading is what a piece of text may stand for: the bytes, and where the
// piece ends. "%2B" is the three bytes that it is, and also "+".
type reading struct {
	bytes string
	end   int
}

// maxRun is the longest run of backslashes that is read as one: a text that
// went through a JSON encoder three times has eight for one.
const maxRun = 8

// maxLayers is how many times one over the other an encoding is taken off.
const maxLayers = 5

// maxEntity is the length of the longest name of a character reference that is
// waited for at the end of a text.
const maxEntity = 8

// readings lists what may be read at a place: always the byte itself, then what
// form, percent, JSON, Go, YAML, XML, HTML and shell encodings make of it.
func readings(text string, at int) []reading {
	out := []reading{{text[at : at+1], at + 1}}
	switch text[at] {
	case '+':
		out = append(out, reading{" ", at + 1})
	case '%':
		out = append(out, percents(text, at)...)
	case '\\':
		out = append(out, backslashes(text, at)...)
	case '&':
		out = append(out, entities(text, at)...)
	case '\'':
		for _, quoted := range []string{`'\''`, `'"'"'`} {
			if strings.HasPrefix(text[at:], quoted) {
				out = append(out, reading{"'", at + len(quoted)})
			}
		}
	}
	return out
}

// percents reads %XX in either case, also when it was encoded again (%25XX), and
// the %uXXXX that JavaScript's escape() writes. A plus sign that was encoded may
// stand for a space.
func percents(text string, at int) []reading {
	var out []reading
	for i := at + 1; i < at+maxLayers*len("25"); i += len("25") {
		n, ok := hexNumber(text, i, 2)
		if !ok {
			break
		}
		out = append(out, reading{octet(n), i + 2})
		if n == '+' {
			out = append(out, reading{" ", i + 2})
		}
		if n != '%' {
			break
		}
	}
	if i := at + 1; i < len(text) && (text[i] == 'u' || text[i] == 'U') {
		if n, ok := hexNumber(text, i+1, 4); ok {
			out = append(out, unit(text, n, i+5, `%u`))
		}
	}
	return out
}

// backslashes reads the escapes of JSON, Go, YAML and the shell. Each further
// encoder doubles the backslashes, so a run of them counts as one.
func backslashes(text string, at int) []reading {
	var out []reading
	i := at + 1
	for i < len(text) && text[i] == '\\' && i-at < maxRun {
		i++
		if n := i - at; n&(n-1) == 0 { // encoders double it
			out = append(out, reading{`\`, i})
		}
	}
	if i >= len(text) {
		return out
	}
	c := text[i]
	if named := strings.IndexByte("abfnrtv0e", c); named >= 0 {
		out = append(out, reading{"\a\b\f\n\r\t\v\x00\x1b"[named : named+1], i + 1})
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
	switch n, ok := hexNumber(text, i+1, digits); {
	case digits == 2 && ok:
		out = append(out, reading{octet(n), i + 3})
		if n > 0x7f {
			out = append(out, reading{string(n), i + 3}) // YAML means the character
		}
	case digits > 0 && ok:
		out = append(out, unit(text, n, i+1+digits, `\u`))
	case digits == 0 && c < utf8.RuneSelf && !letterOrDigit(c) && c != '\\':
		out = append(out, reading{text[i : i+1], i + 1})
	}
	return out
}

// unit reads a UTF-16 unit, with the second of a pair where it is the first.
func unit(text string, n rune, end int, mark string) reading {
	if n < 0xd800 || n > 0xdbff {
		return reading{string(n), end}
	}
	next := end
	for next < len(text) && next-end < maxRun && text[next] == mark[0] {
		next++
	}
	if next > end && next < len(text) && (text[next] == 'u' || text[next] == 'U') {
		if low, ok := hexNumber(text, next+1, 4); ok && low >= 0xdc00 && low <= 0xdfff {
			return reading{string((n-0xd800)<<10 + (low - 0xdc00) + 0x10000), next + 5}
		}
	}
	return reading{string(n), end}
}

// entities reads a character reference of XML or HTML, also when its & was
// escaped again.
func entities(text string, at int) []reading {
	var out []reading
	i := at + 1
	for strings.HasPrefix(text[i:], "amp;") && i < at+maxLayers*len("amp;") {
		i += len("amp;")
		out = append(out, reading{"&", i})
	}
	rest := text[i:min(len(text), i+34)]
	if end := strings.IndexByte(rest, ';'); end > 0 {
		if name := "&" + rest[:end+1]; html.UnescapeString(name) != name {
			plain := html.UnescapeString(name)
			out = append(out, reading{plain, i + end + 1})
		}
	}
	return out
}

// unfinished tells whether the text ends here within an escape, so that nobody
// can say what it stands for.
func unfinished(rest string) bool {
	if rest == "" || len(rest) > 34 {
		return false
	}
	switch rest[0] {
	case '%':
		body := rest[1:]
		for strings.HasPrefix(body, "25") {
			body = body[2:]
		}
		return hexTail(strings.TrimLeft(body, "uU"))
	case '\\':
		body := strings.TrimLeft(rest, `\`)
		if body == "" || unfinished(body) {
			return true
		}
		return strings.IndexByte("xuU", body[0]) >= 0 && hexTail(body[1:])
	case '&':
		body := rest[1:]
		for strings.HasPrefix(body, "amp;") {
			body = body[len("amp;"):]
		}
		return len(body) <= maxEntity && !strings.ContainsFunc(body, func(r rune) bool { return r != '#' && !letterOrDigit(r) })
	case '\'':
		quoted := []string{`'\''`, `'"'"'`}
		return slices.ContainsFunc(quoted, func(q string) bool { return len(rest) <= len(q) && q[:len(rest)] == rest })
	}
	return false
}

// hexTail tells whether a text holds nothing but hexadecimal digits, or those of
// the first of two UTF-16 units and a beginning of the second.
func hexTail(s string) bool {
	if n, ok := hexNumber(s, 0, 4); ok && n >= 0xd800 && n <= 0xdbff {
		return len(s) == 4 || unfinished(s[4:])
	}
	return hexRun(s, len(s)) == len(s)
}

// hexNumber reads exactly so many hexadecimal digits.
func hexNumber(text string, at, digits int) (rune, bool) {
	if digits == 0 || at+digits > len(text) || hexRun(text[at:], digits) < digits {
		return 0, false
	}
	n, err := strconv.ParseUint(text[at:at+digits], 16, 31)
	return rune(n), err == nil
}

// hexRun counts the hexadecimal digits at the beginning, up to a limit.
func hexRun(s string, limit int) int {
	n := 0
	for n < len(s) && n < limit && strings.IndexByte("0123456789abcdefABCDEF", s[n]) >= 0 {
		n++
	}
	return n
}

// octet is a text of one byte, which need not be UTF-8.
func octet(n rune) string { return string([]byte{byte(n & 0xff)}) }

func letterOrDigit[T byte | rune](c T) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
