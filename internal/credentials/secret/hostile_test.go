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
