package scope

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// search judges a search of an R4 type that carries USCDI v1 data.
func (j *judge) search(q *request, it interaction, res *catalog.Resource) finding {
	switch res.Name {
	case "Group", "MedicationStatement", "RelatedPerson":
		return j.unsettled(res)
	case "Provenance":
		return doubt(V1, ByFHIRTable, Yes, AskProvenance,
			"Provenance is mandatory as a read and as _revinclude=Provenance:target; a search of its own is not")
	case "Condition":
		if all(q.values("category"), func(v string) bool { return code(v) == "encounter-diagnosis" }) {
			return doubt(V3, ByFHIRTable, Yes, AskUnfiltered, "encounter diagnoses are an element of a later edition than USCDI v1")
		}
	}
	match := mandatory(q, res.Name)
	if res.Name == "Condition" && len(q.values("category")) == 0 && match != "" {
		return j.unfiltered(match, "a search of Condition by parameters that US Core makes mandatory", Yes) // also returns encounter diagnoses
	}
	if res.V1 == catalog.Conditional {
		return j.conditional(q, res, match)
	}
	switch {
	case match != "":
		return within(V1, match, "a search of "+res.Name+" by parameters that US Core makes mandatory")
	case it.post && len(q.params) == 0:
		return within(V1, ByFHIRTable, "all of "+res.Name+" is in USCDI v1").note(NoteBodyNotSeen)
	}
	return j.notMandatory(res)
}

// conditional judges a search of a type of which only a part is in USCDI v1.
func (j *judge) conditional(q *request, res *catalog.Resource, match Basis) finding {
	switch c := confine(q, res.Name, q.dstu2()); {
	case c == confined && match != "":
		return within(V1, match, "a search of "+res.Name+", narrowed to USCDI v1, by parameters that US Core makes mandatory")
	case c == confined:
		return within(V1, ByFHIRTable, "a search of "+res.Name+", narrowed to USCDI v1").note(NoteNotMandatory)
	case c == confinedV3:
		return finding{access: Read, data: V3, basis: ByFHIRTable, verdict: NotLimited, federal: Yes, question: AskV3Routes,
			why: "a search of " + res.Name + " by categories that are in USCDI v3, not in v1"}
	case c == confinedOut:
		return finding{access: Read, data: EHIOther, basis: ByFHIRTable, verdict: NotLimited, federal: Uncertain,
			why: "a search of " + res.Name + " by categories that are in neither USCDI v1 nor v3"}
	case match != "" && res.Name != "Observation" && res.Name != "CarePlan":
		return j.unfiltered(match, "a search of "+res.Name+" by parameters that US Core makes mandatory", Yes)
	}
	return doubt(V1Conditional, ByFHIRTable, Uncertain, AskUnfiltered, "a search of "+res.Name+
		" without a category or code that narrows it to USCDI v1").note(NoteUnfiltered)
}

// combinations returns the sets of parameters that US Core 3.1.1 makes
// mandatory for the searches of a type.
func combinations(typ string) []string {
	switch typ {
	case "Patient":
		return []string{"_id", "identifier", "name", "birthdate name", "gender name", "birthdate family", "family gender"}
	case "CarePlan", "Observation":
		if typ == "Observation" {
			return []string{"patient category", "patient code"}
		}
		return []string{"patient category"}
	case "CareTeam":
		return []string{"patient status"}
	case "DocumentReference":
		return []string{"patient", "_id"}
	case "MedicationRequest":
		return []string{"patient intent"}
	case "AllergyIntolerance", "Condition", "Device", "DiagnosticReport", "Goal", "Immunization", "Procedure":
		return []string{"patient"}
	}
	return nil
}

// mandatory tells whether a search has the parameters of a mandatory search:
// us-core-shall for one of the combinations that US Core demands, us-core-should
// for a narrower search, "" for another one.
func mandatory(q *request, typ string) Basis {
	names, count := q.names()
	for _, set := range combinations(typ) {
		need := strings.Fields(set)
		if slices.ContainsFunc(need, func(n string) bool { return !slices.Contains(names, n) }) {
			continue
		}
		if count == len(need) && set != "birthdate family" && set != "family gender" || demanded(typ, names, count) {
			return ByUSCoreShall
		}
		return ByUSCoreShould
	}
	return ""
}

// demanded names the wider combinations that US Core demands beside those of
// combinations.
func demanded(typ string, names []string, count int) bool {
	if len(names) != count {
		return false
	}
	slices.Sort(names)
	switch key := strings.Join(names, " "); typ {
	case "Observation":
		return key == "category date patient"
	case "DiagnosticReport":
		return key == "category patient" || key == "code patient" || key == "category date patient"
	case "DocumentReference":
		return key == "category patient" || key == "patient type" || key == "category date patient"
	case "MedicationRequest":
		return key == "intent patient status"
	case "Procedure":
		return key == "date patient"
	case "Patient":
		return key == "birthdate name" || key == "gender name"
	}
	return false
}

// all tells whether there is a value and every one satisfies ok.
func all(values []string, ok func(string) bool) bool {
	return len(values) > 0 && !slices.ContainsFunc(values, func(v string) bool { return !ok(v) })
}

// code is the code of a token value, without its system.
func code(token string) string {
	return token[strings.LastIndexByte(token, '|')+1:]
}
