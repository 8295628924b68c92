package scope

import (
	"net/url"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/route"
)

// request is a route taken apart: decoded, without host, mount and base.
type request struct {
	method   string
	api      string
	path     string // without query
	segments []string
	params   []param
}

// param is one query parameter. A search that is sent by POST has its
// parameters in a body that a route list does not show.
type param struct {
	key   string // as written: code, code:not, subject:Patient.name, _has:Observation:patient:code
	value string
}

func parse(r *route.Route) request {
	path := r.Path
	if scheme, rest, ok := strings.Cut(path, "://"); ok && !strings.ContainsAny(scheme, "/?") {
		if i := strings.IndexAny(rest, "/?"); i >= 0 {
			path = rest[i:]
		} else {
			path = "/"
		}
	}
	rest, found := route.Base(path)
	q := request{method: strings.ToUpper(strings.TrimSpace(r.Method)), api: r.API}
	switch {
	case q.api == "":
		q.api = found
	case q.api == route.Enterprise && found != route.Enterprise:
		if stripped, api := route.StripMount(path); api == "" {
			rest = stripped
		}
	}
	var query string
	q.path, query, _ = strings.Cut(rest, "?")
	for segment := range strings.SplitSeq(q.path, "/") {
		if segment != "" {
			q.segments = append(q.segments, unescape(segment, false))
		}
	}
	if query == "" {
		return q
	}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key != "" {
			q.params = append(q.params, param{unescape(key, true), unescape(value, true)})
		}
	}
	return q
}

func unescape(s string, query bool) string {
	if !strings.ContainsAny(s, "%+") {
		return s
	}
	decode := url.PathUnescape
	if query {
		decode = url.QueryUnescape
	}
	if d, err := decode(s); err == nil {
		return d
	}
	return s
}

func (q *request) dstu2() bool { return q.api == route.FHIRDSTU2 }

func (q *request) reads() bool { return q.method == "GET" || q.method == "HEAD" }

// isType tells whether name is a resource type of the version asked for.
func (q *request) isType(name string) bool {
	r4, dstu2 := route.FHIRType(name)
	if q.dstu2() {
		return dstu2
	}
	return r4
}

// values returns the values of a parameter that has no modifier (other than
// the name of a type), split at commas; what is still a template comes as it is.
func (q *request) values(name string) []string {
	var all []string
	for _, p := range q.params {
		if plainName(p.key) == name && p.value != "" {
			all = append(all, strings.Split(p.value, ",")...)
		}
	}
	return all
}

// plainName is the name of a search parameter without the modifier that names
// a type (subject:Patient); with any other modifier, or chained, it is "".
func plainName(key string) string {
	name, modifier, found := strings.Cut(key, ":")
	if found {
		if r4, dstu2 := route.FHIRType(modifier); !r4 && !dstu2 {
			return ""
		}
	}
	if strings.Contains(name, ".") {
		return ""
	}
	if name == "subject" {
		return "patient" // profiles of US Core narrow the subject down to a patient
	}
	return name
}

// constrains tells whether a parameter narrows a search, as opposed to saying
// how its result is shown.
func constrains(key string) bool {
	switch name, _, _ := strings.Cut(key, ":"); name {
	case "_count", "_maxresults", "_sort", "_format", "_pretty", "_summary", "_elements", "_total", "_include", "_revinclude",
		"_contained", "_containedType", "page", "_page", "_offset", "_getpages":
		return false
	}
	return true
}

// names returns the plain names of the parameters that narrow the search, and
// how many there are of all kinds.
func (q *request) names() (plain []string, count int) {
	for _, p := range q.params {
		if !constrains(p.key) {
			continue
		}
		count++
		if n := plainName(p.key); n != "" && !slices.Contains(plain, n) {
			plain = append(plain, n)
		}
	}
	return plain, count
}

// notData finds discovery and OAuth endpoints, which do not count.
func notData(q *request) bool {
	if len(q.segments) == 0 || q.method != "GET" && q.method != "HEAD" && q.method != "POST" {
		return false
	}
	s := q.segments
	switch {
	case s[0] == ".well-known":
		return q.method != "POST"
	case len(s) == 1 && s[0] == "metadata":
		return q.method != "POST"
	}
	// OAuth endpoints only as the whole path, or below a known mount of an
	// authorization server: the same words inside another path, such as
	// /persons/{personId}/token, are routes of that path.
	for i, word := range s {
		if word == "nge-oauth" || word == "patient-oauth" {
			return oauth(s[i+1:])
		}
	}
	return oauth(s)
}

// oauth tells whether the segments are an OAuth endpoint and nothing else.
func oauth(s []string) bool {
	if len(s) > 1 && s[0] == "oauth2" {
		s = s[1:]
	}
	switch strings.Join(s, "/") {
	case "authorize", "token", "revoke", "introspect", "token/revoke", "token/introspect":
		return true
	}
	return false
}
