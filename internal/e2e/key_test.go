package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/apionboard/ngapi/internal/e2e/authz"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

func TestPrivateKeyJWT(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name        string
		key, public any
		alg         string
		more        []string
		want        want
	}{
		{name: "RS384", key: rsaKey, public: &rsaKey.PublicKey, alg: "RS384", want: want{verdict: "accepted", code: 0, tokens: 1}},
		{name: "ES384", key: ecKey, public: &ecKey.PublicKey, alg: "ES384", want: want{verdict: "accepted", code: 0, tokens: 1}},
		{name: "another key is registered", key: ecKey, public: &newECKey(t).PublicKey, alg: "ES384",
			want: want{verdict: "rejected", code: 3, tokens: 1, words: "key"}},
		{name: "another audience", key: ecKey, public: &ecKey.PublicKey, alg: "ES384",
			more: []string{"--assertion-audience", "http://127.0.0.1:9/elsewhere"},
			want: want{verdict: "rejected", code: 3, tokens: 1, words: "audience"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := machine("private_key_jwt")
			client.Secret, client.Public, client.KeyID = "", c.public, "key-1"
			file, d := keyFile(t, c.key, c.alg)
			run, s := shell(t, nextgen.Options{Clients: []authz.Client{client}},
				append([]string{"--auth-method", "private_key_jwt", "--key-file", file}, c.more...)...)
			run.Env = map[string]string{"NGAPI_CLIENT_SECRET": ""}
			run.wire = []string{d}
			check(t, run, c.want)
			forms := tokenRequests(s.Site.Tape)
			if len(forms) == 1 && (forms[0].Form().Has("client_secret") || !forms[0].Form().Has("client_assertion")) {
				t.Errorf("the form holds %v", slices.Sorted(maps.Keys(forms[0].Form())))
			}
		})
	}
}

func newECKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// keyFile writes a private key as a JWK that only the user can read, and returns
// its private member as well, to look for it.
func keyFile(t *testing.T, key any, algorithm string) (file, private string) {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKey{Key: key, KeyID: "key-1", Algorithm: algorithm, Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "key.jwk")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var members map[string]string
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	return file, members["d"]
}
