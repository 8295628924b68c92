package rulebook

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Source cites a source fact.
type Source struct {
	Fact    string `json:"fact"`
	Section string `json:"section"`
	Text    string `json:"text"` // our paraphrase
}

// Cite looks facts up by id.
func (e *Edition) Cite(facts []string) []Source {
	out := make([]Source, 0, len(facts))
	for _, id := range facts {
		s := Source{Fact: id}
		if f, ok := e.Fact(id); ok {
			s.Section, s.Text = f.Section, f.Text
		}
		out = append(out, s)
	}
	return out
}

// RemedyFor returns the remedy of an evaluated check with this developer's own
// words in its command: the client's name, the terms of the program and the
// version of Beta Document 1.
func (e *Evaluator) RemedyFor(r Checked) Remedy {
	if auth := e.Decide("auth"); r.Check.ID == "BETA-AUTH-ROUTES" && auth.Case != nil && auth.Case.Stop {
		return Remedy{Do: "Resolve the collision first: " + auth.Case.Note, Run: "ngapi explain auth"}
	}
	run := r.Check.Remedy.Run
	if r.Check.Each != "" && r.Subject == "" {
		run = "ngapi profile client add NAME" // there is no client yet
	}
	if _, recorded := e.Set.Get("credentials.verdict"); recorded && r.Check.ID == "BETA-CREDENTIALS" {
		run += " --replace" // the new report has the name of the old one
	}
	if r.Subject != "" {
		run = strings.ReplaceAll(run, "NAME", Quote(r.Subject))
	}
	if v := e.Decide("terms").Value; v != "" {
		run = strings.ReplaceAll(run, "PROGRAM", v)
	}
	if v := e.Decide("beta-guidance").Value; v != "" {
		run = strings.ReplaceAll(run, "VERSION", v)
	}
	return Remedy{Do: r.Check.Remedy.Do, Run: run}
}

// AnswerFor returns what to do about open traits: list or confirm routes, answer
// what the guided run asks for, or record what only the gate needs.
func (e *Evaluator) AnswerFor(open []trait.ID) Remedy {
	for _, id := range open {
		switch id {
		case "routes.file":
			return Remedy{Do: "Confirm the doubtful routes with NextGen Healthcare; the list names them and the questions to ask.", Run: "ngapi routes check"}
		case "routes.gsa":
			return Remedy{Do: "Record what the application calls and import it.", Run: "ngapi routes import session.har"}
		}
	}
	asked := map[trait.ID]bool{}
	for i := range e.Edition.Decisions {
		for _, id := range e.Decide(e.Edition.Decisions[i].ID).Ask {
			asked[id] = true
		}
	}
	run := "ngapi profile set"
	for _, id := range open {
		if asked[id] {
			return Remedy{Do: "Answer what is open.", Run: "ngapi onboard"}
		}
		t, _ := trait.Standard().Get(id)
		run += " " + Quote(string(id)+"="+t.Placeholder())
	}
	return Remedy{Do: "Record what is open.", Run: run}
}

// Quote makes a word safe to paste into a POSIX shell.
func Quote(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// CitedBy lists the decisions, checks, programs and documents that rest on a
// fact, in the order of the edition.
func (e *Edition) CitedBy(fact string) []string {
	var out []string
	add := func(id string, sources []string) {
		if slices.Contains(sources, fact) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for _, d := range e.Decisions {
		for _, c := range d.Cases {
			add(d.ID, c.Source)
		}
		for _, c := range d.Criteria {
			add(d.ID, c.Source)
		}
		for _, a := range d.Asides {
			add(d.ID, a.Source)
		}
	}
	for _, c := range e.Checks {
		add(c.ID, c.Source)
	}
	for _, p := range e.Programs {
		add("program "+p.ID, p.Source)
	}
	for _, d := range e.Documents {
		add("document "+d.ID, d.Source)
	}
	return out
}
