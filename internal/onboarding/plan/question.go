package plan

import (
	"slices"

	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Question is a trait that a decision still needs.
type Question struct {
	Trait    trait.ID       `json:"trait"`
	Type     trait.Type     `json:"type"`
	Question string         `json:"question"`
	Help     string         `json:"help"`
	Choices  []trait.Choice `json:"choices"`
	Default  string         `json:"default"` // safe to accept unseen; "" where there is none
	Flag     string         `json:"flag"`    // how to answer without a terminal
	For      []string       `json:"for"`     // the decisions that wait for it
	Required bool           `json:"required"`
	OnlyIf   []Condition    `json:"onlyIf"` // empty: needed whatever the other answers are
}

// Condition says that a question falls away unless another open question is
// answered with one of these values.
type Condition struct {
	Trait  trait.ID `json:"trait"`
	Values []string `json:"values"`
}

// Questions lists what the decisions still need, in asking order. The first is
// the next question for a person. A question that only refines a decided value
// (what a fee depends on) is not required.
func Questions(ev *rulebook.Evaluator) []Question {
	need := needs(ev)
	out := make([]Question, 0, len(need.order))
	for _, id := range need.order {
		t, _ := trait.Standard().Get(id)
		q := Question{
			Trait: id, Type: t.Type, Question: t.Question, Help: t.Help, Choices: t.Choices, Default: t.Default,
			Flag: "--set " + string(id) + "=" + t.Placeholder(), For: need.by[id], Required: need.required[id],
			OnlyIf: onlyIf(ev, id, need.order),
		}
		if q.Choices == nil {
			q.Choices = []trait.Choice{}
		}
		out = append(out, q)
	}
	return out
}

// Missing lists the required questions: without their answers something stays
// undecided.
func Missing(questions []Question) []Question {
	out := []Question{}
	for _, q := range questions {
		if q.Required {
			out = append(out, q)
		}
	}
	return out
}

type needed struct {
	order    []trait.ID
	by       map[trait.ID][]string
	required map[trait.ID]bool
}

func needs(ev *rulebook.Evaluator) needed {
	n := needed{by: map[trait.ID][]string{}, required: map[trait.ID]bool{}}
	if program := ev.Decide("program"); program.Case != nil && program.Case.Stop {
		return n // with no program to join, no further answer matters
	}
	note := func(id trait.ID, decision string, required bool) {
		t, ok := trait.Standard().Get(id)
		if !ok || t.Kind != trait.Answer {
			return
		}
		if _, known := ev.Set.Get(id); known {
			return // left open by the route list, not by an answer
		}
		if !slices.Contains(n.order, id) {
			n.order = append(n.order, id)
		}
		if !slices.Contains(n.by[id], decision) {
			n.by[id] = append(n.by[id], decision)
		}
		n.required[id] = n.required[id] || required
	}
	for i := range ev.Edition.Decisions {
		d := ev.Decide(ev.Edition.Decisions[i].ID)
		for _, id := range d.Ask {
			note(id, d.Decision.ID, d.Value == "")
		}
		for _, c := range d.Criteria {
			for _, id := range c.Ask {
				note(id, d.Decision.ID, false)
			}
		}
		for _, id := range d.AsideAsk {
			note(id, d.Decision.ID, false)
		}
	}
	trait.Standard().Sort(n.order)
	return n
}

// onlyIf finds out, by trying, under which answers to an earlier open question
// this one stays. A question that stays under all of them depends on none.
func onlyIf(ev *rulebook.Evaluator, id trait.ID, open []trait.ID) []Condition {
	out := []Condition{}
	for _, earlier := range open {
		if earlier == id {
			break
		}
		t, _ := trait.Standard().Get(earlier)
		keep, all := []string{}, 0
		for _, alt := range alternatives(ev.Edition, t, ev.Set, false) {
			all++
			set := ev.Set.With(earlier, trait.Entry{Value: alt.value})
			if slices.Contains(needs(rulebook.NewEvaluator(ev.Edition, set, ev.AsOf)).order, id) {
				keep = append(keep, alt.value.String())
			}
		}
		if len(keep) < all && len(keep) > 0 {
			out = append(out, Condition{earlier, keep})
		}
	}
	return out
}
