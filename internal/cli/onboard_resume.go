package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/store"
	"github.com/apionboard/ngapi/internal/terminal/ask"
)

// What a person can do with an unfinished run.
const (
	doResume = "resume"
	doFresh  = "fresh"
	doShow   = "show"
)

// resumption is an unfinished run that was found, with what has changed since.
type resumption struct {
	kept    store.Checkpoint
	given   map[trait.ID]bool // named on this command line: it wins over the kept answer
	changed []string          // questions that differ in the edition of this run; nil: same edition
	differs bool              // the edition is another one
	unread  bool              // and that edition is not part of this program
	edition string            // of this run
}

// page offers to go on.
func (r *resumption) page() ask.Question {
	q := ask.Question{
		ID: "resume", Title: "Go on with the unfinished run?", Kind: ask.Select, Default: []string{doResume},
		Help: fmt.Sprintf("It was kept on %s with %s.", r.kept.SavedAsOf, counted(len(r.kept.Answers), "answer", "answers")),
		Choices: []ask.Choice{
			{Value: doResume, Label: "Go on where it stopped"},
			{Value: doFresh, Label: "Start over", Help: "What was kept is replaced with your next answer."},
			{Value: doShow, Label: "Show the kept answers first"},
		},
	}
	if r.differs {
		q.Help += fmt.Sprintf(" It followed rulebook %s; this run follows %s. ", r.kept.Edition, r.edition)
		switch {
		case r.unread:
			q.Help += "The former is not part of this program, so every answer is checked against the present questions."
		case len(r.changed) == 0:
			q.Help += "The questions are the same."
		default:
			q.Help += "Questions that differ: " + strings.Join(r.changed, ", ") + "."
		}
	}
	return q
}

func (w *wizard) acceptResume(choice string) []string {
	switch choice {
	case doResume:
		w.stage = asking
		lines := w.restore(w.resume)
		w.at = len(w.trail)
		return append(lines, w.reviewIfComplete()...)
	case doFresh:
		w.stage = asking
		return w.reviewIfComplete()
	default:
		return w.resume.lines()
	}
}

// lines lists the kept answers.
func (r *resumption) lines() []string {
	var out []string
	for _, t := range trait.Standard().All() {
		if text, ok := r.kept.Answers[string(t.ID)]; ok {
			out = append(out, fmt.Sprintf("  %s: %s", t.ID, text))
		}
	}
	for _, id := range r.kept.Skipped {
		out = append(out, fmt.Sprintf("  %s: not known yet", id))
	}
	return out
}

// restore takes the kept answers over, as far as they are still valid and still
// asked for, and says what became of the others.
func (w *wizard) restore(r *resumption) []string {
	var lines []string
	note := func(id trait.ID, what string) { lines = append(lines, fmt.Sprintf("  %s: %s", id, what)) }
	for _, t := range trait.Standard().All() {
		text, answered := r.kept.Answers[string(t.ID)]
		if !answered && !slices.Contains(r.kept.Skipped, string(t.ID)) {
			continue
		}
		if r.given[t.ID] {
			note(t.ID, "given on the command line, which wins over the kept answer")
			continue
		}
		if what := w.restoreOne(t, text, answered); what != "" {
			note(t.ID, what)
		}
	}
	for _, id := range w.stale() {
		if _, stored := w.base.Get(id); stored {
			one := w.replies[id]
			one.loose = true // corrected at the review: nothing waits for it, and it is meant
			w.replies[id] = one
			continue
		}
		w.drop(nil, id)
		note(id, "no longer asked for, so the kept answer is dropped")
	}
	for _, id := range w.pointless(w.base) {
		w.drop(nil, id)
		note(id, "no longer needed after the kept answers, so dropped")
	}
	for _, id := range slices.Sorted(maps.Keys(r.kept.Answers)) {
		if _, ok := trait.Standard().Get(trait.ID(id)); !ok {
			note(trait.ID(id), "no longer a question")
		}
	}
	return lines
}

// restoreOne takes one kept answer over, or says why not. Words beside a taken
// answer say what it overrules.
func (w *wizard) restoreOne(t trait.Trait, text string, answered bool) (what string) {
	one := reply{unknown: !answered}
	if answered {
		value, err := valueOf(t, []string{text})
		if err != nil || t.Kind != trait.Answer || t.PerClient() {
			return "the kept answer is not valid any more"
		}
		one.value = value
	}
	if len(trait.Standard().Contradictions(one.apply(w.set(), t.ID))) > 0 {
		return "the kept answer contradicts another one and is asked again"
	}
	w.replies[t.ID] = one
	w.trail = append(w.trail, t.ID)
	if stored, ok := w.base.Get(t.ID); ok && answered && !stored.Value.Equal(one.value) {
		return fmt.Sprintf("the unfinished run says %s, which is used; %s says %s", one.value, stored.Origin, stored.Value)
	}
	return ""
}

// differing names the questions that one edition asks and the other does not,
// at the start and after the kept answers.
func differing(a, b *rulebook.Edition, asOf string, base trait.Set, kept store.Checkpoint) []string {
	asked := func(e *rulebook.Edition) map[string]bool {
		w := &wizard{interview: newInterview(e, asOf, base)}
		out := map[string]bool{}
		for _, q := range w.open() {
			out[string(q.Trait)] = true
		}
		w.restore(&resumption{kept: kept})
		for _, q := range w.open() {
			out[string(q.Trait)] = true
		}
		for _, id := range w.trail {
			out[string(id)] = true
		}
		return out
	}
	x, y := asked(a), asked(b)
	var out []string
	for _, t := range trait.Standard().All() {
		if id := string(t.ID); x[id] != y[id] {
			out = append(out, id)
		}
	}
	return out
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
