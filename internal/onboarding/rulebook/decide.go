package rulebook

import (
	"slices"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Decided is what a decision concluded.
type Decided struct {
	Decision *Decision
	Value    string   // "" while undecided
	Possible []string // while no case holds: the values of the cases that still may
	Case     *Case    // the case that holds; nil while none does
	Trees    []*Node
	Ask      []trait.ID // stored traits that could settle it
	AskLeaf  []trait.ID // the traits of the open leaves themselves
	Criteria []CriterionResult
	Asides   []*Aside   // those whose condition holds
	AsideAsk []trait.ID // what could settle those that are worth a question
}

// CriterionResult is an evaluated criterion.
type CriterionResult struct {
	Criterion *Criterion
	Tree      *Node
	Ask       []trait.ID
}

// Reason is a trait that made a result what it is.
type Reason struct {
	Trait  trait.ID     `json:"trait"`
	Value  any          `json:"value"` // bool, text or list; null for a milestone that is not reached
	Origin trait.Origin `json:"origin"`
	From   []trait.ID   `json:"from,omitempty"`   // what a derived trait was derived from
	Detail []string     `json:"detail,omitempty"` // for observed traits: the routes that decided
}

// Decide evaluates a decision by id; the result is kept for the life of the
// evaluator. It panics on an unknown id, which the loader has ruled out.
func (e *Evaluator) Decide(id string) *Decided {
	if d, ok := e.decided[id]; ok {
		return d
	}
	rule, ok := e.Edition.Decision(id)
	if !ok {
		panic("rulebook: no decision " + id)
	}
	d := e.decide(rule)
	e.decided[id] = d
	return d
}

func (e *Evaluator) decide(rule *Decision) *Decided {
	d := &Decided{Decision: rule}
	var open []*Node
	for i := range rule.Cases {
		tree := e.Eval(rule.Cases[i].When)
		switch {
		case tree.Truth == Yes && d.Case == nil:
			d.Case, d.Value, d.Trees = &rule.Cases[i], rule.Cases[i].Value, []*Node{tree}
		case tree.Truth == Unknown:
			open = append(open, tree)
			d.Possible = append(d.Possible, rule.Cases[i].Value)
		}
	}
	for i := range rule.Asides {
		switch tree := e.Eval(rule.Asides[i].When); {
		case tree.Truth == Yes:
			d.Asides = append(d.Asides, &rule.Asides[i])
		case tree.Truth == Unknown && rule.Asides[i].Ask:
			d.AsideAsk = merge(d.AsideAsk, tree.ask(e.cat))
		}
	}
	if d.Case == nil {
		d.Trees = open
		for _, tree := range open {
			d.Ask = merge(d.Ask, tree.ask(e.cat))
			d.AskLeaf = merge(d.AskLeaf, tree.askLeaves())
		}
		e.cat.Sort(d.Ask)
		return d
	}
	if d.Value == "" { // left open on purpose: what it hangs on is what decided the case
		for _, r := range e.Because(d.Trees...) {
			if r.Origin.Source == trait.FromObserved {
				d.Ask = merge(d.Ask, []trait.ID{"routes.file"})
			}
		}
		d.AskLeaf = d.Ask
	}
	for i := range rule.Criteria {
		tree := e.Eval(rule.Criteria[i].When)
		d.Criteria = append(d.Criteria, CriterionResult{&rule.Criteria[i], tree, tree.ask(e.cat)})
	}
	return d
}

// Because lists the traits that decided the trees, each once, derived ones
// followed by what they were derived from.
func (e *Evaluator) Because(trees ...*Node) []Reason {
	out := []Reason{}
	for _, tree := range trees {
		tree.relevant(func(leaf *Node) {
			if leaf.Truth == Unknown {
				return // a question, not a reason
			}
			if leaf.Decided != nil {
				for _, r := range e.Because(leaf.Decided.Trees...) {
					out = addReason(out, r)
				}
				return
			}
			out = e.expand(out, leaf.Cond.Trait, leaf.Got)
		})
	}
	return out
}

func (e *Evaluator) expand(out []Reason, id trait.ID, got trait.Resolved) []Reason {
	r := Reason{Trait: id, Origin: trait.Origin{Source: trait.FromAbsent}, From: got.From}
	if got.Known {
		r.Value, r.Origin = got.Value.Any(), got.Origin
	}
	if len(got.From) == 0 {
		r.Detail = got.Detail
	}
	out = addReason(out, r)
	for _, from := range got.From {
		out = e.expand(out, from, e.cat.Resolve(e.Set, from))
	}
	return out
}

func addReason(list []Reason, r Reason) []Reason {
	if slices.ContainsFunc(list, func(have Reason) bool { return have.Trait == r.Trait }) {
		return list
	}
	return append(list, r)
}
