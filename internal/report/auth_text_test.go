package report

import (
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/credentials/check"
	"github.com/apionboard/ngapi/internal/exit"
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

// The form for CI is red where the exit code is not 0, and only there.
func TestJUnitFollowsTheExitCode(t *testing.T) {
	for _, row := range check.Verdicts() {
		for _, code := range []exit.Code{row.Code, exit.No} { // --strict makes 3 of 0
			if code != row.Code && row.Code != exit.OK {
				continue
			}
			status := check.Warn
			switch row.Verdict {
			case check.Accepted, check.NotAsked:
			case check.CannotTell:
				status = check.Unknown
			default:
				status = check.Fail
			}
			checks := []check.Check{check.Make("tok.expires", status, "a")}
			if code == exit.OK {
				checks = append(checks, check.Make("tls.legacy", check.Unknown, "b"))
			}
			data, err := AuthJUnit(Auth{Report: check.Report{Verdict: row.Verdict, ExitCode: code, Flow: "gsa", Checks: checks}})
			red := strings.Contains(string(data), "<failure") || strings.Contains(string(data), "<error")
			if err != nil || red != (code != exit.OK) {
				t.Errorf("%s %d: %v\n%s", row.Verdict, code, err, data)
			}
		}
	}
}
