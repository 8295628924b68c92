package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/check"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/terminal"
)

// Auth is the document ngapi.auth/v1: one credential, proven or not. It holds
// no secret, and of client and site id only the last four characters, so that
// it can be kept as evidence beside the application.
type Auth struct {
	Schema      string `json:"schema"`
	Tool        Tool   `json:"tool"`
	AsOf        string `json:"asOf"`
	Credential  string `json:"credential"`  // name, "" for one from flags and variables
	Environment string `json:"environment"` // sandbox, test, production or ""
	Client      string `json:"client"`      // end of the client id
	Site        string `json:"site"`        // end of the site id, "" where there is none
	check.Report
	Next string `json:"next"`
}

// AuthText renders a report for people: the verdict and what it rests on, then
// what needs attention, worst first. What passed is named by its id only, so
// that the verdict of a good credential stays on the screen; all facts are in
// the JSON form.
func AuthText(s Style, d Auth) []byte {
	t := &text{s: s}
	t.line(bold, "Credential %s: %s", d.subject(), strings.ToUpper(string(d.Verdict)))
	if basis := d.basis(); basis != "" {
		t.line("", "%s", basis)
	}
	t.line(faint, "%s", d.manner())
	for _, group := range [][]check.Status{{check.Fail, check.Unknown}, {check.Warn}, {check.Info}} {
		first := true
		for _, deciding := range []bool{true, false} {
			for _, c := range d.Checks {
				if !slices.Contains(group, c.Status) || d.Deciding(c) != deciding {
					continue
				}
				if first {
					t.blank()
					first = false
				}
				t.authCheck(c, d.Next)
			}
		}
	}
	t.blank()
	t.passed(d.Checks)
	t.line("", "%s", authSummary(d.Report))
	if d.ExitCode != exit.OK && d.Next != "" {
		t.hang(bold, "next: ", clean(d.Next))
	}
	return t.bytes()
}

// basis is what a good verdict rests on, in one sentence.
func (d Auth) basis() string {
	switch {
	case d.Verdict == check.NotAsked:
		return "The configuration is complete. Nothing was sent, so nobody knows yet whether it works."
	case d.Verdict != check.Accepted:
		return ""
	case d.Passed("api.session"):
		return "A token was given, and reads with it and with the session of the practice worked."
	case d.Passed("api.read") && slices.ContainsFunc(d.Checks, func(c check.Check) bool { return c.ID == "api.session" && c.Status == check.Info }):
		return "A token was given, and a read with it worked. A session for the practice was given too; no read tried it."
	case d.Passed("api.read") && d.Flow == flow.GSA:
		return "A token was given, and a read with it worked. A session for a practice, which most routes need, was not tried."
	case d.Passed("api.read"):
		return "There is a token, and a read with it worked."
	}
	return "A token was given; no read tried it."
}

// manner is how the answer was found.
func (d Auth) manner() string {
	parts := []string{Count(int64(d.Requests), "request sent", "requests sent")}
	for _, c := range d.Checks {
		if c.ID == "cfg.secret-source" && (c.Status == check.Pass || c.Status == check.Warn) {
			from, _, _ := strings.Cut(clean(c.Summary), ":")
			parts = append(parts, "secret "+from)
		}
	}
	return strings.Join(append(parts, "as of "+d.AsOf), "; ")
}

// passed names what passed, once each; a result that has a hint all the same
// gets its lines, and one that was left out says why.
func (t *text) passed(checks []check.Check) {
	var ids []string
	for _, c := range checks {
		switch {
		case c.Status == check.Pass && c.Hint != "":
			t.authCheck(c, "")
		case c.Status == check.Pass && !slices.Contains(ids, c.ID):
			ids = append(ids, c.ID)
		}
	}
	for _, c := range checks {
		if c.Status == check.Skip {
			t.authCheck(c, "")
		}
	}
	if len(ids) > 0 {
		t.hang(green, "ok       ", strings.Join(ids, ", "))
	}
}

// subject names the credential without giving its ids away.
func (d Auth) subject() string {
	about := []string{string(d.Flow)}
	if d.Environment != "" {
		about = append(about, d.Environment)
	}
	if d.Site != "" {
		about = append(about, "site "+d.Site)
	}
	name := d.Credential
	if name == "" {
		name = "from flags and variables"
	}
	return clean(name) + " (" + clean(strings.Join(about, ", ")) + ")"
}

// authCheck writes one result. Its hint is left out where it is the next step,
// which stands at the end.
func (t *text) authCheck(c check.Check, next string) {
	words := map[check.Status]string{check.Pass: "ok", check.Info: "info", check.Skip: "skip"}
	looks := map[check.Status]string{check.Pass: green, check.Fail: red, check.Unknown: yellow, check.Warn: yellow}
	word, ok := words[c.Status]
	if !ok {
		word = strings.ToUpper(string(c.Status))
	}
	t.hang(looks[c.Status], fmt.Sprintf("%-8s %s: ", word, c.ID), clean(c.Summary))
	if c.Status == check.Skip {
		return
	}
	for _, e := range c.Evidence {
		if c.Status != check.Pass {
			t.hang("", "         ", clean(e))
		}
	}
	if c.Hint != "" && c.Hint != next {
		t.hang("", "         do: ", clean(c.Hint))
	}
}

// hang writes a text behind a head; further lines begin below the tenth column,
// or where a shorter head ends.
func (t *text) hang(look, head, body string) { t.hangAt(9, look, head, body) }

// hangAt is hang with a column of the caller's.
func (t *text) hangAt(column int, look, head, body string) {
	in := strings.Repeat(" ", min(len(head), column))
	if t.s.Width <= 0 {
		t.line(look, "%s%s", head, body)
		return
	}
	lead := strings.TrimLeft(head[min(len(head), column):], " ")
	for i, piece := range terminal.Wrap(lead+body, max(t.s.Width-len(in), 1)) {
		before := in
		if i == 0 {
			before = head[:len(in)]
		}
		t.b.WriteString(t.paint(look, before+piece) + "\n")
	}
}

// authSummary counts the statuses, worst first.
func authSummary(r check.Report) string {
	var parts []string
	for _, s := range []check.Status{check.Fail, check.Unknown, check.Warn, check.Info, check.Pass, check.Skip} {
		n := 0
		for _, c := range r.Checks {
			if c.Status == s {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	return strings.Join(parts, ", ")
}

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Failure *junitNote `xml:"failure"`
	Error   *junitNote `xml:"error"`
	Skipped *junitNote `xml:"skipped"`
	Out     string     `xml:"system-out,omitempty"`
}

type junitNote struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Body    string `xml:",chardata"`
}

// AuthJUnit renders a report as JUnit XML: what failed is a failure, what could
// not be found out an error. A warning is a failure only where it decides
// (--strict), else it is in the output of its case.
func AuthJUnit(d Auth) ([]byte, error) {
	suite := junitSuite{Name: "ngapi auth: " + string(d.Verdict), Tests: len(d.Checks)}
	good := d.ExitCode == exit.OK
	warned := !good && (d.Verdict == check.Accepted || d.Verdict == check.NotAsked) // --strict
	seen := map[string]int{}
	for _, c := range d.Checks {
		seen[c.ID]++
		one := junitCase{Class: "auth." + string(d.Flow), Name: c.ID}
		if seen[c.ID] > 1 { // readers merge cases of one name
			one.Name += fmt.Sprintf(" (%d)", seen[c.ID])
		}
		note := &junitNote{Message: clean(c.Summary), Type: string(c.Severity), Body: strings.Join(append(c.Evidence, c.Hint), "\n")}
		switch {
		case c.Status == check.Fail || (c.Status == check.Warn && warned):
			one.Failure = note
			suite.Failures++
		case c.Status == check.Unknown && good: // it decided nothing, so it turns no build red
			one.Skipped = &junitNote{Message: "unknown: " + clean(c.Summary)}
			suite.Skipped++
		case c.Status == check.Unknown:
			one.Error = note
			suite.Errors++
		case c.Status == check.Skip:
			one.Skipped = &junitNote{Message: clean(c.Summary)}
			suite.Skipped++
		default:
			one.Out = string(c.Status) + ": " + clean(c.Summary)
		}
		suite.Cases = append(suite.Cases, one)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(suite); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
