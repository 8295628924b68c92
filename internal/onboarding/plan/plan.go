// Package plan turns an evaluated rulebook into what a developer reads: the
// decisions with their reasons and citations, what would change them, the next
// steps, and the questions that are still open. It decides nothing itself and
// is pure: no files, no clock, no terminal.
package plan

import (
	"slices"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Plan is the body of the document ngapi.plan/v1.
type Plan struct {
	Decisions []Decision `json:"decisions"`
	Next      []Step     `json:"next"`
	Questions []Question `json:"questions"`
}

// Decision is one conclusion about this developer.
type Decision struct {
	ID           string            `json:"id"`
	Title        string            `json:"title"`
	Value        *string           `json:"value"`  // null while undecided
	Status       string            `json:"status"` // decided, undecided or impossible
	Ask          []trait.ID        `json:"ask"`
	Because      []rulebook.Reason `json:"because"`
	Sources      []rulebook.Source `json:"sources"`
	WouldChange  []Change          `json:"wouldChange"`
	Note         string            `json:"note,omitempty"`
	OpenQuestion string            `json:"openQuestion"` // "" where the page leaves nothing open
	HangsOn      []string          `json:"hangsOn"`      // routes that have to be confirmed first
	Criteria     []Criterion       `json:"criteria"`     // what a fee depends on, where one may apply
	CriteriaOpen []Criterion       `json:"criteriaOpen"` // what it may depend on as well: not settled
}

// Criterion is something that a fee may depend on and that applies here.
type Criterion struct {
	ID      string            `json:"id"`
	Title   string            `json:"title"`
	Because []rulebook.Reason `json:"because"`
	Sources []rulebook.Source `json:"sources"`
}

// Step is something to do next.
type Step struct {
	ID      string            `json:"id"`
	Title   string            `json:"title"`
	Level   string            `json:"level"`
	Status  string            `json:"status"`
	Subject string            `json:"subject,omitempty"`
	Do      string            `json:"do"`
	Run     string            `json:"run"`
	Sources []rulebook.Source `json:"sources"`
}

// Statuses of a decision.
const (
	Decided    = "decided"
	Undecided  = "undecided"
	Impossible = "impossible"
)

// Make evaluates every decision of the edition.
func Make(ev *rulebook.Evaluator) Plan {
	p := Plan{Decisions: []Decision{}, Next: []Step{}, Questions: Questions(ev)}
	for i := range ev.Edition.Decisions {
		p.Decisions = append(p.Decisions, decision(ev, ev.Edition.Decisions[i].ID))
	}
	p.Next = steps(ev, p.Questions)
	return p
}

// Exit is the code of the plan: 3 where something is impossible, 5 where
// something is undecided, else 0.
func (p Plan) Exit() exit.Code {
	code := exit.OK
	for _, d := range p.Decisions {
		switch d.Status {
		case Impossible:
			return exit.No
		case Undecided:
			code = exit.Undecided
		}
	}
	return code
}

// Get returns the decision with this id.
func (p Plan) Get(id string) (Decision, bool) {
	for _, d := range p.Decisions {
		if d.ID == id {
			return d, true
		}
	}
	return Decision{}, false
}

func decision(ev *rulebook.Evaluator, id string) Decision {
	got := ev.Decide(id)
	d := Decision{
		ID: id, Title: got.Decision.Title, Status: Undecided,
		Ask: ids(got.Ask), Because: ev.Because(got.Trees...),
		Sources: []rulebook.Source{}, HangsOn: []string{}, Criteria: []Criterion{}, CriteriaOpen: []Criterion{},
	}
	if got.Case != nil {
		d.Sources = ev.Edition.Cite(got.Case.Source)
		d.Note, d.OpenQuestion = got.Case.Note, got.Case.Question
	} else {
		d.Sources = openSources(ev, got)
	}
	for _, a := range got.Asides {
		d.Note, d.OpenQuestion = joined(d.Note, a.Note), joined(d.OpenQuestion, a.Question)
		d.Sources = append(d.Sources, missing(d.Sources, ev.Edition.Cite(a.Source))...)
	}
	if got.Value != "" {
		d.Value, d.Status = &got.Value, Decided
		if got.Case.Stop {
			d.Status = Impossible
		}
	}
	for _, c := range got.Criteria {
		one := Criterion{ID: c.Criterion.ID, Title: c.Criterion.Title, Because: ev.Because(c.Tree), Sources: ev.Edition.Cite(c.Criterion.Source)}
		switch c.Tree.Truth {
		case rulebook.Yes:
			d.Criteria = append(d.Criteria, one)
		case rulebook.Unknown:
			d.CriteriaOpen = append(d.CriteriaOpen, one)
		}
	}
	d.HangsOn = hangsOn(d.Because)
	d.WouldChange = wouldChange(ev, d.Because, func(alt *rulebook.Evaluator) outcome {
		other := alt.Decide(id)
		return outcome{other.Value, other.Ask}
	})
	return d
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// missing returns those of more that are not in have.
func missing(have, more []rulebook.Source) []rulebook.Source {
	var out []rulebook.Source
	for _, m := range more {
		if !slices.Contains(have, m) {
			out = append(out, m)
		}
	}
	return out
}

// openSources cites the facts of the cases that are still possible.
func openSources(ev *rulebook.Evaluator, got *rulebook.Decided) []rulebook.Source {
	var facts []string
	seen := map[string]bool{}
	for _, c := range got.Decision.Cases {
		if ev.Eval(c.When).Truth == rulebook.No {
			continue
		}
		for _, f := range c.Source {
			if !seen[f] {
				seen[f] = true
				facts = append(facts, f)
			}
		}
	}
	return ev.Edition.Cite(facts)
}

// hangsOn lists the doubtful routes where an undetermined list decided.
func hangsOn(because []rulebook.Reason) []string {
	out := []string{}
	for _, r := range because {
		if r.Trait == "routes.verdict" && r.Value == "undetermined" {
			out = append(out, r.Detail...)
		}
	}
	return out
}

func ids(list []trait.ID) []trait.ID {
	if list == nil {
		return []trait.ID{}
	}
	return list
}
