package plan

import (
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
)

// Difference is one decision or check that would come out differently.
type Difference struct {
	Kind    string `json:"kind"` // decision or check
	ID      string `json:"id"`
	Subject string `json:"subject,omitempty"`
	From    string `json:"from"`
	To      string `json:"to"`
}

// Differences compares two evaluations of the same edition.
func Differences(before, after *rulebook.Evaluator) []Difference {
	out := []Difference{}
	for i := range before.Edition.Decisions {
		id := before.Edition.Decisions[i].ID
		from, to := valueWord(before.Decide(id)), valueWord(after.Decide(id))
		if from != to {
			out = append(out, Difference{Kind: "decision", ID: id, From: from, To: to})
		}
	}
	for i := range before.Edition.Checks {
		c := &before.Edition.Checks[i]
		now, then := states(before, c), states(after, c)
		for _, subject := range now.order {
			if to, ok := then.by[subject]; ok && to != now.by[subject] {
				out = append(out, Difference{"check", c.ID, subject, now.by[subject], to})
			}
		}
	}
	return out
}

func valueWord(d *rulebook.Decided) string {
	if d.Value == "" {
		return Undecided
	}
	return d.Value
}

type subjectStates struct {
	order []string
	by    map[string]string
}

func states(ev *rulebook.Evaluator, c *rulebook.Check) subjectStates {
	s := subjectStates{by: map[string]string{}}
	for _, r := range ev.Check(c) {
		s.order = append(s.order, r.Subject)
		s.by[r.Subject] = string(r.State)
	}
	return s
}
