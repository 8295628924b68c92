package catalog

import (
	"slices"
	"strings"
	"unicode"
)

// usualTab finds the usual tab of a name. The case of letters, spaces and
// punctuation do not matter; any other sign does, since it may deny the words.
func usualTab(name string) (usual string, ok bool) {
	for _, usual := range []string{TabGSA, TabEnterprise, TabPatient} {
		if isPlain(name) && letters(name) == letters(usual) {
			return usual, true
		}
	}
	return "", false
}

// isV1Tab tells whether the name of a tab says that its routes are those of
// USCDI v1: "USCDI v1", with words around it that change nothing. One word more,
// such as "non" or "deprecated", may turn the meaning round.
func isV1Tab(name string) bool {
	if !isPlain(name) {
		return false
	}
	before, after, ok := strings.Cut(strings.ReplaceAll(letters(name), "version", "v"), "uscdiv1")
	trim := func(s string, words []string, cut func(s, word string) (string, bool)) string {
		for i := 0; i < len(words); i++ {
			if rest, found := cut(s, words[i]); found {
				s, i = rest, -1
			}
		}
		return s
	}
	kind := []string{"apis", "api", "routes", "route", "endpoints", "data", "list", "get"}
	return ok && trim(after, kind, strings.CutPrefix) == "" &&
		trim(before, append(kind, "nextgen", "enterprise", "of", "for"), strings.CutSuffix) == ""
}

// isPlain tells whether a name has nothing but ASCII letters, digits, spaces and
// the punctuation that stands between words.
func isPlain(name string) bool {
	return !strings.ContainsFunc(name, func(c rune) bool {
		return letters(string(c)) == "" && !unicode.IsSpace(c) && !strings.ContainsRune("-_,.:()", c)
	})
}

// denies tells whether words turn round what stands below them: "Routes NOT
// available for GSA".
func denies(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) })
	return slices.ContainsFunc(words, func(word string) bool {
		switch word {
		case "not", "no", "neither", "nor", "never", "cannot", "t", "without", "closed", "blocked", "removed", "disabled", "retired",
			"beyond", "outside", "denied", "denies", "dont", "isnt", "arent", "cant":
			return true
		}
		for _, start := range []string{"non", "notavail", "notin", "notsupp", "unav", "unsup", "unreach", "unauth", "exclu", "except",
			"deprecat", "obsolet", "forbid", "restrict", "disallow", "prohibit"} {
			if strings.HasPrefix(word, start) {
				return true
			}
		}
		return false
	})
}

// plainWords are the words of which a header may be made that asks plainly
// whether a route is one of GSA, or of USCDI v1. A further word, such as
// "planned" or "partly", may change what a yes means.
func plainWords() []string {
	return []string{"gsa", "globalserviceaccount", "globalserviceaccounts", "uscdi", "v1", "version1", "1", "version", "v", "api", "apis", "route", "routes",
		"endpoint", "data", "class", "element", "elements", "available", "availability", "enabled", "supported", "support", "supports", "allowed",
		"accessible", "access", "reachable", "included", "in", "is", "of", "for", "to", "by", "via", "under", "with", "the", "part", "get",
		"yes", "no", "y", "n", "yn", "or", "enterprise", "nextgen", "nge", "flag", "indicator", "listed", "certified"}
}

// madeOf tells whether a text consists of some of the words and nothing else.
func madeOf(text string, words []string) bool {
	can := make([]bool, len(text)+1)
	can[0] = true
	for end := 1; end <= len(text); end++ {
		can[end] = slices.ContainsFunc(words, func(w string) bool {
			return len(w) <= end && can[end-len(w)] && text[end-len(w):end] == w
		})
	}
	return can[len(text)]
}
