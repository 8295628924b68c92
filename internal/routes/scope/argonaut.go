package scope

import (
	"slices"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// argonaut judges reads and searches of DSTU2 types by Argonaut Data Query
// 1.0.0, which is what certified DSTU2 servers offer. Whether DSTU2 is within
// the federal floor of USCDI v3 is open: the floor's standard is R4.
func (j *judge) argonaut(q *request, it interaction, res *catalog.Resource) finding {
	f := j.argonautRead(q, it, res)
	if f.verdict != Ignored {
		f.federal = Uncertain
	}
	return f
}

func (j *judge) argonautRead(q *request, it interaction, res *catalog.Resource) finding {
	const mandatory = "a request that Argonaut Data Query makes mandatory for DSTU2"
	switch res.Name {
	case "Provenance", "Group", "RelatedPerson", "Encounter":
		return doubt(classOf(res), ByFHIRTable, Uncertain, AskOperation, res.Name+" is no part of Argonaut Data Query for DSTU2")
	case "CarePlan", "Observation", "DiagnosticReport":
		if it.shape == shapeSearch {
			return j.argonautFiltered(q, res)
		}
		return j.unfiltered(ByArgonaut, "a read of "+res.Name+" by id, whose category the address does not show", Uncertain)
	case "Device", "DocumentReference":
		if it.shape == shapeSearch && !slices.Contains(q.plain(), "patient") {
			return doubt(V1Conditional, ByFHIRTable, Uncertain, AskUnfiltered, "a search of "+res.Name+" by other parameters than patient").note(NoteUnfiltered)
		}
		return j.unfiltered(ByArgonaut, mandatory, Uncertain)
	}
	if res.V1 == catalog.Supporting {
		return j.supporting(it, res)
	}
	if it.shape == shapeSearch && res.Name != "Patient" && !slices.Contains(q.plain(), "patient") {
		return j.notMandatory(res)
	}
	f := within(V1, ByArgonaut, mandatory)
	if it.shape == shapeHistory {
		return j.notMandatory(res)
	}
	return f
}

// argonautFiltered judges the searches that Argonaut narrows by category.
func (j *judge) argonautFiltered(q *request, res *catalog.Resource) finding {
	f := j.conditional(q, res, "")
	if f.verdict == Limited && slices.Contains(q.plain(), "patient") {
		return within(V1, ByArgonaut, "a search of "+res.Name+" by a category or code of Argonaut Data Query")
	}
	return f
}

func (q *request) plain() []string {
	names, _ := q.names()
	return names
}
