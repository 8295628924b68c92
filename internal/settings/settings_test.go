package settings

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
)

// env makes an environment of names and values.
func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// config makes a settings file and returns its folder and path.
func config(t *testing.T, content string) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	path = filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, path
}

// shownAs returns value and origin of one key.
func shownAs(t *testing.T, o Options, key string) (any, string) {
	t.Helper()
	s, err := Load(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range s.List() {
		if l.Key == key {
			return l.Value, l.Origin
		}
	}
	t.Fatalf("%s is not listed", key)
	return nil, ""
}

// Every key is read from each of its sources, and the nearer one wins.
func TestEveryKeyFromEverySource(t *testing.T) {
	type texts struct{ fallback, file, env, flag any }
	table := map[string]texts{
		KeyProfile:    {"", "File.With.Dots/Case.yaml", "env.yaml", "flag.yaml"},
		KeyOutput:     {"text", "json", "sarif=Report.SARIF", "markdown"},
		KeyColor:      {"auto", "never", "always", "never"},
		KeyAccessible: {false, true, false, true},
		KeyNoInput:    {false, true, false, true},
		KeyRulebook:   {"", "2026-11", "2027-01", "./My.Rules.yaml"},
		KeyDebug:      {false, true, false, true},
	}
	if len(table) != len(Keys()) {
		t.Fatalf("%d keys are tested, there are %d", len(table), len(Keys()))
	}
	for _, k := range Keys() {
		t.Run(k.Name, func(t *testing.T) {
			want := table[k.Name]
			dir, path := config(t, "# mine\n"+k.Name+": "+word(want.file)+"\n")
			only, both := Options{Env: env("NGAPI_CONFIG_DIR", dir)}, Options{Env: env("NGAPI_CONFIG_DIR", dir, k.Env, word(want.env))}
			all := Options{Env: both.Env, Flags: map[string]string{k.Name: word(want.flag)}}
			for _, c := range []struct {
				o      Options
				want   any
				origin string
			}{
				{Options{}, want.fallback, "default"}, {only, want.file, path + ":2"}, {both, want.env, k.Env}, {all, want.flag, "--" + k.Name},
			} {
				if got, origin := shownAs(t, c.o, k.Name); got != c.want || origin != c.origin {
					t.Errorf("got %v from %s, want %v from %s", got, origin, c.want, c.origin)
				}
			}
		})
	}
}

func word(v any) string {
	switch v {
	case true:
		return "true"
	case false:
		return "false"
	}
	return v.(string) //nolint:errcheck // the table holds bools and texts
}

func TestWordsForTruth(t *testing.T) {
	for text, want := range map[string]bool{"1": true, "TRUE": true, "yes": true, "on": true, "0": false, "No": false, "off": false, "false": false} {
		if got, _ := shownAs(t, Options{Env: env("NGAPI_NO_INPUT", text)}, KeyNoInput); got != want {
			t.Errorf("%s is %v", text, got)
		}
	}
}

// An empty variable is one that is not set; the process environment is not
// looked at.
func TestEnvironmentIsTheParameter(t *testing.T) {
	t.Setenv("NGAPI_COLOR", "never")
	t.Setenv("NGAPI_RULEBOOK", "x")
	if got, origin := shownAs(t, Options{Env: env("NGAPI_RULEBOOK", "")}, KeyRulebook); got != "" || origin != "default" {
		t.Errorf("%v from %s", got, origin)
	}
	if got, _ := shownAs(t, Options{}, KeyColor); got != "auto" {
		t.Errorf("colour %v", got)
	}
}

func TestStrictFile(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"unknown key":       {"colour: never\n", `:1:1: unknown setting "colour"; did you mean color?`},
		"far key":           {"zzzzzzzz: 1\n", `:1:1: unknown setting "zzzzzzzz"; known are profile, output, color`},
		"capital letters":   {"Color: never\n", `:1:1: unknown setting "Color"; did you mean color?`},
		"dots":              {"color.when: never\n", `:1:1: unknown setting "color.when"`},
		"viper's delimiter": {"color::x: never\n", `:1:1: unknown setting "color::x"`},
		"underscore":        {"no_input: true\n", "did you mean no-input?"},
		"choice":            {"color: sometimes\n", `:1:8: color cannot be "sometimes"; choose one of auto, always, never`},
		"not a bool":        {"debug: 1\n", ":1:8: debug cannot be \"1\"; write true or false"},
		"quoted bool":       {"debug: \"true\"\n", "without quotation marks"},
		"number":            {"rulebook: 2026\n", `:1:11: rulebook cannot be "2026"; put it in quotation marks`},
		"list":              {"output: [json]\n", ":1:9: output cannot be"},
		"empty":             {"output: ''\n", "give it a value or leave it out"},
		"twice":             {"color: auto\ncolor: never\n", ":2:1: color is there twice"},
		"anchor":            {"color: &a auto\n", "write one plain value"},
		"alias":             {"color: &a auto\noutput: *a\n", ":2:9: output cannot be"},
		"merge":             {"<<: {color: auto}\n", `unknown setting "<<"`},
		"not a mapping":     {"- color\n", ":1:1: the settings file holds no settings"},
		"two documents":     {"color: auto\n---\ncolor: auto\n", "more than one document"},
		"not YAML":          {"color: [\n", "this is not valid YAML"},
		"too large":         {strings.Repeat("#", maxBytes+1), "larger than 65536 bytes"},
		"all at once":       {"colour: x\ndebug: maybe\n", "did you mean color?\n"},
		"escape":            {"\"a\\e[31m\": x\n", `unknown setting "a\x1b[31m"`},
	} {
		dir, path := config(t, c.in)
		_, err := Load(Options{Env: env("NGAPI_CONFIG_DIR", dir)})
		if err == nil || exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), path+":") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, in := range []string{"", "# nothing\n", "color:\n", "{}\n", "\xef\xbb\xbfcolor: auto\r\n"} {
		dir, _ := config(t, in)
		if _, err := Load(Options{Env: env("NGAPI_CONFIG_DIR", dir)}); err != nil {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestStrictVariablesAndFlags(t *testing.T) {
	dir, path := config(t, "colour: x\n")
	_, err := Load(Options{Env: env("NGAPI_CONFIG_DIR", dir, "NGAPI_DEBUG", "perhaps"), Flags: map[string]string{"color": "blue", "colr": "x", "profile": ""}})
	list := exit.List(err)
	for _, want := range []string{path + `:1:1: unknown setting "colour"`, `NGAPI_DEBUG cannot be "perhaps"; write true or false`,
		`--color cannot be "blue"; choose one of auto, always, never`, `unknown setting "colr"; did you mean color?`, `--profile cannot be ""`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
	if len(list) != 5 || exit.Of(err) != exit.Usage {
		t.Errorf("%d problems: %v", len(list), list)
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "config.yaml"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Load(Options{Env: env("NGAPI_CONFIG_DIR", dir)})
	if err == nil || exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "the settings file cannot be read: is a directory") {
		t.Errorf("got %v", err)
	}
}

func TestLocate(t *testing.T) {
	for name, c := range map[string]struct {
		goos string
		env  []string
		want Paths
	}{
		"Linux":        {"linux", []string{"HOME", "/home/a"}, Paths{"/home/a/.config/ngapi", "/home/a/.config/ngapi/config.yaml", "/home/a/.local/state/ngapi"}},
		"macOS":        {"darwin", []string{"HOME", "/Users/a"}, Paths{"/Users/a/.config/ngapi", "/Users/a/.config/ngapi/config.yaml", "/Users/a/.local/state/ngapi"}},
		"XDG":          {"linux", []string{"HOME", "/h", "XDG_CONFIG_HOME", "/c/", "XDG_STATE_HOME", "/s"}, Paths{"/c/ngapi", "/c/ngapi/config.yaml", "/s/ngapi"}},
		"relative XDG": {"linux", []string{"HOME", "/h", "XDG_CONFIG_HOME", "c", "XDG_STATE_HOME", "./s"}, Paths{"/h/.config/ngapi", "/h/.config/ngapi/config.yaml", "/h/.local/state/ngapi"}},
		"own folder":   {"linux", []string{"NGAPI_CONFIG_DIR", "here", "XDG_CONFIG_HOME", "/c"}, Paths{"here", "here/config.yaml", ""}},
		"no HOME":      {"linux", nil, Paths{}},
		"Windows": {"windows", []string{"AppData", `C:\R`, "LocalAppData", `C:\L`, "USERPROFILE", `C:\U`},
			Paths{`C:\R\ngapi`, `C:\R\ngapi\config.yaml`, `C:\L\ngapi`}},
		"Windows, bare": {"windows", []string{"USERPROFILE", `C:\U`}, Paths{`C:\U\.config\ngapi`, `C:\U\.config\ngapi\config.yaml`, `C:\U\.local\state\ngapi`}},
		"Windows, XDG":  {"windows", []string{"AppData", `C:\R`, "XDG_CONFIG_HOME", `D:\x`, "XDG_STATE_HOME", `/not/absolute`}, Paths{`D:\x\ngapi`, `D:\x\ngapi\config.yaml`, ""}},
	} {
		if d := cmp.Diff(c.want, Locate(env(c.env...), c.goos)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// Without HOME everything works but what needs a place.
func TestNoHome(t *testing.T) {
	s, err := Load(Options{Env: env("NGAPI_COLOR", "never"), GOOS: "linux"})
	if err != nil || s.Color.V != "never" || s.Profile.Origin != "default" {
		t.Fatalf("%v %+v", err, s)
	}
	if _, err := s.Paths.StateDir(); exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "set HOME or XDG_STATE_HOME") {
		t.Errorf("state: %v", err)
	}
	if _, err := s.Paths.SettingsFile(); exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "NGAPI_CONFIG_DIR") {
		t.Errorf("settings: %v", err)
	}
}

func TestSet(t *testing.T) {
	for name, c := range map[string]struct{ before, key, value, want string }{
		"new file":          {"", "color", "never", "color: never\n"},
		"new key":           {"# mine\ncolor: auto # always?\n", "no-input", "yes", "# mine\ncolor: auto # always?\nno-input: true\n"},
		"change":            {"# mine\ncolor: auto # always?\ndebug: true\n", "color", "never", "# mine\ncolor: never # always?\ndebug: true\n"},
		"text like a bool":  {"rulebook: a\n", "rulebook", "true", "rulebook: \"true\"\n"},
		"text like a date":  {"", "rulebook", "2026-11", "rulebook: 2026-11\n"},
		"text like a float": {"", "rulebook", "5.10", "rulebook: \"5.10\"\n"},
		"remove":            {"color: auto\ndebug: true\n", "color", "", "debug: true\n"},
		"remove the last":   {"color: auto\n", "color", "", ""},
		"remove nothing":    {"", "color", "", ""},
		"comments only":     {"# mine\n", "color", "never", "# mine\ncolor: never\n"},
		"null":              {"color:\n", "color", "never", "color: never\n"},
	} {
		got := "not called"
		err := Set("c", c.key, c.value, func(path string, change func([]byte) ([]byte, error)) error {
			var before []byte
			if c.before != "" {
				before = []byte(c.before)
			}
			after, err := change(before)
			got = string(after)
			return err
		})
		if err != nil || got != c.want {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestSetRefuses(t *testing.T) {
	broken := errors.New("disk full")
	for name, c := range map[string]struct{ before, key, value, want string }{
		"unknown key": {"", "colour", "x", `unknown setting "colour"; did you mean color?`},
		"wrong value": {"", "color", "x", `color cannot be "x"; choose one of`},
		"wrong file":  {"colour: x\n", "color", "never", "c:1:1: unknown setting"},
		"disk":        {"", "color", "never", "disk full"},
	} {
		err := Set("c", c.key, c.value, func(_ string, change func([]byte) ([]byte, error)) error {
			if _, err := change([]byte(c.before)); err != nil {
				return err
			}
			return broken
		})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
