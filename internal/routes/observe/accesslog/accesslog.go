// Package accesslog reads the access logs of servers and proxies: the combined
// and common format with or without a virtual host in front, JSON lines (nginx,
// Envoy, Caddy and others, see fields), the default text format of Envoy, the
// HTTP format of HAProxy, the native format of Squid, and W3C extended logs
// (IIS).
//
// The contract: of a line only method, host, path, query, status and whether
// there was an Origin are taken. Client addresses, users, referers, agents and
// times are stepped over as bytes and never become a string. A line that fits
// nothing is left out and counted; a text of which more than half of the first
// 1000 lines fit nothing is no log of this format, which is an *exit.Error with
// exit.Usage. Errors and notices name lines by number and never quote one.
// Memory is constant: a line over 64 KiB is skipped.
package accesslog

import (
	"io"

	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/format"
	"github.com/apionboard/ngapi/internal/routes/observe/lines"
)

// A Format is one form of log that this package reads.
type Format = format.Format

// A Noticer is a Sink that wants to hear what was left out: one line of text
// with the name of the file, free of anything that the log holds.
type Noticer interface {
	Notice(text string)
}

// Formats returns the formats in the order in which they should be tried.
func Formats() []Format {
	return []Format{
		newFormat("access-log-w3c", func() parser { return &w3c{} }),
		newFormat("access-log-haproxy", func() parser { return parserFunc(haproxy) }),
		newFormat("access-log-envoy", func() parser { return parserFunc(envoy) }),
		newFormat("access-log-json", func() parser { return newJSONLines() }),
		newFormat("access-log-squid", func() parser { return parserFunc(squid) }),
		newFormat("access-log-combined", func() parser { return parserFunc(combined) }),
	}
}

func newFormat(name string, fresh func() parser) Format {
	return Format{
		Name:   name,
		Detect: func(head []byte, _ string) bool { return detect(head, fresh()) },
		Read: func(r io.Reader, file string, sink infer.Sink) (int64, error) {
			rd := reader{file: file, format: name, parser: fresh(), sink: sink, in: lines.New(r, file)}
			return rd.read()
		},
	}
}

// A fit says what a line was.
type fit uint8

const (
	unfit   fit = iota // nothing that this format has
	aside              // a directive, or a message of the same program that is no request
	request            // a request; the entry has what the line says of it
)

// An entry is what a line says of a request. The slices point into the line or
// into a buffer of the parser and are valid until the next line.
type entry struct {
	method, target, query, host []byte
	status                      int
	origin                      bool // there was an Origin header
	cut                         bool // the line ends inside the target
}

// A parser reads one line. It may keep what directives say about later ones.
type parser interface {
	parse(line []byte, e *entry) fit
}

type parserFunc func(line []byte, e *entry) fit

func (f parserFunc) parse(line []byte, e *entry) fit { return f(line, e) }

const headLines = 20 // how many lines Detect looks at

// detect wants a request, or a directive that only this format has, in at
// least half of the first lines.
func detect(head []byte, p parser) bool {
	good, bad := 0, 0
	lines.Head(head, headLines, func(line []byte) {
		var e entry
		switch p.parse(line, &e) {
		case request:
			good++
		case unfit:
			bad++
		case aside:
			if w, ok := p.(*w3c); ok && w.method >= 0 && w.known {
				good++
			}
		}
	})
	return good > 0 && good >= bad
}
