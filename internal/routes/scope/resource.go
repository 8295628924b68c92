package scope

import (
	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// resource judges a request to a FHIR server.
func (j *judge) resource(q *request) finding {
	it := interpret(q)
	switch it.shape {
	case shapeWrite:
		return j.write(q, it)
	case shapeBatch:
		f := doubt(UnknownData, NoBasis, Uncertain, "", "a batch or transaction: list the requests inside it as routes of their own")
		f.access = UnknownAccess
		return f
	case shapePoll:
		return j.poll(q)
	case shapeOperation:
		return j.operation(q, it)
	case shapeUnknown:
		return j.unknownShape(q)
	}
	f := worse(j.typed(q, it), j.widened(q, it))
	if it.post || q.method == "HEAD" {
		f = f.note(NoteNotLiteralGet)
		if f.verdict == Limited {
			f = f.asks(AskPostSearch)
		}
	}
	return f
}

func (j *judge) unknownShape(q *request) finding {
	f := doubt(UnknownData, NoBasis, Uncertain, AskOperation, "this is not the address of a FHIR read or search")
	if !q.reads() {
		f.access = UnknownAccess
	}
	return f
}

// write judges create, update, patch and delete, also their conditional forms.
// Certification to (g)(10) covers reads only, so the federal answer is no.
func (j *judge) write(q *request, it interaction) finding {
	f := finding{access: Write, data: UnknownData, basis: ByMethod, verdict: NotLimited, federal: No,
		why: writes(q)}
	if res, ok := j.lookUp(q, it.typ); ok {
		f.data = classOf(res)
	}
	return f
}

// writes says that a method writes. A method that is none is not repeated.
func writes(q *request) string {
	const rest = " writes; only GET routes are within, whatever the data"
	switch q.method { // constants: a long list has one of these for every write
	case "POST":
		return "POST" + rest
	case "PUT":
		return "PUT" + rest
	case "PATCH":
		return "PATCH" + rest
	case "DELETE":
		return "DELETE" + rest
	}
	return "this method" + rest
}

// poll judges the status address of a bulk export, which says nothing but
// where the files are; what is exported is judged where the export starts.
func (j *judge) poll(q *request) finding {
	if !q.reads() {
		return finding{access: NotData, data: NonEHI, basis: ByDiscovery, verdict: Ignored, federal: Yes, why: "cancels an export job; no data is changed"}
	}
	if j.exports {
		return within(Auxiliary, ByCertifiedTest, "status of a bulk export that the list starts")
	}
	return doubt(UnknownData, NoBasis, Uncertain, "", "status of a bulk export; list the route that starts the export")
}

// lookUp finds a type of the version that is asked for in the R4 table.
func (j *judge) lookUp(q *request, name string) (*catalog.Resource, bool) {
	if !q.isType(name) {
		return nil, false
	}
	if q.dstu2() {
		name = r4Name(name)
	}
	return j.fhir.Resource(name)
}

// r4Name is the R4 type that took the place of a DSTU2 type.
func r4Name(dstu2 string) string {
	switch dstu2 {
	case "MedicationOrder":
		return "MedicationRequest"
	case "DiagnosticOrder", "ProcedureRequest", "ReferralRequest":
		return "ServiceRequest"
	case "Conformance":
		return "CapabilityStatement"
	case "BodySite":
		return "BodyStructure"
	case "DeviceUseRequest":
		return "DeviceRequest"
	case "EligibilityRequest":
		return "CoverageEligibilityRequest"
	case "EligibilityResponse":
		return "CoverageEligibilityResponse"
	case "ProcessRequest", "ProcessResponse", "Order", "OrderResponse":
		return "Task"
	case "ImagingObjectSelection":
		return "ImagingStudy"
	case "DeviceComponent":
		return "DeviceDefinition"
	case "DataElement":
		return "OperationDefinition" // definitions, like it, and nothing of a patient
	}
	return dstu2
}

// classOf is the class of data of a type as a whole.
func classOf(res *catalog.Resource) Data {
	switch res.V1 {
	case catalog.In:
		return V1
	case catalog.Supporting:
		return Auxiliary
	case catalog.Conditional:
		return V1Conditional
	}
	switch {
	case res.V3 == catalog.In, res.V3 == catalog.Conditional:
		return V3
	case res.EHI:
		return EHIOther
	}
	return NonEHI
}

// federalOf is the federal answer for a type as a whole under USCDI v3.
func federalOf(res *catalog.Resource) Answer {
	switch res.V3 {
	case catalog.In:
		return Yes
	case catalog.Out:
		return No
	}
	return Uncertain
}

// beyond is a read of a type that is known not to be in USCDI v1.
func beyond(res *catalog.Resource) finding {
	f := finding{access: Read, data: classOf(res), basis: ByFHIRTable, verdict: NotLimited, federal: federalOf(res)}
	switch f.data {
	case V3:
		f.why, f.question = res.Name+" is in USCDI v3, not in v1", AskV3Routes
	case NonEHI:
		f.why = res.Name + " is in neither USCDI v1 nor v3 and is not typically health information of a patient"
	default:
		f.why = res.Name + " is in neither USCDI v1 nor v3"
	}
	return f
}

// typed judges a read or search by its type.
func (j *judge) typed(q *request, it interaction) finding {
	if it.shape == shapeSystem {
		return j.system(q, it)
	}
	if it.shape == shapeCompartment && it.typ == "*" {
		return everything("a whole compartment", it)
	}
	res, ok := j.lookUp(q, it.typ)
	if !ok {
		version := "R4"
		if q.dstu2() {
			version = "DSTU2"
		}
		return doubt(UnknownData, NoBasis, Uncertain, AskOperation, "the path begins with no resource type of FHIR "+version)
	}
	switch {
	case res.V1 == catalog.Out:
		return beyond(res)
	case it.shape == shapeCompartment:
		return doubt(classOf(res), ByFHIRTable, Uncertain, AskOperation, "a compartment search; US Core does not support it, search the type by patient instead")
	case q.dstu2():
		return j.argonaut(q, it, res)
	case res.V1 == catalog.Supporting:
		return j.supporting(it, res)
	case it.shape == shapeSearch:
		return j.search(q, it, res)
	}
	return j.byID(it, res)
}

// everything is a request for all types at once.
func everything(what string, it interaction) finding {
	f := finding{access: Read, data: EHIOther, basis: ByFHIRTable, verdict: NotLimited, federal: Uncertain,
		why: what + " returns types beyond USCDI v1; name the types that are needed with _type, or search them one by one"}
	if it.post {
		f.verdict, f.data, f.basis, f.question = Undetermined, UnknownData, NoBasis, AskOperation
		f.why = what + ": which types it asks for is in the body, which a route list does not show"
		f = f.note(NoteBodyNotSeen)
	}
	return f
}

// system judges a search or a history over all types.
func (j *judge) system(q *request, it interaction) finding {
	types := q.values("_type")
	if len(types) == 0 {
		return everything("a request over all types", it)
	}
	f := j.listed(q, types)
	if f.verdict == Limited {
		f = doubt(f.data, ByFHIRTable, f.federal, AskOperation, "a search over several types is no part of US Core; search each type")
	}
	return f
}

// listed judges the types of a _type parameter.
func (j *judge) listed(q *request, types []string) finding {
	f := within(V1, ByFHIRTable, "the listed types are in USCDI v1")
	for _, name := range types {
		f = worse(f, j.adds(q, name))
	}
	return f
}
