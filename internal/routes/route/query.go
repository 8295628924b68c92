package route

import (
	"strconv"
	"strings"
)

// queryFlaws checks every parameter of a query. Names stand. A value may be a
// template, or a coded word that says which kind of data is asked for
// (category=laboratory); a value that belongs to one person or record may not
// stand, and a parameter that identifies or holds a secret takes no literal.
func queryFlaws(query string) []flaw {
	var flaws []flaw
	if query == "" {
		return nil
	}
	number := 0
	for pair := range strings.SplitSeq(query, "&") {
		number++
		if f, bad := pairFlaw(pair); bad {
			f.what = "column path: query parameter " + strconv.Itoa(number) + " " + f.what
			flaws = append(flaws, f)
		}
	}
	return flaws
}

func pairFlaw(pair string) (flaw, bool) {
	rawKey, rawValue, _ := strings.Cut(pair, "=")
	key, ok := fullyDecoded(rawKey)
	if !ok || key == "" && rawValue != "" {
		return flaw{"has no name that can be read", "write name={value}"}, true
	}
	if name, ok := split(key); !ok || unprintable(name) || concrete(name) {
		return flaw{"has a name that looks like a value", "write name={value}"}, true
	}
	value, ok := fullyDecoded(strings.ReplaceAll(rawValue, "+", " "))
	if !ok {
		return flaw{"has a percent-encoding that is not valid", "write a template parameter such as {value}"}, true
	}
	literal, ok := split(value)
	switch {
	case !ok:
		return flaw{"has braces that hold no parameter name", "write a template parameter such as {value}"}, true
	case unprintable(literal):
		return flaw{"has a value that no template has", "write a template parameter such as {value}"}, true
	case strings.TrimSpace(literal) == "":
		return flaw{}, false
	}
	return valueFlaw(key, literal)
}

// valueFlaw judges what is literal in a value by what its parameter is for.
func valueFlaw(key, literal string) (flaw, bool) {
	asks := last(key)
	switch {
	case isPaging(key) && allDigits(literal):
		return flaw{}, false
	case isSecret(asks):
		return flaw{"carries a secret or a session", "leave the parameter out; credentials are no part of a route"}, true
	case identifies(asks) && !onlyConnects(literal):
		return flaw{"carries a value that identifies", "write a template parameter such as {value}"}, true
	case isCoded(asks):
		if codedLiteral(literal) {
			return flaw{}, false
		}
	case strings.HasPrefix(key, "$") && quotedLiteral(literal), concrete(literal), literalReference(literal):
	default:
		return flaw{}, false
	}
	return flaw{"has a value that looks like a concrete id or date", "write a template parameter such as {value}"}, true
}

// last is the word that decides what a parameter asks for: the end of a
// chained search (patient.birthdate, _has:Observation:patient:code), without
// modifiers.
func last(key string) string {
	if rest, ok := strings.CutPrefix(key, "_has:"); ok {
		if i := strings.LastIndexByte(rest, ':'); i >= 0 {
			key = rest[i+1:]
		}
	}
	if i := strings.LastIndexByte(key, '.'); i >= 0 {
		key = key[i+1:]
	}
	key, _, _ = strings.Cut(key, ":")
	return key
}

// fold writes a name in lower case without - and _.
func fold(key string) string {
	if !strings.ContainsAny(key, "-_") {
		return strings.ToLower(key)
	}
	return strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(key, "-", ""), "_", ""))
}

// isPaging names the parameters whose whole numbers size or place a page.
func isPaging(key string) bool {
	switch strings.ToLower(key) {
	case "_count", "_maxresults", "$top", "$skip", "page", "pagesize", "page_size", "limit", "offset", "_offset", "_getpagesoffset", "max":
		return true
	}
	return false
}

func isSecret(key string) bool {
	switch fold(key) {
	case "token", "accesstoken", "refreshtoken", "idtoken", "clientsecret", "clientassertion", "password", "secret",
		"apikey", "authorization", "sessionid", "sid", "xngsessionid", "state", "nonce", "codeverifier":
		return true
	}
	return false
}

// identifies names the parameters whose values belong to one person or record,
// or are free text.
func identifies(key string) bool {
	switch fold(key) {
	case "id", "identifier", "patient", "subject", "beneficiary", "subscriber", "member", "encounter", "context", "practitioner",
		"performer", "requester", "author", "participant", "actor", "organization", "target", "entity", "source", "focus", "link",
		"name", "family", "given", "firstname", "lastname", "middlename", "fullname", "preferredname", "maidenname", "phonetic",
		"birthdate", "dateofbirth", "dob", "birthday", "deathdate", "ssn", "socialsecuritynumber", "phone", "phonenumber",
		"homephone", "cellphone", "email", "telecom", "fax", "address", "addresscity", "addresspostalcode", "addressline", "addressline1",
		"street", "city", "zip", "zipcode", "postalcode", "mrn", "medicalrecordnumber", "personnumber", "otheridnumber",
		"accountnumber", "policynumber", "membernumber", "q", "query", "search", "searchtext", "text", "content", "term", "filter",
		"quicksearchinput", "clientid", "username", "login", "user", "account", "url", "fulltext":
		return true
	case "quicksearchid":
		return false // names the kind of number that is searched, not the number
	}
	return strings.HasSuffix(key, "Id") || strings.HasSuffix(key, "ID") || strings.HasSuffix(key, "Ids") ||
		strings.HasSuffix(key, "_id") || strings.HasSuffix(key, "-id")
}

// isCoded names the parameters whose values are codes of a terminology.
func isCoded(key string) bool {
	f := fold(key)
	switch f {
	case "code", "category", "type", "class", "status", "intent", "priority", "tag", "security", "gender", "reason":
		return true
	}
	return strings.HasSuffix(f, "code") || strings.HasSuffix(f, "status") || strings.HasSuffix(f, "type") ||
		strings.HasSuffix(f, "category") || strings.HasSuffix(f, "concept")
}
