// Package smart derives, from the FHIR routes of a list, the narrowest SMART
// on FHIR scopes that serve them, and holds a requested scope string against
// them: what it asks for without need, and what it lacks.
//
// The contract: scopes of version 1 (read, write, *) and of version 2 (the
// letters cruds, with a query suffix) are read and written alike; a scope that
// the grammar does not know is kept as written; the result depends on nothing
// but the routes, the options and the text. Input is bounded (MaxRequest,
// MaxScopes). The package is pure.
package smart

import "strings"

// Level says on whose behalf a resource scope reaches data.
type Level string

// The levels, from the narrowest. System is not above User: it goes with
// client credentials, without any user.
const (
	Patient Level = "patient" // the one patient in context
	User    Level = "user"    // whatever the signed-in user may see
	System  Level = "system"  // no user at all
)

// Levels returns the levels, from the narrowest.
func Levels() []Level { return []Level{Patient, User, System} }

// wider tells whether a reaches more than b.
func wider(a, b Level) bool { return a != b && (b == Patient || b == User && a == System) }

// Letters is a set of the permissions of version 2.
type Letters uint8

// The letters.
const (
	Create Letters = 1 << iota
	Read
	Update
	Delete
	Search

	reads  = Read | Search
	writes = Create | Update | Delete
	every  = reads | writes
)

// order is the order in which the letters stand.
const order = "cruds"

// String writes the letters in their order: "rs".
func (l Letters) String() string {
	var b strings.Builder
	for i := range len(order) {
		if l&(1<<i) != 0 {
			b.WriteByte(order[i])
		}
	}
	return b.String()
}

// MarshalText writes the letters as String does.
func (l Letters) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Kind is the family of a scope.
type Kind string

// The kinds.
const (
	Resource  Kind = "resource"
	Context   Kind = "context"   // launch, launch/patient
	Identity  Kind = "identity"  // openid, fhirUser, profile
	Session   Kind = "session"   // offline_access, online_access
	Unknown   Kind = "unknown"   // no scope of SMART: kept as written
	Malformed Kind = "malformed" // begins as a resource scope, or has characters that no scope has
)

// Form is the version of the grammar in which a resource scope is written.
type Form string

// The forms.
const (
	V1 Form = "v1"
	V2 Form = "v2"
)

// Scope is one scope. Level to Constraint are set only for resource scopes.
type Scope struct {
	Text       string // as written
	Kind       Kind
	Form       Form
	Level      Level
	Type       string // FHIR type, or "*"
	Letters    Letters
	Constraint string   // query suffix, decoded, parameters sorted; "" for none
	Flaws      []string // what a server may take differently, or why it is malformed
}

// Covers tells whether a grant of s allows everything that b does: same level,
// same type or all, no letter less, and no constraint that b does not have.
// Among other kinds only the same scope covers.
func (s Scope) Covers(b Scope) bool {
	if s.Kind != Resource || b.Kind != Resource {
		return s.Kind == b.Kind && s.Text == b.Text
	}
	return s.Level == b.Level && s.reaches(b) && s.Letters&b.Letters == b.Letters
}

// reaches compares type and constraint alone.
func (s Scope) reaches(b Scope) bool {
	return (s.Type == "*" || s.Type == b.Type) && (s.Constraint == "" || s.Constraint == b.Constraint)
}

// InV2 writes a resource scope in version 2; the text of any other scope.
func (s Scope) InV2() string {
	if s.Kind != Resource {
		return s.Text
	}
	text := string(s.Level) + "/" + s.Type + "." + s.Letters.String()
	if s.Constraint != "" {
		text += "?" + s.Constraint
	}
	return text
}

// InV1 writes a resource scope in version 1, which is wider wherever version 1
// has no word for it: reading is always read and search, writing always all of
// it, and a constraint is lost. It takes two scopes to read and write; the star
// would hide the write.
func (s Scope) InV1() []string {
	if s.Kind != Resource {
		return []string{s.Text}
	}
	var out []string
	stem := string(s.Level) + "/" + s.Type + "."
	if s.Letters&reads != 0 {
		out = append(out, stem+"read")
	}
	if s.Letters&writes != 0 {
		out = append(out, stem+"write")
	}
	return out
}

// exactInV1 tells whether version 1 says the same.
func (s Scope) exactInV1() bool {
	half := func(part Letters) bool { return s.Letters&part == 0 || s.Letters&part == part }
	return s.Constraint == "" && half(reads) && half(writes)
}
