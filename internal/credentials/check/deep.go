package check

import (
	"context"
	"crypto/tls"
	"errors"
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
	r.entropy(ctx, tok)
	if r.cfg.Flow != flow.GSA {
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
		case a.Status == http.StatusOK && len(a.Body) > 0:
			r.add("api.denies", Warn, fmt.Sprintf("the read %s is answered with %d and data", probe.name, a.Status), hint("tell who runs the API"))
		default:
			r.add("api.denies", Unknown, fmt.Sprintf("the read %s is answered with %d, which is no refusal and no data", probe.name, a.Status))
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
	case good.ClientID != "" && good.ClientID != r.cfg.ClientID:
		r.add("int.works", Warn, "introspection gives the token to another client")
	case !good.Exp.IsZero() && !good.Exp.After(r.in.Flow.Now()):
		r.add("int.works", Warn, "introspection calls the token active and ended at once")
	default:
		r.add("int.works", Pass, "introspection knows the token and not a wrong one")
	}
}

// entropy looks at the length of the token, and asks a service account's server
// for a second one. For a person there is no second sign-in.
func (r *run) entropy(ctx context.Context, tok *flow.Token) {
	const short = 22 // 128 bits in base64url
	if n := len(tok.Access.Reveal()); n < short {
		r.add("tok.entropy", Warn, fmt.Sprintf("the token has only %d characters", n), hint("tell who runs the server; a short token can be guessed"))
		return
	}
	if r.cfg.Flow != flow.GSA {
		r.add("tok.entropy", Pass, "long; whether two differ was not tried")
		return
	}
	again, err := r.in.Flow.ClientCredentials(ctx, r.cfg)
	if err != nil {
		r.add("tok.entropy", Unknown, "a second token was not given")
		return
	}
	r.in.Clean.Learn(again.Access, again.Refresh)
	switch {
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
	var before Stored
	err := r.in.Vault.Renew(ctx, func(now Stored) (*Stored, error) {
		old, before = now.Refresh, now
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
		r.unrefreshed(ctx, err)
		return
	}
	if wider := missingScopes(strings.Fields(scope), strings.Fields(before.Scope)); before.HasScope && len(wider) > 0 {
		r.add("ref.works", Warn, "the new token allows more than the old one: "+r.foreign(strings.Join(wider, " ")), hint("tell who runs the server; RFC 6749 6 forbids it"))
	} else {
		r.add("ref.works", Pass, "a new token, stored before it was used")
	}
	r.rotation(ctx, old)
}

// unrefreshed reports a renewal that only --deep asked for: the token in use is
// still good, so tok.accepted stays as it was.
func (r *run) unrefreshed(ctx context.Context, err error) {
	var no *flow.Refusal
	switch {
	case ctx.Err() != nil || r.unreachable(err):
	case errors.As(err, &no) && no.Answer != nil:
		d := r.verdictOf(no, true)
		r.add("ref.works", statusOf(d.verdict), d.what, d.verdict, hint(d.do), facts(no.Answer))
	default:
		what, do := whatDo(err)
		r.add("ref.works", Unknown, what, CannotTell, hint(do))
	}
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
		var no *flow.Refusal
		if !errors.As(err, &no) || no.Answer.Status == http.StatusTooManyRequests || no.Answer.Status >= 500 {
			r.add("ref.rotation", Unknown, "whether the old refresh token is refused could not be found out")
			return
		}
		r.add("ref.rotation", Pass, "the old refresh token is refused", hint("a server may take that as theft and end the whole sign-in; if the next check says so, "+r.howToSignIn()))
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
	r.mustRefuse(ctx, "neg.grant", "a made-up grant type, sent without the secret,", url.Values{"grant_type": {"urn:ngapi:no-such-grant"}})
	if r.cfg.Method == flow.PrivateKey {
		r.mustRefuse(ctx, "neg.assertion", "a made-up assertion type", url.Values{
			"grant_type": {"client_credentials"}, "client_assertion_type": {"urn:ngapi:no-such-type"}})
		r.badAssertions(ctx)
	}
}

// badAssertions sends one assertion whose signature was changed and one for
// another audience. Neither is of use to who sees it.
func (r *run) badAssertions(ctx context.Context) {
	const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	other := r.cfg
	other.Audience = "https://ngapi.invalid/another-audience"
	for _, probe := range []struct {
		id, what string
		cfg      flow.Config
		spoil    bool
	}{
		{"neg.jwt", "an assertion with a wrong signature", r.cfg, true},
		{"neg.aud", "an assertion for another audience", other, false},
	} {
		signed, err := r.cfg.Key.Assertion(probe.cfg, r.in.Flow.Now(), r.in.Flow.Random)
		if err != nil {
			r.add(probe.id, Unknown, probe.what+" could not be made")
			continue
		}
		text := signed.Reveal()
		if probe.spoil {
			text = spoiled(text)
		}
		r.in.Clean.Learn(signed, secret.New(text))
		r.mustRefuse(ctx, probe.id, probe.what, url.Values{
			"grant_type": {"client_credentials"}, "client_assertion_type": {jwtBearer}, "client_assertion": {text}})
	}
}

// spoiled changes the signature of a compact JWS and keeps its form.
func spoiled(jws string) string {
	at := strings.LastIndexByte(jws, '.') + 1
	b := []byte(jws)
	if at <= 0 || at >= len(b) {
		return jws
	}
	if b[at] == 'A' {
		b[at] = 'B'
	} else {
		b[at] = 'A'
	}
	return string(b)
}

// mustRefuse sends one request with values put over those of the flow.
func (r *run) mustRefuse(ctx context.Context, id, what string, over url.Values) {
	a, err := r.in.Flow.Probe(ctx, r.cfg, over)
	switch {
	case err != nil:
		r.add(id, Unknown, what+" got no answer")
	case a.Status == http.StatusTooManyRequests || a.Status >= 500:
		r.add(id, Unknown, fmt.Sprintf("%s is answered with %d, which is no refusal", what, a.Status))
	case a.Status == http.StatusBadRequest || a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		r.add(id, Pass, fmt.Sprintf("%s is refused (%d)", what, a.Status))
	case len(flow.SecretsIn(a)) > 0:
		r.add(id, Warn, what+" is answered with a token", hint("tell who runs the server at once"))
	default:
		r.add(id, Warn, fmt.Sprintf("%s is answered with %d instead of 400 or 401", what, a.Status), hint("tell who runs the server"))
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
	switch {
	case err != nil:
		r.add("rev.works", Unknown, "the request to revoke the token got no answer")
		return
	case a.Status != http.StatusOK: // RFC 7009 2.2
		r.add("rev.works", Warn, "the server did not say that it revoked the token", facts(a))
		return
	}
	b, err := r.in.Flow.Read(ctx, strings.TrimRight(r.cfg.FHIRBase, "/")+"/Patient", &flow.Token{Access: r.stored.Access}, secret.Value{})
	switch {
	case err != nil:
		r.add("rev.works", Unknown, "the read after revocation got no answer")
	case b.Status == http.StatusUnauthorized:
		r.add("rev.works", Pass, "a revoked token is refused", hint("the stored access token is given up now; the next check has to renew it"))
	case b.Status == http.StatusOK && len(b.Body) > 0:
		r.add("rev.works", Warn, "a revoked token still reads data", hint("tell who runs the server"))
	default:
		r.add("rev.works", Unknown, fmt.Sprintf("the read after revocation is answered with %d, which is no refusal of a token and no data", b.Status))
	}
}
