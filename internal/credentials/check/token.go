package check

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"slices"
	"strings"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/exit"
)

// token gets a token the way of the flow, judges it, and returns nil where
// there is none.
func (r *run) token(ctx context.Context) *flow.Token {
	var tok *flow.Token
	var err error
	switch {
	case r.cfg.Flow == flow.GSA:
		if r.cfg.Secret.Empty() && r.cfg.Method != flow.PrivateKey {
			return nil // sign-in needed, said already
		}
		r.asked = true
		tok, err = r.in.Flow.ClientCredentials(ctx, r.cfg)
	case r.in.SignIn != nil:
		r.asked = true
		tok, err = r.signIn(ctx)
	case r.in.Stored != nil:
		return r.fromStore(ctx)
	case r.in.Secret.StoreBad != "":
		store := r.in.Secret.Store
		r.add("tok.accepted", Fail, "the "+store+" cannot be used, so it is not known whether anybody has signed in", SignInNeeded, hint("unlock or start the "+store))
		return nil
	default:
		r.add("tok.accepted", Fail, "nobody has signed in with this credential yet", SignInNeeded, hint(r.howToSignIn()))
		return nil
	}
	if err != nil {
		r.refused(ctx, err, false)
		return nil
	}
	return r.judge(tok)
}

func (r *run) howToSignIn() string {
	if r.cfg.Flow == flow.EAL {
		name := ""
		if r.in.Name != "" {
			name = " " + r.in.Name
		}
		return "run ngapi auth serve-launch" + name + " and start the application from the EHR"
	}
	name := r.in.Name
	if name == "" {
		name = "NAME --flow " + string(r.cfg.Flow)
	}
	return "sign in with ngapi auth login " + name
}

// signIn asks a person.
func (r *run) signIn(ctx context.Context) (*flow.Token, error) {
	got, err := r.in.SignIn(ctx, r.cfg, r.found)
	if got != nil {
		r.checks = append(r.checks, got.Checks...)
	}
	if err != nil {
		return nil, err
	}
	r.add("code.pkce", Pass, "S256 with a fresh verifier was sent; whether the server compares it was not tried")
	r.audienceSent(got.Aud)
	return got.Token, nil
}

// audienceSent holds the audience of the sign-in against the base that the token
// is then sent to (SMART launch).
func (r *run) audienceSent(aud string) {
	base := r.cfg.FHIRBase
	if base == "" {
		base = r.cfg.APIBase
	}
	switch {
	case aud == "":
		r.add("code.aud", Info, "no aud was sent")
	case endpoint.Same(aud, base):
		r.add("code.aud", Pass, "aud was the base that is read from, "+r.foreign(aud))
	default:
		r.add("code.aud", Info, "aud was "+r.foreign(aud)+"; the read is from "+r.foreign(base))
	}
}

// judge reports everything about a token that was given.
func (r *run) judge(t *flow.Token) *flow.Token {
	a := t.Answer
	r.in.Clean.Learn(Secrets(t)...)
	r.seen(a)
	r.add("tok.accepted", Pass, "the token endpoint gave a token", facts(a))
	if r.cfg.Method == flow.None {
		r.add("tok.method", Pass, "the server asked for no proof of this public client")
	} else {
		r.add("tok.method", Pass, "the server took "+string(r.cfg.Method))
	}
	r.add("tok.no-redirect", Pass, "the endpoint itself answered")
	if r.cfg.Method == flow.PrivateKey {
		r.add("jwt.claims", Pass, "an assertion of less than five minutes, signed with "+r.cfg.Key.Alg()+", was taken")
	}
	if a != nil {
		if kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type")); err != nil || kind != "application/json" {
			r.add("tok.json", Warn, "the answer is JSON, but its content type is "+r.foreign(orNone(a.Header.Get("Content-Type"))))
		} else {
			r.add("tok.json", Pass, "JSON, and called so")
		}
		r.cache(a.Header.Get("Cache-Control"))
	}
	for _, p := range t.Problems {
		r.add("tok.json", Warn, p)
	}
	bearer := r.bearer(t)
	r.lifetime(t)
	r.granted(t)
	if r.cfg.Flow == flow.GSA {
		if t.Refresh.Empty() {
			r.add("tok.no-refresh", Pass, "no refresh token, as it should be")
		} else {
			r.add("tok.no-refresh", Info, "client_credentials gave a refresh token; it is not used and not kept")
		}
	}
	if r.in.SignIn != nil {
		r.context(t)
	}
	if !bearer {
		return nil
	}
	return t
}

func orNone(s string) string {
	if s == "" {
		return "missing"
	}
	return s
}

func (r *run) cache(control string) {
	if strings.Contains(strings.ToLower(control), "no-store") {
		r.add("tok.cache", Pass, "no-store")
		return
	}
	r.add("tok.cache", Info, "the answer does not say Cache-Control: no-store")
}

// bearer: a token of another type needs a proof that nobody here can give.
func (r *run) bearer(t *flow.Token) bool {
	switch {
	case strings.EqualFold(t.Type, "bearer"):
		r.add("tok.type", Pass, "token_type is Bearer")
		return true
	case t.Type == "":
		r.add("tok.type", Warn, "token_type is missing; it was taken for Bearer")
		return true
	}
	r.add("tok.type", Fail, "token_type is "+r.foreign(t.Type)+", not Bearer; the token was not used", Insufficient,
		hint("see for which kind of token the client is registered; only a Bearer token can be used here"), facts(t.Answer))
	return false
}

func (r *run) lifetime(t *flow.Token) {
	raw := strings.TrimSpace(t.ExpiresIn)
	switch {
	case raw == "":
		r.add("tok.expires", Warn, "expires_in is missing; NextGen documents one hour", hint("ask for a new token on a 401, and do not keep one longer than an hour"))
	case t.Lifetime <= 0:
		r.add("tok.expires", Warn, "expires_in is "+r.foreign(raw)+", which is no usable time", hint("treat the token as ending within the hour"))
	case strings.HasPrefix(raw, `"`):
		r.add("tok.expires", Warn, "expires_in is a text, not a number ("+t.Lifetime.String()+")", hint("a strict client library may refuse this answer"))
	case t.Lifetime <= time.Minute:
		r.add("tok.expires", Warn, "the token lives only "+t.Lifetime.String())
	case t.Lifetime > time.Hour:
		r.add("tok.expires", Warn, "the token lives "+t.Lifetime.String()+", longer than an hour")
	case r.cfg.Flow == flow.GSA && hasSystem(r.cfg.Scopes) && t.Lifetime > 5*time.Minute:
		r.add("tok.expires", Info, "the token lives "+t.Lifetime.String()+"; SMART asks for five minutes at most for system scopes")
	default:
		r.add("tok.expires", Pass, "the token lives "+t.Lifetime.String())
	}
}

func hasSystem(scopes []string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return strings.HasPrefix(s, "system/") })
}

// granted compares what was granted with what was asked for.
func (r *run) granted(t *flow.Token) {
	if !t.HasScope {
		r.add("tok.scope", Pass, "no scope in the answer, which means: as asked")
		return
	}
	granted := strings.Fields(t.Scope)
	missing := missingScopes(r.cfg.Scopes, granted)
	extra := missingScopes(granted, r.cfg.Scopes)
	switch {
	case len(r.cfg.Scopes) == 0 && len(granted) == 0:
		r.add("tok.scope", Pass, "none was asked for and none was granted")
	case len(r.cfg.Scopes) == 0:
		r.add("tok.scope", Info, "none was asked for, granted: "+counted(len(granted), "scope"), r.foreign(t.Scope))
	case len(missing) > 0:
		c := Make("tok.scope", Warn, "not granted: "+r.foreign(strings.Join(missing, " ")))
		c.Hint = "ask for these scopes in the developer portal, or stop asking for them (ngapi routes scopes tells which the route list needs)"
		if slices.Contains(missing, "offline_access") {
			c.Hint += "; some servers grant offline_access only where the portal entry allows it"
		}
		c.Evidence = append(c.Evidence, "granted: "+r.foreign(t.Scope))
		if r.in.Strict {
			c.Status, c.verdict = Fail, Insufficient
		}
		r.checks = append(r.checks, c)
	case len(extra) > 0:
		r.add("tok.scope", Warn, "granted beyond what was asked for: "+r.foreign(strings.Join(extra, " ")), hint("a token should allow no more than is needed"))
	default:
		r.add("tok.scope", Pass, "as asked")
	}
}

// context: what a launch scope promised has to be there (SMART scopes).
func (r *run) context(t *flow.Token) {
	granted := r.cfg.Scopes
	if t.HasScope {
		granted = strings.Fields(t.Scope)
	}
	var absent []string
	if slices.Contains(granted, "launch/patient") && t.Patient == "" {
		absent = append(absent, "patient")
	}
	if slices.Contains(granted, "launch/encounter") && t.Encounter == "" {
		absent = append(absent, "encounter")
	}
	switch {
	case len(absent) > 0:
		r.add("tok.context", Warn, "the scope was granted, but the answer names no "+strings.Join(absent, " and no "), hint("ask who runs the server; a search for Patient finds the patient of the token"))
	case t.FHIRContext != "" && t.FHIRContext != "ok":
		r.add("tok.context", Warn, "fhirContext: "+t.FHIRContext)
	case t.Patient == "" && t.Encounter == "":
		r.add("tok.context", Pass, "no launch context was granted, and none came")
	default:
		r.add("tok.context", Pass, "the launch context is there")
	}
	if slices.Contains(granted, "openid") && t.ID.Empty() {
		r.add("id.signature", Warn, "openid was granted, but there is no id token")
	}
}

// refused turns a failed token request into results.
func (r *run) refused(ctx context.Context, err error, refresh bool) {
	if ctx.Err() != nil || r.unreachable(err) {
		return
	}
	var no *flow.Refusal
	if errors.As(err, &no) {
		r.seen(no.Answer)
		r.diagnose(no, refresh)
		return
	}
	var stop *Stop
	if errors.As(err, &stop) {
		r.checks = append(r.checks, stop.Check)
		return
	}
	r.ended(err)
}

// ended reports a token request that was never made. The code of its error says
// whose turn it is.
func (r *run) ended(err error) {
	do := "correct the configuration"
	if exit.Of(err) == exit.SignIn {
		do = r.howToSignIn()
	} else if list := exit.List(err); len(list) > 0 && list[0].Do != "" {
		do = list[0].Do
	}
	switch code := exit.Of(err); {
	case code == exit.SignIn:
		r.add("tok.accepted", Fail, words(err), SignInNeeded, hint(do))
	case errors.Is(err, context.DeadlineExceeded):
		r.add("tok.accepted", Fail, "the sign-in did not end in time", SignInNeeded, hint(r.howToSignIn()))
	case code == exit.No:
		r.add("tok.accepted", Fail, words(err), Rejected, hint(do))
	case code == exit.Usage:
		r.add("tok.accepted", Fail, words(err), Misconfigured, hint(do))
	default:
		r.add("tok.accepted", Unknown, words(err), CannotTell, hint(do))
	}
}

// counted puts a number before a word, in the plural where it is not one.
func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// Stop is an error that carries the result which ends a run.
type Stop struct{ Check Check }

// Error is the summary of the result.
func (s *Stop) Error() string { return s.Check.Summary }
