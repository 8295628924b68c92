package rulebook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// exampleDay is the as-of day of every example.
const exampleDay = "2026-12-31"

// RunExamples evaluates the examples written beside the rules and returns one
// line for each that does not come out as it says. It serves the tests and
// whoever loads an edition from a file.
func (e *Edition) RunExamples() []string {
	var wrong []string
	for i := range e.Decisions {
		for n, x := range e.Decisions[i].Examples {
			wrong = append(wrong, e.runExample(e.Decisions[i].ID, n, x, e.decisionResult)...)
		}
	}
	for i := range e.Checks {
		for n, x := range e.Checks[i].Examples {
			wrong = append(wrong, e.runExample(e.Checks[i].ID, n, x, e.checkResult)...)
		}
	}
	return wrong
}

type resultOf func(ev *Evaluator, id string) (result string, ask []trait.ID)

func (e *Edition) runExample(id string, n int, x Example, run resultOf) []string {
	set, err := x.set(e)
	if err != nil {
		return []string{fmt.Sprintf("%s example %d: %v", id, n+1, err)}
	}
	got, ask := run(NewEvaluator(e, set, exampleDay), id)
	var wrong []string
	if d, ok := e.Decision(id); ok && len(d.Asides) > 0 {
		if said := len(NewEvaluator(e, set, exampleDay).Decide(id).Asides) > 0; said != x.Aside {
			wrong = append(wrong, fmt.Sprintf("%s example %d: an aside is said: %t, want %t", id, n+1, said, x.Aside))
		}
	}
	if got != x.Want {
		wrong = append(wrong, fmt.Sprintf("%s example %d: got %s, want %s", id, n+1, got, x.Want))
	}
	names := make([]string, len(ask))
	for i, a := range ask {
		names[i] = string(a)
	}
	slices.Sort(names)
	want := slices.Clone(x.Ask)
	slices.Sort(want)
	if x.Ask != nil && !slices.Equal(names, want) {
		wrong = append(wrong, fmt.Sprintf("%s example %d: asks %v, want %v", id, n+1, names, want))
	}
	return wrong
}

// decisionResult is the value, "open" where the decision is left open on
// purpose, or "undecided".
func (e *Edition) decisionResult(ev *Evaluator, id string) (string, []trait.ID) {
	d := ev.Decide(id)
	switch {
	case d.Value != "":
		return d.Value, nil
	case d.Case != nil:
		return "open", nil
	default:
		return "undecided", d.AskLeaf
	}
}

func (e *Edition) checkResult(ev *Evaluator, id string) (string, []trait.ID) {
	c, _ := e.Check(id)
	results := ev.Check(c)
	states := make([]string, len(results))
	for i, r := range results {
		states[i] = string(r.State)
	}
	return strings.Join(states, " "), results[0].AskLeaf
}

// set turns the given traits of an example into a set.
func (x Example) set(e *Edition) (trait.Set, error) {
	set, err := exampleTraits(e, trait.Set{}, "", x.Given)
	if err != nil {
		return set, err
	}
	var clients []trait.Client
	for _, given := range x.Clients {
		name, _ := given["name"].(string)
		own, err := exampleTraits(e, trait.Set{}, "client.", given)
		if err != nil {
			return set, err
		}
		client := trait.Client{Name: name, Traits: map[trait.ID]trait.Entry{}}
		for _, t := range trait.Standard().All() {
			if entry, ok := own.Get(t.ID); ok {
				client.Traits[t.ID] = entry
			}
		}
		clients = append(clients, client)
	}
	if len(clients) > 0 {
		set = set.WithClients(clients)
	}
	return set, nil
}

func exampleTraits(e *Edition, set trait.Set, prefix string, given map[string]any) (trait.Set, error) {
	for _, key := range slices.Sorted(maps.Keys(given)) { // in order, so that the first error is always the same
		raw := given[key]
		if prefix != "" && key == "name" {
			continue
		}
		id := trait.ID(prefix + key)
		text := exampleText(raw)
		if name, ok := strings.CutPrefix(string(id), "decision."); ok {
			d, ok := e.Decision(name)
			if !ok || !slices.Contains(d.Values(), text) {
				return set, fmt.Errorf("%s is never %q", id, text)
			}
			set = set.With(id, trait.Entry{Value: trait.Word(text)})
			continue
		}
		t, ok := trait.Standard().Get(id)
		if !ok {
			return set, fmt.Errorf("unknown trait %s", id)
		}
		v, err := t.Parse(text)
		if err != nil {
			return set, err
		}
		set = set.With(id, trait.Entry{Value: v, Origin: trait.Origin{Source: trait.FromAssumed}})
	}
	return set, nil
}

func exampleText(raw any) string {
	list, ok := raw.([]any)
	if !ok {
		return fmt.Sprint(raw)
	}
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, ",")
}
