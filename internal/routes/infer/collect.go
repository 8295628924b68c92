package infer

// Options steer a Collector. The zero value knows the published NextGen hosts
// and mounts, the embedded catalogue and the shipped vocabulary.
type Options struct {
	// Hosts are further services: HOST, HOST:PORT or HOST/BASE/PATH.
	Hosts []string
	// Approvals of the user's review.
	Approvals Approvals
	// WithoutCatalogue leaves the catalogue of Enterprise routes out, to measure
	// what inference does with an API that nobody knows.
	WithoutCatalogue bool
}

// A Collector gathers observations. It is not safe for concurrent use.
type Collector struct {
	opt Options
}

// NewCollector returns an empty Collector, or an *exit.Error with exit.Usage
// for a host or an approval that cannot be used.
func NewCollector(opt Options) (*Collector, error) { return &Collector{opt: opt}, nil }

// Add takes one observation. The error is an *exit.Error with exit.Usage where
// the evidence holds more distinct paths than can be kept.
func (c *Collector) Add(Observation) error { return nil }

// Result infers the templates of what was added so far.
func (c *Collector) Result() *Result { return &Result{} }

// Masks returns the words behind the masks of the last Result, for the screen of a review
// only.
func (c *Collector) Masks() []Mask { return nil }
