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
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
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

	mu     sync.Mutex // over all below
	sink   infer.Sink
	calls  int64
	under  int   // calls that are under way
	sealed bool  // nothing is added any more
	broken error // the first error of the sink
}

// Upstreams are the names of the published APIs.
func Upstreams() map[string]string {
	return map[string]string{
		"nge":  "https://nativeapi.nextgen.com/nge/prod/nge-api/api",
		"fhir": "https://fhir.nextgen.com/nge/prod/fhir-api-r4/fhir/r4",
	}
}

// Base reads an upstream: a name, or the base address of an API. The error is
// an *exit.Error with exit.Usage.
func Base(upstream string) (*url.URL, error) {
	if known, ok := Upstreams()[upstream]; ok {
		upstream = known
	}
	u, err := url.Parse(upstream)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, exit.Errorf(exit.Usage, "--upstream is no address; use nge, fhir or a URL such as https://gateway.example.com/api")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, exit.Errorf(exit.Usage, "--upstream has a user, a query or a fragment; name only the base address")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, exit.Errorf(exit.Usage, "--upstream is plain http, which would send tokens and patient data unprotected; use https")
	}
	return u, nil
}

// New returns a recorder, or an *exit.Error with exit.Usage for an upstream or a
// certificate that cannot be used.
func New(opt Options) (*Proxy, error) {
	u, err := Base(opt.Upstream)
	if err != nil {
		return nil, err
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
		// An upstream that refuses a call before its body is not sent the body.
		ExpectContinueTimeout: time.Second,
	}, nil
}

// rewrite sends a call to the upstream, below its base path.
func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.SetURL(p.upstream)
	r.Out.Host = p.upstream.Host
	r.Out.URL.RawQuery = r.In.URL.RawQuery // the library drops what it cannot read: a semicolon of OData
	if _, named := r.In.Header["User-Agent"]; !named {
		r.Out.Header["User-Agent"] = nil // add none
	}
}

// failed answers for an upstream that could not be reached. It is no answer of
// the API, so its status is not kept.
func failed(w http.ResponseWriter, r *http.Request, _ error) {
	if a, ok := w.(*answer); ok {
		a.own = true
	}
	if r.Context().Err() != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	http.Error(w, "ngapi routes record: the upstream could not be reached, or its certificate is not trusted", http.StatusBadGateway)
}

// ServeHTTP passes a call on and counts it once its answer has ended.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A call to another host comes here where the recorder was set as the proxy of
	// a machine. It carries the credentials of that host.
	if r.Method == http.MethodConnect || r.URL.Host != "" {
		http.Error(w, "ngapi routes record: this is no forward proxy; use its address as the base address of the API", http.StatusMethodNotAllowed)
		return
	}
	p.begin()
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

func (p *Proxy) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.under++
}

func (p *Proxy) count(o infer.Observation) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.under--
	if p.sealed {
		return
	}
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
