package fault

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func post(t *testing.T, f *Faulty) (*http.Response, string, error) {
	t.Helper()
	once := &http.Client{Timeout: 300 * time.Millisecond,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := url.Values{"client_id": {"id"}, "client_secret": {`a b"c`}}
	a, err := once.Post(f.TokenURL, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, "", err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(io.LimitReader(a.Body, 1<<20))
	return a, string(body), err
}

func TestEachFaultIsOne(t *testing.T) {
	for name, c := range map[string]struct {
		fault  http.Handler
		status int
		body   string
	}{
		"good":     {nil, 200, Token},
		"empty":    {Empty(403), 403, ""},
		"html":     {HTML(502), 502, "<html>"},
		"redirect": {Redirect(307, "http://127.0.0.1:9/"), 307, ""},
		"late":     {Late(time.Hour, Granted(nil)), 200, Token},
		"string":   {Granted(map[string]any{"expires_in": "3600"}), 200, `"expires_in":"3600"`},
		"absent":   {Granted(map[string]any{"token_type": nil}), 200, Token},
		"huge":     {Huge(1 << 21), 200, "AAAA"},
		"plain":    {Echoes(Plain), 401, `a b\"c`},
		"encoded":  {Echoes(Encoded), 401, "a+b%22c"},
		"percent":  {Echoes(Percent), 401, "a%20b%22c"},
		"basic":    {Echoes(Basic), 401, base64.StdEncoding.EncodeToString([]byte(`id:a b"c`))},
		"padded":   {Echoes(Padded), 401, base64.URLEncoding.EncodeToString([]byte(`user=id&password=a b"c&end`))},
		"hex":      {Echoes(Hex), 401, "6120622263"},
		"twice":    {Echoes(Twice), 401, "a%2Bb%2522c"},
		"unicode":  {Echoes(Unicode), 401, `\u0061\u0020\u0062\u0022\u0063`},
		"page":     {Echoes(Page), 401, "<p>a b&#34;c</p>"},
		"headers":  {Echoes(Headers), 401, "see the headers"},
		"wrapped":  {Echoes(Wrapped), 401, `\n`},
	} {
		a, body, err := post(t, Server(t, Parts{Token: c.fault}))
		if err != nil || a.StatusCode != c.status || !strings.Contains(body, c.body) {
			t.Errorf("%s: %v, %v, %.80q", name, err, a, body)
		}
		if name == "late" {
			if at, err := http.ParseTime(a.Header.Get("Date")); err != nil || time.Until(at) < 50*time.Minute {
				t.Errorf("the Date is %v, %v", at, err)
			}
		}
	}
	for name, handler := range map[string]http.Handler{"hang": Hang(), "cut": Cut()} {
		if _, _, err := post(t, Server(t, Parts{Token: handler})); err == nil {
			t.Errorf("%s: there was an answer", name)
		}
	}
}
