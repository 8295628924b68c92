package scope

import "github.com/apionboard/ngapi/internal/routes/catalog"

// supporting judges a type that carries no element of its own. Certification
// tests these by id only; their searches are the doubt.
func (j *judge) supporting(it interaction, res *catalog.Resource) finding {
	switch {
	case res.Name == "Bundle":
		return doubt(UnknownData, NoBasis, Uncertain, AskOperation, "a Bundle can hold any type")
	case res.V1Class == "(technical)":
		return finding{access: NotData, data: NonEHI, basis: ByDiscovery, verdict: Ignored, federal: Yes,
			why: res.Name + " describes the server or a code and carries no data of a patient"}
	case res.Name == "Binary":
		return j.binary(it)
	case res.Name == "Endpoint":
		return within(Auxiliary, ByFHIRTable, "Endpoint is a directory of addresses and carries no data of a patient")
	case it.shape == shapeRead:
		return within(Auxiliary, ByCertifiedTest, res.Name+" read by id supports the USCDI v1 types that refer to it")
	}
	f := doubt(Auxiliary, ByFHIRTable, Uncertain, AskSupportingSearch,
		res.Name+" is within when it is read by id; other ways to get it are outside what certification to USCDI v1 tests")
	if res.V3 == catalog.In {
		f.federal = Yes // Encounter: a class of its own in USCDI v3
	}
	return f
}

// binary judges the body of a note. By itself it says nothing about what it
// holds; beside a route to the documents that point to it, it is their text.
func (j *judge) binary(it interaction) finding {
	if it.shape == shapeRead && j.notes {
		return within(Auxiliary, ByFHIRTable, "Binary holds the text of the DocumentReference or DiagnosticReport that the list reads")
	}
	return doubt(Auxiliary, NoBasis, Uncertain, AskUncertainTypes,
		"Binary can hold anything; it is within as the text of a DocumentReference or DiagnosticReport that the list reads")
}

// byID judges reads by id and histories of types that carry USCDI v1 data.
func (j *judge) byID(it interaction, res *catalog.Resource) finding {
	switch res.Name {
	case "Group", "MedicationStatement", "RelatedPerson":
		return j.unsettled(res)
	}
	basis, why := ByUSCoreShall, "a read of "+res.Name+" by id is mandatory in US Core"
	if it.shape != shapeRead {
		basis, why = ByUSCoreShould, "earlier versions of "+res.Name+", which is in USCDI v1"
	}
	switch {
	case it.shape == shapeHistory && res.V1 == catalog.Conditional:
		return doubt(V1Conditional, ByFHIRTable, Uncertain, AskUnfiltered, "a history of all of "+res.Name+" can hold more than USCDI v1")
	case it.shape == shapeHistory:
		return j.notMandatory(res)
	case res.V1 == catalog.Conditional:
		return j.unfiltered(basis, "a read of "+res.Name+" by id, whose category the address does not show", Yes)
	}
	return within(V1, basis, why)
}

// unsettled judges the conditional types that no filter settles.
func (j *judge) unsettled(res *catalog.Resource) finding {
	switch res.Name {
	case "MedicationStatement":
		return doubt(V1Conditional, ByFHIRTable, Uncertain, AskUncertainTypes,
			"R4 MedicationStatement carries medications, but US Core asks for MedicationRequest")
	case "RelatedPerson":
		return doubt(V1Conditional, ByFHIRTable, Yes, AskV3Routes,
			"RelatedPerson is in USCDI v1 only as a member of a care team; its own elements come with v3")
	}
	return doubt(V1Conditional, ByFHIRTable, Uncertain, AskOperation,
		res.Name+" is within only as the cohort of a bulk export, Group/{id}/$export")
}

// unfiltered is a read that certification makes mandatory and that can return
// more than USCDI v1: within, unless the judge is strict.
func (j *judge) unfiltered(basis Basis, what string, federal Answer) finding {
	if j.Strict {
		return doubt(V1Conditional, basis, federal, AskUnfiltered, what+"; it can return more than USCDI v1").note(NoteUnfiltered)
	}
	f := within(V1Conditional, basis, what+"; mandatory for certification, although it can return more than USCDI v1")
	f.federal = federal
	return f.note(NoteUnfiltered)
}

// notMandatory is a search of a type that is in USCDI v1 as a whole, by other
// parameters than those that US Core makes mandatory.
func (j *judge) notMandatory(res *catalog.Resource) finding {
	if j.Strict {
		return doubt(V1, ByFHIRTable, Yes, AskUnfiltered, "all of "+res.Name+" is in USCDI v1, but this is none of the searches of US Core").note(NoteNotMandatory)
	}
	return within(V1, ByFHIRTable, "all of "+res.Name+" is in USCDI v1; this is none of the mandatory searches of US Core").note(NoteNotMandatory)
}
