package terminal

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// env makes a lookup from "NAME=value" pairs.
func env(pairs ...string) func(string) string {
	return func(name string) string {
		for _, p := range pairs {
			if value, ok := strings.CutPrefix(p, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

func TestColorEnabled(t *testing.T) {
	tests := []struct {
		name string
		mode ColorMode
		tty  bool
		env  func(string) string
		want bool
	}{
		{"terminal", ColorAuto, true, env("TERM=xterm"), true},
		{"empty mode is auto", "", true, env(), true},
		{"no environment at all", ColorAuto, true, nil, true},
		{"pipe", ColorAuto, false, env("TERM=xterm"), false},
		{"NO_COLOR", ColorAuto, true, env("NO_COLOR=1"), false},
		{"NO_COLOR of any value", ColorAuto, true, env("NO_COLOR=0"), false},
		{"empty NO_COLOR counts as unset", ColorAuto, true, env("NO_COLOR="), true},
		{"dumb terminal", ColorAuto, true, env("TERM=dumb"), false},
		{"forced into a pipe", ColorAuto, false, env("CLICOLOR_FORCE=1"), true},
		{"force of 0 is no force", ColorAuto, false, env("CLICOLOR_FORCE=0"), false},
		{"NO_COLOR beats force", ColorAuto, true, env("NO_COLOR=1", "CLICOLOR_FORCE=1"), false},
		{"flag beats NO_COLOR", ColorAlways, false, env("NO_COLOR=1", "TERM=dumb"), true},
		{"flag beats force", ColorNever, true, env("CLICOLOR_FORCE=1"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := ColorEnabled(tt.mode, tt.tty, tt.env); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}

func TestInteractive(t *testing.T) {
	both := Streams{InTTY: true, ErrTTY: true}
	tests := []struct {
		name    string
		streams Streams
		env     func(string) string
		noInput bool
		want    bool
	}{
		{"both terminals", both, nil, false, true},
		{"stdout redirected does not matter", Streams{InTTY: true, ErrTTY: true, OutTTY: false}, nil, false, true},
		{"stdin is a pipe", Streams{OutTTY: true, ErrTTY: true}, nil, false, false},
		{"stderr is a file", Streams{InTTY: true, OutTTY: true}, nil, false, false},
		{"--no-input", both, nil, true, false},
		{"CI", both, env("CI=true"), false, false},
		{"CI of any value", both, env("CI=woodpecker"), false, false},
		{"CI=false", both, env("CI=False"), false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.streams.Env = tt.env
			if got := Interactive(tt.streams, tt.noInput); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}

func TestLineMode(t *testing.T) {
	tests := []struct {
		name          string
		width, height int
		env           func(string) string
		flag, want    bool
	}{
		{"usual window", 80, 24, env("TERM=xterm"), false, false},
		{"unknown size", 0, 0, nil, false, false},
		{"flag", 80, 24, nil, true, true},
		{"ACCESSIBLE", 80, 24, env("ACCESSIBLE=1"), false, true},
		{"ACCESSIBLE=0", 80, 24, env("ACCESSIBLE=0"), false, false},
		{"ACCESSIBLE=false", 80, 24, env("ACCESSIBLE=false"), false, false},
		{"dumb", 80, 24, env("TERM=dumb"), false, true},
		{"smallest for pages", 30, 8, nil, false, false},
		{"too narrow", 29, 24, nil, false, true},
		{"too low", 80, 7, nil, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Streams{Env: tt.env, Size: func() (int, int) { return tt.width, tt.height }}
			if got := LineMode(s, tt.flag); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}

func TestASCII(t *testing.T) {
	tests := []struct {
		name, goos string
		env        func(string) string
		want       bool
	}{
		{"UTF-8", "linux", env("LANG=de_DE.UTF-8"), false},
		{"utf8 without hyphen", "linux", env("LC_CTYPE=C.utf8"), false},
		{"LC_ALL wins", "linux", env("LC_ALL=C", "LANG=en_US.UTF-8"), true},
		{"nothing set", "linux", env(), true},
		{"Windows", "windows", env(), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := asciiOn(tt.goos, tt.env); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}

func TestFromFiles(t *testing.T) {
	master, slave, err := pty.Open()
	if err != nil {
		t.Skip("no pseudo-terminal:", err)
	}
	defer master.Close()
	defer slave.Close()
	if err := pty.Setsize(master, &pty.Winsize{Rows: 20, Cols: 40}); err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	s := FromFiles(slave, file, slave, env("CI=1"))
	if !s.InTTY || s.OutTTY || !s.ErrTTY {
		t.Errorf("terminals: in %t, out %t, err %t", s.InTTY, s.OutTTY, s.ErrTTY)
	}
	if w, h := s.Window(); w != 40 || h != 20 {
		t.Errorf("window %dx%d, want 40x20", w, h)
	}
	if w, h := FromFiles(file, file, file, nil).Window(); w != DefaultWidth || h != DefaultHeight {
		t.Errorf("without a terminal the window is %dx%d, want the default", w, h)
	}
	if Interactive(s, false) {
		t.Error("the environment must be asked")
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		name, in string
		width    int
		want     []string
	}{
		{"fits", "one two", 10, []string{"one two"}},
		{"breaks at spaces", "one two three", 8, []string{"one two", "three"}},
		{"keeps the indentation", "  one two", 6, []string{"  one", "  two"}},
		{"an address stays whole", "see https://example.org/a-long-path now", 10, []string{"see", "https://example.org/a-long-path", "now"}},
		{"wide runes", "東京 大阪", 6, []string{"東京", "大阪"}},
		{"no width", "one two", 0, []string{"one two"}},
		{"empty", "", 5, []string{""}},
		{"only spaces", "          ", 5, []string{""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Wrap(tt.in, tt.width); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
