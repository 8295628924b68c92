package wire

import (
	"context"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// answer records a response.
func (c *Client) answer(ctx context.Context, class Class, q *http.Request, r *http.Response, body []byte) *Answer {
	a := &Answer{Method: q.Method, URL: c.shown(ctx, q.URL), Status: r.StatusCode, Header: r.Header, Body: body}
	if limit := class.limit(); int64(len(body)) > limit {
		a.Body, a.Cut = body[:limit], true
	}
	if c.opts.Learn != nil {
		c.opts.Learn(a)
	}
	a.RequestID = cut(c.clean(printable(r.Header.Get("X-Request-Id"))), 80)
	if date, err := http.ParseTime(r.Header.Get("Date")); err == nil {
		a.Date = date
	}
	if r.TLS != nil {
		a.TLS = &Session{Version: r.TLS.Version, AskedClient: c.askedClient(hostPort(q.URL))}
		if len(r.TLS.PeerCertificates) > 0 {
			leaf := r.TLS.PeerCertificates[0]
			a.TLS.NotAfter, a.TLS.Issuer = leaf.NotAfter, c.signer(leaf)
		}
	}
	return a
}

// setSkew compares the clocks in the middle between the request being written
// and the answer beginning, so that name look-up and handshakes do not count.
func (a *Answer) setSkew(x *exchange, start time.Time, took time.Duration) {
	if a.Date.IsZero() {
		return
	}
	x.mu.Lock()
	from, to := x.wrote, x.firstByte
	x.mu.Unlock()
	if from.IsZero() || to.Before(from) {
		from, to = start, start.Add(took)
	}
	middle := from.Add(to.Sub(from) / 2)
	a.Skew = middle.Sub(a.Date).Round(time.Second)
}

// hostPort is the host with the port that is used, given or not.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "443"
		if u.Scheme == "http" {
			port = "80"
		}
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// MediaType is the content type without its parameters, in small letters; ""
// where there is none or it cannot be read.
func (a *Answer) MediaType() string {
	kind, _, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}

// JSONType tells whether the content type says JSON, as application/json or
// with a +json suffix (RFC 6839 3.1).
func (a *Answer) JSONType() bool {
	kind := a.MediaType()
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}

// HTML tells whether the answer is a page, by its type or by how it begins.
func (a *Answer) HTML() bool {
	if kind := a.MediaType(); kind == "text/html" || kind == "application/xhtml+xml" {
		return true
	}
	head := a.Body[:min(len(a.Body), 512)]
	start := strings.ToLower(strings.TrimLeft(string(head), "\ufeff \t\r\n"))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}
