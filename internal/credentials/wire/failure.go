package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// errNotSent is the cause of a Failure of a request that was not sent at all.
var errNotSent = errors.New("the request was not sent")

// proxyRefusal is a proxy that answered no.
type proxyRefusal struct{ status int }

func (p *proxyRefusal) Error() string { return fmt.Sprintf("the proxy answered %d", p.status) }

// cause keeps the error of a library for errors.Is and errors.As without its
// words, which may hold what the server sent.
type cause struct{ err error }

func (c *cause) Error() string { return "the cause is shown, redacted, by --debug" }
func (c *cause) Unwrap() error { return c.err }

// failure names the hop on which an exchange failed.
func (c *Client) failure(ctx context.Context, x *exchange, err error) *Failure {
	f := &Failure{Host: x.host, Err: &cause{err}}
	host := c.clean(cut(printable(x.host), 260)) // a discovered address can be any text
	for _, known := range []func() (Hop, string, string){
		func() (Hop, string, string) { return timedOut(ctx, x, host, err) },
		func() (Hop, string, string) { return proxyFailed(x, err) },
		func() (Hop, string, string) { return c.tlsFailed(x, host, err) },
		func() (Hop, string, string) { return nameFailed(x, host, err) },
		func() (Hop, string, string) { return connectFailed(x, host, err) },
	} {
		if f.Hop, f.What, f.Do = known(); f.Hop != "" {
			return f
		}
	}
	f.Hop = HopBroken
	f.What = "the connection to " + host + through(x) + " ended before the whole answer was there"
	if x.at() == waiting {
		f.What = "the server at " + host + through(x) + " ended the connection without a readable answer"
	}
	f.Do = "try again; if it stays so, tell who runs the server or the proxy"
	return f
}

func timedOut(ctx context.Context, x *exchange, host string, err error) (hop Hop, what, do string) {
	limit := " within " + words(x.limit)
	if !errors.Is(context.Cause(ctx), errTimeLimit) {
		var timeout interface{ Timeout() bool }
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			return "", "", ""
		}
		limit = " in time"
	}
	do = "try again, or give it longer with --timeout"
	switch x.at() {
	case connecting:
		what = "no connection to " + host + through(x) + limit
		do = "check host and port, and whether a firewall or a proxy is between; then try again"
	case handshake:
		what = "the TLS handshake with " + host + through(x) + " was not done" + limit
	case waiting:
		what = "the server at " + host + through(x) + " did not answer" + limit
	case reading:
		what = "the answer of " + host + through(x) + " did not end" + limit
	}
	return HopTimeout, what, do
}

func proxyFailed(x *exchange, err error) (hop Hop, what, do string) {
	if x.proxy == nil {
		return "", "", ""
	}
	name := proxyName(x.proxy)
	var refusal *proxyRefusal
	if errors.As(err, &refusal) {
		if refusal.status == http.StatusProxyAuthRequired {
			return HopProxy, "the proxy " + name + " wants a user and a password (407)",
				"put them into HTTPS_PROXY, or list the host in NO_PROXY"
		}
		return HopProxy, fmt.Sprintf("the proxy %s refused the connection (%d)", name, refusal.status),
			"ask who runs the proxy to allow the host, or list it in NO_PROXY"
	}
	var op *net.OpError
	if errors.As(err, &op) && (op.Op == "proxyconnect" || strings.HasPrefix(op.Op, "socks")) {
		return HopProxy, "no connection through the proxy " + name, "check HTTPS_PROXY, or list the host in NO_PROXY"
	}
	return "", "", ""
}

func nameFailed(x *exchange, host string, err error) (hop Hop, what, do string) {
	var dns *net.DNSError
	if !errors.As(err, &dns) || x.at() != connecting {
		return "", "", ""
	}
	if dns.IsNotFound {
		return HopDNS, "there is no host " + host, "check the address for a typing error; inside a company network, check the VPN or the proxy"
	}
	return HopDNS, "the name of " + host + " could not be looked up", "check the network and its name server"
}

func connectFailed(x *exchange, host string, err error) (hop Hop, what, do string) {
	if x.at() != connecting {
		return "", "", ""
	}
	do = "check host and port, and whether a proxy has to be used (HTTPS_PROXY)"
	switch {
	case isErrno(err, syscall.ECONNREFUSED, 10061):
		return HopConnect, host + " refused the connection", do
	case isErrno(err, syscall.EHOSTUNREACH, 10065), isErrno(err, syscall.ENETUNREACH, 10051):
		return HopConnect, "there is no way to " + host + " on this network", do
	}
	return HopConnect, "no connection to " + host + through(x), do
}

// isErrno compares with the number of Unix and with that of Winsock, which the
// syscall package does not map.
func isErrno(err error, unix syscall.Errno, winsock uintptr) bool {
	var no syscall.Errno
	return errors.As(err, &no) && (no == unix || uintptr(no) == winsock)
}

// through names the proxy in use.
func through(x *exchange) string {
	if x.proxy == nil {
		return ""
	}
	return " through the proxy " + proxyName(x.proxy)
}

// proxyName is a proxy without user and password.
func proxyName(u *url.URL) string { return printable(u.Scheme + "://" + u.Host) }

// words is a duration as people write it.
func words(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%g s", d.Seconds())
}
