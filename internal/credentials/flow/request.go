package flow

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/exit"
)

// Client sends the requests of the flows.
type Client struct {
	Wire   *wire.Client
	Now    func() time.Time
	Random io.Reader // for the ids of assertions
}

// jwtBearer is the type of a client assertion (RFC 7523 2.2).
const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// ClientCredentials asks for a token with the client's own credentials (RFC
// 6749 4.4), with site_id where cfg has one: GSA, or SMART backend services.
// It sends exactly one request, by cfg.Method. The error is a *Refusal, a
// *wire.Failure, an *exit.Error, or that of ctx.
func (c *Client) ClientCredentials(ctx context.Context, cfg Config) (*Token, error) {
	params := url.Values{}
	if cfg.SiteID != "" {
		params.Set("site_id", cfg.SiteID)
	}
	return c.grant(ctx, cfg, cfg.Scopes, params)
}

// Refresh exchanges a refresh token (RFC 6749 6), for the scopes that it was
// given with. The old refresh token may be void afterwards: store the new one,
// if there is one, before anything else. Errors as for ClientCredentials.
func (c *Client) Refresh(ctx context.Context, cfg Config, refresh secret.Value) (*Token, error) {
	if refresh.Empty() {
		return nil, exit.Errorf(exit.SignIn, "there is no refresh token; sign in with ngapi auth login")
	}
	return c.grant(ctx, cfg, nil, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh.Reveal()}})
}

// Exchange turns an authorization code into a token (RFC 6749 4.1.3), with the
// verifier of its PKCE challenge (RFC 7636 4.5). Errors as for
// ClientCredentials.
func (c *Client) Exchange(ctx context.Context, cfg Config, code, verifier secret.Value) (*Token, error) {
	return c.ask(ctx, cfg, func(ctx context.Context, style oauth2.AuthStyle, proof url.Values) error {
		config := oauth2.Config{
			ClientID: cfg.ClientID, ClientSecret: cfg.sentSecret(), RedirectURL: cfg.RedirectURL,
			Endpoint: oauth2.Endpoint{TokenURL: cfg.TokenURL, AuthStyle: style},
		}
		options := []oauth2.AuthCodeOption{oauth2.VerifierOption(verifier.Reveal())}
		for name := range proof {
			options = append(options, oauth2.SetAuthURLParam(name, proof.Get(name)))
		}
		_, err := config.Exchange(ctx, code.Reveal(), options...)
		return err
	})
}

// grant asks for a token with x/oauth2's clientcredentials, which lets
// grant_type be replaced: its refresh cannot carry an assertion.
func (c *Client) grant(ctx context.Context, cfg Config, scopes []string, params url.Values) (*Token, error) {
	return c.ask(ctx, cfg, func(ctx context.Context, style oauth2.AuthStyle, proof url.Values) error {
		for name, values := range proof {
			params[name] = values
		}
		config := clientcredentials.Config{
			ClientID: cfg.ClientID, ClientSecret: cfg.sentSecret(), TokenURL: cfg.TokenURL,
			Scopes: scopes, EndpointParams: params, AuthStyle: style,
		}
		_, err := config.Token(ctx)
		return err
	})
}

// ask has x/oauth2 send one token request and reads the recorded answer. What
// the library makes of the answer is not used: its errors repeat the body, and
// it takes a mac token or a text in expires_in without a word.
func (c *Client) ask(ctx context.Context, cfg Config, send func(context.Context, oauth2.AuthStyle, url.Values) error) (*Token, error) {
	proof, err := c.proof(cfg, cfg.TokenURL, "--token-url")
	if err != nil {
		return nil, err
	}
	style := oauth2.AuthStyleInParams
	if cfg.Method == SecretBasic {
		style = oauth2.AuthStyleInHeader
	}
	var got *wire.Answer
	client := c.Wire.HTTP(wire.Token, func(a *wire.Answer) { got = a })
	err = send(context.WithValue(ctx, oauth2.HTTPClient, client), style, proof)
	if got == nil {
		return nil, unanswered(ctx, err)
	}
	return readToken(got, c.Now())
}

// unanswered reduces the error of a request that got no answer to what may be
// shown.
func unanswered(ctx context.Context, err error) error {
	if gone := ctx.Err(); gone != nil {
		return gone
	}
	var failure *wire.Failure
	if errors.As(err, &failure) {
		return failure
	}
	return exit.Errorf(exit.Fault, "the request could not be made")
}

// post sends a form with the authentication of the client, once: for the
// endpoints that x/oauth2 does not know.
func (c *Client) post(ctx context.Context, cfg Config, address, flag string, form url.Values) (*wire.Answer, error) {
	proof, err := c.proof(cfg, address, flag)
	if err != nil {
		return nil, err
	}
	for name, values := range proof {
		form[name] = values
	}
	if cfg.Method != SecretBasic {
		form.Set("client_id", cfg.ClientID)
	}
	if cfg.Method == SecretPost {
		form.Set("client_secret", cfg.Secret.Reveal())
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "the address of %s cannot be used; give an absolute https address", flag)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cfg.Method == SecretBasic { // form-encoded first, RFC 6749 2.3.1
		r.SetBasicAuth(url.QueryEscape(cfg.ClientID), url.QueryEscape(cfg.Secret.Reveal()))
	}
	return c.Wire.Do(ctx, wire.Token, r)
}

// sentSecret is the secret for x/oauth2, empty where the method sends none.
func (cfg Config) sentSecret() string {
	if cfg.Method == SecretPost || cfg.Method == SecretBasic {
		return cfg.Secret.Reveal()
	}
	return ""
}

// proof checks what every request needs and returns a fresh assertion where the
// method wants one.
func (c *Client) proof(cfg Config, address, flag string) (url.Values, error) {
	var problems []exit.Problem
	add := func(what, do string) { problems = append(problems, exit.Problem{What: what, Do: do}) }
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.User != nil {
		add("the address of "+flag+" cannot be used", "give an absolute https address without a user in it")
	}
	if cfg.ClientID == "" {
		add("there is no client id", "give it with --client-id")
	}
	code := exit.Usage
	switch cfg.Method {
	case SecretPost, SecretBasic:
		if cfg.Secret.Empty() {
			if len(problems) == 0 {
				code = exit.SignIn
			}
			add("there is no client secret", "give it with NGAPI_CLIENT_SECRET, --secret-file or --secret-stdin")
		}
	case PrivateKey:
		if cfg.Key == nil || cfg.Key.signer == nil {
			add("there is no private key", "give it with --key-file")
		}
	case None:
	default:
		add("the auth method is not known", "use client_secret_post, client_secret_basic, private_key_jwt or none with --auth-method")
	}
	if err := exit.Problems(code, problems); err != nil {
		return nil, err
	}
	if cfg.Method != PrivateKey {
		return nil, nil
	}
	assertion, err := cfg.Key.Assertion(cfg, c.Now(), c.Random)
	if err != nil {
		return nil, err
	}
	return url.Values{"client_assertion_type": {jwtBearer}, "client_assertion": {assertion.Reveal()}}, nil
}
