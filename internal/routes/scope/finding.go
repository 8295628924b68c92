package scope

import "slices"

// finding is what was concluded about one route, or about one part of it.
type finding struct {
	access   Access
	data     Data
	basis    Basis
	verdict  Verdict
	federal  Answer
	why      string
	notes    []string
	question string
}

// note adds a note, once.
func (f finding) note(n string) finding {
	if !slices.Contains(f.notes, n) {
		f.notes = append(slices.Clip(f.notes), n)
	}
	return f
}

// asks sets the question where none is set yet.
func (f finding) asks(id string) finding {
	if f.question == "" {
		f.question = id
	}
	return f
}

// worse joins the findings about two parts of one route: the one that is
// further from limited speaks, and the notes of both stand.
func worse(a, b finding) finding {
	winner, other := a, b
	if rank(b.verdict) > rank(a.verdict) {
		winner, other = b, a
	}
	for _, n := range other.notes {
		winner = winner.note(n)
	}
	if other.federal == No || winner.federal == Yes {
		winner.federal = other.federal
	}
	return winner
}

func rank(v Verdict) int {
	switch v {
	case NotLimited:
		return 3
	case Undetermined:
		return 2
	case Limited:
		return 1
	}
	return 0
}

// doubt is a read that nothing settles.
func doubt(data Data, basis Basis, federal Answer, question, why string) finding {
	return finding{access: Read, data: data, basis: basis, verdict: Undetermined, federal: federal, question: question, why: why}
}

// within is a read that is inside USCDI v1 and inside the federal floor.
func within(data Data, basis Basis, why string) finding {
	return finding{access: Read, data: data, basis: basis, verdict: Limited, federal: Yes, why: why}
}
