package infer

import (
	"net/netip"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// The kinds of requests that do not count.
const (
	bucketOtherHost = "other-host"
	bucketNoHost    = "no-host"
	bucketNoMount   = "no-known-mount"
	bucketOffice    = "nextgen-office"
	bucketPreflight = "preflight"
	bucketMethod    = "no-route-method"
	bucketStatic    = "static-file"
	bucketDiscovery = "discovery"
	bucketHealth    = "health-check"
	bucketSignIn    = "sign-in"
	bucketRedirect  = "redirect"
	bucketBroken    = "unreadable-path"
	bucketReview    = "ignored-by-review"
)

// A given host is one that the user counts too.
type given struct{ host, port, base string }

func parseHosts(hosts []string) ([]given, error) {
	var list []given
	var problems []exit.Problem
	for _, h := range hosts {
		h = strings.TrimSpace(h)
		if _, rest, ok := strings.Cut(h, "://"); ok {
			h = rest
		}
		host, base, _ := strings.Cut(h, "/")
		name, port := cutPort(strings.ToLower(host))
		name = strings.TrimSuffix(name, ".")
		if !isHostName(name) || strings.Contains(host, "@") || strings.ContainsAny(base, "?#") || strings.Contains(name, ":") && !strings.Contains(host, "[") {
			problems = append(problems, exit.Problem{What: "--host has a value that is no host", Do: "write HOST, HOST:PORT or HOST/BASE, such as gateway.example.com/nge"})
			continue
		}
		list = append(list, given{name, port, strings.Trim(base, "/")})
	}
	return list, exit.Problems(exit.Usage, problems)
}

// isHostName accepts letters, digits, dots, hyphens and underscores, and the
// colons of IPv6.
func isHostName(name string) bool {
	return name != "" && len(name) <= 253 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_:") == ""
}

// cutPort splits host:port, [::1]:443 and a plain host.
func cutPort(host string) (name, port string) {
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:] // userinfo is never kept
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 && allDigits(host[i+1:]) && strings.Count(host, ":") == 1+strings.Count(host[:max(strings.IndexByte(host, ']'), 0)], ":") {
		host, port = host[:i], host[i+1:]
	}
	return strings.Trim(host, "[]"), port
}

// A placed request has an API and the path below the base of that API, or the
// bucket of what does not count.
type placed struct {
	api, path, bucket string
	mounted           bool // a mount says which API this is
}

// place finds out to which API a request went. What stands before a mount may
// name a tenant and is dropped.
func (c *Collector) place(o *Observation) placed {
	host, port := cutPort(strings.ToLower(o.Host))
	host = strings.TrimSuffix(host, ".")
	path := o.Path
	if host == "meditouchehr.com" || strings.HasSuffix(host, ".meditouchehr.com") {
		return placed{bucket: bucketOffice}
	}
	if signInMount(path) {
		return placed{bucket: bucketSignIn}
	}
	if rest, api, ok := findMount(path); ok {
		return placed{api: api, path: rest, mounted: true}
	}
	if base, rest, ok := c.cutGiven(host, port, path); ok {
		return placeBelow(base, rest, o)
	}
	if name, rest, ok := cutVariable(path); ok && host == "" && (o.Kind == Collection || o.Kind == Source) {
		return placeBelow(baseOf(name, rest), rest, o)
	}
	switch {
	case o.API != "":
		rest, _ := route.Base(path)
		return placed{api: o.API, path: rest, mounted: true}
	case host == "" && o.Kind == Source && knownStart(path):
		return placeFree(path, o)
	case host == "":
		return placed{bucket: bucketNoHost}
	case host == "nativeapi.nextgen.com" || host == "fhir.nextgen.com":
		return placed{bucket: bucketNoMount}
	}
	return placed{bucket: bucketOtherHost}
}

// cutGiven finds the base that the user gave for a host, and takes it off a path.
func (c *Collector) cutGiven(host, port, path string) (base, rest string, ok bool) {
	for _, g := range c.hosts {
		if g.host == host && (g.port == "" || g.port == port) {
			if rest, ok := cutBase(path, g.base); ok {
				return g.base, rest, true
			}
		}
	}
	return "", "", false
}

// placeBelow finds the API of a path below a base, whose last words can say
// that it is FHIR: gateway/clinic/fhir/r4.
func placeBelow(base, path string, o *Observation) placed {
	last := strings.ToLower(base[strings.LastIndexByte(base, '/')+1:])
	switch {
	case o.API != "":
	case last == "dstu2", last == route.FHIRDSTU2:
		return placed{api: route.FHIRDSTU2, path: path, mounted: true}
	case last == "fhir", last == "r4", last == route.FHIRR4:
		return placed{api: route.FHIRR4, path: path, mounted: true}
	}
	return placeFree(path, o)
}

// baseOf is the base that a variable stands for, as far as its name and what
// comes next say it: {{fhir_base}}/Patient.
func baseOf(name, below string) string {
	switch {
	case !startsAsFHIR(below):
	case strings.Contains(name, "dstu2"):
		return "dstu2"
	case strings.Contains(name, "fhir"):
		return "fhir"
	}
	return ""
}

// placeFree finds the API of a path on a host of the user's own: FHIR only by
// evidence, never by the name of a type alone, since Group and Task are words.
func placeFree(path string, o *Observation) placed {
	if o.API == route.Enterprise {
		return placed{api: route.Enterprise, path: path}
	}
	rest, api := route.Base(path)
	if api != route.Enterprise && (o.FHIR || o.API != "" || rest != path || strings.HasPrefix(rest, "/metadata") || strings.HasPrefix(rest, "/.well-known")) {
		if o.API != "" {
			api = o.API
		}
		return placed{api: api, path: rest, mounted: true}
	}
	return placed{api: route.Enterprise, path: path}
}

// findMount looks for the words of a mount anywhere in a path, without regard
// to case: sites and sandboxes put their own names before them.
func findMount(path string) (rest, api string, ok bool) {
	if rest, api = route.StripMount(path); api != "" {
		return rest, api, true
	}
	for _, m := range [...]struct{ words, api string }{
		{"/nge-api/api", route.Enterprise}, {"/fhir-api-r4/fhir/r4", route.FHIRR4}, {"/fhir-api-proxy/fhir/r4", route.FHIRR4}, {"/fhir-api/fhir/dstu2", route.FHIRDSTU2},
	} {
		for i := 0; i+len(m.words) <= len(path); i++ {
			if path[i] != '/' || !strings.EqualFold(path[i:i+len(m.words)], m.words) {
				continue
			}
			if rest := path[i+len(m.words):]; rest == "" || rest[0] == '/' {
				if rest == "" {
					rest = "/"
				}
				return rest, m.api, true
			}
		}
	}
	return "", "", false
}

// cutBase takes the base that the user gave off a path.
func cutBase(path, base string) (string, bool) {
	if base == "" {
		return path, true
	}
	rest, ok := strings.CutPrefix(strings.TrimPrefix(path, "/"), base)
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	if rest == "" {
		rest = "/"
	}
	return rest, true
}

// cutVariable takes an unresolved base variable off a path: {{baseUrl}}/persons.
// The name is in lower case.
func cutVariable(path string) (name, below string, ok bool) {
	first, rest, found := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	name = strings.ToLower(strings.Trim(first, "{}$<> "))
	if name == "" || len(name)+2 > len(first) || !strings.ContainsAny(first[:1], "{$<") {
		return "", "", false
	}
	if !strings.Contains(name, "url") && !strings.Contains(name, "host") && !strings.Contains(name, "server") && !strings.Contains(name, "endpoint") &&
		!strings.HasPrefix(name, "base") && !strings.HasPrefix(name, "api_") && name != "api" && !strings.HasPrefix(name, "fhir") && name != "root" {
		return "", "", false
	}
	if !found {
		return name, "/", true
	}
	return name, path[len(path)-len(rest)-1:], true
}

// knownStart tells whether a path of source code begins as routes of the APIs
// do: with the first word of a catalogued route.
func knownStart(path string) bool {
	if _, api := route.Base(path); api != route.Enterprise {
		return true
	}
	parts, ok := cutPath(nil, path, true)
	return ok && len(parts) > 0 && parts[0].kind == isWord && known().root.literal[strings.ToLower(parts[0].text)] != nil
}

// signInMount finds the mounts of NextGen's authorization servers.
func signInMount(path string) bool {
	for i := 0; i+len("/nge-oauth/") <= len(path); i++ {
		if path[i] != '/' {
			continue
		}
		for _, mount := range [...]string{"/nge-oauth/", "/patient-oauth/", "/patientoauth/"} {
			if i+len(mount) <= len(path) && strings.EqualFold(path[i:i+len(mount)], mount) {
				return true
			}
		}
	}
	return false
}

// signIn finds the usual addresses of an authorization server beside an API.
func signIn(path string) bool {
	switch path {
	case "token", "authorize", "revoke", "introspect", "oauth2/token", "oauth2/authorize", "oauth/token", "oauth/authorize", "connect/token":
		return true
	}
	return false
}

// aside finds what is no call of a route: preflights, files, probes, redirects.
func aside(o *Observation, p *placed, method string) string {
	switch {
	case o.Preflight || method == "OPTIONS":
		return bucketPreflight
	case !isMethod(method):
		return bucketMethod
	case o.Status >= 300 && o.Status < 400 && o.Status != 304:
		return bucketRedirect
	}
	path := strings.ToLower(strings.Trim(p.path, "/"))
	switch path {
	case "metadata":
		if p.api != route.Enterprise {
			return bucketDiscovery
		}
	case "health", "healthz", "livez", "readyz", "ping", "health/live", "health/ready":
		return bucketHealth
	}
	switch {
	case signIn(path):
		return bucketSignIn
	case strings.HasPrefix(path, ".well-known/"):
		return bucketDiscovery
	}
	if method == "GET" && p.api == route.Enterprise && isStatic(path) {
		return bucketStatic
	}
	return ""
}

func isMethod(method string) bool {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE":
		return true
	}
	return false
}

func isStatic(path string) bool {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return false
	}
	switch path[i:] {
	case ".js", ".mjs", ".css", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".woff", ".woff2", ".ttf", ".eot":
		return true
	}
	return false
}

// printableHost writes a host so that nothing but the name of a host can come
// out: addresses and labels that look like ids are masked.
func printableHost(host string) string {
	name, _ := cutPort(strings.ToLower(host))
	if name == "" {
		return "(none)"
	}
	if ip, err := netip.ParseAddr(name); err == nil {
		if ip.IsLoopback() && ip.Zone() == "" {
			return name
		}
		return "(address)"
	}
	if len(name) > 100 {
		return "(long name)"
	}
	labels := strings.Split(name, ".")
	for i, l := range labels {
		plain := l != "" && strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
		if !plain || typeOf(l) != "" {
			labels[i] = "*"
		}
	}
	return strings.Join(labels, ".")
}
