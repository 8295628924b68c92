// Package infer turns observed requests into path templates that may be
// printed: /persons/8f2c.../chart becomes /persons/{personId}/chart.
//
// The contract: a Collector takes observations in any order and any number and
// forgets every value at once: identifiers, query values and mounts never
// leave Add. Equal sets of observations give equal results, whatever their
// order. A word of a path is printed only where something vouches for it: the
// catalogue, the FHIR grammar, an imported template, the shipped vocabulary of
// API words or the user's own approval; every other word prints as a numbered
// mask such as {?1}. Statistics propose and never merge. Every decision carries
// the id of its rule.
//
// The package is pure: no files, network, clock or environment.
package infer

// Kind says how an observation knows of a request. A higher kind is better
// evidence that the application makes it.
type Kind uint8

// The kinds, from the weakest. Only Trace and Seen prove that a call was made.
const (
	Source     Kind = iota + 1 // a string in source code
	Spec                       // an API description, a capability statement
	Collection                 // a request that somebody saved: Postman, Insomnia, Bruno, .http
	Trace                      // a span, whose route is the word of the instrumentation
	Seen                       // a recorded request: HAR, access log, proxy
)

// An Observation is one request, or several of the same kind, as the evidence
// has it. It holds raw text and is never printed, logged or stored.
type Observation struct {
	Kind      Kind
	Format    string // fixed word that names the reader: har, postman, openapi, ...
	Method    string // as written
	Host      string // host or host:port, in any case; "" where the evidence names none
	Path      string // as on the wire, percent-encoded, from the first slash; no query, no fragment
	Query     string // as on the wire, without the question mark
	Status    int    // HTTP status; 0 where it is not known
	Count     int64  // how many calls; 0 means 1
	Template  bool   // Path has parameters: {name}, {{name}}, :name, <name>
	FHIR      bool   // a FHIR media type or a capability statement says that this is FHIR
	Preflight bool   // an OPTIONS request with an Origin
	API       string // route.Enterprise, route.FHIRR4 or route.FHIRDSTU2 where the evidence itself says so
	Place     string // source code only: file:line, made printable by the reader
}

// A Sink takes observations. An error ends the reading.
type Sink interface {
	Add(o Observation) error
}
