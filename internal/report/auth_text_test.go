package report

import (
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/credentials/check"
)

// A good verdict says what it rests on, and no more.
func TestBasisOfAGoodVerdict(t *testing.T) {
	for status, want := range map[check.Status]string{
		check.Pass: "with the session of the practice worked",
		check.Info: "no read tried it",
		check.Skip: "was not tried",
	} {
		checks := []check.Check{check.Make("tok.accepted", check.Pass, "a"), check.Make("api.read", check.Pass, "b"), check.Make("api.session", status, "c")}
		d := Auth{Report: check.Report{Verdict: check.Accepted, Flow: "gsa", Checks: checks}}
		if text := string(AuthText(Style{}, d)); !strings.Contains(text, want) {
			t.Errorf("%s: %s", status, text)
		}
	}
}
