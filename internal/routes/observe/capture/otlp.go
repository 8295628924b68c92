package capture

import (
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
)

// The attributes of a span that are read, under their present and former names.
const (
	attrMethod = iota
	attrURL
	attrTarget
	attrPath
	attrQuery
	attrHost
	attrPeer
	attrPort
	attrStatus
	attrRoute
	attrTemplate
	attrCount
	attrNone = -1
)

func attribute(key []byte) int {
	switch string(key) {
	case "http.request.method", "http.method":
		return attrMethod
	case "url.full", "http.url":
		return attrURL
	case "http.target":
		return attrTarget
	case "url.path":
		return attrPath
	case "url.query":
		return attrQuery
	case "server.address", "http.host":
		return attrHost
	case "net.peer.name", "net.host.name":
		return attrPeer
	case "server.port", "net.peer.port", "net.host.port":
		return attrPort
	case "http.response.status_code", "http.status_code":
		return attrStatus
	case "http.route":
		return attrRoute
	case "url.template":
		return attrTemplate
	}
	return attrNone
}

// An otlp is one reading of traces.
type otlp struct {
	dec    *jsontext.Decoder
	sink   infer.Sink
	spans  int64
	kind   byte // 2 server, 3 client
	values [attrCount][]byte
	value  []byte
}

// ReadOTLP reads OpenTelemetry traces in their JSON form, one document or one
// on each line, and gives the HTTP calls among the spans to sink. It returns
// the number of spans; none is no error.
func ReadOTLP(r io.Reader, name string, sink infer.Sink) (int64, error) {
	dec, cut := elide.Decoder(r, elide.Rules{Keep: []string{
		"resourceSpans", "resource_spans", "scopeSpans", "scope_spans", "instrumentationLibrarySpans", "spans", "kind",
		"attributes", "key", "value", "stringValue", "string_value", "intValue", "int_value",
	}})
	o := &otlp{dec: dec, sink: sink}
	err := documents(dec, o.document)
	return o.spans, trouble(name, cut, dec, err, o.spans, "spans")
}

func (o *otlp) document() error {
	return o.within(func() error {
		return o.within(func() error {
			return o.within(o.span, "spans")
		}, "scopeSpans", "scope_spans", "instrumentationLibrarySpans")
	}, "resourceSpans", "resource_spans")
}

// within reads an object and calls element for those of the arrays in it that
// have one of the names.
func (o *otlp) within(element func() error, names ...string) error {
	return elide.Members(o.dec, func(name []byte) error {
		for _, n := range names {
			if string(name) == n {
				return elide.Elements(o.dec, element)
			}
		}
		return o.dec.SkipValue()
	})
}

func (o *otlp) span() error {
	o.kind = 0
	for i := range o.values {
		o.values[i] = o.values[i][:0]
	}
	err := elide.Members(o.dec, func(name []byte) error {
		switch string(name) {
		case "kind":
			raw, err := o.dec.ReadValue()
			switch string(raw) {
			case `2`, `"SPAN_KIND_SERVER"`:
				o.kind = 2
			case `3`, `"SPAN_KIND_CLIENT"`:
				o.kind = 3
			}
			return err
		case "attributes":
			return elide.Elements(o.dec, o.attribute)
		}
		return o.dec.SkipValue()
	})
	if err != nil {
		return err
	}
	o.spans++
	return o.add()
}

// attribute reads one attribute; its value may stand before its key.
func (o *otlp) attribute() error {
	key, seen := attrNone, false
	o.value = o.value[:0]
	err := elide.Members(o.dec, func(name []byte) error {
		switch {
		case string(name) == "key" && o.dec.PeekKind() == '"':
			raw, err := o.dec.ReadValue()
			if err == nil {
				key, seen = attribute(raw[1:len(raw)-1]), true
			}
			return err
		case string(name) == "value" && (!seen || key != attrNone):
			return elide.Members(o.dec, o.scalar)
		}
		return o.dec.SkipValue()
	})
	if err == nil && key != attrNone && len(o.values[key]) == 0 {
		o.values[key] = append(o.values[key], o.value...)
	}
	return err
}

// scalar reads the value of an attribute: a text, or a number, which the JSON
// form writes as a text too.
func (o *otlp) scalar(name []byte) (err error) {
	switch string(name) {
	case "stringValue", "string_value", "intValue", "int_value":
		if o.dec.PeekKind() == '"' {
			o.value, err = elide.Text(o.dec, o.value[:0])
			return err
		}
		raw, err := o.dec.ReadValue()
		o.value = append(o.value[:0], raw...)
		return err
	}
	return o.dec.SkipValue()
}

// add gives the span to the sink if it is an HTTP call: that of a client, or
// that of a server with a route. The pattern of the instrumentation stands for
// the path only if it has parameters; it may well be a path with an id.
func (o *otlp) add() error {
	text := func(i int) string { return string(o.values[i]) }
	if o.kind == 0 || len(o.values[attrMethod]) == 0 {
		return nil
	}
	pattern := text(attrTemplate)
	if o.kind == 2 {
		pattern = text(attrRoute)
		if pattern == "" {
			return nil
		}
	}
	host, path, query, ok := address(text(attrURL))
	if !ok {
		if _, path, _, ok = address(text(attrPath)); ok {
			query = text(attrQuery)
		} else {
			_, path, query, ok = address(text(attrTarget))
		}
	}
	if host == "" {
		host = o.host()
	}
	if pattern != "" && pattern[0] != '/' && !strings.Contains(pattern, "://") {
		pattern = "/" + pattern // some frameworks write their routes without the first slash
	}
	_, pattern, _, good := address(pattern)
	template := good && parameters(pattern)
	if template || o.kind == 2 && good {
		path, query, ok = pattern, "", true
	}
	if !ok || !strings.HasPrefix(path, "/") {
		return nil
	}
	return o.sink.Add(infer.Observation{
		Kind: infer.Trace, Format: "otlp", Method: method(o.values[attrMethod]), Host: host, Path: path, Query: query,
		Status: status(o.values[attrStatus]), Template: template,
	})
}

// host joins the name and the port of the server; the usual ports go without
// saying.
func (o *otlp) host() string {
	host, port := string(o.values[attrHost]), string(o.values[attrPort])
	if host == "" {
		host = string(o.values[attrPeer])
	}
	if host == "" || port == "" || port == "443" || port == "80" || strings.Contains(host, ":") {
		return host
	}
	return host + ":" + port
}

// parameters tells whether a path is a pattern: {id}, :id, <id>.
func parameters(path string) bool {
	if strings.Contains(path, "{") || strings.Contains(path, "<") {
		return true
	}
	for segment := range strings.SplitSeq(path, "/") {
		if len(segment) > 1 && segment[0] == ':' {
			return true
		}
	}
	return false
}
