package store

import (
	"slices"
	"strings"
)

// merge brings the change from base to theirs into the text of a person. base
// and theirs are encodings of the tree before and after an edit; ours is what
// base was read from. It is a three-way merge in which ours and base differ in
// layout only: lines of base are found in ours with blanks squeezed, and where
// the edit left them alone they are kept as the person wrote them. tidy leaves
// out blank lines that the encoder wants to add. The caller checks the meaning
// of the result, because a line of a longer text may look like another one.
func merge(ours, base, theirs string, tidy bool) string {
	o, b := lines(ours), lines(base)
	m := merger{ours: o, change: changes(b, lines(theirs), tidy)}
	for i, x := range pairing(common(squeeze(b), squeeze(o)), len(b)) {
		if x < 0 {
			continue
		}
		m.gap(i, x)
		m.line(i, o[x])
		m.nextBase, m.nextOurs = i+1, x+1
	}
	m.gap(len(b), len(o))
	return strings.Join(m.out, "\n") + "\n"
}

// changed is what an edit did to one line of base.
type changed struct {
	base   string
	before []string // new lines in front of it
	gone   bool
	by     string // if gone: the line in its place, where there is one
	put    bool   // if gone: whether there is one
}

// changes lists what happened to each line of base, and as a last element what
// was added at the end.
func changes(base, theirs []string, tidy bool) []changed {
	list := make([]changed, len(base)+1)
	var gone []int
	var added []string
	for _, o := range append(script(base, theirs), op{kind: ' ', a: len(base)}) {
		switch {
		case o.kind == '-':
			list[o.a].base, list[o.a].gone = o.text, true
			gone = append(gone, o.a)
		case o.kind == ' ':
			list[o.a].base = o.text
			replaced(list, gone, added, o.a)
			gone, added = nil, nil
		case !tidy || strings.TrimSpace(o.text) != "":
			added = append(added, o.text)
		}
	}
	return list
}

// replaced decides which of the added lines stand for which of those that are
// gone: one by one if there are as many, else by their keys. The others come in
// front of the next line.
func replaced(list []changed, gone []int, added []string, next int) {
	key := func(line string) string {
		k, _, _ := strings.Cut(strings.TrimSpace(line), ":")
		return k
	}
	one := len(gone) == len(added)
	var waiting []string
	for _, line := range added {
		k := slices.IndexFunc(gone, func(i int) bool { return one || key(list[i].base) == key(line) })
		if k < 0 {
			waiting = append(waiting, line)
			continue
		}
		c := &list[gone[k]]
		c.before, c.by, c.put = append(c.before, waiting...), line, true
		waiting, gone = nil, gone[k+1:]
	}
	list[next].before = append(list[next].before, waiting...)
}

// merger writes the result, up to nextBase and nextOurs.
type merger struct {
	ours               []string
	change             []changed
	nextBase, nextOurs int
	out                []string
}

// line writes one line that base and ours have in common.
func (m *merger) line(i int, ours string) {
	switch c := m.change[i]; {
	case !c.gone:
		m.out = append(m.out, ours)
	case c.put:
		m.out = append(m.out, align(c.by, ours))
	}
}

// gap writes what lies before the line i of base and x of ours: lines that look
// different in the two, blank lines, and what the edit has added.
func (m *merger) gap(i, x int) {
	ours, change := m.ours[m.nextOurs:x], m.change[m.nextBase:i]
	last := m.change[i].before
	if len(change) == 0 {
		m.out = append(append(m.out, last...), ours...) // new lines above blank ones
		return
	}
	lead := blank(ours)
	body := ours[lead:]
	rest := slices.Clone(body)
	slices.Reverse(rest)
	tail := blank(rest)
	body = body[:len(body)-tail]
	m.out = append(append(m.out, change[0].before...), ours[:lead]...)
	switch {
	case !slices.ContainsFunc(change, func(c changed) bool { return c.gone }) && untouchedInside(change):
		m.out = append(m.out, body...)
	case len(body) == len(change): // they belong together one by one
		for k, c := range change {
			if k > 0 {
				m.out = append(m.out, c.before...)
			}
			m.line(m.nextBase+k, body[k])
		}
	default:
		for k, c := range change {
			if k > 0 {
				m.out = append(m.out, c.before...)
			}
			m.line(m.nextBase+k, c.base)
		}
	}
	m.out = append(append(m.out, last...), ours[len(ours)-tail:]...)
}

func untouchedInside(change []changed) bool {
	return !slices.ContainsFunc(change[1:], func(c changed) bool { return len(c.before) > 0 })
}

// align moves the comment at the end of a changed line to the column where it
// stood before.
func align(line, before string) string {
	at, was := strings.LastIndex(line, " #"), strings.LastIndex(before, " #")
	if at < 0 || was < 0 || line[at:] != before[was:] {
		return line
	}
	text := strings.TrimRight(line[:at], " ")
	return text + strings.Repeat(" ", max(0, len([]rune(before[:was]))-len([]rune(text)))) + line[at:]
}

// pairing turns pairs into an index by the first member; -1 is no partner.
func pairing(pairs [][2]int, n int) []int {
	out := slices.Repeat([]int{-1}, n)
	for _, p := range pairs {
		out[p[0]] = p[1]
	}
	return out
}

// squeeze makes lines comparable that differ in blanks only.
func squeeze(list []string) []string {
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = strings.Join(strings.Fields(l), " ")
	}
	return out
}

// blank counts the blank lines at the beginning.
func blank(list []string) int {
	n := slices.IndexFunc(list, func(l string) bool { return strings.TrimSpace(l) != "" })
	if n < 0 {
		return len(list)
	}
	return n
}
