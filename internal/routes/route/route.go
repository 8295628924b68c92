// Package route holds the route list of an application: which HTTP methods and
// path templates it calls, in the CSV form that people edit and review.
//
// The contract: a list that Read or Normalize accepted carries no concrete
// identifier in a path (ids are template parameters such as {personId}), and
// no error or notice of this package repeats a value that may be personal or
// a raw control character. What people wrote in free text is kept unchanged.
// A word that happens to be a name ("Smith") cannot be told from a path word
// by its shape; outside FHIR such a word stands.
//
// The package is pure: it reads from an io.Reader that the caller opened and
// never looks at files, the network, the environment or the clock.
package route

import "slices"

// The values of column api. Blank means: found from the path (see FoundAPI).
const (
	Enterprise = "enterprise" // NextGen Enterprise APIs, JSON
	FHIRR4     = "fhir-r4"    // FHIR R4, also what "FHIR" alone means
	FHIRDSTU2  = "fhir-dstu2" // FHIR DSTU2
)

// The values of column access.
const (
	AccessRead  = "read"
	AccessWrite = "write"
)

// The values of column data_class.
const (
	USCDIv1   = "uscdi-v1"  // a USCDI v1 element
	Auxiliary = "auxiliary" // carries no USCDI element of its own, e.g. the author of a note
	EHI       = "ehi"       // electronic health information beyond USCDI v1
	NonEHI    = "non-ehi"   // neither
	Unknown   = "unknown"
)

// The values of column auth.
const (
	GSA     = "gsa"     // global service account
	EAL     = "eal"     // launched by a signed-in NGE user
	Patient = "patient" // patient sign-in
)

// Route is one row of the list. Blank means not stated; only Method and Path
// are always filled in.
type Route struct {
	Method        string // GET, HEAD, POST, PUT, PATCH or DELETE
	Path          string // template with an optional query, without host and mount: /persons/{personId}/chart
	API           string // enterprise, fhir-r4, fhir-dstu2
	Access        string // read, write: as declared, not as judged
	DataClass     string // uscdi-v1, auxiliary, ehi, non-ehi, unknown: as declared
	Auth          string // gsa, eal, patient
	Purpose       string // free text
	MinNGEVersion string // dotted digits, 5.9.2
	CallsPerDay   string // a whole number from 0, as written
	Evidence      string // free text
	Notes         string // free text
	Extra         []string
	Line          int // line of the file, from 1; 0 for a route that came from elsewhere
}

// List is a route list. Extra of every route is aligned with ExtraColumns, the
// names of the columns that this package does not know and keeps.
type List struct {
	ExtraColumns []string
	Routes       []Route
}

// Columns returns the column names in the order in which Write puts them.
func Columns() []string {
	return []string{
		"method", "path", "api", "access", "data_class", "auth",
		"purpose", "min_nge_version", "calls_per_day", "evidence", "notes",
	}
}

// Methods returns the methods that a route may have.
func Methods() []string { return []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} }

// APIs returns the values of column api, without the blank one.
func APIs() []string { return []string{Enterprise, FHIRR4, FHIRDSTU2} }

// Accesses returns the values of column access, without the blank one.
func Accesses() []string { return []string{AccessRead, AccessWrite} }

// DataClasses returns the values of column data_class, without the blank one.
func DataClasses() []string { return []string{USCDIv1, Auxiliary, EHI, NonEHI, Unknown} }

// Auths returns the values of column auth, without the blank one.
func Auths() []string { return []string{GSA, EAL, Patient} }

// Cells returns the row as text in the order of Columns, followed by Extra.
func (r *Route) Cells() []string {
	out := make([]string, 0, columnCount+len(r.Extra))
	for i := range columnCount {
		out = append(out, *r.cell(i))
	}
	return append(out, r.Extra...)
}

const columnCount = 11

// cell is the field behind column i of Columns.
func (r *Route) cell(i int) *string {
	switch i {
	case 0:
		return &r.Method
	case 1:
		return &r.Path
	case 2:
		return &r.API
	case 3:
		return &r.Access
	case 4:
		return &r.DataClass
	case 5:
		return &r.Auth
	case 6:
		return &r.Purpose
	case 7:
		return &r.MinNGEVersion
	case 8:
		return &r.CallsPerDay
	case 9:
		return &r.Evidence
	default:
		return &r.Notes
	}
}

// FoundAPI returns the declared API, or the one that the path shows: a FHIR
// type, operation or discovery address in first place is FHIR, which means R4;
// everything else is Enterprise. Types are case-sensitive, as FHIR has it.
func (r *Route) FoundAPI() string {
	if r.API != "" {
		return r.API
	}
	return FindAPI(r.Path)
}

// Key returns the identity of a route: method, API and the shape of the path.
// Two routes with equal keys are the same route: the names of parameters, a
// slash at the end and the order of query parameters do not matter.
func (r *Route) Key() string {
	return r.Method + " " + r.FoundAPI() + " " + Shape(r.Path)
}

func known(values []string, v string) bool { return v == "" || slices.Contains(values, v) }
