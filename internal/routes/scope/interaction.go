package scope

import "strings"

// shape is the form of a FHIR address.
type shape int

const (
	shapeUnknown shape = iota
	shapeBatch         // POST to the base
	shapeSystem        // search or history over all types
	shapeSearch
	shapeRead
	shapeVersion // vread, history of an instance
	shapeHistory // history of a type
	shapeCompartment
	shapeOperation
	shapePoll // status of a bulk export
	shapeWrite
)

// interaction is a FHIR request with a name.
type interaction struct {
	shape     shape
	typ       string // resource type, "" for the system level
	operation string // without $
	instance  bool   // an id stands between type and operation
	post      bool   // a POST that reads: _search, an operation
}

// interpret finds the interaction of a FHIR request from method and shape
// (FHIR R4, http.html; the forms are the same in DSTU2).
func interpret(q *request) interaction {
	s := q.segments
	it := interaction{post: q.method == "POST"}
	if isPoll(q) {
		it.shape = shapePoll
		return it
	}
	for i, segment := range s {
		if len(segment) > 1 && segment[0] == '$' && i <= 2 {
			return it.named(q, s[:i], segment[1:], len(s) == i+1)
		}
	}
	if len(s) > 0 && q.isType(s[0]) {
		it.typ = s[0]
	}
	if !q.reads() {
		switch {
		case it.post && len(s) > 0 && s[len(s)-1] == "_search":
			it.shape = searchShape(s[:len(s)-1], &it)
		case it.post && len(s) == 0:
			it.shape = shapeBatch
		default:
			it.shape = shapeWrite
		}
		return it
	}
	it.shape = readShape(q, &it)
	return it
}

// named is the interaction of an operation on the base, a type or an instance.
func (it interaction) named(q *request, before []string, name string, last bool) interaction {
	if !last || q.method != "GET" && q.method != "HEAD" && q.method != "POST" {
		it.shape = shapeUnknown
		if !q.reads() && !it.post {
			it.shape = shapeWrite
		}
		return it
	}
	it.shape, it.operation, it.instance = shapeOperation, name, len(before) == 2
	if len(before) > 0 {
		it.typ = before[0]
	}
	return it
}

func searchShape(before []string, it *interaction) shape {
	switch len(before) {
	case 0:
		return shapeSystem
	case 1:
		it.typ = before[0]
		return shapeSearch
	case 3:
		it.typ = before[2]
		return shapeCompartment
	}
	return shapeUnknown
}

func readShape(q *request, it *interaction) shape {
	s := q.segments
	n := len(s)
	switch {
	case n == 0 && len(q.params) > 0, n == 1 && (s[0] == "_history" || s[0] == "_search"):
		return shapeSystem
	case n == 0:
		return shapeUnknown
	case n == 1, n == 2 && s[1] == "_search":
		it.typ = s[0]
		return shapeSearch
	case n == 2 && s[1] == "_history":
		return shapeHistory
	case n == 2:
		return shapeRead
	case (n == 3 || n == 4) && s[2] == "_history":
		return shapeVersion
	case n == 3 && (s[2] == "*" || q.isType(s[2])):
		it.typ = s[2]
		return shapeCompartment
	}
	return shapeUnknown
}

// isPoll finds the address at which servers tell how far a bulk export is. Its
// form is the server's own; these are the usual ones. DELETE cancels the job.
func isPoll(q *request) bool {
	if len(q.segments) == 0 || q.method == "PUT" || q.method == "PATCH" || q.method == "POST" {
		return false
	}
	switch strings.ToLower(strings.TrimPrefix(q.segments[0], "$")) {
	case "export-poll-status", "bulkstatus", "bulk-status", "export-status", "bulkdata":
		return true
	}
	return false
}
