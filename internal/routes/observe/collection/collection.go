// Package collection reads requests that somebody saved: Postman v2.0 and v2.1,
// Insomnia v4 and v5, Bruno, and .http files.
//
// The contract: a saved request is evidence that somebody meant to call a route,
// not that the call was made. Only method and address are read; headers, bodies,
// credentials, scripts and example answers are skipped and nothing is ever run.
// A variable is resolved only where it is the base of an address and the file
// itself defines it. Errors name the place and hold nothing of the file.
package collection

import (
	"io"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/format"
)

// A Format is one kind of collection: its name, what its first bytes show, and
// its reader, which returns how many requests it read.
type Format = format.Format

// Formats lists the kinds of collections, in the order in which they are tried.
func Formats() []Format {
	return []Format{
		{Name: "Postman collection", Detect: detectPostman, Read: some(readPostman)},
		{Name: "Insomnia export", Detect: detectInsomnia4, Read: some(readInsomnia4)},
		{Name: "Insomnia collection", Detect: detectInsomnia5, Read: some(readInsomnia5)},
		{Name: "Bruno request", Detect: detectBruno, Read: readBruno}, // its folders are files without a request
		{Name: ".http requests", Detect: detectHTTP, Read: some(readHTTP)},
	}
}

type reader = func(r io.Reader, name string, sink infer.Sink) (int64, error)

// some refuses a collection without a request, which would else pass for one
// that was read.
func some(read reader) reader {
	return func(r io.Reader, name string, sink infer.Sink) (int64, error) {
		n, err := read(r, name, sink)
		if err == nil && n == 0 {
			err = exit.Problems(exit.Usage, []exit.Problem{{File: name, What: "holds no request", Do: "export the collection with its HTTP requests"}})
		}
		return n, err
	}
}

// A saved request is what all kinds have in common.
type saved struct {
	method  string
	address string // as written, with variables
}

// emit gives a request to the sink and returns how many that were: a WebSocket
// is none. vars are the variables that the file defines.
func (s saved) emit(sink infer.Sink, format string, vars map[string]string) (n int64, err error) {
	address := resolve(tidy(s.address), vars)
	if lower := strings.ToLower(address[:min(len(address), 6)]); strings.HasPrefix(lower, "ws://") || strings.HasPrefix(lower, "wss://") {
		return 0, nil
	}
	method := strings.ToUpper(strings.TrimSpace(s.method))
	if method == "" {
		method = "GET" // what every one of these programs sends then
	}
	o := infer.Observation{Kind: infer.Collection, Format: format, Method: method, Template: true}
	o.Host, o.Path, o.Query = split(address)
	return 1, sink.Add(o)
}

// parameter writes one parameter of a query that is kept in parts; what would
// end it is encoded.
func parameter(name, value string) string {
	marks := strings.NewReplacer("&", "%26", "#", "%23")
	return marks.Replace(name) + "=" + marks.Replace(value)
}

// tidy brings the ways to write a variable into one: {{ _.name }} and
// {% ... %} become {{name}}.
func tidy(address string) string {
	address = strings.TrimSpace(address)
	for _, pair := range [][2]string{{"{%", "%}"}, {"{{", "}}"}} {
		var b strings.Builder
		rest := address
		for {
			before, after, ok := strings.Cut(rest, pair[0])
			inner, tail, closed := strings.Cut(after, pair[1])
			if !ok || !closed {
				break
			}
			b.WriteString(before)
			name := strings.TrimPrefix(strings.TrimSpace(inner), "_.")
			if pair[0] == "{%" || name == "" || strings.ContainsAny(name, " /?#'\"") {
				name = "variable"
			}
			b.WriteString("{{" + name + "}}")
			rest = tail
		}
		address = b.String() + rest
	}
	return address
}

// resolve replaces the variable at the beginning of an address, and one that is
// its host.
func resolve(address string, vars map[string]string) string {
	for range 5 {
		scheme, rest := "", address
		if i := strings.Index(address, "://"); i > 0 && i < 8 {
			scheme, rest = address[:i+3], address[i+3:]
		}
		if !strings.HasPrefix(rest, "{{") {
			return address
		}
		name, tail, ok := strings.Cut(rest[2:], "}}")
		value, known := vars[name]
		if !ok || !known || value == "" {
			return address
		}
		value = tidy(value)
		if strings.Contains(value, "://") {
			scheme = ""
		}
		address = scheme + strings.TrimSuffix(value, "/") + tail
	}
	return address
}

// split takes an address apart. One that begins with a variable nobody defines
// keeps it as the first part of its path, which is how inference knows a base.
func split(address string) (host, path, query string) {
	address, _, _ = strings.Cut(address, "#")
	address, query, _ = strings.Cut(address, "?")
	if i := strings.Index(address, "://"); i > 0 && i < 8 {
		host, path, _ = strings.Cut(address[i+3:], "/")
		if strings.Contains(host, "{{") {
			return "", "/" + host + "/" + path, query
		}
		return host, "/" + path, query
	}
	if strings.HasPrefix(address, "/") || strings.HasPrefix(address, "{{") {
		return "", "/" + strings.TrimPrefix(address, "/"), query
	}
	first, rest, _ := strings.Cut(address, "/")
	if strings.ContainsAny(first, ".:") || first == "localhost" { // written without a scheme
		return first, "/" + rest, query
	}
	return "", "/" + address, query
}
