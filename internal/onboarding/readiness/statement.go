package readiness

import (
	"unicode/utf8"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Waiver accepts, for a time, that a check fails. It is written by a person
// into the profile and never covers a check that is not waivable.
type Waiver struct {
	ID         string
	Check      string // check id
	Subject    string // client name or other subject; "" covers every subject of the check
	Reason     string // at least MinReason characters
	Approver   string
	ApprovedOn string // YYYY-MM-DD
	Expires    string // YYYY-MM-DD, the day included, at most MaxWaiverDays after ApprovedOn
	Ticket     string
	Origin     trait.Origin
}

// Attestation is a person's word on a check that only a person can decide.
type Attestation struct {
	Check     string
	Subject   string
	Statement string // at least MinReason characters
	By        string
	On        string // YYYY-MM-DD
	Expires   string // YYYY-MM-DD, the day included; "" means that it does not expire
	Routes    string // SHA-256 of the route list that was looked at; "" where there was none
	Origin    trait.Origin
}

// Complete tells whether it says who and what: without both it counts for
// nothing, and the gate refuses it.
func (a Attestation) Complete() bool { return a.By != "" && longEnough(a.Statement) }

func longEnough(text string) bool { return utf8.RuneCountInString(text) >= MinReason }

// Holds tells whether the attestation counts on a day for a route list: it was
// given by then, has not lapsed, and the list is the one that was looked at. A
// word that names no list holds for none: it must not cover routes that nobody
// has seen.
func (a Attestation) Holds(asOf, routes string) bool {
	return a.On <= asOf && (a.Expires == "" || a.Expires >= asOf) && a.Routes == routes
}

// Evidence names a file that backs an answer, by digest.
type Evidence struct {
	ID          string
	File        string
	SHA256      string // 64 hexadecimal digits
	CollectedOn string // YYYY-MM-DD
	By          string
	Method      string // test, examine or interview; MethodAuth for a report of ngapi auth check
	Origin      trait.Origin
}

// The limits of what a person may write.
const (
	MinReason     = 20  // characters
	MaxWaiverDays = 180 // from approval to expiry
)
