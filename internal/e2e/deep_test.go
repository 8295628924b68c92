package e2e

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/apionboard/ngapi/internal/e2e/authz"
	"github.com/apionboard/ngapi/internal/e2e/fault"
	"github.com/apionboard/ngapi/internal/e2e/loopback"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

// Deep: a second token, and reads that have to be refused. What makes a server
// refuse on purpose goes to test sites only.
func TestDeepGSA(t *testing.T) {
	t.Parallel()
	for environment, probes := range map[string]int{"": 0, "production": 0, "test": 1, "sandbox": 1} {
		t.Run("environment "+environment, func(t *testing.T) {
			t.Parallel()
			more := append(session(), "--deep")
			if environment != "" {
				more = append(more, "--environment", environment)
			}
			run, s := shell(t, nextgen.Options{}, more...)
			check(t, run, want{verdict: "accepted", code: 0, tokens: 2 + probes, check: "tok.entropy=pass"})
			odd := 0
			for _, e := range tokenRequests(s.Site.Tape) {
				if e.Form().Get("grant_type") != "client_credentials" {
					odd++
				}
			}
			if odd != probes {
				t.Errorf("%d requests that have to be refused, want %d", odd, probes)
			}
		})
	}
}

func TestDeepIntrospection(t *testing.T) {
	t.Parallel()
	o := nextgen.Options{Clients: []authz.Client{machine("client_secret_basic")}}
	run, s := shell(t, o, "--auth-method", "client_secret_basic", "--deep")
	run.args = append(run.args, "--introspect-url", s.OAuth+"/introspect")
	check(t, run, want{verdict: "accepted", code: 0, tokens: 2, check: "int.works=pass"})
}

func TestDeepOldTLS(t *testing.T) {
	t.Parallel()
	ca := loopback.NewAuthority(t, "E2E CA")
	for name, status := range map[string]string{"refuses": "pass", "accepts": "warn"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			secure := ca.Server(t, loopback.Leaf{})
			if name == "accepts" {
				secure.MinVersion = ca.OldServer(t).MinVersion
			}
			run := faulty(t, fault.Parts{Secure: secure}, "--ca-file", ca.File(t), "--deep")
			check(t, run, want{verdict: "accepted", code: 0, tokens: 2, check: "tls.legacy=" + status})
		})
	}
}

// A public client's old refresh token has to be refused; trying it ends the
// whole family at a server that detects reuse, so that it is tried on test
// sites only, and the next check says to sign in again.
func TestDeepRotation(t *testing.T) {
	t.Parallel()
	l, _ := atShell(t, nextgen.Options{}, "none")
	l.more = append(l.more, "--environment", "sandbox")
	l.in()
	l.check(want{verdict: "accepted", code: 0, tokens: 2, check: "ref.rotation=pass"}, "--deep")
	l.check(want{verdict: "sign-in-needed", code: 4, tokens: 1})
}

func TestDeepRevocation(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{}, "client_secret_post")
	l.more = append(l.more, "--environment", "test")
	l.in()
	l.check(want{verdict: "accepted", code: 0, tokens: 1, check: "rev.works=pass"}, "--deep")
	if s.Site.Tape.Count("POST", "/token/revoke") != 1 {
		t.Errorf("revocations:\n%s", s.Site.Tape.Lines())
	}
}

// The key set that an application publishes has the key once and nothing private.
func TestPublishedKeys(t *testing.T) {
	t.Parallel()
	key, other := newECKey(t), newECKey(t)
	set := func(keys ...any) http.Handler {
		var list []jose.JSONWebKey
		for _, k := range keys {
			list = append(list, jose.JSONWebKey{Key: k, KeyID: "key-1", Algorithm: "ES384", Use: "sig"})
		}
		text, err := json.Marshal(jose.JSONWebKeySet{Keys: list})
		if err != nil {
			t.Fatal(err)
		}
		return fault.JSON(200, string(text))
	}
	for name, c := range map[string]struct {
		answer http.Handler
		want   want
	}{
		"good":         {set(&key.PublicKey), want{verdict: "accepted", code: 0, tokens: 1, check: "cfg.jwks-public=pass"}},
		"private":      {set(key), want{verdict: "misconfigured", code: 2, check: "cfg.jwks-public=fail", words: "private"}},
		"another":      {set(&other.PublicKey), want{verdict: "misconfigured", code: 2, check: "cfg.jwks-public=fail"}},
		"twice":        {set(&key.PublicKey, &other.PublicKey), want{verdict: "misconfigured", code: 2, check: "cfg.jwks-public=fail"}},
		"not there":    {fault.Empty(404), want{verdict: "misconfigured", code: 2, check: "cfg.jwks-public=fail"}},
		"HTML instead": {fault.HTML(200), want{verdict: "misconfigured", code: 2, check: "cfg.jwks-public=fail"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := machine("private_key_jwt")
			client.Secret, client.Public, client.KeyID = "", &key.PublicKey, "key-1"
			published := loopback.Start(t, nil, c.answer)
			file, d := keyFile(t, key, "ES384")
			run, _ := shell(t, nextgen.Options{Clients: []authz.Client{client}}, "--auth-method", "private_key_jwt",
				"--key-file", file, "--jwks-url", published.URL+"/jwks.json")
			run.Env, run.wire = map[string]string{"NGAPI_CLIENT_SECRET": ""}, []string{d}
			check(t, run, c.want)
		})
	}
}
