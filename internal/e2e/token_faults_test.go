package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/fault"
	"github.com/apionboard/ngapi/internal/e2e/loopback"
)

const quarter = 15 * time.Minute

// tokenFaults are answers of the token endpoint and what each must come to.
func tokenFaults() map[string]struct {
	answer http.Handler
	more   []string
	want   want
} {
	refused := fault.JSON(401, `{"error":"invalid_client"}`)
	granted := func(name string, value any) http.Handler { return fault.Granted(map[string]any{name: value}) }
	two := []string{"--scope", "system/Patient.read system/Observation.read"}
	one := func(verdict string, code int, words string) want {
		return want{verdict: verdict, code: code, tokens: 1, words: words}
	}
	return map[string]struct {
		answer http.Handler
		more   []string
		want   want
	}{
		"401 invalid_client":      {refused, nil, one("rejected", 3, "client_secret_post")},
		"400 unauthorized_client": {fault.JSON(400, `{"error":"unauthorized_client"}`), nil, one("rejected", 3, "approved|unauthorized_client")},
		"400 site_id named":       {fault.JSON(400, `{"error":"invalid_request","error_description":"site_id unknown"}`), nil, one("rejected", 3, "site")},
		"403 empty":               {fault.Empty(403), nil, one("rejected", 3, "no oauth error")},
		"401 empty":               {fault.Empty(401), nil, one("rejected", 3, "no oauth error")},
		"403 HTML of a gateway":   {fault.HTML(403), nil, one("rejected", 3, "no oauth error")},
		"NextGen's own error shape": {fault.JSON(400, `{"error":"Invalid Grant","detailedmessage":"no such thing"}`), nil,
			one("rejected", 3, "")},
		"429":                 {fault.Answer{Status: 429, Header: map[string]string{"Retry-After": "120"}}, nil, one("cannot-tell", 6, "120|2 min|two min")},
		"502 HTML":            {fault.HTML(502), nil, one("cannot-tell", 6, "502")},
		"503 empty":           {fault.Empty(503), nil, one("cannot-tell", 6, "503")},
		"hang":                {fault.Hang(), []string{"--timeout", "1s"}, one("cannot-tell", 6, "time.?out|within|no answer")},
		"error inside a 200":  {fault.JSON(200, `{"error":"invalid_client","error_description":"no"}`), nil, one("rejected", 3, "200")},
		"200 empty":           {fault.Empty(200), nil, one("cannot-tell", 6, "empty")},
		"200 HTML":            {fault.HTML(200), nil, one("cannot-tell", 6, "html|json")},
		"200 without a token": {fault.JSON(200, `{"token_type":"Bearer"}`), nil, one("cannot-tell", 6, "without a token|no token")},
		"200 JSON cut short":  {fault.JSON(200, `{"access_token":"abc`), nil, one("cannot-tell", 6, "json")},
		"connection cut":      {fault.Cut(), nil, one("cannot-tell", 6, "connection|broke|ended")},
		"huge body":           {fault.Huge(64 << 20), nil, one("cannot-tell", 6, "")},
		"no expires_in":       {granted("expires_in", nil), nil, want{verdict: "accepted", code: 0, tokens: 1, words: "expires_in", check: "tok.expires=warn"}},
		"expires_in a string": {granted("expires_in", "3600"), nil,
			want{verdict: "accepted", code: 0, tokens: 1, words: "expires_in", check: "tok.expires=warn"}},
		"fewer scopes": {granted("scope", "system/Patient.read"), two,
			want{verdict: "accepted", code: 0, tokens: 1, words: "system/observation.read", check: "tok.scope=warn"}},
		"fewer scopes, strict": {granted("scope", "system/Patient.read"), append([]string{"--strict"}, two...),
			one("insufficient", 3, "system/observation.read")},
		"no scope": {granted("scope", nil), two, want{verdict: "accepted", code: 0, tokens: 1}},
		"clock off": {fault.Late(quarter, fault.Granted(nil)), nil,
			want{verdict: "accepted", code: 0, tokens: 1, words: "clock", check: "net.clock=warn"}},
		"clock off and refused": {fault.Late(-quarter, refused), nil, one("rejected", 3, "clock")},
	}
}

func TestTokenEndpointFaults(t *testing.T) {
	t.Parallel()
	for name, c := range tokenFaults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, faulty(t, fault.Parts{Token: c.answer}, c.more...), c.want)
		})
	}
}

// A token of another type is no bearer token; which verdict says so best is the
// command's choice, but it is not "accepted".
func TestTokenTypeMac(t *testing.T) {
	t.Parallel()
	run := faulty(t, fault.Parts{Token: fault.Granted(map[string]any{"token_type": "mac"})})
	check(t, run, want{verdict: "insufficient", code: 3, tokens: 1, words: "mac", check: "tok.type=fail"})
}

// The first thing that a person reads about a refusal is the clock, where it is
// off by a quarter of an hour.
func TestClockIsNamedFirst(t *testing.T) {
	t.Parallel()
	run := faulty(t, fault.Parts{Token: fault.Late(quarter, fault.JSON(401, `{"error":"invalid_client"}`))})
	r := check(t, run, want{verdict: "rejected", code: 3, tokens: 1, words: "clock"})
	for _, c := range r.Report.Checks {
		if c.Status == "pass" || c.Status == "skip" || c.Status == "info" {
			continue
		}
		if !strings.Contains(strings.ToLower(c.ID+c.Summary+c.Hint), "clock") {
			continue
		}
		if c.ID == "net.clock" || strings.Index(strings.ToLower(c.Hint), "clock") < 60 {
			return
		}
	}
	t.Errorf("the clock does not come first:\n%s", r.Report.Words())
}

// A redirect is never followed: the other host sees nothing of the secret.
func TestTokenRedirect(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 307, 308} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			other := loopback.Start(t, nil, fault.Granted(nil))
			run := faulty(t, fault.Parts{Token: fault.Redirect(status, other.URL+"/token")})
			check(t, run, want{verdict: "misconfigured", code: 2, tokens: 1, words: "redirect", check: "tok.no-redirect=fail"})
			if other.Tape.Len() != 0 {
				t.Errorf("the other host saw %d requests:\n%s", other.Tape.Len(), other.Tape.Lines())
			}
		})
	}
}

// Error texts that repeat what was sent reach nobody, in no form and format.
func TestEchoedSecret(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]fault.Echo{"plain": fault.Plain, "form": fault.Encoded, "percent": fault.Percent,
		"basic": fault.Basic, "base64 inside": fault.Padded, "hex": fault.Hex, "encoded twice": fault.Twice, "unicode": fault.Unicode,
		"page": fault.Page, "headers": fault.Headers, "wrapped base64": fault.Wrapped} {
		for _, method := range []string{"client_secret_post", "client_secret_basic"} {
			t.Run(name+" "+method, func(t *testing.T) {
				t.Parallel()
				run := faulty(t, fault.Parts{Token: fault.Echoes(kind)}, "--auth-method", method)
				check(t, run, want{verdict: "rejected", code: 3, tokens: 1})
				text := run
				text.Run = drive.Run{Binary: binary, Args: slices.Concat(run.args, []string{"--debug"}),
					Env: map[string]string{"NGAPI_CLIENT_SECRET": canary}}
				r := drive.Do(t, text.Run)
				if r.Code != 3 || strings.TrimSpace(r.Stdout) == "" {
					t.Errorf("as text: code %d, stdout %q", r.Code, r.Stdout)
				}
				noLeak(t, text, r)
			})
		}
	}
}

// Where the secret comes from changes nothing of what comes out.
func TestSecretSources(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]struct {
		args  []string
		stdin string
	}{
		"file":                  {args: []string{"--secret-file", secretFile(t, canary)}},
		"file with a last line": {args: []string{"--secret-file", secretFile(t, canary+"\n")}},
		"stdin":                 {args: []string{"--secret-stdin"}, stdin: canary + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := faulty(t, fault.Parts{}, source.args...)
			run.Env = map[string]string{"NGAPI_CLIENT_SECRET": ""}
			run.Stdin = source.stdin
			check(t, run, want{verdict: "accepted", code: 0, tokens: 1})
			if got := tokenRequests(run.site.Tape)[0].Form().Get("client_secret"); got != canary {
				t.Errorf("the server got %q", got)
			}
		})
	}
}
