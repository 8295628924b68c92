package cli

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/store"
	"github.com/apionboard/ngapi/internal/terminal/ask"
)

// stage is where a guided run stands.
type stage int

const (
	resuming   stage = iota // an unfinished run was found
	asking                  // the rulebook's questions
	reviewing               // all answers, before the only save
	choosing                // which answer to change
	changing                // that answer
	discarding              // are you sure
	drafting                // the file to draft the route list from
	done
)

// wizard leads through an interview: which page comes now, what an answer
// settles, and where back leads. It implements ask.Flow and touches neither
// terminal nor files; keeping a checkpoint is a parameter.
type wizard struct {
	*interview
	stage   stage
	at      int         // place in the trail; its length means the next open question
	picked  trait.ID    // the answer being changed
	resume  *resumption // nil: there is no unfinished run
	brief   bool        // no review: the person has agreed to save beforehand
	dry     bool        // nothing will be written
	target  string      // where the profile goes, for the review
	keep    func(store.Checkpoint) error
	unkept  bool                    // keeping failed, and the person knows
	discard bool                    // the outcome: throw the answers away
	drafted bool                    // evidence was given beforehand
	read    func(file string) error // reads evidence for the route list
}

// Next implements ask.Flow.
func (w *wizard) Next() (ask.Page, bool, error) {
	switch w.stage {
	case resuming:
		return ask.Page{Question: w.resume.page()}, true, nil
	case asking:
		if page, ok := w.current(); ok {
			return page, true, nil
		}
		if w.brief {
			w.stage = done
			return ask.Page{}, false, nil
		}
		w.stage = reviewing
		return ask.Page{Question: w.reviewPage()}, true, nil
	case reviewing:
		return ask.Page{Question: w.reviewPage()}, true, nil
	case choosing:
		return ask.Page{Question: w.choicePage()}, true, nil
	case changing:
		return ask.Page{Question: w.page(w.question(w.picked))}, true, nil
	case discarding:
		return ask.Page{Question: discardPage(len(w.replies))}, true, nil
	case drafting:
		return ask.Page{Question: w.evidencePage()}, true, nil
	case done:
	}
	return ask.Page{}, false, nil
}

// current is the page of the present place in the trail, or the next open
// question. The total is counted anew each time, since an answer can open
// questions and close others.
func (w *wizard) current() (ask.Page, bool) {
	open := w.open()
	total := len(w.trail) + len(open)
	if w.at < len(w.trail) {
		return ask.Page{Question: w.page(w.question(w.trail[w.at])), Step: w.at + 1, Total: total}, true
	}
	if len(open) == 0 {
		return ask.Page{}, false
	}
	return ask.Page{Question: w.page(open[0]), Step: len(w.trail) + 1, Total: total}, true
}

// Accept implements ask.Flow.
func (w *wizard) Accept(q ask.Question, a ask.Answer) ([]string, error) {
	first := ""
	if len(a.Values) > 0 {
		first = a.Values[0]
	}
	switch w.stage {
	case resuming:
		return w.acceptResume(first), nil
	case asking, changing:
		return w.acceptAnswer(trait.ID(q.ID), a)
	case reviewing:
		return nil, w.acceptReview(first)
	case choosing:
		w.picked, w.stage = trait.ID(first), changing
	case discarding:
		w.stage = reviewing
		if first == "true" {
			w.stage, w.discard = done, true
		}
	case drafting:
		if err := w.read(first); err != nil {
			return nil, ask.Rejection(words(err))
		}
		w.stage = done
	case done:
	}
	return nil, nil
}

// acceptAnswer records a reply, says what it settles and keeps a checkpoint.
func (w *wizard) acceptAnswer(id trait.ID, a ask.Answer) ([]string, error) {
	t, _ := trait.Standard().Get(id)
	r := reply{unknown: a.Unknown || len(a.Values) == 0}
	if !r.unknown {
		value, err := valueOf(t, a.Values)
		if err != nil {
			return nil, ask.Rejection(err.Error())
		}
		r.value = value
	}
	before := w.plan()
	lost, err := w.answer(id, r)
	if err != nil {
		return nil, ask.Rejection(words(err))
	}
	w.stage, w.at = asking, len(w.trail)
	lines := settled(before, w.plan())
	for _, d := range lost {
		lines = append(lines, fmt.Sprintf("  no longer needed, so dropped: %s (was %s)", d.id, d.value))
	}
	lines = append(lines, w.checkpoint()...)
	return append(lines, w.reviewIfComplete()...), nil
}

// settled lists the decisions that differ between two plans.
func settled(before, after plan.Plan) []string {
	var lines []string
	for _, d := range after.Decisions {
		old, _ := before.Get(d.ID)
		switch {
		case d.Value == nil && old.Value != nil:
			lines = append(lines, "  "+d.ID+" is undecided again")
		case d.Value != nil && (old.Value == nil || *old.Value != *d.Value):
			for _, line := range report.SettledLines(d) {
				lines = append(lines, "  "+line)
			}
		}
	}
	return lines
}

// reviewIfComplete lists everything once no question is left; the page that
// follows only offers what to do with it.
func (w *wizard) reviewIfComplete() []string {
	if w.brief || len(w.open()) > 0 {
		return nil
	}
	return w.reviewLines()
}

// checkpoint keeps what was answered. That it cannot be kept is said once, and
// the run goes on.
func (w *wizard) checkpoint() []string {
	if w.keep == nil || w.unkept {
		return nil
	}
	if err := w.keep(w.snapshot()); err != nil {
		w.unkept = true
		return []string{"  Your answers could not be kept for later: " + words(err)}
	}
	return nil
}

// snapshot is the unfinished run as it is kept on disk.
func (w *wizard) snapshot() store.Checkpoint {
	c := store.Checkpoint{Edition: w.edition.ID, Page: "review", SavedAsOf: w.asOf, Answers: map[string]string{}, Skipped: []string{}}
	for _, id := range w.trail {
		if r := w.replies[id]; r.unknown {
			c.Skipped = append(c.Skipped, string(id))
		} else {
			c.Answers[string(id)] = r.value.String()
		}
	}
	if open := w.open(); len(open) > 0 {
		c.Page = string(open[0].Trait)
	}
	return c
}

// Back implements ask.Flow.
func (w *wizard) Back() bool {
	switch w.stage {
	case asking:
		if w.at == 0 {
			return false
		}
		w.at--
	case reviewing:
		if len(w.trail) == 0 {
			return false
		}
		w.stage, w.at = asking, len(w.trail)-1
	case choosing, discarding, drafting:
		w.stage = reviewing
	case changing:
		w.stage = choosing
	case resuming, done:
		return false
	}
	return true
}

// words joins the problems of an error without repeating where they come from.
func words(err error) string {
	var parts []string
	for _, p := range exit.List(err) {
		parts = append(parts, p.String())
	}
	return strings.Join(parts, "; ")
}
