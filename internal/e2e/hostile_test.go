package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/fault"
	"github.com/apionboard/ngapi/internal/e2e/loopback"
)

// Answers that would exhaust, deceive or confuse whoever reads them.
func TestHostileTokenEndpoint(t *testing.T) {
	t.Parallel()
	cannotTell := want{verdict: "cannot-tell", code: 6, tokens: 1}
	rejected := want{verdict: "rejected", code: 3, tokens: 1}
	nasty := fault.JSON(401, `{"error":"invalid_client","error_description":"`+fault.Nasty+`"}`)
	nasty.Header = map[string]string{"X-Request-Id": "\u202ered\u009b31m", "Server": "a\u202ec"}
	for name, c := range map[string]struct {
		answer http.Handler
		want   want
	}{
		"drip":                   {fault.Drip(), cannotTell},
		"gzip bomb":              {fault.Bomb(256 << 20), cannotTell},
		"big header":             {fault.BigHeader(4 << 20), cannotTell},
		"204":                    {fault.Empty(204), cannotTell},
		"token is null":          {fault.JSON(200, `{"access_token":null,"token_type":"Bearer"}`), cannotTell},
		"token is a number":      {fault.JSON(200, `{"access_token":12345678,"token_type":"Bearer"}`), cannotTell},
		"token is empty":         {fault.JSON(200, `{"access_token":"","token_type":"Bearer"}`), cannotTell},
		"token is an object":     {fault.JSON(200, `{"access_token":{"a":1},"token_type":"Bearer"}`), cannotTell},
		"a list":                 {fault.JSON(200, `[]`), cannotTell},
		"null":                   {fault.JSON(200, `null`), cannotTell},
		"text that steers":       {nasty, rejected},
		"code that steers":       {fault.JSON(400, `{"error":"`+fault.Nasty+`"}`), rejected},
		"error is an object":     {fault.JSON(401, `{"error":{"code":"invalid_client"}}`), rejected},
		"page that steers":       {fault.Answer{Status: 502, Type: "text/html", Body: "<html>\x1b]0;title\x07\x00\x1b[2J" + strings.Repeat("\u202e", 50)}, cannotTell},
		"redirect that steers":   {fault.Redirect(302, "https://a.invalid/\u202e%1b[31m?client_secret=x"), want{verdict: "misconfigured", code: 2, tokens: 1}},
		"bytes that are no text": {fault.Answer{Status: 500, Type: "application/json", Body: "\xff\xfe\x00\x80\xc3\x28"}, cannotTell},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := check(t, faulty(t, fault.Parts{Token: c.answer}, "--timeout", "1s"), c.want)
			if r.Took > 8*time.Second {
				t.Errorf("it took %s", r.Took)
			}
		})
	}
}

// A token that would break a header is not sent, or not as two headers.
func TestTokenWithALineBreak(t *testing.T) {
	t.Parallel()
	run := faulty(t, fault.Parts{Token: fault.Granted(map[string]any{"access_token": "tok-e2e-1234567890\r\nX-Injected: yes"})})
	run.Env = map[string]string{"NGAPI_CLIENT_SECRET": canary}
	run.Binary, run.Args = binary, append(run.args, "-o", "json", "--debug")
	r := drive.Do(t, run.Run)
	if r.Code == 0 {
		t.Errorf("accepted\n%s", r.Report.Words())
	}
	for _, e := range run.site.Tape.All() {
		if e.Header.Get("X-Injected") != "" {
			t.Error("a header was injected")
		}
	}
	noLeak(t, run, r)
}

// The wrong protocol at an address is named, not taken for a refusal.
func TestWrongProtocol(t *testing.T) {
	t.Parallel()
	ca := loopback.NewAuthority(t, "E2E CA")
	plain, secure := fault.Server(t, fault.Parts{}), fault.Server(t, fault.Parts{Secure: ca.Server(t, loopback.Leaf{})})
	for name, base := range map[string]string{
		"https at a plain server": "https://" + plain.Site.Host(),
		"http at a TLS server":    "http://" + secure.Site.Host(),
		"no HTTP at all":          "http://" + fault.NoHTTP(t),
		"no TLS at all":           "https://" + fault.NoHTTP(t),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := call{args: gsa(base+"/nge/prod/nge-oauth/token", base+"/nge/prod/nge-api/api")}
			check(t, run, want{verdict: "cannot-tell", code: 6, words: "http|tls|connection|protocol"})
		})
	}
}
