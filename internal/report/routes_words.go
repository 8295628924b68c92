package report

import "github.com/apionboard/ngapi/internal/routes/scope"

// basisWords says what a verdict rests on.
func basisWords(b scope.Basis) string {
	switch b {
	case scope.ByVendorList:
		return "the vendor's own list names the route"
	case scope.ByMethod:
		return "the HTTP method alone decides"
	case scope.ByDeclaration:
		return "your own statement in the route list"
	case scope.ByDiscovery:
		return "metadata, well-known addresses and sign-in are no data"
	case scope.ByUSCoreShall:
		return "mandatory in US Core 3.1.1"
	case scope.ByUSCoreShould:
		return "a narrower form of what is mandatory, recommended in US Core 3.1.1"
	case scope.ByArgonaut:
		return "Argonaut Data Query 1.0.0 (DSTU2)"
	case scope.ByCertifiedTest:
		return "tested by certification to 170.315(g)(10)"
	case scope.ByFHIRTable:
		return "the tables of FHIR types, operations and include targets"
	case scope.ByInference:
		return "words of the path or a third party's catalogue: a hint, not a fact"
	}
	return "nothing is known"
}

// noteWords says what a note on a verdict means.
func noteWords(n string) string {
	switch n {
	case scope.NoteNotLiteralGet:
		return "it reads, but it is no GET"
	case scope.NoteUnfiltered:
		return "it can return more than USCDI v1; a category or code would narrow it"
	case scope.NoteNotMandatory:
		return "none of the searches that US Core makes mandatory"
	case scope.NoteIncludeByDesign:
		return "an include that US Core's own profiles lead to"
	case scope.NoteSupporting:
		return "adds referenced types, such as Practitioner"
	case scope.NoteDeclaredWithin:
		return "the list declares USCDI v1, which does not settle it"
	case scope.NoteDeclaredRead:
		return "the list declares read; the method says otherwise"
	case scope.NoteDeclaredDiffers:
		return "the list declares more than the path shows"
	case scope.NoteNotInCatalogue:
		return "nobody has published this Enterprise route"
	case scope.NoteMethodUnknown:
		return "published, but not with this method"
	case scope.NoteBodyNotSeen:
		return "the parameters are in a body, which a route list does not show"
	case scope.NoteNotServed:
		return "the imported CapabilityStatement does not name this type"
	}
	return n
}

func dataWords(d scope.Data) string {
	switch d {
	case scope.V1:
		return "v1: USCDI v1"
	case scope.Auxiliary:
		return "auxiliary: no element of its own, referenced by data that has"
	case scope.V1Conditional:
		return "v1-conditional: USCDI v1 for some instances, and no filter says which"
	case scope.V3:
		return "v3: in USCDI v3, not in v1"
	case scope.EHIOther:
		return "ehi-other: health information in neither edition"
	case scope.NonEHI:
		return "non-ehi: no health information"
	}
	return "unknown"
}
