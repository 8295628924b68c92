package secret

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
)

// minSearch is the shortest secret that is searched for: a shorter one would be
// found in every second word.
const minSearch = 4

// kind says how a form is compared and how far the mask goes around it.
type kind int

const (
	plain  kind = iota
	base        // base64: the mask goes over the whole run of its alphabet
	digits      // small ASCII letters, found in either case: hexadecimal, and long secrets
)

// A form is one text in which a secret may show itself. How that text is
// encoded once more is the business of readings.
type form struct {
	text string
	kind kind
}

// formsOf lists the forms of a secret: itself, its hexadecimal digits, and the
// part of its base64 that does not depend on what stands before and after it.
func formsOf(text string) []form {
	if len(text) < minSearch {
		return nil
	}
	out := []form{itself(text), {hex.EncodeToString([]byte(text)), digits}}
	if trimmed := strings.TrimSpace(text); trimmed != text && len(trimmed) >= minSearch {
		out = append(out, itself(trimmed))
	}
	// A form-encoded secret is what RFC 6749 2.3.1 puts into a Basic header.
	query := url.QueryEscape(text)
	for _, t := range []string{text, query, lowerTriplets(query), url.PathEscape(text), strings.ReplaceAll(query, "+", "%20")} {
		for before := range 3 {
			out = append(out, baseForms(middle(t, before))...)
		}
	}
	return unique(out)
}

// minFold is the length of the shortest secret that is found in either case: who
// writes it in capitals, or as part of a host name or a media type, gives a secret
// of hexadecimal digits away whole. A shorter one would be found in many a word.
const minFold = 8

// itself is the form of a secret as it is.
func itself(text string) form {
	if len(text) < minFold {
		return form{text, plain}
	}
	b := []byte(text)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c - 'A' + 'a' // ASCII only: a text is read byte by byte
		}
	}
	return form{string(b), digits}
}

// middle returns what base64 makes of a text that stands behind so many bytes
// (modulo 3) of another: only the digits that the text alone decides.
func middle(text string, before int) []string {
	whole := append(make([]byte, before), text...)
	from := (8*before + 5) / 6
	to := 8 * len(whole) / 6
	return []string{
		base64.RawStdEncoding.EncodeToString(whole)[from:to],
		base64.RawURLEncoding.EncodeToString(whole)[from:to],
	}
}

func baseForms(texts []string) []form {
	var out []form
	for _, t := range texts {
		if len(t) >= minSearch {
			out = append(out, form{t, base})
		}
	}
	return out
}

// pairForms lists what a Basic header makes of an id and a secret, raw and form
// encoded. It serves secrets too short to be searched for alone.
func pairForms(id, text string) []form {
	var out []form
	query := url.QueryEscape(text)
	for _, pair := range []string{id + ":" + text, url.QueryEscape(id) + ":" + query, url.QueryEscape(id) + ":" + lowerTriplets(query)} {
		out = append(out, baseForms([]string{
			base64.RawStdEncoding.EncodeToString([]byte(pair)), base64.RawURLEncoding.EncodeToString([]byte(pair))})...)
	}
	return unique(out)
}

// lowerTriplets writes %2B as %2b, as some encoders do.
func lowerTriplets(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], strings.ToLower(string(b[i+1:i+3])))
		}
	}
	return string(b)
}

func unique(forms []form) []form {
	var out []form
	for _, f := range forms {
		if !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return out
}
