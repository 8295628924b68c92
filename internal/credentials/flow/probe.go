package flow

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/exit"
)

// Probe sends a token request that a server has to refuse: the request of the
// flow without the client's proof, with the parameters of over put in. It sends
// no secret of the client's. The status is the caller's to judge; errors as for Read.
func (c *Client) Probe(ctx context.Context, cfg Config, over url.Values) (*wire.Answer, error) {
	form := url.Values{"client_id": {cfg.ClientID}}
	if cfg.SiteID != "" {
		form.Set("site_id", cfg.SiteID)
	}
	for name, values := range over {
		form[name] = values
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, cfg.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "the token address cannot be used; give an absolute https address with --token-url")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.Wire.Do(ctx, wire.Token, r)
}

// WrongAssertion signs an assertion as Assertion does, with a fresh key of the
// same algorithm that nobody has registered: a server has to refuse it (RFC 7523
// 3). The error is exit.Fault.
func (k *Key) WrongAssertion(cfg Config, now time.Time, random io.Reader) (secret.Value, error) {
	other := &Key{alg: k.alg, id: k.id}
	var err error
	switch own := k.signer.Public().(type) {
	case *ecdsa.PublicKey:
		other.signer, err = ecdsa.GenerateKey(own.Curve, random)
	default:
		other.signer, err = rsa.GenerateKey(random, 2048)
	}
	if err != nil {
		return secret.Value{}, exit.Errorf(exit.Fault, "no key could be made: %w", err)
	}
	return other.Assertion(cfg, now, random)
}
