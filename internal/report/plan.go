package report

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/plan"
)

// PlanText renders a plan for people. With full, every decision is explained;
// without it only values, notes and open points are shown.
func PlanText(s Style, d Plan, full bool) []byte {
	t := &text{s: s}
	name := d.Profile.Name
	if name == "" {
		name = "this application"
	}
	t.line(bold, "Plan for %s", clean(name))
	t.line(faint, "rulebook %s, as of %s", d.Rulebook.Edition, d.AsOf)
	t.blank()
	for i := range d.Decisions {
		t.decision(&d.Decisions[i], full)
	}
	t.steps(d.Next)
	t.questions(d.Questions)
	return t.bytes()
}

// DecisionLines renders one decision in few lines, as shown between questions.
func DecisionLines(s Style, d plan.Decision) []string {
	t := &text{s: s}
	t.decision(&d, true)
	return strings.Split(strings.TrimRight(t.b.String(), "\n"), "\n")
}

func (t *text) decision(d *plan.Decision, full bool) {
	var word string
	look := bold
	switch d.Status {
	case plan.Undecided:
		look, word = yellow, "UNDECIDED"
	case plan.Impossible:
		look, word = red, *d.Value+"  IMPOSSIBLE"
	default:
		word = *d.Value
	}
	t.line(look, "%-16s %s", d.ID, word)
	if d.Note != "" {
		t.line("", "  %s", d.Note)
	}
	for _, c := range d.Criteria {
		t.line("", "  may depend on: %s (%s) [%s]", c.Title, c.ID, facts(c.Sources))
	}
	for _, c := range d.CriteriaOpen {
		t.line("", "  may also depend on, not settled: %s (%s) [%s]", c.Title, c.ID, facts(c.Sources))
	}
	if len(d.Ask) > 0 && d.Status == plan.Undecided {
		t.line("", "  settled by: %s", idList(d.Ask))
	}
	if full {
		t.inShort("  because ", d.Because)
		t.changes("  ", d.WouldChange)
	}
	for _, route := range d.HangsOn {
		t.line("", "  to be confirmed: %s", clean(route))
	}
	if d.OpenQuestion != "" {
		t.line(yellow, "  open question: %s", d.OpenQuestion)
	}
	t.line(faint, "  source: %s", cites(d.Sources))
	t.blank()
}

func (t *text) changes(indent string, list []plan.Change) {
	for _, c := range list {
		result := "undecided"
		if c.Value != nil {
			result = *c.Value
		} else if len(c.Ask) > 0 {
			result = "undecided, asking " + idList(c.Ask) + ","
		}
		t.line(faint, "%swould be %s if %s", indent, result, clean(c.If))
	}
}

func (t *text) steps(list []plan.Step) {
	if len(list) == 0 {
		t.line(green, "Nothing is left to do for this gate.")
		return
	}
	t.line(bold, "Next steps")
	for i, s := range list {
		title := s.Title
		if s.Subject != "" {
			title += ": " + clean(s.Subject)
		}
		mark := ""
		if s.Level != "mandatory" {
			mark = " (" + s.Level + ")"
		}
		t.line("", "%2d. %s%s", i+1, title, mark)
		t.line("", "    %s", s.Do)
		t.command("    $ ", s.Run)
	}
}

func (t *text) questions(list []plan.Question) {
	if len(list) == 0 {
		return
	}
	t.blank()
	t.line(bold, "Open questions for you")
	for _, q := range list {
		t.question(q)
	}
}

func (t *text) question(q plan.Question) {
	extra := ""
	if !q.Required {
		extra = " (refines what is decided)"
	}
	t.line("", "  %s%s", q.Question, extra)
	for _, c := range q.OnlyIf {
		t.line(faint, "      only if %s is %s", c.Trait, strings.Join(c.Values, " or "))
	}
	t.line("", "      %s", q.Flag)
}

// MissingText lists the questions that stop a run without a terminal.
func MissingText(s Style, list []plan.Question) []byte {
	t := &text{s: s}
	t.line(yellow, "%s missing:", plural(len(list), "answer is", "answers are"))
	for _, q := range list {
		t.question(q)
	}
	return t.bytes()
}

func plural(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}

// WhatIfText renders the differences that assumed answers make.
func WhatIfText(s Style, d WhatIf) []byte {
	t := &text{s: s}
	if len(d.Changes) == 0 {
		t.line("", "No decision and no check would differ.")
		return t.bytes()
	}
	for _, c := range d.Changes {
		id := c.ID
		if c.Subject != "" {
			id += " (" + clean(c.Subject) + ")"
		}
		t.line("", "%-8s %-22s %s -> %s", c.Kind, id, c.From, c.To)
	}
	return t.bytes()
}

// ExplainText renders an explanation.
func ExplainText(s Style, x Explain) []byte {
	t := &text{s: s}
	state := x.Status
	if x.Kind == "decision" {
		state = "undecided"
		if x.Value != nil {
			state = *x.Value
		}
	}
	if x.Kind == "fact" {
		state = "source fact"
	}
	t.line(bold, "%s  %s", x.ID, state)
	t.line("", "  %s", x.Title)
	if x.Kind == "check" {
		t.line("", "  applies: %s", x.Applies)
	}
	for _, r := range x.Results {
		t.line("", "  %s: %s", clean(r.Subject), r.Status)
	}
	if x.Note != "" {
		t.line("", "  %s", x.Note)
	}
	t.because("  ", "because", x.Because)
	t.changes("  ", x.WouldChange)
	if len(x.Ask) > 0 {
		t.line("", "  settled by: %s", idList(x.Ask))
	}
	if x.OpenQuestion != "" {
		t.line(yellow, "  open question: %s", x.OpenQuestion)
	}
	for _, src := range x.Sources {
		t.line(faint, "  source: %s (%s): %s", src.Fact, src.Section, src.Text)
	}
	if len(x.UsedBy) > 0 {
		t.line("", "  used by: %s", strings.Join(x.UsedBy, ", "))
	}
	if x.Remedy.Do != "" && x.Status != "pass" && x.Applies != "no" {
		t.line("", "  next: %s", x.Remedy.Do)
		t.command("  $ ", x.Remedy.Run)
	}
	return t.bytes()
}
