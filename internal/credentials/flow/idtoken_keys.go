package flow

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
)

// keyTrial is what one key address led to.
type keyTrial int

const (
	keyFits    keyTrial = iota
	keyWrong            // it has the key that the token names, which does not fit the signature
	keyMissing          // it does not have that key
	keyNone             // it gave no keys
)

// keysRead ends the library's error where it had all keys of an address and none
// fitted; all its other errors mean that it had no keys.
const keysRead = "failed to verify id token signature"

// watchedKeys keeps what the library's verifier loses: whether a wrong signature
// or claims that cannot be read were the trouble, and the kind of a failure.
type watchedKeys struct {
	oidc.KeySet
	err error
}

// VerifySignature implements oidc.KeySet.
func (w *watchedKeys) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := w.KeySet.VerifySignature(ctx, jwt)
	w.err = err
	return payload, err
}

// verifySignature tries one key address after the other. Issuer, audience and
// time are not the library's to judge here: it stops at the first that is
// wrong and knows one issuer only (see idClaims).
func (c *Client) verifySignature(ctx context.Context, raw secret.Value, head idHeader, e IDExpect) (*oidc.IDToken, string, *Finding, error) {
	config := &oidc.Config{SupportedSigningAlgs: idAlgorithms(), SkipIssuerCheck: true, SkipClientIDCheck: true, SkipExpiryCheck: true}
	seen := map[keyTrial]bool{}
	var failure error
	for _, address := range e.JWKSURLs {
		var answer atomic.Pointer[wire.Answer] // the library fetches on a goroutine of its own
		inner := oidc.ClientContext(ctx, c.Wire.HTTP(wire.Discovery, answer.Store))
		keys := &watchedKeys{KeySet: oidc.NewRemoteKeySet(inner, address)}
		token, err := oidc.NewVerifier("", keys, config).Verify(ctx, raw.Reveal())
		switch {
		case err == nil:
			return token, address, nil, nil
		case ctx.Err() != nil:
			return nil, "", nil, ctx.Err()
		case keys.err == nil:
			f := idError("id.claims", "the claims of the id_token cannot be read", "tell NextGen support; the sign-in cannot be trusted")
			return nil, "", &f, nil
		}
		if f := new(wire.Failure); failure == nil && errors.As(keys.err, &f) {
			failure = f // without the library's wrapping, which holds the address
		}
		trial := keyNone
		if strings.HasSuffix(keys.err.Error(), keysRead) {
			trial = tryKeys(answer.Load(), head.Kid)
		}
		seen[trial] = true
	}
	if failure != nil {
		return nil, "", nil, failure
	}
	f := signatureFinding(seen)
	return nil, "", &f, nil
}

// tryKeys tells why no key of an answer fitted.
func tryKeys(answer *wire.Answer, kid string) keyTrial {
	var set struct {
		Keys []struct {
			Kid string `json:"kid"`
		} `json:"keys"`
	}
	if answer == nil || json.Unmarshal(answer.Body, &set) != nil || len(set.Keys) == 0 {
		return keyNone
	}
	for _, k := range set.Keys {
		if kid == "" || k.Kid == kid {
			return keyWrong
		}
	}
	return keyMissing
}

// signatureFinding puts the worst certain result into words.
func signatureFinding(seen map[keyTrial]bool) Finding {
	const check = "id.signature"
	switch {
	case seen[keyWrong]:
		return idError(check, "the signature of the id_token does not fit the key that it names", "do not trust this sign-in; tell NextGen support")
	case seen[keyNone]:
		f := idError(check, "the signature of the id_token could not be checked: a key address gave no keys", "see the check of the key addresses (disc.jwks)")
		f.Unknown = true
		return f
	case seen[keyMissing]:
		return idError(check, "no key address has the key that the id_token names (kid)", "sign in again; if it happens again, the server signs with a key that it does not publish")
	}
	f := idError(check, "the signature of the id_token could not be checked: no discovery document names a key address", "give a --fhir-base whose discovery document names jwks_uri")
	f.Unknown = true
	return f
}
