package plan

import (
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Program is a developer program with this developer's eligibility.
type Program struct {
	rulebook.Program
	Eligible string            `json:"eligible"` // yes, no or unknown
	Chosen   bool              `json:"chosen"`   // the program decision names it
	Because  []rulebook.Reason `json:"because"`
	Cites    []rulebook.Source `json:"cites"`
}

// Programs lists the programs side by side.
func Programs(ev *rulebook.Evaluator) []Program {
	out := make([]Program, 0, len(ev.Edition.Programs))
	for _, p := range ev.Edition.Programs {
		tree := ev.Eval(p.Eligible)
		out = append(out, Program{
			Program: p, Eligible: tree.Truth.String(), Chosen: ev.Decide("program").Value == p.ID,
			Because: ev.Because(tree), Cites: ev.Edition.Cite(p.Source),
		})
	}
	return out
}

// Document is a vendor document with what it means for this application.
type Document struct {
	rulebook.Document
	Needed  string            `json:"needed"` // yes, no or unknown
	Because []rulebook.Reason `json:"because"`
	Ask     []trait.ID        `json:"ask"`
}

// Documents lists the vendor's documents by name.
func Documents(ev *rulebook.Evaluator) []Document {
	out := make([]Document, 0, len(ev.Edition.Documents))
	for _, d := range ev.Edition.Documents {
		tree := ev.Eval(d.When)
		out = append(out, Document{Document: d, Needed: tree.Truth.String(), Because: ev.Because(tree), Ask: ids(ev.Ask(tree))})
	}
	return out
}
