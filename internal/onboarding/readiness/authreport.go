package readiness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// AuthSchema is the schema of the report that ngapi auth check writes.
const AuthSchema = "ngapi.auth/v1"

// MethodAuth is the method of evidence that is such a report.
const MethodAuth = "auth-check"

// MaxAuthBytes is the size of the largest report that is read; a real one has a
// few kilobytes.
const MaxAuthBytes = 1 << 20

// Unreadable is the verdict that the gate sees where the newest recorded report
// cannot be used. No report says it.
const Unreadable = "unreadable"

// anyAuth begins the schema of a report of any version.
const anyAuth = "ngapi.auth/"

// AuthReport is what counts of a report of ngapi auth check.
type AuthReport struct {
	AsOf        string // YYYY-MM-DD
	Verdict     string // one of the verdicts of ngapi auth check
	Credential  string // name, "" for one that came from flags and variables
	Environment string
	Flow        string // gsa, patient or eal
}

// ClaimsAuth tells whether a file means to be a report of ngapi auth check: its
// schema is one of any version, or it names one and is not JSON any more. Such a
// file is never recorded as something else.
func ClaimsAuth(data []byte) bool {
	if bytes.Contains(data, sixteen(anyAuth)) { // saved by a shell that writes UTF-16
		return true
	}
	claims := false
	err := scanJSON(data, func(m member) {
		claims = claims || (m.depth == 1 && m.key == "schema" && strings.HasPrefix(m.text, anyAuth))
	})
	object := bytes.HasPrefix(bytes.TrimLeft(data, "\xef\xbb\xbf \t\r\n"), []byte("{"))
	return claims || (err != nil && object && bytes.Contains(data, []byte(`"`+anyAuth)))
}

// sixteen is ASCII text as UTF-16 without its first byte, which makes it the same
// in both byte orders.
func sixteen(text string) []byte {
	var out []byte
	for i := range len(text) {
		out = append(out, text[i], 0)
	}
	return out[:len(out)-1]
}

// ReadAuth reads a report of ngapi auth check. It lists every problem; none
// repeats what the file says. Members that are not known here are skipped.
func ReadAuth(file string, data []byte) (AuthReport, []exit.Problem) {
	wrong := func(line int, what, do string) []exit.Problem {
		return []exit.Problem{{File: file, Line: line, What: what, Do: do}}
	}
	if len(data) > MaxAuthBytes {
		return AuthReport{}, wrong(0, fmt.Sprintf("the report is larger than %d bytes", MaxAuthBytes), again)
	}
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return AuthReport{}, wrong(0, "the report is not UTF-8 text", again)
	}
	twice := []exit.Problem{}
	err := scanJSON(data, func(m member) {
		if m.twice {
			twice = append(twice, wrong(lineAt(data, m.offset), "a member of the report is there twice", again)...)
		}
	})
	if err != nil {
		return AuthReport{}, wrong(lineAt(data, err.offset), "the report is not one JSON document: "+err.what, again)
	}
	if len(twice) > 0 { // which of the two counts is anybody's guess
		return AuthReport{}, twice[:1]
	}
	var doc map[string]any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if dec.Decode(&doc) != nil {
		return AuthReport{}, wrong(0, "the report is not a JSON object", again)
	}
	return authOf(file, doc)
}

// again is the remedy of a report that cannot be used.
const again = "write it anew with ngapi auth check -o json=FILE"

// authOf checks the members of a report.
func authOf(file string, doc map[string]any) (AuthReport, []exit.Problem) {
	r := authReader{file: file, doc: doc}
	if schema, _ := doc["schema"].(string); schema != AuthSchema {
		r.say("schema is not "+AuthSchema, "use the ngapi that wrote it, or write it anew with ngapi auth check -o json=FILE")
		return AuthReport{}, r.problems
	}
	tool, _ := doc["tool"].(map[string]any)
	if name, _ := tool["name"].(string); name != "ngapi" {
		r.say("tool.name is not ngapi", again)
	}
	out := AuthReport{
		AsOf: r.text("asOf", true), Verdict: r.word("verdict", slices.Sorted(maps.Keys(authCodes()))), Flow: r.word("flow", []string{"gsa", "patient", "eal"}),
		Credential: r.text("credential", false), Environment: r.text("environment", false),
	}
	r.text("client", false)
	r.text("site", false)
	r.text("next", false)
	if _, err := time.Parse(trait.DateLayout, out.AsOf); err != nil && out.AsOf != "" {
		r.say("asOf is not a day as YYYY-MM-DD", again)
	}
	requests, counted := r.count("requests")
	code, ok := r.count("exitCode")
	if want, known := authCodes()[out.Verdict]; ok && known && !slices.Contains(want, exit.Code(code)) {
		r.say("exitCode does not belong to the verdict "+out.Verdict, again)
	}
	passed := r.checks()
	if counted && len(r.problems) == 0 && !fits(out.Verdict, requests, passed) {
		r.say("the verdict "+out.Verdict+" does not fit the checks and requests of the report", again)
	}
	if len(r.problems) > 0 {
		return AuthReport{}, r.problems
	}
	return out, nil
}

// authCodes lists the exit codes that belong to each verdict; with --strict a
// warning turns 0 into 3.
func authCodes() map[string][]exit.Code {
	return map[string][]exit.Code{
		"accepted": {exit.OK, exit.No}, "not-asked": {exit.OK, exit.No}, "insufficient": {exit.No}, "rejected": {exit.No},
		"misconfigured": {exit.Usage}, "sign-in-needed": {exit.SignIn}, "cannot-tell": {exit.Remote},
	}
}

// fits tells whether a report bears out its own verdict. It is no proof against a
// forger; it finds a verdict that was changed by hand.
func fits(verdict string, requests int64, passed map[string]bool) bool {
	switch verdict {
	case "accepted":
		return requests > 0 && passed["tok.accepted"] && passed["api.read"]
	case "not-asked":
		return requests == 0 && !passed["tok.accepted"]
	}
	return true
}

type authReader struct {
	file     string
	doc      map[string]any
	problems []exit.Problem
}

func (r *authReader) say(what, do string) {
	r.problems = append(r.problems, exit.Problem{File: r.file, What: what, Do: do})
}

// text reads a member that is text.
func (r *authReader) text(key string, must bool) string {
	v, there := r.doc[key]
	s, ok := v.(string)
	switch {
	case !there || (ok && s == "" && must):
		r.say(key+" is missing", again)
	case !ok:
		r.say(key+" is not text", again)
	case len(s) > trait.MaxText:
		r.say(fmt.Sprintf("%s is longer than %d bytes", key, trait.MaxText), again)
	}
	return s
}

func (r *authReader) word(key string, words []string) string {
	s := r.text(key, true)
	if _, isText := r.doc[key].(string); isText && s != "" && !slices.Contains(words, s) {
		r.say(key+" is none of "+strings.Join(words, ", "), again)
	}
	return s
}

// count reads a member that is a whole number from 0.
func (r *authReader) count(key string) (int64, bool) {
	v, there := r.doc[key]
	if !there {
		r.say(key+" is missing", again)
		return 0, false
	}
	number, _ := v.(json.Number)
	n, err := number.Int64()
	if err != nil || n < 0 {
		r.say(key+" is not a whole number from 0", again)
		return 0, false
	}
	return n, true
}

// checks reads the list of checks and returns the ids of those that passed.
func (r *authReader) checks() map[string]bool {
	passed := map[string]bool{}
	v, there := r.doc["checks"]
	list, ok := v.([]any)
	switch {
	case !there:
		r.say("checks is missing", again)
	case !ok:
		r.say("checks is not a list", again)
	}
	for i, one := range list {
		if len(r.problems) >= maxProblems {
			return passed
		}
		c, _ := one.(map[string]any)
		id, _ := c["id"].(string)
		status, _ := c["status"].(string)
		severity, _ := c["severity"].(string)
		if id == "" || !slices.Contains([]string{"pass", "fail", "warn", "info", "skip", "unknown"}, status) ||
			!slices.Contains([]string{"error", "warning", "info"}, severity) {
			r.say(fmt.Sprintf("checks[%d] lacks one of id, status and severity, or has another word in it", i), again)
		}
		passed[id] = passed[id] || status == "pass"
	}
	return passed
}

// maxProblems is how many problems of one file are named.
const maxProblems = 20

func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(int(offset), len(data))], []byte("\n"))
}
