package secret

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// minLength is the length in bytes under which a secret is called short: 16
// hexadecimal digits can be guessed, and those seen in public have 32.
const minLength = 16

// Shape lists what is odd about the form of a secret, each as one clause with
// what to do, and repeats nothing of it. Nothing here proves that a secret is
// wrong. RFC 6749 A.2 allows only visible ASCII and the space in a client secret.
func Shape(v Value) []string {
	text := v.Reveal()
	if text == "" {
		return []string{"the secret is empty; give one"}
	}
	var out []string
	say := func(found bool, what string) {
		if found {
			out = append(out, what)
		}
	}
	trimmed := strings.TrimPrefix(text, "\ufeff")
	say(trimmed != text, "it begins with a byte order mark; save the file as UTF-8 without one")
	text = trimmed
	bare := strings.TrimSpace(text)
	say(strings.TrimRight(text, "\r\n") != text, "it ends with a line break; remove it")
	say(bare != strings.Trim(text, "\r\n"), "there are spaces around it; remove them")
	say(strings.IndexFunc(bare, unicode.IsControl) >= 0, "it holds control characters; copy it again")
	say(quotes(bare), "it stands in quotation marks; remove them")
	bare = strings.Trim(bare, "\"'`")
	say(placeholder(bare), "it looks like placeholder text; put the real secret there")
	say(percent(bare), "it holds percent-encoding (%XX); give it as the portal shows it, ngapi encodes it where that is needed")
	say(len(bare) < minLength, fmt.Sprintf("it is shorter than %d characters; check that it was copied whole", minLength))
	say(strings.Contains(bare, "://"), "it looks like an address; give the secret alone")
	say(oldClientID(bare), "it has the form of a client id (l7 and 32 hexadecimal digits); check that the two were not mixed up")
	say(strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0,
		"it holds characters outside ASCII, which RFC 6749 A.2 does not allow; copy it again")
	return out
}

func quotes(s string) bool {
	for _, pair := range []string{`""`, `''`, "``", "“”", "‘’", "„“"} {
		open, closing := []rune(pair)[0], []rune(pair)[1]
		if len(s) > 1 && strings.HasPrefix(s, string(open)) && strings.HasSuffix(s, string(closing)) {
			return true
		}
	}
	return false
}

// placeholder recognises what examples and templates put where a secret goes.
func placeholder(s string) bool {
	lower := strings.ToLower(s)
	if strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">") || strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		return true
	}
	for _, mark := range []string{"${", "{{", "$(", "changeme", "change-me", "change_me", "placeholder", "replace-me", "replace_me", "replaceme",
		"your-client", "your_client", "yourclient", "your-secret", "your_secret", "yoursecret", "client-secret", "client_secret", "todo", "example", "redacted"} {
		if strings.Contains(lower, mark) {
			return true
		}
	}
	if strings.HasPrefix(s, "$") || strings.HasPrefix(s, "%") && strings.HasSuffix(s, "%") && len(s) > 2 {
		return true // a variable that no shell replaced
	}
	switch lower {
	case "secret", "password", "test", "none", "null", "undefined", "dummy", "foo", "bar":
		return true
	}
	return lower != "" && strings.Trim(lower, lower[:1]) == "" || strings.Contains(lower, "xxx") // xxxx, ****, 0000
}

func percent(s string) bool {
	for i := range len(s) {
		if s[i] == '%' && hexRun(s[i+1:], 2) == 2 {
			return true
		}
	}
	return false
}

// oldClientID recognises the older of the two forms of client ids.
func oldClientID(s string) bool {
	return len(s) == 34 && strings.HasPrefix(strings.ToLower(s), "l7") && hexRun(s[2:], 32) == 32
}
