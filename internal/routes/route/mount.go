package route

import "strings"

// mount is an address prefix under which NextGen serves one of its APIs.
type mount struct{ prefix, api string }

// mounts are the published bases (hosts left out). Compared without case: the
// R4 server writes its own last segment both as r4 and as R4.
func mounts() []mount {
	return []mount{
		{"/nge/prod/nge-api/api", Enterprise},
		{"/nge/prod/fhir-api-r4/fhir/r4", FHIRR4},
		{"/nge/prod/fhir-api/fhir/dstu2", FHIRDSTU2},
	}
}

// edgeMark is the internal mount that the Enterprise API leaks into its page
// links: .../NextGen.Api.Edge/{version}/api/... What stands before it names
// the site and its database.
const edgeMark = "/nextgen.api.edge/"

// StripMount takes a NextGen mount off a path and tells which API it was, or
// returns the path as it is and "".
func StripMount(path string) (rest, api string) {
	if len(path) < len(edgeMark) {
		return path, ""
	}
	for _, m := range mounts() {
		if len(path) >= len(m.prefix) && strings.EqualFold(path[:len(m.prefix)], m.prefix) {
			if rest, ok := afterMount(path[len(m.prefix):]); ok {
				return rest, m.api
			}
		}
	}
	if i := indexFold(path, edgeMark); i >= 0 {
		after := path[i+len(edgeMark):]
		if _, tail, ok := strings.Cut(after, "/"); ok && len(tail) >= 3 && strings.EqualFold(tail[:3], "api") {
			if rest, ok := afterMount(tail[3:]); ok {
				return rest, Enterprise
			}
		}
	}
	return path, ""
}

// afterMount accepts what may follow a mount: nothing, a query or a segment.
func afterMount(s string) (string, bool) {
	switch {
	case s == "":
		return "/", true
	case s[0] == '/':
		return s, true
	case s[0] == '?':
		return "/" + s, true
	}
	return "", false
}

// indexFold is strings.Index without case for an ASCII needle in lower case.
func indexFold(s, needle string) int {
	for i := 0; i+len(needle) <= len(s); i++ {
		if s[i] == '/' && strings.EqualFold(s[i:i+len(needle)], needle) {
			return i
		}
	}
	return -1
}

// FindAPI tells from a path alone which API it belongs to.
func FindAPI(path string) string {
	_, api := Base(path)
	return api
}

// Base splits a path into what follows the base address of its API and that
// API. Beside NextGen's own mounts it knows a FHIR base by its words (fhir, r4,
// dstu2) where a FHIR type or a FHIR address comes next. FHIR without a version
// means R4; everything that is not FHIR is Enterprise and keeps its path.
func Base(path string) (rest, api string) {
	if rest, api = StripMount(path); api != "" {
		return rest, api
	}
	rest, api = path, FHIRR4
	for range 6 {
		p, _, _ := strings.Cut(rest, "?")
		p = strings.Trim(p, "/")
		first, _, _ := strings.Cut(p, "/")
		switch first = decode(first); {
		case startsFHIR(first):
			return rest, api
		case !isBaseWord(first):
			return path, Enterprise
		case strings.EqualFold(first, FHIRDSTU2), strings.EqualFold(first, "dstu2"):
			api = FHIRDSTU2
		}
		i := strings.Index(rest, first)
		if i < 0 {
			return path, Enterprise
		}
		rest, _ = afterMount(rest[i+len(first):])
	}
	return path, Enterprise
}

// startsFHIR tells whether a segment can only be the first one of a FHIR path.
// An empty one is the base itself: a batch or a system search.
func startsFHIR(segment string) bool {
	switch segment {
	case "", "_search", "_history", "metadata", ".well-known":
		return true
	}
	return segment[0] == '$' || isType(segment)
}

func isBaseWord(segment string) bool {
	switch strings.ToLower(segment) {
	case "fhir", "r4", "dstu2", "fhir-r4", "fhir-dstu2", "fhir-api", "fhir-api-r4", "nge", "prod", "api":
		return true
	}
	return false
}
