package flow

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/oauth2"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// randomBytes is the length of state, nonce and PKCE verifier before they are
// encoded: 256 bits, where RFC 6749 10.10 and SMART ask for 122 or more and
// RFC 7636 4.1 advises 32 bytes.
const randomBytes = 32

// Login is one attempt to sign in with the authorization code flow: what was
// sent with the person to the authorization server, and what the answer has to
// fit. It can be finished once. It holds secrets and masks them.
type Login struct {
	State    secret.Value // RFC 6749 10.12; 43 characters of base64url
	Nonce    secret.Value // OpenID Connect Core 3.1.2.1; empty unless openid is asked for
	Verifier secret.Value // RFC 7636 4.1; goes to the token endpoint and nowhere else

	Redirect string // redirect_uri as sent; the token request repeats it (RFC 6749 4.1.3)
	Aud      string // aud as sent: the server that the token is for (SMART App Launch 2.2)

	address secret.Value // holds state, nonce and launch
	launch  secret.Value
	used    atomic.Bool
}

// NewLogin makes the authorization request of a SMART standalone launch, or of
// an EHR launch where cfg.Launch is set. RedirectURL must be the address that
// is really listened on (Callback.URL). PKCE with S256 is always used; a scope
// is sent only where one is asked for, and nothing is added to it. random gives
// 96 bytes and is crypto/rand.Reader outside tests. What is missing or cannot be
// used in cfg is an *exit.Error with exit.Usage.
func NewLogin(cfg Config, random io.Reader) (*Login, error) {
	if err := loginConfig(cfg); err != nil {
		return nil, err
	}
	l := &Login{Redirect: cfg.RedirectURL, Aud: loginAud(cfg), launch: secret.New(cfg.Launch)}
	openid := slices.Contains(strings.Fields(strings.Join(cfg.Scopes, " ")), "openid")
	for _, v := range []struct {
		into   *secret.Value
		wanted bool
	}{{&l.State, true}, {&l.Verifier, true}, {&l.Nonce, openid}} {
		if !v.wanted {
			continue
		}
		text, err := randomText(random)
		if err != nil {
			return nil, err
		}
		*v.into = secret.New(text)
	}
	options := []oauth2.AuthCodeOption{
		oauth2.S256ChallengeOption(l.Verifier.Reveal()),
		oauth2.SetAuthURLParam("aud", l.Aud),
	}
	if openid {
		options = append(options, oauth2.SetAuthURLParam("nonce", l.Nonce.Reveal()))
	}
	if cfg.Launch != "" {
		options = append(options, oauth2.SetAuthURLParam("launch", cfg.Launch))
	}
	request := oauth2.Config{
		ClientID:    cfg.ClientID,
		RedirectURL: cfg.RedirectURL,
		Scopes:      cfg.Scopes,
		Endpoint:    oauth2.Endpoint{AuthURL: cfg.AuthURL},
	}
	l.address = secret.New(request.AuthCodeURL(l.State.Reveal(), options...))
	return l, nil
}

// URL returns the address to open in the browser. It holds state, nonce and,
// after an EHR launch, the launch value: it is for the browser, or for the
// terminal of the person who signs in, and for no log or report.
func (l *Login) URL() string { return l.address.Reveal() }

// Secrets lists what a redactor has to learn before this login is used.
func (l *Login) Secrets() []secret.Value {
	return []secret.Value{l.State, l.Nonce, l.Verifier, l.launch}
}

// loginAud is the audience of the token: SMART App Launch 2.2 wants the base
// address of the server that will be called.
func loginAud(cfg Config) string {
	if cfg.Aud != "" {
		return cfg.Aud
	}
	return cfg.FHIRBase
}

// loginConfig lists all that is missing for an authorization request at once.
func loginConfig(cfg Config) error {
	var problems []exit.Problem
	miss := func(what, do string) { problems = append(problems, exit.Problem{What: what, Do: do}) }
	if cfg.Flow == GSA {
		miss("the gsa flow has no sign-in by a person", "use the flow patient or eal")
	}
	if cfg.ClientID == "" {
		miss("the client id is missing", "give --client-id")
	}
	if cfg.RedirectURL == "" {
		miss("the redirect address is missing", "give --redirect-url as it is registered in the portal")
	}
	if loginAud(cfg) == "" {
		miss("the base address that the token is for is missing", "give --fhir-base")
	}
	if problem := authorizeProblem(cfg.AuthURL); problem != "" {
		miss(problem, "give --auth-url, or a --fhir-base whose discovery document names it")
	}
	return exit.Problems(exit.Usage, problems)
}

// authorizeProblem tells in words why an address cannot be an authorization
// endpoint, or "". A fragment is forbidden by RFC 6749 3.1, and so is a request
// parameter that comes twice.
func authorizeProblem(address string) string {
	if address == "" {
		return "the authorization address is missing"
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil:
		return "the authorization address is no absolute web address"
	case endpoint.Secure(address) != nil:
		return "the authorization address is not https"
	case strings.Contains(address, "#"):
		return "the authorization address has a fragment"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "the authorization address has a query that cannot be read"
	}
	for _, name := range []string{"response_type", "client_id", "redirect_uri", "scope", "state", "nonce",
		"aud", "launch", "code_challenge", "code_challenge_method"} {
		if query.Has(name) {
			return fmt.Sprintf("the authorization address has the parameter %s already", name)
		}
	}
	return ""
}

// loopbackLiteral tells whether a host is an address of this machine, written
// as such (RFC 8252 7.3). An IPv4 address inside an IPv6 one and a zone are none.
func loopbackLiteral(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback() && !ip.Is4In6() && ip.Zone() == ""
}

// randomText returns 32 random bytes in base64url without padding.
func randomText(random io.Reader) (string, error) {
	if random == nil {
		return "", errors.New("no source of random bytes was given")
	}
	var b [randomBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("reading random bytes: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}
