package e2e

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/fault"
	"github.com/apionboard/ngapi/internal/e2e/loopback"
)

const gateway = "gateway.invalid"

func TestTLS(t *testing.T) {
	t.Parallel()
	ca := loopback.NewAuthority(t, "E2E Intercepting CA")
	certFile, keyFile := ca.ClientPair(t)
	trusted := []string{"--ca-file", ca.File(t)}
	good := want{verdict: "accepted", code: 0, tokens: 1, check: "tls.chain=pass"}
	bad := func(words string) want { return want{verdict: "cannot-tell", code: 6, words: words} }
	for name, c := range map[string]struct {
		parts fault.Parts
		more  []string
		want  want
	}{
		"unknown CA":     {fault.Parts{Secure: ca.Server(t, loopback.Leaf{})}, nil, bad("--ca-file")},
		"the issuer":     {fault.Parts{Secure: ca.Server(t, loopback.Leaf{})}, nil, bad("e2e intercepting ca")},
		"with --ca-file": {fault.Parts{Secure: ca.Server(t, loopback.Leaf{})}, trusted, good},
		"old TLS only": {fault.Parts{Secure: ca.OldServer(t)}, trusted,
			want{verdict: "cannot-tell", code: 6, words: "tls 1\\.2|tls 1\\.[01]|version", check: "tls.version=unknown"}},
		"expired":         {fault.Parts{Secure: ca.Server(t, loopback.Leaf{Until: time.Now().Add(-time.Hour)})}, trusted, bad("expired|ended")},
		"wrong host name": {fault.Parts{Secure: ca.Server(t, loopback.Leaf{Names: []string{"other.invalid"}})}, trusted, bad("name|other\\.invalid")},
		"ends in a week": {fault.Parts{Secure: ca.Server(t, loopback.Leaf{Until: time.Now().AddDate(0, 0, 7)})}, trusted,
			want{verdict: "accepted", code: 0, tokens: 1, check: "tls.expiry=warn"}},
		"mTLS without a pair": {fault.Parts{Secure: ca.MutualServer(t)}, trusted, bad("--client-cert")},
		"mTLS with a pair": {fault.Parts{Secure: ca.MutualServer(t)},
			slices.Concat(trusted, []string{"--client-cert", certFile, "--client-key", keyFile}), good},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, faulty(t, c.parts, c.more...), c.want)
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	base := "http://" + loopback.ClosedPort(t)
	run := call{args: gsa(base+"/nge/prod/nge-oauth/token", base+"/nge/prod/nge-api/api")}
	check(t, run, want{verdict: "cannot-tell", code: 6, words: "refused|connect"})
}

// behindProxy is a check of a server that only a proxy can reach.
func behindProxy(t *testing.T, rule loopback.ProxyRule, login string) (call, *loopback.Proxy, *fault.Faulty) {
	t.Helper()
	ca := loopback.NewAuthority(t, "E2E CA")
	f := fault.Server(t, fault.Parts{Secure: ca.Server(t, loopback.Leaf{Names: []string{gateway}})})
	if rule.Status == 0 {
		rule.To = f.Site.Host()
	}
	proxy := loopback.NewProxy(t, rule)
	base := "https://" + gateway
	run := call{site: f.Site, args: gsa(base+"/nge/prod/nge-oauth/token", base+"/nge/prod/nge-api/api", "--ca-file", ca.File(t))}
	run.Run = drive.Run{Foreign: []string{gateway},
		Env: map[string]string{"HTTPS_PROXY": strings.Replace(proxy.URL, "http://", "http://"+login, 1)}}
	return run, proxy, f
}

func TestProxy(t *testing.T) {
	t.Parallel()
	const password = "pr0xy-pass-81f2"
	pair := base64.StdEncoding.EncodeToString([]byte("anna:" + password))
	t.Run("without a password", func(t *testing.T) {
		run, proxy, _ := behindProxy(t, loopback.ProxyRule{}, "")
		check(t, run, want{verdict: "accepted", code: 0, tokens: 1})
		if len(proxy.Asked()) == 0 {
			t.Error("the proxy was not used")
		}
	})
	t.Run("with a password", func(t *testing.T) {
		run, proxy, _ := behindProxy(t, loopback.ProxyRule{Password: pair}, "anna:"+password+"@")
		run.wire = []string{password, pair}
		check(t, run, want{verdict: "accepted", code: 0, tokens: 1})
		if len(proxy.Logins()) == 0 {
			t.Error("the proxy was not given the password")
		}
	})
	t.Run("407", func(t *testing.T) {
		run, _, _ := behindProxy(t, loopback.ProxyRule{Password: pair}, "anna:wrong-"+password+"@")
		run.wire = []string{password, "wrong-" + password}
		check(t, run, want{verdict: "cannot-tell", code: 6, words: "407|proxy"})
	})
	t.Run("407 without a password", func(t *testing.T) {
		run, _, _ := behindProxy(t, loopback.ProxyRule{Status: 407}, "")
		check(t, run, want{verdict: "cannot-tell", code: 6, words: "407|proxy"})
	})
	t.Run("403", func(t *testing.T) {
		run, _, _ := behindProxy(t, loopback.ProxyRule{Status: 403}, "")
		check(t, run, want{verdict: "cannot-tell", code: 6, words: "proxy"})
	})
	t.Run("nobody listens", func(t *testing.T) {
		run, _, f := behindProxy(t, loopback.ProxyRule{}, "")
		run.Env["HTTPS_PROXY"] = "http://anna:" + password + "@" + loopback.ClosedPort(t)
		run.wire = []string{password, pair}
		check(t, run, want{verdict: "cannot-tell", code: 6, words: "proxy"})
		if f.Site.Tape.Len() != 0 {
			t.Error("the server was asked")
		}
	})
}

// Plain http is for loopback addresses only: nothing is sent, not even a look-up.
func TestPlainHTTP(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"token": gsa("http://"+gateway+"/token", "https://"+gateway+"/api"),
		"api":   gsa("https://"+gateway+"/token", "http://"+gateway+"/api"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := call{args: args}
			run.Foreign = []string{gateway}
			r := check(t, run, want{verdict: "misconfigured", code: 2, words: "https"})
			if asked := r.Fence.Asked(); len(asked) != 0 {
				t.Errorf("requests were sent: %s", asked)
			}
		})
	}
}
