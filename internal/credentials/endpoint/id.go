package endpoint

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// SiteID checks that a site id has the form of a GUID: 8-4-4-4-12 hexadecimal
// digits. The error says what to do and does not repeat the id.
func SiteID(s string) error {
	switch {
	case guid(s):
		return nil
	case s == "":
		return errors.New("the site id is missing; it is in the developer portal once the client has approved the application")
	case strings.TrimSpace(s) != s:
		return errors.New("there is white space around the site id; remove it")
	case guid(strings.Trim(s, "{}\"'")):
		return errors.New("there are braces or quotation marks around the site id; remove them")
	case len(s) == 32 && hexadecimal(s):
		return errors.New("the site id has no hyphens; write it as 8-4-4-4-12 hexadecimal digits")
	}
	return errors.New("the site id is not a GUID (8-4-4-4-12 hexadecimal digits); copy it from the developer portal")
}

// EnterpriseID checks that an enterprise id is 5 digits, of which the first are
// mostly zeros.
func EnterpriseID(s string) error { return digits(s, "enterprise", 5) }

// PracticeID checks that a practice id is 4 digits, of which the first are mostly
// zeros.
func PracticeID(s string) error { return digits(s, "practice", 4) }

// digits repeats a wrong id only where it is a number: it is in no way secret,
// and what else was pasted there might be.
func digits(s, what string, length int) error {
	number := s != "" && strings.Trim(s, "0123456789") == ""
	switch {
	case number && len(s) == length:
		return nil
	case s == "":
		return fmt.Errorf("the %s id is missing; it is %d digits", what, length)
	case strings.TrimSpace(s) != s:
		return fmt.Errorf("there is white space around the %s id; remove it", what)
	case number && len(s) < length:
		return fmt.Errorf("the %s id %s has lost its leading zeros; did you mean %q?", what, s, strings.Repeat("0", length-len(s))+s)
	case number && len(s) <= 12:
		return fmt.Errorf("the %s id %s has %d digits; it is %d", what, s, len(s), length)
	}
	return fmt.Errorf("the %s id is not %d digits", what, length)
}

// guid tells whether a text has the form 8-4-4-4-12.
func guid(s string) bool {
	parts := strings.Split(s, "-")
	if len(parts) != 5 {
		return false
	}
	for i, n := range []int{8, 4, 4, 4, 12} {
		if len(parts[i]) != n || !hexadecimal(parts[i]) {
			return false
		}
	}
	return true
}

func hexadecimal(s string) bool { return strings.Trim(s, "0123456789abcdefABCDEF") == "" }

// maxSession is the length of the longest session id that is decoded, in bytes.
const maxSession = 4096

// DecodeSession reads which enterprise and practice an X-NG-SessionId selects.
// One value seen in public is base64 of
//
//	enterprise|practice|location|provider||user
//
// which nothing published describes, so ok is false for anything else, and that
// proves nothing: the session may be good all the same.
func DecodeSession(value string) (enterprise, practice string, ok bool) {
	value = strings.TrimRight(strings.TrimSpace(value), "=")
	if value == "" || len(value) > maxSession {
		return "", "", false
	}
	value = strings.NewReplacer("-", "+", "_", "/").Replace(value)
	data, err := base64.RawStdEncoding.DecodeString(value)
	if err != nil || !utf8.Valid(data) {
		return "", "", false
	}
	parts := strings.Split(string(data), "|")
	if len(parts) != 6 || EnterpriseID(parts[0]) != nil || PracticeID(parts[1]) != nil {
		return "", "", false
	}
	return parts[0], parts[1], true
}
