package store

import "strings"

// merge brings the change from base to theirs into the text of a person. base
// and theirs are encodings of the tree before and after an edit; ours is what
// base was read from. It is a three-way merge in which ours and base differ in
// layout only: lines of base that the edit left alone are found in ours with
// blanks squeezed, and kept as the person wrote them; between them the encoded
// lines are taken where the edit changed something, and the person's where not.
func merge(ours, base, theirs string) string {
	o, b, t := lines(ours), lines(base), lines(theirs)
	inOurs := pairing(common(squeeze(b), squeeze(o)), len(b))
	inTheirs := pairing(common(b, t), len(b))
	var out []string
	oi, bi, ti := 0, 0, 0
	flush := func(bEnd, oEnd, tEnd int) {
		out = append(out, choose(o[oi:oEnd], b[bi:bEnd], t[ti:tEnd])...)
	}
	for i := range b {
		x, y := inOurs[i], inTheirs[i]
		if x < 0 || y < 0 {
			continue
		}
		flush(i, x, y)
		out = append(out, o[x])
		oi, bi, ti = x+1, i+1, y+1
	}
	flush(len(b), len(o), len(t))
	return strings.Join(out, "\n") + "\n"
}

// choose decides about the lines between two common ones.
func choose(ours, base, theirs []string) []string {
	if equal(base, theirs) {
		return ours
	}
	if len(base) == 0 {
		return insertAmong(ours, theirs)
	}
	lead := leadingBlank(ours)
	tail := len(ours) - trailingBlank(ours[lead:])
	out := append([]string(nil), ours[:lead]...)
	out = append(out, chooseLines(ours[lead:tail], base, theirs)...)
	return append(out, ours[tail:]...)
}

// chooseLines decides line by line. Where ours and base have the same number of
// lines they belong together one by one, even if they look different.
func chooseLines(ours, base, theirs []string) []string {
	if len(ours) != len(base) {
		return theirs
	}
	first, last := 0, 0
	for first < min(len(base), len(theirs)) && base[first] == theirs[first] {
		first++
	}
	for last < min(len(base), len(theirs))-first && base[len(base)-1-last] == theirs[len(theirs)-1-last] {
		last++
	}
	out := append([]string(nil), ours[:first]...)
	for i, l := range theirs[first : len(theirs)-last] {
		switch {
		case len(base) != len(theirs):
		case base[first+i] == l:
			l = ours[first+i]
		default:
			l = align(l, ours[first+i])
		}
		out = append(out, l)
	}
	return append(out, ours[len(ours)-last:]...)
}

// insertAmong puts new lines where base had none. What ours has there can only
// be blank lines or layout that the encoder lost; a new section goes below the
// blank line when another section follows, a new key above it.
func insertAmong(ours, theirs []string) []string {
	if len(theirs) > 0 && !strings.HasPrefix(theirs[0], " ") {
		return append(append([]string(nil), ours...), theirs...)
	}
	return append(append([]string(nil), theirs...), ours...)
}

// align moves the comment at the end of a changed line to the column where it
// stood before.
func align(line, before string) string {
	at, was := strings.LastIndex(line, " #"), strings.LastIndex(before, " #")
	if at < 0 || was < 0 || line[at:] != before[was:] {
		return line
	}
	text := strings.TrimRight(line[:at], " ")
	return text + strings.Repeat(" ", max(0, was-len([]rune(text)))) + line[at:]
}

func pairing(pairs [][2]int, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = -1
	}
	for _, p := range pairs {
		out[p[0]] = p[1]
	}
	return out
}

// squeeze makes lines comparable that differ in blanks only. Blank lines become
// something that pairs with nothing.
func squeeze(list []string) []string {
	out := make([]string, len(list))
	for i, l := range list {
		out[i] = strings.Join(strings.Fields(l), " ")
		if out[i] == "" {
			out[i] = "\x00"
		}
	}
	return out
}

func equal(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func leadingBlank(list []string) int {
	n := 0
	for n < len(list) && strings.TrimSpace(list[n]) == "" {
		n++
	}
	return n
}

func trailingBlank(list []string) int {
	n := 0
	for n < len(list) && strings.TrimSpace(list[len(list)-1-n]) == "" {
		n++
	}
	return n
}
