package flow

import (
	"bytes"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/apionboard/ngapi/internal/exit"
)

func pemOf(t *testing.T, kind string, der []byte, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func pkcs8(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return pemOf(t, "PRIVATE KEY", der, err)
}

func TestKeysThatSign(t *testing.T) {
	p384, p256 := ecKey(t, elliptic.P384()), ecKey(t, elliptic.P256())
	sec1, err := x509.MarshalECPrivateKey(p384)
	cases := []struct {
		name, id string
		data     []byte
		alg, kid string
	}{
		{"RSA JWK", "", rsaJWK(t, nil), "RS384", "rsa-1"},
		{"RSA JWK, same id given", "rsa-1", rsaJWK(t, nil), "RS384", "rsa-1"},
		{"RSA JWK with alg", "", rsaJWK(t, func(m map[string]any) { m["alg"] = "RS256" }), "RS256", "rsa-1"},
		{"RSA JWK without kid", "given", rsaJWK(t, func(m map[string]any) { delete(m, "kid") }), "RS384", "given"},
		{"JWK with BOM, use and key_ops", "", append([]byte("\xef\xbb\xbf\n"), rsaJWK(t, func(m map[string]any) {
			m["use"], m["key_ops"] = "sig", []string{"sign"}
		})...), "RS384", "rsa-1"},
		{"P-384 JWK", "", editJWK(t, jose.JSONWebKey{Key: p384, KeyID: "ec"}, nil), "ES384", "ec"},
		{"P-256 JWK with alg", "", editJWK(t, jose.JSONWebKey{Key: p256, KeyID: "ec", Algorithm: "ES256"}, nil), "ES256", "ec"},
		{"RSA PKCS #8", "k", pkcs8(t, testRSA()), "RS384", "k"},
		{"RSA PKCS #1", "k", pemOf(t, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(testRSA()), nil), "RS384", "k"},
		{"EC SEC 1 with parameters", "k", append(pemOf(t, "EC PARAMETERS", []byte{6, 5}, nil), pemOf(t, "EC PRIVATE KEY", sec1, err)...), "ES384", "k"},
		{"set of one", "", fmt.Appendf(nil, `{"keys":[%s]}`, rsaJWK(t, nil)), "RS384", "rsa-1"},
		{"set of two", "ec", fmt.Appendf(nil, `{"keys":[%s,%s]}`, rsaJWK(t, nil), editJWK(t, jose.JSONWebKey{Key: p384, KeyID: "ec"}, nil)), "ES384", "ec"},
	}
	for _, c := range cases {
		k, err := LoadKey(c.data, c.id)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if k.Alg() != c.alg || k.ID() != c.kid {
			t.Errorf("%s: %s, %s", c.name, k.Alg(), k.ID())
		}
		checkAssertion(t, k)
		checkPublic(t, k)
	}
}

// checkAssertion verifies an assertion with the published key (SMART
// asymmetric, RFC 7523 3).
func checkAssertion(t *testing.T, k *Key) {
	t.Helper()
	now := time.Unix(1_790_000_000, 0)
	cfg := Config{ClientID: "client-1", TokenURL: "https://as.example.test/token"}
	text, err := k.Assertion(cfg, now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(k.PublicJWKS(), &set); err != nil || len(set.Key(k.ID())) != 1 {
		t.Fatalf("public set: %v", err)
	}
	signed, err := jose.ParseSignedCompact(text.Reveal(), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(k.Alg())})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := signed.Verify(set.Key(k.ID())[0])
	if err != nil {
		t.Fatal(err)
	}
	head := signed.Signatures[0].Protected
	if head.KeyID != k.ID() || head.Algorithm != k.Alg() || head.ExtraHeaders["typ"] != "JWT" || head.JSONWebKey != nil {
		t.Errorf("header %+v", head)
	}
	var claims map[string]any
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	jti, _ := claims["jti"].(string)
	if claims["iss"] != "client-1" || claims["sub"] != "client-1" || claims["aud"] != cfg.TokenURL ||
		claims["iat"] != float64(now.Unix()-30) || claims["exp"] != float64(now.Unix()+240) || len(jti) != 22 {
		t.Errorf("claims %v", claims)
	}
}

func checkPublic(t *testing.T, k *Key) {
	t.Helper()
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal(k.PublicJWKS(), &set); err != nil || len(set.Keys) != 1 {
		t.Fatalf("%v", err)
	}
	for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "k"} {
		if _, ok := set.Keys[0][private]; ok {
			t.Errorf("the public set has the private member %s", private)
		}
	}
	if set.Keys[0]["use"] != "sig" || set.Keys[0]["alg"] != k.Alg() {
		t.Errorf("%v", set.Keys[0])
	}
}

func TestTheAudienceIsASetting(t *testing.T) {
	k := loadedKey(t, rsaJWK(t, nil), "")
	text, err := k.Assertion(Config{ClientID: "c", TokenURL: "https://a.test/t", Audience: "https://a.test"}, time.Unix(1, 0), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := jose.ParseSignedCompact(text.Reveal(), []jose.SignatureAlgorithm{jose.RS384})
	if err != nil || !strings.Contains(string(signed.UnsafePayloadWithoutVerification()), `"aud":"https://a.test"`) {
		t.Errorf("%v", err)
	}
	if _, err := k.Assertion(Config{}, time.Unix(1, 0), strings.NewReader("short")); exit.Of(err) != exit.Fault {
		t.Errorf("too little randomness: %v", err)
	}
}

func TestKeysThatCannotSign(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	p256, p521 := ecKey(t, elliptic.P256()), ecKey(t, elliptic.P521())
	spki, err := x509.MarshalPKIXPublicKey(testRSA().Public())
	cert, certErr := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{SerialNumber: big.NewInt(1)}, testRSA().Public(), testRSA())
	public := func(m map[string]any) {
		for _, name := range []string{"d", "p", "q", "dp", "dq", "qi"} {
			delete(m, name)
		}
	}
	ed := pemOf(t, "PRIVATE KEY", []byte{0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
		1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8}, nil)
	cases := []struct {
		name, id string
		data     []byte
		want     []string
	}{
		{"nothing", "", []byte(" \n"), []string{"empty"}},
		{"text", "", []byte("hello"), []string{"neither a JWK nor PEM"}},
		{"too large", "", bytes.Repeat([]byte("{"), 70_000), []string{"too large"}},
		{"half JSON", "", []byte(`{"kty":`), []string{"not JSON"}},
		{"public JWK", "", rsaJWK(t, public), []string{"public key"}},
		{"symmetrical", "", []byte(`{"kty":"oct","k":"Y2FuYXJ5","kid":"x"}`), []string{"symmetrical"}},
		{"other type", "", []byte(`{"kty":"OKP","crv":"Ed25519","kid":"x"}`), []string{"neither RSA nor EC"}},
		{"half a key", "", rsaJWK(t, func(m map[string]any) { delete(m, "p") }), []string{"not a whole RSA private key"}},
		{"no kid", "", rsaJWK(t, func(m map[string]any) { delete(m, "kid") }), []string{"--key-id"}},
		{"other kid", "rsa-2", rsaJWK(t, nil), []string{"not the one given"}},
		{"small", "", editJWK(t, jose.JSONWebKey{Key: small, KeyID: "x"}, nil), []string{"1024 bits"}},
		{"alg of another type", "", rsaJWK(t, func(m map[string]any) { m["alg"] = "ES384" }), []string{"does not fit"}},
		{"encryption", "", rsaJWK(t, func(m map[string]any) { m["use"], m["key_ops"] = "enc", []string{"decrypt"} }), []string{"(use)", "(key_ops)"}},
		{"all at once", "", editJWK(t, jose.JSONWebKey{Key: small}, func(m map[string]any) { m["use"], m["alg"] = "enc", "none" }),
			[]string{"(use)", "1024 bits", "does not fit"}},
		{"P-256 without alg", "", editJWK(t, jose.JSONWebKey{Key: p256, KeyID: "x"}, nil), []string{"P-256", "ES256"}},
		{"P-256 in PEM", "x", pkcs8(t, p256), []string{"P-256"}},
		{"P-521", "x", pkcs8(t, p521), []string{"P-521"}},
		{"Ed25519", "x", ed, []string{"neither RSA nor EC"}},
		{"PEM without id", "", pkcs8(t, testRSA()), []string{"--key-id"}},
		{"encrypted", "x", pemOf(t, "ENCRYPTED PRIVATE KEY", []byte{1}, nil), []string{"encrypted"}},
		{"encrypted, old", "x", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED"}, Bytes: []byte{1}}), []string{"encrypted"}},
		{"public PEM", "x", pemOf(t, "PUBLIC KEY", spki, err), []string{"public key"}},
		{"certificate", "x", pemOf(t, "CERTIFICATE", cert, certErr), []string{"certificate"}},
		{"OpenSSH", "x", pemOf(t, "OPENSSH PRIVATE KEY", []byte{1}, nil), []string{"OpenSSH"}},
		{"broken PEM", "x", pemOf(t, "PRIVATE KEY", []byte{1, 2}, nil), []string{"cannot be read"}},
		{"no whole PEM", "x", []byte("-----BEGIN PRIVATE KEY-----\nMIIE"), []string{"no private key in PEM"}},
		{"empty set", "", []byte(`{"keys":[]}`), []string{"holds no key"}},
		{"set without choice", "", fmt.Appendf(nil, `{"keys":[%s,%s]}`, rsaJWK(t, nil), rsaJWK(t, nil)), []string{"several keys"}},
		{"set, unknown choice", "x", fmt.Appendf(nil, `{"keys":[%s,%s]}`, rsaJWK(t, nil), rsaJWK(t, nil)), []string{"no key with the kid"}},
		{"set, twice", "rsa-1", fmt.Appendf(nil, `{"keys":[%s,%s]}`, rsaJWK(t, nil), rsaJWK(t, nil)), []string{"more than once"}},
	}
	for _, c := range cases {
		k, err := LoadKey(c.data, c.id)
		if err == nil || k != nil || exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v (code %d)", c.name, err, exit.Of(err))
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", c.name, err, w)
			}
		}
		if len(exit.List(err)) != len(c.want) && c.name != "P-256 without alg" {
			t.Errorf("%s: %d problems, want %d: %v", c.name, len(exit.List(err)), len(c.want), err)
		}
		for _, p := range exit.List(err) {
			if p.Do == "" {
				t.Errorf("%s: no remedy for %q", c.name, p.What)
			}
		}
	}
}

func TestAKeyDoesNotPrint(t *testing.T) {
	k := loadedKey(t, rsaJWK(t, nil), "")
	d := testRSA().D.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		for _, v := range []any{k, *k, Config{Key: k}, &Config{Key: k}} {
			if out := fmt.Sprintf(verb, v); strings.Contains(out, d[:20]) || strings.Contains(out, fmt.Sprintf("%x", testRSA().D)[:20]) {
				t.Errorf("%s of %T shows the key", verb, v)
			}
		}
	}
	if text, err := json.Marshal(k); err != nil || string(text) != `"***"` {
		t.Errorf("%s, %v", text, err)
	}
	if got := string((&Key{}).PublicJWKS()); got != `{"keys":[]}` {
		t.Error(got)
	}
}

func FuzzLoadKey(f *testing.F) {
	f.Add([]byte(`{"kty":"EC","crv":"P-384","x":"AA","y":"AA","d":"AA","kid":"k"}`), "")
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB","d":"AA","p":"AQ","q":"AQ"}]}`), "x")
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"), "k")
	f.Fuzz(func(t *testing.T, data []byte, id string) {
		k, err := LoadKey(data, id)
		if (k == nil) == (err == nil) || (err != nil && exit.Of(err) != exit.Usage) {
			t.Fatalf("key %v, error %v", k != nil, err)
		}
		if k != nil && (k.ID() == "" || k.Alg() == "" || len(k.PublicJWKS()) < 20) {
			t.Errorf("%q %q", k.ID(), k.Alg())
		}
	})
}
