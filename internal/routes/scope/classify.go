package scope

import "github.com/apionboard/ngapi/internal/routes/route"

// Kind is what a route asks of its server, by method and address alone.
type Kind string

// The kinds. All but the first three are FHIR interactions.
const (
	KindUnknown     Kind = "unknown"     // a FHIR address of no known form
	KindNotData     Kind = "not-data"    // discovery and sign-in
	KindProprietary Kind = "proprietary" // an Enterprise route
	KindRead        Kind = "read"
	KindVersion     Kind = "vread" // also the history of one instance
	KindHistory     Kind = "history"
	KindSearch      Kind = "search"
	KindCompartment Kind = "compartment-search"
	KindSystem      Kind = "system-search" // search or history over all types
	KindCreate      Kind = "create"
	KindUpdate      Kind = "update"
	KindPatch       Kind = "patch"
	KindDelete      Kind = "delete"
	KindBatch       Kind = "batch"
	KindOperation   Kind = "operation"
	KindPoll        Kind = "export-status"
)

// Param is one decoded query parameter of a route, with its modifiers.
type Param struct{ Key, Value string }

// Call is a route taken apart.
type Call struct {
	API       string // enterprise, fhir-r4, fhir-dstu2
	Kind      Kind
	Type      string // FHIR type; "" for none or for all, "*" for a whole compartment
	Operation string // without $, only with KindOperation
	Params    []Param
}

// Classify takes a route apart without judging it. What Judge takes for FHIR,
// for Enterprise and for sign-in, Classify does too.
func Classify(r *route.Route) Call {
	q := parse(r)
	c := Call{API: q.api, Kind: KindUnknown}
	for _, p := range q.params {
		c.Params = append(c.Params, Param{p.key, p.value})
	}
	switch {
	case notData(&q):
		c.Kind = KindNotData
		return c
	case q.api == route.Enterprise && !namesFHIRType(&q):
		c.Kind = KindProprietary
		return c
	}
	it := interpret(&q)
	c.Type, c.Operation, c.Kind = it.typ, it.operation, kindOf(&q, it)
	if c.Type != "*" && !q.isType(c.Type) {
		c.Type = ""
	}
	return c
}

func kindOf(q *request, it interaction) Kind {
	kind := KindUnknown
	switch it.shape {
	case shapeBatch:
		return KindBatch
	case shapeSystem:
		return KindSystem
	case shapeOperation:
		return KindOperation
	case shapePoll:
		return KindPoll
	case shapeSearch:
		kind = KindSearch
	case shapeRead:
		kind = KindRead
	case shapeVersion:
		kind = KindVersion
	case shapeHistory:
		kind = KindHistory
	case shapeCompartment:
		kind = KindCompartment
	case shapeWrite:
		kind = writeKind(q)
	}
	if !q.isType(it.typ) && (it.typ != "*" || kind != KindCompartment) {
		return KindUnknown
	}
	return kind
}

// writeKind names a write by method: a create has no id; a conditional update,
// patch or delete has none either.
func writeKind(q *request) Kind {
	n := len(q.segments)
	switch {
	case q.method == "POST" && n == 1:
		return KindCreate
	case n > 2:
		return KindUnknown
	case q.method == "PUT":
		return KindUpdate
	case q.method == "PATCH":
		return KindPatch
	case q.method == "DELETE":
		return KindDelete
	}
	return KindUnknown
}
