package infer

import (
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// querySet writes the query of a FHIR request as a template: parameters whose
// names are vouched for, sorted; values only from closed lists, because they
// decide what is asked for (category=laboratory). Parameters that only say how
// a result is shown are left out. unnamed counts the names that nothing
// vouches for.
func querySet(query string) (text string, unnamed int64) {
	if query == "" {
		return "", 0
	}
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil || name == "" || presentation(name) {
			continue
		}
		if head := widening(name); head != "" && !nameVouched(name) {
			pairs = append(pairs, head+"={"+strings.TrimPrefix(head, "_")+"}") // never dropped: it adds data
			unnamed++
			continue
		}
		if !nameVouched(name) {
			unnamed++
			continue
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil {
			value = ""
		}
		if coded := codedValue(name, value); coded != "" {
			pairs = append(pairs, name+"="+coded)
		} else {
			pairs = append(pairs, name+"={"+valueName(name)+"}")
		}
	}
	slices.Sort(pairs)
	if pairs = slices.Compact(pairs); size(pairs) > maxTemplateQuery {
		pairs = namesOnly(pairs)
	}
	return strings.Join(pairs, "&"), unnamed
}

// asked lists the decisions about a query of querySet.
func asked(query string) (decisions []Decision) {
	if query == "" {
		return nil
	}
	for pair := range strings.SplitSeq(query, "&") {
		rule := ruleQueryCoded
		if strings.HasSuffix(pair, "}") {
			rule = ruleQueryValue
		}
		decisions = append(decisions, decide(pair, rule))
	}
	return decisions
}

// maxTemplateQuery leaves room for the path in what a route list takes.
const maxTemplateQuery = 1200

func size(pairs []string) (n int) {
	for _, p := range pairs {
		n += len(p) + 1
	}
	return n
}

// namesOnly makes a query of many codes short: what each parameter asks for is
// left open, and that it asks stays.
func namesOnly(pairs []string) (short []string) {
	for _, p := range pairs {
		name, _, _ := strings.Cut(p, "=")
		head, _, _ := strings.Cut(name, ":")
		if w := widening(name); w != "" {
			head = w
		}
		if len(head) < 60 && len(short) < 20 {
			short = append(short, head+"={"+valueName(head)+"}")
		}
		slices.Sort(short)
		short = slices.Compact(short)
	}
	return short
}

// widening returns the parameter that adds data to a search, or asks for what
// nothing says, to which a name belongs; "" for a parameter that narrows.
func widening(name string) string {
	head := name
	if i := strings.IndexAny(name, ":."); i >= 0 {
		head = name[:i]
	}
	switch head {
	case "_include", "_revinclude", "_has", "_filter", "_query", "_list":
		return head
	}
	return ""
}

// presentation names the parameters that do not change what is asked for.
func presentation(name string) bool {
	switch name, _, _ := strings.Cut(name, ":"); name {
	case "_count", "_maxresults", "_sort", "_format", "_pretty", "_summary", "_elements", "_total", "_contained", "_containedType",
		"page", "_page", "_offset", "_getpages", "_getpagesoffset", "_bundletype", "ct", "skip", "limit", "offset":
		return true
	}
	return false
}

// searchNames are the search parameters of the FHIR types that clinical servers
// offer: R4, DSTU2, US Core, Argonaut, and the parameters of all types.
const searchNames = `_id _lastUpdated _tag _profile _security _text _content _list _has _type _query _filter _since _until _typeFilter
 _outputFormat _include _revinclude
 abatement-date account active actor address address-city address-country address-postalcode address-state address-use appointment
 asserter author authenticator authoredon authored-on authority based-on basedon beneficiary birthdate body-site bodysite category
 careteam characteristic class clinical-status code code-value-quantity code-value-concept combo-code combo-value-quantity
 component-code component-value-quantity composition condition connection-type context created criticality custodian data-absent-reason
 date dateasserted dateattended datewritten death-date deceased definition description destination device device-name diagnosis
 direct-site discharge-disposition dispenser effective effectivetime email encounter end endpoint entity entity-name entity-type
 episode-of-care episodeofcare event evidence facility family format fulfills-intention gender general-practitioner given
 given-name goal group-identifier guardian healthcareservice icd-10 id identifier identity image includes ingredient
 instantiates-canonical instantiates-uri insurer intendeddispenser intended-dispenser intent intention interval issued kind language
 last-date length lifecycle-status link location location-period lot-number manifestation manufacturer medication method model
 monograph name near notgiven onset onset-age onset-date onset-info operational-status organization owner paracontained parent
 part-of partof participant participant-type participating-organization patient payer payor period performer perf-procedure
 phone phonetic physical-type policy-holder practitioner prescriber primary-organization priority procedure provider publisher
 questionnaire reaction reaction-date reason reason-code reason-not-given reason-reference recipient recorder recorded related
 related-id related-ref relatedperson relatesto relationship replaces request requester requisition responsibleparty result
 results-interpreter role route securitylabel security-label series service-category service-type severity signature-type site
 sent source special-arrangement specialty specimen stage start start-date status status-date subject subscriber substance
 target target-date target-disease target-species telecom title type type-code udi udi-carrier udi-di url use user value-concept
 value-date value-quantity value-string vaccine-code verification-status version visit when whenhandedover whenprepared
 on-demand`

var searchNameSet = sync.OnceValue(func() map[string]bool { return setOf(searchNames) })

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// nameVouched tells whether every word of a parameter name is known: plain
// names, modifiers, chains (subject:Patient.name) and _has.
func nameVouched(name string) bool {
	if len(name) > 120 {
		return false
	}
	if rest, ok := strings.CutPrefix(name, "_has:"); ok {
		parts := strings.SplitN(rest, ":", 3)
		return len(parts) == 3 && isFHIRType(parts[0]) && searchNameSet()[parts[1]] && nameVouched(parts[2])
	}
	head, chain, chained := strings.Cut(name, ".")
	plain, modifier, modified := strings.Cut(head, ":")
	if !searchNameSet()[plain] || modified && !modifierVouched(modifier) {
		return false
	}
	return !chained || nameVouched(chain)
}

func modifierVouched(m string) bool {
	switch m {
	case "missing", "exact", "contains", "not", "text", "in", "not-in", "below", "above", "ofType", "of-type", "identifier", "iterate", "recurse":
		return true
	}
	return isFHIRType(m)
}

// valueName is what a value is called in a template.
func valueName(name string) string {
	if rest, ok := strings.CutPrefix(name, "_has:"); ok {
		name = rest[strings.LastIndexByte(rest, ':')+1:]
	}
	if i := strings.LastIndexAny(name, ".:"); i >= 0 {
		last := name[i+1:]
		if name[i] == ':' { // a modifier says nothing about the value
			last = valueName(name[:i])
		}
		name = last
	}
	return strings.TrimPrefix(name, "_")
}

// codedValue returns a value, or the codes in it, where all of it is from a
// closed list; "" for everything else.
func codedValue(name, value string) string {
	plain, modifier, _ := strings.Cut(name, ":")
	if modifier != "" && modifier != "not" && modifier != "iterate" && modifier != "recurse" {
		return ""
	}
	var codes []string
	for one := range strings.SplitSeq(value, ",") {
		code, ok := codedOne(plain, strings.TrimSpace(one))
		if !ok {
			return ""
		}
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), ",")
}

func codedOne(name, value string) (string, bool) {
	switch name {
	case "_include", "_revinclude":
		return value, includeVouched(value)
	case "_type":
		return value, isFHIRType(value)
	}
	code := value
	if system, after, ok := strings.Cut(value, "|"); ok {
		if system != "" && !strings.HasPrefix(system, "http://terminology.hl7.org/") && !strings.HasPrefix(system, "http://hl7.org/") && system != "http://loinc.org" {
			return "", false
		}
		code = after
	}
	switch name {
	case "code", "type":
		// A code of another system that looks like one of LOINC is another code.
		return code, clinicalCodes()[code] && (code == value || strings.HasPrefix(value, "http://loinc.org|"))
	case "category", "status", "clinical-status", "verification-status", "lifecycle-status", "intent", "class":
		return code, codedSet()[code]
	}
	return "", false
}

// codedWords are the codes of categories, statuses and intents in US Core,
// Argonaut and the base standard. None of them says anything of one person.
const codedWords = `laboratory vital-signs social-history survey exam imaging procedure therapy activity sdoh functional-status
 disability-status cognitive-status problem-list-item encounter-diagnosis health-concern assess-plan careteam clinical-note LAB RAD
 LP29684-5 LP29708-2 LP7839-6 diagnosis symptom finding complaint problem
 active inactive resolved recurrence relapse remission final amended preliminary registered corrected appended cancelled completed
 entered-in-error on-hold stopped draft unknown planned arrived triaged in-progress onleave finished proposed suspended current
 superseded accepted rejected achieved sustained on-target off-target not-done confirmed unconfirmed provisional differential refuted
 order plan proposal original-order reflex-order filler-order instance-order option AMB IMP EMER`

var codedSet = sync.OnceValue(func() map[string]bool { return setOf(codedWords) })

// clinicalCodes are the LOINC codes by which USCDI v1 elements are searched,
// from the table of the catalogue.
var clinicalCodes = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for _, e := range catalog.FHIR().USCDI() {
		for word := range strings.FieldsFuncSeq(e.Filter, func(r rune) bool { return r != '-' && (r < '0' || r > '9') }) {
			if number, check, ok := strings.Cut(word, "-"); ok && len(check) == 1 && allDigits(number) && allDigits(check) {
				set[word] = true
			}
		}
	}
	return set
})

// includeVouched accepts Type:parameter and Type:parameter:Type with names that
// the include table or the list of search parameters has, and a star.
func includeVouched(value string) bool {
	if value == "*" {
		return true
	}
	parts := strings.Split(value, ":")
	if len(parts) < 2 || len(parts) > 3 || !isFHIRType(parts[0]) || len(parts) == 3 && !isFHIRType(parts[2]) {
		return false
	}
	if _, ok := catalog.FHIR().Include(parts[0], parts[1]); ok {
		return true
	}
	return searchNameSet()[parts[1]] || parts[1] == "*"
}
