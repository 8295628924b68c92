package check

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
)

// deep asks what could use up a code, rotate a token or count against an
// account. It runs last, and only with --deep.
func (r *run) deep(ctx context.Context, tok *flow.Token) {
	r.legacy(ctx)
	r.denies(ctx, tok)
	r.introspection(ctx, tok)
	if r.cfg.Flow == flow.GSA {
		r.entropy(ctx, tok)
	} else {
		r.refresh(ctx)
	}
	r.negative(ctx)
	if r.cfg.Flow == flow.Patient {
		r.revocation(ctx)
	}
}

func secure(address string) error {
	if address == "" {
		return nil
	}
	return endpoint.Secure(address)
}

// legacy asks each host for TLS 1.0 and 1.1.
func (r *run) legacy(ctx context.Context) {
	for _, address := range []string{r.cfg.TokenURL, r.cfg.APIBase, r.cfg.FHIRBase} {
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "https" || r.hosts["legacy "+u.Host] {
			continue
		}
		r.hosts["legacy "+u.Host] = true
		old, err := r.in.Flow.Wire.Legacy(ctx, u.Host)
		switch {
		case err != nil:
			r.add("tls.legacy", Unknown, u.Host+": it could not be found out whether old TLS is refused")
		case len(old) > 0:
			var names []string
			for _, v := range old {
				names = append(names, tls.VersionName(v))
			}
			r.add("tls.legacy", Warn, u.Host+" still accepts "+strings.Join(names, " and "), hint("tell who runs the server"))
		default:
			r.add("tls.legacy", Pass, u.Host+" refuses TLS 1.0 and 1.1")
		}
	}
}

// denies repeats the read without a token and with a wrong one.
func (r *run) denies(ctx context.Context, tok *flow.Token) {
	target := r.readURL(tok)
	if target == "" {
		return
	}
	for _, probe := range []struct {
		name  string
		token secret.Value
	}{{"without a token", secret.Value{}}, {"with a wrong token", secret.New("ngapi-deep-check-no-token")}} {
		a, err := r.in.Flow.Read(ctx, target, &flow.Token{Access: probe.token, Patient: tok.Patient}, secret.Value{})
		switch {
		case err != nil:
			r.add("api.denies", Unknown, "the read "+probe.name+" got no answer")
		case a.Status == http.StatusUnauthorized && a.Header.Get("WWW-Authenticate") != "":
			r.add("api.denies", Pass, "the read "+probe.name+" is refused (401)")
		case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
			r.add("api.denies", Info, fmt.Sprintf("the read %s is refused (%d), without a WWW-Authenticate header", probe.name, a.Status))
		default:
			r.add("api.denies", Warn, fmt.Sprintf("the read %s is answered with %d", probe.name, a.Status), hint("tell who runs the API"))
		}
	}
}

// introspection asks the server about the token and about a wrong one, where it
// offers to be asked.
func (r *run) introspection(ctx context.Context, tok *flow.Token) {
	if r.cfg.IntrospectURL == "" {
		return
	}
	good, err := r.in.Flow.Introspect(ctx, r.cfg, tok.Access)
	if err != nil {
		r.add("int.works", Info, "introspection gave no answer that could be used")
		return
	}
	bad, err := r.in.Flow.Introspect(ctx, r.cfg, secret.New("ngapi-deep-check-no-token"))
	switch {
	case err != nil:
		r.add("int.works", Info, "introspection of a wrong token gave no answer that could be used")
	case !good.Active:
		r.add("int.works", Info, "introspection calls the token inactive; some servers answer so for another audience")
	case bad.Active:
		r.add("int.works", Warn, "introspection calls a wrong token active", hint("tell who runs the server"))
	default:
		r.add("int.works", Pass, "introspection knows the token and not a wrong one")
	}
}

// entropy asks for a second token.
func (r *run) entropy(ctx context.Context, tok *flow.Token) {
	const short = 22 // 128 bits in base64url
	again, err := r.in.Flow.ClientCredentials(ctx, r.cfg)
	if err != nil {
		r.add("tok.entropy", Unknown, "a second token was not given")
		return
	}
	r.in.Clean.Learn(again.Access, again.Refresh)
	switch {
	case len(tok.Access.Reveal()) < short:
		r.add("tok.entropy", Warn, fmt.Sprintf("the token has only %d characters", len(tok.Access.Reveal())))
	case again.Access.Equal(tok.Access):
		r.add("tok.entropy", Info, "the server gave the same token twice")
	default:
		r.add("tok.entropy", Pass, "long, and a second one differs")
	}
}

// refresh renews the token once; a public client's old refresh token must then
// be refused, which may end the whole family, so that is asked on test sites only.
func (r *run) refresh(ctx context.Context) {
	switch {
	case r.in.Vault == nil || r.stored == nil || r.stored.Refresh.Empty():
		r.add("ref.works", Skip, "no refresh token is stored")
		return
	case r.asked:
		r.add("ref.works", Pass, "the token was renewed in this run")
		return
	}
	old := r.stored.Refresh
	var scope string
	err := r.in.Vault.Renew(ctx, func(now Stored) (*Stored, error) {
		old = now.Refresh
		t, err := r.in.Flow.Refresh(ctx, r.cfg, now.Refresh)
		if err != nil {
			return nil, err
		}
		r.in.Clean.Learn(t.Access, t.Refresh, t.ID)
		scope = t.Scope
		next := Keep(t, &now)
		r.stored = &next
		return &next, nil
	})
	if err != nil {
		r.refused(ctx, err, true)
		r.add("ref.works", Fail, "the refresh token gave no new token")
		return
	}
	if wider := missingScopes(strings.Fields(scope), strings.Fields(r.in.Stored.Scope)); r.in.Stored.HasScope && len(wider) > 0 {
		r.add("ref.works", Warn, "the new token allows more than the old one: "+r.foreign(strings.Join(wider, " ")))
	} else {
		r.add("ref.works", Pass, "a new token, stored before it was used")
	}
	r.rotation(ctx, old)
}

func (r *run) rotation(ctx context.Context, old secret.Value) {
	switch {
	case r.cfg.Method != flow.None:
		r.add("ref.rotation", Skip, "only a public client needs rotation")
	case old.Equal(r.stored.Refresh):
		r.add("ref.rotation", Warn, "the refresh token of a public client did not change")
	case !r.testSite():
		r.add("ref.rotation", Skip, notTest)
	default:
		t, err := r.in.Flow.Refresh(ctx, r.cfg, old)
		if err == nil {
			r.in.Clean.Learn(t.Access, t.Refresh)
			r.add("ref.rotation", Warn, "the old refresh token still works")
			return
		}
		r.add("ref.rotation", Pass, "the old refresh token is refused", hint("the server may have ended the whole family; sign in again if the next check says so"))
	}
}

// notTest is why a probe was left out.
const notTest = "left out: sent to sandbox and test only (--environment)"

func (r *run) testSite() bool {
	return r.in.Environment == "sandbox" || r.in.Environment == "test"
}

// negative sends requests that a server has to refuse.
func (r *run) negative(ctx context.Context) {
	if r.cfg.Flow != flow.GSA && r.cfg.Method != flow.PrivateKey {
		return
	}
	if !r.testSite() {
		r.add("neg.grant", Skip, notTest)
		return
	}
	r.mustRefuse(ctx, "neg.grant", "a made-up grant type", url.Values{"grant_type": {"urn:ngapi:no-such-grant"}})
	if r.cfg.Method == flow.PrivateKey {
		r.mustRefuse(ctx, "neg.assertion", "a made-up assertion type", url.Values{
			"grant_type": {"client_credentials"}, "client_assertion_type": {"urn:ngapi:no-such-type"}})
		wrong, err := r.cfg.Key.WrongAssertion(r.cfg, r.in.Flow.Now(), r.in.Flow.Random)
		if err != nil {
			r.add("neg.jwt", Unknown, words(err))
			return
		}
		r.in.Clean.Learn(wrong)
		r.mustRefuse(ctx, "neg.jwt", "an assertion of another key", url.Values{
			"grant_type": {"client_credentials"}, "client_assertion": {wrong.Reveal()},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}})
	}
}

// mustRefuse sends one request with values put over those of the flow.
func (r *run) mustRefuse(ctx context.Context, id, what string, over url.Values) {
	a, err := r.in.Flow.Probe(ctx, r.cfg, over)
	switch {
	case err != nil:
		r.add(id, Unknown, what+" got no answer")
	case a.Status >= 500:
		r.add(id, Warn, fmt.Sprintf("%s makes the server fail (%d)", what, a.Status))
	case a.Status >= 400:
		r.add(id, Pass, fmt.Sprintf("%s is refused (%d)", what, a.Status))
	default:
		r.add(id, Warn, fmt.Sprintf("%s is answered with %d", what, a.Status), hint("tell who runs the server"))
	}
}

// revocation gives the access token up and sees that it is refused then. The
// next check needs a refresh, so it is done on test sites only.
func (r *run) revocation(ctx context.Context) {
	switch {
	case r.cfg.RevokeURL == "":
		r.add("rev.works", Skip, "the server names no revocation address")
		return
	case !r.testSite():
		r.add("rev.works", Skip, notTest)
		return
	case r.stored == nil:
		return
	}
	a, err := r.in.Flow.Revoke(ctx, r.cfg, r.stored.Access, "access_token")
	if err != nil || a.Status >= 300 {
		r.add("rev.works", Warn, "the server did not revoke the token", facts(a))
		return
	}
	b, err := r.in.Flow.Read(ctx, strings.TrimRight(r.cfg.FHIRBase, "/")+"/Patient", &flow.Token{Access: r.stored.Access}, secret.Value{})
	switch {
	case err != nil:
		r.add("rev.works", Unknown, "the read after revocation got no answer")
	case b.Status == http.StatusUnauthorized:
		r.add("rev.works", Pass, "a revoked token is refused")
	default:
		r.add("rev.works", Warn, fmt.Sprintf("a revoked token is answered with %d", b.Status))
	}
}
