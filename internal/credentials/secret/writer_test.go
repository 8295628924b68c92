package secret

import (
	"bytes"
	"encoding/base64"
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

// gone tells whether nothing of a secret is left between two known ends: no more
// than masks and a few characters of base64 that stood before or after it.
func gone(r *Redactor, got, before, after string) bool {
	middle, ok := strings.CutPrefix(got, before)
	middle, there := strings.CutSuffix(middle, after)
	rest := strings.ReplaceAll(middle, Mask, "")
	return ok && there && strings.Contains(middle, Mask) && len(rest) <= 12 && r.Known(got) == got
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
			for at := 1; at < len(text); at += 9 {
				if got := passed(t, r, text[:at], text[at:]); !gone(r, got, "it says: ", " and ends here.\n") {
					t.Fatalf("%s of %q: split at %q: %q", name, s, text[:at], got)
				}
			}
			if got := passed(t, r, strings.Split(text, "")...); !gone(r, got, "it says: ", " and ends here.\n") {
				t.Fatalf("%s of %q: byte by byte: %q", name, s, got)
			}
		}
	}
}

// What announces a secret in a text of another's making announces nothing in a
// document of our own: masking there would break it.
func TestWriterAndKnownLeaveOurOwnWords(t *testing.T) {
	r := NewRedactor()
	r.Learn(New(canary))
	for _, text := range []string{
		`{"code": "usage", "password": "is missing"}`, "token_type is Bearer and code=7\n", `the answer begins: {"access_token": "`,
	} {
		if got := r.Known(text); got != text {
			t.Errorf("Known(%q) = %q", text, got)
		}
		if got := passed(t, r, text); got != text {
			t.Errorf("%q came out as %q", text, got)
		}
	}
	if got := r.Known("x " + canary + " y"); got != "x "+Mask+" y" {
		t.Errorf("Known lets a secret pass: %q", got)
	}
}

// Some encoders break base64 into lines.
func TestWrappedBase64(t *testing.T) {
	r := NewRedactor()
	r.LearnPair("app", New(canary))
	r.Learn(New(canary))
	whole := base64.StdEncoding.EncodeToString([]byte("app:" + canary))
	for width := 4; width < len(whole); width++ {
		for _, end := range []string{"\n", "\r\n", " ", `\n`, "%0A"} {
			var b strings.Builder
			for i := 0; i < len(whole); i += width {
				b.WriteString(whole[i:min(i+width, len(whole))] + end)
			}
			got := r.Foreign("it says "+b.String(), 500)
			for i := 0; i+8 <= len(whole); i++ {
				if strings.Contains(strings.NewReplacer("\\n", "", "\\r", "", " ", "", "%0A", "").Replace(got), whole[i:i+8]) {
					t.Fatalf("width %d, %q: %q holds %q", width, end, got, whole[i:i+8])
				}
			}
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
