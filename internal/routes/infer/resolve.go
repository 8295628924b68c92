package infer

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer/vocab"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// A segment is a part with what was decided about it.
type segment struct {
	part
	rule   string // "" while nothing vouches for a word
	spell  string // of a word, as it is printed
	masked bool
	taken  bool // a match has settled the part
}

// literal tells whether a segment is printed as a word.
func (s *segment) literal() bool { return s.kind == isWord && !s.masked }

// A resolved group is a group on its way to a route.
type resolved struct {
	*group
	segments []segment
}

// inference holds one computation of a Result.
type inference struct {
	opt      *Options
	pins     []pin
	spec     trie            // API descriptions: they vouch for words and parameters
	saved    trie            // collections, spans, code: they vouch for parameters only
	approved map[string]bool // in lower case
	ignore   map[string]bool // of the review
	holds    map[string]bool // beginnings of paths at which a parameter stands
	groups   []resolved
	paths    []string // of the groups, as printed
	result   *Result
}

func (c *Collector) infer() *inference {
	in := &inference{opt: &c.opt, pins: c.pins, approved: map[string]bool{}, holds: map[string]bool{}, ignore: c.opt.Approvals.ignoreSet()}
	for _, w := range c.opt.Approvals.Words {
		in.approved[strings.ToLower(w)] = true
	}
	for _, p := range c.pins { // whoever approves a template approves its words
		for _, one := range p.parts {
			in.approved[strings.ToLower(one.text)] = in.approved[strings.ToLower(one.text)] || one.kind == isWord
		}
	}
	for _, template := range c.opt.Known {
		if parts, ok := cutPath(nil, template, true); ok {
			in.spec.add(parts)
		}
	}
	keys := slices.Sorted(mapKeys(c.groups))
	in.groups = make([]resolved, 0, len(keys))
	for _, k := range keys {
		g := readKey(k)
		g.tally = c.groups[k]
		in.learn(g)
		in.groups = append(in.groups, resolved{group: g})
	}
	for i := range in.groups {
		r := &in.groups[i]
		r.segments = in.settle(r.group)
		r.parts = nil // the segments have them
		in.hold(r.segments)
	}
	for i := range in.groups {
		in.vouch(in.groups[i].segments)
	}
	return in
}

// learn takes the templates of imported evidence. One whose slot held a value
// is a call like any other.
func (in *inference) learn(g *group) {
	if !g.template || g.api != route.Enterprise || slices.ContainsFunc(g.parts, func(p part) bool { return p.kind == isTyped }) || in.fillsSlot(g.parts) {
		return
	}
	described := slices.ContainsFunc(g.found, func(f count) bool { return f.kind == Spec })
	switch {
	case described:
		in.spec.add(g.parts)
	case hasParam(g.parts):
		in.saved.add(g.parts)
	}
}

// fillsSlot tells whether a word that only the evidence has stands where a
// catalogued route has a parameter: a description that was made from captures
// can hold the value of one.
func (in *inference) fillsSlot(parts []part) bool {
	if in.opt.WithoutCatalogue {
		return false
	}
	m := known().match(parts)
	for i := range m.nodes {
		if p := &parts[i]; m.params[i] && p.kind == isWord && !known().words[strings.ToLower(p.text)] && !vocab.Vouches(p.text) {
			return true
		}
	}
	return false
}

// settle decides what the grammar of FHIR, the catalogue and imported templates
// settle. Words that they do not know are left open.
func (in *inference) settle(g *group) []segment {
	parts := apply(in.pins, g.parts)
	segments := make([]segment, len(parts))
	for i, p := range parts {
		segments[i] = segment{part: p, rule: p.rule, spell: p.text}
		if p.kind == isTyped {
			segments[i].rule = ruleTyped + p.text
		}
		if p.kind == isParam && p.rule == "" {
			segments[i].rule = ruleTemplateParam
		}
	}
	if g.api != route.Enterprise {
		return segments
	}
	var first, second, third match
	if !in.opt.WithoutCatalogue {
		first = known().match(parts)
	}
	if !first.complete {
		second, third = in.spec.match(parts), in.saved.match(parts)
		if !third.complete && len(third.params) > 0 && third.params[0] {
			third = match{} // a path of nothing but variables says nothing of other paths
		}
	}
	switch {
	case first.complete:
		take(segments, &first, ruleCatalogWord, ruleCatalogParam)
	case second.complete:
		take(segments, &second, ruleTemplateWord, ruleTemplateParam)
		take(segments, &first, ruleCatalogWord, ruleCatalogParam)
		take(segments, &third, "", ruleTemplateParam)
	default:
		take(segments, &first, ruleCatalogWord, ruleCatalogParam)
		take(segments, &second, ruleTemplateWord, ruleTemplateParam)
		take(segments, &third, "", ruleTemplateParam)
	}
	afterFHIRType(segments)
	return segments
}

// take takes over what a match says of the parts that are still open. It ends
// where the match and what is settled already go different ways.
func take(segments []segment, m *match, word, param string) {
	for i, n := range m.nodes {
		s := &segments[i]
		switch {
		case s.rule == rulePinned, s.rule == ruleFHIRID:
		case s.taken:
			if (s.kind == isWord) == m.params[i] {
				return
			}
		case m.params[i]:
			s.rule, s.taken = param, true
			if s.kind == isWord && param == ruleCatalogParam {
				s.rule = ruleCatalogShape
			}
			if n.name != "" {
				s.text = n.name
			} else if s.kind != isParam {
				s.text = ""
			}
			s.kind = isParam
		case word != "":
			s.rule, s.spell, s.taken = word, n.spelled, true
		}
	}
}

// hold remembers at which beginnings of paths a parameter stands.
func (in *inference) hold(segments []segment) {
	var prefix strings.Builder
	for i := range segments {
		if segments[i].kind != isWord {
			in.holds[prefix.String()] = true
		}
		segments[i].writeShape(&prefix)
	}
}

func (s *segment) writeShape(b *strings.Builder) {
	b.WriteByte('/')
	if s.kind == isWord {
		b.WriteString(strings.ToLower(s.text))
	} else {
		b.WriteString(endOfPart) // no word looks like it
	}
}

// vouch looks for somebody who vouches for the words that are still open, and
// masks the others.
func (in *inference) vouch(segments []segment) {
	var prefix strings.Builder
	for i := range segments {
		s := &segments[i]
		if s.kind == isWord && s.rule == "" {
			s.rule = in.voucher(s.text, in.holds[prefix.String()] && i > 0 && plural(&segments[i-1]))
			s.masked = s.rule == ruleMasked
		}
		if s.key != "" && !in.knows(s.key) {
			s.key = ""
		}
		s.writeShape(&prefix)
	}
}

// voucher finds the rule that lets a word be printed. Right behind a collection
// that holds a parameter, a word of the vocabulary can be a name as well.
func (in *inference) voucher(word string, besideValues bool) string {
	lower := strings.ToLower(word)
	switch {
	case in.approved[lower]:
		return ruleApproved
	case word[0] != '$' && word[0] != '_' && reserved(word):
		return ruleReserved
	case besideValues:
		return ruleMasked
	case versionWord(word):
		return ruleVersionWord
	case !in.opt.WithoutCatalogue && known().words[lower]:
		return ruleCatalogWord
	case in.spec.words[lower]:
		return ruleTemplateWord
	case vocab.Vouches(word):
		return ruleVocabulary
	}
	return ruleMasked
}

// knows tells whether anything vouches for a word.
func (in *inference) knows(word string) bool { return in.voucher(word, false) != ruleMasked }

// plural tells whether a word names a collection.
func plural(s *segment) bool {
	return s.literal() && len(s.spell) > 2 && strings.HasSuffix(strings.ToLower(s.spell), "s") && !strings.HasSuffix(s.spell, "ss")
}
