package sourcescan

import "strings"

// join puts a string and those that are joined to it in the same line together.
// based tells that something stands in front, which can only be the base
// address; next is the string after them.
func (f *finder) join(code string, literals []literal, from int) (text string, based bool, next int) {
	before := strings.TrimRight(code[:literals[from].start], " \t")
	based = before != "" && before[len(before)-1] == f.lang.join && !strings.HasSuffix(before, "++")
	text = literals[from].text
	for next = from + 1; next < len(literals); next++ {
		value, last, ok := f.between(code, literals, next)
		if !ok || value != "" && !takesValue(text) {
			break
		}
		if value != "" {
			text += "{" + nameOf(value) + "}"
		}
		text += literals[last].text
		next = last
	}
	after := strings.TrimSpace(code[literals[next-1].end:])
	if len(after) > 1 && after[0] == f.lang.join && after[1] != '=' && takesValue(text) {
		value := operand(after[1:])
		text += "{" + nameOf(value) + "}"
	}
	return text, based, next
}

// between returns the value that is joined between the string before next and
// the next one that is joined, which is last. Strings in the brackets of the
// value are a part of it: "/persons/" . $row["id"] . "/chart".
func (f *finder) between(code string, literals []literal, next int) (value string, last int, ok bool) {
	for last = next; last < len(literals) && last < next+4; last++ {
		s := strings.TrimSpace(code[literals[next-1].end:literals[last].start])
		switch {
		case s == "" || s[0] != f.lang.join:
			return "", 0, false
		case len(s) == 1:
			return "", last, true
		case s[len(s)-1] == f.lang.join && isExpression(s[1:len(s)-1]):
			return s[1 : len(s)-1], last, true
		}
	}
	return "", 0, false
}

// takesValue tells whether a value that is joined to a text is one segment, one
// part of it or one query value. Anything else may be a whole path or query.
func takesValue(text string) bool {
	return text != "" && strings.IndexByte("/=-_.:(|',", text[len(text)-1]) >= 0
}

// isExpression refuses what reaches beyond one operand.
func isExpression(s string) bool {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',', ';', '?', '{', '}':
			if depth == 0 {
				return false
			}
		}
		if depth < 0 {
			return false
		}
	}
	return depth == 0 && strings.TrimSpace(s) != ""
}

// operand cuts the first operand off a piece of code.
func operand(s string) string {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return s[:i]
			}
		case ',', ';', '+', '?':
			if depth == 0 {
				return s[:i]
			}
		}
	}
	return s
}
