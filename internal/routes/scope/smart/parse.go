package smart

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/route"
)

// The bounds of a request.
const (
	MaxRequest = 16 << 10 // bytes
	MaxScopes  = 500
)

// The errors of ParseAll; they repeat nothing of the text.
var (
	ErrTooLong = errors.New("the scope string is longer than 16 KiB")
	ErrTooMany = errors.New("the scope string has more than 500 scopes")
)

// ParseAll reads a scope string: scopes with white space between them. A scope
// that is not understood is in the result with its kind; only a text beyond
// the bounds is an error, ErrTooLong or ErrTooMany.
func ParseAll(text string) ([]Scope, error) {
	if len(text) > MaxRequest {
		return nil, ErrTooLong
	}
	var out []Scope
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n", r) }) {
		if len(out) == MaxScopes {
			return nil, ErrTooMany
		}
		out = append(out, Parse(word))
	}
	return out, nil
}

// Parse reads one scope. Scopes are case-sensitive.
func Parse(text string) Scope {
	s := Scope{Text: text, Kind: Unknown}
	if text == "" || strings.IndexFunc(text, notToken) >= 0 {
		return s.malformed("it has a character that no scope has")
	}
	switch text {
	case "openid", "fhirUser", "profile":
		s.Kind = Identity
		return s
	case "offline_access", "online_access":
		s.Kind = Session
		return s
	case "launch":
		s.Kind = Context
		return s
	}
	level, rest, found := strings.Cut(text, "/")
	switch {
	case !found:
		return s
	case level == "launch":
		return s.context(rest)
	case !slices.Contains(Levels(), Level(level)):
		return s
	}
	s.Level = Level(level)
	return s.resource(rest)
}

// notToken finds what RFC 6749 lets no scope have.
func notToken(r rune) bool { return r <= ' ' || r >= 0x7f || r == '"' || r == '\\' }

func (s Scope) malformed(why string) Scope {
	return Scope{Text: s.Text, Kind: Malformed, Flaws: []string{why}}
}

// context reads launch/patient and its like: a FHIR type in lower case.
func (s Scope) context(rest string) Scope {
	name, role, found := strings.Cut(rest, "?")
	lower := func(r rune) bool { return r < 'a' || r > 'z' }
	if name == "" || strings.IndexFunc(name, lower) >= 0 || found && (!strings.HasPrefix(role, "role=") || role == "role=") {
		return s.malformed("after launch/ comes the name of a type in lower case, at most with ?role=")
	}
	s.Kind = Context
	return s
}

func (s Scope) resource(rest string) Scope {
	name, permission, found := strings.Cut(rest, ".")
	r4, dstu2 := route.FHIRType(name)
	switch {
	case !found:
		return s.malformed("it has no permission: write a dot and rs, or read")
	case name != "*" && !r4 && !dstu2:
		return s.malformed("what stands before the dot is no FHIR type (types are case-sensitive)")
	}
	s.Kind, s.Type = Resource, name
	switch permission { // the words of version 1 go before its letters
	case "read":
		s.Form, s.Letters = V1, reads
		return s
	case "write":
		s.Form, s.Letters = V1, writes
		return s
	case "*":
		s.Form, s.Letters = V1, every
		return s
	}
	letters, query, constrained := strings.Cut(permission, "?")
	s.Form = V2
	if !s.letters(letters) {
		return s.malformed("the permission is none of read, write, * and the letters cruds")
	}
	if !constrained {
		return s
	}
	canonical, ok := constraint(query)
	if !ok {
		return s.malformed("what follows ? is not name=value")
	}
	if experimental(query) {
		s.Flaws = append(s.Flaws, "modifiers and chains in a scope are experimental: a server may refuse them")
	}
	s.Constraint = canonical
	return s
}

// letters reads the letters of version 2.
func (s *Scope) letters(text string) bool {
	last, ordered := -1, true
	for i := range len(text) {
		at := strings.IndexByte(order, text[i])
		if at < 0 || len(text) > 2*len(order) {
			return false
		}
		ordered = ordered && at > last
		last = at
		s.Letters |= 1 << at
	}
	switch {
	case text == "":
		return false
	case !ordered:
		s.Flaws = append(s.Flaws, "the letters repeat or are not in the order cruds: a server may ignore or refuse it")
	case text == "rd":
		s.Flaws = append(s.Flaws, "rd means read and delete; read is r, or rs with search")
	}
	return true
}

// constraint brings a query suffix into one form: decoded and sorted, so that
// two ways to write it compare as equal. Only what would change the meaning
// stays encoded.
func constraint(query string) (canonical string, ok bool) {
	var pairs []string
	for pair := range strings.SplitSeq(query, "&") {
		name, value, found := strings.Cut(pair, "=")
		if !found || name == "" || value == "" {
			return "", false
		}
		decoded, err := url.PathUnescape(value)
		if err != nil {
			return "", false
		}
		pairs = append(pairs, name+"="+encode(decoded))
	}
	slices.Sort(pairs)
	return strings.Join(slices.Compact(pairs), "&"), true
}

// encode writes a value with as few escapes as keep it one value of one scope.
func encode(value string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(value) {
		if c := value[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"\%&+#`, c) >= 0 {
			b.WriteString("%" + string(hex[c>>4]) + string(hex[c&15]))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// experimental finds _filter, and modifiers and chains in the names.
func experimental(query string) bool {
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if name == "_filter" || strings.ContainsAny(name, ":.") {
			return true
		}
	}
	return false
}
