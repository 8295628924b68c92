package e2e

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/authz"
	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/loopback"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
	"github.com/apionboard/ngapi/internal/e2e/signin"
)

const scopes = "openid fhirUser offline_access launch/patient patient/Patient.read"

// app is the usual patient's application.
func app(method, redirect string) authz.Client {
	c := authz.Client{ID: appID, Method: method, Redirects: []string{redirect}, Scopes: strings.Fields(scopes)}
	if method != "none" {
		c.Secret = canary
	}
	return c
}

// A login is one sign-in with a browser played by the test.
type login struct {
	*testing.T
	site     *loopback.Site
	fhirBase string
	home     *drive.Home
	redirect string
	more     []string
	clientID string
	method   string
	// alter changes the address that the browser ended at; nil pastes it as it is.
	alter   func(string) string
	browser drive.Browser
	listen  bool   // the binary opens the browser and listens
	program string // BROWSER
	name    string // of the credential; "" is prod
}

// atShell is a login at the NextGen-shaped server.
func atShell(t *testing.T, o nextgen.Options, method string) (*login, *nextgen.Shell) {
	t.Helper()
	redirect := "http://" + loopback.ClosedPort(t) + "/callback"
	o.Apps = []authz.Client{app(method, redirect)}
	s := nextgen.Start(t, o)
	return &login{T: t, site: s.Site, fhirBase: s.FHIR, home: drive.NewHome(t), redirect: redirect,
		clientID: appID, method: method, more: []string{"--store", "file"}}, s
}

// run signs in.
func (l *login) run() drive.Result {
	l.Helper()
	name := l.name
	if name == "" {
		name = "prod"
	}
	args := []string{"auth", "login", name, "--flow", "patient", "--client-id", l.clientID, "--fhir-base", l.fhirBase,
		"--redirect-url", l.redirect, "--auth-method", l.method, "--scope", scopes, "--debug"}
	run := drive.Run{Binary: binary, Home: l.home, Args: append(args, l.more...), Env: l.env()}
	if !l.listen {
		run.Args, run.Talk = append(run.Args, "--no-browser"), l.talk
	}
	return drive.Do(l.T, run)
}

func (l *login) env() map[string]string {
	env := map[string]string{"BROWSER": l.program}
	if l.method != "none" {
		env["NGAPI_CLIENT_SECRET"] = canary
	}
	return env
}

func (l *login) talk(address string) string {
	to, err := l.browser.Visit(address)
	if err != nil {
		l.Errorf("the browser: %v", err)
		return "http://127.0.0.1/failed"
	}
	if l.alter != nil {
		to = l.alter(to)
	}
	return to
}

// stored returns the file of the file store: the only one that may hold secrets.
func (l *login) stored() string {
	l.Helper()
	bird := drive.Canary{ClientID: l.clientID, Secret: canary, Wire: l.site.Tape.Secrets()}
	leaks, err := bird.Leaks(drive.Result{Home: l.home})
	if err != nil {
		l.Fatal(err)
	}
	switch len(leaks) {
	case 0:
		return ""
	case 1:
		return leaks[0].Place
	}
	l.Errorf("secrets lie in %d files: %+v", len(leaks), leaks)
	return leaks[0].Place
}

// in signs in and insists that it works and that only the store holds secrets.
func (l *login) in() {
	l.Helper()
	r := l.run()
	if r.Code != 0 {
		l.Fatalf("login ended with %d\nstdout: %s\nstderr: %s", r.Code, r.Stdout, r.Stderr)
	}
	store := l.stored()
	if store == "" {
		l.Fatal("nothing was stored")
	}
	noLeakBut(l.T, call{site: l.site}, r, store)
}

// check checks the stored credential.
func (l *login) check(w want, more ...string) drive.Result {
	l.Helper()
	store := l.stored()
	c := call{args: append([]string{"auth", "check", "prod"}, more...), Run: drive.Run{Home: l.home, Env: map[string]string{"NGAPI_CLIENT_SECRET": ""}}}
	c.keep = store
	c.site = l.site
	return check(l.T, c, w)
}

func TestLoginAtShell(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"client_secret_post", "client_secret_basic", "none"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			l, s := atShell(t, nextgen.Options{Authz: authz.Options{NamesIss: true}}, method)
			l.in()
			visits := s.Site.Tape.Find("GET", "/authorize")
			if len(visits) != 1 {
				t.Fatalf("%d visits", len(visits))
			}
			q, err := url.ParseQuery(visits[0].Query)
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range map[string]string{"response_type": "code", "code_challenge_method": "S256",
				"aud": s.FHIR, "redirect_uri": l.redirect, "client_id": appID, "scope": scopes} {
				if q.Get(name) != value {
					t.Errorf("%s is %q, want %q", name, q.Get(name), value)
				}
			}
			if len(q.Get("state")) < 22 || len(q.Get("nonce")) < 16 || len(q.Get("code_challenge")) != 43 {
				t.Errorf("state %q, nonce %q, challenge %q", q.Get("state"), q.Get("nonce"), q.Get("code_challenge"))
			}
			if n := len(tokenRequests(s.Site.Tape)); n != 1 {
				t.Errorf("%d token requests", n)
			}
			l.check(want{verdict: "accepted", code: 0, tokens: 0, check: "api.read=pass"})
		})
	}
}

func TestLoginAtProvider(t *testing.T) {
	t.Parallel()
	redirect := "http://" + loopback.ClosedPort(t) + "/callback"
	for client, method := range map[string]string{signin.PublicClient: "none", signin.ConfidentialClient: "client_secret_basic"} {
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			p := signin.Start(t, canary, redirect)
			l := &login{T: t, site: p.Site, fhirBase: p.FHIRBase, home: drive.NewHome(t), redirect: redirect, clientID: client,
				method: method, browser: drive.Browser{User: signin.User, Password: signin.Password},
				more: []string{"--store", "file", "--scope", "openid profile offline_access"}}
			l.in()
			l.check(want{verdict: "accepted", code: 0, tokens: 0, check: "api.read=pass"})
			l.check(want{verdict: "accepted", code: 0, tokens: 1, check: "ref.works=pass"}, "--deep")
		})
	}
}

// with changes one parameter of a redirected address.
func with(name, value string) func(string) string {
	return func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			panic(err)
		}
		q := u.Query()
		q.Set(name, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
}

// Nothing that was sent back wrongly is exchanged for a token or kept.
func TestLoginRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options authz.Options
		alter   func(string) string
		code    int
		tokens  int
		words   string
	}{
		"wrong state":    {alter: with("state", "A-state-of-somebody-else-0123456789"), code: 3, words: "state"},
		"no state":       {alter: with("state", ""), code: 3, words: "state"},
		"foreign iss":    {options: authz.Options{NamesIss: true}, alter: with("iss", "https://other.invalid"), code: 3, words: "iss"},
		"access_denied":  {options: authz.Options{Deny: true}, code: 3, words: "access_denied|refused|denied"},
		"wrong nonce":    {options: authz.Options{WrongNonce: true}, code: 3, tokens: 1, words: "nonce"},
		"wrong code":     {alter: with("code", "a-code-that-nobody-gave-0123456789"), code: 3, tokens: 1, words: "code"},
		"not an address": {alter: func(string) string { return "hello" }, code: 2, words: "address"},
		"another path":   {alter: func(a string) string { return strings.Replace(a, "/callback", "/other", 1) }, code: 2, words: "redirect|address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, s := atShell(t, nextgen.Options{Authz: c.options}, "client_secret_post")
			l.alter = c.alter
			r := l.run()
			if r.Code != c.code {
				t.Errorf("code %d, want %d\nstdout: %s\nstderr: %s", r.Code, c.code, r.Stdout, r.Stderr)
			}
			if n := len(tokenRequests(s.Site.Tape)); n != c.tokens {
				t.Errorf("%d token requests, want %d", n, c.tokens)
			}
			if all := strings.ToLower(r.Stdout + r.Stderr); !matches(c.words, all) {
				t.Errorf("no %q in\n%s", c.words, all)
			}
			noLeak(t, call{site: s.Site, wire: []string{"a-code-that-nobody-gave-0123456789"}}, r)
		})
	}
}

// Without a keyring, and without having been asked for a file, a login ends
// before anything is sent and keeps nothing.
func TestLoginWithoutKeyring(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{}, "client_secret_post")
	l.more = nil
	r := l.run()
	if r.Code != 2 || !strings.Contains(r.Stdout+r.Stderr, "--store file") {
		t.Errorf("code %d\nstdout: %s\nstderr: %s", r.Code, r.Stdout, r.Stderr)
	}
	noLeak(t, call{site: s.Site}, r)
}

// Something that is no secret may be kept as well; the folder is private.
func TestStoreIsPrivate(t *testing.T) {
	t.Parallel()
	l, _ := atShell(t, nextgen.Options{}, "client_secret_post")
	l.in()
	path := filepath.Join(l.home.Dir, l.stored())
	folder, err := os.Stat(filepath.Dir(path))
	if err != nil || folder.Mode().Perm()&0o077 != 0 {
		t.Errorf("the folder of the store is %v, %v", folder.Mode(), err)
	}
	r := drive.Do(t, drive.Run{Binary: binary, Home: l.home, Args: []string{"auth", "status"}})
	if r.Code != 0 || !strings.Contains(r.Stdout, "prod") || !strings.Contains(r.Stdout, "file") {
		t.Errorf("status: code %d\n%s\n%s", r.Code, r.Stdout, r.Stderr)
	}
	noLeakBut(t, call{site: l.site}, r, l.stored())
}
