package infer

import "sync"

// The ids of the rules. They never change.
const (
	ruleFHIRType      = "fhir-type"
	ruleFHIRID        = "fhir-id"
	ruleFHIRVersion   = "fhir-version-id"
	ruleFHIROperation = "fhir-operation"
	ruleFHIRWord      = "fhir-word"
	ruleCatalogWord   = "catalog-word"
	ruleCatalogParam  = "catalog-parameter"
	ruleCatalogShape  = "catalog-parameter-by-place"
	ruleTemplateWord  = "template-word"
	ruleTemplateParam = "template-parameter"
	ruleTyped         = "typed-" // and the type
	rulePinned        = "pinned"
	ruleApproved      = "word-approved"
	ruleVocabulary    = "word-vocabulary"
	ruleReserved      = "word-reserved"
	ruleVersionWord   = "word-version"
	ruleMasked        = "masked"
	ruleQueryCoded    = "query-coded"
	ruleQueryValue    = "query-value"
)

// A Rule is the reason behind one part of a template.
type Rule struct{ ID, Means string }

// Rules lists every rule in the order in which they are tried.
func Rules() []Rule {
	rules := []Rule{
		{rulePinned, "the user has said in a review that a parameter stands here"},
		{ruleFHIRType, "a resource type of FHIR"},
		{ruleFHIRID, "FHIR has the id of a resource here, whatever it looks like"},
		{ruleFHIRVersion, "FHIR has the id of a version here"},
		{ruleFHIROperation, "a published FHIR operation"},
		{ruleFHIRWord, "a word of the FHIR grammar"},
		{ruleCatalogWord, "a word of a catalogued route"},
		{ruleCatalogParam, "a parameter of a catalogued route"},
		{ruleCatalogShape, "a parameter of a catalogued route by its place; the value does not look like an identifier"},
		{ruleTemplateWord, "a word of a route that an API description has"},
		{ruleTemplateParam, "a parameter of a route that imported evidence has"},
	}
	for _, t := range []struct{ name, means string }{
		{"uuid", "a UUID, alone or beside a few letters"}, {"integer", "a whole number"}, {"number", "a number or an address with dots"}, {"date", "a date or time"}, {"oid", "an object identifier"},
		{"email", "an e-mail address"}, {"phone", "a phone number"}, {"jwt", "a JSON web token"}, {"hex", "a hexadecimal number"},
		{"prefixed-token", "a token behind a prefix"}, {"ulid", "a ULID or KSUID"}, {"base64url", "a base64url token"},
		{"alphanumeric", "letters mixed with three or more digits"}, {"token", "the shape of an identifier"}, {"odata-key", "an OData key in parentheses"},
	} {
		rules = append(rules, Rule{ruleTyped + t.name, "the value had the shape of " + t.means})
	}
	return append(rules,
		Rule{ruleApproved, "the user has approved this word in a review"},
		Rule{ruleVersionWord, "a version word"},
		Rule{ruleReserved, "a word that APIs reserve beside identifiers, such as me or lookup"},
		Rule{ruleVocabulary, "a word of the shipped vocabulary of API words"},
		Rule{ruleMasked, "nothing vouches for this word, so it is not printed; see ngapi routes review"},
		Rule{ruleQueryCoded, "a search parameter with a code from a published list, which decides what is asked for"},
		Rule{ruleQueryValue, "a search parameter; its value is never kept"},
	)
}

var meanings = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, r := range Rules() {
		all[r.ID] = r.Means
	}
	return all
})

// decide makes the decision of a rule about a part.
func decide(printed, rule string) Decision {
	return Decision{Part: printed, Rule: rule, Why: meanings()[rule]}
}
