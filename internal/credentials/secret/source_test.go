package secret

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/apionboard/ngapi/internal/exit"
)

func TestSecretsFromFileAndStream(t *testing.T) {
	path := filepath.Join(t.TempDir(), "client secret")
	for content, want := range map[string]struct{ text, problem string }{
		canary:                               {canary, ""},
		canary + "\n":                        {canary, ""},
		canary + "\r\n":                      {canary, ""},
		" " + canary + " ":                   {" " + canary + " ", ""}, // Shape speaks of it
		strings.Repeat("x", 64<<10):          {strings.Repeat("x", 64<<10), ""},
		"":                                   {"", "no secret"},
		"\n":                                 {"", "no secret"},
		"\ufeff \n":                          {"", "no secret"},
		canary + "\n\n":                      {"", "more than one line"},
		canary + "\nsecond":                  {"", "more than one line"},
		canary + "\rsecond":                  {"", "more than one line"},
		"\xff\xfec\x00a\x00":                 {"", "UTF-16"},
		canary + strings.Repeat("x", 64<<10): {"", "more than 64 KiB"},
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		v, facts, err := ReadFile(path)
		s, serr := ReadStdin(strings.NewReader(content))
		if want.problem == "" {
			if err != nil || serr != nil || v.Reveal() != want.text || !s.Equal(v) || facts.Path != path {
				t.Errorf("%.40q: %v, %v", content, err, serr)
			}
			continue
		}
		for _, err := range []error{err, serr} {
			if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), want.problem) || leaks(err.Error()) || !v.Empty() || !s.Empty() {
				t.Errorf("%.40q: %v", content, err)
			}
		}
		if !strings.HasPrefix(err.Error(), path+": ") || !strings.HasPrefix(serr.Error(), "standard input: ") {
			t.Errorf("the source is not named: %v, %v", err, serr)
		}
	}
	if _, err := ReadStdin(iotest.ErrReader(errors.New("torn"))); exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "torn") {
		t.Errorf("got %v", err)
	}
	for _, p := range []string{filepath.Dir(path), path + ".none"} {
		if _, _, err := ReadFile(p); exit.Of(err) != exit.Usage || !strings.HasPrefix(err.Error(), p+": ") || strings.Count(err.Error(), p) != 1 {
			t.Errorf("%s: %v", p, err)
		}
	}
}

func TestFileFacts(t *testing.T) {
	unixOnly(t)
	dir := t.TempDir()
	tree := filepath.Join(dir, "app", "deep")
	if err := os.MkdirAll(tree, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "app", ".git"), []byte("gitdir: x"), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(tree, "secret")
	for mode, want := range map[os.FileMode][2]bool{0o600: {false, false}, 0o640: {true, false}, 0o604: {false, true}, 0o644: {true, true}} {
		_ = os.Remove(path)
		if err := os.WriteFile(path, []byte(canary), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, facts, err := ReadFile(path)
		if err != nil || facts.Mode != mode || facts.GroupReadable != want[0] || facts.AnyoneElse != want[1] || !strings.HasSuffix(facts.WorkTree, "app") {
			t.Errorf("mode %v: %+v, %v", mode, facts, err)
		}
	}
	_, facts, _ := ReadFile(path)
	for _, c := range []struct {
		ask            Tracked
		tracked, known bool
	}{
		{nil, false, false},
		{func(string) (bool, error) { return true, nil }, true, true},
		{func(p string) (bool, error) { return p != path, nil }, false, true},
		{func(string) (bool, error) { return true, errors.New("no git") }, false, false},
	} {
		if tracked, known := facts.Tracked(c.ask); tracked != c.tracked || known != c.known {
			t.Errorf("got %v, %v", tracked, known)
		}
	}
	outside := filepath.Join(dir, "secret")
	if err := os.WriteFile(outside, []byte(canary), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, facts, err := ReadFile(outside); err != nil || facts.WorkTree != "" {
		t.Skipf("the folder for tests is itself in a work tree: %+v, %v", facts, err)
	}
	if tracked, known := (FileFacts{}).Tracked(nil); tracked || !known {
		t.Error("outside of a work tree nothing is tracked")
	}
}

func TestShape(t *testing.T) {
	good := "0123456789abcdef0123456789abcdef"
	for text, want := range map[string]string{
		"":                         "empty",
		good + "\n":                "ends with a line break",
		good + " ":                 "spaces around it",
		"\t" + good:                "spaces around it",
		"\ufeff" + good:            "byte order mark",
		good + "\x00" + good:       "control characters",
		`"` + good + `"`:           "quotation marks",
		"“" + good + "”":           "quotation marks",
		"changeme-changeme":        "placeholder",
		"your-client-secret-here":  "placeholder",
		"xxxxxxxxxxxxxxxxxxxxxxx":  "placeholder",
		"********************":     "placeholder",
		"<the-client-secret-xy>":   "placeholder",
		"${NGAPI_CLIENT_SECRET}":   "placeholder",
		"$NGAPI_CLIENT_SECRETS":    "placeholder",
		"%CLIENT_SECRET_VARIABLE%": "placeholder",
		"TODO: ask for it soon":    "placeholder",
		"0123456789%2Babcdef01234": "percent-encoding",
		"0123456789":               "shorter than 16",
		"https://a.example/abcde":  "an address",
		"l7" + good:                "client id",
		"0123456789abcdefé":        "outside ASCII",
	} {
		found := Shape(New(text))
		if !strings.Contains(strings.Join(found, "\n"), want) {
			t.Errorf("%q: %q", text, found)
		}
		for _, f := range found {
			if text != "" && strings.Contains(f, strings.TrimSpace(text)) {
				t.Errorf("%q is repeated: %q", text, f)
			}
		}
	}
	for _, text := range []string{good, "01234567-89ab-4def-8123-456789abcdef", "aB3~.-_zK9!qW#eR$tY%uI^oP&", "with a space in it 12"} {
		if found := Shape(New(text)); len(found) > 0 {
			t.Errorf("%q: %q", text, found)
		}
	}
}

func FuzzReadStdin(f *testing.F) {
	f.Add("abc\n")
	f.Add("\xff\xfea")
	f.Fuzz(func(t *testing.T, content string) {
		v, err := ReadStdin(strings.NewReader(content))
		if err == nil && (v.Empty() || strings.ContainsAny(v.Reveal(), "\r\n") || !strings.HasPrefix(content, v.Reveal())) {
			t.Errorf("%q became %q", content, v.Reveal())
		}
		if found := strings.Join(Shape(New(content)), ""); len(content) > 40 && strings.Contains(found, content) {
			t.Errorf("%q is repeated", content)
		}
	})
}
