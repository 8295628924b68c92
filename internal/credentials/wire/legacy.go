package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptrace"
	"net/url"
)

// errChosen breaks a handshake off once the server has chosen a version.
var errChosen = errors.New("the server chose the version")

// Legacy lists which of TLS 1.0 and 1.1 the server at host (host:port) accepts,
// as versions of crypto/tls (RFC 9325 3.1.1: it should accept neither). Each is
// tried by one handshake that is broken off when the server has chosen the
// version, so that no request is ever sent. The error is a *Failure where the
// server could not be reached, or the error of ctx.
func (c *Client) Legacy(ctx context.Context, host string) ([]uint16, error) {
	var accepts []uint16
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
		yes, err := c.accepts(ctx, &url.URL{Scheme: "https", Host: host, Path: "/"}, version)
		if err != nil {
			return nil, err
		}
		if yes {
			accepts = append(accepts, version)
		}
	}
	return accepts, nil
}

// accepts tells whether the server chooses a version that is the only one
// offered. It goes through the proxy, as everything does.
func (c *Client) accepts(parent context.Context, u *url.URL, version uint16) (bool, error) {
	x := &exchange{host: hostPort(u), limit: Discovery.timeout()}
	if c.opts.Timeout > 0 {
		x.limit = c.opts.Timeout
	}
	if f := c.prepare(x, u, nil); f != nil {
		return false, f
	}
	ctx, cancel := context.WithTimeoutCause(parent, x.limit, errTimeLimit)
	defer cancel()
	ctx = httptrace.WithClientTrace(context.WithValue(ctx, exchangeKey{}, x), c.hooks(x))
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, u.String(), http.NoBody)
	if err != nil {
		return false, &Failure{Hop: HopConnect, Host: x.host, What: "the host is not a host name", Do: "check the address", Err: errNotSent}
	}
	transport := c.newTransport(&tls.Config{
		// Asks whether the server still accepts it; nothing is sent over it.
		MinVersion:       version,
		MaxVersion:       version,
		CipherSuites:     everySuite(),
		RootCAs:          c.transport.TLSClientConfig.RootCAs,
		Time:             c.opts.Now,
		VerifyConnection: func(tls.ConnectionState) error { return errChosen },
	})
	transport.ForceAttemptHTTP2 = false
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(r)
	if err == nil { // cannot be: errChosen comes before
		return true, response.Body.Close()
	}
	if gone := parent.Err(); gone != nil {
		return false, gone
	}
	// A chain that does not verify comes after the choice of the version too.
	var unverified *tls.CertificateVerificationError
	if errors.Is(err, errChosen) || errors.As(err, &unverified) {
		return true, nil
	}
	f := c.failure(ctx, x, err)
	if f.Hop == HopTLS || f.Hop == HopVersion || (f.Hop == HopBroken && x.at() == handshake) {
		return false, nil
	}
	return false, f
}

// everySuite is what the library knows, so that a server is not taken for one
// that refuses the version because it only has weak ciphers for it.
func everySuite() []uint16 {
	var ids []uint16
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		ids = append(ids, s.ID)
	}
	return ids
}
