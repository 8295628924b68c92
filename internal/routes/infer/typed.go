package infer

import (
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer/vocab"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// typeOf returns the name of the type that the shape of a decoded segment
// shows, or "" for what may be a word. One sample is enough: no word of an API
// has one of these shapes. The order matters, the first that fits speaks.
func typeOf(s string) string {
	switch {
	case s == "" || versionWord(s):
		return ""
	case len(s) > 200:
		return "token" // no API has a word of that length
	case hasUUID(s):
		return "uuid"
	case allDigits(strings.TrimLeft(s, "-+")) && s[0] != '+':
		return "integer"
	case strings.Trim(s, "0123456789.") == "" && !isOID(s):
		return "number"
	case isDate(s):
		return "date"
	case isOID(s):
		return "oid"
	case strings.Contains(s, "@"):
		return "email"
	case s[0] == '+' && allDigits(s[1:]):
		return "phone"
	case isJWT(s):
		return "jwt"
	}
	return tokenType(s)
}

// tokenType finds identifiers that only their letters and digits give away.
func tokenType(s string) string {
	n := tallyOf(s)
	hex, sum := strings.CutPrefix(strings.ToLower(s), "sha256:")
	switch {
	case (len(hex) >= 7 && n.digits > 0 || sum) && isHex(hex):
		return "hex"
	case isPrefixed(s):
		return "prefixed-token"
	case isULID(s, n):
		return "ulid"
	case len(s) >= 16 && n.digits >= 3 && n.other == strings.Count(s, "-")+strings.Count(s, "_")+strings.Count(s, "="):
		return "base64url"
	case len(s) >= 6 && n.digits >= 3 && n.other == strings.Count(s, "-")+strings.Count(s, "_")+strings.Count(s, "."):
		return "alphanumeric"
	case route.Concrete(s):
		return "token"
	}
	return ""
}

// isULID accepts a ULID (26 letters and digits of one case) and a KSUID (27 of
// both).
func isULID(s string, n tallied) bool {
	mixed := n.lower > 0 && n.upper > 0
	return n.other == 0 && n.digits > 0 && (len(s) == 26 && !mixed || len(s) == 27 && mixed)
}

// versionWord accepts v1, V2 and the releases of FHIR. Numbers with dots are
// values: diagnosis codes and addresses of machines look like versions.
func versionWord(s string) bool {
	return vocab.Version(s) && (s[0] < '0' || s[0] > '9') && !strings.Contains(s, ".")
}

// hasUUID finds a UUID that stands alone, in braces, or beside a few letters:
// pdf-<uuid>, lab-<uuid>-1.
func hasUUID(s string) bool {
	for i := 0; i+36 <= len(s); i++ {
		if isUUID(s[i : i+36]) {
			return true
		}
	}
	return false
}

func isUUID(s string) bool {
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !isHexDigit(s[i]) {
			return false
		}
	}
	return true
}

// isDate accepts an ISO date or time: 2026-11-01, 2026-11-01T10:00, 20261101
// is an integer.
func isDate(s string) bool {
	if len(s) < 7 || s[4] != '-' || !allDigits(s[:4]) || !allDigits(s[5:7]) {
		return false
	}
	return len(s) == 7 || s[7] == '-' && len(s) >= 10 && allDigits(s[8:10])
}

func isOID(s string) bool {
	s, urn := strings.CutPrefix(s, "urn:oid:")
	if !urn && (s[0] < '0' || s[0] > '9') {
		return false
	}
	return (urn || strings.Count(s, ".") >= 4) && strings.Trim(s, "0123456789.") == "" && !strings.Contains(s, "..") && s != ""
}

func isJWT(s string) bool {
	return strings.HasPrefix(s, "eyJ") && strings.Count(s, ".") == 2 && len(s) >= 20
}

// isPrefixed accepts cus_9sK3xYz0: a short word, a hyphen or underscore, and a
// token of mixed case and digits.
func isPrefixed(s string) bool {
	i := strings.IndexAny(s, "_-")
	if i < 1 || i > 8 {
		return false
	}
	n := tallyOf(s[strings.LastIndexAny(s, "_-")+1:])
	return n.digits > 0 && n.upper > 0 && n.lower > 0 && n.digits+n.upper+n.lower >= 8 && n.other == 0
}

// A tallied text knows how many of its bytes are of which kind.
type tallied struct{ digits, lower, upper, other int }

func tallyOf(s string) (n tallied) {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			n.digits++
		case c >= 'a' && c <= 'z':
			n.lower++
		case c >= 'A' && c <= 'Z':
			n.upper++
		default:
			n.other++
		}
	}
	return n
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isHexDigit(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isHex(s string) bool {
	for i := range len(s) {
		if !isHexDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
