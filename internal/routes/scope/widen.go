package scope

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// widened judges what the parameters of a search add to its type: types that
// come along (_include, _revinclude) and types whose data decides what is found
// (_has, chained searches). The first finding that matters most speaks.
func (j *judge) widened(q *request, it interaction) finding {
	f := finding{access: Read, verdict: Ignored, federal: Yes}
	for _, p := range q.params {
		name, rest, _ := strings.Cut(p.key, ":")
		switch {
		case name == "_include":
			f = worse(f, j.include(q, p.value))
		case name == "_revinclude":
			f = worse(f, j.reverse(q, p.value))
		case name == "_has":
			for ok := true; ok; {
				source, more, _ := strings.Cut(rest, ":")
				f = worse(f, j.adds(q, source))
				_, more, _ = strings.Cut(more, ":")
				rest, ok = strings.CutPrefix(more, "_has:")
			}
		case name == "_list" || name == "_filter" || name == "_query":
			f = worse(f, doubt(UnknownData, NoBasis, Uncertain, AskOperation, "the parameter "+name+" can reach data that the address does not show"))
		case strings.Contains(p.key, "."):
			f = worse(f, j.chained(q, it.typ, p.key))
		}
	}
	return f
}

// include judges _include=Source:parameter[:Target].
func (j *judge) include(q *request, value string) finding {
	parts := strings.Split(value, ":")
	if value == "*" || len(parts) > 1 && parts[1] == "*" {
		return finding{access: Read, data: EHIOther, basis: ByFHIRTable, verdict: NotLimited, federal: Uncertain,
			why: "_include of everything returns types beyond USCDI v1"}
	}
	if len(parts) < 2 {
		return doubt(UnknownData, NoBasis, Uncertain, AskOperation, "which types an _include adds cannot be read from the address")
	}
	if len(parts) > 2 && parts[2] != "" {
		return j.adds(q, parts[2])
	}
	return j.targets(q, parts[0], parts[1])
}

// targets judges the types to which a reference parameter leads. Where only
// some of them are beyond USCDI v1, it takes a target type to tell.
func (j *judge) targets(q *request, source, parameter string) finding {
	if q.dstu2() {
		source = r4Name(source)
	}
	if byDesign(source, parameter) {
		return within(Auxiliary, ByUSCoreShall, "adds types to which profiles of US Core refer").note(NoteIncludeByDesign)
	}
	targets, ok := j.fhir.Include(source, parameter)
	if !ok || slices.Contains(targets, "ANY") {
		return doubt(UnknownData, ByFHIRTable, Uncertain, AskOperation, "a reference that can lead to any type; name the target type")
	}
	f, outside := finding{access: Read, verdict: Ignored, federal: Yes}, 0
	for _, target := range targets {
		one := j.adds(q, target)
		if one.verdict == NotLimited {
			outside++
		}
		f = worse(f, one)
	}
	if outside > 0 && outside < len(targets) {
		return doubt(UnknownData, ByFHIRTable, Uncertain, AskOperation,
			source+":"+parameter+" can lead to types beyond USCDI v1; name the target type")
	}
	return f
}

// byDesign names the references that profiles of US Core 3.1.1 must support or
// narrow down, so that what they lead to belongs to the certified use.
func byDesign(source, parameter string) bool {
	switch source + ":" + parameter {
	case "DocumentReference:author", "DocumentReference:custodian", "DocumentReference:encounter", "DiagnosticReport:performer",
		"DiagnosticReport:encounter", "MedicationRequest:requester", "MedicationRequest:encounter", "MedicationRequest:medication",
		"CareTeam:participant", "Encounter:participant", "Encounter:location", "Provenance:agent":
		return true
	}
	return parameter == "subject" || parameter == "patient"
}

// reverse judges _revinclude=Source:parameter, which adds Source.
func (j *judge) reverse(q *request, value string) finding {
	source, _, found := strings.Cut(value, ":")
	if value == "*" {
		return finding{access: Read, data: EHIOther, basis: ByFHIRTable, verdict: NotLimited, federal: Uncertain,
			why: "_revinclude of everything returns types beyond USCDI v1"}
	}
	if !found {
		return doubt(UnknownData, NoBasis, Uncertain, AskOperation, "which types a _revinclude adds cannot be read from the address")
	}
	f := j.adds(q, source)
	if source == "Provenance" {
		f = f.asks(AskProvenance)
	}
	return f
}

// chained judges patient.name and performer:Organization.name: the data of the
// types on the way decides what is found.
func (j *judge) chained(q *request, typ, key string) finding {
	links := strings.Split(key, ".")
	f := finding{access: Read, verdict: Ignored, federal: Yes}
	for _, link := range links[:len(links)-1] {
		parameter, target, typed := strings.Cut(link, ":")
		if typed {
			f = worse(f, j.adds(q, target))
			typ = target
			continue
		}
		f = worse(f, j.targets(q, typ, parameter))
		targets, _ := j.fhir.Include(typ, parameter)
		typ = "" // unknown from here on, unless there is one target
		if len(targets) == 1 {
			typ = targets[0]
		}
	}
	return f
}

// adds judges a type that comes along, unfiltered.
func (j *judge) adds(q *request, name string) finding {
	res, ok := j.lookUp(q, name)
	if !ok {
		return doubt(UnknownData, NoBasis, Uncertain, AskOperation, "a type that comes along is no type of this FHIR version, or still a template")
	}
	switch res.V1 {
	case catalog.Out:
		return beyond(res)
	case catalog.Conditional:
		return doubt(V1Conditional, ByFHIRTable, federalOf(res), AskUnfiltered, res.Name+" comes along unfiltered, and only a part of it is in USCDI v1")
	case catalog.Supporting:
		return within(Auxiliary, ByFHIRTable, res.Name+" comes along").note(NoteSupporting)
	}
	return within(V1, ByFHIRTable, res.Name+" comes along")
}
