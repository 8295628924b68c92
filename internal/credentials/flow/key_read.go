package flow

import (
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// fromJSON reads a JWK, or one out of a set. The kid inside is the key's.
func (f *keyFindings) fromJSON(text []byte, keyID string, id *string) (signer crypto.Signer, alg string) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		f.add("the key file begins like a JWK and is not JSON", "check that the whole file was copied")
		return nil, ""
	}
	if set, ok := members["keys"]; ok {
		if members = f.choose(set, keyID); members == nil {
			return nil, ""
		}
	}
	if kid := textMember(members, "kid"); kid != "" {
		if keyID != "" && kid != keyID {
			f.add("the kid in the key file is not the one given with --key-id", "leave --key-id out, or give the key file that has it")
		}
		*id = kid
	}
	if use := textMember(members, "use"); use != "" && use != "sig" {
		f.add("the JWK is not for signing (use)", "give the key that is registered for signing (\"use\":\"sig\")")
	}
	var ops []string
	if raw, ok := members["key_ops"]; ok && json.Unmarshal(raw, &ops) == nil && !slices.Contains(ops, "sign") {
		f.add("the JWK is not for signing (key_ops)", "give the private key; its key_ops hold \"sign\"")
	}
	return f.jwk(members), textMember(members, "alg")
}

// choose takes the key with keyID out of a set, or the only one.
func (f *keyFindings) choose(set json.RawMessage, keyID string) map[string]json.RawMessage {
	var keys []map[string]json.RawMessage
	if err := json.Unmarshal(set, &keys); err != nil || len(keys) == 0 {
		f.add("the JWK Set holds no key", "give --key-file a private key, as a JWK or in PEM form")
		return nil
	}
	if keyID == "" {
		if len(keys) == 1 {
			return keys[0]
		}
		f.add("the JWK Set holds several keys", "say which with --key-id")
		return nil
	}
	var fits []map[string]json.RawMessage
	for _, k := range keys {
		if textMember(k, "kid") == keyID {
			fits = append(fits, k)
		}
	}
	switch len(fits) {
	case 0:
		f.add("the JWK Set holds no key with the kid of --key-id", "check --key-id against the kid members of the file")
		return nil
	case 1:
		return fits[0]
	}
	f.add("the JWK Set holds the kid of --key-id more than once", "leave only one of them in the file")
	return nil
}

// jwk reads the key itself. The errors of the library are not shown, for they
// may repeat what is in the file.
func (f *keyFindings) jwk(members map[string]json.RawMessage) crypto.Signer {
	kty := textMember(members, "kty")
	_, private := members["d"]
	switch kty {
	case "oct":
		f.add("the JWK is a symmetrical key", "private_key_jwt needs an RSA or P-384 key pair")
		return nil
	case "RSA", "EC":
	default:
		f.add("the JWK is neither RSA nor EC (kty)", "use an RSA or P-384 key")
		return nil
	}
	if !private {
		f.add("the JWK is a public key", "give the private one; only it can sign")
		return nil
	}
	text, err := json.Marshal(members)
	if err != nil {
		f.add("the JWK cannot be read", "check that the whole file was copied")
		return nil
	}
	var key jose.JSONWebKey
	if err := json.Unmarshal(text, &key); err != nil || !key.Valid() {
		what := "the JWK is not a whole " + kty + " private key"
		do := map[string]string{
			"RSA": "it needs n, e, d, p and q, all base64url",
			"EC":  "it needs crv, x, y and d, all of the same curve and base64url",
		}[kty]
		f.add(what, do)
		return nil
	}
	signer, _ := key.Key.(crypto.Signer)
	return signer
}

// fromPEM reads the first private key of a PEM file.
func (f *keyFindings) fromPEM(text []byte) crypto.Signer {
	other := ""
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			f.add("the private key is encrypted", "decrypt it into a file that only you can read (openssl pkey -in FILE -out FILE)")
			return nil
		case block.Type == "PRIVATE KEY", block.Type == "RSA PRIVATE KEY", block.Type == "EC PRIVATE KEY":
			signer, err := parseDER(block)
			if err != nil {
				f.add("the "+block.Type+" block cannot be read", "check that the whole file was copied")
				return nil
			}
			return signer
		case block.Type == "EC PARAMETERS": // openssl writes them before the key
		case other == "":
			other = block.Type
		}
	}
	switch {
	case other == "CERTIFICATE":
		f.add("the key file holds a certificate and no key", "give the private key that belongs to it")
	case strings.HasSuffix(other, "PUBLIC KEY"):
		f.add("the key file holds a public key", "give the private one; only it can sign")
	case other == "OPENSSH PRIVATE KEY":
		f.add("the key file is in the form of OpenSSH", "convert it to PEM (ssh-keygen -p -m PEM -f FILE, on a copy)")
	default:
		f.add("the key file holds no private key in PEM form", "check that the whole file was copied")
	}
	return nil
}

var errNoSigner = errors.New("the key cannot sign")

func parseDER(block *pem.Block) (crypto.Signer, error) {
	switch block.Type {
	case "RSA PRIVATE KEY":
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		return x509.ParseECPrivateKey(block.Bytes)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errNoSigner
	}
	return signer, nil
}

// textMember is a member that is a JSON string, "" otherwise.
func textMember(members map[string]json.RawMessage, name string) string {
	var text string
	if json.Unmarshal(members[name], &text) != nil {
		return ""
	}
	return text
}
