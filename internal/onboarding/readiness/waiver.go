package readiness

import (
	"fmt"
	"slices"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/suggest"
)

// ReasonExpired marks a check whose waiver has lapsed.
const ReasonExpired = "waiver-expired"

// WaiverUse reports a waiver and what became of it.
type WaiverUse struct {
	ID       string `json:"id"`
	Check    string `json:"check"`
	Subject  string `json:"subject"`
	Reason   string `json:"reason"`
	Approver string `json:"approver"`
	Expires  string `json:"expires"`
	Use      string `json:"use"` // used, unused or expired
}

// AttestationUse reports the attestation of a result.
type AttestationUse struct {
	By        string `json:"by"`
	On        string `json:"on"`
	Expires   string `json:"expires"`
	Statement string `json:"statement"`
}

// statements holds what persons wrote, validated.
type statements struct {
	asOf         string
	routes       string // digest of the route list
	waivers      []Waiver
	uses         []WaiverUse
	attestations []Attestation
}

// newStatements validates waivers and attestations: a wrong id, date, length
// or check is refused with all problems at once, never skipped.
func newStatements(ev *rulebook.Evaluator, o Options) (*statements, error) {
	s := &statements{asOf: ev.AsOf, routes: o.Routes, waivers: o.Waivers, attestations: o.Attestations, uses: []WaiverUse{}}
	var problems []exit.Problem
	seen := map[string]bool{}
	for _, w := range o.Waivers {
		problems = append(problems, checkWaiver(ev, w, seen)...)
		s.uses = append(s.uses, WaiverUse{w.ID, w.Check, w.Subject, w.Reason, w.Approver, w.Expires, "unused"})
	}
	for _, a := range o.Attestations {
		problems = append(problems, checkAttestation(ev, a)...)
	}
	return s, exit.Problems(exit.Usage, problems)
}

func checkWaiver(ev *rulebook.Evaluator, w Waiver, seen map[string]bool) []exit.Problem {
	p := problems{origin: w.Origin}
	if w.ID == "" || seen[w.ID] {
		p.say(fmt.Sprintf("waiver id %q is empty or used twice", w.ID), "give every waiver an id of its own")
	}
	seen[w.ID] = true
	if c := p.check(ev, w.Check, w.Subject); c != nil && !c.Waivable {
		p.say(fmt.Sprintf("waiver %s: %s cannot be waived", w.ID, w.Check), "meet the check, or remove the waiver")
	}
	p.long("waiver "+w.ID+": reason", w.Reason)
	if w.Approver == "" {
		p.say("waiver "+w.ID+" has no approver", "name who approved it")
	}
	from, ok1 := p.day("waiver "+w.ID+": approved_on", w.ApprovedOn)
	to, ok2 := p.day("waiver "+w.ID+": expires", w.Expires)
	if ok1 && ok2 && (to.Before(from) || to.Sub(from) > MaxWaiverDays*24*time.Hour) {
		p.say(fmt.Sprintf("waiver %s runs from %s to %s", w.ID, w.ApprovedOn, w.Expires), fmt.Sprintf("let it expire at most %d days after its approval", MaxWaiverDays))
	}
	return p.list
}

func checkAttestation(ev *rulebook.Evaluator, a Attestation) []exit.Problem {
	p := problems{origin: a.Origin}
	if c := p.check(ev, a.Check, a.Subject); c != nil && c.Review == nil {
		p.say(a.Check+" is never left to a person's word", "meet the check, or remove the attestation")
	}
	p.long("attestation of "+a.Check+": statement", a.Statement)
	if a.By == "" {
		p.say("attestation of "+a.Check+" names nobody", "write who attests under by")
	}
	from, ok1 := p.day("attestation of "+a.Check+": on", a.On)
	if a.Expires != "" {
		to, ok2 := p.day("attestation of "+a.Check+": expires", a.Expires)
		if ok1 && ok2 && to.Before(from) {
			p.say("the attestation of "+a.Check+" expires before it begins", "correct one of the two days")
		}
	}
	return p.list
}

type problems struct {
	origin trait.Origin
	list   []exit.Problem
}

func (p *problems) say(what, do string) {
	p.list = append(p.list, exit.Problem{File: p.origin.File, Line: p.origin.Line, Column: p.origin.Column, What: what, Do: do})
}

// check finds the check that a statement names; a subject must be a client of a
// check that is per client.
func (p *problems) check(ev *rulebook.Evaluator, id, subject string) *rulebook.Check {
	e := ev.Edition
	c, ok := e.Check(id)
	if ok && subject != "" {
		isClient := slices.ContainsFunc(ev.Set.Clients(), func(c trait.Client) bool { return c.Name == subject })
		if c.Each == "" || !isClient {
			p.say(fmt.Sprintf("%s has no subject %q", id, subject), "leave the subject out, or name a Beta client of a check that has one result for each")
		}
	}
	if !ok {
		do := "list the checks with ngapi rulebook list"
		var known []string
		for i := range e.Checks {
			known = append(known, e.Checks[i].ID)
		}
		if near := suggest.Nearest(id, known); near != "" {
			do = "did you mean " + near + "? " + do
		}
		p.say(fmt.Sprintf("no check is called %q", id), do)
	}
	return c
}

func (p *problems) long(what, text string) {
	if !longEnough(text) {
		p.say(what+" is too short", fmt.Sprintf("write at least %d characters", MinReason))
	}
}

func (p *problems) day(what, text string) (time.Time, bool) {
	d, err := time.Parse(trait.DateLayout, text)
	if err != nil {
		p.say(fmt.Sprintf("%s cannot be %q", what, text), "write a day as YYYY-MM-DD")
	}
	return d, err == nil
}

// apply changes a result by what persons wrote: a valid waiver turns a failing
// check into waived, a valid attestation a manual one into pass.
func (s *statements) apply(r *Result) {
	switch r.Status {
	case rulebook.Fail, rulebook.Warn:
		s.waive(r)
	case rulebook.Manual, rulebook.Pass:
		s.attest(r)
	}
}

func (s *statements) waive(r *Result) {
	for i := range s.waivers {
		w, use := &s.waivers[i], &s.uses[i]
		if w.Check != r.ID || (w.Subject != "" && w.Subject != r.Subject) || w.ApprovedOn > s.asOf {
			continue
		}
		r.Waiver = use
		if w.Expires < s.asOf {
			use.Use, r.Reason = "expired", ReasonExpired
			continue
		}
		use.Use, r.Status = "used", rulebook.Waived
		return
	}
}

func (s *statements) attest(r *Result) {
	for _, a := range s.attestations {
		if a.Check != r.ID || (a.Subject != "" && a.Subject != r.Subject) {
			continue
		}
		if r.Status == rulebook.Pass && !a.Holds(s.asOf, s.routes) {
			continue // it passes without this one
		}
		r.Attestation = &AttestationUse{a.By, a.On, a.Expires, a.Statement}
		if a.Holds(s.asOf, s.routes) {
			r.Status, r.Reason = rulebook.Pass, ""
			return
		}
	}
}

// used returns what became of each waiver, in the order of the profile.
func (s *statements) used() []WaiverUse { return s.uses }
