package terminal

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Wrap breaks one line of text at spaces so that each piece fits into width
// columns. The indentation of the text is repeated on each further line. A word
// that is wider than the window, an address for example, stays in one piece:
// the terminal breaks it on the screen, and it can still be copied whole.
func Wrap(s string, width int) []string {
	body := strings.TrimLeft(s, " ")
	indent := s[:len(s)-len(body)]
	if width <= 0 || ansi.StringWidth(s) <= width {
		return []string{s}
	}
	var lines []string
	line := ""
	for _, word := range strings.Fields(body) {
		switch {
		case line == "":
			line = indent + word
		case ansi.StringWidth(line)+1+ansi.StringWidth(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = indent + word
		}
	}
	return append(lines, line)
}
