package wire

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
)

// errTimeLimit is the cause of a context that ended by our own time limit, not
// by the caller.
var errTimeLimit = errors.New("time limit of the request")

// phase is how far an exchange got.
type phase int

const (
	connecting phase = iota // name, connection, proxy
	handshake               // TLS
	waiting                 // for the status line and headers
	reading                 // the body
)

// exchange is one request on its way. The hooks of httptrace run on other
// goroutines, even after the request was given up.
type exchange struct {
	host  string // host:port
	proxy *url.URL
	limit time.Duration

	mu        sync.Mutex
	phase     phase
	wrote     time.Time // the request was written
	firstByte time.Time // the answer began
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

type hiddenKey struct{}

// Hiding returns a context in which path segments that equal one of the values,
// such as the id of a patient, are shown as {id} in Answer.URL and the trace.
func Hiding(ctx context.Context, values ...string) context.Context {
	return context.WithValue(ctx, hiddenKey{}, values)
}

// Do sends a request once and reads the answer, whatever its status. Its error
// is a *Failure, or the error of ctx where the caller gave up. User-Agent is
// "ngapi"; Accept is JSON unless the request says otherwise.
func (c *Client) Do(ctx context.Context, class Class, r *http.Request) (*Answer, error) {
	return c.send(ctx, class, r)
}

// recorder is the transport of Client.HTTP.
type recorder struct {
	client *Client
	class  Class
	got    func(*Answer)
}

// RoundTrip implements http.RoundTripper.
func (t recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close() //nolint:errcheck // the contract of a RoundTripper; there is nothing to save
	}
	answer, err := t.client.send(r.Context(), t.class, r)
	if err != nil {
		return nil, err
	}
	if t.got != nil {
		t.got(answer)
	}
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", answer.Status, http.StatusText(answer.Status)),
		StatusCode: answer.Status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: answer.Header, Body: io.NopCloser(bytes.NewReader(answer.Body)),
		ContentLength: int64(len(answer.Body)), Request: r,
	}, nil
}

// send does one exchange.
func (c *Client) send(parent context.Context, class Class, r *http.Request) (*Answer, error) {
	if err := parent.Err(); err != nil {
		return nil, err
	}
	x := &exchange{host: hostPort(r.URL), limit: class.timeout()}
	if c.opts.Timeout > 0 {
		x.limit = c.opts.Timeout
	}
	if f := c.prepare(x, r.URL, r.Header); f != nil {
		return nil, f
	}
	ctx, cancel := context.WithTimeoutCause(parent, x.limit, errTimeLimit)
	defer cancel()
	ctx = httptrace.WithClientTrace(context.WithValue(ctx, exchangeKey{}, x), c.hooks(x))

	q := r.Clone(ctx)
	q.Header.Set("User-Agent", "ngapi")
	if q.Header.Get("Accept") == "" {
		q.Header.Set("Accept", "application/json")
	}
	c.traceRequest(parent, q)
	start := c.opts.Now()
	answer, err := c.roundTrip(parent, class, q, x)
	took := c.opts.Now().Sub(start)
	if err != nil {
		if gone := parent.Err(); gone != nil {
			return nil, gone
		}
		f := c.failure(ctx, x, err)
		c.traceFailure(f, err)
		return nil, f
	}
	answer.Took = took
	answer.setSkew(x, start, took)
	c.traceAnswer(answer)
	return answer, nil
}

// roundTrip sends the request and reads the answer, up to the limit of its class.
func (c *Client) roundTrip(ctx context.Context, class Class, q *http.Request, x *exchange) (*Answer, error) {
	response, err := c.transport.RoundTrip(q)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // it was only read from
	if x.proxy != nil && q.URL.Scheme == "http" && response.StatusCode == http.StatusProxyAuthRequired {
		return nil, &proxyRefusal{status: response.StatusCode}
	}
	x.enter(reading)
	body, err := io.ReadAll(io.LimitReader(response.Body, class.limit()+1))
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, class, q, response, body), nil
}

// prepare refuses what must not be sent and chooses the proxy.
func (c *Client) prepare(x *exchange, u *url.URL, h http.Header) *Failure {
	fail := func(hop Hop, what, do string) *Failure {
		f := &Failure{Hop: hop, Host: x.host, What: what, Do: do, Err: errNotSent}
		c.traceFailure(f, nil)
		return f
	}
	switch {
	case (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "":
		return fail(HopConnect, "the address is not an absolute https address; nothing was sent", "give the whole address, with https:// and a host")
	case u.Scheme == "http" && !endpoint.LoopbackHost(u.Hostname()):
		return fail(HopConnect, "the address of "+c.clean(cut(printable(u.Host), 260))+" is plain http; nothing was sent", "use https; plain http is for this machine only")
	case unsendable(h):
		return fail(HopConnect, "a header would hold a line break or another control character; nothing was sent", "check the token and the session id for stray characters")
	case c.opts.Proxy == nil:
		return nil
	}
	proxy, err := c.opts.Proxy(u)
	if err != nil {
		return fail(HopProxy, "the proxy setting cannot be used; nothing was sent", "correct HTTPS_PROXY: scheme http, https or socks5, a host and a port")
	}
	x.proxy = proxy
	return nil
}

// unsendable tells whether a header has what net/http refuses, which it does
// with an error that looks like one of the network.
func unsendable(h http.Header) bool {
	for _, values := range h {
		for _, v := range values {
			if strings.ContainsFunc(v, func(r rune) bool { return (r < ' ' && r != '\t') || r == 0x7f }) {
				return true
			}
		}
	}
	return false
}

// hooks note how far the exchange gets.
func (c *Client) hooks(x *exchange) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		TLSHandshakeStart: func() { x.enter(handshake) },
		GotConn:           func(httptrace.GotConnInfo) { x.enter(waiting) },
		WroteHeaders: func() {
			c.mu.Lock()
			c.requests++
			c.mu.Unlock()
		},
		WroteRequest:         func(httptrace.WroteRequestInfo) { x.stamp(&x.wrote, c.opts.Now()) },
		GotFirstResponseByte: func() { x.stamp(&x.firstByte, c.opts.Now()) },
	}
}

func (x *exchange) enter(p phase) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.phase = p
}

func (x *exchange) at() phase {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.phase
}

func (x *exchange) stamp(where *time.Time, at time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	*where = at
}
