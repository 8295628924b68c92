package capture

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
)

// A har is one reading of HAR 1.2 documents.
type har struct {
	dec     *jsontext.Decoder
	sink    infer.Sink
	entries int64
	calls   int64
	lost    int64 // entries without an address
	auth    bool  // some request had an Authorization header
	now     entry
}

// An entry is what is read of one entry of the log. Its memory is used again.
type entry struct {
	method, url []byte
	scratch     []byte
	status      int
	origin      bool
	fhir        bool
}

// ReadHAR reads HAR documents as browsers and proxies write them and gives
// each HTTP request to sink. It returns the number of entries; a capture
// without any is an *exit.Error with exit.Usage, as is one that is damaged.
func ReadHAR(r io.Reader, name string, sink infer.Sink) (int64, error) {
	dec, cut := elide.Decoder(r, elide.Rules{
		Keep:  []string{"log", "entries", "request", "response", "method", "url", "status", "headers", "name", "content", "postData", "mimeType"},
		Words: []string{"version", "creator", "browser", "pages", "comment", "startedDateTime", "time", "cache", "timings", "cookies", "queryString", "text", "value"},
	})
	h := &har{dec: dec, sink: sink}
	err := documents(dec, h.document)
	if err != nil {
		return h.entries, trouble(name, cut, dec, err, h.entries, "entries")
	}
	if h.entries == 0 {
		return 0, exit.Problems(exit.Usage, []exit.Problem{{File: name, What: "is a HAR without a single entry",
			Do: "record again with the network panel open before the first request"}})
	}
	if h.calls > 0 && !h.auth {
		notice(sink, "auth unknown (sanitised capture): no request has an Authorization header")
	}
	if h.lost > 0 {
		notice(sink, fmt.Sprintf("%d entries have no address, or one of more than 64 KiB, and were left out", h.lost))
	}
	return h.entries, nil
}

func (h *har) document() error {
	return elide.Members(h.dec, func(name []byte) error {
		if string(name) != "log" {
			return h.dec.SkipValue()
		}
		return elide.Members(h.dec, func(name []byte) error {
			if string(name) != "entries" {
				return h.dec.SkipValue()
			}
			return elide.Elements(h.dec, h.entry)
		})
	})
}

func (h *har) entry() error {
	e := &h.now
	*e = entry{method: e.method[:0], url: e.url[:0], scratch: e.scratch[:0]}
	err := elide.Members(h.dec, func(name []byte) error {
		switch string(name) {
		case "request":
			return elide.Members(h.dec, h.request)
		case "response":
			return elide.Members(h.dec, h.response)
		}
		return h.dec.SkipValue()
	})
	if err != nil {
		return err
	}
	h.entries++
	return h.add(e)
}

func (h *har) request(name []byte) (err error) {
	e := &h.now
	switch string(name) {
	case "method":
		e.method, err = elide.Text(h.dec, e.method[:0])
	case "url":
		e.url, err = elide.Text(h.dec, e.url[:0])
	case "headers":
		err = elide.Elements(h.dec, h.header)
	case "postData":
		err = elide.Members(h.dec, h.body)
	default:
		err = h.dec.SkipValue()
	}
	return err
}

func (h *har) response(name []byte) error {
	switch string(name) {
	case "status":
		raw, err := h.dec.ReadValue()
		h.now.status = status(raw)
		return err
	case "content":
		return elide.Members(h.dec, h.body)
	}
	return h.dec.SkipValue()
}

// header reads the name of one header.
func (h *har) header() error {
	return elide.Members(h.dec, func(name []byte) error {
		if string(name) != "name" || h.dec.PeekKind() != '"' {
			return h.dec.SkipValue()
		}
		raw, err := h.dec.ReadValue()
		if err != nil {
			return err
		}
		raw = raw[1 : len(raw)-1]
		h.auth = h.auth || named(raw, "authorization")
		h.now.origin = h.now.origin || named(raw, "origin") || named(raw, "access-control-request-method")
		return nil
	})
}

// body reads the media type of a body, which stands beside it.
func (h *har) body(name []byte) (err error) {
	e := &h.now
	if string(name) != "mimeType" {
		return h.dec.SkipValue()
	}
	e.scratch, err = elide.Text(h.dec, e.scratch[:0])
	e.fhir = e.fhir || fhirType(e.scratch)
	return err
}

// add gives an entry to the sink, unless it is no call: data:, blob:, files of
// an extension, WebSockets, tunnels.
func (h *har) add(e *entry) error {
	if len(e.url) == 0 {
		h.lost++
		return nil
	}
	host, path, query, ok := address(string(e.url))
	if !ok || len(e.method) == 0 || named(e.method, "connect") {
		return nil
	}
	h.calls++
	return h.sink.Add(infer.Observation{
		Kind: infer.Seen, Format: "har", Method: method(e.method), Host: host, Path: path, Query: query,
		Status: e.status, FHIR: e.fhir, Preflight: e.origin && named(e.method, "options"),
	})
}
