package sourcescan

import (
	"slices"
	"strings"
	"sync"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/observe/address"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// judge decides whether a text is the address of a call.
type judge struct {
	hosts []string
	other *int // counts addresses of other hosts
}

const maxText = 1024 // bytes; a longer string is no address

// call reads a text with parameters in braces. based tells that something is
// joined in front of it, called that its line calls something.
func (j judge) call(text string, based, called bool) (call, bool) {
	if len(text) > maxText || len(text) < 3 {
		return call{}, false
	}
	if _, rest, ok := strings.Cut(text, "}://"); ok && text[0] == '{' {
		text = "https://" + rest // {scheme}://{host}/path
	}
	foreign := false
	if rest, host, ok := address.Split([]byte(text)); ok {
		foreign = strings.IndexByte(string(host), '{') < 0 && !j.knows(string(host))
		text, based = string(rest), true
	}
	text, hadBase := cutBase(text)
	based = based || hadBase
	slash := strings.HasPrefix(text, "/")
	if !slash {
		text = "/" + text
	}
	text, _, _ = strings.Cut(text, "#")
	p, query, _ := strings.Cut(text, "?")
	if !isPath(p) || strings.ContainsAny(query, "\"<>\\`") {
		return call{}, false
	}
	rest, api := route.StripMount(p)
	if api != "" {
		return finish(rest, query, api), rest != "/"
	}
	rest, api = cutBaseWords(p)
	if !resource(rest, query, slash, based, called) {
		return call{}, false
	}
	if foreign {
		*j.other++
		return call{}, false
	}
	return finish(rest, query, api), true
}

// finish writes a path as it is observed: parameters in braces, everything in
// ASCII.
func finish(p, query, api string) call {
	segments := strings.Split(p, "/")
	for i, s := range segments {
		if len(s) > 1 && s[0] == ':' || len(s) > 2 && s[0] == '<' && s[len(s)-1] == '>' {
			segments[i] = "{" + nameOf(s) + "}"
		}
	}
	return call{
		path: string(address.Append(nil, []byte(strings.Join(segments, "/")))), query: string(address.Append(nil, []byte(namedPairs(query)))), api: api,
	}
}

// namedPairs leaves out what is no name=value: a variable that holds the rest
// of the query.
func namedPairs(query string) string {
	pairs := strings.Split(query, "&")
	pairs = slices.DeleteFunc(pairs, func(s string) bool { return strings.IndexByte(s, '=') < 1 || s[0] == '{' })
	return strings.Join(pairs, "&")
}

// knows tells whether a host is one of the API.
func (j judge) knows(host string) bool {
	host = strings.ToLower(host)
	name, _, _ := strings.Cut(host, ":")
	return name == "nextgen.com" || strings.HasSuffix(name, ".nextgen.com") || slices.ContainsFunc(j.hosts, func(h string) bool {
		h, _, _ = strings.Cut(strings.ToLower(h), "/")
		return h == host || h == name
	})
}

// cutBase takes variables off the beginning: {base}/persons, {base}{version}/persons.
func cutBase(text string) (rest string, cut bool) {
	rest = text
	for strings.HasPrefix(rest, "{") {
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return text, false
		}
		rest, cut = rest[end+1:], true
	}
	if cut && rest == "" {
		return text, false
	}
	return rest, cut
}

// cutBaseWords takes the words off the beginning that base addresses consist
// of, where code has the rest of the base in a variable.
func cutBaseWords(p string) (rest, api string) {
	rest = p
	for range 6 {
		first, after, more := strings.Cut(rest[1:], "/")
		switch strings.ToLower(first) {
		case "dstu2":
			api = route.FHIRDSTU2
		case "r4", "fhir-api-r4":
			api = route.FHIRR4
		case "nge", "prod", "nge-api", "api", "fhir-api", "fhir":
		default:
			return rest, api
		}
		if !more {
			return p, ""
		}
		rest = "/" + after
	}
	return rest, api
}

// isPath refuses what no path has, and names of files.
func isPath(p string) bool {
	if strings.Contains(p, "//") || strings.Contains(p, "..") || strings.Contains(p, "*") {
		return false
	}
	for i := range len(p) {
		if c := p[i]; !isWordByte(c) && strings.IndexByte("/-.~%!$&'(),;=:@{}<>", c) < 0 {
			return false
		}
	}
	last := p[strings.LastIndexByte(p, '/')+1:]
	if i := strings.LastIndexByte(last, '.'); i >= 0 {
		switch strings.ToLower(last[i+1:]) {
		case "js", "ts", "tsx", "jsx", "css", "html", "htm", "png", "svg", "jpg", "gif", "json", "xml", "go", "py", "java", "rb", "php", "cs", "vue",
			"md", "txt", "yml", "yaml", "csv", "sql", "sh", "kt", "scss", "ico", "pdf", "log", "proto":
			return false
		}
	}
	return true
}

// resource tells whether a path begins with a word that only this API has. The
// less a text looks like an address, the more has to be known about it.
func resource(p, query string, slash, based, called bool) bool {
	first, rest, more := strings.Cut(p[1:], "/")
	if r4, dstu2 := route.FHIRType(first); r4 || dstu2 {
		// Without a slash or a call, Patient/{id} is a reference and Patient a
		// name; /Library/Caches is a folder.
		if !based && !called && isWord(rest) {
			return false
		}
		return slash || query != "" || called && more || based && (called || more)
	}
	return firstWords()[strings.ToLower(first)] && (slash && based || enterprise(p, first, slash, more, based || called))
}

// enterprise judges a path that begins with a word of the catalogue; hinted
// tells that a base address stands in front or that the line calls something.
func enterprise(p, first string, slash, more, hinted bool) bool {
	_, kind := catalog.Enterprise().Match("GET", p)
	known := kind != catalog.NoMatch
	if !slash {
		return known && more && hinted
	}
	switch strings.ToLower(first) {
	case "users", "core", "path", "resources", "audit", "favorites", "auth-services":
		// Every other application has these words.
		return known && (more || hinted) && (first == strings.ToLower(first) || hinted)
	}
	return true
}

// isWord tells whether a path goes on with a word that the grammar of FHIR does
// not have there.
func isWord(rest string) bool {
	segment, _, _ := strings.Cut(rest, "/")
	if segment == "" || strings.ContainsAny(segment[:1], "{:<$_") {
		return false
	}
	r4, dstu2 := route.FHIRType(segment)
	return !r4 && !dstu2 && !strings.ContainsAny(segment, "0123456789")
}

var firstWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for _, e := range catalog.Enterprise().All() {
		first, _, _ := strings.Cut(e.Path[1:], "/")
		words[strings.ToLower(first)] = true
	}
	return words
})
