// Package capture reads recordings of requests: HAR, OpenTelemetry traces as
// JSON, and mitmproxy flows.
//
// The contract: method, address, status and the names of request headers are
// read; bodies, cookies and the values of headers are skipped as bytes. A
// media type is compared with those of FHIR and not kept. What a reader says
// in an error or a notice holds a byte offset, names that the format defines
// and counts, never a word of the recording. Memory does not depend on it.
//
// A sink that has a method Notice(string) is told what the user should know.
package capture

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
)

// notice tells the sink something for the user, if it listens.
func notice(sink infer.Sink, text string) {
	if s, ok := sink.(interface{ Notice(text string) }); ok {
		s.Notice(text)
	}
}

// documents reads JSON texts one behind the other, or in one array, until the
// end.
func documents(dec *jsontext.Decoder, do func() error) error {
	for {
		switch dec.PeekKind() {
		case '[':
			if err := elide.Elements(dec, do); err != nil {
				return err
			}
		case 0: // the end, or an error, which the decoder knows
			if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
				return err
			}
			return nil
		default:
			if err := do(); err != nil {
				return err
			}
		}
	}
}

// trouble puts an error of a JSON reader into words and adds how much was read
// before it. What the sink or the input has to say stays as it is.
func trouble(name string, cut *elide.Reader, dec *jsontext.Decoder, err error, count int64, unit string) error {
	if ready := (*exit.Error)(nil); errors.As(err, &ready) {
		return ready
	}
	return after(elide.Problem(name, cut, dec, err), count, unit)
}

// after adds to an error that was just made how much was read before it.
func after(err error, count int64, unit string) error {
	var e *exit.Error
	if count > 0 && errors.As(err, &e) && len(e.Problems) == 1 {
		e.Problems[0].What += fmt.Sprintf(", after %d %s", count, unit)
	}
	return err
}

// address cuts a URL into host, path and query. Only http and https, and a
// path alone, are addresses.
func address(url string) (host, path, query string, ok bool) {
	rest := url
	if !strings.HasPrefix(url, "/") {
		var scheme string
		if scheme, rest, ok = strings.Cut(url, "://"); !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
			return "", "", "", false
		}
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		host, rest = rest[:end], rest[end:]
		host = host[strings.LastIndexByte(host, '@')+1:]
	}
	rest, _, _ = strings.Cut(rest, "#")
	path, query, _ = strings.Cut(rest, "?")
	if path == "" {
		path = "/"
	}
	return host, path, query, true
}

// method makes a string of a method, without a new one for those in use.
func method(raw []byte) string {
	for _, known := range [...]string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} {
		if string(raw) == known {
			return known
		}
	}
	return string(raw)
}

// fhirType tells whether a media type is one of FHIR.
func fhirType(raw []byte) bool {
	raw, _, _ = bytes.Cut(raw, []byte(";"))
	raw = bytes.TrimSpace(raw)
	for _, known := range [...]string{"application/fhir+json", "application/fhir+xml", "application/fhir+ndjson", "application/json+fhir", "application/xml+fhir"} {
		if len(raw) == len(known) && strings.EqualFold(string(raw), known) {
			return true
		}
	}
	return false
}

// status reads an HTTP status; 0 is what is none.
func status(raw []byte) int {
	raw = bytes.Trim(raw, `"`)
	if len(raw) != 3 || raw[0] < '1' || raw[0] > '5' {
		return 0
	}
	n := 0
	for _, c := range raw {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// named compares the name of a header, without regard to case.
func named(raw []byte, name string) bool {
	return len(raw) == len(name) && strings.EqualFold(string(raw), name)
}
