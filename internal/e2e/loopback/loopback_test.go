package loopback

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTapeRecordsBothSides(t *testing.T) {
	s := Start(t, nil, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !strings.Contains(string(body), "client_secret") {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, `{"access_token":"an-access-token-of-the-test"}`)
	}))
	a, err := http.PostForm(s.URL+"/a/token", url.Values{"client_secret": {"a secret of the test"}})
	if err != nil {
		t.Fatal(err)
	}
	a.Body.Close()
	if _, err := http.Get(s.URL + "/cut"); err == nil {
		t.Error("the connection was not cut")
	}
	if s.Tape.Len() != 2 || s.Tape.Count("POST", "/token") != 1 || s.Tape.All()[1].Status != 0 {
		t.Errorf("the tape: %+v", s.Tape.All())
	}
	all := strings.Join(s.Tape.Secrets(), "\n")
	for _, secret := range []string{"a secret of the test", "an-access-token-of-the-test"} {
		if !strings.Contains(all, secret) {
			t.Errorf("%q is missing", secret)
		}
	}
}

func TestCertificates(t *testing.T) {
	ca := NewAuthority(t, "Test CA")
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	client := func(c *tls.Config) *http.Client { return &http.Client{Transport: &http.Transport{TLSClientConfig: c}} }
	try := func(s *Site, c *tls.Config) error {
		a, err := client(c).Get(s.URL)
		if err == nil {
			a.Body.Close()
		}
		return err
	}
	trusting := &tls.Config{RootCAs: ca.Pool()}
	good := Start(t, ca.Server(t, Leaf{}), ok)
	if err := try(good, trusting); err != nil {
		t.Error(err)
	}
	if err := try(good, &tls.Config{}); err == nil {
		t.Error("the system trusts the test's authority")
	}
	if err := try(Start(t, ca.OldServer(t), ok), trusting); err == nil {
		t.Error("the old server speaks TLS 1.2")
	}
	if err := try(Start(t, ca.MutualServer(t), ok), trusting); err == nil {
		t.Error("no client certificate was demanded")
	}
	if err := try(Start(t, ca.Server(t, Leaf{Names: []string{"other.invalid"}}), ok), trusting); err == nil {
		t.Error("the name fits")
	}
}

func TestProxyLeadsToItsSiteOnly(t *testing.T) {
	ca := NewAuthority(t, "Test CA")
	s := Start(t, ca.Server(t, Leaf{Names: []string{"gateway.invalid"}}), http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	through := func(p *Proxy) error {
		at, err := url.Parse(p.URL)
		if err != nil {
			t.Fatal(err)
		}
		c := http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(at), TLSClientConfig: &tls.Config{RootCAs: ca.Pool()}}}
		a, err := c.Get("https://gateway.invalid/x")
		if err == nil {
			a.Body.Close()
		}
		return err
	}
	open := NewProxy(t, ProxyRule{To: s.Host()})
	if err := through(open); err != nil {
		t.Error(err)
	}
	fence := NewProxy(t, ProxyRule{})
	if err := through(fence); err == nil || len(fence.Asked()) != 1 {
		t.Errorf("the fence: %v, asked %v", err, fence.Asked())
	}
	if s.Tape.Len() != 1 || len(open.Asked()) != 1 {
		t.Errorf("the site saw %d requests, the proxy %v", s.Tape.Len(), open.Asked())
	}
}
