package route

import "strings"

// concrete tells whether a piece of text has the shape of an identifier or of
// another value from one record: UUID, number, date, e-mail address, phone or
// social security number, long hexadecimal or base64url token, letters mixed
// with three or more digits. Words, words with one or two digits (icd10) and
// version words (v1, 6.0.0) are none. The text must be decoded already.
func concrete(s string) bool {
	if strings.Contains(s, "@") {
		return true
	}
	for token := range strings.FieldsFuncSeq(s, splitsToken) {
		if concreteToken(token) {
			return true
		}
	}
	return false
}

func splitsToken(r rune) bool { return strings.ContainsRune("/(),='\";:!*+|& \t$", r) }

func concreteToken(t string) bool {
	n := count(t)
	switch {
	case n.digits == 0:
		// No word has this many capitals in this length, and none is this long.
		return len(t) >= 16 && n.lower > 0 && n.upper*4 > len(t) || len(t) >= 40 && n.other == 0
	case isVersion(t):
		return false
	case n.lower+n.upper == 0, n.digits >= 3:
		return true
	case len(t) >= 7 && n.hexadecimal+strings.Count(t, "-") == len(t):
		return true
	}
	return len(t) >= 16 && n.lower > 0 && n.upper > 1
}

// kinds counts the bytes of a token by kind; a hexadecimal digit is counted
// twice, once as what else it is.
type kinds struct{ digits, lower, upper, other, hexadecimal int }

func count(t string) (n kinds) {
	for i := range len(t) {
		c := t[i]
		switch {
		case c >= '0' && c <= '9':
			n.digits++
			n.hexadecimal++
		case c >= 'a' && c <= 'z':
			n.lower++
		case c >= 'A' && c <= 'Z':
			n.upper++
		default:
			n.other++
		}
		if c|0x20 >= 'a' && c|0x20 <= 'f' {
			n.hexadecimal++
		}
	}
	return n
}

// isVersion accepts v1, V2.1, 2.0 and 6.0.0.1719, not 12, not a date and not a
// phone number written with dots.
func isVersion(t string) bool {
	rest, prefixed := t, false
	if t[0] == 'v' || t[0] == 'V' {
		rest, prefixed = t[1:], true
	}
	parts := strings.Split(rest, ".")
	if len(parts) > 4 || len(parts) == 1 && !prefixed {
		return false
	}
	for i, p := range parts {
		limit := 4
		if i == 0 {
			limit = 2
		}
		if p == "" || len(p) > limit || !allDigits(p) || len(p) > 1 && p[0] == '0' {
			return false
		}
	}
	last := parts[len(parts)-1]
	isDate := len(parts) == 3 && len(last) == 4
	return !isDate
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Concrete tells whether a decoded path segment has the shape of an identifier
// or of another value from one record; a path with such a literal is refused.
func Concrete(segment string) bool { return concrete(segment) }

// Version tells whether a segment is a version word such as v1 or 6.0.0.
func Version(segment string) bool { return segment != "" && isVersion(segment) }
