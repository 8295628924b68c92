package readiness

import (
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

const goodReport = `{
  "schema": "ngapi.auth/v1", "tool": {"name": "ngapi", "version": "1.0.0"}, "asOf": "2026-11-20",
  "credential": "clinic-a-test", "environment": "test", "client": "...ab12", "site": "...9f3e",
  "verdict": "accepted", "exitCode": 0, "flow": "gsa",
  "checks": [{"id": "tok.accepted", "status": "pass", "severity": "error"}, {"id": "api.read", "status": "pass", "severity": "error"}], "requests": 3, "next": ""
}`

func TestReadAuth(t *testing.T) {
	r, problems := ReadAuth("a.json", []byte(goodReport))
	if len(problems) > 0 || r != (AuthReport{"2026-11-20", "accepted", "clinic-a-test", "test", "gsa"}) {
		t.Fatalf("%+v %v", r, problems)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"no verdict":             {`"verdict": "accepted", `, ``, "verdict is missing"},
		"a verdict of ours":      {`"accepted"`, `"unreadable"`, "verdict is none of"},
		"another spelling":       {`"verdict"`, `"Verdict"`, "verdict is missing"},
		"a day that never was":   {`2026-11-20`, `2026-02-30`, "asOf is not a day"},
		"no day":                 {`"2026-11-20"`, `""`, "asOf is missing"},
		"a code as text":         {`"exitCode": 0`, `"exitCode": "0"`, "exitCode is not a whole number"},
		"half a code":            {`"exitCode": 0`, `"exitCode": 0.5`, "exitCode is not a whole number"},
		"another verdict's code": {`"exitCode": 0`, `"exitCode": 6`, "exitCode does not belong"},
		"another flow":           {`"gsa"`, `"implicit"`, "flow is none of"},
		"another tool":           {`"name": "ngapi"`, `"name": "curl"`, "tool.name"},
		"no tool":                {`{"name": "ngapi", "version": "1.0.0"}`, `[]`, "tool.name"},
		"checks are no list":     {`[{"id": "tok.accepted", "status": "pass", "severity": "error"}, {"id": "api.read", "status": "pass", "severity": "error"}]`, `{}`, "checks is not a list"},
		"no checks":              {`"checks": [{"id": "tok.accepted", "status": "pass", "severity": "error"}, {"id": "api.read", "status": "pass", "severity": "error"}],`, ``, "checks is missing"},
		"a check is no object":   {`[{`, `[7, {`, "checks[0]"},
		"another status":         {`"pass"`, `"passed"`, "checks[0]"},
		"a client is a list":     {`"...ab12"`, `["...ab12"]`, "client is not text"},
		"a long name":            {`clinic-a-test`, strings.Repeat("x", trait.MaxText+1), "longer than"},
		"a later version":        {`auth/v1`, `auth/v2`, "schema is not ngapi.auth/v1"},
		"not UTF-8":              {`clinic-a-test`, "clinic-\xff", "not UTF-8"},
		"nested too deep":        {`"next": ""`, `"next": ` + strings.Repeat("[", 300), "nested too deep"},
		"too large":              {`{`, `{` + strings.Repeat(" ", MaxAuthBytes), "larger than"},
		"a list":                 {goodReport, `["ngapi.auth/v1"]`, "not a JSON object"},
		"nothing passed":         {`"api.read", "status": "pass"`, `"api.read", "status": "fail"`, "does not fit"},
		"nothing was sent":       {`"requests": 3`, `"requests": 0`, "does not fit"},
		"sent, and not asked":    {`"accepted"`, `"not-asked"`, "does not fit"},
		"nothing":                {goodReport, ` `, "ends too early"},
	} {
		text := strings.Replace(goodReport, c.old, c.new, 1)
		r, problems := ReadAuth("a.json", []byte(text))
		if len(problems) == 0 || !strings.Contains(problems[0].What, c.want) || problems[0].File != "a.json" || problems[0].Do == "" || r != (AuthReport{}) {
			t.Errorf("%s: %+v %v, want %q", name, r, problems, c.want)
		}
	}
	if _, problems := ReadAuth("a.json", []byte(strings.Replace(goodReport, `"exitCode": 0`, `"exitCode": 3`, 1))); len(problems) > 0 {
		t.Errorf("accepted with a warning under --strict: %v", problems)
	}
	many := strings.Replace(goodReport, `[{`, `[`+strings.Repeat(`{},`, 500)+`{`, 1)
	if _, problems := ReadAuth("a.json", []byte(many)); len(problems) != maxProblems {
		t.Errorf("%d problems are named, want %d", len(problems), maxProblems)
	}
}

func TestClaimsAuth(t *testing.T) {
	for text, want := range map[string]bool{
		goodReport:                                   true,
		"\xef\xbb\xbf" + goodReport:                  true,
		string(sixteen(goodReport)):                  true,
		goodReport[:60]:                              true,
		`{"schema": "ngapi.auth\/v9"}`:               true,
		`{"schema": "ngapi.check/v1"}`:               false,
		`{"inner": {"schema": "ngapi.auth/v1"}}`:     false,
		`["ngapi.auth/v1"]`:                          false,
		`a note about "ngapi.auth/v1"`:               false,
		``:                                           false,
		`{"schema": "x", "schema": "ngapi.auth/v1"}`: true,
	} {
		if got := ClaimsAuth([]byte(text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestSecrets(t *testing.T) {
	const header = "eyJhbGciOiJSUzM4NCIsInR5cCI6IkpXVCJ9" // {"alg":"RS384","typ":"JWT"}
	for text, want := range map[string]int{
		goodReport:                                                         0,
		`{"access_token": null}`:                                           1,
		`{"a": [{"refreshToken": "canary"}]}`:                              1,
		`{"CLIENT_SECRET": "canary", "id_token": 1}`:                       2,
		`{"client_assertion": {"a": 1}}`:                                   1,
		`{"hint": "access_token"}`:                                         0, // a word, no member
		`{"grant_types": ["client_secret_post"]}`:                          0,
		"token " + header + ".eyJzdWIiOiIxIn0.c2ln":                        1,
		"key" + header + ".eyJzdWIiOiIxIn0.c2ln":                           1, // glued to something
		`{"hint": "` + strings.Replace(header, "e", `\u0065`, 1) + `..x"}`: 1,
		"https://eyeglasses.example.com/":                                  0,
		"eyJhbGciOiJSUzM4NCIsIn.no.header":                                 0,
		strings.Repeat("ey", 40000) + ".a.b":                               0,
		strings.Repeat("[", 5000):                                          0,
	} {
		got := Secrets("a.json", []byte(text))
		if len(got) != want {
			t.Errorf("%.60q: %v, want %d", text, got, want)
		}
		for _, p := range got {
			if strings.Contains(p.String(), "canary") || strings.Contains(p.String(), header) || p.Line != 1 {
				t.Errorf("%.60q is repeated, or its line is not named: %v", text, p)
			}
		}
	}
}

// No document makes the readers fail in another way than by a problem, and a
// report that is read has a verdict with a code of its own.
func FuzzReadAuth(f *testing.F) {
	f.Add([]byte(goodReport))
	f.Add([]byte(`{"schema":"ngapi.auth/v1","checks":[{}],"exitCode":1e9}`))
	f.Add([]byte(`{"a":{"id_token":"x"}} {`))
	f.Add([]byte("[[[{\"a\":[}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		Secrets("a", data)
		ClaimsAuth(data)
		r, problems := ReadAuth("a", data)
		_, known := authCodes()[r.Verdict]
		if len(problems) == 0 && (!known || r.AsOf == "" || !ClaimsAuth(data)) {
			t.Errorf("%q is read as %+v", data, r)
		}
		for _, p := range problems {
			if p.What == "" || p.Do == "" {
				t.Errorf("a problem without words: %+v", p)
			}
		}
	})
}

// The credential check informs: it never blocks, and it names what it rests on.
func TestCredentials(t *testing.T) {
	evidence := []Evidence{
		{ID: "ev-1", Origin: trait.Origin{Source: trait.FromFile, File: "ngapi.yaml", Line: 8, Column: 5}},
		{ID: "ev-2", Origin: trait.Origin{Source: trait.FromFile, File: "ngapi.yaml", Line: 9, Column: 5}},
	}
	for name, c := range map[string]struct {
		more    []string
		state   rulebook.State
		reason  string
		message string
	}{
		"none":     {nil, rulebook.Warn, rulebook.ReasonMissing, "credentials.checked is not recorded"},
		"accepted": {[]string{"credentials.verdict=accepted", "credentials.flow=gsa", "credentials.checked=" + today}, rulebook.Pass, "", "credentials.verdict is accepted"},
		"patient":  {[]string{"credentials.verdict=accepted", "credentials.flow=patient", "credentials.checked=" + today}, rulebook.Warn, rulebook.ReasonMismatch, "credentials.flow is patient"},
		"rejected": {[]string{"credentials.verdict=rejected", "credentials.checked=2026-11-20"}, rulebook.Warn, rulebook.ReasonMismatch, "credentials.verdict is rejected"},
		"future":   {[]string{"credentials.verdict=accepted", "credentials.checked=2026-11-24"}, rulebook.Warn, rulebook.ReasonFuture, "after the day of this judgement"},
		"both":     {[]string{"credentials.verdict=rejected", "credentials.checked=2026-11-24"}, rulebook.Warn, rulebook.ReasonFuture, "after the day of this judgement"},
	} {
		r := judge(t, full(t, c.more...), Options{Strict: true, Evidence: evidence})
		one := get(t, r, "BETA-CREDENTIALS", "")
		if one.Status != c.state || one.Reason != c.reason || one.Level != rulebook.Informational || r.ExitCode != exit.OK || !strings.Contains(one.Message, c.message) {
			t.Errorf("%s: %s %s %s, exit %d: %s", name, one.Status, one.Reason, one.Level, r.ExitCode, one.Message)
		}
		if rests := len(one.Evidence) == 1 && one.Evidence[0] == "ev-2"; rests != (len(c.more) > 0) {
			t.Errorf("%s rests on %v", name, one.Evidence)
		}
	}
}
