package route

import "strings"

// onlyConnects tells whether the literal text of an identifying parameter does
// no more than hold its parameters together: Patient/{id}, {system}|{value},
// http://hl7.org/fhir/sid/us-npi|{npi}, ge{date}, "eq guid'{id}'".
func onlyConnects(literal string) bool {
	if system, rest, ok := cutLast(literal, '|'); ok && strings.TrimSpace(rest) == "" && strings.HasPrefix(system, "http") {
		return isSystem(system) && !concrete(system)
	}
	for token := range strings.FieldsFuncSeq(literal, splitsToken) {
		switch strings.ToLower(token) {
		case "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap", "guid", "datetime", "and", "or", "urn", "uuid", "true", "false":
		default:
			if !isType(token) {
				return false
			}
		}
	}
	return true
}

// codedLiteral tells whether every value of a comma-separated list is a code:
// a word, a code in the shape of LOINC (72166-2, LP29684-5), or any code that
// is preceded by its system (http://snomed.info/sct|386053000). A number
// without a system is taken for an id.
func codedLiteral(literal string) bool {
	for one := range strings.SplitSeq(literal, ",") {
		one = strings.TrimSpace(one)
		system, code, found := cutLast(one, '|')
		if !found {
			system, code = "", one
		}
		switch {
		case code == "" && system == "", isLOINC(code):
		case system != "":
			if !isSystem(system) || !codeWithSystem(code) {
				return false
			}
		case concrete(code):
			return false
		}
	}
	return true
}

// isLOINC accepts up to five digits (or LP and up to seven), a hyphen and one
// check digit.
func isLOINC(s string) bool {
	number, check, ok := strings.Cut(s, "-")
	if !ok || len(check) != 1 || !allDigits(check) {
		return false
	}
	if rest, part := strings.CutPrefix(number, "LP"); part {
		return allDigits(rest) && len(rest) <= 7
	}
	return allDigits(number) && len(number) <= 5
}

// isSystem accepts the address of a code system.
func isSystem(s string) bool {
	if strings.Contains(s, "@") {
		return false
	}
	return strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "urn:oid:") || !concrete(s)
}

// codeWithSystem accepts a code as terminologies have them, not a social
// security number, a phone number or a UUID.
func codeWithSystem(s string) bool {
	if len(s) > 18 || strings.Count(s, "-") > 1 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte("-._ ", c) >= 0) {
			return false
		}
	}
	return true
}

// quotedLiteral finds a quoted text in an OData expression that is not just a
// parameter: lastName eq 'Smith'.
func quotedLiteral(literal string) bool {
	for i, part := range strings.Split(literal, "'") {
		if i%2 == 1 && strings.TrimSpace(part) != "" {
			return true
		}
	}
	return false
}

// literalReference finds Type/x with a literal x.
func literalReference(literal string) bool {
	for one := range strings.SplitSeq(literal, ",") {
		typ, id, ok := strings.Cut(strings.TrimSpace(one), "/")
		if ok && isType(typ) && strings.TrimSpace(id) != "" {
			return true
		}
	}
	return false
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}
