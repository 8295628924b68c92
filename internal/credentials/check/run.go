package check

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// Cleaner masks secrets in text that came from elsewhere and makes it safe to
// print, at most limit runes long; it learns each token as soon as there is one.
type Cleaner interface {
	Foreign(text string, limit int) string
	Learn(values ...secret.Value)
}

// Input is everything that a run judges and asks with.
type Input struct {
	Name   string // of the stored credential, for next steps; "" where it has none
	Config flow.Config
	// Chosen names the fields of Config that the user gave, by flag name, and
	// where each came from; an address that is not in it is a published default
	// and gives way to a discovered one.
	Chosen      map[string]string
	Environment string // sandbox, test, production, or "" where nobody said
	Problems    []Check

	Secret SecretFacts
	Others []Sibling

	Offline, Deep, Strict, NoSession bool

	JWKSURL string // public key set of the application, "" where it hosts none
	Cert    *CertFacts
	Proxy   string // the proxy in use, without its password

	Stored *Stored // tokens of an earlier sign-in; nil where there are none
	Vault  Vault   // where renewed tokens go; nil where nothing is stored
	// SignIn gets a token by asking a person; nil where nobody may be asked.
	SignIn func(ctx context.Context, cfg flow.Config, found *flow.Discovery) (*SignedIn, error)

	Flow  *flow.Client
	Clean Cleaner
}

// SecretFacts say where the client secret came from, never what it is.
type SecretFacts struct {
	Source   string   // "--secret-file client.secret", "NGAPI_CLIENT_SECRET", "keyring", ... ; "" where there is none
	Warnings []string // about the source: file mode, tracked by git
	Shape    []string // findings of secret.Shape
	Absent   string   // why there is none, with the next step
	Store    string   // store that was asked, "" where none was
	Login    bool     // a login is running, so that no login is the remedy
	StoreBad string   // why the store could not be used
	Later    bool     // it will be asked for once the rest is in order
	Asked    bool     // it was asked for, and nothing was typed
}

// CertFacts are what is known about the client certificate.
type CertFacts struct{ NotAfter time.Time }

// Sibling is another named credential, to tell mixed-up site ids.
type Sibling struct{ Name, Environment, SiteID string }

// Stored are tokens of an earlier sign-in.
type Stored struct {
	Access, Refresh secret.Value
	Type, Scope     string
	HasScope        bool
	Expiry          time.Time // zero where the server named none
	Patient         string    // launch context; sensitive
}

// Vault keeps tokens over runs.
type Vault interface {
	// Renew runs renew under the lock of the credential, with the tokens as they
	// are stored at that moment, and stores what it returns before anybody uses
	// it. Nothing is stored for nil.
	Renew(ctx context.Context, renew func(now Stored) (*Stored, error)) error
}

// SignedIn is what a sign-in gave.
type SignedIn struct {
	Token  *flow.Token
	Checks []Check // code.* and id.* of the sign-in
	Aud    string  // audience that was sent
}

// run is one run in progress.
type run struct {
	in     Input
	cfg    flow.Config // with discovered addresses
	checks []Check
	hosts  map[string]bool // hosts whose TLS facts are reported already
	found  *flow.Discovery
	stored *Stored // the tokens in use, where they were stored ones
	asked  bool    // the one token request is used up
	named  bool    // the read was of one patient by id, whom a server may not have
}

// Run proves a credential. It never fails: what cannot be found out is part of
// the report. A cancelled context ends it early with ctx.Err().
func Run(ctx context.Context, in Input) (Report, error) {
	r := &run{in: in, cfg: in.Config, hosts: map[string]bool{}}
	r.configuration()
	if in.Offline || r.stopped() {
		return r.conclude(), nil
	}
	r.online(ctx)
	if err := ctx.Err(); err != nil {
		return Report{}, err
	}
	return r.conclude(), nil
}

// Misplaced tells whether the configuration alone already makes the run end,
// whatever the secret is. Nothing is sent.
func Misplaced(in Input) bool {
	r := &run{in: in, cfg: in.Config, hosts: map[string]bool{}}
	r.configuration()
	return r.stopped()
}

// online asks the servers, each step only where the one before left something
// to ask for.
func (r *run) online(ctx context.Context) {
	if !r.discover(ctx) || !r.publicKeys(ctx) {
		return
	}
	tok := r.token(ctx)
	if tok == nil {
		return
	}
	if r.read(ctx, tok) && r.cfg.Flow == flow.GSA {
		r.session(ctx, tok)
	}
	if r.in.Deep && ctx.Err() == nil {
		r.deep(ctx, tok)
	}
}

// stopped tells whether a result forbids to send anything.
func (r *run) stopped() bool {
	return slices.ContainsFunc(r.checks, func(c Check) bool { return c.verdict == Misconfigured })
}

// add records a result. Severity and standard come from the table.
func (r *run) add(id string, status Status, summary string, more ...any) {
	c := Make(id, status, summary)
	for _, m := range more {
		switch v := m.(type) {
		case Verdict:
			c.verdict = v
		case hint:
			c.Hint = string(v)
		case []string:
			c.Evidence = append(c.Evidence, v...)
		case string:
			c.Evidence = append(c.Evidence, v)
		}
	}
	r.checks = append(r.checks, c)
}

// hint is the next step of a check.
type hint string

// Make builds a result whose severity and standard are those of the table.
func Make(id string, status Status, summary string) Check {
	c := Check{ID: id, Status: status, Summary: summary, Evidence: []string{}, Severity: Error}
	for _, row := range Table() {
		if row.ID == id {
			c.Severity, c.Standard = row.Severity, row.Standard
		}
	}
	return c
}

// With sets the verdict that a result makes of the run, and its hint.
func (c Check) With(v Verdict, do string) Check {
	c.verdict, c.Hint = v, do
	return c
}

// foreign makes a server's words printable.
func (r *run) foreign(text string) string { return r.in.Clean.Foreign(text, 200) }

// whatDo splits an error into what is wrong and its remedy, "" where it names
// none. Errors of this program are written "what; do".
func whatDo(err error) (what, do string) {
	if p := exit.List(err)[0]; p.Do != "" {
		return p.What, p.Do
	}
	what, do, _ = strings.Cut(words(err), "; ")
	return what, do
}

// words returns the text of an error for a check, without its remedy.
func words(err error) string { return exit.List(err)[0].What }
