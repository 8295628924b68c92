// Package scope judges a route list: is the data access limited solely to GET
// routes of USCDI v1 data, the scope in which the vendor asks for no form, no
// extra agreement and no route list.
//
// The contract: the answer has three values. A write, or data known to lie
// beyond USCDI v1, makes a list not-limited, and no further route moves that
// back. Otherwise one route that public text cannot settle makes it
// undetermined, with the question to ask. Only a list whose every route is
// known to be within is limited; an empty list proves nothing. The verdict does
// not depend on the order of routes or on duplicates, and an inference from the
// words of a path is never called a fact.
//
// Two yardsticks are applied side by side: the vendor's, which says USCDI v1,
// and the federal floor for certified APIs at a given date.
//
// The package is pure. It never reads the clock: the date is an option.
package scope

import (
	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// Verdict is the answer for a list or one route.
type Verdict string

// The verdicts. Ignored is for single routes only: discovery and sign-in.
const (
	Limited      Verdict = "limited"
	NotLimited   Verdict = "not-limited"
	Undetermined Verdict = "undetermined"
	Ignored      Verdict = "ignored"
)

// Access says what a route does.
type Access string

// The kinds of access.
const (
	Read          Access = "read"
	Write         Access = "write"
	NotData       Access = "not-data" // discovery, sign-in
	UnknownAccess Access = "unknown"  // a batch, an operation that nobody declared
)

// Data says what a route is about.
type Data string

// The classes of data.
const (
	V1            Data = "v1"             // USCDI v1
	Auxiliary     Data = "auxiliary"      // no element of its own, referenced by data that has
	V1Conditional Data = "v1-conditional" // v1 for some instances; no filter says which
	V3            Data = "v3"             // in USCDI v3, not in v1
	EHIOther      Data = "ehi-other"      // typically EHI, in neither edition
	NonEHI        Data = "non-ehi"        // neither
	UnknownData   Data = "unknown"
)

// Basis says what a verdict rests on.
type Basis string

// The bases, from the strongest to none.
const (
	ByVendorList    Basis = "vendor-list"    // the vendor's own list names the route
	ByMethod        Basis = "method"         // the HTTP method alone decides: a write
	ByDeclaration   Basis = "declared"       // the developer's own statement in the list
	ByDiscovery     Basis = "discovery"      // metadata, well-known addresses, OAuth endpoints
	ByUSCoreShall   Basis = "us-core-shall"  // mandatory in US Core 3.1.1
	ByUSCoreShould  Basis = "us-core-should" // a narrower form of it, recommended in US Core 3.1.1
	ByArgonaut      Basis = "argonaut"       // Argonaut Data Query 1.0.0, DSTU2
	ByCertifiedTest Basis = "certified-test" // what certification to 170.315(g)(10) tests
	ByFHIRTable     Basis = "fhir-table"     // the table of FHIR types, operations and include targets
	ByInference     Basis = "inferred"       // words of a path, or a third party's catalogue: a hint, no fact
	NoBasis         Basis = "none"           // nothing is known
)

// Answer is the federal answer for a route or a list.
type Answer string

// The answers.
const (
	Yes       Answer = "yes"
	No        Answer = "no"
	Uncertain Answer = "unknown"
)

// The notes that a route may carry.
const (
	NoteNotLiteralGet   = "not-literal-get"             // HEAD, POST _search: reads, but is no GET
	NoteUnfiltered      = "unfiltered"                  // a mandatory search or read that can return more than USCDI v1
	NoteNotMandatory    = "not-a-mandatory-search"      // none of the searches that US Core makes mandatory
	NoteIncludeByDesign = "include-by-design"           // an include that US Core's own profiles lead to
	NoteSupporting      = "supporting-type"             // adds referenced types such as Practitioner
	NoteDeclaredWithin  = "declared-within"             // the list declares USCDI v1; a declaration does not settle it
	NoteDeclaredRead    = "declared-read-not-taken"     // the list declares read; the method says otherwise
	NoteDeclaredDiffers = "declared-beyond"             // the list declares more than the path shows
	NoteNotInCatalogue  = "not-in-catalogue"            // an Enterprise route that nobody has published
	NoteMethodUnknown   = "method-not-in-catalogue"     // published, but not with this method
	NoteBodyNotSeen     = "body-not-seen"               // the parameters are in a body that a list does not show
	NoteNotServed       = "not-in-capability-statement" // the FHIR server's own statement lacks the type
)

// GSAObservation says whether a route answers a global service account: by the
// vendor's own list where Vendor is set, else as third parties saw it.
type GSAObservation struct {
	Status     catalog.GSA `json:"status"`               // yes, no, unknown
	ObservedOn string      `json:"observedOn,omitempty"` // "2023-05", or the day of the vendor's list
	Source     string      `json:"source,omitempty"`
	Vendor     bool        `json:"vendor,omitempty"` // the vendor's word
}

// RouteVerdict is one route with everything that was concluded about it.
type RouteVerdict struct {
	Method   string         `json:"method"`
	Path     string         `json:"path"`
	API      string         `json:"api"`            // enterprise, fhir-r4, fhir-dstu2
	Line     int            `json:"line,omitempty"` // of the route list, from 1
	Access   Access         `json:"access"`
	Data     Data           `json:"data"`
	Basis    Basis          `json:"basis"`
	Verdict  Verdict        `json:"verdict"`
	Federal  Answer         `json:"federal"`
	Why      string         `json:"why"`
	Notes    []string       `json:"notes,omitempty"`
	GSA      GSAObservation `json:"gsa"`
	Question string         `json:"question,omitempty"` // id of the question to ask the vendor
}

// RouteRef points to one route of the list.
type RouteRef struct {
	Method     string `json:"method"`
	Path       string `json:"path"`
	Line       int    `json:"line,omitempty"`
	ObservedOn string `json:"observedOn,omitempty"`
	Source     string `json:"source,omitempty"`
	Vendor     bool   `json:"vendor,omitempty"` // the vendor's word, and no observation
}

// Deciding is a route on which the verdict rests: for not-limited a miss, for
// undetermined a doubt. A limited list rests on all of its routes and names none.
type Deciding struct {
	Method   string  `json:"method"`
	Path     string  `json:"path"`
	Line     int     `json:"line,omitempty"`
	Verdict  Verdict `json:"verdict"`
	Why      string  `json:"why"`
	Question string  `json:"question,omitempty"`
}

// GSASummary sorts the Enterprise routes by what was observed about them, or
// said by the vendor.
type GSASummary struct {
	Closed       []RouteRef `json:"closed"`       // seen, or said, to be refused
	Unconfirmed  []RouteRef `json:"unconfirmed"`  // nothing seen, or nothing that settles it
	Reachable    []RouteRef `json:"reachable"`    // seen, or said, to answer
	AllReachable bool       `json:"allReachable"` // there is an Enterprise route and all are reachable
}

// VendorYardstick is the verdict by the words of the vendor's page.
type VendorYardstick struct {
	Verdict Verdict `json:"verdict"`
}

// FederalYardstick is the verdict by the federal floor for certified APIs.
type FederalYardstick struct {
	Verdict  Answer `json:"verdict"`
	Edition  string `json:"edition"` // "USCDI v3"
	Status   string `json:"status"`  // "final"
	Since    string `json:"since"`   // YYYY-MM-DD
	Proposed string `json:"proposed,omitempty"`
}

// Yardsticks are the two answers side by side.
type Yardsticks struct {
	Vendor  VendorYardstick  `json:"vendor"`
	Federal FederalYardstick `json:"federal"`
}

// Report is the body of an ngapi.scope/v1 document; the caller adds schema and
// tool. Lists are never nil.
type Report struct {
	Verdict    Verdict        `json:"verdict"`
	Yardsticks Yardsticks     `json:"yardsticks"`
	Deciding   []Deciding     `json:"deciding"`
	Routes     []RouteVerdict `json:"routes"` // in the order of the list
	Questions  []Question     `json:"questions"`
	Writes     bool           `json:"writes"` // a route writes
	GSA        GSASummary     `json:"gsa"`
}

// Federal returns the federal answer for the whole list.
func (r *Report) Federal() Answer { return r.Yardsticks.Federal.Verdict }
