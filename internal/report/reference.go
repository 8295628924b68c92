package report

import (
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// ProgramsText renders the programs, one block each, so that it reads at any
// width.
func ProgramsText(s Style, d Programs) []byte {
	t := &text{s: s}
	for _, p := range d.Programs {
		mark := ""
		if p.Chosen {
			mark = "  <- your program"
		}
		t.line(bold, "%s (%s)%s", p.Name, p.ID, mark)
		t.line("", "  for       %s", p.For)
		t.line("", "  fees      %s", p.Fees)
		t.line("", "  terms     %s", p.Terms)
		t.line("", "  form      %s", p.Form)
		t.line("", "  path      %s", p.Path)
		t.line("", "  eligible  %s", p.Eligible)
		t.because("  ", "because  ", p.Because)
		t.line(faint, "  source    %s", cites(p.Cites))
		t.blank()
	}
	return t.bytes()
}

// DocumentsText renders the vendor's documents by name.
func DocumentsText(s Style, d Documents) []byte {
	t := &text{s: s}
	for _, doc := range d.Documents {
		t.line(bold, "%s", doc.Name)
		t.line("", "  for     %s", doc.For)
		needed := doc.Needed
		if len(doc.Ask) > 0 {
			needed += ", settled by " + idList(doc.Ask)
		}
		t.line("", "  needed  %s", needed)
		t.line(cyan, "  where   %s", doc.Where)
		source := strings.Join(doc.Source, ", ")
		if source == "" {
			source = doc.Section
		}
		t.line(faint, "  source  %s", source)
		t.blank()
	}
	return t.bytes()
}

// Trait is a trait with the rules that use it: an entry of the document
// ngapi.questions/v1.
type Trait struct {
	ID       trait.ID       `json:"id"`
	Type     trait.Type     `json:"type"`
	Kind     trait.Kind     `json:"kind"`
	Question string         `json:"question"`
	Help     string         `json:"help"`
	Choices  []trait.Choice `json:"choices"`
	Default  string         `json:"default"`
	UsedBy   []string       `json:"usedBy"`
}

// Questions is the document ngapi.questions/v1.
type Questions struct {
	Head
	Traits []Trait `json:"traits"`
}

// TraitsOf lists the catalogue as an edition uses it.
func TraitsOf(e *rulebook.Edition) []Trait {
	var out []Trait
	for _, t := range trait.Standard().All() {
		one := Trait{t.ID, t.Type, t.Kind, t.Question, t.Help, t.Choices, t.Default, e.UsedBy(t.ID)}
		if one.Choices == nil {
			one.Choices = []trait.Choice{}
		}
		if one.UsedBy == nil {
			one.UsedBy = []string{}
		}
		out = append(out, one)
	}
	return out
}

// QuestionsText renders the catalogue of traits.
func QuestionsText(s Style, d Questions) []byte {
	t := &text{s: s}
	for _, q := range d.Traits {
		t.line(bold, "%s", q.ID)
		t.line("", "  %s, %s", q.Kind, q.Type)
		t.line("", "  %s", q.Question)
		if q.Help != "" {
			t.line(faint, "  %s", q.Help)
		}
		for _, c := range q.Choices {
			t.line("", "    %-20s %s", c.Value, strings.TrimSuffix(c.Label+": "+c.Help, ": "))
		}
		used := "no rule; it is printed in drafts"
		if len(q.UsedBy) > 0 {
			used = strings.Join(q.UsedBy, ", ")
		}
		t.line(faint, "  used by: %s", used)
	}
	return t.bytes()
}

// Rule is one line of the document ngapi.rulebook/v1.
type Rule struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"` // decision or check
	Title   string   `json:"title"`
	Gate    string   `json:"gate,omitempty"`
	Level   string   `json:"level,omitempty"`
	Values  []string `json:"values,omitempty"`
	Sources []string `json:"sources"`
}

// RulebookList is the document ngapi.rulebook/v1.
type RulebookList struct {
	Head
	Editions  []Rulebook          `json:"editions"`
	Facts     []rulebook.Fact     `json:"facts"`
	Rules     []Rule              `json:"rules"`
	Documents []rulebook.Document `json:"documents"`
}

// RulesOf lists the rules of an edition.
func RulesOf(e *rulebook.Edition) []Rule {
	var out []Rule
	for i := range e.Decisions {
		d := &e.Decisions[i]
		var sources []string
		for _, c := range d.Cases {
			sources = append(sources, c.Source...)
		}
		for _, c := range d.Criteria {
			sources = append(sources, c.Source...)
		}
		for _, a := range d.Asides {
			sources = append(sources, a.Source...)
		}
		out = append(out, Rule{ID: d.ID, Kind: "decision", Title: d.Title, Values: d.Values(), Sources: unique(sources)})
	}
	for i := range e.Checks {
		c := &e.Checks[i]
		out = append(out, Rule{ID: c.ID, Kind: "check", Title: c.Title, Gate: c.Gate, Level: rulebook.Level(c.Modality), Sources: c.Source})
	}
	return out
}

func unique(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// RulebookText renders an edition's contents.
func RulebookText(s Style, d RulebookList) []byte {
	t := &text{s: s}
	t.line(bold, "Editions")
	for _, e := range d.Editions {
		t.line("", "  %-10s %-11s %s  sha256 %.12s", e.Edition, e.Status, e.Date, e.SHA256)
	}
	t.blank()
	t.line(bold, "Decisions")
	for _, r := range d.Rules {
		if r.Kind == "decision" {
			t.line("", "  %-16s %s: %s  [%s]", r.ID, r.Title, strings.Join(r.Values, ", "), strings.Join(r.Sources, ", "))
		}
	}
	t.blank()
	t.line(bold, "Checks")
	for _, r := range d.Rules {
		if r.Kind == "check" {
			t.line("", "  %-21s %-12s %-13s %s  [%s]", r.ID, r.Gate, r.Level, r.Title, strings.Join(r.Sources, ", "))
		}
	}
	t.blank()
	t.line(bold, "Source facts")
	for _, f := range d.Facts {
		t.line("", "  %-4s %s (%s)", f.ID, f.Text, f.Section)
	}
	return t.bytes()
}

// RulebookDiff is the document ngapi.rulebook-diff/v1.
type RulebookDiff struct {
	Schema  string                   `json:"schema"`
	Tool    Tool                     `json:"tool"`
	From    Rulebook                 `json:"from"`
	To      Rulebook                 `json:"to"`
	Changes []rulebook.EditionChange `json:"changes"`
}

// RulebookDiffText renders the differences of two editions.
func RulebookDiffText(s Style, d RulebookDiff) []byte {
	t := &text{s: s}
	if len(d.Changes) == 0 {
		t.line("", "The two editions say the same.")
	}
	for _, c := range d.Changes {
		t.line("", "%-8s %-9s %s", c.Change, c.Kind, clean(c.ID))
	}
	return t.bytes()
}
