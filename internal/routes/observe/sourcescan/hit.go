package sourcescan

import (
	"strings"
	"sync"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// listedPath returns a path of which every word is one of the catalogue or of
// the FHIR grammar, so that no value of the code can be printed. ok is false
// for a path that has another word.
func listedPath(method, p string) (listed string, ok bool) {
	if method == "" {
		method = "GET"
	}
	segments := strings.Split(strings.Trim(p, "/"), "/")
	if r4, dstu2 := route.FHIRType(segments[0]); r4 || dstu2 {
		return fhirPath(segments)
	}
	if e, kind := catalog.Enterprise().Match(method, p); kind != catalog.NoMatch {
		return e.Path, true
	}
	for i, s := range segments {
		switch {
		case strings.HasPrefix(s, "{"):
			segments[i] = "{id}"
		case !pathWords()[strings.ToLower(s)]:
			return "", false
		}
	}
	return "/" + strings.Join(segments, "/"), true
}

// fhirPath applies the grammar T, T/{id}, T/{id}/_history/{id}, T/{id}/T, with
// operations wherever they may stand.
func fhirPath(segments []string) (string, bool) {
	afterType := 0
	for i, s := range segments[1:] {
		i++
		afterType++
		r4, dstu2 := route.FHIRType(s)
		switch {
		case s == "_search" || s == "_history":
		case strings.HasPrefix(s, "$"):
			if _, known := catalog.FHIR().Operation(s[1:]); !known {
				return "", false
			}
		case afterType == 1 || afterType == 3 && segments[i-1] == "_history":
			segments[i] = "{id}"
		case r4 || dstu2:
			afterType = 0
		default:
			return "", false
		}
	}
	return "/" + strings.Join(segments, "/"), true
}

var pathWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for _, e := range catalog.Enterprise().All() {
		for s := range strings.SplitSeq(e.Path[1:], "/") {
			if !strings.HasPrefix(s, "{") {
				words[strings.ToLower(s)] = true
			}
		}
	}
	return words
})
