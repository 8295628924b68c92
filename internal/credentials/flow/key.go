package flow

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/apionboard/ngapi/internal/exit"
)

// Key is a private key for client assertions. It masks itself in every verb.
type Key struct {
	signer crypto.Signer
	alg    string
	id     string
}

// Alg is the JWS algorithm that the key signs with (RFC 7518 3.1): the alg
// member of a JWK, else RS384 for RSA and ES384 for P-384, the two that SMART
// asks every server for.
func (k *Key) Alg() string { return k.alg }

// ID is the key id (kid) that goes into the header of an assertion.
func (k *Key) ID() string { return k.id }

// Format implements fmt.Formatter; it never shows the key.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "***") }

// MarshalJSON implements json.Marshaler; it never shows the key.
func (k Key) MarshalJSON() ([]byte, error) { return []byte(`"***"`), nil }

// PublicJWKS is the JWK Set (RFC 7517 5) to register or host for this key. It
// holds no private member.
func (k *Key) PublicJWKS() []byte {
	if k == nil || k.signer == nil {
		return []byte(`{"keys":[]}`)
	}
	public := jose.JSONWebKey{Key: k.signer.Public(), KeyID: k.id, Algorithm: k.alg, Use: "sig"}
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public}})
	if err != nil { // a key that LoadKey accepted has a JWK form
		return []byte(`{"keys":[]}`)
	}
	return text
}

// LoadKey reads a private key: a JWK or a JWK Set (RFC 7517), or PEM with
// PKCS #8, PKCS #1 or SEC 1 inside. keyID is the kid: needed for PEM and for a
// JWK without one, and the choice in a set of several keys. RSA needs 2048 bits
// and EC the curve P-384; P-256 is taken only from a JWK that says alg ES256,
// for SMART promises RS384 and ES384 and nothing else. The error is exit.Usage
// with all that is wrong; it never holds a part of the key.
func LoadKey(data []byte, keyID string) (*Key, error) {
	var found keyFindings
	k := &Key{id: keyID}
	text := bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	switch {
	case len(data) > maxKeyFile:
		found.add("the key file is too large to be a key", "give --key-file a private key, as a JWK or in PEM form")
	case len(text) == 0:
		found.add("the key file is empty", "give --key-file a private key, as a JWK or in PEM form")
	case text[0] == '{':
		k.signer, k.alg = found.fromJSON(text, keyID, &k.id)
	case bytes.Contains(text, []byte("-----BEGIN ")):
		k.signer = found.fromPEM(text)
	default:
		found.add("the key file is neither a JWK nor PEM", "give --key-file a private key, as a JWK or in PEM form")
	}
	if k.id == "" && len(found.problems) == 0 {
		found.add("the key has no id (kid)", "name the kid under which the public key is registered, with --key-id")
	}
	if k.signer != nil {
		k.alg = found.algorithm(k.signer, k.alg)
	}
	if err := exit.Problems(exit.Usage, found.problems); err != nil {
		return nil, err
	}
	return k, nil
}

// maxKeyFile is far more than the largest key takes.
const maxKeyFile = 64 << 10

// keyFindings collects what is wrong with a key.
type keyFindings struct{ problems []exit.Problem }

func (f *keyFindings) add(what, do string) {
	f.problems = append(f.problems, exit.Problem{What: what, Do: do})
}

// algorithm checks a key against its alg, "" where there was none, and returns
// the algorithm to use.
func (f *keyFindings) algorithm(signer crypto.Signer, alg string) string {
	var fits []string
	switch key := signer.(type) {
	case *rsa.PrivateKey:
		if bits := key.N.BitLen(); bits < 2048 {
			f.add(fmt.Sprintf("the RSA key has %d bits", bits), "make one of at least 2048 bits (RFC 7518 3.3)")
		}
		fits = []string{"RS384", "RS256", "RS512", "PS256", "PS384", "PS512"}
	case *ecdsa.PrivateKey:
		switch key.Curve {
		case elliptic.P384():
			fits = []string{"ES384"}
		case elliptic.P256():
			fits = []string{"ES256"}
			if alg == "" {
				f.add("the key is on the curve P-256, and SMART promises RS384 and ES384 only",
					"use an RSA or P-384 key, or, where the server takes ES256, a JWK with \"alg\":\"ES256\"")
				return ""
			}
		default:
			f.add("the key is on the curve "+key.Curve.Params().Name, "use an RSA or P-384 key")
			return ""
		}
	default:
		f.add("the key is neither RSA nor EC", "use an RSA or P-384 key")
		return ""
	}
	switch {
	case alg == "":
		return fits[0]
	case !slices.Contains(fits, alg):
		f.add("the alg of the key does not fit its type", "use one of "+strings.Join(fits, ", ")+", or leave alg out")
	}
	return alg
}
