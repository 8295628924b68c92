// Package readiness is the gate: it judges the checks of one gate for one
// application, with waivers and attestations, and gives one outcome and one
// exit code. It is pure; the as-of day is its only clock.
package readiness

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// The outcomes of a gate.
const (
	Ready       = "ready"
	NotReady    = "not-ready"
	Undecided   = "undecided"
	NeedsReview = "needs-review"
)

// Options tells what to judge.
type Options struct {
	Gate         string // "" means the application's own next gate
	Strict       bool   // recommended checks block too; informational ones never do
	Profile      string // path of the profile, for locations
	Routes       string // SHA-256 of the route list, for attestations; "" where there is none
	Waivers      []Waiver
	Attestations []Attestation
	Evidence     []Evidence
}

// Report is the verdict of one gate for one application: the body of the
// document ngapi.check/v1. Its exit code is the same in every format.
type Report struct {
	Gate     string         `json:"gate"`
	Chosen   string         `json:"gateChosenBy"` // "--gate", or why it is the default
	Outcome  string         `json:"outcome"`
	ExitCode exit.Code      `json:"exitCode"`
	Summary  map[string]int `json:"summary"` // all seven states, also where 0
	Results  []Result       `json:"results"` // by id, then subject
	Waivers  []WaiverUse    `json:"waivers"`
	Errors   []exit.Problem `json:"errors"`
}

// Result is the state of one check, for one subject.
type Result struct {
	ID          string            `json:"id"`
	Title       string            `json:"title"`
	Level       string            `json:"level"`
	Status      rulebook.State    `json:"status"`
	Reason      string            `json:"reason"` // "" for pass and not-applicable
	Subject     string            `json:"subject"`
	Message     string            `json:"message"`
	Because     []rulebook.Reason `json:"because"`
	Ask         []trait.ID        `json:"ask"`
	Location    *Location         `json:"location"`
	Evidence    []string          `json:"evidence"` // ids of the recorded evidence on which it rests
	Waiver      *WaiverUse        `json:"waiver"`
	Attestation *AttestationUse   `json:"attestation"`
	Remedy      *rulebook.Remedy  `json:"remedy"`
	Sources     []rulebook.Source `json:"sources"`
	Fingerprint string            `json:"fingerprint"` // of id and subject only
	Order       int               `json:"-"`           // place in the way to the gate, for people
}

// Location is where the deciding answer stands.
type Location struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// States lists the seven states in the order of a summary.
func States() []rulebook.State {
	return []rulebook.State{
		rulebook.Fail, rulebook.Open, rulebook.Manual, rulebook.Warn,
		rulebook.Waived, rulebook.Pass, rulebook.NotApplicable,
	}
}

// Judge evaluates a gate. Waivers and attestations that cannot be used are a
// usage error; nothing is judged then.
func Judge(ev *rulebook.Evaluator, o Options) (Report, error) {
	statements, err := newStatements(ev, o)
	if err != nil {
		return Report{}, err
	}
	r := Report{Gate: o.Gate, Chosen: "--gate", Results: []Result{}, Errors: []exit.Problem{}}
	if r.Gate == "" {
		r.Gate, r.Chosen = ev.DefaultGate(), defaultReason(ev)
	}
	own := false
	for place, c := range ev.Edition.GateChecks(r.Gate) {
		for _, checked := range ev.Check(c) {
			own = own || (c.Gate == r.Gate && checked.State != rulebook.NotApplicable)
			one := result(ev, checked, o, statements)
			one.Order = place
			r.Results = append(r.Results, one)
		}
	}
	slices.SortFunc(r.Results, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Subject, b.Subject))
	})
	r.Waivers = statements.used()
	r.Summary = map[string]int{}
	for _, s := range States() {
		r.Summary[string(s)] = 0
	}
	for _, one := range r.Results {
		r.Summary[string(one.Status)]++
	}
	r.Outcome, r.ExitCode = outcome(r.Results, own, o.Strict)
	return r, nil
}

// defaultReason says in words why this gate is the default one.
func defaultReason(ev *rulebook.Evaluator) string {
	switch ev.Decide("track").Value {
	case "patient-production":
		return "track is patient-production"
	case "enterprise-beta":
		return "track is enterprise-beta"
	default:
		return "track is undecided"
	}
}

// outcome applies the precedence not-ready, undecided, needs-review, ready. A
// gate to which none of its own checks applies has proven nothing.
func outcome(results []Result, own, strict bool) (string, exit.Code) {
	has := map[rulebook.State]bool{}
	for _, r := range results {
		if r.Level == rulebook.Informational {
			continue
		}
		state := r.Status
		if state == rulebook.Warn && strict && r.Level == rulebook.Recommended {
			state = rulebook.Fail
		}
		if state == rulebook.Open && r.Level != rulebook.Mandatory && !strict {
			continue
		}
		has[state] = true
	}
	switch {
	case has[rulebook.Fail]:
		return NotReady, exit.No
	case has[rulebook.Open] || !own:
		return Undecided, exit.Undecided
	case has[rulebook.Manual]:
		return NeedsReview, exit.Person
	default:
		return Ready, exit.OK
	}
}

func result(ev *rulebook.Evaluator, c rulebook.Checked, o Options, s *statements) Result {
	r := Result{
		ID: c.Check.ID, Title: c.Check.Title, Level: c.Level, Status: c.State, Reason: c.Reason, Subject: c.Subject,
		Because: c.Because, Ask: c.Ask, Evidence: restsOn(c.Because, o.Evidence), Sources: ev.Edition.Cite(c.Check.Source), Fingerprint: fingerprint(c.Check.ID, c.Subject),
	}
	if r.Ask == nil {
		r.Ask = []trait.ID{}
	}
	s.apply(&r)
	r.Message = message(c, r)
	r.Location = location(r.Because, o.Profile)
	if r.Status != rulebook.Pass && r.Status != rulebook.NotApplicable && r.Status != rulebook.Waived {
		remedy := ev.RemedyFor(c)
		if r.Status == rulebook.Open {
			remedy = ev.AnswerFor(r.Ask)
		}
		if r.Reason == rulebook.ReasonFuture {
			remedy.Do = "Wait for that day, or correct the date."
		}
		if r.Status == rulebook.Manual {
			remedy.Run = "ngapi attest " + r.ID
		}
		r.Remedy = &remedy
	}
	return r
}

// location points at the last deciding answer that stands in a file; a missing
// milestone points at the profile as a whole.
func location(because []rulebook.Reason, profile string) *Location {
	for i := len(because) - 1; i >= 0; i-- {
		if o := because[i].Origin; o.Source == trait.FromAbsent && profile != "" {
			return &Location{File: profile}
		}
		if o := because[i].Origin; o.File != "" {
			return &Location{File: o.File, Line: o.Line, Column: o.Column}
		}
	}
	return nil
}

// restsOn lists the evidence among the reasons: a trait that was read off a
// recorded file has the entry's place in the profile as its origin.
func restsOn(because []rulebook.Reason, evidence []Evidence) []string {
	ids := []string{}
	for _, e := range evidence {
		if slices.ContainsFunc(because, func(r rulebook.Reason) bool {
			o := r.Origin
			return o.Source == trait.FromObserved && o.Line > 0 && o.File == e.Origin.File && o.Line == e.Origin.Line && o.Column == e.Origin.Column
		}) {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// fingerprint names a result over time: it depends on the check and its
// subject, never on words or lines.
func fingerprint(id, subject string) string {
	sum := sha256.Sum256([]byte(id + "\x00" + subject))
	return hex.EncodeToString(sum[:8])
}
