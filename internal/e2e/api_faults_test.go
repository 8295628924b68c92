package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/fault"
	"github.com/apionboard/ngapi/internal/e2e/loopback"
)

func secretFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAPIFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.Handler
		more   []string
		want   want
	}{
		"empty 200 is the quota": {fault.Empty(200), nil, want{verdict: "cannot-tell", code: 6, words: "quota"}},
		"401 plain text":         {fault.Answer{Status: 401, Type: "text/plain", Body: "invalid access token"}, nil, want{verdict: "insufficient", code: 3, words: "401"}},
		"403 empty":              {fault.Empty(403), nil, want{verdict: "insufficient", code: 3, words: "403"}},
		"401 with a reason": {fault.Answer{Status: 401, Header: map[string]string{"WWW-Authenticate": `Bearer error="insufficient_scope"`}}, nil,
			want{verdict: "insufficient", code: 3, words: "insufficient_scope"}},
		"429":               {fault.Answer{Status: 429, Header: map[string]string{"Retry-After": "60"}}, nil, want{verdict: "cannot-tell", code: 6, words: "60 s|1 min|one min|minute"}},
		"500":               {fault.JSON(500, `{"message":"boom"}`), nil, want{verdict: "cannot-tell", code: 6, words: "500"}},
		"502":               {fault.HTML(502), nil, want{verdict: "cannot-tell", code: 6, words: "502"}},
		"HTML":              {fault.HTML(200), nil, want{verdict: "cannot-tell", code: 6, words: "html|json"}},
		"hang":              {fault.Hang(), []string{"--timeout", "1s"}, want{verdict: "cannot-tell", code: 6, words: "time.?out|within|no answer"}},
		"cut":               {fault.Cut(), nil, want{verdict: "cannot-tell", code: 6, words: "connection|broke|ended"}},
		"huge":              {fault.Huge(64 << 20), nil, want{verdict: "cannot-tell", code: 6}},
		"echo of the token": {fault.JSON(500, `{"message":"bad token `+fault.Token+`"}`), nil, want{verdict: "cannot-tell", code: 6, words: "500"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.want.tokens, c.want.check = 1, "tok.accepted=pass"
			check(t, faulty(t, fault.Parts{Practices: c.answer}, c.more...), c.want)
		})
	}
}

// The bearer token does not follow a redirect either.
func TestAPIRedirect(t *testing.T) {
	t.Parallel()
	other := loopback.Start(t, nil, fault.JSON(200, `{}`))
	run := faulty(t, fault.Parts{Practices: fault.Redirect(307, other.URL+"/master/practices")})
	check(t, run, want{verdict: "misconfigured", code: 2, tokens: 1, words: "redirect"})
	if other.Tape.Len() != 0 {
		t.Errorf("the other host saw %d requests", other.Tape.Len())
	}
}

func TestSessionFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.Handler
		want   want
	}{
		"500":               {fault.Empty(500), want{verdict: "cannot-tell", code: 6, words: "500"}},
		"200 without":       {fault.JSON(200, `{}`), want{verdict: "insufficient", code: 3, words: "x-ng-sessionid"}},
		"in the body":       {fault.JSON(200, `{"X-NG-SessionId":"in-the-body-it-is-useless"}`), want{verdict: "insufficient", code: 3, words: "x-ng-sessionid"}},
		"no base64":         {fault.Answer{Header: map[string]string{"X-NG-SessionId": "!!not-base64-at-all!!"}}, want{verdict: "accepted", code: 0}},
		"403":               {fault.Empty(403), want{verdict: "insufficient", code: 3, words: "403|practice"}},
		"400 with a reason": {fault.JSON(400, `{"message":"The value is not valid."}`), want{verdict: "insufficient", code: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.want.tokens, c.want.check = 1, "tok.accepted=pass"
			check(t, faulty(t, fault.Parts{Defaults: c.answer}, session()...), c.want)
		})
	}
	t.Run("read refused", func(t *testing.T) {
		t.Parallel()
		check(t, faulty(t, fault.Parts{Read: fault.Empty(403)}, session()...),
			want{verdict: "insufficient", code: 3, tokens: 1, check: "api.session=fail"})
	})
}
