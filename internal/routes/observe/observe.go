// Package observe reads evidence of API calls and hands each request that it
// finds to a sink: captures, traces, access logs, collections of requests, API
// descriptions.
//
// The contract: what a file is, is told by its content, through gzip (twice)
// and zip; a name only breaks a tie. Nothing is written anywhere, no archive member
// becomes a path, and no memory grows with the input. What goes wrong is an
// *exit.Error with exit.Usage that names the file, the place in it and what to
// do, and holds no word of the evidence; nor does a notice.
package observe

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/accesslog"
	"github.com/apionboard/ngapi/internal/routes/observe/apidesc"
	"github.com/apionboard/ngapi/internal/routes/observe/capture"
	"github.com/apionboard/ngapi/internal/routes/observe/collection"
	"github.com/apionboard/ngapi/internal/routes/observe/counts"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
	"github.com/apionboard/ngapi/internal/routes/observe/format"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// formats lists what can be read, in the order in which it is tried: what
// shows itself by its grammar comes before what is guessed.
func formats() []format.Format {
	list := []format.Format{
		{Name: "HAR", Detect: capture.DetectHAR, Read: capture.ReadHAR},
		{Name: "OpenTelemetry traces (JSON)", Detect: capture.DetectOTLP, Read: capture.ReadOTLP},
		{Name: "mitmproxy flows", Detect: capture.DetectFlow, Read: capture.ReadFlows},
	}
	list = slices.Concat(list, apidesc.Formats(), collection.Formats(), counts.Formats())
	for _, f := range accesslog.Formats() {
		f.Name = "access log (" + strings.TrimPrefix(f.Name, "access-log-") + ")"
		list = append(list, f)
	}
	return list
}

// An Input is a file or a stream of evidence.
type Input struct {
	Name string // for errors; as the user gave it
	// Open opens it. Of a zip, what is no *os.File of a regular file is read into memory,
	// up to 64 MiB.
	Open func() (io.ReadCloser, error)
}

// A Summary says what an input was.
type Summary struct {
	Format  string   // name of the format; of several in one archive, joined by commas
	Records int64    // requests, spans, operations: what the format counts
	Members int      // files read: 1, or those in an archive
	Notices []string // what the user should know; no word of the evidence
}

// Read reads one input to its end and gives what it finds to sink. What sink
// got before an error stands. The end of ctx ends the reading with its error.
func Read(ctx context.Context, in Input, sink infer.Sink) (Summary, error) {
	name := route.Printable(in.Name)
	file, err := in.Open()
	if err != nil {
		return Summary{}, unreadable(name, "opened", err)
	}
	defer func() { _ = file.Close() }()
	r := &reading{ctx: ctx, sink: sink, budget: &budget{limits: bounds()}}
	if err := r.input(file, name, in.Name); err != nil {
		return r.summary(), err
	}
	return r.summary(), nil
}

// A reading is one call of Read. It is the sink of the readers.
type reading struct {
	ctx     context.Context
	sink    infer.Sink
	budget  *budget
	formats []string
	records int64
	members int
	skipped int
	notices []string
}

// Add implements infer.Sink.
func (r *reading) Add(o infer.Observation) error { return r.sink.Add(o) }

// Notice takes what the user should know, once.
func (r *reading) Notice(text string) {
	if !slices.Contains(r.notices, text) {
		r.notices = append(r.notices, text)
	}
}

func (r *reading) summary() Summary {
	if r.skipped > 0 {
		r.Notice(fmt.Sprintf("%d members of the archive are empty or no known evidence and were skipped", r.skipped))
		r.skipped = 0
	}
	return Summary{Format: strings.Join(r.formats, ", "), Records: r.records, Members: r.members, Notices: r.notices}
}

// input reads a file, be it an archive or not.
func (r *reading) input(file io.Reader, name, hint string) error {
	raw := &source{ctx: r.ctx, in: file, name: name}
	head, all, err := begin(raw)
	switch {
	case err != nil:
		return err
	case isZip(head):
		return r.zip(file, all, name)
	}
	known, err := r.text(head, all, name, hint, func() int64 { return raw.read })
	if err == nil && !known {
		return exit.Problems(exit.Usage, []exit.Problem{{File: name, What: "is no evidence of a known kind", Do: "give one of: " + names()}})
	}
	return err
}

// text reads a file that is no archive, through gzip. known is false, and
// nothing was read, where no format fits. compressed counts the bytes that
// were read of the outermost layer.
func (r *reading) text(head []byte, all io.Reader, name, hint string, compressed func() int64) (known bool, err error) {
	for layer := 0; isGzip(head); layer++ {
		if layer == 2 {
			return false, refuse(name, "is compressed more than twice", "unpack it")
		}
		if all, err = r.budget.gzip(all, name, compressed); err != nil {
			return false, err
		}
		if head, all, err = begin(all); err != nil {
			return false, err
		}
		hint = strings.TrimSuffix(strings.ToLower(hint), ".gz")
	}
	switch {
	case blank(head):
		return false, refuse(name, "is empty", "record something first")
	case isZip(head):
		return false, refuse(name, "is an archive within another file", "unpack it")
	case elide.UTF16(head):
		return false, refuse(name, "is not UTF-8 text but UTF-16 or UTF-32", "save it as UTF-8")
	}
	for _, f := range formats() {
		if !f.Detect(head, hint) {
			continue
		}
		n, err := f.Read(all, name, r)
		r.records += n
		r.members++
		if !slices.Contains(r.formats, f.Name) {
			r.formats = append(r.formats, f.Name)
		}
		return true, err
	}
	return false, nil
}

// names lists the kinds without their variants.
func names() string {
	var all []string
	for _, f := range formats() {
		name, _, _ := strings.Cut(f.Name, " (")
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return strings.Join(all, ", ")
}

func refuse(name, what, do string) error {
	return exit.Problems(exit.Usage, []exit.Problem{{File: name, What: what, Do: do}})
}
