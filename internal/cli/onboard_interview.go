package cli

import (
	"slices"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// interview is what a guided run knows, apart from any screen: what was given,
// what was answered since, and therefore what is still asked. It is a plain
// value over the rulebook and needs neither terminal nor files.
type interview struct {
	edition *rulebook.Edition
	asOf    string
	base    trait.Set // profile, answers file, flags and route list
	strict  bool      // required questions only

	replies map[trait.ID]reply
	trail   []trait.ID               // what was replied to, in the order of the pages
	gone    map[trait.ID]bool        // answers of base that a change has made pointless
	shelf   map[trait.ID]trait.Value // dropped answers: proposed where the question comes up again
}

// reply is what a person said to one question.
type reply struct {
	value   trait.Value
	unknown bool // "I don't know yet"
	loose   bool // corrected at the review although no decision waits for it
}

// dropped is an answer that no longer applies.
type dropped struct {
	id    trait.ID
	value trait.Value
}

func newInterview(e *rulebook.Edition, asOf string, base trait.Set) *interview {
	return &interview{
		edition: e, asOf: asOf, base: base,
		replies: map[trait.ID]reply{}, gone: map[trait.ID]bool{}, shelf: map[trait.ID]trait.Value{},
	}
}

// set is everything that counts as answered now.
func (v *interview) set() trait.Set {
	s := v.base
	for id := range v.gone {
		s = s.Without(id)
	}
	for id, r := range v.replies {
		s = r.apply(s, id)
	}
	return s
}

func (r reply) apply(s trait.Set, id trait.ID) trait.Set {
	if r.unknown {
		return s.Without(id)
	}
	return s.With(id, trait.Entry{Value: r.value, Origin: trait.Origin{Source: trait.FromPrompt}})
}

func (v *interview) evaluator(s trait.Set) *rulebook.Evaluator {
	return rulebook.NewEvaluator(v.edition, s, v.asOf)
}

func (v *interview) questions(s trait.Set) []plan.Question { return plan.Questions(v.evaluator(s)) }

// plan is what the answers so far lead to.
func (v *interview) plan() plan.Plan { return plan.Make(v.evaluator(v.set())) }

// open lists the questions that are still to be asked, the next one first. A
// question that was answered with "I don't know yet" is not asked again.
func (v *interview) open() []plan.Question {
	var out []plan.Question
	for _, q := range v.questions(v.set()) {
		if v.replies[q.Trait].unknown || v.strict && !q.Required {
			continue
		}
		out = append(out, q)
	}
	return out
}

// question words one question, also where it is answered already.
func (v *interview) question(id trait.ID) plan.Question {
	for _, q := range v.questions(v.set().Without(id)) {
		if q.Trait == id {
			return q
		}
	}
	t, _ := trait.Standard().Get(id)
	return plan.Question{Trait: id, Type: t.Type, Question: t.Question, Help: t.Help, Choices: t.Choices, Default: t.Default}
}

// answer takes a reply and returns the earlier answers that it makes pointless.
// An error means that the reply contradicts an answer given before it; nothing
// has changed then.
func (v *interview) answer(id trait.ID, r reply) ([]dropped, error) {
	before := v.set()
	old, had := before.Get(id)
	changed := had && (r.unknown || !old.Value.Equal(r.value))
	r.loose = !v.waits(before.Without(id), id)
	contradicted, err := contradicted(r.apply(before, id), id)
	if err != nil {
		return nil, err
	}
	v.replies[id] = r
	delete(v.gone, id)
	if !slices.Contains(v.trail, id) {
		v.trail = append(v.trail, id)
	}
	var out []dropped
	for _, other := range contradicted {
		out = v.drop(out, other)
	}
	for _, other := range v.stale() {
		out = v.drop(out, other)
	}
	if changed {
		for _, other := range v.pointless(before) {
			out = v.drop(out, other)
		}
	}
	return out, nil
}

// drop takes an answer out and keeps it on the shelf.
func (v *interview) drop(out []dropped, id trait.ID) []dropped {
	e, ok := v.set().Get(id)
	delete(v.replies, id)
	v.trail = slices.DeleteFunc(v.trail, func(t trait.ID) bool { return t == id })
	if _, stored := v.base.Get(id); stored {
		v.gone[id] = true
	}
	if !ok {
		return out // it was "I don't know yet"
	}
	v.shelf[id] = e.Value
	return append(out, dropped{id, e.Value})
}

// waits tells whether the rulebook asks for a trait that the set leaves open.
func (v *interview) waits(s trait.Set, id trait.ID) bool {
	return slices.ContainsFunc(v.questions(s), func(q plan.Question) bool { return q.Trait == id })
}

// stale finds the replies that would not be asked for any more, by asking anew
// in the rulebook's order with the replies at hand.
func (v *interview) stale() []trait.ID {
	s := v.base
	for id := range v.gone {
		s = s.Without(id)
	}
	rest := map[trait.ID]reply{}
	for id, r := range v.replies {
		if s = s.Without(id); r.loose {
			s = r.apply(s, id)
		} else {
			rest[id] = r
		}
	}
	for len(rest) > 0 {
		list := v.questions(s)
		i := slices.IndexFunc(list, func(q plan.Question) bool { _, ok := rest[q.Trait]; return ok })
		if i < 0 {
			break
		}
		id := list[i].Trait
		s = rest[id].apply(s, id)
		delete(rest, id)
	}
	var out []trait.ID
	for id := range rest {
		out = append(out, id)
	}
	trait.Standard().Sort(out)
	return out
}

// pointless finds answers of the profile, file or flags that mattered before a
// change and do not any more: left in place they would describe an application
// that no longer exists.
func (v *interview) pointless(before trait.Set) []trait.ID {
	after := v.set()
	var out []trait.ID
	for _, t := range trait.Standard().All() {
		_, replied := v.replies[t.ID]
		if _, had := after.Get(t.ID); !had || replied || t.Kind != trait.Answer || t.PerClient() {
			continue
		}
		if v.waits(before.Without(t.ID), t.ID) && !v.waits(after.Without(t.ID), t.ID) {
			out = append(out, t.ID)
		}
	}
	return out
}

// contradicted lists the later answers that cannot stand beside the new one.
// Where an earlier answer is in the way, the new one is refused instead.
func contradicted(s trait.Set, id trait.ID) ([]trait.ID, error) {
	cat := trait.Standard()
	problems := cat.Contradictions(s)
	if len(problems) == 0 {
		return nil, nil
	}
	for _, t := range cat.All()[cat.Order(id)+1:] {
		if _, ok := s.Get(t.ID); ok && len(cat.Contradictions(s.Without(t.ID))) == 0 {
			return []trait.ID{t.ID}, nil
		}
	}
	return nil, exit.Problems(exit.Usage, problems)
}

// proposal is the value to offer for a question: the present answer, else one
// that was dropped before, else a default that is safe to accept unseen.
func (v *interview) proposal(id trait.ID) (value trait.Value, unknown, ok bool) {
	if v.replies[id].unknown {
		return trait.Value{}, true, true
	}
	if e, had := v.set().Get(id); had {
		return e.Value, false, true
	}
	if kept, had := v.shelf[id]; had {
		return kept, false, true
	}
	if t, known := trait.Standard().Get(id); known && t.Default != "" {
		if d, err := t.Parse(t.Default); err == nil {
			return d, false, true
		}
	}
	return trait.Value{}, false, false
}
