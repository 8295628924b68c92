package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/authz"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

// machine is the usual GSA client.
func machine(method string) authz.Client {
	return authz.Client{ID: clientID, Secret: canary, Method: method, Grants: []string{"client_credentials"},
		Scopes: []string{"system/Patient.read"}}
}

// shell is a check of the NextGen-shaped server with one GSA client.
func shell(t *testing.T, o nextgen.Options, more ...string) (call, *nextgen.Shell) {
	t.Helper()
	if o.Clients == nil {
		o.Clients = []authz.Client{machine("client_secret_post")}
	}
	s := nextgen.Start(t, o)
	return call{site: s.Site, args: gsa(s.OAuth+"/token", s.API, more...)}, s
}

func TestGSAAccepted(t *testing.T) {
	t.Parallel()
	c, s := shell(t, nextgen.Options{}, session()...)
	check(t, c, want{verdict: "accepted", code: 0, tokens: 1, check: "tok.accepted=pass"})
	form := tokenRequests(s.Site.Tape)[0].Form()
	for name, value := range map[string]string{"grant_type": "client_credentials", "client_id": clientID,
		"client_secret": canary, "site_id": nextgen.SiteID} {
		if form.Get(name) != value {
			t.Errorf("the form's %s is %q, want %q", name, form.Get(name), value)
		}
	}
	if tokenRequests(s.Site.Tape)[0].Header.Get("Authorization") != "" {
		t.Error("client_secret_post came with an Authorization header as well")
	}
	puts := s.Site.Tape.Find("PUT", "/users/me/login-defaults")
	if len(puts) != 1 {
		t.Fatalf("%d PUT login-defaults:\n%s", len(puts), s.Site.Tape.Lines())
	}
	var ids map[string]any
	if err := json.Unmarshal(puts[0].Body, &ids); err != nil || ids["enterpriseId"] != "00001" || ids["practiceId"] != "0001" {
		t.Errorf("login-defaults were asked with %s", puts[0].Body)
	}
	if s.Site.Tape.Count("GET", "/master/practices") == 0 {
		t.Error("practices were not read")
	}
	withSession := 0
	for _, e := range s.Site.Tape.All() {
		if e.Header.Get("X-NG-SessionId") == nextgen.SessionID(nextgen.Enterprise, nextgen.Practice) {
			withSession++
		}
		if strings.Contains(e.Query, "token") || strings.Contains(e.Query, "secret") {
			t.Errorf("a secret may be in the query of %s %s", e.Method, e.Path)
		}
	}
	if withSession != 1 {
		t.Errorf("%d requests with the session, want one:\n%s", withSession, s.Site.Tape.Lines())
	}
}

func TestGSAWithoutSession(t *testing.T) {
	t.Parallel()
	for name, more := range map[string][]string{
		"no practice given": nil,
		"--no-session":      append(session(), "--no-session"),
	} {
		t.Run(name, func(t *testing.T) {
			c, s := shell(t, nextgen.Options{}, more...)
			check(t, c, want{verdict: "accepted", code: 0, tokens: 1, check: "api.read=pass"})
			if s.Site.Tape.Count("PUT", "/users/me/login-defaults") != 0 {
				t.Errorf("login-defaults were put:\n%s", s.Site.Tape.Lines())
			}
		})
	}
}

func TestGSARefused(t *testing.T) {
	t.Parallel()
	basic := nextgen.Options{Clients: []authz.Client{machine("client_secret_basic")}}
	empty := nextgen.Options{Site: nextgen.SiteEmpty}
	otherSite := []string{"--site-id", nextgen.OtherSiteID}
	for name, c := range map[string]struct {
		options nextgen.Options
		more    []string
		drop    string // a flag to leave out, with its value
		secret  string
		want    want
	}{
		"wrong secret": {secret: "not-the-secret-4711", want: want{verdict: "rejected", code: 3, tokens: 1, words: "secret", check: "tok.accepted=fail"}},
		"unknown client": {more: []string{"--client-id", "nobody-of-that-name"},
			want: want{verdict: "rejected", code: 3, tokens: 1, words: "client", check: "tok.accepted=fail"}},
		"wrong site, named": {more: otherSite, want: want{verdict: "rejected", code: 3, tokens: 1, words: "site"}},
		"wrong site, empty": {options: empty, more: otherSite, want: want{verdict: "rejected", code: 3, tokens: 1, words: "no oauth error"}},
		"registered basic":  {options: basic, want: want{verdict: "rejected", code: 3, tokens: 1, words: "try --auth-method client_secret_basic", check: "tok.method=fail"}},
		"no proof at all":   {more: []string{"--auth-method", "none"}, want: want{verdict: "misconfigured", code: 2, tokens: 0, words: "public clients"}},
		"basic":             {options: basic, more: []string{"--auth-method", "client_secret_basic"}, want: want{verdict: "accepted", code: 0, tokens: 1}},
		"scope not allowed": {more: []string{"--scope", "system/Observation.read"}, want: want{verdict: "rejected", code: 3, tokens: 1, words: "scope"}},
		"missing site":      {drop: "--site-id", want: want{verdict: "misconfigured", code: 2, tokens: 0, words: "site-id"}},
		"no secret":         {secret: "-", want: want{verdict: "sign-in-needed", code: 4, tokens: 0, words: "NGAPI_CLIENT_SECRET|--secret-file"}},
		"site is no GUID":   {more: []string{"--site-id", "12345"}, want: want{verdict: "misconfigured", code: 2, tokens: 0, words: "site"}},
		"enterprise a number": {more: []string{"--enterprise-id", "1", "--practice-id", "1"},
			want: want{verdict: "misconfigured", code: 2, tokens: 0, words: "00001"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run, _ := shell(t, c.options, c.more...)
			if at := slices.Index(run.args, c.drop); at >= 0 {
				run.args = slices.Delete(run.args, at, at+2)
			}
			run.Env = map[string]string{}
			switch c.secret {
			case "":
			case "-":
				run.Env["NGAPI_CLIENT_SECRET"] = ""
			default:
				run.Env["NGAPI_CLIENT_SECRET"] = c.secret
				run.wire = []string{c.secret}
			}
			check(t, run, c.want)
		})
	}
}

func TestGSAInsufficient(t *testing.T) {
	t.Parallel()
	closed := []string{"--enterprise-id", nextgen.Enterprise, "--practice-id", nextgen.ClosedOne}
	for name, c := range map[string]struct {
		options nextgen.Options
		more    []string
		words   string
	}{
		"practice without rights":     {more: closed, words: "practice"},
		"no session header":           {options: nextgen.Options{NoSession: true}, more: session(), words: "x-ng-sessionid"},
		"session of another practice": {options: nextgen.Options{SessionOfAnother: true}, more: session(), words: nextgen.OtherPractice},
		"API 401":                     {options: nextgen.Options{APIStatus: 401}, words: "401"},
		"API 403":                     {options: nextgen.Options{APIStatus: 403}, words: "403"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run, _ := shell(t, c.options, c.more...)
			check(t, run, want{verdict: "insufficient", code: 3, tokens: 1, words: c.words, check: "tok.accepted=pass"})
		})
	}
}

func TestNextPageLinkIsNotFollowed(t *testing.T) {
	t.Parallel()
	c, _ := shell(t, nextgen.Options{})
	// The internal address of the link is 127.0.0.1:889: nobody may listen
	// there, and a request to it would make the check fail.
	check(t, c, want{verdict: "accepted", code: 0, tokens: 1})
}
