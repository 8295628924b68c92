package flow

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/go-jose/go-jose/v4"

	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/exit"
)

// Keys is a JWK Set (RFC 7517 5) with what is wrong with it.
type Keys struct {
	URL    string
	Answer *wire.Answer
	// NotKeys is "" where the answer is a JWK Set; else what Shape says, or
	// "status" for another status than 200, or "no-keys" for other JSON.
	NotKeys  string
	IDs      []string // kid of each key in order, "" where it has none
	Usable   int      // public keys that can verify a signature
	usable   []jose.JSONWebKey
	Private  bool     // a key has private members, or is symmetrical: it must be withdrawn
	Problems []string // texts without values of the keys
}

// Count tells how many keys have a kid.
func (k *Keys) Count(kid string) int {
	n := 0
	for _, id := range k.IDs {
		if id == kid {
			n++
		}
	}
	return n
}

// JWKS reads a JWK Set: the server's, or the one that the user hosts. The error
// is a *wire.Failure, an exit.Usage error for an address that is none, or that
// of ctx; an answer that is no JWK Set is a finding in the result.
func (c *Client) JWKS(ctx context.Context, address string) (*Keys, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "the address of the JWK Set cannot be used; give an absolute https address")
	}
	r.Header.Set("Accept", "application/jwk-set+json, application/json")
	a, err := c.Wire.Do(ctx, wire.Discovery, r)
	if err != nil {
		return nil, err
	}
	k := &Keys{URL: address, Answer: a}
	k.parse()
	return k, nil
}

func (k *Keys) parse() {
	if k.NotKeys = Shape(k.Answer); k.NotKeys == "" && k.Answer.Status != http.StatusOK {
		k.NotKeys = "status"
	}
	if k.NotKeys != "" {
		return
	}
	var list []json.RawMessage
	if raw := objectOf(k.Answer)["keys"]; json.Unmarshal(raw, &list) != nil || list == nil {
		k.NotKeys = "no-keys"
		return
	}
	for i, raw := range list {
		k.read(i+1, raw)
	}
	for i, id := range k.IDs {
		if id != "" && slices.Index(k.IDs, id) < i {
			k.problem(i+1, "has the kid of another key")
		}
	}
	if len(list) == 0 {
		k.Problems = append(k.Problems, "the set is empty")
	} else if k.Usable == 0 {
		k.Problems = append(k.Problems, "no key can verify a signature")
	}
}

func (k *Keys) problem(n int, what string) {
	k.Problems = append(k.Problems, fmt.Sprintf("key %d %s", n, what))
}

// read looks at one key. A type that is not known is left out without a word
// (RFC 7517 5).
func (k *Keys) read(n int, raw json.RawMessage) {
	var m members
	if json.Unmarshal(raw, &m) != nil || m == nil {
		k.IDs = append(k.IDs, "")
		k.problem(n, "is not an object")
		return
	}
	id := textMember(m, "kid")
	k.IDs = append(k.IDs, id)
	if id == "" {
		k.problem(n, "has no kid")
	}
	for _, name := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"} {
		if m.has(name) {
			k.Private = true
			k.problem(n, "holds private members")
			break
		}
	}
	switch textMember(m, "kty") {
	case "":
		k.problem(n, "has no kty")
		return
	case "RSA", "EC":
	default:
		return
	}
	if textMember(m, "use") == "enc" {
		return
	}
	key, err := publicKey(m)
	if err != nil {
		k.problem(n, "cannot be read")
		return
	}
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		if public.N.BitLen() < 2048 {
			k.problem(n, "is an RSA key of less than 2048 bits")
			return
		}
	case *ecdsa.PublicKey:
	default:
		return
	}
	k.Usable++
	key.KeyID = id
	k.usable = append(k.usable, key)
}

// Holds tells whether the set has the public part of this key under its key id.
func (k *Keys) Holds(own *Key) bool {
	want, err := (&jose.JSONWebKey{Key: own.signer.Public()}).Thumbprint(crypto.SHA256)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(k.usable, func(key jose.JSONWebKey) bool {
		sum, err := key.Thumbprint(crypto.SHA256)
		return err == nil && key.KeyID == own.id && bytes.Equal(sum, want)
	})
}

// publicKey reads a key without its private members and certificates: checking
// the primes that a server sends could take for ever.
func publicKey(m members) (jose.JSONWebKey, error) {
	public := members{}
	for _, name := range []string{"kty", "n", "e", "crv", "x", "y"} {
		if raw, ok := m[name]; ok {
			public[name] = raw
		}
	}
	var key jose.JSONWebKey
	text, err := json.Marshal(public)
	if err != nil {
		return key, err
	}
	err = json.Unmarshal(text, &key)
	return key, err
}
