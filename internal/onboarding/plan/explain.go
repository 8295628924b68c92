package plan

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/suggest"
)

// Explanation is the body of the document ngapi.explain/v1: why a decision or
// check applies or not, from this developer's own answers.
type Explanation struct {
	ID           string            `json:"id"`
	Kind         string            `json:"kind"` // decision, check or fact
	Title        string            `json:"title"`
	Applies      string            `json:"applies"` // yes, no or unknown
	Value        *string           `json:"value"`   // of a decision
	Status       string            `json:"status"`  // of a check: its state; of a decision: decided, undecided, impossible
	Because      []rulebook.Reason `json:"because"`
	WouldChange  []Change          `json:"wouldChange"`
	Ask          []trait.ID        `json:"ask"`
	Sources      []rulebook.Source `json:"sources"`
	Note         string            `json:"note,omitempty"`
	OpenQuestion string            `json:"openQuestion,omitempty"`
	Remedy       rulebook.Remedy   `json:"remedy"`
	UsedBy       []string          `json:"usedBy,omitempty"` // of a fact: the rules that cite it
	Results      []Result          `json:"results,omitempty"`
}

// Result is the state of a check for one subject.
type Result struct {
	Subject string `json:"subject"`
	Status  string `json:"status"`
	Reason  string `json:"reason,omitempty"`
}

// Explain explains a decision, a check or a source fact. An unknown id is a
// usage error that names the nearest one.
func Explain(ev *rulebook.Evaluator, id string) (Explanation, error) {
	for _, form := range []string{id, strings.ToUpper(id), strings.ToLower(id)} {
		if _, ok := ev.Edition.Decision(form); ok {
			return explainDecision(ev, form), nil
		}
		if c, ok := ev.Edition.Check(form); ok {
			return explainCheck(ev, c), nil
		}
		if f, ok := ev.Edition.Fact(form); ok {
			return explainFact(ev.Edition, f), nil
		}
	}
	do := "list them with ngapi rulebook list"
	if near := suggest.Nearest(id, IDs(ev.Edition)); near != "" {
		do = "did you mean " + near + "? " + do
	}
	return Explanation{}, exit.Problems(exit.Usage, []exit.Problem{{What: fmt.Sprintf("no decision, check or source fact is called %q", id), Do: do}})
}

// IDs lists every id that Explain knows.
func IDs(e *rulebook.Edition) []string {
	var out []string
	for _, d := range e.Decisions {
		out = append(out, d.ID)
	}
	for _, c := range e.Checks {
		out = append(out, c.ID)
	}
	for _, f := range e.Facts {
		out = append(out, f.ID)
	}
	return out
}

func explainDecision(ev *rulebook.Evaluator, id string) Explanation {
	d := decision(ev, id)
	x := Explanation{
		ID: id, Kind: "decision", Title: d.Title, Applies: "unknown", Value: d.Value, Status: d.Status,
		Because: d.Because, WouldChange: d.WouldChange, Ask: d.Ask, Sources: d.Sources, Note: d.Note, OpenQuestion: d.OpenQuestion,
	}
	if d.Value != nil {
		x.Applies = "yes"
	}
	if len(d.Ask) > 0 {
		x.Remedy = rulebook.Remedy{Do: "Answer what is open.", Run: "ngapi onboard"}
	}
	return x
}

func explainCheck(ev *rulebook.Evaluator, c *rulebook.Check) Explanation {
	results := ev.Check(c)
	first := results[0]
	x := Explanation{
		ID: c.ID, Kind: "check", Title: c.Title, Applies: first.When.Truth.String(), Status: string(first.State),
		Because: first.Because, Ask: ids(first.Ask), Sources: ev.Edition.Cite(c.Source), Note: c.Note, Remedy: ev.RemedyFor(first),
	}
	for _, r := range results {
		if r.Subject != "" {
			x.Results = append(x.Results, Result{r.Subject, string(r.State), r.Reason})
		}
		if worse(r.State, rulebook.State(x.Status)) {
			x.Status = string(r.State)
		}
	}
	x.WouldChange = wouldChange(ev, ev.Because(first.When), func(alt *rulebook.Evaluator) outcome {
		when := alt.Eval(c.When)
		if when.Truth == rulebook.Unknown {
			return outcome{"", alt.Check(c)[0].Ask}
		}
		return outcome{map[rulebook.Truth]string{rulebook.Yes: "applies", rulebook.No: "does not apply"}[when.Truth], nil}
	})
	return x
}

// worse orders the states of the subjects of one check.
func worse(a, b rulebook.State) bool {
	rank := map[rulebook.State]int{rulebook.Pass: 1, rulebook.NotApplicable: 0, rulebook.Warn: 2, rulebook.Manual: 3, rulebook.Open: 4, rulebook.Fail: 5}
	return rank[a] > rank[b]
}

func explainFact(e *rulebook.Edition, f *rulebook.Fact) Explanation {
	return Explanation{
		ID: f.ID, Kind: "fact", Title: f.Text, Applies: "unknown", Because: []rulebook.Reason{}, WouldChange: []Change{}, Ask: []trait.ID{},
		Sources: e.Cite([]string{f.ID}), UsedBy: e.CitedBy(f.ID),
	}
}
