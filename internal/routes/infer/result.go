package infer

// Status says what the answers to a route were.
type Status string

// The statuses.
const (
	StatusOK      Status = "ok"          // every known answer was a 2xx or 304
	StatusMixed   Status = "mixed"       // some were
	StatusFailed  Status = "failed-only" // none was
	StatusCalled  Status = "called"      // called, and no answer is known
	StatusUnknown Status = "unproven"    // only described or saved, never seen to be called
)

// A Result is what a set of observations comes to. Lists are sorted and never
// nil; nothing in it but Masks and Proposal.Values holds observed text.
type Result struct {
	Routes    []Route
	Proposals []Proposal
	Requests  int64    // calls and declarations in all
	Counted   int64    // those to a known service
	Ignored   []Bucket // the others, by kind
	Hosts     []Bucket // printable hosts of requests to no known service, most frequent first
	Unnamed   int64    // query parameters whose names nothing vouches for
}

// A Bucket counts requests.
type Bucket struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// A Route is one method and path template.
type Route struct {
	Method    string
	Path      string // printable: /persons/{personId}, /Observation?category=laboratory&patient={patient}, /x/{?1}
	API       string // route.Enterprise, route.FHIRR4, route.FHIRDSTU2
	Status    Status
	Evidence  []Evidence
	Decisions []Decision
	Masks     int // how many words of Path are masked; such a route waits for a review

	found []count // until conclude
}

// Evidence is one kind of source in which a route was found.
type Evidence struct {
	Kind   Kind
	Format string
	Calls  string   // 1, 2-9, 10-99, 100+; "" for what is no call
	Status Status   // of the calls from this source
	Places []string // source code: file:line
}

// A Decision says why one part of a template is as it is.
type Decision struct {
	Part string `json:"part"` // as printed
	Rule string `json:"rule"` // fhir-type, catalog, typed-uuid, ...
	Why  string `json:"why"`
}

// A Proposal is a place where several words look like values of one parameter.
type Proposal struct {
	Template string   // with the parameter in place, which is what an approval would say
	Count    int      // how many different words stand there
	Values   []string // the words; for the screen of a review only, never for a file or a log
}

// A Mask is a word that nothing vouches for; for the screen of a review only,
// never for a file or a log.
type Mask struct {
	Method, Path string // the route, as printed
	Label        string // {?1}
	Word         string // the observed word
}

// Approvals are what the user has decided in a review.
type Approvals struct {
	Words     []string // path words that may be printed, without regard to case
	Templates []string // /widgets/{widgetId}/parts: where a parameter stands and what it is called
	Ignore    []string // METHOD /template as printed, masks written as {?}: routes that are none of the application's
}
