package secret

import (
	"strings"
)

// A span is a piece of text that has to be masked.
type span struct{ from, to int }

// matcher finds the forms in one text. It reads the text once and carries along
// how far each form has been read from where, so that no text, however it was
// made, takes longer than its length times that of the forms.
type matcher struct {
	text  string
	forms []form
	first *[256][]int // forms by their first byte
	least int         // how much of a form has to be there for its end to be missed

	ahead [window][]thread // threads by the place where they go on, modulo window
	wide  span             // the last run of base64 that is to be masked
	out   []span
}

// thread is a form that has been read up to a place in it, from where on.
type thread struct{ form, at, from int }

// window is more than the length of the longest reading.
const window = 128

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
	if len(m.forms) == 0 {
		return nil
	}
	single := make([]reading, 1)
	for at := range len(m.text) {
		slot := &m.ahead[at%window]
		threads := *slot
		*slot = threads[:0]
		c := m.text[at]
		if len(threads) == 0 && len(m.first[c]) == 0 && !escape(c) {
			continue
		}
		single[0] = reading{m.text[at : at+1], at + 1}
		pieces := single
		if escape(c) {
			pieces = readings(m.text, at)
			if unfinished(m.text[at:]) {
				m.unfinished(threads, at)
			}
		}
		for _, piece := range pieces {
			for _, t := range threads {
				m.step(t, piece)
				if m.forms[t.form].kind == base && strings.Trim(piece.bytes, " \t\r\n") == "" {
					m.carry(t, piece.end) // some encoders break base64 into lines
				}
			}
			for _, i := range m.first[piece.bytes[0]] {
				m.step(thread{form: i, from: at}, piece)
			}
		}
	}
	for _, t := range m.ahead[len(m.text)%window] {
		if len(m.text)-t.from >= m.least {
			m.found(t.form, span{t.from, len(m.text)})
		}
	}
	return m.out
}

// step reads one piece further.
func (m *matcher) step(t thread, piece reading) {
	f := m.forms[t.form]
	if !same(f, t.at, piece.bytes) {
		return
	}
	t.at += len(piece.bytes)
	if t.at == len(f.text) {
		m.found(t.form, span{t.from, piece.end})
		return
	}
	m.carry(t, piece.end)
}

// carry lets a thread go on at a place.
func (m *matcher) carry(t thread, at int) {
	slot := &m.ahead[at%window]
	// Of two threads at the same place of the same form the earlier covers the
	// other. They stand in the order in which they began, nearly.
	for i := len(*slot) - 1; i >= 0; i-- {
		if other := &(*slot)[i]; other.form == t.form && other.at == t.at {
			other.from = min(other.from, t.from)
			return
		}
	}
	*slot = append(*slot, t)
}

// unfinished deals with a text that ends within an escape.
func (m *matcher) unfinished(threads []thread, at int) {
	for _, t := range threads {
		read := len(m.text) - t.from
		if m.text[at] == '&' {
			read = at - t.from // it is as likely the next member of a form
		}
		if read >= m.least {
			m.found(t.form, span{t.from, len(m.text)})
		}
	}
	if m.least == 0 { // any form could begin here
		m.out = append(m.out, span{at, len(m.text)})
	}
}

// found notes a place. The mask of base64 takes in the neighbours, because the
// digits next to the middle hold some bits of the secret.
func (m *matcher) found(i int, s span) {
	if m.forms[i].kind == base {
		if s.from >= m.wide.from && s.to <= m.wide.to {
			return
		}
		for s.from > 0 && baseDigit(m.text[s.from-1]) {
			s.from--
		}
		for s.to < len(m.text) && (baseDigit(m.text[s.to]) || m.text[s.to] == '=') {
			s.to++
		}
		m.wide = s
	}
	m.out = append(m.out, s)
}

// same tells whether a form goes on with these bytes.
func same(f form, at int, bytes string) bool {
	if at+len(bytes) > len(f.text) {
		return false
	}
	want := f.text[at : at+len(bytes)]
	return want == bytes || f.kind == digits && want == strings.ToLower(bytes)
}

// escape tells whether a byte may begin a piece that stands for something else.
func escape(c byte) bool { return c == '%' || c == '\\' || c == '&' || c == '+' || c == '\'' }

func baseDigit(c byte) bool { return letterOrDigit(c) || strings.IndexByte("+/-_", c) >= 0 }
