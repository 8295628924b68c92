package catalog

import (
	"slices"
	"strings"
)

// MatchKind says how much of a method and path the table knows.
type MatchKind int

// The kinds of match.
const (
	NoMatch  MatchKind = iota // the path is not in the table
	PathOnly                  // the path is, with other methods; the entry is the first of them
	Exact                     // path and method are
)

// node is one segment of the trie. Literals are kept in lower case: the server
// compares without case.
type node struct {
	literal map[string]*node
	param   *node
	entries []*Entry
}

func (n *node) insert(e *Entry) {
	for segment := range strings.SplitSeq(strings.Trim(e.Path, "/"), "/") {
		next := n.param
		if !isParam(segment) {
			next = n.literal[strings.ToLower(segment)]
		}
		if next == nil {
			next = &node{}
			if isParam(segment) {
				n.param = next
			} else {
				if n.literal == nil {
					n.literal = map[string]*node{}
				}
				n.literal[strings.ToLower(segment)] = next
			}
		}
		n = next
	}
	n.entries = append(n.entries, e)
}

// Match looks up a method and a path, given as a template or with concrete
// ids; the names of parameters, the case of letters, a query and a slash at
// the end do not matter. A literal segment goes before a parameter. A
// parameter does not stand for a reserved word such as lookup or me.
func (r *Routes) Match(method, path string) (Entry, MatchKind) {
	path, _, _ = strings.Cut(path, "?")
	path = strings.Trim(path, "/")
	if path == "" {
		return Entry{}, NoMatch
	}
	var buffer [24]string
	segments := buffer[:0]
	for segment := range strings.SplitSeq(path, "/") {
		segments = append(segments, segment)
	}
	s := search{method: method}
	s.walk(&r.root, segments)
	switch {
	case s.exact != nil:
		return *s.exact, Exact
	case s.pathOnly != nil:
		return *s.pathOnly, PathOnly
	}
	return Entry{}, NoMatch
}

// Methods returns the methods under which the table knows a path, sorted.
func (r *Routes) Methods(path string) []string {
	var methods []string
	for _, m := range []string{"DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"} {
		if _, kind := r.Match(m, path); kind == Exact {
			methods = append(methods, m)
		}
	}
	return methods
}

type search struct {
	method          string
	exact, pathOnly *Entry
}

// walk goes down literal first and back-tracks; it ends at the first entry
// with the right method. A trie of fixed depth keeps this short.
func (s *search) walk(n *node, segments []string) bool {
	if len(segments) == 0 {
		for _, e := range n.entries {
			if e.Method == s.method {
				s.exact = e
				return true
			}
		}
		if s.pathOnly == nil && len(n.entries) > 0 {
			s.pathOnly = n.entries[0]
		}
		return false
	}
	head, rest := segments[0], segments[1:]
	if !isParam(head) {
		if next := n.literal[strings.ToLower(head)]; next != nil && s.walk(next, rest) {
			return true
		}
	}
	return n.param != nil && !reserved(head) && s.walk(n.param, rest)
}

func isParam(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
}

// reserved names the words that are never the value of a parameter.
func reserved(segment string) bool {
	if segment == "" || segment[0] == '$' || segment[0] == '_' {
		return true
	}
	return slices.Contains(reservedWords(), strings.ToLower(segment))
}

func reservedWords() []string {
	return []string{"me", "self", "search", "lookup", "count", "export", "batch", "latest"}
}
