package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/terminal/ask"
)

// What a person can do at the review.
const (
	doSave    = "save"
	doDraft   = "draft"
	doChange  = "change"
	doDiscard = "discard"
)

// answers lists every answer that can be corrected, grouped as in the profile.
func (v *interview) answers() []report.ReviewAnswer {
	s := v.set()
	var out []report.ReviewAnswer
	for _, t := range trait.Standard().All() {
		if e, ok := s.Get(t.ID); ok && t.Kind == trait.Answer && !t.PerClient() {
			out = append(out, report.ReviewAnswer{Trait: t.ID, Entry: e})
		}
	}
	order := []string{"organization", "app", "data"}
	place := func(a report.ReviewAnswer) int {
		section, _, _ := strings.Cut(string(a.Trait), ".")
		if i := slices.Index(order, section); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(out, func(a, b report.ReviewAnswer) int { return place(a) - place(b) })
	return out
}

// reviewLines is the review as text for the normal screen.
func (w *wizard) reviewLines() []string {
	var skipped []trait.ID
	for _, id := range w.trail {
		if w.replies[id].unknown {
			skipped = append(skipped, id)
		}
	}
	return report.ReviewLines(w.answers(), skipped, w.plan().Decisions)
}

func (w *wizard) reviewPage() ask.Question {
	q := ask.Question{
		ID: "review", Title: "Save these answers?", Kind: ask.Select, Default: []string{doSave},
		Help: "They stand above, with the decisions that follow. They are written to " + w.target + " in one step.",
		Choices: []ask.Choice{
			{Value: doSave, Label: "Save"},
			{Value: doChange, Label: "Change an answer", Help: "The other answers stay, unless the change makes them pointless."},
			{Value: doDiscard, Label: "Discard", Help: "Forget what was answered in this run; nothing is written."},
		},
	}
	if w.dry {
		q.Title, q.Choices[0].Label = "Finish this dry run?", "Finish, and show the change"
		q.Help = "The answers stand above, with the decisions that follow. Nothing is written."
	}
	if len(w.answers()) == 0 {
		q.Choices = append(q.Choices[:1], q.Choices[2])
	}
	if w.wantsList() {
		q.Choices = slices.Insert(q.Choices, 1, ask.Choice{
			Value: doDraft, Label: "Save, and draft the route list",
			Help: "From a capture of what the application calls, a log, or a collection. No value of it is kept.",
		})
	}
	return q
}

// wantsList tells whether a route list is needed and there is none yet.
func (w *wizard) wantsList() bool {
	d, ok := w.plan().Get("route-list")
	_, listed := w.set().Get("routes.file")
	return ok && !listed && !w.dry && !w.drafted && d.Value != nil && *d.Value == "required"
}

// evidencePage asks for the file to draft from.
func (w *wizard) evidencePage() ask.Question {
	return ask.Question{
		ID: "evidence", Title: "Which file shows what the application calls?", Kind: ask.Text,
		Help: "A HAR capture of the browser's network tools or of a proxy, an access log, an OpenTelemetry trace, a Postman collection. " +
			"Its kind is found from its content.",
		Why: "The list is drafted from it: methods and path templates only, never an id, a value, a header or a body.",
		Validate: func(values []string) error {
			info, err := os.Stat(values[0])
			switch {
			case err != nil:
				return errors.New("there is no such file; type its path, or go back")
			case info.IsDir():
				return errors.New("this is a folder; type the path of a file")
			}
			return nil
		},
	}
}

func (w *wizard) acceptReview(choice string) error {
	switch choice {
	case doSave:
		w.stage = done
	case doDraft:
		w.stage = drafting
	case doChange:
		w.stage = choosing
	case doDiscard:
		w.stage = discarding
		if len(w.replies) == 0 { // nothing that this run would lose
			w.stage, w.discard = done, true
		}
	default:
		return exit.Errorf(exit.Fault, "the review page has no choice %q", choice)
	}
	return nil
}

// choicePage numbers the answers as the review does.
func (w *wizard) choicePage() ask.Question {
	q := ask.Question{ID: "choose", Title: "Which answer do you want to change?", Kind: ask.Select}
	for i, a := range w.answers() {
		q.Choices = append(q.Choices, ask.Choice{
			Value: string(a.Trait),
			Label: fmt.Sprintf("%d. %s: %s", i+1, a.Trait, strings.Join(a.Value.List(), ", ")),
		})
	}
	return q
}

func discardPage(n int) ask.Question {
	return ask.Question{
		ID: "discard", Title: fmt.Sprintf("Forget the %d answers of this run?", n), Kind: ask.Confirm, Default: []string{"false"},
		Help: "The profile stays as it is.",
		Choices: []ask.Choice{
			{Value: "false", Label: "No, back to the review"},
			{Value: "true", Label: "Yes, forget them"},
		},
	}
}
