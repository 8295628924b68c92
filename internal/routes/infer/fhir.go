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
	out := make([]part, 0, len(parts))
	afterType := 0 // parts since a type; 0 before one
	history := false
	for i, p := range parts {
		switch word := p.kind == isWord; {
		case word && afterType != 1 && isFHIRType(p.text):
			p.rule, afterType = ruleFHIRType, 0
			out = append(out, p)
			afterType = 1
			continue
		case word && (p.text == "_search" || p.text == "_history" || p.text == "*" && afterType == 2):
			p.rule, history = ruleFHIRWord, p.text == "_history"
		case word && len(p.text) > 1 && p.text[0] == '$':
			if _, known := catalog.FHIR().Operation(p.text[1:]); known {
				p.rule = ruleFHIROperation
			}
		case history:
			p, history = part{kind: isParam, text: "vid", rule: ruleFHIRVersion}, false
		case afterType == 1:
			p = part{kind: isParam, text: "id", rule: ruleFHIRID}
		case afterType > 1 && !word:
			p = part{kind: isParam, text: "id", rule: ruleFHIRID}
		case i == 0 && word && (p.text == "metadata" || p.text == ".well-known"):
			p.rule = ruleFHIRWord
		}
		if afterType > 0 {
			afterType++
		}
		out = append(out, p)
	}
	return out
}

func isFHIRType(name string) bool {
	r4, dstu2 := route.FHIRType(name)
	return r4 || dstu2
}

// afterFHIRType applies the one rule of FHIR that holds in every API: a path
// word that is spelled like a resource type is followed by an id.
func afterFHIRType(parts []part) []part {
	for i := 1; i < len(parts); i++ {
		if before := parts[i-1]; before.kind == isWord && isFHIRType(before.text) && parts[i].kind == isWord && !strings.HasPrefix(parts[i].text, "$") {
			parts[i] = part{kind: isParam, rule: ruleFHIRID, text: "id"}
		}
	}
	return parts
}
