package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
)

// CheckText renders a gate for people: worst first, then what passed, and one
// next command at the end.
func CheckText(s Style, d Check) []byte {
	t := &text{s: s}
	profile := ""
	for _, in := range d.Inputs {
		if in.Role == "profile" {
			profile = in.Path
		}
	}
	t.line(bold, "Gate %s for %s: %s", d.Gate, clean(profile), strings.ToUpper(d.Outcome))
	t.line(faint, "rulebook %s, as of %s; gate chosen by: %s", d.Rulebook.Edition, d.AsOf, d.Chosen)
	results := slices.Clone(d.Results)
	slices.SortStableFunc(results, func(a, b readiness.Result) int { return a.Order - b.Order })
	for _, state := range readiness.States() {
		t.group(state, results)
	}
	for _, w := range d.Waivers {
		if w.Use != "used" {
			t.line(yellow, "waiver %s for %s is %s", clean(w.ID), w.Check, w.Use)
		}
	}
	t.blank()
	t.line("", "%s", summary(d.Summary))
	if next := nextCommand(results); next != "" && d.Outcome != readiness.Ready {
		t.command("next: ", next)
	}
	return t.bytes()
}

func (t *text) group(state rulebook.State, results []readiness.Result) {
	first := true
	for _, r := range results {
		if r.Status != state {
			continue
		}
		if first {
			t.blank()
			first = false
		}
		id := r.ID
		if r.Subject != "" {
			id += " (" + clean(r.Subject) + ")"
		}
		t.line(look(state), "%-8s %s", word(state), id+"  "+r.Title)
		if state == rulebook.NotApplicable || state == rulebook.Pass {
			continue
		}
		t.line("", "         %s [%s]", clean(r.Message), r.Level)
		for _, d := range detailOf(r) {
			t.line("", "           %s", clean(d))
		}
		if r.Remedy != nil {
			t.line("", "         %s", r.Remedy.Do)
			t.command("         $ ", r.Remedy.Run)
		}
		t.line(faint, "         source: %s", cites(r.Sources))
	}
}

// detailOf lists the routes or the recorded report on which a result rests, where
// its own traits were read off files.
func detailOf(r readiness.Result) []string {
	var out []string
	for _, b := range r.Because {
		switch b.Trait {
		case "routes.gsa", "credentials.verdict", "credentials.flow":
			for _, d := range b.Detail {
				if !slices.Contains(out, d) { // both traits of a report rest on the same one
					out = append(out, d)
				}
			}
		}
	}
	return out
}

func word(s rulebook.State) string {
	switch s {
	case rulebook.Pass:
		return "ok"
	case rulebook.NotApplicable:
		return "n/a"
	default:
		return strings.ToUpper(string(s))
	}
}

func look(s rulebook.State) string {
	switch s {
	case rulebook.Fail:
		return red
	case rulebook.Open, rulebook.Manual, rulebook.Warn:
		return yellow
	case rulebook.Pass:
		return green
	default:
		return faint
	}
}

func summary(counts map[string]int) string {
	parts := make([]string, 0, len(counts))
	for _, s := range readiness.States() {
		if n := counts[string(s)]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	return strings.Join(parts, ", ")
}

// nextCommand is the remedy of the first result in the order of the states.
func nextCommand(results []readiness.Result) string {
	for _, state := range readiness.States() {
		for _, r := range results {
			if r.Status == state && r.Remedy != nil && r.Level == rulebook.Mandatory {
				return r.Remedy.Run
			}
		}
	}
	return ""
}
