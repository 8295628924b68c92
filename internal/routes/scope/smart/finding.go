package smart

import "strings"

// ID names a kind of finding; the names are stable.
type ID string

// The findings.
const (
	WriteUnused        ID = "write-unused"        // c, u or d without a route that writes so
	Wildcard           ID = "wildcard"            // all types, also those to come
	TypeUnused         ID = "type-unused"         // no route needs the type
	LetterUnused       ID = "letter-unused"       // r or s without a route that needs it
	ConstraintDropped  ID = "constraint-dropped"  // wider than the one category that is searched
	LevelTooWide       ID = "level-too-wide"      // user or system where patient suffices
	OfflineUnjustified ID = "offline-unjustified" // offline_access without a declared need
	V1WriteStar        ID = "v1-write-star"       // .* of version 1 includes write
	Missing            ID = "missing"             // a route that no requested scope serves
	NotRequestable     ID = "not-requestable"     // the server does not advertise it
	BadScope           ID = "malformed"           // not the grammar of a scope
	Ambiguous          ID = "ambiguous"           // a server may take it differently
	UnknownScope       ID = "unknown"             // no scope of SMART
)

// Severity says how much a finding matters.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // decides the verdict
	Warning Severity = "warning" // worth a look
	Note    Severity = "note"    // for the record
)

// Verdict is the answer on a requested scope string.
type Verdict string

// The verdicts. VerdictNotRequestable: it asks for no more than the server
// makes everybody ask for, which is more than the routes need.
const (
	Exact                 Verdict = "exact"
	TooBroad              Verdict = "too-broad"
	TooNarrow             Verdict = "too-narrow"
	Both                  Verdict = "both"
	Invalid               Verdict = "malformed"
	VerdictNotRequestable Verdict = "not-requestable"
)

// Finding is one thing that is wrong with a requested scope string.
type Finding struct {
	ID       ID       `json:"id"`
	Severity Severity `json:"severity"`
	Scope    string   `json:"scope"` // as requested or as missing; cut at 120 bytes
	Text     string   `json:"text"`
	Routes   []Use    `json:"routes"` // at most 100; the needs of a Result name all
}

// Report is the comparison of a requested scope string with what is needed.
type Report struct {
	Verdict    Verdict   `json:"verdict"`
	Errors     int       `json:"errors"`
	Warnings   int       `json:"warnings"`
	Findings   []Finding `json:"findings"` // errors first
	Advertised []string  `json:"advertised"`
	// WildcardsOnly tells that the server advertises no scope of a single type.
	WildcardsOnly bool `json:"wildcardsOnly"`
}

// Observed is the day on which the scopes of Advertised were read.
const Observed = "2026-07-24"

// Advertised returns the scopes that the live SMART configuration of the
// NextGen Enterprise FHIR R4 server listed on the day Observed.
func Advertised() []string {
	return []string{"openid", "offline_access", "launch", "launch/patient", "launch/encounter", "patient/*.*", "user/*.*"}
}

// shown cuts a scope to what fits into a line of text.
func shown(text string) string {
	const most = 120
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "..."
}

// tooBroad tells whether an error of this kind asks for more than is needed.
func (id ID) tooBroad() bool {
	switch id {
	case WriteUnused, Wildcard, TypeUnused, LetterUnused, ConstraintDropped, LevelTooWide, OfflineUnjustified, V1WriteStar:
		return true
	}
	return false
}

// conclude counts the findings and draws the verdict.
func (r *Report) conclude() {
	var broad, narrow, invalid, spared bool
	for _, f := range r.Findings {
		switch f.Severity {
		case Error:
			r.Errors++
			broad = broad || f.ID.tooBroad()
			narrow = narrow || f.ID == Missing
			invalid = invalid || f.ID == BadScope
		case Warning:
			r.Warnings++
		case Note:
			spared = spared || r.WildcardsOnly && f.ID.tooBroad()
		}
	}
	switch {
	case broad && narrow:
		r.Verdict = Both
	case broad:
		r.Verdict = TooBroad
	case narrow:
		r.Verdict = TooNarrow
	case invalid:
		r.Verdict = Invalid
	case spared:
		r.Verdict = VerdictNotRequestable
	default:
		r.Verdict = Exact
	}
}
