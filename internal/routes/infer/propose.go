package infer

import (
	"slices"
	"strings"
)

// propose finds places at which several words look like values of one
// parameter: at least three words that only the evidence or the vocabulary has
// share a literal word behind them. It never merges: statistics of this kind
// are right for user names and wrong for the areas of an API, and only a
// person can tell.
func (in *inference) propose() []Proposal {
	type place struct{ words, children map[string]map[string]bool }
	places := map[string]*place{}
	printed := map[string]string{}
	for i := range in.groups {
		segments := in.groups[i].segments
		for k := 0; k+1 < len(segments); k++ {
			s, next := &segments[k], &segments[k+1]
			if s.kind != isWord || s.rule != ruleMasked && s.rule != ruleVocabulary || next.kind != isWord {
				continue
			}
			prefix := in.groups[i].api + shapeOf(segments[:k])
			p := places[prefix]
			if p == nil {
				p = &place{map[string]map[string]bool{}, map[string]map[string]bool{}}
				places[prefix] = p
				printed[prefix] = prefixTemplate(segments[:k])
			}
			word, child := strings.ToLower(s.text), strings.ToLower(next.text)
			if p.children[child] == nil {
				p.children[child] = map[string]bool{}
			}
			p.children[child][word] = s.masked
		}
	}
	out := []Proposal{}
	for _, prefix := range slices.Sorted(mapKeys(places)) {
		together := map[string]bool{}
		unknown := false
		for _, words := range places[prefix].children {
			if len(words) < 3 {
				continue
			}
			for w, masked := range words {
				together[w] = true
				unknown = unknown || masked
			}
		}
		if len(together) < 3 || !unknown || strings.Contains(printed[prefix], "{?") {
			continue
		}
		out = append(out, Proposal{
			Template: printed[prefix] + "/{" + nameBehind(printed[prefix]) + "}", Count: len(together), Values: slices.Sorted(mapKeys(together)),
		})
	}
	return out
}

// nameBehind is what a parameter at the end of a path would be called.
func nameBehind(path string) string {
	last := path[strings.LastIndexByte(path, '/')+1:]
	if last == "" || strings.ContainsAny(last, "{}") {
		return "id"
	}
	return camel(singular(last)) + "Id"
}

func shapeOf(segments []segment) string {
	var b strings.Builder
	for i := range segments {
		segments[i].writeShape(&b)
	}
	return b.String()
}

// prefixTemplate writes the beginning of a template as an approval would.
func prefixTemplate(segments []segment) string {
	var b strings.Builder
	for i := range segments {
		s := segments[i]
		if s.kind != isWord && s.spell == "" || s.kind == isTyped {
			s.spell = derived(segments[:i], &s)
		}
		b.WriteByte('/')
		b.WriteString(s.printed())
	}
	return b.String()
}
