package report

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Onboard is the document ngapi.onboard/v1. The answers stand in it so that
// nothing is lost where the profile could not be written.
type Onboard struct {
	Head
	Profile OnboardProfile  `json:"profile"`
	Answers map[string]any  `json:"answers"` // every recorded trait by id
	Plan    plan.Plan       `json:"plan"`
	Missing []MissingAnswer `json:"missing"`
}

// OnboardProfile says where the profile is and whether this run changed it.
type OnboardProfile struct {
	Path    string `json:"path"`
	Written bool   `json:"written"`
	Diff    string `json:"diff,omitempty"` // what was, or with --dry-run would be, changed
}

// MissingAnswer is a required question that nobody has answered.
type MissingAnswer struct {
	Trait    trait.ID         `json:"trait"`
	Question string           `json:"question"`
	Choices  []trait.Choice   `json:"choices"`
	Flag     string           `json:"flag"`
	OnlyIf   []plan.Condition `json:"onlyIf"`
}

// NewOnboard builds the document from what is known and what it leads to.
func NewOnboard(h Head, p OnboardProfile, set trait.Set, result plan.Plan) Onboard {
	d := Onboard{Head: h, Profile: p, Answers: map[string]any{}, Plan: result, Missing: []MissingAnswer{}}
	for _, id := range trait.Standard().Storable() {
		if e, ok := set.Get(id); ok {
			d.Answers[string(id)] = e.Value.Any()
		}
	}
	for _, q := range plan.Missing(result.Questions) {
		d.Missing = append(d.Missing, MissingAnswer{q.Trait, q.Question, q.Choices, q.Flag, q.OnlyIf})
	}
	return d
}

// nextSteps is how many steps the end of a guided run shows; ngapi plan shows
// them all.
const nextSteps = 3

// OnboardText renders the end of a guided run: where the answers are, the
// decisions in one line each, the next commands and what is open.
func OnboardText(s Style, d Onboard) []byte {
	t := &text{s: s}
	if d.Profile.Written {
		t.line(green, "Saved %s", clean(d.Profile.Path))
	} else {
		t.line("", "%s already says so; nothing was written", clean(d.Profile.Path))
	}
	t.blank()
	t.values(d.Plan.Decisions)
	t.blank()
	steps := d.Plan.Next
	more := max(0, len(steps)-nextSteps)
	t.steps(steps[:len(steps)-more])
	if more > 0 {
		t.line("", "%s in ngapi plan.", plural(more, "more step is", "more steps are"))
	}
	t.questions(d.Plan.Questions)
	t.openQuestions(d.Plan.Decisions)
	return t.bytes()
}

// values lists decisions without their reasons.
func (t *text) values(list []plan.Decision) {
	for _, d := range list {
		switch d.Status {
		case plan.Undecided:
			t.line(yellow, "  %-16s UNDECIDED", d.ID)
		case plan.Impossible:
			t.line(red, "  %-16s %s  IMPOSSIBLE: %s", d.ID, *d.Value, d.Note)
		default:
			t.line("", "  %-16s %s", d.ID, *d.Value)
		}
	}
}

// openQuestions lists what only the vendor can answer, each question once.
func (t *text) openQuestions(list []plan.Decision) {
	seen := map[string]bool{}
	for _, d := range list {
		if d.OpenQuestion == "" || seen[d.OpenQuestion] {
			continue
		}
		if len(seen) == 0 {
			t.blank()
			t.line(bold, "Open questions for NextGen Healthcare")
		}
		seen[d.OpenQuestion] = true
		t.line("", "  %s", d.OpenQuestion)
	}
}

// DiffText renders the change that a dry run would make to a file: the lines as
// they are, so that a tool can read them, but nothing that a terminal obeys.
func DiffText(diff string) []byte {
	var b strings.Builder
	for line := range strings.Lines(diff) {
		b.WriteString(clean(strings.TrimRight(line, "\r\n")))
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

// ReviewAnswer is one line of a review: an answer that a person may correct.
type ReviewAnswer struct {
	Trait trait.ID
	trait.Entry
}

// ReviewLines lists all answers by group, numbered, with their origin, and the
// decisions that follow. They carry no colour and are not wrapped: whoever
// prints them knows the window.
func ReviewLines(answers []ReviewAnswer, skipped []trait.ID, decisions []plan.Decision) []string {
	t := &text{}
	t.blank()
	t.line("", "Review")
	group := ""
	for i, a := range answers {
		if name := reviewGroup(a.Trait); name != group {
			group = name
			t.line("", "  %s", name)
		}
		value := strings.Join(a.Value.List(), ", ")
		t.line("", "  %2d. %s: %s  (%s)", i+1, a.Trait, clean(value), clean(a.Origin.String()))
	}
	if len(answers) == 0 {
		t.line("", "  No answers.")
	}
	for i, id := range skipped {
		if i == 0 {
			t.line("", "  Still open")
		}
		t.line("", "      %s: not known yet", id)
	}
	t.line("", "  Decisions")
	for _, d := range decisions {
		word := "UNDECIDED"
		if d.Value != nil {
			word = *d.Value
		}
		if d.Status == plan.Impossible {
			word += "  IMPOSSIBLE"
		}
		t.line("", "      %s: %s  [%s]", d.ID, word, facts(d.Sources))
	}
	return strings.Split(strings.TrimRight(t.b.String(), "\n"), "\n")
}

// reviewGroup names the part of the profile that an answer belongs to.
func reviewGroup(id trait.ID) string {
	section, _, _ := strings.Cut(string(id), ".")
	switch section {
	case "organization":
		return "Your organization"
	case "app":
		return "The application"
	case "data":
		return "Its data"
	default:
		return fmt.Sprintf("Other (%s)", section)
	}
}

// SettledLines renders a decision with a value that an answer has just settled: value,
// reason in the person's own answers, source. What would change it stays in
// ngapi plan and ngapi explain.
func SettledLines(d plan.Decision) []string {
	d.WouldChange = nil
	lines := DecisionLines(Style{}, d)
	lines[0] = "Decided: " + d.ID + " = " + *d.Value
	if d.Status == plan.Impossible {
		lines[0] += "  IMPOSSIBLE as it stands"
	}
	return lines
}
