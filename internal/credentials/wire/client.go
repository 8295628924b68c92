package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
)

// Cleaner takes known secrets and their derived forms out of a text, as the
// redactor of package secret does.
type Cleaner interface{ Clean(text string) string }

// Options is what a Client is made from. Only Now has to be set.
type Options struct {
	CA      []byte           // PEM; added to the roots of the system
	Cert    *tls.Certificate // shown to a server that asks for a client certificate (mTLS)
	Proxy   func(*url.URL) (*url.URL, error)
	Timeout time.Duration // for a whole exchange, body included; 0 means that of the class
	Redact  Cleaner       // needed with Trace
	Trace   func(line string)
	// Learn is told of each answer before anything of it is shown, so that what
	// is secret in it can become known to Redact. It may be nil.
	Learn func(*Answer)
	Now   func() time.Time
	Dial  func(ctx context.Context, network, addr string) (net.Conn, error) // nil means a plain net.Dialer
}

// Client sends requests, each once, and records what came back. It follows no
// redirect, for a 307 would post the secret again, to another host (RFC 9700
// 4.12 is kin to it). It is safe for use by several goroutines.
type Client struct {
	opts      Options
	transport *http.Transport

	mu       sync.Mutex
	requests int
	asked    map[string]bool // host:port that asked for a client certificate
}

// New makes a client. A CA without a certificate in it is an exit.Usage error.
func New(opts Options) (*Client, error) {
	if opts.Now == nil {
		return nil, exit.Errorf(exit.Fault, "the HTTP client was given no clock")
	}
	if opts.Trace != nil && opts.Redact == nil {
		return nil, exit.Errorf(exit.Fault, "the HTTP client was given a trace and no redactor")
	}
	roots, err := roots(opts.CA)
	if err != nil {
		return nil, err
	}
	if opts.Dial == nil {
		opts.Dial = new(net.Dialer).DialContext
	}
	c := &Client{opts: opts, asked: map[string]bool{}}
	c.transport = c.newTransport(&tls.Config{
		MinVersion:           tls.VersionTLS12, // RFC 9325 3.1.1
		RootCAs:              roots,
		Time:                 opts.Now,
		GetClientCertificate: c.clientCertificate,
	})
	return c, nil
}

// newTransport is the way to a server, with the proxy that exchange chose.
func (c *Client) newTransport(config *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) {
			if x := exchangeOf(r.Context()); x != nil {
				return x.proxy, nil
			}
			return nil, nil
		},
		OnProxyConnectResponse: func(_ context.Context, _ *url.URL, _ *http.Request, r *http.Response) error {
			if r.StatusCode != http.StatusOK {
				return &proxyRefusal{status: r.StatusCode}
			}
			return nil
		},
		DialContext:            c.opts.Dial,
		TLSClientConfig:        config,
		ForceAttemptHTTP2:      true,
		MaxResponseHeaderBytes: 256 << 10,
		MaxIdleConns:           8,
		IdleConnTimeout:        90 * time.Second,
	}
}

// roots returns nil, which means those of the system, where there is no CA.
func roots(ca []byte) (*x509.CertPool, error) {
	if ca == nil {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // the CA of the user still counts
	}
	if !pool.AppendCertsFromPEM(ca) {
		return nil, exit.Problems(exit.Usage, []exit.Problem{{
			What: "the CA file holds no certificate in PEM form",
			Do:   "give --ca-file a file with one or more CERTIFICATE blocks",
		}})
	}
	return pool, nil
}

// clientCertificate notes that the server asked, and answers with what the user
// configured even where the server names other authorities: then the server
// says no, which is a finding, instead of the library saying nothing.
func (c *Client) clientCertificate(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
	if x := exchangeOf(info.Context()); x != nil {
		c.mu.Lock()
		c.asked[x.host] = true
		c.mu.Unlock()
	}
	if c.opts.Cert == nil {
		return &tls.Certificate{}, nil
	}
	return c.opts.Cert, nil
}

func (c *Client) askedClient(host string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked[host]
}

// Requests tells how many requests were sent so far. One that failed before it
// was written, such as at the TLS handshake, does not count.
func (c *Client) Requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests
}

// HTTP returns a client for a library that wants one. It hands each Answer to
// got (which may be nil) and gives the library the same bytes; a redirect comes
// back as it is. A request that fails gives an error that wraps a *Failure, or
// the error of the context.
func (c *Client) HTTP(class Class, got func(*Answer)) *http.Client {
	return &http.Client{
		Transport: recorder{client: c, class: class, got: got},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

// limit is the number of bytes of a body that are read.
func (k Class) limit() int64 {
	switch k {
	case Discovery:
		return 1 << 20
	case Token:
		return 256 << 10
	case API:
	}
	return 8 << 20
}

// timeout is the time for a whole exchange.
func (k Class) timeout() time.Duration {
	if k == API { // real answers came after 46 s
		return 60 * time.Second
	}
	return 20 * time.Second
}
