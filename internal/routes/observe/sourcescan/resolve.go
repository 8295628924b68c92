package sourcescan

import "strings"

// resolver turns the content of a string into a text whose only parameters are
// {name}. The name is a hint for people and comes from the code.
type resolver struct {
	raw    bool // a backslash is a backslash
	dollar bool // $x is a variable
}

func (r resolver) resolve(s string) string {
	if !strings.ContainsAny(s, `\{$%#`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		n, name := r.parameter(s[i:])
		switch {
		case n > 0:
			b.WriteString("{" + name + "}")
			i += n
		case strings.HasPrefix(s[i:], "%%"):
			b.WriteByte('%')
			i += 2
		case s[i] == '\\' && !r.raw && i+1 < len(s):
			if c := s[i+1]; strings.IndexByte("nrtvfb0", c) >= 0 {
				b.WriteByte(' ') // no path has one
			} else {
				b.WriteByte(c)
			}
			i += 2
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

// parameter reads a parameter at the beginning of a text: how long it is, and
// its name.
func (r resolver) parameter(s string) (length int, name string) {
	switch {
	case strings.HasPrefix(s, "${"), strings.HasPrefix(s, "#{"):
		if end := closingBrace(s, 1); end > 0 {
			return end + 1, nameOf(s[2:end])
		}
	case s[0] == '{':
		if end := closingBrace(s, 0); end > 0 {
			inner := strings.Trim(s[1:end], "{}")
			return end + 1, nameOf(cutFormat(inner))
		}
	case s[0] == '$' && r.dollar:
		end := 1
		for end < len(s) && isWordByte(s[end]) {
			end++
		}
		for strings.HasPrefix(s[end:], "->") {
			end += 2
			for end < len(s) && isWordByte(s[end]) {
				end++
			}
		}
		if end > 1 {
			return end, nameOf(s[1:end])
		}
	case s[0] == '%':
		return format(s)
	}
	return 0, ""
}

// cutFormat takes off what follows the expression: {id:guid}, {id!r}, {id,8}.
func cutFormat(s string) string {
	if i := strings.IndexAny(s, ":!"); i > 0 && !strings.ContainsAny(s[:i], "([?") && !strings.HasPrefix(s[i:], "::") {
		return s[:i]
	}
	return s
}

// format reads %s, %d, %v, %02d, %1$s, %[1]s and %(name)s. What a percent-encoded
// byte could be is none.
func format(s string) (length int, name string) {
	i := 1
	if i < len(s) && s[i] == '(' {
		end := strings.IndexByte(s, ')')
		if end < 0 {
			return 0, ""
		}
		name, i = nameOf(s[2:end]), end+1
	} else {
		name = "id"
		for i < len(s) && strings.IndexByte("[]$0123456789-+", s[i]) >= 0 {
			i++
		}
		if n := i - 1; n >= 2 && !strings.ContainsAny(s[1:i], "[]$") && s[1] != '0' {
			return 0, ""
		}
	}
	if i >= len(s) || strings.IndexByte("sdvqiu", s[i]) < 0 || i+1 < len(s) && isWordByte(s[i+1]) {
		return 0, ""
	}
	return i + 1, name
}

// nameOf finds a name for an expression: the last word of it that says what it
// is. Anything unusual is called id.
func nameOf(expression string) string {
	words := strings.FieldsFunc(expression, func(r rune) bool { return r >= 0x80 || !isWordByte(byte(r&0x7f)) })
	for i := len(words) - 1; i >= 0; i-- {
		word := words[i]
		switch strings.ToLower(word) {
		case "tostring", "string", "str", "trim", "strip", "encodeuricomponent", "quote", "value", "to_s", "get", "urlencode":
			continue
		}
		if len(word) > 4 && strings.HasPrefix(word, "get") && word[3] >= 'A' && word[3] <= 'Z' {
			word = strings.ToLower(word[3:4]) + word[4:]
		}
		if len(word) > 40 || strings.ContainsAny(word, "0123456789") {
			break
		}
		return word
	}
	return "id"
}
