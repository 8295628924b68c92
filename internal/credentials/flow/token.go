package flow

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
)

// members are those of a JSON object, not decoded.
type members map[string]json.RawMessage

// Shape tells what an answer is instead of JSON: "redirect", "empty", "html",
// "not-json", or "" where it is JSON. The status is not looked at, but for 3xx.
func Shape(a *wire.Answer) string {
	body := jsonBody(a)
	switch {
	case a.Status >= 300 && a.Status < 400:
		return "redirect"
	case len(body) == 0:
		return "empty"
	case a.HTML():
		return "html"
	case a.Cut || !json.Valid(body):
		return "not-json"
	}
	return ""
}

// jsonBody is the body without a byte order mark and outer space.
func jsonBody(a *wire.Answer) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(a.Body, []byte("\xef\xbb\xbf")))
}

// objectOf reads a body as a JSON object; nil where it is something else.
func objectOf(a *wire.Answer) members {
	var m members
	if json.Unmarshal(jsonBody(a), &m) != nil {
		return nil
	}
	return m
}

// readToken reads an answer of the token endpoint (RFC 6749 5.1 and 5.2). An
// error member makes a refusal whatever the status is.
func readToken(a *wire.Answer, now time.Time) (*Token, error) {
	if shape := Shape(a); shape != "" {
		return nil, &Refusal{NotOAuth: shape, Answer: a}
	}
	m := objectOf(a)
	access := textMember(m, "access_token")
	if code := textMember(m, "error"); code != "" || access == "" || a.Status < 200 || a.Status > 299 {
		return nil, refusal(a, m, code)
	}
	t := &Token{Access: secret.New(access), Answer: a}
	t.Refresh = secret.New(m.text(t, "refresh_token"))
	t.ID = secret.New(m.text(t, "id_token"))
	t.Type = m.text(t, "token_type")
	t.readScope(m)
	t.readExpiry(m, now)
	t.readContext(m)
	return t, nil
}

// refusal reads an error answer (RFC 6749 5.2, and NextGen's detailedmessage).
func refusal(a *wire.Answer, m members, code string) *Refusal {
	r := &Refusal{Code: firstRunes(code, 100), Answer: a}
	for _, name := range []string{"error_description", "detailedmessage", "detailedMessage", "message"} {
		if text := textMember(m, name); text != "" {
			r.Description = firstRunes(text, 500)
			break
		}
	}
	if code == "" {
		r.NotOAuth = "no-token"
	}
	return r
}

// OAuthCode is Code as RFC 6749 5.2 spells it: NextGen writes "Invalid Grant"
// for invalid_grant.
func (r *Refusal) OAuthCode() string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(r.Code)), " ", "_")
}

// has tells whether a member is there and not null.
func (m members) has(name string) bool {
	raw, ok := m[name]
	return ok && string(raw) != "null"
}

// text reads a member that has to be a string. A number is kept as it is
// written, and noted.
func (m members) text(t *Token, name string) string {
	if !m.has(name) {
		return ""
	}
	var text string
	if json.Unmarshal(m[name], &text) == nil {
		return text
	}
	t.Problems = append(t.Problems, name+" is not a text")
	var number json.Number
	if json.Unmarshal(m[name], &number) == nil {
		return number.String()
	}
	return ""
}

// readScope takes a list for what it means, and notes it.
func (t *Token) readScope(m members) {
	if t.HasScope = m.has("scope"); !t.HasScope {
		return
	}
	var list []string
	if json.Unmarshal(m["scope"], &list) == nil {
		t.Problems = append(t.Problems, "scope is a list, not a text")
		t.Scope = strings.Join(list, " ")
		return
	}
	t.Scope = m.text(t, "scope")
}

// longest is the longest lifetime that is believed.
const longest = 100 * 365 * 24 * time.Hour

// readExpiry keeps what was sent and reads a lifetime from it where it is a
// positive number, or a text that is one.
func (t *Token) readExpiry(m members, now time.Time) {
	raw, ok := m["expires_in"]
	if !ok {
		return
	}
	t.ExpiresIn = firstRunes(string(raw), 64)
	number := string(raw)
	if text := textMember(m, "expires_in"); text != "" {
		number = strings.TrimSpace(text)
	}
	if number == "" || number[0] < '0' || number[0] > '9' || !json.Valid([]byte(number)) {
		return
	}
	seconds, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsInf(seconds, 0) || seconds <= 0 || seconds > longest.Seconds() {
		return
	}
	t.Lifetime = time.Duration(seconds * float64(time.Second))
	t.Expiry = now.Add(t.Lifetime)
}

// readContext reads the launch context of SMART App Launch 2.2.
func (t *Token) readContext(m members) {
	t.Patient, t.Encounter = m.text(t, "patient"), m.text(t, "encounter")
	if m.has("fhirContext") {
		t.FHIRContext = fhirContext(m["fhirContext"])
	}
}

// fhirContext returns "ok" or what is wrong: it is a list of objects, each with
// a reference, a canonical or an identifier (SMART App Launch 2.2, fhirContext).
func fhirContext(raw json.RawMessage) string {
	var entries []json.RawMessage
	if json.Unmarshal(raw, &entries) != nil {
		return "fhirContext is not a list"
	}
	for i, entry := range entries {
		at := "entry " + strconv.Itoa(i+1) + " of fhirContext "
		var m members
		if json.Unmarshal(entry, &m) != nil || m == nil {
			return at + "is not an object"
		}
		if !m.has("reference") && !m.has("canonical") && !m.has("identifier") {
			return at + "has no reference, canonical or identifier"
		}
		for _, name := range []string{"reference", "canonical", "type", "role"} {
			if m.has(name) && textMember(m, name) == "" {
				return at + "has a " + name + " that is not a text"
			}
		}
	}
	return "ok"
}

// firstRunes shortens a text to n characters.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
