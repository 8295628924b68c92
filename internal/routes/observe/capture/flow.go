package capture

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
)

const (
	flowText  = 64 << 10 // bytes of a path; a longer one is no call
	flowWord  = 64       // bytes of a key, a name of a header, a media type
	flowDigit = 12       // digits of a length, as in the program that writes flows
)

// DetectFlow tells whether a file that begins with head holds mitmproxy
// flows: a length, and a dictionary that begins with another.
func DetectFlow(head []byte, _ string) bool {
	rest, ok := afterLength(head)
	if !ok {
		return false
	}
	rest, ok = afterLength(rest)
	for _, word := range [...]string{"type", "version", "request", "response", "error", "id", "client_conn", "server_conn", "metadata",
		"intercepted", "is_replay", "marked", "websocket", "backup", "comment", "timestamp_created", "messages", "mode"} {
		if ok && len(rest) > len(word) && string(rest[:len(word)]) == word && (rest[len(word)] == ';' || rest[len(word)] == ',') {
			return true
		}
	}
	return false
}

func afterLength(b []byte) ([]byte, bool) {
	for i := 0; i < len(b) && i <= flowDigit; i++ {
		if b[i] == ':' {
			return b[i+1:], i > 0
		}
		if b[i] < '0' || b[i] > '9' {
			break
		}
	}
	return nil, false
}

// A flows is one reading of typed netstrings: LENGTH:VALUE and a letter for
// the type, one behind the other. Every value knows its length, so that what is not
// wanted is skipped without a look.
type flows struct {
	in     *bufio.Reader
	at     int64 // offset in the input
	sink   infer.Sink
	count  int64
	now    flow
	word   []byte
	header struct{ name, value []byte }
}

type flow struct {
	kind, method, scheme, host, authority, path []byte
	port, status                                []byte
	origin, fhir, request, websocket            bool
}

// ReadFlows reads the flows that mitmproxy saves and gives each HTTP request to
// sink. It returns the number of flows.
func ReadFlows(r io.Reader, name string, sink infer.Sink) (int64, error) {
	f := &flows{in: bufio.NewReaderSize(r, 32<<10), sink: sink}
	auth, err := false, error(nil)
	for err == nil {
		if _, end := f.in.Peek(1); errors.Is(end, io.EOF) {
			break
		}
		var size int64
		if size, err = f.length(-1); err == nil {
			err = f.flow(size, &auth)
		}
	}
	problem := func(what, do string) error {
		return exit.Problems(exit.Usage, []exit.Problem{{File: name, What: what, Do: do}})
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return f.count, after(problem(fmt.Sprintf("ends in the middle of a flow at byte %d", f.at), "it was cut short; save it again"), f.count, "flows")
	case errors.Is(err, errFlow):
		return f.count, after(problem(fmt.Sprintf("is no mitmproxy flow file at byte %d", f.at), "it is damaged; save it again"), f.count, "flows")
	case err != nil:
		return f.count, err
	case f.count == 0:
		return 0, problem("is a flow file without a flow", "record again")
	case !auth:
		notice(sink, "auth unknown (sanitised capture): no request has an Authorization header")
	}
	return f.count, nil
}

func (f *flows) flow(size int64, auth *bool) error {
	w := &f.now
	*w = flow{kind: w.kind[:0], method: w.method[:0], scheme: w.scheme[:0], host: w.host[:0], authority: w.authority[:0],
		path: w.path[:0], port: w.port[:0], status: w.status[:0]}
	err := f.members(size, func(end int64) (err error) {
		if f.word, err = f.scalar(f.word, end-f.at, flowWord); err != nil {
			return err
		}
		switch string(f.word) {
		case "type":
			w.kind, err = f.scalar(w.kind, end-f.at, flowWord)
		case "request":
			size, err = f.inner(end, func(end int64) error { return f.request(end, auth) })
			w.request = size > 0
		case "response":
			_, err = f.inner(end, f.response)
		case "websocket":
			size, err = f.length(end - f.at)
			w.websocket = size > 0
			if err == nil {
				err = f.skip(size + 1)
			}
		default:
			err = f.pass(end)
		}
		return err
	})
	if err != nil {
		return err
	}
	f.count++
	return f.add(w)
}

func (f *flows) request(end int64, auth *bool) (err error) {
	w := &f.now
	if f.word, err = f.scalar(f.word, end-f.at, flowWord); err != nil {
		return err
	}
	room := func() int64 { return end - f.at }
	switch string(f.word) {
	case "method":
		w.method, err = f.scalar(w.method, room(), flowWord)
	case "scheme":
		w.scheme, err = f.scalar(w.scheme, room(), flowWord)
	case "host":
		w.host, err = f.scalar(w.host, room(), 1<<10)
	case "authority":
		w.authority, err = f.scalar(w.authority, room(), 1<<10)
	case "path":
		w.path, err = f.scalar(w.path, room(), flowText)
	case "port":
		w.port, err = f.scalar(w.port, room(), flowWord)
	case "headers":
		_, err = f.inner(end, func(end int64) error {
			if err := f.pair(end); err != nil {
				return err
			}
			*auth = *auth || named(f.header.name, "authorization")
			w.origin = w.origin || named(f.header.name, "origin")
			return nil
		})
	default:
		err = f.pass(end)
	}
	return err
}

func (f *flows) response(end int64) (err error) {
	if f.word, err = f.scalar(f.word, end-f.at, flowWord); err != nil {
		return err
	}
	switch string(f.word) {
	case "status_code":
		f.now.status, err = f.scalar(f.now.status, end-f.at, flowWord)
	case "headers":
		_, err = f.inner(end, f.pair)
	default:
		err = f.pass(end)
	}
	return err
}

// pair reads the name of a header. The value is looked at only where it is a
// media type, and compared there.
func (f *flows) pair(end int64) error {
	place := 0
	h := &f.header
	_, err := f.inner(end, func(end int64) (err error) {
		place++
		switch {
		case place == 1:
			h.name, err = f.scalar(h.name, end-f.at, flowWord)
		case place == 2 && (named(h.name, "content-type") || named(h.name, "accept")):
			h.value, err = f.scalar(h.value, end-f.at, flowWord)
			f.now.fhir = f.now.fhir || fhirType(h.value)
		default:
			err = f.pass(end)
		}
		return err
	})
	return err
}

// add gives a flow to the sink, if it is an HTTP request.
func (f *flows) add(w *flow) error {
	if !w.request || w.websocket || len(w.kind) > 0 && string(w.kind) != "http" || len(w.method) == 0 || named(w.method, "connect") {
		return nil
	}
	url := string(w.path)
	if url == "" || url[0] != '/' {
		return nil // too long, or the form of a proxy or of OPTIONS *
	}
	_, path, query, _ := address(url)
	host := string(w.authority) // what the client asked for, where the proxy only saw an address
	if host == "" {
		host = string(w.host)
		port, err := strconv.Atoi(string(w.port))
		if usual := string(w.scheme) == "https" && port == 443 || port == 80; err == nil && !usual && host != "" {
			host += ":" + strconv.Itoa(port)
		}
	}
	return f.sink.Add(infer.Observation{
		Kind: infer.Seen, Format: "mitmproxy", Method: method(w.method), Host: host, Path: path, Query: query,
		Status: status(w.status), FHIR: w.fhir, Preflight: w.origin && named(w.method, "options"),
	})
}
