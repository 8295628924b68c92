package plan

import (
	"slices"

	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Change says what a result would be if one trait were different. It is found
// by trying the other value and evaluating again, never written by hand.
type Change struct {
	Trait trait.ID   `json:"trait"`
	To    string     `json:"to"`    // the other value, in words where a single value would mislead
	If    string     `json:"if"`    // the condition as a clause for people
	Value *string    `json:"value"` // what the result would then be; null: undecided
	Ask   []trait.ID `json:"ask"`   // what would then be asked
}

type outcome struct {
	value string
	ask   []trait.ID
}

// alternative is another value of a trait, with words for it.
type alternative struct {
	words string
	value trait.Value
}

// wouldChange tries every alternative of every answer, observation and derived
// trait among the reasons and keeps those that change the result. A derived
// trait is tried because two answers may have to change together; where one of
// its answers alone makes the same difference, only that answer is named.
func wouldChange(ev *rulebook.Evaluator, because []rulebook.Reason, result func(*rulebook.Evaluator) outcome) []Change {
	changes := []Change{}
	now := result(ev)
	for _, r := range because {
		t, ok := trait.Standard().Get(r.Trait)
		if !ok || t.Kind == trait.Milestone || t.Type == trait.Text {
			continue
		}
		for _, alt := range alternatives(ev.Edition, t, ev.Set, r.Value == "undetermined") {
			set := ev.Set.With(t.ID, trait.Entry{Value: alt.value, Origin: trait.Origin{Source: trait.FromAssumed}})
			if len(trait.Standard().Contradictions(set)) > 0 {
				continue
			}
			then := result(rulebook.NewEvaluator(ev.Edition, set, ev.AsOf))
			if then.value == now.value && (then.value != "" || slices.Equal(then.ask, now.ask)) {
				continue
			}
			if n := len(changes); t.Type == trait.Version && n > 0 && changes[n-1].Trait == t.ID && changes[n-1].Value != nil && *changes[n-1].Value == then.value {
				continue // the nearer version makes the same difference
			}
			c := Change{Trait: t.ID, To: alt.words, If: clause(t.ID, alt), Ask: ids(then.ask)}
			if then.value != "" {
				c.Value = &then.value
				c.Ask = []trait.ID{}
			}
			changes = append(changes, c)
		}
	}
	return withoutEchoes(changes)
}

// withoutEchoes drops the changes of a derived trait that a single answer
// brings about as well.
func withoutEchoes(changes []Change) []Change {
	cat := trait.Standard()
	return slices.DeleteFunc(slices.Clone(changes), func(c Change) bool {
		return slices.ContainsFunc(changes, func(other Change) bool {
			return cat.DependsOn(c.Trait, other.Trait) && other.same(c)
		})
	})
}

func (c Change) same(o Change) bool {
	if c.Value == nil || o.Value == nil {
		return c.Value == o.Value && slices.Equal(c.Ask, o.Ask)
	}
	return *c.Value == *o.Value
}

func alternatives(e *rulebook.Edition, t trait.Trait, s trait.Set, doubts bool) []alternative {
	now := trait.Standard().Resolve(s, t.ID)
	var out []alternative
	add := func(words, text string) {
		v, err := t.Parse(text)
		if err == nil && !v.Equal(now.Value) {
			out = append(out, alternative{words, v})
		}
	}
	switch t.Type {
	case trait.Bool:
		add("true", "true")
		if t.Kind != trait.Observed || now.Known {
			add("false", "false")
		}
	case trait.One:
		for _, c := range t.Choices {
			if t.Kind == trait.Derived && c.Value == "undetermined" {
				continue // nobody can make it so
			}
			add(observedWords(t.ID, c.Value, doubts), c.Value)
		}
	case trait.Many:
		for _, c := range t.Choices {
			add(c.Value+" only", c.Value)
		}
		for _, c := range t.Choices {
			if !now.Known || now.Value.Has(c.Value) {
				continue
			}
			add(now.Value.String()+","+c.Value, now.Value.String()+","+c.Value)
		}
	case trait.Version:
		for _, near := range nearest(e.Thresholds(), now.Value.String()) {
			add(near.words, near.version)
		}
	}
	return out
}

type step struct{ words, version string }

// nearest lists the versions that lie across each threshold, the nearest first:
// downward just below it, that is at the threshold before it.
func nearest(thresholds []string, now string) []step {
	var up, down []step
	below := "0.0"
	for _, threshold := range thresholds {
		if order, err := trait.CompareVersions(now, threshold); err == nil && order >= 0 {
			down = append([]step{{"before " + threshold, below}}, down...)
		} else {
			up = append(up, step{threshold + " or later", threshold})
		}
		below = threshold
	}
	return append(down, up...)
}

// clause states a change for people. Derived traits have no question that could
// be answered, so they are said in words.
func clause(id trait.ID, alt alternative) string {
	words := map[string]string{
		"scope.declared limited":           "it only read, and only USCDI v1 data",
		"scope.certified limited":          "its data access were limited solely to USCDI v1 GET routes",
		"scope.declared not-limited":       "it wrote, or needed data beyond USCDI v1",
		"scope.certified not-limited":      "it wrote, or needed data beyond USCDI v1",
		"apis.solely_patient_access true":  "it used nothing but Patient Access APIs",
		"apis.solely_patient_access false": "it used any other API as well",
		"auth.needs_eal true":              "only the External Application Launcher would do",
		"auth.needs_eal false":             "a Global Service Account would do",
	}
	if text, ok := words[string(id)+" "+alt.value.String()]; ok {
		return text
	}
	return string(id) + " were " + alt.words
}

// observedWords says what it would take for an observed trait to be different.
func observedWords(id trait.ID, value string, doubts bool) string {
	switch {
	case id == "routes.verdict" && value == "limited" && doubts:
		return "limited (every doubtful route confirmed as a USCDI v1 GET route)"
	case id == "routes.verdict" && value == "not-limited" && doubts:
		return "not-limited (one of the doubtful routes confirmed to be beyond)"
	default:
		return value
	}
}
