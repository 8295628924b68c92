// Package authz is an authorization server made of github.com/ory/fosite:
// client_credentials, authorization code with PKCE S256 enforced, rotating
// refresh tokens whose reuse revokes the family, introspection, revocation.
// Tokens, PKCE, assertions and errors are the library's own; discovery, the
// consent page (it agrees at once) and the key set are written here.
package authz

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v3"
	"github.com/ory/fosite"
	"github.com/ory/fosite/compose"
	"github.com/ory/fosite/handler/openid"
	"github.com/ory/fosite/storage"
	"github.com/ory/fosite/token/jwt"
	"golang.org/x/crypto/bcrypt"
)

// Options say where the server is and how it differs from a good one.
type Options struct {
	Issuer   string // claim iss of id tokens
	TokenURL string // also the audience of client assertions
	Aud      string // where set, an authorize request must name it as aud (SMART)

	Patient string // launch context given with the scope launch/patient

	Deny       bool   // the user refuses
	WrongNonce bool   // id tokens hold another nonce
	NamesIss   bool   // adds iss to the redirect (RFC 9207)
	Subject    string // "" is "user-1"
}

// A Client is registered at the server.
type Client struct {
	ID, Secret string
	Method     string // client_secret_post, client_secret_basic, private_key_jwt, none
	Redirects  []string
	Scopes     []string
	Grants     []string // empty: authorization_code and refresh_token
	Public     any      // *rsa.PublicKey or *ecdsa.PublicKey, for private_key_jwt
	KeyID      string
}

// Server answers at the endpoints. Mount its methods where Options says.
type Server struct {
	Options Options

	store    *storage.MemoryStore
	provider fosite.OAuth2Provider
	key      *jose.JSONWebKey
	deny     atomic.Bool
}

// New makes a server with the clients.
func New(t testing.TB, o Options, clients ...Client) *Server {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if o.Subject == "" {
		o.Subject = "user-1"
	}
	s := &Server{
		Options: o,
		store:   storage.NewMemoryStore(),
		key:     &jose.JSONWebKey{Key: key, KeyID: "e2e-1", Algorithm: string(jose.RS256), Use: "sig"},
	}
	s.deny.Store(o.Deny)
	for _, c := range clients {
		s.store.Clients[c.ID] = register(t, c)
	}
	config := &fosite.Config{
		AccessTokenLifespan: time.Hour, IDTokenIssuer: o.Issuer, TokenURL: o.TokenURL,
		EnforcePKCE: true, ScopeStrategy: fosite.ExactScopeStrategy, HashCost: bcrypt.MinCost,
		RefreshTokenScopes: []string{"offline_access"}, GlobalSecret: random(t, 32),
	}
	keyGetter := func(context.Context) (any, error) { return s.key, nil }
	s.provider = compose.Compose(config, s.store,
		&compose.CommonStrategy{
			CoreStrategy:               compose.NewOAuth2HMACStrategy(config),
			OpenIDConnectTokenStrategy: compose.NewOpenIDConnectStrategy(keyGetter, config),
			Signer:                     &jwt.DefaultSigner{GetPrivateKey: keyGetter},
		},
		compose.OAuth2AuthorizeExplicitFactory, compose.OAuth2ClientCredentialsGrantFactory,
		compose.OAuth2RefreshTokenGrantFactory, compose.OpenIDConnectExplicitFactory,
		compose.OpenIDConnectRefreshFactory, compose.OAuth2TokenIntrospectionFactory,
		compose.OAuth2TokenRevocationFactory, compose.OAuth2PKCEFactory)
	return s
}

func register(t testing.TB, c Client) fosite.Client {
	t.Helper()
	grants := c.Grants
	if len(grants) == 0 {
		grants = []string{"authorization_code", "refresh_token"}
	}
	client := &fosite.DefaultOpenIDConnectClient{
		DefaultClient: &fosite.DefaultClient{
			ID: c.ID, RedirectURIs: c.Redirects, GrantTypes: grants, ResponseTypes: []string{"code"},
			Scopes: c.Scopes, Public: c.Method == "none",
		},
		TokenEndpointAuthMethod: c.Method,
	}
	if c.Secret != "" {
		hash, err := bcrypt.GenerateFromPassword([]byte(c.Secret), bcrypt.MinCost)
		if err != nil {
			t.Fatal(err)
		}
		client.Secret = hash
	}
	algorithm := ""
	switch c.Public.(type) {
	case *rsa.PublicKey:
		algorithm = "RS384"
	case *ecdsa.PublicKey:
		algorithm = "ES384"
	default:
		return client
	}
	client.TokenEndpointAuthSigningAlgorithm = algorithm
	client.JSONWebKeys = &jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: c.Public, KeyID: c.KeyID, Algorithm: algorithm, Use: "sig"}}}
	return client
}

func random(t testing.TB, n int) []byte {
	t.Helper()
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		t.Fatal(err)
	}
	return b
}

// session holds what tokens of the subject say.
func (s *Server) session(subject string) *openid.DefaultSession {
	session := openid.NewDefaultSession()
	session.Subject = subject
	session.Claims.Subject = subject
	session.Claims.Extra = map[string]any{}
	if s.Options.Patient != "" {
		session.Claims.Extra["fhirUser"] = "Patient/" + s.Options.Patient
	}
	session.Headers.Extra = map[string]any{"kid": s.key.KeyID}
	return session
}

// Deny makes the user refuse from now on.
func (s *Server) Deny() { s.deny.Store(true) }

// Active tells whether an access token is good, and for which client.
func (s *Server) Active(ctx context.Context, token string) (client string, scopes []string, ok bool) {
	use, requester, err := s.provider.IntrospectToken(ctx, token, fosite.AccessToken, s.session(""))
	if err != nil || use != fosite.AccessToken {
		return "", nil, false
	}
	return requester.GetClient().GetID(), requester.GetGrantedScopes(), true
}

// RevokeAll ends every access and refresh token, as an administrator would.
func (s *Server) RevokeAll(ctx context.Context) error {
	var errs []error
	for id := range s.store.RefreshTokenRequestIDs {
		errs = append(errs, s.store.RevokeRefreshToken(ctx, id))
	}
	var ids []string
	for id := range s.store.AccessTokenRequestIDs {
		ids = append(ids, id)
	}
	for _, id := range ids {
		errs = append(errs, s.store.RevokeAccessToken(ctx, id))
	}
	return errors.Join(errs...)
}

// RevokeAccess ends every access token and leaves the refresh tokens.
func (s *Server) RevokeAccess(ctx context.Context) error {
	var ids []string
	for id := range s.store.AccessTokenRequestIDs {
		ids = append(ids, id)
	}
	var errs []error
	for _, id := range ids {
		errs = append(errs, s.store.RevokeAccessToken(ctx, id))
	}
	return errors.Join(errs...)
}

// Keys answers with the public half of the signing key.
func (s *Server) Keys(w http.ResponseWriter, _ *http.Request) {
	WriteJSON(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{s.key.Public()}})
}

// WriteJSON answers with a document.
func WriteJSON(w http.ResponseWriter, status int, document any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(document)
}

// Bearer returns the token of a request; "" without one.
func Bearer(r *http.Request) string {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") {
		return ""
	}
	return token
}
