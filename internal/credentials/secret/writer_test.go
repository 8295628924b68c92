package secret

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

func passed(t *testing.T, r *Redactor, parts ...string) string {
	t.Helper()
	var out bytes.Buffer
	w := r.Writer(&out)
	for _, p := range parts {
		if n, err := w.Write([]byte(p)); n != len(p) || err != nil {
			t.Fatalf("Write(%q) = %d, %v", p, n, err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// alike tells whether two texts differ by no more than masks side by side, and the
// beginning of a run of base64 that had been passed on before a secret was met in
// it.
func alike(got, want, text string) bool {
	for strings.Contains(got, Mask+Mask) {
		got = strings.ReplaceAll(got, Mask+Mask, Mask)
	}
	if got == want {
		return true
	}
	before, after, ok := strings.Cut(want, Mask)
	return ok && strings.HasPrefix(got, before) && strings.HasSuffix(got, Mask+after) &&
		len(got)-len(want) <= 12 && strings.HasPrefix(text, strings.TrimSuffix(got, Mask+after))
}

func TestWriterMeetsASplitSecret(t *testing.T) {
	for i, s := range secrets()[:7] {
		r := NewRedactor()
		r.Learn(New(s))
		for name, disguise := range disguises() {
			if i > 1 && strings.ContainsAny(name, "0123456789") {
				continue // the alignments have been seen
			}
			text := "it says: " + disguise(s) + " and ends here.\n"
			want := r.Clean(text)
			for at := 1; at < len(text); at += 9 {
				if got := passed(t, r, text[:at], text[at:]); !alike(got, want, text) {
					t.Fatalf("%s of %q: split at %q: %q, want %q", name, s, text[:at], got, want)
				}
			}
			if got := passed(t, r, strings.Split(text, "")...); !alike(got, want, text) {
				t.Fatalf("%s of %q: byte by byte: %q, want %q", name, s, got, want)
			}
		}
	}
}

func TestWriterMeetsASplitStructure(t *testing.T) {
	r := NewRedactor()
	for _, text := range []string{
		"Authorization: Bearer abc.def-1 ok\n", `{"x":"y","access_token" : "a\"b","z":"y"}`, `"{\"refresh_token\":\"a\\\"b\",\"x\":\"y\"}"`,
		"grant_type=x&client_secret=ab%26c&site_id=s", `"a=b\u0026client_secret=abc\u0026c=d"`, "a%3Db%26code_verifier%3Dabc%26c%3Dd",
		"<Password>x1</Password>", "map[client_secret:[abc] grant_type:[x]]", `{"password": 123456, "code": 400}`,
		"token eyJhbGciOiJSUzM4NCJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl end", `WWW-Authenticate: Bearer realm="x", error="invalid_token"`,
		"status_code=500&errorcode=5", "basic sentence, code 7, and the bearer token\n",
	} {
		want := r.Clean(text)
		for at := 1; at < len(text); at++ {
			if got := passed(t, r, text[:at], text[at:]); !alike(got, want, text) {
				t.Errorf("split at %q: %q, want %q", text[:at], got, want)
			}
		}
		if got := passed(t, r, strings.Split(text, "")...); !alike(got, want, text) {
			t.Errorf("byte by byte: %q, want %q", got, want)
		}
	}
}

func TestWriterHoldsNothingElseBack(t *testing.T) {
	r := NewRedactor()
	r.Learn(New(canary))
	var out bytes.Buffer
	w := r.Writer(&out)
	for _, line := range []string{"Password: ", "a line\n", "checking 3/10\r", "Continue? [y/N] "} {
		out.Reset()
		if _, err := w.Write([]byte(line)); err != nil || out.String() != line {
			t.Errorf("%q came out as %q, %v", line, out.String(), err)
		}
	}
	out.Reset()
	if _, err := w.Write([]byte("x canary")); err != nil || strings.Contains(out.String(), "c") {
		t.Errorf("a beginning was passed on: %q, %v", out.String(), err)
	}
	if err := w.Flush(); err != nil || out.String() != "x "+Mask {
		t.Errorf("flush: %q, %v", out.String(), err)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestWriterReportsFailure(t *testing.T) {
	r := NewRedactor()
	r.Learn(New(canary))
	w := r.Writer(broken{})
	if n, err := w.Write([]byte("text\n")); n != 0 || err == nil {
		t.Errorf("Write = %d, %v", n, err)
	}
	if _, err := w.Write([]byte("canary")); err != nil {
		t.Errorf("nothing had to be written: %v", err)
	}
	if err := w.Flush(); err == nil {
		t.Error("Flush hides the failure")
	}
	if err := w.Flush(); err != nil {
		t.Errorf("nothing is left: %v", err)
	}
}

func TestWriterIsSafeForConcurrentUse(t *testing.T) {
	r := NewRedactor()
	r.Learn(New(canary))
	var out bytes.Buffer
	w := r.Writer(&out)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() { _, _ = fmt.Fprintf(w, "line %d %s\n", i, canary) })
	}
	all.Wait()
	if got := out.String(); strings.Count(got, Mask+"\n") != 8 || strings.Contains(got, canary) {
		t.Errorf("got %q", got)
	}
}
