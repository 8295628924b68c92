package flow

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// launching is a ServeLaunch that runs, and what it told.
type launchRun struct {
	c       *Callback
	cfg     LaunchConfig
	logins  *Logins
	refused []LaunchRefusal // guarded by the listener: one launch at a time
	started []string
	done    chan error
	answer  Answer
}

const launchIssuer = "https://FHIR.example:443/r4"

// serveLaunch starts with an error of start, or with the address to be sent to
// instead of the authorization server's.
func serveLaunch(t *testing.T, fail error, to ...string) *launchRun {
	t.Helper()
	r := &launchRun{c: listening(t, "http://127.0.0.1/callback"), logins: &Logins{}, done: make(chan error, 1)}
	r.cfg = LaunchConfig{Issuers: []string{launchIssuer + "/", "https://api.example/nge-api"}, Refused: func(l LaunchRefusal) { r.refused = append(r.refused, l) }}
	random := new(counted)
	start := func(_ context.Context, iss string, launch secret.Value) (string, error) {
		r.started = append(r.started, iss)
		if fail != nil {
			return "", fail
		}
		if len(to) > 0 {
			return to[0], nil
		}
		cfg := patientConfig()
		cfg.Flow, cfg.Aud, cfg.Launch, cfg.RedirectURL = EAL, iss, launch.Reveal(), r.c.URL
		l, err := NewLogin(cfg, random)
		if err != nil {
			return "", err
		}
		r.logins.Add(l)
		return l.URL(), nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	go func() {
		var err error
		r.answer, err = ServeLaunch(ctx, r.c, r.cfg, start)
		r.done <- err
	}()
	for r.c.launching() == nil {
		time.Sleep(time.Millisecond)
	}
	return r
}

func (r *launchRun) launch(t *testing.T, query string) visited {
	t.Helper()
	return visit(t, "GET", r.c.LaunchURL(r.cfg)+"?"+query, "")
}

func TestLaunchIsSentOnAndAnswered(t *testing.T) {
	r := serveLaunch(t, nil)
	if early := visit(t, "GET", r.c.URL+"?code=x&state=y", ""); early.status != 400 {
		t.Errorf("an answer before any launch answers %d", early.status)
	}
	iss := url.QueryEscape("https://fhir.example/r4")
	v := r.launch(t, "iss="+iss+"&launch=l-canary")
	to := query(t, v.header.Get("Location"))
	if v.status != 302 || to.Get("launch") != "l-canary" || to.Get("aud") != "https://fhir.example/r4" || to.Get("redirect_uri") != r.c.URL {
		t.Fatalf("status %d, to %v", v.status, to)
	}
	if v.header.Get("Cache-Control") != "no-store" || v.header.Get("Referrer-Policy") != "no-referrer" || strings.Contains(v.body, "canary") {
		t.Errorf("the redirect can be stored or passed on: %v %s", v.header, v.body)
	}
	if again := r.launch(t, "iss="+iss+"%2F&launch=l2-canary"); again.status != 302 {
		t.Errorf("a second launch answers %d", again.status)
	}
	safePage(t, visit(t, "GET", r.c.URL+"?code=c&state="+to.Get("state"), ""))
	if err := <-r.done; err != nil {
		t.Fatal(err)
	}
	l := r.logins.For(r.answer)
	if l.State.Reveal() != to.Get("state") || l.Check(r.answer, Expect{}) != nil {
		t.Error("the answer of the first of two launches was not found or does not fit")
	}
	if v := r.launch(t, "iss="+iss+"&launch=l-canary"); v.status != 404 {
		t.Errorf("launches are still taken after the answer: %d", v.status)
	}
}

func TestLaunchRefusals(t *testing.T) {
	r := serveLaunch(t, nil)
	good := "iss=" + url.QueryEscape(launchIssuer)
	cases := []struct{ name, query, words, issuer string }{
		{"foreign issuer", "iss=https://evil.example/r4?q%3Dq-canary&launch=l-canary", "not on the allow-list", "https://evil.example/r4"},
		{"path in another case", "iss=https://fhir.example/R4&launch=l-canary", "not on the allow-list", "https://fhir.example/R4"},
		{"below the issuer", "iss=https://fhir.example/r4/x&launch=l-canary", "not on the allow-list", "https://fhir.example/r4/x"},
		{"plain http", "iss=http://fhir.example/r4&launch=l-canary", "not on the allow-list", "http://fhir.example/r4"},
		{"another port", "iss=https://fhir.example:8443/r4&launch=l-canary", "not on the allow-list", "https://fhir.example:8443/r4"},
		{"user in front", "iss=https://u:p-canary@fhir.example/r4&launch=l-canary", "not on the allow-list", "https://fhir.example/r4"},
		{"query behind", "iss=https://fhir.example/r4?x-canary&launch=l-canary", "not on the allow-list", "https://fhir.example/r4"},
		{"host in front", "iss=https://fhir.example.evil.example/r4&launch=l-canary", "not on the allow-list", "https://fhir.example.evil.example/r4"},
		{"control characters", "iss=https://evil.example/%1b[31m&launch=l-canary", "not on the allow-list", ""},
		{"other script", "iss=https://%D0%B5vil.example/r4&launch=l-canary", "not on the allow-list", ""},
		{"no address", "iss=canary&launch=l-canary", "not on the allow-list", ""},
		{"no issuer", "launch=l-canary", "without the parameter iss", ""},
		{"two issuers", good + "&" + good + "&launch=l-canary", "parameter iss twice", ""},
		{"no launch", good, "without the parameter launch", ""},
		{"empty launch", good + "&launch=", "without the parameter launch", ""},
		{"two launches", good + "&launch=l-canary&launch=l-canary", "parameter launch twice", ""},
		{"broken query", good + "&launch=%zzcanary", "cannot be read", ""},
	}
	for i, c := range cases {
		v := r.launch(t, c.query)
		safePage(t, v)
		if v.status != 403 || len(r.refused) != i+1 {
			t.Fatalf("%s: status %d, %d refusals told", c.name, v.status, len(r.refused))
		}
		got := r.refused[i]
		if got.Check != "code.launch" || !strings.Contains(got.What, c.words) || got.Do == "" || got.Issuer != c.issuer || strings.Contains(fmt.Sprint(got), "canary") {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if len(r.started) > 0 {
		t.Errorf("something was started for %v", r.started)
	}
	if v := visit(t, "POST", r.c.LaunchURL(r.cfg)+"?"+good+"&launch=l", ""); v.status != 405 {
		t.Errorf("POST answers %d", v.status)
	}
	if v := visit(t, "GET", r.c.LaunchURL(r.cfg)+"?"+good+"&launch=l", "rebound.example"); v.status != 421 {
		t.Errorf("a foreign host answers %d", v.status)
	}
	for i := range launchLimit + 1 {
		want := 302
		if i == launchLimit {
			want = 403
		}
		if v := r.launch(t, good+"&launch=l-canary"); v.status != want {
			t.Errorf("launch %d answers %d, want %d", i+1, v.status, want)
		}
	}
}

func TestLaunchThatCannotBeStartedEndsTheWaiting(t *testing.T) {
	broken := errors.New("discovery failed")
	r := serveLaunch(t, broken)
	v := r.launch(t, "iss="+url.QueryEscape(launchIssuer)+"&launch=l-canary")
	safePage(t, v)
	if err := <-r.done; v.status != 502 || !errors.Is(err, broken) {
		t.Errorf("status %d, %v", v.status, err)
	}
}

func TestLaunchNeverSendsTheBrowserToPlainHTTP(t *testing.T) {
	r := serveLaunch(t, nil, "http://auth.example/canary")
	v := r.launch(t, "iss="+url.QueryEscape(launchIssuer)+"&launch=l-canary")
	safePage(t, v)
	if err := <-r.done; v.status != 502 || v.header.Get("Location") != "" || exit.Of(err) != exit.Usage || strings.Contains(err.Error(), "canary") {
		t.Errorf("status %d, %v", v.status, err)
	}
	for _, address := range []string{"http://auth.example/a", "javascript:alert(1)", "//auth.example", ""} {
		if exit.Of(launchTarget(address)) != exit.Usage {
			t.Errorf("%q was accepted", address)
		}
	}
	for _, address := range []string{"https://auth.example/a?x=y", "http://127.0.0.1:1/a"} {
		if err := launchTarget(address); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestServeLaunchRefusesABadConfiguration(t *testing.T) {
	c := listening(t, "http://127.0.0.1/callback")
	for name, cfg := range map[string]LaunchConfig{
		"nobody allowed":      {},
		"entry with a query":  {Issuers: []string{"https://fhir.example/r4?canary"}},
		"entry in plain http": {Issuers: []string{"https://fhir.example/r4", "http://fhir.example"}},
		"path of the answers": {Issuers: []string{launchIssuer}, Path: "/callback"},
		"path without slash":  {Issuers: []string{launchIssuer}, Path: "launch"},
	} {
		_, err := ServeLaunch(t.Context(), c, cfg, nil)
		if exit.Of(err) != exit.Usage || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := ServeLaunch(ctx, c, LaunchConfig{Issuers: []string{launchIssuer}}, nil); exit.Of(err) != exit.SignIn {
		t.Errorf("time-out: %v", err)
	}
}

func FuzzIssuer(f *testing.F) {
	for _, s := range []string{launchIssuer, "https://a/", "https://a:443//", "http://[::1]/", "https://a/%2f", "\x00", "https://a?", "https://é/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, iss string) {
		words := issuerWords(iss)
		if slices.ContainsFunc([]rune(words), func(r rune) bool { return r <= ' ' || r > '~' || r == '?' || r == '#' }) {
			t.Errorf("%q is printed as %q", iss, words)
		}
		key, ok := issuerKey(iss)
		if !ok {
			return
		}
		if again, ok := issuerKey(key); !ok || strings.TrimRight(again, "/") != strings.TrimRight(key, "/") {
			t.Errorf("the key of %q is not stable: %q, %q", iss, key, again)
		}
	})
}
