package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/store"
	"github.com/apionboard/ngapi/internal/terminal/ask"
	"github.com/apionboard/ngapi/internal/testkit"
)

func TestWizardReview(t *testing.T) {
	w := newTestWizard(t, trait.Set{})
	w.reply(t, "patients")
	lines := strings.Join(w.reply(t, "patient-access"), "\n")
	for _, want := range []string{"Review", "1. app.audience: patients  (your answer)", "2. app.apis: patient-access", "program: patient-access  [P1, P2]"} {
		if !strings.Contains(lines, want) {
			t.Errorf("%q is not in\n%s", want, lines)
		}
	}
	w.reply(t, doDiscard)
	w.reply(t, "false")
	if id := at(t, w).Question.ID; id != "review" || w.discard {
		t.Errorf("not discarding leads to %s", id)
	}
	w.reply(t, doDiscard)
	w.Back()
	w.reply(t, doChange)
	w.reply(t, "app.apis")
	w.Back()
	w.Back()
	w.Back()
	if id := at(t, w).Question.ID; id != "app.apis" {
		t.Errorf("back from the review leads to %s", id)
	}
	w.reply(t, "patient-access")
	w.reply(t, doSave)
	if id := at(t, w).Question.ID; id != "end" || w.discard {
		t.Errorf("after save comes %s", id)
	}
}

func TestWizardCheckpoint(t *testing.T) {
	base := testkit.Traits(t, "app.name=Acme")
	w := newTestWizard(t, base)
	var kept store.Checkpoint
	w.keep = func(c store.Checkpoint) error { kept = c; return nil }
	for _, text := range []string{"providers", "enterprise", "client", "?"} {
		w.reply(t, text)
	}
	if kept.Page != "app.distribution" || kept.SavedAsOf != testDay || fmt.Sprint(kept.Skipped) != "[organization.nge_version]" {
		t.Errorf("kept %+v", kept)
	}
	next := newTestWizard(t, base)
	next.stage, next.resume = resuming, &resumption{kept: kept, edition: next.edition.ID}
	if lines := next.reply(t, doShow); len(lines) != 4 {
		t.Errorf("shown: %q", lines)
	}
	next.reply(t, doResume)
	if page := at(t, next); page.Question.ID != "app.distribution" || page.Step != 5 {
		t.Errorf("resumed at %s, step %d", page.Question.ID, page.Step)
	}
	if !next.Back() || !at(t, next).Question.DefaultUnknown {
		t.Error("back leads to what was skipped")
	}
	fresh := newTestWizard(t, base)
	fresh.stage, fresh.resume = resuming, &resumption{kept: kept, edition: "x"}
	fresh.reply(t, doFresh)
	if id := at(t, fresh).Question.ID; id != "app.audience" {
		t.Errorf("started over at %s", id)
	}
}

func TestWizardRestoresOnlyWhatStillHolds(t *testing.T) {
	w := newTestWizard(t, testkit.Traits(t, "app.audience=patients", "data.uscdi_v1_only=false"))
	kept := store.Checkpoint{Edition: "2020-01", SavedAsOf: "2026-01-01", Skipped: []string{"nonsense"}, Answers: map[string]string{
		"app.audience": "providers", "organization.type": "martian", "no.such": "x", "data.classes": "uscdi-v1",
		"organization.nge_version": "5.9.4", "form.submitted": "2026-01-01", "app.unattended": "true",
	}}
	r := &resumption{kept: kept, edition: w.edition.ID, differs: true, unread: true, given: map[trait.ID]bool{"app.unattended": true}}
	w.stage, w.resume = resuming, r
	if help := at(t, w).Question.Help; !strings.Contains(help, "2020-01") || !strings.Contains(help, "checked") {
		t.Errorf("help: %s", help)
	}
	text := strings.Join(w.reply(t, doResume), "\n")
	for _, want := range []string{
		"app.audience: the unfinished run says providers, which is used; ngapi.yaml:4 says patients",
		"organization.type: the kept answer is not valid any more",
		"no.such: no longer a question",
		"data.classes: the kept answer contradicts",
		"form.submitted: the kept answer is not valid",
		"app.unattended: given on the command line",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if len(w.trail) != 2 {
		t.Errorf("restored %v", w.trail)
	}
}

func TestWizardNamesChangedQuestions(t *testing.T) {
	e, err := rulebook.Load("")
	if err != nil {
		t.Fatal(err)
	}
	old := *e
	old.Decisions = slices.Clone(e.Decisions)
	old.Decisions = slices.DeleteFunc(old.Decisions, func(d rulebook.Decision) bool { return d.ID == "auth" })
	kept := store.Checkpoint{Answers: map[string]string{"app.audience": "providers", "organization.type": "vendor"}}
	if got := differing(&old, e, testDay, trait.Set{}, kept); !slices.Equal(got, []string{"app.unattended", "app.min_nge_version"}) {
		t.Errorf("changed questions: %v", got)
	}
	if got := differing(e, e, testDay, trait.Set{}, kept); len(got) != 0 {
		t.Errorf("the same edition differs in %v", got)
	}
}

func TestWizardGoesOnWithoutACheckpoint(t *testing.T) {
	w := newTestWizard(t, trait.Set{})
	calls := 0
	w.keep = func(store.Checkpoint) error { calls++; return exit.Errorf(exit.Usage, "the disk is full") }
	if text := strings.Join(w.reply(t, "providers"), "\n"); !strings.Contains(text, "the disk is full") {
		t.Errorf("not said:\n%s", text)
	}
	w.reply(t, "enterprise")
	if lines := w.reply(t, "vendor"); len(lines) != 0 || calls != 1 {
		t.Errorf("said again: %q, %d calls", lines, calls)
	}
}

func TestWizardBrief(t *testing.T) {
	w := newTestWizard(t, testkit.Traits(t, "app.audience=providers", "app.apis=enterprise", "organization.type=vendor", "app.unattended=true", "data.uscdi_v1_only=false"))
	w.brief, w.strict = true, true
	if id := at(t, w).Question.ID; id != "end" {
		t.Errorf("--yes asks for %s", id)
	}
}

// TestWizardAnyPath walks the wizard with every answer that a page offers, back
// and forth: it never loops, never loses its place and never asks twice.
func TestWizardAnyPath(t *testing.T) {
	for seed := range 20 {
		w := newTestWizard(t, trait.Set{})
		n := seed
		pick := func(k int) int { n = (n*1103515245 + 12345) & 0x7fffffff; return (n >> 8) % k }
		for step := range 40 {
			q := at(t, w).Question
			if q.ID == "end" {
				break
			}
			if q.Kind == ask.Text {
				w.reply(t, []string{"5.8", "5.9.2", "?"}[pick(3)])
				continue
			}
			if pick(5) == 0 && w.Back() {
				continue
			}
			value := "?"
			if i := pick(len(q.Choices) + 1); i < len(q.Choices) {
				value = q.Choices[i].Value
			} else if !q.Unknown {
				value = q.Choices[0].Value
			}
			if _, err := w.Accept(q, ask.Answer{Values: slices.DeleteFunc([]string{value}, func(s string) bool { return s == "?" }), Unknown: value == "?"}); err != nil {
				var again ask.Rejection
				if !errors.As(err, &again) {
					t.Fatalf("seed %d step %d: %v", seed, step, err)
				}
			}
			if len(trait.Standard().Contradictions(w.set())) > 0 {
				t.Fatalf("seed %d step %d: contradictory answers", seed, step)
			}
		}
		if w.stage == done && !w.discard {
			continue
		}
		next := newTestWizard(t, trait.Set{})
		next.restore(&resumption{kept: w.snapshot()})
		if a, b := len(w.answers()), len(next.answers()); a != b {
			t.Errorf("seed %d: %d answers, %d after resume: %v / %v", seed, a, b, w.answers(), next.answers())
		}
	}
}
