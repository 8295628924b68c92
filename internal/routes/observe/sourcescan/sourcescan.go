// Package sourcescan finds calls of the API in source code: string literals and
// format strings that begin with a known mount, with a variable that holds the
// base address, or with a resource word, in Go, JavaScript and TypeScript,
// Python, Java, Kotlin, Scala, Groovy, C#, PHP, Ruby and shell scripts.
//
// The contract: code is read line by line and never run, compiled or resolved.
// What stands in one line is joined: "/persons/" + id + "/chart" is one path,
// and ${x}, {x}, #{x}, $x, %s, :x and <x> are parameters. A path that is put
// together over several lines, by a helper or from single words is not found.
// A method is what a call in the same line says, or one that plainly goes on
// over it from the line above or into the options below; it is never guessed,
// so it may be blank. Source code is a cross-check of captures and never proof
// of a call.
//
// Recall: of the 89 calls of the corpus under testdata, which was written by
// the same hand as the scan, 83 are found, with no place that is none and no
// wrong method. Code that builds paths with helpers of its own does worse.
//
// Not read: symbolic links, hidden folders, folders of dependencies and of
// builds, files over 1 MiB, binary, generated and minified files.
package sourcescan

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/route"
)

const (
	maxFile  = 1 << 20 // bytes
	maxFiles = 50_000  // files that are looked at where Options do not say
	maxLine  = 4 << 10 // bytes; a longer line is data or minified
)

// Options steer a scan.
type Options struct {
	Hosts    []string // further hosts of the API, HOST or HOST:PORT, beside those of nextgen.com
	MaxFiles int      // files that are looked at at most; 0 means 50,000
}

// A Hit is a place in the code that names a route. Method is "" where the line
// does not say it. Path is a template without query and base address, of words
// that the catalogue and the FHIR grammar have; a place whose path has another
// word is not listed here and reaches the sink only.
type Hit struct {
	Method, Path, Place string
}

// A Summary says what a scan came to. Lists are sorted and never nil.
type Summary struct {
	Hits          []Hit
	Files         int            // source files that were read
	Places        int            // places that named a route, each given to the sink
	WithoutMethod int            // those whose method is unknown
	Unlisted      int            // those that are no Hit
	OtherHosts    int            // addresses of other hosts, which were left out
	Skipped       []infer.Bucket // what was not read, by kind
	Full          bool           // there were more files than MaxFiles
}

// Scan walks a tree and gives one observation for each place to the sink, of
// kind Source, with Template set and Place as relative/path.go:12. Method is ""
// where it is unknown. The error is an *exit.Error with exit.Usage where the
// tree cannot be read at all, or the error of the sink.
func Scan(fsys fs.FS, sink infer.Sink, opt Options) (Summary, error) {
	s := scanner{sink: sink, opt: opt, fsys: fsys, skipped: map[string]int64{}, seen: map[Hit]bool{}}
	if s.opt.MaxFiles <= 0 {
		s.opt.MaxFiles = maxFiles
	}
	err := fs.WalkDir(fsys, ".", s.visit)
	s.sum.Skipped = []infer.Bucket{}
	for kind, n := range s.skipped {
		s.sum.Skipped = append(s.sum.Skipped, infer.Bucket{Name: kind, Count: n})
	}
	slices.SortFunc(s.sum.Skipped, func(a, b infer.Bucket) int { return strings.Compare(a.Name, b.Name) })
	s.sum.Hits = make([]Hit, 0, len(s.seen))
	for h := range s.seen {
		s.sum.Hits = append(s.sum.Hits, h)
	}
	slices.SortFunc(s.sum.Hits, func(a, b Hit) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method), strings.Compare(a.Place, b.Place))
	})
	return s.sum, err
}

type scanner struct {
	fsys    fs.FS
	sink    infer.Sink
	opt     Options
	sum     Summary
	looked  int
	skipped map[string]int64
	seen    map[Hit]bool
}

// visit decides about one entry of the tree.
func (s *scanner) visit(name string, entry fs.DirEntry, err error) error {
	switch {
	case err != nil && name == ".":
		return exit.Errorf(exit.Usage, "the folder cannot be read; give a folder with source code")
	case err != nil:
		s.skipped["unreadable"]++
		if entry != nil && entry.IsDir() {
			return fs.SkipDir
		}
		return nil
	case entry.IsDir():
		if name != "." && skippedFolder(entry.Name()) {
			s.skipped["folder of dependencies or builds"]++
			return fs.SkipDir
		}
		return nil
	}
	if s.looked++; s.looked > s.opt.MaxFiles {
		s.sum.Full = true
		return fs.SkipAll
	}
	lang, known := languageOf(entry.Name())
	switch {
	case entry.Type()&fs.ModeSymlink != 0:
		s.skipped["symbolic link"]++
		return nil
	case !known || !entry.Type().IsRegular():
		return nil
	case minifiedName(entry.Name()):
		s.skipped["minified or generated"]++
		return nil
	}
	return s.file(name, lang)
}

// file reads one source file.
func (s *scanner) file(name string, lang language) error {
	data, kind := s.load(name)
	if kind != "" {
		s.skipped[kind]++
		return nil
	}
	s.sum.Files++
	place := route.Printable(path.Clean(name))
	var sinkErr error
	findCalls(data, lang, s.opt.Hosts, func(c call) {
		if sinkErr == nil {
			sinkErr = s.add(c, place+":"+strconv.Itoa(c.line))
		}
	}, &s.sum.OtherHosts)
	return sinkErr
}

// load reads a file, or says why not.
func (s *scanner) load(name string) (data []byte, kind string) {
	file, err := s.fsys.Open(name)
	if err != nil {
		return nil, "unreadable"
	}
	defer func() { _ = file.Close() }() // only read from
	data, err = io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return nil, "unreadable"
	case len(data) > maxFile:
		return nil, "larger than 1 MiB"
	case bytes.IndexByte(data[:min(len(data), 8192)], 0) >= 0:
		return nil, "binary"
	case generated(data):
		return nil, "minified or generated"
	}
	return data, ""
}

// add hands a place on.
func (s *scanner) add(c call, place string) error {
	s.sum.Places++
	if c.method == "" {
		s.sum.WithoutMethod++
	}
	if printable, ok := listedPath(c.method, c.path); ok {
		s.seen[Hit{c.method, printable, place}] = true
	} else {
		s.sum.Unlisted++
	}
	return s.sink.Add(infer.Observation{
		Kind: infer.Source, Format: "source", Method: c.method, Path: c.path, Query: c.query, Template: true, API: c.api, Place: place,
	})
}
