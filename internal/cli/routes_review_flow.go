package cli

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/terminal/ask"
)

// What a person can say of a masked word.
const (
	isWord      = "word"
	isParameter = "parameter"
	isIgnored   = "ignore"
	isLater     = "later"
)

// review leads through masked words and proposals. It implements ask.Flow, and
// infers anew after each decision, because one decision can settle many words.
type review struct {
	collector *infer.Collector
	approved  infer.Approvals
	skipped   map[string]bool // subjects that were left for later
	decided   int
	naming    *subject // a parameter waits for its name
}

// A subject is one thing to decide: a proposal, or a masked word.
type subject struct {
	key      string
	proposal *infer.Proposal
	mask     *infer.Mask
}

func newReview(c *infer.Collector, before infer.Approvals) *review {
	return &review{collector: c, approved: draft.Joined(before, infer.Approvals{}), skipped: map[string]bool{}}
}

// subject is the next thing to decide.
func (r *review) subject() (subject, bool) {
	result := r.collector.Result()
	for i := range result.Proposals {
		p := &result.Proposals[i]
		if one := (subject{key: "proposal " + p.Template, proposal: p}); !r.skipped[one.key] {
			return one, true
		}
	}
	masks := r.collector.Masks()
	for i := range masks {
		m := &masks[i]
		if one := (subject{key: "word " + prefix(m.Path, m.Label), mask: m}); !r.skipped[one.key] && leftmost(m) {
			return one, true
		}
	}
	return subject{}, false
}

// leftmost tells whether no other mask stands before this one: what a word
// means can only be said where the path before it is settled.
func leftmost(m *infer.Mask) bool { return !strings.Contains(before(m.Path, m.Label), "{?") }

func before(path, label string) string {
	head, _, _ := strings.Cut(path, label)
	return head
}

// prefix is the path up to a mask and with it.
func prefix(path, label string) string { return before(path, label) + label }

// Next implements ask.Flow.
func (r *review) Next() (ask.Page, bool, error) {
	if r.naming != nil {
		m := r.naming.mask
		return ask.Page{Question: ask.Question{
			ID: "name", Title: "What is the parameter called?", Kind: ask.Text,
			Help:     "A name such as personId. It stands in " + before(m.Path, m.Label) + "{name}.",
			Validate: parameterName,
		}}, true, nil
	}
	one, more := r.subject()
	if !more {
		return ask.Page{}, false, nil
	}
	if one.proposal != nil {
		return ask.Page{Question: proposalPage(one.proposal)}, true, nil
	}
	return ask.Page{Question: maskPage(one.mask)}, true, nil
}

func proposalPage(p *infer.Proposal) ask.Question {
	return ask.Question{
		ID: "proposal", Title: fmt.Sprintf("Are these %d words values of one parameter?", p.Count), Kind: ask.Select,
		Help: p.Template + ": " + strings.Join(p.Values[:min(len(p.Values), 6)], ", "),
		Why:  "Where they are, they become one route. Where they are words of the API, they stay routes of their own.",
		Choices: []ask.Choice{
			{Value: isParameter, Label: "Yes, one parameter", Help: "The list gets " + p.Template + "."},
			{Value: isLater, Label: "No, or not now", Help: "They stay apart."},
		},
	}
}

func maskPage(m *infer.Mask) ask.Question {
	return ask.Question{
		ID: "word", Title: fmt.Sprintf("What is %q?", m.Word), Kind: ask.Select,
		Help: "It stands in " + m.Method + " " + strings.Replace(m.Path, m.Label, "["+m.Word+"]", 1) + ".",
		Why:  "Nothing vouches for this word, so it could be a name or an id. It is shown here only.",
		Choices: []ask.Choice{
			{Value: isParameter, Label: "A value: write a parameter", Help: "You are asked for the name of the parameter; all values in this place become one route."},
			{Value: isWord, Label: "A word of the API", Help: "It is written to " + reviewFile + " and printed from then on."},
			{Value: isIgnored, Label: "Not a route of this application", Help: "Every "+m.Method+" with an unknown word in this place is ignored from then on."},
			{Value: isLater, Label: "Decide later", Help: "The route stays out of the list."},
		},
	}
}

// Accept implements ask.Flow.
func (r *review) Accept(_ ask.Question, a ask.Answer) ([]string, error) {
	value := ""
	if len(a.Values) > 0 {
		value = a.Values[0]
	}
	if r.naming != nil {
		m := r.naming.mask
		r.naming = nil
		return r.approve(infer.Approvals{Templates: []string{before(m.Path, m.Label) + "{" + value + "}"}})
	}
	one, more := r.subject()
	if !more {
		return nil, errors.New("there was nothing to decide")
	}
	switch {
	case value == isLater:
		r.skipped[one.key] = true
	case one.proposal != nil:
		return r.approve(infer.Approvals{Templates: []string{one.proposal.Template}})
	case value == isParameter:
		r.naming = &one
	case value == isWord:
		return r.approve(infer.Approvals{Words: []string{strings.ToLower(one.mask.Word)}})
	case value == isIgnored:
		return r.approve(infer.Approvals{Ignore: []string{one.mask.Method + " " + unlabelled(one.mask.Path)}})
	}
	return nil, nil
}

func (r *review) approve(a infer.Approvals) ([]string, error) {
	next := draft.Joined(r.approved, a)
	if err := r.collector.Approve(next); err != nil {
		return nil, ask.Rejection(err.Error())
	}
	r.approved = next
	r.decided++
	return nil, nil
}

// Back implements ask.Flow: only the name of a parameter leads back.
func (r *review) Back() bool {
	if r.naming == nil {
		return false
	}
	r.naming = nil
	return true
}

// unlabelled writes every mask as {?}, which is how a form is ignored: by its
// place, never by the word.
func unlabelled(path string) string {
	return regexp.MustCompile(`\{\?\d+\}`).ReplaceAllString(path, "{?}")
}

func parameterName(values []string) error {
	name := values[0]
	ok := name != "" && len(name) <= 64 && !strings.ContainsFunc(name, func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')
	})
	if !ok || slices.Contains([]byte("0123456789"), name[0]) {
		return errors.New("write letters, digits and _, beginning with a letter")
	}
	return nil
}
