// Package vocab knows the words of which the paths of HTTP APIs are made, and
// says whether a path segment consists of nothing else. Such a segment may be
// printed: it is a word of an API and not the value of a parameter.
//
// The contract: Vouches accepts a segment only if every part of it is a listed
// word. Given names, surnames, place names and the names of diseases are not
// listed, so that a name which is also an English word does not pass; neither
// is anything with a digit that is not a listed word such as oauth2. A segment
// that it rejects is not necessarily a value: the list is of common words
// only. data/README.md says how the list was made and by which rule.
//
// The package is pure, safe for concurrent use, and parses its list on the
// first call.
package vocab

import (
	_ "embed" // the word list
	"strings"
	"sync"
)

//go:embed data/words.txt
var list string

// The bounds of a segment, of its compounds and of their parts, in bytes.
const (
	maxSegment  = 96
	minCompound = 8
	maxCompound = 40
	minPart     = 4
	maxPart     = 24
)

// table holds the list: true for a word, false for one that looks like a
// plural or a compound of listed words but is a name.
var table = sync.OnceValue(func() map[string]bool {
	words := make(map[string]bool, strings.Count(list, "\n"))
	for line := range strings.Lines(list) {
		word, isName := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-")
		words[word] = !isName
	}
	return words
})

// Vouches reports whether segment, one decoded path segment without slashes,
// consists of listed words only. Words are divided by '-', '_', '.' and camel
// case; plurals count as their singular, and words of four or more letters may
// be written together. A version such as v2 may stand beside a word, but is
// none: see Version.
func Vouches(segment string) bool {
	if len(segment) > maxSegment {
		return false
	}
	words := 0
	for piece := range strings.FieldsFuncSeq(segment, isDivider) {
		switch {
		case vouchesPiece(piece):
			words++
		case !Version(piece):
			return false
		}
	}
	return words > 0 && !isName(strings.ToLower(segment))
}

func isDivider(r rune) bool { return r == '-' || r == '_' || r == '.' }

// vouchesPiece judges a part between dividers: as a whole first, because some
// words are written with capitals inside, then word by word.
func vouchesPiece(piece string) bool {
	whole := strings.ToLower(piece)
	if isName(whole) {
		return false
	}
	if known(whole) || isCompound(whole) {
		return true
	}
	words := camel(piece)
	if len(words) < 2 {
		return false
	}
	for _, word := range words {
		word = strings.ToLower(word)
		if !known(word) && !isCompound(word) {
			return false
		}
	}
	return true
}

// known reports whether a lower-case word is listed, as it is or in the
// singular.
func known(word string) bool {
	words := table()
	if listed, found := words[word]; found {
		return listed
	}
	if len(word) < 4 || !strings.HasSuffix(word, "s") || strings.HasSuffix(word, "ss") {
		return false
	}
	singular := word[:len(word)-1]
	if words[singular] {
		return true
	}
	stem, isES := strings.CutSuffix(word, "es")
	if !isES {
		return false
	}
	if y, isIES := strings.CutSuffix(stem, "i"); isIES && words[y+"y"] {
		return true
	}
	return endsInHiss(stem) && words[stem]
}

func isName(word string) bool {
	listed, found := table()[word]
	return found && !listed
}

// endsInHiss reports whether a word takes -es in the plural.
func endsInHiss(word string) bool {
	for _, end := range []string{"s", "x", "z", "ch", "sh"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

// isCompound reports whether a lower-case word is several listed words written
// together. Short parts do not count: with them, random letters would pass.
func isCompound(word string) bool {
	if len(word) < minCompound || len(word) > maxCompound || isName(word) {
		return false
	}
	var ends [maxCompound + 1]bool // ends[i]: word[:i] is made of listed words
	ends[0] = true
	for end := minPart; end <= len(word); end++ {
		for start := max(0, end-maxPart); start <= end-minPart; start++ {
			if ends[start] && known(word[start:end]) {
				ends[end] = true
				break
			}
		}
	}
	return ends[len(word)]
}
