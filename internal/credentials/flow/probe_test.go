package flow

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// A wrong assertion looks like a right one and does not verify with the key.
func TestWrongAssertion(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, private := range map[string]any{"ES384": ec, "RS384": rs} {
		der, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			t.Fatal(err)
		}
		key, err := LoadKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), "k1")
		if err != nil {
			t.Fatal(err)
		}
		cfg := Config{ClientID: "app", TokenURL: "https://127.0.0.1/token"}
		for _, c := range []struct {
			make  func() (string, error)
			valid bool
		}{
			{func() (string, error) { v, err := key.Assertion(cfg, time.Now(), rand.Reader); return v.Reveal(), err }, true},
			{func() (string, error) {
				v, err := key.WrongAssertion(cfg, time.Now(), rand.Reader)
				return v.Reveal(), err
			}, false},
		} {
			text, err := c.make()
			if err != nil {
				t.Fatal(err)
			}
			signed, err := jose.ParseSignedCompact(text, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(name)})
			if err != nil || signed.Signatures[0].Header.KeyID != "k1" {
				t.Fatalf("%s: %v", name, err)
			}
			if _, err := signed.Verify(key.signer.Public()); (err == nil) != c.valid {
				t.Errorf("%s: verifies: %v, want %v", name, err == nil, c.valid)
			}
		}
	}
}
