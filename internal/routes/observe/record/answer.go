package record

import (
	"net/http"
	"net/url"
	"strings"
)

// An answer remembers the status that the upstream sent to the application.
type answer struct {
	http.ResponseWriter
	status int
	own    bool // the recorder speaks, not the upstream
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if !a.own && (status >= 200 || a.status == 0 && status == http.StatusSwitchingProtocols) {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	if !a.own && a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap lets the library flush and hijack.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// relocate keeps redirects, and the addresses of what was created, inside the
// recorder where they lead below the base of the upstream.
func (p *Proxy) relocate(res *http.Response) error {
	if inside, ok := below(p.upstream, res.Header.Get("Location")); ok {
		res.Header.Set("Location", inside)
	}
	return nil
}

// below rewrites an address that lies below base to one from the root of the
// recorder. What is relative to the call needs no rewriting.
func below(base *url.URL, location string) (string, bool) {
	u, err := url.Parse(location)
	if err != nil || u.User != nil || u.Opaque != "" {
		return "", false
	}
	if u.Host != "" && !sameServer(base, u) || u.Host == "" && (u.Scheme != "" || !strings.HasPrefix(u.Path, "/")) {
		return "", false
	}
	rest, ok := strings.CutPrefix(u.EscapedPath(), strings.TrimSuffix(base.EscapedPath(), "/"))
	// Two slashes in front would make the next word the name of a host.
	if !ok || rest != "" && rest[0] != '/' || strings.HasPrefix(rest, "//") {
		return "", false
	}
	if rest == "" {
		rest = "/"
	}
	if u.ForceQuery || u.RawQuery != "" {
		rest += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		rest += "#" + u.EscapedFragment()
	}
	return rest, true
}

// sameServer compares scheme and host; an address without a scheme takes that
// of the base.
func sameServer(base, u *url.URL) bool {
	scheme := u.Scheme
	if scheme == "" {
		scheme = base.Scheme
	}
	return scheme == base.Scheme && strings.EqualFold(base.Hostname(), u.Hostname()) && port(base, scheme) == port(u, scheme)
}

func port(u *url.URL, scheme string) string {
	switch p := u.Port(); {
	case p != "":
		return p
	case scheme == "https":
		return "443"
	}
	return "80"
}
