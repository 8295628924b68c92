package scope

import (
	"slices"
	"strings"
	"sync"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// confinement says to what a filter narrows a conditional type.
type confinement int

const (
	unconfined  confinement = iota // no filter, or one whose values are not known
	confined                       // to USCDI v1
	confinedV3                     // to what entered with USCDI v3
	confinedOut                    // to what is in neither
)

// codes are the LOINC codes by which USCDI v1 elements are searched.
type codes struct {
	observation map[string]bool // vital signs and smoking status
	notes       map[string]bool // types of clinical notes
}

// loinc collects the codes from the USCDI table, so that they stand in one place.
var loinc = sync.OnceValue(func() codes {
	c := codes{map[string]bool{}, map[string]bool{}}
	for _, e := range catalog.FHIR().USCDI() {
		into := c.observation
		switch e.Class {
		case "Vital Signs", "Smoking Status":
		case "Clinical Notes":
			into = c.notes
		default:
			continue
		}
		for word := range strings.FieldsFuncSeq(e.Filter, func(r rune) bool { return !isCodeRune(r) }) {
			if number, check, ok := strings.Cut(word, "-"); ok && len(check) == 1 && strings.Trim(number+check, "0123456789") == "" {
				into[word] = true
			}
		}
	}
	return c
})

func isCodeRune(r rune) bool {
	return r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// confine reads the filters of a search. Several filters narrow together, so
// one that narrows to USCDI v1 is enough; a filter with a modifier (:not) or a
// template as its value narrows nothing that can be relied on.
func confine(q *request, typ string, dstu2 bool) confinement {
	result := unconfined
	for _, name := range []string{"category", "code", "type"} {
		for _, p := range q.params {
			if p.key != name || p.value == "" {
				continue
			}
			switch c := confineOne(typ, name, strings.Split(p.value, ","), dstu2); {
			case c == confined:
				return confined
			case c != unconfined && result == unconfined:
				result = c
			}
		}
	}
	return result
}

// confineOne judges one filter. Its values are alternatives: all must be
// within; one that is known to be beyond takes the filter beyond.
func confineOne(typ, name string, values []string, dstu2 bool) confinement {
	result, unknown := confined, false
	for _, v := range values {
		switch c := meaning(typ, name, v, dstu2); c {
		case unconfined:
			unknown = true
		case confinedV3, confinedOut:
			result = max(result, c)
		}
	}
	if result == confined && unknown {
		return unconfined
	}
	return result
}

// meaning is what one value of a filter stands for.
func meaning(typ, name, value string, dstu2 bool) confinement {
	c := code(value)
	isLOINC := !strings.Contains(value, "|") || strings.HasPrefix(value, "http://loinc.org|")
	switch typ + " " + name {
	case "Observation category":
		return observationCategory(c)
	case "Observation code":
		return where(isLOINC && loinc().observation[c])
	case "DiagnosticReport category":
		return where(c == "LAB" || !dstu2 && slices.Contains([]string{"LP29684-5", "LP29708-2", "LP7839-6"}, c))
	case "DocumentReference category":
		return where(c == "clinical-note")
	case "DocumentReference type":
		return where(isLOINC && loinc().notes[c])
	case "CarePlan category":
		return where(c == "assess-plan" || dstu2 && c == "careteam")
	}
	return unconfined
}

func where(within bool) confinement {
	if within {
		return confined
	}
	return unconfined
}

// observationCategory sorts the categories of US Core and HL7. social-history
// is neither: it holds smoking status and much else.
func observationCategory(c string) confinement {
	switch c {
	case "vital-signs", "laboratory":
		return confined
	case "survey", "sdoh", "imaging", "procedure", "functional-status", "disability-status", "cognitive-status":
		return confinedV3
	case "exam", "therapy", "activity":
		return confinedOut
	}
	return unconfined
}
