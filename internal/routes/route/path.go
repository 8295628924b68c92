package route

import (
	"strconv"
	"strings"
)

// flaw is one thing that is wrong with a cell: what, and what to do. Neither
// repeats a value.
type flaw struct{ what, do string }

const (
	maxPath     = 2048 // bytes
	useTemplate = "write a template parameter such as {personId}"
	pathOnly    = "write only the path, from the first slash after the API base"
)

// pathFlaws checks a tidied path without mount. The grammar of FHIR paths is
// held against every path: what follows a type is an id, whatever it looks
// like, and no Enterprise path has a segment that is spelled like a FHIR type.
func pathFlaws(path string) []flaw {
	if f, bad := rawFlaw(path); bad {
		return []flaw{f}
	}
	var flaws []flaw
	p, query, hasQuery := strings.Cut(path, "?")
	p = strings.TrimSuffix(p[1:], "/")
	afterType := 0 // segments since a FHIR type; 0 before one
	number := 0
	for segment := range strings.SplitSeq(p, "/") {
		number++
		if segment == "" && p == "" {
			break
		}
		text, f, bad := segmentText(segment)
		if !bad {
			f, bad = fhirFlaw(text, afterType)
			afterType = nextFHIR(text, afterType)
		}
		if bad {
			f.what = "column path: segment " + strconv.Itoa(number) + " " + f.what
			flaws = append(flaws, f)
		}
	}
	if hasQuery {
		flaws = append(flaws, queryFlaws(query)...)
	}
	return flaws
}

// rawFlaw finds what makes a text no path at all.
func rawFlaw(path string) (flaw, bool) {
	switch {
	case path == "":
		return flaw{"column path is empty", "write the path template, for example /persons/{personId}/chart"}, true
	case len(path) > maxPath:
		return flaw{"column path is longer than " + strconv.Itoa(maxPath) + " bytes", useTemplate}, true
	case strings.Contains(path, "://"), strings.HasPrefix(path, "//"):
		if i := strings.Index(path, "://"); i < 0 || !strings.ContainsAny(path[:i], "/?") {
			return flaw{"column path is an absolute address", pathOnly}, true
		}
	}
	if path[0] != '/' {
		return flaw{"column path does not begin with a slash", pathOnly}, true
	}
	for i := range len(path) {
		switch c := path[i]; {
		case c < 0x20 || c == 0x7f:
			return flaw{"column path has a control character at byte " + strconv.Itoa(i+1), "remove it"}, true
		case c >= 0x80:
			return flaw{"column path has a character outside ASCII at byte " + strconv.Itoa(i+1), useTemplate}, true
		case c == '\\':
			return flaw{"column path has a backslash at byte " + strconv.Itoa(i+1), "write / between segments"}, true
		case c == '#':
			return flaw{"column path has a fragment, which is never sent", "leave out # and what follows it"}, true
		}
	}
	return flaw{}, false
}

// segmentText decodes one segment and finds what is wrong with it in any API.
func segmentText(segment string) (text string, f flaw, bad bool) {
	text, ok := fullyDecoded(segment)
	if !ok {
		return text, flaw{"has a percent-encoding that is not valid", useTemplate}, true
	}
	literal, ok := split(text)
	switch {
	case text == "":
		return text, flaw{"is empty", "write one slash between segments"}, true
	case text == "." || text == "..":
		return text, flaw{"is a dot segment", "write the path that is called"}, true
	case !ok:
		return text, flaw{"has braces that hold no parameter name", useTemplate}, true
	case unprintable(literal):
		return text, flaw{"has a character that no path template has", useTemplate}, true
	case concrete(literal):
		return text, flaw{"looks like a concrete id", useTemplate}, true
	}
	return text, flaw{}, false
}

// unprintable finds what percent-encoding hid: control characters and
// everything outside ASCII.
func unprintable(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return true
		}
	}
	return false
}

// nextFHIR counts the segments since the last FHIR type.
func nextFHIR(segment string, afterType int) int {
	switch {
	case afterType != 1 && isType(segment):
		return 1
	case afterType == 0:
		return 0
	}
	return afterType + 1
}

// fhirFlaw applies the grammar of FHIR paths: T, T/{id}, T/{id}/_history/{id},
// T/{id}/T, and _search, _history and $operation wherever they may stand.
func fhirFlaw(segment string, afterType int) (flaw, bool) {
	if afterType == 0 || segment[0] == '{' && segment[len(segment)-1] == '}' {
		return flaw{}, false
	}
	if segment[0] == '$' || segment == "_history" || segment == "_search" || segment == "*" || isType(segment) {
		return flaw{}, false
	}
	if afterType == 1 || afterType == 3 {
		return flaw{"looks like a concrete id (it stands where FHIR has the id)", "write a template parameter such as {id}"}, true
	}
	return flaw{}, false
}
