package infer

import (
	"strings"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// settleFHIR applies the grammar of FHIR addresses (R4 http.html; DSTU2 has the
// same forms): what follows a resource type is an id, whatever it looks like.
// Parts that the grammar settles get their rule; others stay words.
func settleFHIR(parts []part) []part {
	g := grammar{}
	for i, p := range parts {
		parts[i] = g.settle(p, i)
	}
	return parts
}

// grammar is where in an address the parts before have led.
type grammar struct {
	afterType int  // parts since a type; 0 before one
	history   bool // the part before is _history
}

func (g *grammar) settle(p part, at int) part {
	if p.kind == isWord && g.afterType != 1 && isFHIRType(p.text) {
		g.afterType = 1
		p.rule = ruleFHIRType
		return p
	}
	history := g.history
	g.history = p.kind == isWord && p.text == "_history"
	switch rule := g.word(p, at); {
	case rule != "":
		p.rule = rule
	case p.kind == isWord && strings.HasPrefix(p.text, "$"):
	case history:
		p = part{kind: isParam, text: "vid", rule: ruleFHIRVersion}
	case g.afterType == 1, g.afterType > 1 && p.kind != isWord:
		p = part{kind: isParam, text: "id", rule: ruleFHIRID}
	}
	if g.afterType > 0 {
		g.afterType++
	}
	return p
}

// word is the rule for the words that the grammar itself has.
func (g *grammar) word(p part, at int) string {
	switch {
	case p.kind != isWord:
	case p.text == "_search", p.text == "_history", p.text == "*" && g.afterType == 2, at == 0 && (p.text == "metadata" || p.text == ".well-known"):
		return ruleFHIRWord
	case len(p.text) > 1 && p.text[0] == '$':
		if _, known := catalog.FHIR().Operation(p.text[1:]); known {
			return ruleFHIROperation
		}
	}
	return ""
}

func isFHIRType(name string) bool {
	r4, dstu2 := route.FHIRType(name)
	return r4 || dstu2
}

// afterFHIRType applies the one rule of FHIR that holds in every API: a path
// word that is spelled like a resource type is followed by an id.
func afterFHIRType(segments []segment) {
	for i := 1; i < len(segments); i++ {
		before, s := &segments[i-1], &segments[i]
		if before.kind == isWord && isFHIRType(before.text) && s.kind == isWord && !s.taken && !strings.HasPrefix(s.text, "$") {
			s.part, s.rule = part{kind: isParam, text: "id"}, ruleFHIRID
		}
	}
}
