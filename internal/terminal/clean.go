package terminal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes any text safe to print on one line of a terminal. Whatever could
// move the cursor, change colours, retitle the window, reorder or hide text
// becomes a visible escape: control characters (C0, DEL, C1; so no escape
// sequence survives), line and paragraph separators, bidirectional and other
// invisible format characters, and bytes that are not UTF-8. A newline becomes
// \n and a tab \t.
//
// The zero-width joiner and non-joiner stay: several scripts cannot be written
// without them, and they neither move nor hide anything.
func Clean(s string) string {
	if harmless(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case !misleading(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += n
	}
	return b.String()
}

// CleanLines is Clean for text of several lines: line ends (LF or CR LF)
// separate the lines it returns, a tab becomes four spaces. An empty text is
// one empty line.
func CleanLines(s string) []string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = Clean(strings.ReplaceAll(line, "\t", "    "))
	}
	return lines
}

// harmless spares the usual text a copy.
func harmless(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return strings.IndexFunc(s, misleading) < 0
}

// misleading tells whether a terminal, or the eye of its reader, could be misled.
func misleading(r rune) bool {
	const (
		nonJoiner = 0x200c
		joiner    = 0x200d
	)
	switch {
	case r < 0x20 || r == 0x7f:
		return true
	case r < 0x7f:
		return false
	case r == nonJoiner || r == joiner:
		return false
	}
	// Cc: controls. Cf: bidirectional marks, zero-width space, byte order mark,
	// tags. Zl, Zp: separators that some terminals treat as a new line.
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
