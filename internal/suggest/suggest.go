// Package suggest finds the name that a user most likely meant.
package suggest

import (
	"strings"

	"github.com/agext/levenshtein"
)

// Nearest returns the candidate that is nearest to word, or "" where none is
// near enough to be worth naming: at most a third of the longer word may differ,
// or two letters of a word that has at least three. Case is ignored; ties go to
// the earlier candidate.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", -1
	lower := strings.ToLower(word)
	for _, c := range candidates {
		d := levenshtein.Distance(lower, strings.ToLower(c), nil)
		if bestDistance < 0 || d < bestDistance {
			best, bestDistance = c, d
		}
	}
	limit := max(len(word), len(best)) / 3
	if len(word) > 2 {
		limit = max(2, limit)
	}
	if bestDistance < 0 || bestDistance > limit {
		return ""
	}
	return best
}
