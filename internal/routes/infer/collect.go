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
	maxGroups = 400_000 // distinct paths, after values were dropped
	maxBytes  = 160 << 20
	maxHosts  = 1000
	maxPlaces = 20
)

// A Collector gathers observations. It is not safe for concurrent use.
type Collector struct {
	opt    Options
	hosts  []given
	pins   []pin
	groups map[string]*group
	bytes  int // held by the keys of the groups
	ignore map[string]int64
	others map[string]int64 // printable hosts of requests that do not count

	requests, counted, unnamed int64
	last                       *inference
}

// A group is what all requests have in common that differ in values only.
type group struct {
	method   string
	api      string
	parts    []part
	query    string
	asked    []Decision // about the query
	template bool       // the evidence itself names parameters, or describes the route
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
	c := &Collector{opt: opt, groups: map[string]*group{}, ignore: map[string]int64{}, others: map[string]int64{}}
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
	var asked []Decision
	query := ""
	if p.api != route.Enterprise {
		var unnamed int64
		asked, query, unnamed = querySet(o.Query)
		c.unnamed += unnamed
	}
	c.counted += n
	key := method + " " + p.api + " " + encode(parts) + "?" + query
	g := c.groups[key]
	if g == nil {
		if c.bytes += len(key) + 600; len(c.groups) >= maxGroups || c.bytes > maxBytes {
			return exit.Errorf(exit.Usage, "the evidence holds more than %d distinct paths that are no known route; name only the hosts of NextGen, or import a description of the API first", len(c.groups))
		}
		g = &group{method: method, api: p.api, parts: parts, query: query, asked: asked}
		c.groups[key] = g
	}
	g.template = g.template || o.Kind == Spec || o.Template && hasParam(parts)
	g.count(&o, n)
	return nil
}

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
	parts, ok := cutPath(p.path, o.Template)
	if !ok {
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

// count adds one observation to what the group was found in.
func (g *group) count(o *Observation, n int64) {
	i := slices.IndexFunc(g.found, func(f count) bool { return f.kind == o.Kind && f.format == o.Format })
	if i < 0 {
		i = len(g.found)
		g.found = append(g.found, count{kind: o.Kind, format: o.Format})
	}
	f := &g.found[i]
	f.calls += n
	switch {
	case o.Status == 0:
		f.silent += n
	case o.Status < 300 || o.Status == 304:
		f.ok += n
	default:
		f.failed += n
	}
	if o.Place != "" {
		if at, there := slices.BinarySearch(f.places, o.Place); !there {
			f.places = slices.Insert(f.places, at, o.Place)
			f.places = f.places[:min(len(f.places), maxPlaces)]
		}
	}
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
