// Package record is a recording proxy: an application that is under test calls
// it instead of the API, it passes every call on, and counts what was called.
//
// The contract: it listens on loopback only and keeps counters, no messages.
// Headers and bodies stream through and are never looked at, apart from the
// media type and the presence of an Origin. The certificate of the upstream is
// verified. A path reaches the sink and nothing else: no log, no error and no
// answer of this package repeats one.
package record

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
)

// Options say where calls go.
type Options struct {
	Upstream string // nge, fhir, or a URL
	CA       []byte // PEM certificates to trust beside those of the system; nil for none
	Sink     infer.Sink
}

// A Proxy is a recorder for one upstream.
type Proxy struct {
	upstream *url.URL
	handler  *httputil.ReverseProxy

	mu     sync.Mutex // over sink, calls and broken
	sink   infer.Sink
	calls  int64
	broken error // the first error of the sink
}

// Upstreams are the names of the published APIs.
func Upstreams() map[string]string {
	return map[string]string{
		"nge":  "https://nativeapi.nextgen.com/nge/prod/nge-api/api",
		"fhir": "https://fhir.nextgen.com/nge/prod/fhir-api-r4/fhir/r4",
	}
}

// New returns a recorder, or an *exit.Error with exit.Usage for an upstream or a
// certificate that cannot be used.
func New(opt Options) (*Proxy, error) {
	address := opt.Upstream
	if known, ok := Upstreams()[address]; ok {
		address = known
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, exit.Errorf(exit.Usage, "--upstream is no address; use nge, fhir or a URL such as https://gateway.example.com/api")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, exit.Errorf(exit.Usage, "--upstream has a user, a query or a fragment; name only the base address")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, exit.Errorf(exit.Usage, "--upstream is plain http, which would send tokens and patient data unprotected; use https")
	}
	transport, err := newTransport(opt.CA)
	if err != nil {
		return nil, err
	}
	p := &Proxy{upstream: u, sink: opt.Sink}
	p.handler = &httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		Transport:      transport,
		FlushInterval:  -1, // pass on every piece as it comes
		ErrorHandler:   failed,
		ErrorLog:       log.New(io.Discard, "", 0), // its lines hold addresses
		ModifyResponse: p.relocate,
	}
	return p, nil
}

// newTransport verifies certificates and has no limit of its own for slow
// gateways: the application's own limit counts.
func newTransport(ca []byte) (*http.Transport, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != nil {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(ca) {
			return nil, exit.Errorf(exit.Usage, "--ca-file holds no PEM certificate")
		}
		config.RootCAs = pool
	}
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 30 * time.Second}).DialContext,
		TLSClientConfig:     config,
		TLSHandshakeTimeout: 20 * time.Second,
		ForceAttemptHTTP2:   true,
		DisableCompression:  true, // what the application asked for is what it gets
		MaxIdleConnsPerHost: 32,
	}, nil
}

// rewrite sends a call to the upstream, below its base path.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.SetURL(p.upstream)
	r.Out.Host = p.upstream.Host
	if _, named := r.In.Header["User-Agent"]; !named {
		r.Out.Header["User-Agent"] = nil // add none
	}
}

// failed answers for an upstream that could not be reached.
func failed(w http.ResponseWriter, r *http.Request, _ error) {
	if r.Context().Err() != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	http.Error(w, "ngapi routes record: the upstream could not be reached, or its certificate is not trusted", http.StatusBadGateway)
}

// relocate keeps redirects inside the recorder where they lead to the upstream.
func (p *Proxy) relocate(res *http.Response) error {
	base := p.upstream.Scheme + "://" + p.upstream.Host + strings.TrimSuffix(p.upstream.Path, "/")
	if rest, ok := strings.CutPrefix(res.Header.Get("Location"), base); ok && (rest == "" || rest[0] == '/' || rest[0] == '?') {
		if rest == "" {
			rest = "/"
		}
		res.Header.Set("Location", rest)
	}
	return nil
}

// ServeHTTP passes a call on and counts it once its answer has ended.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodConnect {
		http.Error(w, "ngapi routes record: this is no forward proxy; use its address as the base address of the API", http.StatusMethodNotAllowed)
		return
	}
	seen := &answer{ResponseWriter: w}
	o := infer.Observation{
		Kind: infer.Seen, Format: "record", Method: r.Method, Host: p.upstream.Host,
		Path:      strings.TrimSuffix(p.upstream.EscapedPath(), "/") + r.URL.EscapedPath(),
		Query:     r.URL.RawQuery,
		FHIR:      isFHIR(r.Header.Get("Accept")) || isFHIR(r.Header.Get("Content-Type")),
		Preflight: r.Method == http.MethodOptions && r.Header.Get("Origin") != "",
	}
	defer func() { // also where the client has gone away, which ends in a panic
		o.Status = seen.status
		o.FHIR = o.FHIR || isFHIR(seen.Header().Get("Content-Type"))
		p.count(o)
	}()
	p.handler.ServeHTTP(seen, r)
}

func (p *Proxy) count(o infer.Observation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	if err := p.sink.Add(o); err != nil && p.broken == nil {
		p.broken = err
	}
}

// isFHIR tells whether a media type is one of FHIR.
func isFHIR(mediaType string) bool {
	m := strings.ToLower(mediaType)
	return strings.Contains(m, "application/fhir+") || strings.Contains(m, "application/json+fhir") || strings.Contains(m, "application/xml+fhir")
}

// An answer remembers the status that went to the application.
type answer struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if status >= 200 || a.status == 0 && status == http.StatusSwitchingProtocols {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap lets the library flush and hijack.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Listen opens a listener on a loopback address, HOST:PORT; port 0 takes a free
// one. The error is an *exit.Error with exit.Usage.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || !loopback(host) {
		return nil, exit.Errorf(exit.Usage, "--listen is no address of this machine; the recorder sees tokens and patient data, so it listens on loopback only: use 127.0.0.1:PORT")
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "the recorder cannot listen there; use another port: %w", err)
	}
	return l, nil
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// drain is how long calls that are under way may take once the recording ends.
const drain = 5 * time.Second

// Serve records until ctx ends, lets the calls that are under way finish for a
// few seconds, and returns how many there were. The error is that of the sink
// or of the listener.
func (p *Proxy) Serve(ctx context.Context, l net.Listener) (calls int64, err error) {
	server := &http.Server{Handler: p, ReadHeaderTimeout: time.Minute, MaxHeaderBytes: 1 << 20, ErrorLog: log.New(io.Discard, "", 0)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		if server.Shutdown(grace) != nil {
			_ = server.Close() // calls that take longer are cut off
		}
		err = <-ended
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.broken != nil:
		return p.calls, p.broken
	case errors.Is(err, http.ErrServerClosed):
		return p.calls, nil
	}
	return p.calls, exit.Errorf(exit.Fault, "the recorder stopped: %w", err)
}
