package terminal

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "Acme Health", "Acme Health"},
		{"empty", "", ""},
		{"accents and scripts stay", "Zoë 東京 ✓", "Zoë 東京 ✓"},
		{"colour", "\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"window title", "\x1b]0;pwned\a", `\x1b]0;pwned\x07`},
		{"C1 control sequence introducer", "a\u009b31m", `a\x9b31m`},
		{"raw C1 byte", "a\x9bb", `a\x9bb`},
		{"newline, return, tab", "a\nb\rc\td", `a\nb\rc\td`},
		{"backspace and delete", "a\bb\x7f", `a\x08b\x7f`},
		{"right-to-left override", "user\u202egpj.exe", `user\u202egpj.exe`},
		{"isolate and mark", "\u2066x\u2069\u200f", `\u2066x\u2069\u200f`},
		{"line separators", "a\u2028b\u2029c", `a\u2028b\u2029c`},
		{"zero-width space and byte order mark", "a\u200bb\ufeff", `a\u200bb\ufeff`},
		{"tag characters", "a\U000e0041", `a\U000e0041`},
		{"joiners stay", "می\u200cخواهم", "می\u200cخواهم"},
		{"broken UTF-8", "a\xffb", `a\xffb`},
		{"a real replacement character", "a\ufffdb", "a\ufffdb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Clean(tt.in); got != tt.want {
				t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestCleanLines(t *testing.T) {
	got := CleanLines("a\tb\r\nc\x1b\n")
	if want := []string{"a    b", `c\x1b`, ""}; !slices.Equal(got, want) {
		t.Errorf("CleanLines = %q, want %q", got, want)
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a\x1b[0m", "\u202e", "\xff\xfe", "x\u2028y", "\U000e007f", "a\r\nb\t"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		for _, line := range append(CleanLines(s), got) {
			if !utf8.ValidString(line) {
				t.Fatalf("%q: %q is not UTF-8", s, line)
			}
			i := strings.IndexFunc(line, func(r rune) bool {
				return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
			})
			if i >= 0 {
				t.Fatalf("%q: %q holds a control at byte %d", s, line, i)
			}
		}
		if again := Clean(got); again != got {
			t.Fatalf("%q: cleaning twice changes %q to %q", s, got, again)
		}
	})
}
