package smart

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// widen asks for the types that the parameters of a search bring along
// (_include, _revinclude), and for those whose data decides what it finds
// (_has, chains).
func (d *deriver) widen(c scope.Call) {
	for _, p := range c.Params {
		name, rest, _ := strings.Cut(p.Key, ":")
		switch {
		case name == "_include":
			for v := range strings.SplitSeq(p.Value, ",") {
				d.include(c, v)
			}
		case name == "_revinclude":
			for v := range strings.SplitSeq(p.Value, ",") {
				source, _, found := strings.Cut(v, ":")
				d.also(source, found, "comes along by _revinclude")
			}
		case name == "_has":
			d.has(rest)
		case name == "_filter" || name == "_query" || name == "_list":
			d.open("the parameter " + name + " can reach types that the address does not show")
		case strings.Contains(p.Key, "."):
			d.chain(c, p.Key)
		}
	}
}

// also asks for a type that a search touches beside its own.
func (d *deriver) also(typ string, found bool, why string) {
	if !found || !isType(typ) {
		d.open("which types an include, a chain or _has adds cannot be read from the address: name them")
		return
	}
	d.ask(typ, reads, "", why)
}

// include reads Source:parameter[:Target].
func (d *deriver) include(c scope.Call, value string) {
	const why = "comes along by _include"
	parts := strings.Split(value, ":")
	switch {
	case len(parts) > 2 && parts[2] != "":
		d.also(parts[2], true, why)
	case len(parts) < 2:
		d.also("", false, why)
	default:
		d.targets(c, parts[0], parts[1], why)
	}
}

// targets asks for every type to which a reference can lead. The table is that
// of R4; for DSTU2 it speaks only where the type has the same name.
func (d *deriver) targets(c scope.Call, source, parameter, why string) []string {
	found, ok := catalog.FHIR().Include(source, parameter)
	known := func(typ string) bool {
		r4, dstu2 := route.FHIRType(typ)
		if c.API == route.FHIRDSTU2 {
			return dstu2
		}
		return r4
	}
	if !ok || slices.Contains(found, "ANY") {
		d.open("a reference that can lead to any type: name the target type")
		return nil
	}
	for _, typ := range found {
		if known(typ) {
			d.also(typ, true, why)
		}
	}
	return found
}

// has reads Source:reference:parameter, which may hold another _has.
func (d *deriver) has(rest string) {
	for more := true; more; {
		source, tail, found := strings.Cut(rest, ":")
		d.also(source, found, "its data decides what _has finds")
		_, tail, _ = strings.Cut(tail, ":")
		rest, more = strings.CutPrefix(tail, "_has:")
	}
}

// chain reads patient.name and performer:Organization.name.
func (d *deriver) chain(c scope.Call, key string) {
	const why = "its data decides what a chained search finds"
	typ, links := c.Type, strings.Split(key, ".")
	for _, link := range links[:len(links)-1] {
		parameter, target, typed := strings.Cut(link, ":")
		if typed {
			d.also(target, true, why)
			typ = target
			continue
		}
		found := d.targets(c, typ, parameter, why)
		typ = ""
		if len(found) == 1 {
			typ = found[0]
		}
	}
}

// category is the constraint that a search carries: one literal category of
// Observation or Condition. Certified servers support these two.
func category(c scope.Call) string {
	value, count := "", 0
	for _, p := range c.Params {
		if name, _, _ := strings.Cut(p.Key, ":"); name == "category" {
			count++
			value = p.Value
			if name != p.Key {
				return "" // with a modifier it says something else
			}
		}
	}
	if count != 1 || strings.ContainsAny(value, ",{}* ") {
		return ""
	}
	system, code, found := strings.Cut(value, "|")
	if !found {
		code = value
		if system = systemOf(c.Type, code); system == "" {
			return ""
		}
	}
	if system == "" || code == "" || c.Type != "Observation" && c.Type != "Condition" {
		return ""
	}
	return "category=" + encode(system+"|"+code)
}

// systemOf is the code system of the categories that certified servers accept
// in a scope; "" for any other code.
func systemOf(typ, code string) string {
	switch typ + " " + code {
	case "Observation laboratory", "Observation vital-signs", "Observation social-history", "Observation survey", "Observation procedure":
		return "http://terminology.hl7.org/CodeSystem/observation-category"
	case "Observation sdoh":
		return "http://hl7.org/fhir/us/core/CodeSystem/us-core-category"
	case "Condition encounter-diagnosis", "Condition problem-list-item":
		return "http://terminology.hl7.org/CodeSystem/condition-category"
	case "Condition health-concern":
		return "http://hl7.org/fhir/us/core/CodeSystem/condition-category"
	}
	return ""
}
