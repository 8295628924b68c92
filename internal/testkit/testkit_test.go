package testkit

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"flag"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A recorder notes failures instead of having them.
type recorder struct {
	testing.TB
	failed string
}

func (r *recorder) Helper()                        {}
func (r *recorder) Errorf(format string, _ ...any) { r.failed = format }
func (r *recorder) Fatal(...any)                   { r.failed = "fatal" }
func (r *recorder) Fatalf(format string, _ ...any) { r.failed = format; panic(r) }

// attempt runs f and returns what it failed with, "" where it did not.
func attempt(t *testing.T, f func(testing.TB)) string {
	t.Helper()
	r := &recorder{TB: t}
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(r) {
				panic(p)
			}
		}()
		f(r)
	}()
	return r.failed
}

func TestGolden(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "a.txt")
	compare := func(got string, rewrite bool) string {
		return attempt(t, func(tb testing.TB) { golden(tb, file, []byte(got), rewrite) })
	}
	if compare("one\n", false) == "" {
		t.Error("a missing golden file must fail")
	}
	if f := compare("one\ntwo\n", true); f != "" {
		t.Errorf("writing failed: %s", f)
	}
	if f := compare("one\ntwo\n", false); f != "" {
		t.Errorf("equal text failed: %s", f)
	}
	if compare("one\nthree\n", false) == "" {
		t.Error("a difference must fail")
	}
	if err := os.WriteFile(file, []byte("one\r\ntwo\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if f := compare("one\ntwo\n", false); f != "" {
		t.Errorf("turned line ends failed: %s", f)
	}
	if attempt(t, func(tb testing.TB) { Golden(tb, "../../go.mod", nil) }) == "" {
		t.Error("a name that leads out of the folder must fail")
	}
}

func TestUpdateFlag(t *testing.T) {
	set := flag.NewFlagSet("x", flag.ContinueOnError)
	on := updateFlag(set)
	if err := set.Parse([]string{"-update"}); err != nil || !*on {
		t.Errorf("-update: %v, %v", *on, err)
	}
}

func TestLoopbackOnly(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	client := &http.Client{Transport: LoopbackOnly()}
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{server.URL, "http://localhost:" + u.Port()} {
		resp, err := client.Get(target)
		if err != nil {
			t.Errorf("%s: %v", target, err)
			continue
		}
		_ = resp.Body.Close()
	}
	for _, target := range []string{"http://192.0.2.1/", "http://ngapi.example/", "https://[2001:db8::1]/", "http://0.0.0.0:" + u.Port(), "http://localhost.example/"} {
		resp, err := client.Get(target)
		if err == nil {
			_ = resp.Body.Close()
		}
		if !errors.Is(err, ErrNotLoopback) {
			t.Errorf("%s: %v, want a refusal", target, err)
		}
	}
}

func TestEncodings(t *testing.T) {
	const canary = "s3cret/value+1"
	forms := encodings(canary)
	held := func(text string) bool {
		for _, f := range forms {
			if strings.Contains(text, f) {
				return true
			}
		}
		return false
	}
	for _, id := range []string{"", "a", "ab", "abc", "client"} {
		pair := id + ":" + canary + "@"
		for name, text := range map[string]string{
			"plain":   pair,
			"std":     base64.StdEncoding.EncodeToString([]byte(pair)),
			"raw url": base64.RawURLEncoding.EncodeToString([]byte(pair)),
			"percent": url.QueryEscape(pair),
			"hex":     hex.EncodeToString([]byte(pair)),
		} {
			if !held(text) {
				t.Errorf("%s of %q is not found", name, pair)
			}
		}
	}
	if held("s3cret/value-1 and c2VjcmV0") {
		t.Error("another text is found")
	}
}

func TestLookup(t *testing.T) {
	doc, err := decode(`{"a":{"b.c":1},"l":[{"id":"x.y","v":true},"s"]}`)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"l.#": "2", "l[1]": "s", "l.1": "s", "l[id=x.y].v": "true", "a[b.c]": "1", "a": `{"b.c":1}`,
	} {
		if got, err := lookup(doc, path); err != nil || plain(got) != want {
			t.Errorf("%s is %s (%v), want %s", path, plain(got), err, want)
		}
	}
	for _, path := range []string{"b", "l[2]", "l[-1]", "l.x", "l[id=z]", "a.b.c", "l[0", "l[1].s"} {
		if got, err := lookup(doc, path); err == nil {
			t.Errorf("%s is %s, want an error", path, plain(got))
		}
	}
	for _, text := range []string{"", "{", "{} {}", "{}x"} {
		if _, err := decode(text); err == nil {
			t.Errorf("%q must not pass for JSON", text)
		}
	}
}
