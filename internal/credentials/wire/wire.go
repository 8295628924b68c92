// Package wire is the one HTTP client of the credential commands: TLS 1.2 or
// later, no redirect followed, answers of limited size, time-outs by kind of
// request, a proxy and a private CA where asked for. It records what was seen
// of each exchange, so that a check can speak of a header or of the certificate,
// and it names the hop on which a request failed.
//
// An Answer may hold secrets in its body; whoever prints a part of it passes it
// through a secret.Redactor first. The trace of a Client is redacted already.
package wire

import (
	"net/http"
	"time"
)

// Class is the kind of a request; time-out and size limit hang on it.
type Class int

// The classes, with the time-outs of the contract (20 s, 20 s, 60 s).
const (
	Discovery Class = iota
	Token
	API
)

// Answer is what was seen of one exchange.
type Answer struct {
	Method    string
	URL       string // without query, user and fragment
	Status    int
	Header    http.Header // as received; may echo secrets
	Body      []byte      // at most the limit of the class
	Cut       bool        // the body was longer than the limit
	RequestID string      // x-request-id, cleaned and cut to 80 bytes
	Date      time.Time   // of the Date header; zero where there is none
	Took      time.Duration
	// Skew is the local clock minus the Date header, taken in the middle of the
	// exchange and rounded to seconds; 0 where there is no Date.
	Skew time.Duration
	TLS  *Session // nil for plain http
}

// Session is what was seen of the TLS connection.
type Session struct {
	Version     uint16    // as in crypto/tls
	NotAfter    time.Time // end of the leaf certificate
	Issuer      string    // common name of who signed the leaf
	AskedClient bool      // the server asked for a client certificate
}

// Hop is where on the way a request failed.
type Hop string

// The hops.
const (
	HopDNS     Hop = "dns"
	HopConnect Hop = "connect"
	HopProxy   Hop = "proxy"
	HopTLS     Hop = "tls"
	HopVersion Hop = "tls-version" // the server offers no TLS that is new enough
	HopTimeout Hop = "timeout"
	HopBroken  Hop = "broken" // the connection ended in the middle of the answer
)

// Failure is a request that got no answer. It is an error; its text names host,
// hop and remedy and holds no secret (a proxy is named without its password).
type Failure struct {
	Hop  Hop
	Host string // host:port that was asked
	What string // one clause: what happened
	Do   string // one clause: what to do
	Err  error
}

// Error joins what happened and what to do.
func (f *Failure) Error() string { return f.What + "; " + f.Do }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }
