// Package flow speaks OAuth2 with a NextGen-shaped authorization server: the
// Global Service Account (client_credentials with site_id, then a session for
// one enterprise and practice), Patient Access (SMART standalone launch) and the
// External Application Launcher (SMART EHR launch). It is the only importer of
// golang.org/x/oauth2. It sends each request once, with one explicit auth
// method, and never prints: its errors are a *Refusal (the server answered no or
// nonsense), a *wire.Failure (it did not answer) or an *exit.Error.
package flow

import (
	"time"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
)

// Kind is one of the three flows.
type Kind string

// The flows.
const (
	GSA     Kind = "gsa"
	Patient Kind = "patient"
	EAL     Kind = "eal"
)

// Method is how the client authenticates at the token endpoint (RFC 6749 2.3,
// RFC 7523). It is always explicit and never probed.
type Method string

// The methods.
const (
	SecretPost  Method = "client_secret_post"
	SecretBasic Method = "client_secret_basic"
	PrivateKey  Method = "private_key_jwt"
	None        Method = "none" // a public client
)

// Config is everything that a flow needs. Addresses are absolute URLs; ids are
// texts, for enterprise (5 digits) and practice (4 digits) have leading zeros.
type Config struct {
	Flow         Kind
	ClientID     string
	Secret       secret.Value
	SiteID       string // GSA: chooses sandbox, TEST or PROD of a client
	EnterpriseID string
	PracticeID   string

	TokenURL, AuthURL, RevokeURL, IntrospectURL string
	APIBase, FHIRBase                           string

	Scopes      []string
	RedirectURL string

	Method   Method
	Key      *Key   // for PrivateKey
	Audience string // of the assertion; "" means TokenURL

	// Launch and Audience of an EHR launch; empty for a standalone launch.
	Launch string // opaque value given by the EHR
	Aud    string // FHIR base (or API base) that the token is for; "" means FHIRBase
}

// Token is an answer of the token endpoint as it was given; nothing is made up.
type Token struct {
	Access, Refresh, ID secret.Value
	Type                string
	Scope               string // as granted
	HasScope            bool   // false: absent, which means as asked (RFC 6749 5.1)
	ExpiresIn           string // raw JSON of expires_in; "" where absent
	Lifetime            time.Duration
	Expiry              time.Time // zero where expires_in is absent or unusable
	Patient, Encounter  string    // launch context; sensitive, never printed
	FHIRContext         string    // "" absent, "ok", or what is wrong with it
	Problems            []string  // members of the wrong JSON type; texts without values
	Answer              *wire.Answer
}

// Refusal is an answer that is no token: an OAuth error or something else.
type Refusal struct {
	Code        string // OAuth error code as sent, "" where there was none
	Description string // error_description or NextGen's detailedmessage; not redacted yet
	Answer      *wire.Answer
	// NotOAuth tells what the answer was instead of an OAuth error: "", "empty",
	// "html", "not-json", "redirect", "no-token" (JSON that has neither a token
	// nor an error code, or has it with a status other than 2xx).
	NotOAuth string
}

// Error is short and holds nothing that the server sent but a known code.
func (r *Refusal) Error() string { return "the server gave no token" }
