package rulebook

import (
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// State is the raw outcome of a check, before waivers and attestations.
type State string

// The states of a check; waived is added by the gate.
const (
	Pass          State = "pass"
	Fail          State = "fail"
	Warn          State = "warn"
	Manual        State = "manual"
	Waived        State = "waived"
	NotApplicable State = "not-applicable"
	Open          State = "unknown"
)

// The reasons of a state that is not a pass.
const (
	ReasonMissing      = "missing"
	ReasonMismatch     = "mismatch"
	ReasonFuture       = "future-dated"
	ReasonWrongVersion = "wrong-version"
	ReasonPerson       = "pending-human"
)

// Checked is an evaluated check, for one client where the check is per client.
type Checked struct {
	Check   *Check
	Subject string // the client's name, or ""
	Level   string
	State   State
	Reason  string
	When    *Node
	Met     *Node // nil where the check does not apply
	Ask     []trait.ID
	AskLeaf []trait.ID
	Because []Reason
}

// Check evaluates a check: one result, or one for each Beta client. A check
// that is per client has one result without a subject while there is no client.
func (e *Evaluator) Check(c *Check) []Checked {
	clients := e.Set.Clients()
	if c.Each == "" || len(clients) == 0 {
		return []Checked{e.checkOne(c, "")}
	}
	out := make([]Checked, 0, len(clients))
	for _, client := range clients {
		one := NewEvaluator(e.Edition, e.Set.ForClient(client), e.AsOf)
		one.decided = e.decided // no decision depends on a single client
		out = append(out, one.checkOne(c, client.Name))
	}
	return out
}

func (e *Evaluator) checkOne(c *Check, subject string) Checked {
	r := Checked{Check: c, Subject: subject, Level: Level(c.Modality), When: e.Eval(c.When)}
	switch r.When.Truth {
	case No:
		r.State, r.Because = NotApplicable, e.Because(r.When)
		return r
	case Unknown:
		r.State, r.Reason, r.Because = Open, ReasonMissing, e.Because(r.When)
		r.Ask, r.AskLeaf = r.When.ask(e.cat), r.When.askLeaves()
		return r
	}
	r.Met = e.Eval(c.Met)
	if c.Lessened != nil {
		lessened := e.Eval(c.Lessened.When)
		if lessened.Truth == Yes {
			r.Level = Level(c.Lessened.Modality)
		}
		if lessened.Truth == Unknown && r.Met.Truth != Yes { // how much it matters is open
			r.State, r.Reason, r.Because = Open, ReasonMissing, e.Because(r.When)
			r.Ask, r.AskLeaf = lessened.ask(e.cat), lessened.askLeaves()
			return r
		}
	}
	r.Because = e.Because(r.When, r.Met)
	review := No
	if c.Review != nil {
		review = e.Eval(c.Review).Truth
	}
	switch {
	case r.Met.Truth == Yes:
		r.State = Pass
	case review == Yes:
		r.State, r.Reason = Manual, ReasonPerson
	case r.Met.Truth == Unknown:
		r.State, r.Reason = Open, ReasonMissing
		r.Ask, r.AskLeaf = r.Met.ask(e.cat), r.Met.askLeaves()
	default:
		r.State, r.Reason = Fail, e.reason(c, r.Met)
		if r.Level != Mandatory {
			r.State = Warn
		}
	}
	return r
}

// reason tells a missing milestone from one in the future and from an answer
// that does not fit.
func (e *Evaluator) reason(c *Check, met *Node) string {
	missing, future := false, false
	met.deciding(func(leaf *Node) {
		if leaf.Cond.Test == "set" && leaf.Truth == No {
			future = future || leaf.Got.Known
			missing = missing || !leaf.Got.Known
		}
	})
	switch {
	case missing:
		return ReasonMissing
	case future:
		return ReasonFuture
	case c.Reason != "":
		return c.Reason
	default:
		return ReasonMismatch
	}
}

// Excluded states why a check does not apply: the first comparison that failed,
// of a decision by its name.
func (c Checked) Excluded() string {
	text := ""
	c.When.deciding(func(leaf *Node) {
		if text != "" || leaf.Truth == Unknown {
			return
		}
		name, _ := strings.CutPrefix(string(leaf.Cond.Trait), "decision.")
		switch {
		case !leaf.Got.Known:
			text = name + " is not recorded"
		default:
			text = name + " is " + leaf.Got.Value.String()
		}
	})
	return text
}

// MetTraits names the traits of the leaves that decided whether the check is
// met.
func (c Checked) MetTraits() map[trait.ID]bool {
	out := map[trait.ID]bool{}
	if c.Met != nil {
		c.Met.relevant(func(leaf *Node) { out[leaf.Cond.Trait] = true })
	}
	return out
}
