package check

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/flow"
)

// discover reads what the server says of itself and takes its addresses over
// where the user gave none. It returns false where there is nothing to go on
// with. A service account has no discovery; its addresses are published.
func (r *run) discover(ctx context.Context) bool {
	if r.cfg.Flow == flow.GSA {
		return true
	}
	if r.cfg.FHIRBase == "" {
		r.add("disc.smart", Skip, "no FHIR base was given, and whether the Enterprise API has a discovery document is not public; the configured addresses are used")
		return true
	}
	r.found = r.in.Flow.Discover(ctx, r.cfg.FHIRBase)
	if ctx.Err() != nil {
		return false
	}
	for _, d := range r.documents() {
		r.seen(d.Answer)
	}
	if !r.smart() {
		return r.cfg.Flow == flow.EAL && !r.decided()
	}
	r.release()
	r.oidc()
	r.take()
	r.agree()
	if !r.secured() {
		return false
	}
	r.origin()
	r.pkce()
	r.grants()
	r.caps()
	if published(r.cfg.TokenURL) != published(r.cfg.FHIRBase) { // a base can name any server as its own
		r.cross()
	}
	r.keys(ctx)
	return !r.stopped()
}

func (r *run) documents() []*flow.Document {
	return []*flow.Document{r.found.SMART, r.found.OIDC, r.found.Capability}
}

// decided tells whether a result already settles the verdict.
func (r *run) decided() bool {
	return slices.ContainsFunc(r.checks, func(c Check) bool { return c.verdict != "" })
}

// Usable tells whether a server named the addresses of a sign-in.
func Usable(d *flow.Discovery) bool {
	return d != nil && d.SMART.Err == nil && d.SMART.AuthURL != "" && d.SMART.TokenURL != ""
}

// smart judges the SMART configuration, on which everything else rests.
func (r *run) smart() bool {
	d := r.found.SMART
	say := func(status Status, v Verdict, what, do string) bool {
		r.add("disc.smart", status, what, v, hint(do), facts(d.Answer))
		return false
	}
	base := "correct --fhir-base; published is " + endpoint.Default("patient").FHIRBase
	if d.Answer == nil {
		if d.Err != nil && r.unreachable(d.Err) {
			return say(Unknown, "", "the SMART configuration could not be read", "")
		}
		return say(Fail, Misconfigured, "the address of the SMART configuration cannot be used", base)
	}
	switch s := d.Answer.Status; {
	case s >= 300 && s < 400:
		return say(Fail, Misconfigured, "the FHIR base redirects; it was not followed", base)
	case s == http.StatusTooManyRequests:
		return say(Unknown, CannotTell, "the server asks to wait (429)"+retryAfter(d.Answer.Header), "wait, then try again")
	case s >= 500:
		return say(Unknown, CannotTell, fmt.Sprintf("the server failed with %d", s), "try again later")
	case s != http.StatusOK:
		return say(Fail, Misconfigured, fmt.Sprintf("there is no SMART configuration at this base (%d)", s), base)
	case d.NotJSON && strings.TrimSpace(string(d.Answer.Body)) == "":
		return say(Unknown, CannotTell, "the SMART configuration is empty", "try again later; at NextGen an empty 200 means the daily quota")
	case d.Answer.Cut:
		return say(Fail, Misconfigured, "the answer is larger than a SMART configuration can be", base)
	case d.NotJSON:
		return say(Fail, Misconfigured, "the answer is not a SMART configuration but "+d.Answer.MediaType(), "the address is not a FHIR base (the developer portal answers every address with a page); "+base)
	case d.AuthURL == "" || d.TokenURL == "":
		return say(Fail, Misconfigured, "the SMART configuration names no authorization or token address", "give --auth-url and --token-url, or correct --fhir-base")
	case len(d.Problems) > 0:
		r.add("disc.smart", Warn, "the SMART configuration is not as the standard wants it: "+r.foreign(strings.Join(d.Problems, "; ")), facts(d.Answer))
	default:
		r.add("disc.smart", Pass, "there and well formed", facts(d.Answer))
	}
	return true
}

// release warns of a server that speaks DSTU2, which NextGen is said to retire.
// The address alone does not tell for a gateway of one's own.
func (r *run) release() {
	said := strings.Contains(strings.ToLower(r.cfg.FHIRBase), "/dstu2")
	if v := r.found.Capability.FHIRVersion; strings.HasPrefix(v, "1.") && !said {
		r.add("cfg.endpoints", Warn, "--fhir-base: the server speaks DSTU2 ("+r.foreign(v)+"), which is discouraged and said to be on its way out",
			hint("use the R4 base; published is "+endpoint.Default("patient").FHIRBase))
	}
}

// oidc judges the OpenID document, which a server need not have. NextGen names
// the patient server as issuer in one document and the FHIR base in the other:
// that is reported, and both are accepted.
func (r *run) oidc() {
	s, o := r.found.SMART, r.found.OIDC
	switch {
	case o.Answer == nil || o.Answer.Status != http.StatusOK || o.NotJSON:
		r.add("disc.oidc", Info, "the server offers no OpenID document that can be read")
	case r.knownSplit():
		r.add("disc.oidc", Info, "the two discovery documents name different issuers, as NextGen's are known to; either is accepted",
			hint("a strict OpenID library refuses one of them"), "SMART: "+r.foreign(s.Issuer), "OpenID: "+r.foreign(o.Issuer))
	case o.Issuer != "" && s.Issuer != "" && o.Issuer != s.Issuer:
		r.add("disc.oidc", Warn, "the two discovery documents name different issuers; either is accepted",
			hint("a strict OpenID library refuses one of them; tell who runs the server"),
			"SMART: "+r.foreign(s.Issuer), "OpenID: "+r.foreign(o.Issuer))
	case strings.TrimRight(o.Issuer, "/") != strings.TrimRight(r.cfg.FHIRBase, "/"):
		r.add("disc.oidc", Info, "the issuer of the OpenID document is not the address that it was fetched from", "issuer "+r.foreign(o.Issuer))
	default:
		r.add("disc.oidc", Pass, "the issuer is the address that it was fetched from")
	}
}

// knownSplit tells whether the documents differ in the way that NextGen's do: the
// SMART one names the authorization server, the OpenID one the FHIR base, each
// with a key set of its own. It is no warning, or --strict could never pass.
func (r *run) knownSplit() bool {
	s, o := r.found.SMART, r.found.OIDC
	return s.Issuer != "" && s.Issuer != o.Issuer && strings.HasPrefix(s.AuthURL, s.Issuer+"/") && endpoint.Same(o.Issuer, r.cfg.FHIRBase)
}

// take uses the discovered addresses where the user gave none.
func (r *run) take() {
	s := r.found.SMART
	for _, f := range []struct {
		flag string
		to   *string
		from string
	}{
		{"auth-url", &r.cfg.AuthURL, s.AuthURL}, {"token-url", &r.cfg.TokenURL, s.TokenURL},
		{"revoke-url", &r.cfg.RevokeURL, s.RevokeURL}, {"introspect-url", &r.cfg.IntrospectURL, s.IntrospectURL},
	} {
		if _, chosen := r.in.Chosen[f.flag]; !chosen && f.from != "" && (*f.to == "" || r.cfg.Flow == flow.Patient) {
			*f.to = f.from
		}
	}
}

// agree compares the documents with each other and with the configuration.
func (r *run) agree() {
	s := r.found.SMART
	var differ []string
	keys := 0 // how many of them are about key sets
	compared := false
	compare := func(what, a, b, from string) {
		compared = compared || (a != "" && b != "" && from != "the configuration")
		if a != "" && b != "" && strings.TrimRight(a, "/") != strings.TrimRight(b, "/") {
			differ = append(differ, what+": SMART says "+r.foreign(a)+", "+from+" says "+r.foreign(b))
		}
	}
	for _, d := range []struct {
		doc  *flow.Document
		name string
	}{{r.found.OIDC, "OpenID"}, {r.found.Capability, "the CapabilityStatement"}} {
		compare("authorization address", s.AuthURL, d.doc.AuthURL, d.name)
		compare("token address", s.TokenURL, d.doc.TokenURL, d.name)
		before := len(differ)
		compare("key set", s.JWKSURL, d.doc.JWKSURL, d.name)
		keys += len(differ) - before
	}
	compare("authorization address", s.AuthURL, r.cfg.AuthURL, "the configuration")
	compare("token address", s.TokenURL, r.cfg.TokenURL, "the configuration")
	switch {
	case len(differ) == 0 && !compared:
		r.add("disc.agree", Info, "no other document names an address, so there was nothing to compare")
		return
	case len(differ) == 0:
		r.add("disc.agree", Pass, "the documents name the same addresses")
		return
	}
	if len(differ) == keys && r.knownSplit() {
		r.add("disc.agree", Info, "the documents name different key sets, as NextGen's are known to; a key of either is taken", differ)
		return
	}
	r.add("disc.agree", Warn, "the documents differ", hint("the SMART configuration is followed, unless an own address is configured"), differ)
}

// secured refuses to go on where a discovered address is plain http.
func (r *run) secured() bool {
	ok := true
	for _, f := range []struct{ name, address string }{
		{"authorization", r.cfg.AuthURL}, {"token", r.cfg.TokenURL}, {"revocation", r.cfg.RevokeURL}, {"introspection", r.cfg.IntrospectURL}, {"key set", r.found.SMART.JWKSURL},
	} {
		if f.address == "" {
			continue
		}
		if err := endpoint.Secure(f.address); err != nil {
			ok = false
			r.add("disc.https", Fail, "the "+f.name+" address is not https", Misconfigured, hint("nothing was sent there; tell who runs the server"), r.foreign(f.address))
		}
	}
	if ok {
		r.add("disc.https", Pass, "every address is https or on loopback")
	}
	return ok
}

// origin warns where a discovered address belongs to somebody else.
func (r *run) origin() {
	home := domain(r.cfg.FHIRBase)
	var away []string
	for _, address := range []string{r.cfg.AuthURL, r.cfg.TokenURL, r.found.SMART.JWKSURL} {
		if address != "" && domain(address) != home {
			away = append(away, r.foreign(host(address)))
		}
	}
	if len(away) == 0 {
		r.add("disc.origin", Pass, "the addresses are in the domain of the FHIR base")
		return
	}
	r.add("disc.origin", Warn, "addresses in another domain than the FHIR base: "+strings.Join(slices.Compact(away), ", "),
		hint("make sure that you trust it, then name it with --auth-url and --token-url"))
}

func (r *run) pkce() {
	methods := r.found.SMART.PKCE
	switch {
	case len(methods) == 0:
		r.add("disc.pkce", Warn, "the server lists no PKCE method; S256 is sent all the same")
	case !slices.Contains(methods, "S256"):
		r.add("disc.pkce", Fail, "the server does not list PKCE S256", Misconfigured, hint("SMART App Launch asks for S256; tell who runs the server"))
	case slices.Contains(methods, "plain"):
		r.add("disc.pkce", Warn, "the server also takes plain PKCE, which SMART forbids")
	default:
		r.add("disc.pkce", Pass, "S256")
	}
}

// grants compares the flow with the lists of the server, where there are lists.
func (r *run) grants() {
	d := r.found.SMART
	switch {
	case len(d.Grants) > 0 && !slices.Contains(d.Grants, "authorization_code"):
		r.add("disc.grants", Warn, "the server does not list authorization_code")
	case len(d.AuthMethods) > 0 && !slices.Contains(d.AuthMethods, string(r.cfg.Method)):
		r.add("disc.grants", Warn, "the server does not list the auth method "+string(r.cfg.Method), hint("it lists "+r.foreign(strings.Join(d.AuthMethods, ", "))+" (--auth-method)"))
	case len(d.AuthMethods) == 0:
		r.add("disc.grants", Info, "the server lists no auth methods, so auth method "+string(r.cfg.Method)+" could not be compared")
	default:
		r.add("disc.grants", Pass, "grant and auth method are listed")
	}
}

func (r *run) caps() {
	have := r.found.SMART.Capabilities
	if len(have) == 0 {
		r.add("disc.caps", Warn, "the server lists no capabilities")
		return
	}
	want := []string{"launch-standalone"}
	if r.cfg.Flow == flow.EAL {
		want = []string{"launch-ehr"}
	}
	switch r.cfg.Method {
	case flow.None:
		want = append(want, "client-public")
	case flow.PrivateKey:
		want = append(want, "client-confidential-asymmetric")
	case flow.SecretPost, flow.SecretBasic:
		want = append(want, "client-confidential-symmetric")
	}
	var missing []string
	for _, w := range want {
		if !slices.Contains(have, w) {
			missing = append(missing, w)
		}
	}
	if len(missing) > 0 {
		r.add("disc.caps", Warn, "the server does not list "+strings.Join(missing, ", "))
		return
	}
	r.add("disc.caps", Pass, strings.Join(want, ", "))
}

// keys loads the key set that id tokens are verified with.
func (r *run) keys(ctx context.Context) {
	addresses := keyAddresses(r.found)
	if len(addresses) == 0 {
		r.add("disc.jwks", Info, "the server names no key set")
		return
	}
	for _, address := range addresses {
		if endpoint.Secure(address) != nil {
			continue // disc.https said so
		}
		set, err := r.in.Flow.JWKS(ctx, address)
		switch {
		case err != nil && ctx.Err() != nil:
			return
		case err != nil:
			r.add("disc.jwks", Warn, "the key set could not be read", hint("id tokens cannot be verified without it"), r.foreign(address))
		case set.NotKeys != "":
			r.add("disc.jwks", Warn, "the address of the key set holds no key set", hint("id tokens cannot be verified without it"), facts(set.Answer))
		case set.Private:
			r.add("disc.jwks", Warn, "the key set of the server holds private members", hint("tell who runs the server at once"), r.foreign(address))
		case len(set.Problems) > 0:
			r.add("disc.jwks", Warn, r.foreign(strings.Join(set.Problems, "; ")), r.foreign(address))
		default:
			r.add("disc.jwks", Pass, counted(set.Usable, "usable key")+" at "+r.foreign(address))
		}
	}
}

// keyAddresses are those of both documents, the SMART one first.
func keyAddresses(d *flow.Discovery) []string {
	var out []string
	if d == nil {
		return out
	}
	for _, a := range []string{d.SMART.JWKSURL, d.OIDC.JWKSURL} {
		if a != "" && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// publicKeys looks at the key set that the application itself publishes. Without
// it the server cannot verify an assertion, so nothing is sent where it is wrong.
func (r *run) publicKeys(ctx context.Context) bool {
	if r.in.JWKSURL == "" || r.cfg.Key == nil {
		return true
	}
	set, err := r.in.Flow.JWKS(ctx, r.in.JWKSURL)
	bad := func(what, do string) bool {
		var evidence []string
		if set != nil {
			evidence = facts(set.Answer)
		}
		r.add("cfg.jwks-public", Fail, what, Misconfigured, hint(do), evidence)
		return false
	}
	switch {
	case err != nil:
		return ctx.Err() == nil && !r.unreachable(err) && bad("the address of the public key set cannot be used", "correct --jwks-url")
	case set.Answer.Status == http.StatusTooManyRequests || set.Answer.Status >= 500:
		r.add("cfg.jwks-public", Unknown, fmt.Sprintf("the public key set could not be read (%d)", set.Answer.Status), CannotTell, hint("try again later"))
		return false
	case set.NotKeys != "":
		return bad("the address holds no key set", "publish the public part of the key there, or correct --jwks-url")
	case set.Private:
		return bad("the published key set holds private members", "take it down, make a new key pair, and publish only the public part")
	case set.Count(r.cfg.Key.ID()) != 1:
		return bad(fmt.Sprintf("the key id is there %d times, not once", set.Count(r.cfg.Key.ID())), "publish the public part of this key once, under its key id")
	}
	if !set.Holds(r.cfg.Key) {
		return bad("another key is published under the key id", "publish the public part of the key that --key-file holds")
	}
	r.add("cfg.jwks-public", Pass, "the key is there once, and nothing private")
	return true
}
