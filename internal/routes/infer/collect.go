package infer

import (
	"iter"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// Options steer a Collector. The zero value knows the published NextGen hosts
// and mounts, the embedded catalogue and the shipped vocabulary.
type Options struct {
	// Hosts are further services: HOST, HOST:PORT or HOST/BASE/PATH.
	Hosts []string
	// Known are templates of Enterprise routes that the vendor's own grid has.
	Known []string
	// Approvals of the user's review.
	Approvals Approvals
	// WithoutCatalogue leaves the catalogue of Enterprise routes out, to measure
	// what inference does with an API that nobody knows.
	WithoutCatalogue bool
}

const (
	maxPath   = 8 << 10 // bytes of a path that is looked at
	maxParts  = 64
	maxBytes  = 176 << 20 // of what is kept, with what a Result needs of it; see weight
	maxHosts  = 1000
	maxPlaces = 20
)

// A Collector gathers observations. It is not safe for concurrent use.
type Collector struct {
	opt    Options
	hosts  []given
	pins   []pin
	groups map[string]*tally
	bytes  int    // what the groups weigh
	parts  []part // room for the request at hand; empty between two calls of Add
	key    []byte // the same for its key
	ignore map[string]int64
	others map[string]int64 // printable hosts of requests that do not count

	requests, counted, unnamed int64
	last                       *inference
}

// A group is what all requests have in common that differ in values only.
type group struct {
	method string
	api    string
	parts  []part
	query  string
	*tally
}

// A tally is what is kept of a group beside its key.
type tally struct {
	template bool // the evidence itself names parameters, or describes the route
	found    []count
}

// A count is how often a group was found in one kind of evidence.
type count struct {
	kind               Kind
	format             string
	calls              int64
	ok, failed, silent int64
	places             []string
}

// NewCollector returns an empty Collector, or an *exit.Error with exit.Usage
// for a host or an approval that cannot be used.
func NewCollector(opt Options) (*Collector, error) {
	c := &Collector{opt: opt, groups: map[string]*tally{}, ignore: map[string]int64{}, others: map[string]int64{}}
	var err error
	if c.hosts, err = parseHosts(opt.Hosts); err != nil {
		return nil, err
	}
	return c, c.Approve(opt.Approvals)
}

// Approve replaces the approvals, so that a review can go on with what it has
// settled already. The error is that of NewCollector.
func (c *Collector) Approve(a Approvals) error {
	pins, err := parsePins(a.Templates)
	if err != nil {
		return err
	}
	for _, w := range a.Words {
		if w == "" || len(w) > 100 || strings.ContainsAny(w, "{}?#/%\\ ") || unprintable(w) {
			return exit.Errorf(exit.Usage, "a word of the review is no word of a path; take it out of the review file")
		}
	}
	c.opt.Approvals, c.pins, c.last = a, pins, nil
	return nil
}

// Add takes one observation. The error is an *exit.Error with exit.Usage where
// the evidence holds more distinct paths than can be kept.
func (c *Collector) Add(o Observation) error {
	n := min(max(o.Count, 1), 1<<40) // a sum of them stays a number
	c.requests += n
	c.last = nil
	method := strings.ToUpper(o.Method)
	p, parts, ok := c.reduce(&o, method)
	if !ok {
		c.ignore[p.bucket] += n
		if p.bucket == bucketOtherHost || p.bucket == bucketNoMount {
			c.note(o.Host, n)
		}
		return nil
	}
	query := ""
	if p.api != route.Enterprise {
		var unnamed int64
		query, unnamed = querySet(o.Query)
		c.unnamed += unnamed
	}
	c.counted += n
	c.key = appendKey(c.key[:0], method, p.api, parts, query)
	g := c.groups[string(c.key)]
	if g == nil {
		if c.bytes += weight(len(c.key), len(parts)); c.bytes > maxBytes {
			return exit.Errorf(exit.Usage, "the evidence holds more than %d distinct paths that are no known route; name only the hosts of NextGen, or import a description of the API first", len(c.groups))
		}
		g = &tally{}
		c.groups[string(c.key)] = g
	}
	g.template = g.template || o.Kind == Spec || o.Template && hasParam(parts)
	if c.bytes += g.count(&o, n); c.bytes > maxBytes {
		return exit.Errorf(exit.Usage, "the evidence names too many places in source code; scan a part of it at a time")
	}
	clear(parts) // they point into the path of the request
	return nil
}

// weight is about how many bytes a group takes, with its parts taken apart and
// its route made: measured, and rounded up. No API has paths of more than a
// dozen parts; those weigh more, because each part is a place of its own.
func weight(key, parts int) int { return 600 + 2*key + 250*parts + 1500*max(0, parts-12) }

// reduce finds the API of a request and drops every value of its path.
func (c *Collector) reduce(o *Observation, method string) (placed, []part, bool) {
	if len(o.Path) > maxPath || !strings.HasPrefix(o.Path, "/") && o.Path != "" {
		return placed{bucket: bucketBroken}, nil, false
	}
	p := c.place(o)
	if p.bucket != "" {
		return p, nil, false
	}
	if p.bucket = aside(o, &p, method); p.bucket != "" {
		return p, nil, false
	}
	parts, ok := cutPath(c.parts[:0], p.path, o.Template)
	if c.parts = parts[:0]; !ok {
		clear(parts)
		return placed{bucket: bucketBroken}, nil, false
	}
	if p.api != route.Enterprise {
		parts = settleFHIR(parts)
	}
	return p, parts, true
}

// note counts a host that does not count.
func (c *Collector) note(host string, n int64) {
	name := printableHost(host)
	if _, known := c.others[name]; !known && len(c.others) >= maxHosts {
		name = "(other)"
	}
	c.others[name] += n
}

func hasParam(parts []part) bool {
	return slices.ContainsFunc(parts, func(p part) bool { return p.kind == isParam })
}

// count adds one observation to what the group was found in, and returns how
// many bytes more that takes.
func (g *tally) count(o *Observation, n int64) (more int) {
	i := slices.IndexFunc(g.found, func(f count) bool { return f.kind == o.Kind && f.format == o.Format })
	if i < 0 {
		i = len(g.found)
		g.found = append(g.found, count{kind: o.Kind, format: strings.Clone(o.Format)})
		if i > 0 {
			more = 200
		}
	}
	f := &g.found[i]
	f.calls += n
	switch {
	case o.Status < 200: // not known, or no final answer
		f.silent += n
	case o.Status < 300 || o.Status == 304:
		f.ok += n
	default:
		f.failed += n
	}
	if o.Place != "" {
		if at, there := slices.BinarySearch(f.places, o.Place); !there {
			before := len(f.places)
			f.places = slices.Insert(f.places, at, strings.Clone(o.Place))
			f.places = f.places[:min(before+1, maxPlaces)]
			more += (len(f.places) - before) * (64 + len(o.Place))
		}
	}
	return more
}

func mapKeys[V any](m map[string]V) iter.Seq[string] {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
