package endpoint

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Severity of a finding: an error makes the configuration unusable.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Finding is something to say about an address. It repeats host and path at most:
// never user, query or fragment.
type Finding struct {
	Field    string // field of Set: "APIBase", "TokenURL", "AuthURL", "RevokeURL", "FHIRBase"
	Severity Severity
	What, Do string // one clause each
	Right    string // the right address, "" where none is known
}

// field is one address under the lint.
type field struct {
	name, flow string
	text       string
	published  string // the published address of this field
	base       bool   // a base to which paths are added
	vendor     bool   // the address leads to a host of the vendor's
}

// Lint looks at the addresses of a flow ("gsa", "patient", "eal"), and says what
// is known to be wrong with them. Empty fields are not missing here; what a flow
// needs is for the caller to say. Addresses of this machine are taken as they
// are, and a host that is not NextGen's is only told about, for it may be the
// gateway of the organization. The findings are in the order of Set.
func Lint(flow string, s Set) []Finding {
	var out []Finding
	fields := fieldsOf(flow, s)
	for _, f := range fields {
		if f.text != "" {
			out = append(out, f.lint()...)
		}
	}
	return append(out, together(fields)...)
}

func fieldsOf(flow string, s Set) []field {
	d := Default(flow)
	if flow == gsa {
		d.FHIRBase = fhirBase // it may be asked for beside the flow
	}
	if flow == patient {
		d.APIBase = apiBase
	}
	return []field{
		{name: "APIBase", flow: flow, text: s.APIBase, published: d.APIBase, base: true},
		{name: "TokenURL", flow: flow, text: s.TokenURL, published: d.TokenURL},
		{name: "AuthURL", flow: flow, text: s.AuthURL, published: d.AuthURL},
		{name: "RevokeURL", flow: flow, text: s.RevokeURL, published: d.RevokeURL},
		{name: "FHIRBase", flow: flow, text: s.FHIRBase, published: d.FHIRBase, base: true},
	}
}

// say makes a finding. The published address is the right one only for what was
// meant for the vendor; a gateway of one's own has another.
func (f field) say(severity Severity, what, do string) []Finding {
	found := Finding{Field: f.name, Severity: severity, What: what, Do: do}
	if f.vendor {
		found.Right = f.published
	}
	return []Finding{found}
}

// lint says what is wrong with one address: its form first, then where it leads.
func (f field) lint() []Finding {
	if strings.TrimSpace(f.text) != f.text || strings.ContainsFunc(f.text, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0xa0 || r == 0x200b || r == 0xfeff }) {
		return f.say(Error, "there is white space in the address", "remove it")
	}
	u, err := url.Parse(f.text)
	if err != nil || u.Scheme == "" || u.Hostname() == "" {
		return f.say(Error, "this is not an absolute address", "write it whole, from https:// on")
	}
	inside := strings.Contains(strings.ToLower(u.Path), "/nextgen.api.edge") // as it stands in nextPageLink
	f.vendor = inside || under(u.Hostname(), "nextgen.com") || under(u.Hostname(), "nextgenaws.net") || under(u.Hostname(), "meditouchehr.com")
	if found := f.parts(u); len(found) > 0 {
		return found
	}
	if inside {
		return f.say(Error, "this is an internal address of a client's gateway, as links to next pages show it", "never use it; of such a link only the query is of use")
	}
	if found := f.known(u); len(found) > 0 {
		return found
	}
	switch err := Secure(f.text); {
	case errors.Is(err, ErrPlain):
		return f.say(Error, "plain http would send the secret in the open", "use https; http is for loopback addresses only")
	case err != nil:
		return f.say(Error, "the scheme is not https", "write it whole, from https:// on")
	}
	return f.where(u)
}

// parts finds what has no place in an address of an endpoint. Nothing of it is
// repeated: it is often a secret.
func (f field) parts(u *url.URL) []Finding {
	switch {
	case u.User != nil:
		return f.say(Error, "there is a user or a password in the address", "remove it; secrets in addresses end up in logs")
	case u.RawQuery != "" || u.ForceQuery:
		for name := range u.Query() {
			if slices.Contains([]string{"client_secret", "client_id", "site_id", "grant_type", "access_token", "code", "password", "secret", "token"}, strings.ToLower(name)) {
				return f.say(Error, "there are credentials in the query of the address", "remove the query; ngapi sends them in the body, because addresses end up in logs; if this was ever sent, have the secret replaced")
			}
		}
		return f.say(Error, "there is a query in the address", "remove all from the question mark on")
	case u.Fragment != "" || strings.Contains(f.text, "#"):
		return f.say(Error, "there is a fragment in the address", "remove all from the number sign on")
	}
	return nil
}

// where speaks of a good address: whether it is the published one.
func (f field) where(u *url.URL) []Finding {
	var out []Finding
	if f.base && strings.HasSuffix(u.Path, "/") && u.Path != "/" {
		out = f.say(Info, "the slash at the end of the base is left out", "nothing needs to be done")
	}
	if loopback(u) || Same(f.text, f.published) {
		return out
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && (ip.IsPrivate() || ip.IsLinkLocalUnicast()) {
		return append(out, f.say(Info, "the address is one of a private network, and none that NextGen publishes", "keep it if it is a gateway of your own")...)
	}
	if f.vendor {
		return append(out, f.say(Warning, "NextGen is not known to publish "+shown(u), "use the published address, or ask NextGen for this one in writing")...)
	}
	return append(out, f.say(Info, "the host is none that NextGen publishes", "keep it if it is a gateway of your own")...)
}

// Same tells whether two addresses lead to the same place: the case of scheme and
// host, the default port, the case of the last segment of a FHIR base (seen as r4
// and R4) and a slash at the end make no difference.
func Same(a, b string) bool {
	u, err1 := url.Parse(a)
	v, err2 := url.Parse(b)
	return err1 == nil && err2 == nil && plain(u) == plain(v)
}

func plain(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if last := path[strings.LastIndexByte(path, '/')+1:]; strings.EqualFold(last, "r4") {
		path = strings.TrimSuffix(path, last) + "r4"
	}
	return strings.ToLower(u.Scheme) + "://" + host + path
}

// Normal returns a base without slashes at its end.
func Normal(base string) string { return strings.TrimRight(base, "/") }

// under tells whether a host is a domain or lies below it.
func under(host, domain string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == domain || strings.HasSuffix(host, "."+domain)
}

// together finds an authorization endpoint that has the address of something
// else.
func together(fields []field) []Finding {
	var out []Finding
	for i, f := range fields {
		for _, other := range fields[:i] {
			if f.text != "" && other.text != "" && !(f.base && other.base) && Same(f.text, other.text) {
				out = append(out, f.say(Error, "the address is the same as that of "+other.name, "give each its own")...)
				break
			}
		}
	}
	return out
}
