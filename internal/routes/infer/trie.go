package infer

import (
	"cmp"
	"strings"
	"sync"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// A trie holds templates: literals in lower case, because the server compares
// without case.
type trie struct {
	root  node
	words map[string]bool // every literal, in lower case
}

type node struct {
	literal map[string]*node
	spelled string // the literal as the template has it
	param   *node
	name    string // of the parameter that leads here
	end     bool   // a template ends here
}

// known is the trie of the catalogued Enterprise routes.
var known = sync.OnceValue(func() *trie {
	t := &trie{}
	for _, e := range catalog.Enterprise().All() {
		if parts, ok := cutPath(nil, e.Path, true); ok {
			t.add(parts)
		}
	}
	return t
})

// add puts a template into the trie. Names that are there already stand, so
// that the first in order names the parameter.
func (t *trie) add(parts []part) {
	if t.words == nil {
		t.words = map[string]bool{}
	}
	n := &t.root
	for _, p := range parts {
		if p.kind != isWord {
			if n.param == nil {
				n.param = &node{name: p.text}
			}
			if n.param.name == "" && p.kind == isParam {
				n.param.name = p.text
			}
			n = n.param
			continue
		}
		word := strings.ToLower(p.text)
		t.words[word] = true
		if n.literal == nil {
			n.literal = map[string]*node{}
		}
		if n.literal[word] == nil {
			n.literal[word] = &node{spelled: p.text}
		}
		n = n.literal[word]
	}
	n.end = true
}

// A match is the way through a trie: one node for each part that fits.
type match struct {
	nodes    []*node
	params   []bool // the part stands where the trie has a parameter
	complete bool   // a template ends at the last part
}

// better orders matches: complete ones first, then longer ones, then those
// with more literals, then those whose literals come earlier. No two different
// ways through a trie are equal in this order.
func (m *match) better(o *match) bool {
	count := func(m *match) (literals int) {
		for _, p := range m.params {
			if !p {
				literals++
			}
		}
		return literals
	}
	a, b := count(m), count(o)
	if c := cmp.Or(boolean(m.complete)-boolean(o.complete), len(m.nodes)-len(o.nodes), a-b); c != 0 {
		return c > 0
	}
	for i := range m.params {
		if m.params[i] != o.params[i] {
			return !m.params[i]
		}
	}
	return false
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// match finds the best way for parts, of which the best may be a beginning only.
func (t *trie) match(parts []part) match {
	s := search{parts: parts}
	s.walk(&t.root, 0)
	return s.best
}

type search struct {
	parts []part
	now   match
	best  match
	steps int
}

// maxSteps bounds the search in a trie that somebody made hostile.
const maxSteps = 2_000

func (s *search) walk(n *node, at int) {
	s.steps++
	if at < len(s.parts) && s.steps <= maxSteps {
		p := &s.parts[at]
		further := false
		if p.kind == isWord {
			if next := n.literal[strings.ToLower(p.text)]; next != nil {
				further = true
				s.step(next, at, false)
			}
		}
		if n.param != nil && !(p.kind == isWord && reserved(p.text)) {
			further = true
			s.step(n.param, at, true)
		}
		if further {
			return // a longer way is always the better one
		}
	}
	s.now.complete = at == len(s.parts) && n.end
	if s.now.better(&s.best) {
		s.best.nodes, s.best.params = append(s.best.nodes[:0], s.now.nodes...), append(s.best.params[:0], s.now.params...)
		s.best.complete = s.now.complete
	}
}

func (s *search) step(next *node, at int, param bool) {
	s.now.nodes, s.now.params = append(s.now.nodes, next), append(s.now.params, param)
	s.walk(next, at+1)
	s.now.nodes, s.now.params = s.now.nodes[:at], s.now.params[:at]
}

// reserved names the words that are never the value of a parameter.
func reserved(word string) bool {
	if word == "" || word[0] == '$' || word[0] == '_' {
		return true
	}
	switch strings.ToLower(word) {
	case "me", "self", "search", "lookup", "count", "export", "batch", "latest":
		return true
	}
	return false
}
