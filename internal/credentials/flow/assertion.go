package flow

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// Assertion signs a client assertion for one request (SMART asymmetric client
// authentication, RFC 7523 3): iss and sub are the client id, aud is
// cfg.Audience or the token endpoint, jti has 128 random bits. It is valid from
// 30 s before now, for servers whose clock is behind, until 4 minutes after,
// for SMART allows 5 at most.
func (k *Key) Assertion(cfg Config, now time.Time, random io.Reader) (secret.Value, error) {
	if k == nil || k.signer == nil {
		return secret.Value{}, exit.Errorf(exit.Usage, "there is no private key to sign with; give one with --key-file")
	}
	id := make([]byte, 16)
	if _, err := io.ReadFull(random, id); err != nil {
		return secret.Value{}, exit.Errorf(exit.Fault, "no random numbers: %w", err)
	}
	audience := cfg.Audience
	if audience == "" {
		audience = cfg.TokenURL
	}
	claims, err := json.Marshal(map[string]any{
		"iss": cfg.ClientID, "sub": cfg.ClientID, "aud": audience,
		"iat": now.Add(-30 * time.Second).Unix(), "exp": now.Add(4 * time.Minute).Unix(),
		"jti": base64.RawURLEncoding.EncodeToString(id),
	})
	if err != nil {
		return secret.Value{}, exit.Errorf(exit.Fault, "the assertion could not be written: %w", err)
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.SignatureAlgorithm(k.alg), Key: jose.JSONWebKey{Key: k.signer, KeyID: k.id}},
		(&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return secret.Value{}, exit.Errorf(exit.Fault, "the key cannot sign with %s", k.alg)
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return secret.Value{}, exit.Errorf(exit.Fault, "the key could not sign with %s", k.alg)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		return secret.Value{}, exit.Errorf(exit.Fault, "the assertion could not be written")
	}
	return secret.New(text), nil
}
