package check

import (
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/flow"
)

// configuration runs the checks that need no network.
func (r *run) configuration() {
	r.checks = append(r.checks, r.in.Problems...)
	r.complete()
	r.endpoints()
	r.secret()
	r.key()
	r.redirect()
	r.scopes()
	r.site()
	r.cross()
	if s := r.in.Secret; s.Store != "" {
		if s.StoreBad != "" {
			r.add("store.keyring", Warn, s.StoreBad, hint("unlock or start it; where there is none, store the credential again with --store file"))
		} else {
			r.add("store.keyring", Pass, "the "+s.Store+" answers")
		}
	}
}

// complete names every field that is missing, and where the others came from.
func (r *run) complete() {
	c := r.in.Config
	var missing []string
	need := func(value, flag string) {
		if value == "" {
			missing = append(missing, flag)
		}
	}
	need(c.ClientID, "--client-id")
	switch c.Flow {
	case flow.GSA:
		need(c.SiteID, "--site-id")
		need(c.TokenURL, "--token-url")
		need(c.APIBase, "--api-base")
		if (c.EnterpriseID == "") != (c.PracticeID == "") {
			need(c.EnterpriseID, "--enterprise-id")
			need(c.PracticeID, "--practice-id")
		}
	case flow.Patient:
		need(c.FHIRBase, "--fhir-base")
	case flow.EAL:
		need(c.AuthURL, "--auth-url")
		need(c.TokenURL, "--token-url")
		need(c.APIBase, "--api-base")
	}
	if r.in.SignIn != nil {
		need(c.RedirectURL, "--redirect-url")
	}
	if strings.ContainsFunc(c.ClientID, func(x rune) bool { return x <= ' ' || x == '"' || x == 0x7f || x > 0x7e }) {
		r.add("cfg.complete", Fail, "the client id holds a space, a quotation mark or a character that no client id has", Misconfigured,
			hint("copy the client id again from the developer portal"), r.origins())
		return
	}
	if c.Method == flow.PrivateKey && c.Key == nil && !r.reported("cfg.key") {
		missing = append(missing, "--key-file")
	}
	if c.Flow == flow.GSA && c.Method == flow.None {
		r.add("cfg.complete", Fail, "auth method none is for public clients; a service account has to prove itself", Misconfigured,
			hint("give --auth-method client_secret_post, client_secret_basic or private_key_jwt"), r.origins())
		return
	}
	if len(missing) > 0 {
		r.add("cfg.complete", Fail, "missing: "+strings.Join(missing, ", "), Misconfigured, hint(r.howToGive(missing)), r.origins())
		return
	}
	r.add("cfg.complete", Pass, "every field of flow "+string(c.Flow)+" is there", r.origins())
}

// howToGive names the flags and the variables of what is missing.
func (r *run) howToGive(missing []string) string {
	var variables []string
	for _, flag := range missing {
		variables = append(variables, "NGAPI_"+strings.ToUpper(strings.ReplaceAll(strings.TrimLeft(flag, "-"), "-", "_")))
	}
	return "give " + strings.Join(missing, ", ") + ", or set " + strings.Join(variables, ", ")
}

// origins tells which field came from where.
func (r *run) origins() []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(r.in.Chosen)) {
		out = append(out, name+" from "+r.in.Chosen[name])
	}
	return out
}

func (r *run) reported(id string) bool {
	return slices.ContainsFunc(r.checks, func(c Check) bool { return c.ID == id })
}

// endpoints lints every address: those known to be wrong are named with the
// right one, and a secret goes nowhere over plain http.
func (r *run) endpoints() {
	c := r.in.Config
	found := endpoint.Lint(string(c.Flow), endpoint.Set{
		APIBase: c.APIBase, TokenURL: c.TokenURL, AuthURL: c.AuthURL, RevokeURL: c.RevokeURL, FHIRBase: c.FHIRBase,
	})
	for _, extra := range []struct{ flag, value string }{{"--introspect-url", c.IntrospectURL}, {"--jwks-url", r.in.JWKSURL}} {
		if extra.value == "" {
			continue
		}
		if err := endpoint.Secure(extra.value); err != nil {
			r.add("cfg.endpoints", Fail, extra.flag+": "+words(err), Misconfigured, hint("give an https address"))
		}
	}
	bad := false
	for _, f := range found {
		do := f.Do
		if f.Right != "" && !strings.Contains(do, f.Right) {
			do = strings.TrimSuffix(do, ".") + ": " + f.Right
		}
		summary := flagOf(f.Field) + ": " + f.What
		switch f.Severity {
		case endpoint.Error:
			bad = true
			r.add("cfg.endpoints", Fail, summary, Misconfigured, hint(do))
		case endpoint.Warning:
			bad = true
			r.add("cfg.endpoints", Warn, summary, hint(do))
		default:
			r.add("cfg.endpoints", Info, summary, hint(do))
		}
	}
	if !bad && !slices.ContainsFunc(r.checks, func(c Check) bool { return c.ID == "cfg.endpoints" }) {
		r.add("cfg.endpoints", Pass, "no address is known to be wrong")
	}
}

// flagOf is the flag of a field of an endpoint.Set.
func flagOf(field string) string {
	flags := map[string]string{"APIBase": "--api-base", "TokenURL": "--token-url", "AuthURL": "--auth-url", "RevokeURL": "--revoke-url", "FHIRBase": "--fhir-base"}
	if f, ok := flags[field]; ok {
		return f
	}
	return field
}

// secret judges source and form of the client secret, never its value.
func (r *run) secret() {
	c, s := r.in.Config, r.in.Secret
	if c.Method == flow.PrivateKey || c.Method == flow.None {
		r.add("cfg.secret-source", Skip, "auth method "+string(c.Method)+" uses no secret")
		return
	}
	if c.Secret.Empty() {
		why, do := "no client secret is at hand", "give it with --secret-file, --secret-stdin or NGAPI_CLIENT_SECRET"
		switch {
		case s.Later:
			r.add("cfg.secret-source", Skip, "asked for once the rest is in order")
			return
		case s.Absent != "":
			why = s.Absent
		}
		switch {
		case s.Asked:
			why = "nothing was typed at the prompt"
		case s.StoreBad != "":
			do = "unlock or start the " + s.Store + ", or give the secret with --secret-file, --secret-stdin or NGAPI_CLIENT_SECRET"
		case s.Login: // it cannot be the remedy for itself
		case c.Flow == flow.GSA:
			do += ", or store it once with ngapi auth login " + orName(r.in.Name)
		case r.in.SignIn == nil && r.in.Stored == nil:
			do = r.howToSignIn() + "; the secret is asked for there"
		}
		r.add("cfg.secret-source", Fail, why, SignInNeeded, hint(do))
		return
	}
	if len(s.Warnings) > 0 {
		r.add("cfg.secret-source", Warn, "from "+s.Source+": "+strings.Join(s.Warnings, "; "), hint("make the file readable by you alone (chmod 600) and keep it out of version control"))
	} else {
		r.add("cfg.secret-source", Pass, "from "+s.Source)
	}
	if len(s.Shape) > 0 {
		r.add("cfg.secret-shape", Warn, strings.Join(s.Shape, "; "), hint("copy the secret again from the developer portal"))
	} else {
		r.add("cfg.secret-shape", Pass, "nothing odd about its form")
	}
}

// orName is a name to put into a command.
func orName(name string) string {
	if name == "" {
		return "NAME"
	}
	return name
}

func (r *run) key() {
	c := r.in.Config
	switch {
	case c.Method != flow.PrivateKey || c.Key == nil:
	default:
		r.add("cfg.key", Pass, fmt.Sprintf("a private key for %s with key id %s", c.Key.Alg(), r.foreign(c.Key.ID())))
	}
}

// redirect judges the redirect address of a native application.
func (r *run) redirect() {
	c := r.in.Config
	if c.Flow == flow.GSA || c.RedirectURL == "" {
		return
	}
	u, err := url.Parse(c.RedirectURL)
	do := hint("register and give a loopback address with a path, such as http://127.0.0.1:8765/callback")
	switch {
	case err != nil || u.Host == "" || u.Fragment != "" || u.User != nil:
		r.add("cfg.redirect", Fail, "the redirect address is not an absolute address without user and fragment", Misconfigured, do)
	case u.Scheme == "https" && !endpoint.Loopback(c.RedirectURL):
		r.add("cfg.redirect", Info, "the redirect address is not on this machine: sign in with --no-browser and paste the redirected address")
	case !endpoint.Loopback(c.RedirectURL):
		r.add("cfg.redirect", Fail, "the redirect address is plain http on another machine", Misconfigured, do)
	case u.Hostname() == "localhost":
		r.add("cfg.redirect", Warn, "localhost can resolve to another interface; an IP literal cannot", hint("register http://127.0.0.1:"+u.Port()+u.Path+" if the portal lets you"))
	default:
		r.add("cfg.redirect", Pass, "a loopback address")
	}
}

// scopes judges the scopes that are asked for.
func (r *run) scopes() {
	c := r.in.Config
	if len(c.Scopes) == 0 {
		return
	}
	var bad, warn []string
	v1, v2 := false, false
	for _, s := range c.Scopes {
		form := scopeForm(s)
		v1, v2 = v1 || form.version == 1, v2 || form.version == 2
		switch {
		case form.bad != "":
			bad = append(bad, r.foreign(s)+": "+form.bad)
		case form.context == "system" && c.Flow != flow.GSA:
			bad = append(bad, r.foreign(s)+": a system scope is for client_credentials only")
		case form.context != "" && form.context != "system" && c.Flow == flow.GSA:
			bad = append(bad, r.foreign(s)+": a service account has no patient and no user")
		case form.write:
			warn = append(warn, r.foreign(s)+" asks to write; the FHIR API is read-only")
		}
	}
	if v1 && v2 {
		warn = append(warn, "SMART v1 and v2 scopes are mixed")
	}
	switch {
	case len(bad) > 0:
		r.add("cfg.scopes", Warn, strings.Join(slices.Concat(bad, warn), "; "), hint("see ngapi routes scopes for the scopes that the route list needs"))
	case len(warn) > 0:
		r.add("cfg.scopes", Warn, strings.Join(warn, "; "), hint("see ngapi routes scopes for the scopes that the route list needs"))
	default:
		r.add("cfg.scopes", Pass, counted(len(c.Scopes), "scope")+", well formed")
	}
}

// site judges the ids that choose environment, enterprise and practice.
func (r *run) site() {
	c := r.in.Config
	if c.Flow != flow.GSA {
		return
	}
	bad := false
	fail := func(what, do string) {
		bad = true
		r.add("cfg.site-id", Fail, what, Misconfigured, hint(do))
	}
	for _, one := range []struct {
		value string
		check func(string) error
	}{{c.SiteID, endpoint.SiteID}, {c.EnterpriseID, endpoint.EnterpriseID}, {c.PracticeID, endpoint.PracticeID}} {
		if one.value == "" {
			continue
		}
		if err := one.check(one.value); err != nil {
			what, do := whatDo(err)
			if do == "" {
				do = "copy it again from the developer portal"
			}
			fail(what, do)
		}
	}
	for _, o := range r.in.Others {
		if c.SiteID != "" && strings.EqualFold(o.SiteID, c.SiteID) && o.Environment != "" && r.in.Environment != "" && o.Environment != r.in.Environment {
			fail(fmt.Sprintf("credential %s uses the same site id for %s, this one for %s", o.Name, o.Environment, r.in.Environment),
				"copy the site id of the environment that is meant from the developer portal; the TEST id appears there once the client approves the application for Beta, the PROD id once it approves production")
		}
	}
	if c.SiteID != "" && !bad {
		r.add("cfg.site-id", Pass, "a GUID; whether it is the sandbox, TEST or PROD can only the server tell")
	}
}

// cross makes sure that a token goes only to hosts that belong together.
func (r *run) cross() {
	c := r.cfg
	target := c.APIBase
	if c.Flow == flow.Patient {
		target = c.FHIRBase
	}
	from := c.TokenURL
	if from == "" || target == "" {
		return
	}
	// With discovered addresses it is asked again; the last answer counts.
	r.checks = slices.DeleteFunc(r.checks, func(c Check) bool { return c.ID == "api.cross" })
	a, b := domain(from), domain(target)
	switch {
	case a == "" || b == "" || a == b:
		r.add("api.cross", Pass, "token and API address are in one domain")
	case endpoint.Loopback(from) != endpoint.Loopback(target) || published(from) != published(target):
		r.add("api.cross", Fail, fmt.Sprintf("a token of %s would be sent to %s", host(from), host(target)), Misconfigured,
			hint("give token and API address of the same environment (--token-url, --api-base, --fhir-base)"))
	default:
		r.add("api.cross", Warn, fmt.Sprintf("a token of %s will be sent to %s, another domain", host(from), host(target)),
			hint("make sure that both addresses belong to the same gateway"))
	}
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// domain is the part of a host name that its owner registers: the last two
// labels, three below endings such as co.uk, which is right for every published
// address. Loopback is one domain, and an address of four numbers is all of it.
func domain(address string) string {
	if endpoint.Loopback(address) {
		return "loopback"
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if _, err := netip.ParseAddr(name); err == nil {
		return name
	}
	labels := strings.Split(name, ".")
	own, n := 2, len(labels)
	if n > 2 && len(labels[n-1]) == 2 && len(labels[n-2]) <= 3 {
		own = 3
	}
	return strings.Join(labels[max(0, n-own):], ".")
}

// published tells whether an address is one of the vendor's hosts.
func published(address string) bool { return domain(address) == "nextgen.com" }
