package infer

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/route"
)

// A place is one segment of the tree of all paths. Masked words have places of
// their own, by which they get their numbers.
type place struct {
	below  map[string]*place
	spell  string   // as printed: the spelling that comes first, or the label of a mask
	masked bool     // spell is a label
	calls  []string // methods and queries that end here
	role   string   // what is done here and below, without any masked word
}

// write prints the paths. A masked word gets a number within its place: {?1},
// {?2}. Their order is that of what follows them and how they are called, and
// only then that of the words, so that other words in the same roles get the
// same numbers. Spellings that differ in case become the one that comes first,
// because the Enterprise API compares without case.
func (in *inference) write() []string {
	root := &place{}
	for i := range in.groups {
		g := &in.groups[i]
		at := root.step(g.api, "", false)
		for k := range g.segments {
			s := &g.segments[k]
			at = at.step(s.place(g.api), s.printed(), s.masked)
		}
		at.calls = append(at.calls, g.method+"?"+g.query)
	}
	root.number()
	paths := make([]string, len(in.groups))
	for i := range in.groups {
		g := &in.groups[i]
		var b strings.Builder
		at := root.below[g.api]
		for k := range g.segments {
			at = at.below[g.segments[k].place(g.api)]
			b.WriteString("/" + at.spell)
		}
		if b.Len() == 0 {
			b.WriteByte('/')
		}
		if g.query != "" {
			b.WriteString("?" + g.query)
		}
		paths[i] = b.String()
	}
	return paths
}

// place is what makes two segments the same place. A masked word cannot have the
// byte that marks it.
func (s *segment) place(api string) string {
	switch {
	case s.masked:
		return "\x00" + strings.ToLower(s.text)
	case api == route.Enterprise && s.kind == isWord:
		return strings.ToLower(s.printed())
	}
	return s.printed()
}

func (p *place) step(key, spell string, masked bool) *place {
	next := p.below[key]
	if next == nil {
		if p.below == nil {
			p.below = map[string]*place{}
		}
		next = &place{spell: spell, masked: masked}
		p.below[key] = next
	}
	return next
}

// number gives the masks below a place their labels, and finds its role.
func (p *place) number() {
	var roles, words []string
	for _, key := range slices.Sorted(mapKeys(p.below)) {
		next := p.below[key]
		next.number()
		if next.masked {
			words = append(words, key)
			roles = append(roles, "{?}"+next.role)
		} else {
			roles = append(roles, next.spell+next.role)
		}
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(p.below[a].role, p.below[b].role), cmp.Compare(a, b))
	})
	for i, w := range words {
		p.below[w].spell = "{?" + strconv.Itoa(i+1) + "}"
	}
	slices.Sort(p.calls)
	slices.Sort(roles)
	p.role = "(" + strings.Join(slices.Compact(p.calls), " ") + "|" + strings.Join(roles, ",") + ")"
	p.calls = nil
}
