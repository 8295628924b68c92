package scope

import (
	"strings"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// operation judges GET or POST of a $operation. A GET is allowed only for an
// operation that changes nothing; a POST says nothing by itself.
func (j *judge) operation(q *request, it interaction) finding {
	op, _ := j.fhir.Operation(it.operation)
	f := j.effect(q, it, op)
	switch access := op.Access; {
	case access == "write":
		f = finding{access: Write, data: f.data, basis: ByFHIRTable, verdict: NotLimited, federal: No,
			why: "the operation $" + op.Name + " changes data on the server"}
	case access == "read-or-write" && it.post && f.verdict != NotLimited, access == "unknown" && it.post:
		f.access = UnknownAccess
	case access == "read-or-write" && persists(q):
		f = finding{access: Write, data: f.data, basis: ByFHIRTable, verdict: NotLimited, federal: No,
			why: "the operation $" + op.Name + " stores what it makes"}
	}
	if f.access == Read && (it.post || q.method == "HEAD") {
		f = f.note(NoteNotLiteralGet)
		if f.verdict == Limited {
			f = f.asks(AskPostSearch)
		}
	}
	return f
}

func persists(q *request) bool {
	for _, p := range q.params {
		if p.key == "persist" && p.value != "false" {
			return true
		}
	}
	return false
}

// effect judges what an operation returns.
func (j *judge) effect(q *request, it interaction, op catalog.Operation) finding {
	res, known := j.lookUp(q, it.typ)
	switch {
	case op.Name == "export":
		return j.export(q, it)
	case op.Name == "everything":
		return j.everythingOf(q, it)
	case op.Name == "docref" && it.typ == "DocumentReference":
		return j.unfiltered(ByUSCoreShall, "$docref finds documents of a patient (demanded by US Core, not tested)", Uncertain)
	case (op.Name == "lastn" || op.Name == "stats") && it.typ == "Observation":
		return j.conditional(q, res, "")
	case strings.HasPrefix(op.Effect, "none"):
		return finding{access: NotData, data: NonEHI, basis: ByFHIRTable, verdict: Ignored, federal: Yes,
			why: "the operation $" + op.Name + " returns terminology or metadata, no data of a patient"}
	case known && res.V1 == catalog.Out:
		return beyond(res)
	}
	f := doubt(UnknownData, NoBasis, Uncertain, AskOperation, "an operation that no published table settles")
	if op.Name != "*" {
		f.basis, f.why = ByFHIRTable, "the operation $"+op.Name+" is no part of what certification covers"
	}
	for name := range strings.FieldsFuncSeq(op.Effect, func(r rune) bool { return !isCodeRune(r) }) {
		if _, ok := j.fhir.Resource(name); ok && name != "Bundle" {
			f = worse(f, j.adds(q, name))
		}
	}
	return f
}

// export judges the start of a bulk export. Certification covers the export of
// a group; _type says which types it returns.
func (j *judge) export(q *request, it interaction) finding {
	types := q.values("_type")
	if len(types) == 0 {
		return doubt(V1Conditional, ByCertifiedTest, Uncertain, AskUnfiltered,
			"a bulk export without _type can hold types beyond USCDI v1; list the types with _type")
	}
	f, partly := within(V1, ByCertifiedTest, "a bulk export of a group, of types in USCDI v1"), false
	for _, name := range types {
		if res, ok := j.lookUp(q, name); ok && res.V1 == catalog.Conditional && certifiedBulk(name) {
			partly = true
			continue
		}
		f = worse(f, j.adds(q, name))
	}
	switch {
	case f.verdict != Limited:
		return f
	case it.typ != "Group" || !it.instance:
		return doubt(V1, ByFHIRTable, Uncertain, AskOperation, "certification covers the export of a group, Group/{id}/$export, and no other")
	case partly:
		return j.unfiltered(ByCertifiedTest, "a bulk export of a group", Yes)
	}
	return f
}

// certifiedBulk names the types of which USCDI v1 has a part and that the
// certified export returns whole.
func certifiedBulk(name string) bool {
	switch name {
	case "Observation", "DiagnosticReport", "DocumentReference", "Device", "CarePlan":
		return true
	}
	return false
}

// everythingOf judges $everything, which returns a whole compartment unless
// _type narrows it down.
func (j *judge) everythingOf(q *request, it interaction) finding {
	types := q.values("_type")
	if len(types) == 0 {
		return everything("$everything", it)
	}
	return j.listed(q, types)
}
