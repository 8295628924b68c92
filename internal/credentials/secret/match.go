package secret

import (
	"slices"
	"strings"
)

// A span is a piece of text that has to be masked.
type span struct{ from, to int }

// matcher finds the forms in one text.
type matcher struct {
	text  string
	forms []form
	first *[256][]int // forms by their first byte
	least int         // how much of a form has to be there for its end to be missed
}

// index lists the forms by their first bytes.
func index(forms []form) *[256][]int {
	var out [256][]int
	for i, f := range forms {
		c := f.text[0]
		out[c] = append(out[c], i)
		if f.kind == digits && c >= 'a' {
			out[c-'a'+'A'] = append(out[c-'a'+'A'], i)
		}
	}
	return &out
}

// spans lists all places of all forms.
func (m *matcher) spans() []span {
	var out []span
	if len(m.forms) == 0 {
		return nil
	}
	for at := 0; at < len(m.text); at++ {
		for _, i := range m.candidates(at) {
			f := m.forms[i]
			end, cut := m.match(f, at)
			if end > at {
				out = append(out, m.widen(f, span{from: at, to: end}))
			}
			if cut {
				out = append(out, m.widen(f, span{from: at, to: len(m.text)}))
			}
		}
	}
	return out
}

// candidates lists the forms that may begin at a place.
func (m *matcher) candidates(at int) []int {
	if !escape(m.text[at]) {
		return m.first[m.text[at]]
	}
	var out []int
	if m.least == 0 && unfinished(m.text[at:]) {
		for i := range m.forms {
			out = append(out, i)
		}
		return out
	}
	for _, r := range readings(m.text, at) {
		for _, i := range m.first[r.bytes[0]] {
			if !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	return out
}

func escape(c byte) bool { return c == '%' || c == '\\' || c == '&' || c == '+' || c == '\'' }

// state is a place in a form and one in the text.
type state struct{ form, text int }

// match reads a form at a place. It returns the end of the longest reading, or
// 0, and whether the text ended while it still fitted, with at least m.least
// bytes read.
func (m *matcher) match(f form, at int) (end int, cut bool) {
	todo := []state{{0, at}}
	var seen map[state]bool
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		// Most places have one reading only; go on there without any bookkeeping.
		for s.form < len(f.text) && s.text < len(m.text) && !escape(m.text[s.text]) &&
			same(f, s.form, m.text[s.text:s.text+1]) {
			s.form++
			s.text++
		}
		switch {
		case s.form == len(f.text):
			end = max(end, s.text)
			continue
		case s.text == len(m.text):
			cut = cut || s.text-at >= m.least
		case unfinished(m.text[s.text:]):
			read := len(m.text) - at
			if m.text[s.text] == '&' {
				read = s.text - at // as likely the next member of a form
			}
			cut = cut || read >= m.least && (s.form > 0 || m.least == 0)
		}
		if s.text == len(m.text) || !escape(m.text[s.text]) || seen[s] {
			continue
		}
		if seen == nil {
			seen = map[state]bool{}
		}
		seen[s] = true
		for _, r := range readings(m.text, s.text) {
			if same(f, s.form, r.bytes) {
				todo = append(todo, state{s.form + len(r.bytes), r.end})
			}
		}
	}
	return end, cut
}

// same tells whether a form goes on with these bytes.
func same(f form, at int, bytes string) bool {
	if at+len(bytes) > len(f.text) {
		return false
	}
	want := f.text[at : at+len(bytes)]
	return want == bytes || f.kind == digits && want == strings.ToLower(bytes)
}

// widen takes in the neighbours of base64: the digits next to the middle hold
// some bits of the secret.
func (m *matcher) widen(f form, s span) span {
	if f.kind != base {
		return s
	}
	for s.from > 0 && baseDigit(m.text[s.from-1]) {
		s.from--
	}
	for s.to < len(m.text) && (baseDigit(m.text[s.to]) || m.text[s.to] == '=') {
		s.to++
	}
	return s
}

func baseDigit(c byte) bool { return letterOrDigit(c) || strings.IndexByte("+/-_", c) >= 0 }
