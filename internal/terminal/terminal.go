// Package terminal decides how ngapi talks to the person in front of it: which
// stream is a terminal, whether colour is welcome, whether questions may be
// asked and in which form, and what any text must look like before it is
// printed.
//
// The package reads nothing from the process: streams, their nature and the
// environment are handed in, so every decision is a pure function with a table
// of tests.
package terminal

import (
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"
)

// The size assumed where nobody can tell, in columns and rows.
const (
	DefaultWidth  = 80
	DefaultHeight = 24
)

// The smallest window that shows a question page in full. In a smaller one
// questions are asked line by line.
const (
	minWidth  = 30
	minHeight = 8
)

// Streams are the three standard streams and what is known about them. Answers
// go to Out, everything that is said to a person goes to Err.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer

	InTTY, OutTTY, ErrTTY bool

	// Size returns the window in columns and rows at this moment. It may be
	// nil; Window then returns the default size.
	Size func() (width, height int)
	// Env looks up an environment variable; empty means unset. It may be nil.
	Env func(name string) string
}

// FromFiles describes the three files of a process. Err is asked for the window
// size first, because that is where people are talked to.
func FromFiles(in, out, err *os.File, env func(string) string) Streams {
	s := Streams{
		In: in, Out: out, Err: err,
		InTTY: isTerminal(in), OutTTY: isTerminal(out), ErrTTY: isTerminal(err),
		Env: env,
	}
	s.Size = func() (int, int) {
		for _, f := range []*os.File{err, out, in} {
			if w, h, e := term.GetSize(int(f.Fd())); e == nil && w > 0 && h > 0 {
				return w, h
			}
		}
		return 0, 0
	}
	return s
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// Window returns the size in columns and rows, or the default size where it is
// not known. It is never zero.
func (s Streams) Window() (width, height int) {
	if s.Size != nil {
		width, height = s.Size()
	}
	if width <= 0 {
		width = DefaultWidth
	}
	if height <= 0 {
		height = DefaultHeight
	}
	return width, height
}

func (s Streams) env(name string) string { return lookup(s.Env, name) }

func lookup(env func(string) string, name string) string {
	if env == nil {
		return ""
	}
	return env(name)
}

// ColorMode is the value of --color.
type ColorMode string

// The three modes. The empty mode means ColorAuto.
const (
	ColorAuto   ColorMode = "auto"
	ColorAlways ColorMode = "always"
	ColorNever  ColorMode = "never"
)

// ColorEnabled decides whether a stream gets colour. The flag wins; then a
// non-empty NO_COLOR (no-color.org) switches colour off, CLICOLOR_FORCE other
// than 0 switches it on, and what remains needs a terminal that is not dumb.
func ColorEnabled(mode ColorMode, tty bool, env func(string) string) bool {
	switch mode {
	case ColorAlways:
		return true
	case ColorNever:
		return false
	case ColorAuto:
	}
	if lookup(env, "NO_COLOR") != "" {
		return false
	}
	if force := lookup(env, "CLICOLOR_FORCE"); force != "" && force != "0" {
		return true
	}
	return tty && lookup(env, "TERM") != "dumb"
}

// Interactive tells whether a question may be asked at all: there must be
// somebody to read it (Err) and somebody to answer (In), nobody forbade it, and
// this is no CI job. A CI variable of 0 or false counts as unset.
func Interactive(s Streams, noInput bool) bool {
	return s.InTTY && s.ErrTTY && !noInput && !truthy(s.env("CI"))
}

// LineMode tells whether questions are asked as plain lines instead of drawn
// pages: because a person asked for it (--accessible, or ACCESSIBLE other than
// 0 or false), because the terminal cannot move its cursor, or because the
// window is too small for a page.
func LineMode(s Streams, accessible bool) bool {
	if accessible || truthy(s.env("ACCESSIBLE")) || s.env("TERM") == "dumb" {
		return true
	}
	w, h := s.Window()
	return w < minWidth || h < minHeight
}

// ASCII tells whether output should keep to ASCII, because the locale does not
// promise UTF-8. Windows has no such variables and is taken to manage UTF-8.
func ASCII(env func(string) string) bool { return asciiOn(runtime.GOOS, env) }

func asciiOn(goos string, env func(string) string) bool {
	if goos == "windows" {
		return false
	}
	// The first variable that is set decides, in the order of POSIX.
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(lookup(env, name)); v != "" {
			return !strings.Contains(v, "utf-8") && !strings.Contains(v, "utf8")
		}
	}
	return true
}

func truthy(v string) bool {
	return v != "" && v != "0" && !strings.EqualFold(v, "false")
}
