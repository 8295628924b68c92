// Package loopback runs HTTP servers on 127.0.0.1 and records what they are
// asked. Nothing in it listens on, or connects to, another address.
package loopback

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// A Site is a listener whose address is known before its handler exists, for
// an authorization server has to name its own address.
type Site struct {
	URL  string // scheme, 127.0.0.1 and port; no slash at the end
	Tape *Tape

	server *httptest.Server
	secure *tls.Config
}

// Reserve opens a listener on 127.0.0.1; with a TLS configuration it will speak
// https. Nothing is served before Serve.
func Reserve(t testing.TB, secure *tls.Config) *Site {
	t.Helper()
	s := &Site{Tape: new(Tape), secure: secure}
	s.server = httptest.NewUnstartedServer(http.NotFoundHandler())
	s.server.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes are the purpose of some tests
	address := s.server.Listener.Addr().String()
	if !IsLoopback(address) {
		t.Fatalf("the listener is at %s, which is not a loopback address", address)
	}
	scheme := "http://"
	if secure != nil {
		scheme = "https://"
	}
	s.URL = scheme + address
	return s
}

// Serve begins to answer with the handler, behind the tape, until the test ends.
func (s *Site) Serve(t testing.TB, handler http.Handler) *Site {
	t.Helper()
	s.server.Config.Handler = s.Tape.Over(handler)
	if s.secure != nil {
		s.server.TLS = s.secure
		s.server.StartTLS()
	} else {
		s.server.Start()
	}
	t.Cleanup(func() {
		s.server.CloseClientConnections()
		s.server.Close()
	})
	return s
}

// Start is Reserve and Serve in one, for handlers that need no address.
func Start(t testing.TB, secure *tls.Config, handler http.Handler) *Site {
	t.Helper()
	return Reserve(t, secure).Serve(t, handler)
}

// Host returns host and port.
func (s *Site) Host() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		panic(err)
	}
	return u.Host
}

// IsLoopback tells whether an address, with or without a port, is of this
// machine. No name but localhost is resolved.
func IsLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// ClosedPort returns an address of 127.0.0.1 at which nobody listens.
func ClosedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
