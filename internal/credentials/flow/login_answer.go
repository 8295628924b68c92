package flow

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/url"
	"slices"
	"sync"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// Answer is what came back on the redirect address (RFC 6749 4.1.2), read and
// not yet believed: Login.Check does that.
type Answer struct {
	Code  secret.Value
	State secret.Value
	// ErrorCode and Description are error and error_description as sent. They are
	// the server's, or anybody's, words: not redacted yet.
	ErrorCode   string
	Description string
	Issuer      string // iss of RFC 9207
	HasIssuer   bool
	HasError    bool
	// Repeated holds the names of OAuth2 parameters that came more than once, and
	// "" for others; RFC 6749 3.1 forbids it.
	Repeated []string
	// HasToken is true where a token stood in the address: the implicit flow, which
	// nobody asked for.
	HasToken bool
}

// Secrets lists what a redactor has to learn before an answer is used.
func (a Answer) Secrets() []secret.Value { return []secret.Value{a.Code, a.State} }

// answerOf reads the parameters of a redirect. The second result is false where
// they hold nothing that could end a sign-in.
func answerOf(query url.Values) (Answer, bool) {
	known := []string{"code", "state", "error", "error_description", "iss"}
	a := Answer{
		Code:        secret.New(query.Get("code")),
		State:       secret.New(query.Get("state")),
		ErrorCode:   query.Get("error"),
		Description: query.Get("error_description"),
		Issuer:      query.Get("iss"),
		HasIssuer:   query.Has("iss"),
		HasError:    query.Has("error"),
		HasToken:    query.Has("access_token") || query.Has("id_token"),
	}
	for name, values := range query {
		if len(values) < 2 {
			continue
		}
		if !slices.Contains(known, name) {
			name = ""
		}
		a.Repeated = append(a.Repeated, name)
	}
	slices.Sort(a.Repeated)
	return a, query.Has("code") || a.HasError || a.HasToken
}

// Expect is what is known of the server that the person was sent to.
type Expect struct {
	// Issuers are the issuers of all discovery documents of the server; "" counts
	// for none. Where there are none, an iss in the answer cannot be held against
	// anything and is let pass.
	Issuers []string
	// PromisesIss is authorization_response_iss_parameter_supported (RFC 9207 3).
	PromisesIss bool
}

// Check holds an answer against this login. It can be asked once; asked again it
// refuses (code.state), whatever the first result was. Every error is a
// *CallbackError. The order matters: nothing of an answer is believed, not even
// its error, before its state fits.
func (l *Login) Check(a Answer, expect Expect) error {
	if l == nil {
		return &CallbackError{Check: "code.state", What: "an answer came and no sign-in waits for one", Do: "start a new sign-in"}
	}
	if !l.used.CompareAndSwap(false, true) {
		return &CallbackError{Check: "code.state", What: "this sign-in was finished before", Do: "start a new sign-in"}
	}
	if len(a.Repeated) > 0 {
		what := "the answer holds a parameter twice"
		if name := a.Repeated[len(a.Repeated)-1]; name != "" {
			what = "the answer holds the parameter " + name + " twice"
		}
		return &CallbackError{Check: "code.callback", What: what, Do: "start a new sign-in; a correct server sends each parameter once (RFC 6749 3.1)"}
	}
	if err := l.checkState(a); err != nil {
		return err
	}
	if err := checkIssuer(a, expect); err != nil {
		return err
	}
	switch {
	case a.HasError:
		return refusedSignIn(a)
	case a.HasToken:
		return &CallbackError{Check: "code.callback", What: "the server put a token into the address instead of a code",
			Do: "check in the portal that the application uses the authorization code flow"}
	case a.Code.Empty():
		return &CallbackError{Check: "code.callback", What: "the answer holds no code", Do: "start a new sign-in"}
	}
	return nil
}

func (l *Login) checkState(a Answer) error {
	if a.State.Empty() {
		what := "the answer holds no state, so nothing shows that it belongs to this sign-in"
		return &CallbackError{Check: "code.state", What: what, Do: "start a new sign-in", Code: a.ErrorCode, Description: a.Description}
	}
	if !l.fits(a) {
		return &CallbackError{Check: "code.state", What: "the state of the answer is not the one that was sent: the answer belongs to another sign-in",
			Do: "close other sign-in windows and start a new sign-in"}
	}
	return nil
}

// fits compares the state in constant time, and hides its length too.
func (l *Login) fits(a Answer) bool {
	want, got := sha256.Sum256([]byte(l.State.Reveal())), sha256.Sum256([]byte(a.State.Reveal()))
	return !l.State.Empty() && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// checkIssuer compares iss character by character (RFC 9207 2.4).
func checkIssuer(a Answer, expect Expect) error {
	issuers := named(expect.Issuers)
	switch {
	case !a.HasIssuer && expect.PromisesIss:
		return &CallbackError{Check: "code.iss", What: "the answer names no issuer (iss), which the server promises in its discovery document",
			Do: "start a new sign-in; if it happens again, the answer may come from another server"}
	case !a.HasIssuer:
		return nil
	case len(issuers) == 0 && !expect.PromisesIss:
		return nil
	case !slices.Contains(issuers, a.Issuer):
		return &CallbackError{Check: "code.iss", What: "the issuer (iss) of the answer is not an issuer that the discovery documents name",
			Do: "do not sign in there again; compare the addresses of the sign-in page and of the configuration"}
	}
	return nil
}

// named drops empty and repeated texts: a discovery document can lack a member,
// and two documents can agree.
func named(list []string) []string {
	var names []string
	for _, s := range list {
		if s != "" && !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	return names
}

// CallbackError is an answer on the redirect address that ends the sign-in
// without a token. Its text holds no word of the server.
type CallbackError struct {
	Check string // code.state, code.iss or code.callback; tok.accepted where the server said no
	What  string // one clause
	Do    string // one clause
	// Code and Description are error and error_description where the server sent
	// an error; not redacted yet.
	Code        string
	Description string

	exit exit.Code // zero means exit.No
}

// Error joins what happened and what to do.
func (e *CallbackError) Error() string { return e.What + "; " + e.Do }

// Unwrap gives the failure its exit code: 3 for a refusal and for a wrong state
// or issuer, 6 where the server said that it cannot answer now, 4 where the
// person has to sign in.
func (e *CallbackError) Unwrap() error {
	code := e.exit
	if code == exit.OK {
		code = exit.No
	}
	return &exit.Error{Code: code, Problems: []exit.Problem{{What: e.What, Do: e.Do}}}
}

// refusedSignIn puts the error codes of RFC 6749 4.1.2.1 and OpenID Connect Core
// 3.1.2.6 into words. A code that no standard defines is not repeated.
func refusedSignIn(a Answer) error {
	e := &CallbackError{Check: "tok.accepted", Code: a.ErrorCode, Description: a.Description, Do: "start a new sign-in"}
	switch a.ErrorCode {
	case "access_denied":
		e.What, e.Do = "the sign-in was refused (access_denied): by the person, or by the server for this person", "sign in again and allow the access"
	case "invalid_request":
		e.What, e.Do = "the server could not use the authorization request (invalid_request)", "compare redirect address, scopes and base address with the application in the portal"
	case "unauthorized_client":
		e.What, e.Do = "this client may not use the authorization code flow (unauthorized_client)", "check the application's launch settings in the portal"
	case "invalid_scope":
		e.What, e.Do = "the server does not accept the scopes (invalid_scope)", "ask for the scopes that are configured for the application in the portal"
	case "unsupported_response_type":
		e.What, e.Do = "the server does not give a code here (unsupported_response_type)", "check the authorization address"
	case "server_error", "temporarily_unavailable":
		e.What, e.Do, e.exit = "the server could not answer ("+a.ErrorCode+")", "try again later", exit.Remote
	case "login_required", "interaction_required", "account_selection_required", "consent_required":
		e.What, e.Do, e.exit = "the server wants the person to sign in ("+a.ErrorCode+")", "start a new sign-in and complete it in the browser", exit.SignIn
	default:
		e.What = "the server refused the sign-in with an error code that OAuth2 does not define"
	}
	return e
}

// Logins are attempts that wait for an answer at the same time: an EHR can
// launch an application twice before the first sign-in ends.
type Logins struct {
	mu   sync.Mutex
	list []*Login
}

// Add remembers an attempt.
func (s *Logins) Add(l *Login) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, l)
}

// For returns the attempt whose state is that of the answer; failing that the
// newest one, whose Check then tells what is wrong; nil where there is none.
func (s *Logins) For(a Answer) *Login {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found *Login
	for _, l := range s.list {
		if l.fits(a) {
			found = l
		}
	}
	if found == nil && len(s.list) > 0 {
		found = s.list[len(s.list)-1]
	}
	return found
}
