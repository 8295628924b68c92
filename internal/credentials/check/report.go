// Package check proves a credential: it looks at the configuration, asks the
// servers as little as it can, and turns what was seen into one verdict with
// the reason and the next step.
//
// A run sends at most one token request unless it is a deep one. Texts of a
// Report never hold a secret, a token, a launch context or a server's words
// that did not go through the redactor. What was not seen is not claimed: a
// request that got no usable answer ends in CannotTell, never in Rejected.
package check

import (
	"slices"

	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/exit"
)

// Verdict is the one answer of a run.
type Verdict string

// The verdicts, in the order in which the first that fits wins.
const (
	Misconfigured Verdict = "misconfigured"  // something needed is missing, or an address is not what it claims
	CannotTell    Verdict = "cannot-tell"    // no usable answer: network, TLS, 429, 5xx, not JSON, empty
	SignInNeeded  Verdict = "sign-in-needed" // no secret or token at hand, or the stored one is used up
	Rejected      Verdict = "rejected"       // the server refused client, secret, assertion, grant, code or site
	Insufficient  Verdict = "insufficient"   // a token, but not enough of one
	NotAsked      Verdict = "not-asked"      // offline, and the configuration is complete
	Accepted      Verdict = "accepted"       // token and read worked
)

// Verdicts lists all verdicts with their exit codes and meaning, in order of
// precedence.
func Verdicts() []VerdictRow {
	return []VerdictRow{
		{Misconfigured, exit.Usage, "something needed is missing or malformed, or an address is not what it claims"},
		{CannotTell, exit.Remote, "no usable answer: network, TLS, time-out, 429, 5xx, not JSON, an empty 200"},
		{SignInNeeded, exit.SignIn, "no secret or token at hand, or the stored token is used up"},
		{Rejected, exit.No, "the server refused the client, its secret or assertion, the grant, the code or the site"},
		{Insufficient, exit.No, "a token was given, but it is not enough: scope, 401 or 403 from the API, no session"},
		{NotAsked, exit.OK, "--offline: the configuration is complete, nothing was sent"},
		{Accepted, exit.OK, "token and read worked; warnings are listed, and with --strict they end with 3"},
	}
}

// VerdictRow is one line of Verdicts.
type VerdictRow struct {
	Verdict Verdict
	Code    exit.Code
	Meaning string
}

// Status is the outcome of one check.
type Status string

// The statuses.
const (
	Pass    Status = "pass"
	Fail    Status = "fail"
	Warn    Status = "warn"
	Info    Status = "info"
	Skip    Status = "skip"
	Unknown Status = "unknown"
)

// Severity is what a failing check does to the run.
type Severity string

// The severities.
const (
	Error       Severity = "error"
	Warning     Severity = "warning"
	Information Severity = "info"
)

// Check is the result of one check. Evidence holds short facts ("status 401");
// Standard names the section that the check rests on.
type Check struct {
	ID       string   `json:"id"`
	Status   Status   `json:"status"`
	Severity Severity `json:"severity"`
	Summary  string   `json:"summary"`
	Hint     string   `json:"hint"`
	Evidence []string `json:"evidence"`
	Standard string   `json:"standard"`

	verdict Verdict // what this result makes of the run; "" nothing
}

// Report is the result of a run: the body of ngapi.auth/v1.
type Report struct {
	Verdict  Verdict   `json:"verdict"`
	ExitCode exit.Code `json:"exitCode"`
	Flow     flow.Kind `json:"flow"`
	Checks   []Check   `json:"checks"`
	Requests int       `json:"requests"` // sent in this run, to any server
}

// Token tells whether a token was given that may be kept: the verdict is not
// against it, whatever the API said of it.
func (r Report) Token() bool {
	return r.Passed("tok.accepted") && (r.Verdict == Accepted || r.Verdict == Insufficient || r.Verdict == CannotTell)
}

// Passed tells whether a check has a result that passed.
func (r Report) Passed(id string) bool {
	return slices.ContainsFunc(r.Checks, func(c Check) bool { return c.ID == id && c.Status == Pass })
}

// Next is the hint that belongs to the verdict: that of the first check that
// decided it.
func (r Report) Next() string {
	for _, c := range r.Checks {
		if c.verdict == r.Verdict && c.Hint != "" {
			return c.Hint
		}
	}
	return ""
}

// Deciding tells whether a check is one of those that made the verdict.
func (r Report) Deciding(c Check) bool { return c.verdict != "" && c.verdict == r.Verdict }

// conclude settles verdict and exit code. Checks are sorted into the order of
// the table.
func (r *run) conclude() Report {
	out := Report{Flow: r.in.Config.Flow, Checks: r.checks}
	if r.in.Flow != nil && r.in.Flow.Wire != nil {
		out.Requests = r.in.Flow.Wire.Requests()
	}
	order := map[string]int{}
	for i, row := range Table() {
		order[row.ID] = i
	}
	slices.SortStableFunc(out.Checks, func(a, b Check) int { return order[a.ID] - order[b.ID] })
	if out.Verdict = CannotTell; r.in.Offline {
		out.Verdict = NotAsked
	} else if out.Passed("tok.accepted") && out.Passed("api.read") {
		out.Verdict = Accepted // never for want of a complaint
	}
	rows := Verdicts()
	for _, row := range rows {
		if slices.ContainsFunc(out.Checks, func(c Check) bool { return c.verdict == row.Verdict }) {
			out.Verdict = row.Verdict
			break
		}
	}
	for _, row := range rows {
		if row.Verdict == out.Verdict {
			out.ExitCode = row.Code
		}
	}
	if out.Verdict == Accepted { // it failed, and the server took it all the same
		for i := range out.Checks {
			if c := &out.Checks[i]; c.Status == Fail {
				c.Status = Warn
			}
		}
	}
	warned := slices.ContainsFunc(out.Checks, func(c Check) bool { return c.Status == Warn })
	if out.ExitCode == exit.OK && r.in.Strict && warned {
		out.ExitCode = exit.No
	}
	return out
}
