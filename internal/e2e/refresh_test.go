package e2e

import (
	"strings"
	"sync"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

// A deep check refreshes once, stores what came before it is used, and the next
// one works with what was stored.
func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{}, "none")
	l.in()
	deep := want{verdict: "accepted", code: 0, tokens: 1, check: "ref.works=pass"}
	l.check(deep, "--deep")
	l.check(deep, "--deep")
	used := map[string]bool{}
	for _, e := range tokenRequests(s.Site.Tape) {
		if e.Form().Get("grant_type") != "refresh_token" {
			continue
		}
		token := e.Form().Get("refresh_token")
		if used[token] {
			t.Error("a refresh token was used twice")
		}
		used[token] = true
	}
	if len(used) < 2 {
		t.Errorf("%d refresh tokens were used", len(used))
	}
}

// An access token that the server has ended is refreshed without being asked.
func TestRefusedTokenIsRefreshed(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{}, "client_secret_post")
	l.in()
	if err := s.Access.RevokeAccess(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.check(want{verdict: "accepted", code: 0, tokens: 1})
}

func TestRevokedOnTheServer(t *testing.T) {
	t.Parallel()
	for name, more := range map[string][]string{"default": nil, "deep": {"--deep"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, s := atShell(t, nextgen.Options{}, "client_secret_post")
			l.in()
			if err := s.Access.RevokeAll(t.Context()); err != nil {
				t.Fatal(err)
			}
			l.check(want{verdict: "sign-in-needed", code: 4, tokens: 1, words: "auth login"}, more...)
		})
	}
}

// Several processes with one credential: the refresh is locked, so that nobody
// uses a token that another has used already. The server would end them all.
func TestRefreshOfManyProcesses(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{}, "none")
	l.in()
	if err := s.Access.RevokeAccess(t.Context()); err != nil {
		t.Fatal(err)
	}
	results := make([]drive.Result, 4)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() {
			results[i] = drive.Do(t, drive.Run{Binary: binary, Home: l.home, Args: []string{"auth", "check", "prod", "-o", "json"}})
		})
	}
	all.Wait()
	for i, r := range results {
		if r.Code != 0 {
			t.Errorf("process %d: code %d, verdict %s\n%s", i, r.Code, r.Report.Verdict, r.Report.Words())
		}
	}
	used := map[string]bool{}
	for _, e := range tokenRequests(s.Site.Tape) {
		token := e.Form().Get("refresh_token")
		if token != "" && used[token] {
			t.Error("a refresh token was used twice")
		}
		used[token] = true
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{}, "client_secret_post")
	l.in()
	var access string
	for _, secret := range s.Site.Tape.Secrets() {
		if strings.HasPrefix(secret, "ory_at_") {
			access = secret
		}
	}
	if _, _, ok := s.Access.Active(t.Context(), access); !ok {
		t.Fatal("the token is not active after the login")
	}
	r := drive.Do(t, drive.Run{Binary: binary, Home: l.home, Args: []string{"auth", "logout", "prod", "--debug"}})
	if r.Code != 0 {
		t.Fatalf("logout: code %d\n%s\n%s", r.Code, r.Stdout, r.Stderr)
	}
	if s.Site.Tape.Count("POST", "/token/revoke") == 0 {
		t.Errorf("nothing was revoked:\n%s", s.Site.Tape.Lines())
	}
	if _, _, ok := s.Access.Active(t.Context(), access); ok {
		t.Error("the access token outlived the logout")
	}
	noLeak(t, call{site: s.Site}, r)
	after := drive.Do(t, drive.Run{Binary: binary, Home: l.home, Args: []string{"auth", "check", "prod"}})
	if after.Code != 2 || !strings.Contains(after.Stderr, "auth login prod") {
		t.Errorf("a check after the logout: code %d\n%s", after.Code, after.Stderr)
	}
}
