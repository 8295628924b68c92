package infer

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/fnv"
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
	calls  []string // what is known of the requests that end here
	role   string   // what is done here and below, without any masked word
}

// write prints the paths. A masked word gets a number within its place: {?1},
// {?2}. Their order is that of what follows them and of the evidence for it, and
// only then that of the words: words that are equal in all of that can change
// places without changing a Result, so that the numbers say nothing of them. Spellings that differ in case become the one that comes first,
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
		at.calls = append(at.calls, g.fingerprint())
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
			roles = append(roles, next.spell+"\n"+next.role)
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
	p.role = digest(p.calls, roles)
	p.calls = nil
}

// digest stands for lists of texts, so that what is below a place takes no more
// room at every place above it.
func digest(lists ...[]string) string {
	h := fnv.New128a()
	for _, list := range lists {
		_, _ = h.Write(binary.AppendUvarint(nil, uint64(len(list)))) // a hash in memory takes everything
		for _, s := range list {
			_, _ = h.Write(binary.AppendUvarint(nil, uint64(len(s))))
			_, _ = h.Write([]byte(s))
		}
	}
	return string(h.Sum(nil))
}

// fingerprint is all that a group adds to a Result at the end of its path.
func (r *resolved) fingerprint() string {
	found := slices.Clone(r.found)
	slices.SortFunc(found, func(a, b count) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.format, b.format))
	})
	b := fmt.Appendf(nil, "%s?%s %+v", r.method, r.query, found)
	for i := range r.segments {
		b = append(append(b, ' '), r.segments[i].rule...)
	}
	return string(b)
}
