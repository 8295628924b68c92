package secret

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Members whose values are masked wherever they stand, learnt or not.
const memberNames = `client_secret|client_assertion|access_token|refresh_token|id_token|code_verifier|code|password|assertion`

// shapes are the beginnings of what is masked by its form alone. In each the
// value begins where the match ends.
var shapes = sync.OnceValue(func() struct{ scheme, json, number, form, xml, listed, token, cutToken *regexp.Regexp } {
	const before = `(?:^|[^A-Za-z0-9_-]|\\u0026)`
	return struct{ scheme, json, number, form, xml, listed, token, cutToken *regexp.Regexp }{
		scheme: regexp.MustCompile(`(?i)\b(?:bearer|basic)(?:[ \t]|%20|\+)+`),
		json:   regexp.MustCompile(`(?i)["'](?:` + memberNames + `)\\*["']\s*:\s*(\\*)["']`),
		number: regexp.MustCompile(`(?i)["'](?:` + strings.Replace(memberNames, "|code|", "|", 1) + `)\\*["']\s*:\s*(-?[0-9][^\s,}\]]*)`),
		form:   regexp.MustCompile(`(?i)` + before + `(?:` + memberNames + `)(?:=|\\+u003d)`),
		xml:    regexp.MustCompile(`(?i)<(?:[a-z]+:)?(?:` + memberNames + `)>`),
		listed: regexp.MustCompile(`(?i)\b(?:client_secret|client_assertion|access_token|refresh_token|id_token|code_verifier):\s*\[?`),
		// Three parts and more: a JWE has five. The signature of an unsigned one is empty.
		token:    regexp.MustCompile(`eyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2,4}`),
		cutToken: regexp.MustCompile(`eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*)?$`),
	}
})

// structures lists the places that are secret by their form: what follows an
// authorization scheme, the value of a member with a telling name, and anything
// of the shape of a JWT.
func structures(text string) []span {
	if !telling(text) {
		return nil
	}
	s := shapes()
	var out []span
	each := func(re *regexp.Regexp, value func(m []int) (from, to int)) {
		last := 0
		for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
			if m[1] < last {
				continue // within a value: looking for its end again would take for ever in a hostile text
			}
			if from, to := value(m); to > from {
				last = to
				out = append(out, span{from: from, to: to})
			}
		}
	}
	each(s.scheme, func(m []int) (int, int) { return schemeValue(text, m[1]) })
	each(s.json, func(m []int) (int, int) { return m[1], stringEnd(text, m[1], m[3]-m[2], text[m[1]-1]) })
	each(s.number, func(m []int) (int, int) { return m[2], m[3] })
	each(s.form, func(m []int) (int, int) { return m[1], formEnd(text, m[1]) })
	each(s.xml, func(m []int) (int, int) { return m[1], m[1] + before(text[m[1]:], "<") })
	each(s.listed, func(m []int) (int, int) { return m[1], m[1] + before(text[m[1]:], " \t\r\n&\"'<>]") })
	each(s.token, func(m []int) (int, int) { return m[0], m[1] })
	each(s.cutToken, func(m []int) (int, int) { return m[0], m[1] })
	return out
}

// telling tells whether a text holds any of the words that the structures need;
// most hold none.
func telling(text string) bool {
	lower := strings.ToLower(text)
	for _, word := range []string{"bearer", "basic", "secret", "assertion", "token", "code", "password", "eyj"} {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}

// schemeValue finds what follows "Bearer " or "Basic ": not the parameters of a
// challenge (RFC 6750 3), and not the words of a sentence.
func schemeValue(text string, from int) (int, int) {
	rest := text[from:]
	quotes := len(rest) - len(strings.TrimLeft(rest, `\"'`))
	from += quotes
	rest = rest[quotes:]
	value := rest[:before(rest, " \t\r\n\"'<>,;")]
	value = strings.TrimRight(value, `\`)
	lower := strings.ToLower(value)
	if name, _, ok := strings.Cut(lower, "="); ok && slices.Contains(
		[]string{"realm", "scope", "error", "error_description", "error_uri", "charset", "resource_metadata"}, name) {
		return 0, 0
	}
	if slices.Contains([]string{"token", "tokens", "auth", "authentication", "authorization", "challenge", "scheme", "header"},
		strings.TrimRight(lower, ".:!?)")) {
		return 0, 0
	}
	return from, from + len(value)
}

// stringEnd finds the closing quotation mark of a string that was opened behind
// so many backslashes: one more encoder puts more of them before each mark
// inside. Without an end the string goes on to the end of the text.
func stringEnd(text string, from, depth int, quote byte) int {
	run := 0
	for i := from; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			run++
			continue
		case text[i] == quote && (run < depth || (run-depth)%(2*(depth+1)) == 0):
			return i - min(run, depth)
		}
		run = 0
	}
	return len(text)
}

// formEnd finds the end of a form member's value.
func formEnd(text string, from int) int {
	for i := from; i < len(text); i++ {
		switch {
		case strings.IndexByte("&\"'<> \t\r\n", text[i]) >= 0:
			return i
		case text[i] == '\\':
			after := strings.TrimLeft(text[i:], `\`)
			if after != "" && strings.IndexByte(`"'nrtu`, after[0]) >= 0 {
				return i
			}
		}
	}
	return len(text)
}

// before counts the bytes up to the first of the given ones.
func before(s, stops string) int {
	if i := strings.IndexAny(s, stops); i >= 0 {
		return i
	}
	return len(s)
}
