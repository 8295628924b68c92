package loopback

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// An Authority signs certificates that no system trusts.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// A Leaf says how a certificate differs from a good one for 127.0.0.1.
type Leaf struct {
	Names  []string  // instead of 127.0.0.1 and localhost
	Until  time.Time // instead of three months from now
	Client bool      // for a client instead of a server
}

// NewAuthority makes a certificate authority of the common name given.
func NewAuthority(t testing.TB, name string) *Authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &Authority{cert: cert, key: key}
}

// Issue signs a certificate.
func (a *Authority) Issue(t testing.TB, leaf Leaf) tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "e2e"},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: leaf.Until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: leaf.Names,
	}
	if leaf.Until.IsZero() {
		template.NotAfter = time.Now().AddDate(0, 3, 0)
	}
	if len(leaf.Names) == 0 {
		template.DNSNames = []string{"localhost"}
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	if leaf.Client {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// Server returns a TLS configuration with a certificate of the authority.
func (a *Authority) Server(t testing.TB, leaf Leaf) *tls.Config {
	t.Helper()
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{a.Issue(t, leaf)}}
}

// OldServer is a Server that speaks TLS 1.0 and 1.1 only.
func (a *Authority) OldServer(t testing.TB) *tls.Config {
	t.Helper()
	c := a.Server(t, Leaf{})
	c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	return c
}

// MutualServer is a Server that demands a client certificate of the authority.
func (a *Authority) MutualServer(t testing.TB) *tls.Config {
	t.Helper()
	c := a.Server(t, Leaf{})
	c.ClientAuth, c.ClientCAs = tls.RequireAndVerifyClientCert, a.Pool()
	return c
}

// Pool returns the authority as the only root.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// File writes the authority's certificate as PEM into a temporary file.
func (a *Authority) File(t testing.TB) string {
	t.Helper()
	return writePEM(t, "authority.pem", "CERTIFICATE", a.cert.Raw)
}

// ClientPair writes a client certificate and its key (0600) as PEM files.
func (a *Authority) ClientPair(t testing.TB) (certFile, keyFile string) {
	t.Helper()
	pair := a.Issue(t, Leaf{Client: true})
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return writePEM(t, "client.pem", "CERTIFICATE", pair.Certificate[0]),
		writePEM(t, "client-key.pem", "PRIVATE KEY", der)
}

func writePEM(t testing.TB, name, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
