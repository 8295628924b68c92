package route

import (
	"strings"
	"unicode"
)

// SafeCell makes a text harmless in a spreadsheet cell. A cell that a
// spreadsheet would take for a formula (= + - @ or their full-width forms, a
// tab or a carriage return in first place, also after white space) gets an
// apostrophe in front. Control characters, terminal escapes, invisible and
// text-direction characters become U+FFFD; a line feed and a tab inside stay.
// A text that is harmless comes back unchanged; applying it twice changes
// nothing more. (OWASP, CSV injection.)
func SafeCell(s string) string {
	s = visible(s, true)
	trimmed := strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == replaced })
	startsFormula := trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed[:min(len(trimmed), 4)])[0])
	if startsFormula || s != "" && strings.IndexByte("\t\r\n", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

// Printable makes a text harmless on a terminal and in Markdown or an error:
// one line, no control characters, escapes, invisible or text-direction
// characters. Line ends and tabs become a space, the others U+FFFD.
func Printable(s string) string { return visible(s, false) }

const replaced = unicode.ReplacementChar

func visible(s string, keepLines bool) string {
	clean := true
	for _, r := range s {
		if hidden(r) || !keepLines && (r == '\n' || r == '\t') || r == replaced {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			if keepLines {
				return r
			}
			return ' '
		case hidden(r):
			return replaced
		}
		return r
	}, s)
}

// hidden names the characters that act on a terminal or a reader instead of
// being read. Bytes that are not UTF-8 arrive here as U+FFFD already.
func hidden(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r <= 0x9f: // C0, DEL, C1
		return true
	case r == 0xad, r == 0x61c, r == 0x180e, r == 0xfeff: // invisible
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
		return true
	case r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}
