package secret

import (
	"strings"
	"testing"
	"time"
)

// TestHostileTextTakesNoLongTime cleans texts that a server could make to keep
// ngapi busy. The limit is far above what is needed, and far below what anything
// takes that goes over the text once for each of its bytes.
func TestHostileTextTakesNoLongTime(t *testing.T) {
	r := NewRedactor()
	r.LearnPair("client", New(`\a%b&c'd+e"f g`))
	r.Learn(New(strings.Repeat(`\`, 40)), New(strings.Repeat("a", 64)), New("%25%25%25%25"))
	for _, unit := range []string{"code==", `\`, `%`, "%25", "&amp;", "&", "&#", "eyJ", "eyJa.", `"password":'`, `\"code\":\"`, `'code':'`, "Bearer ", "<code>",
		"a", "aaaa'", `'\''`, "client_secret:[", "YWFh", "code=%26", Mask, "[", `\u0061`, `\ud83d`, "%61", "&#x61;", "+", " ", "\n", `"`, "=", "basic+"} {
		text := strings.Repeat(unit, 4<<10/len(unit))
		start := time.Now()
		r.Clean(text)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%q: %v for %d bytes", unit, took, len(text))
		}
	}
}

// A long secret is found in capitals and in small letters, a short one as it is.
func TestCaseDoesNotHideASecret(t *testing.T) {
	r := NewRedactor()
	r.Learn(New("0a1B2c3D4e5F"), New("Gänse%Füße-Ä1"), New("Pass"))
	for text, want := range map[string]string{
		"unknown client 0A1B2C3D4E5F!":           "unknown client [secret]!",
		"text/0a1b2c3d4e5f":                      "text/[secret]",
		"GäNSE%25füße-Ä1 GÄNSE":                  "[secret] GÄNSE",
		"Gänse%Füße-Ä1":                          "[secret]",
		"pass, Pass":                             "pass, [secret]",
		"30413142 3041314232433344346535463041x": "30413142 3041314232433344346535463041x",
	} {
		if got := r.Clean(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
