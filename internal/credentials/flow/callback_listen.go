package flow

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"

	"github.com/apionboard/ngapi/internal/exit"
)

// portTries is how often a free port is looked for that is free on both
// addresses of localhost.
const portTries = 5

// loopbackRedirect reads a redirect address that this program can listen on.
func loopbackRedirect(redirectURL string) (*url.URL, error) {
	const do = "give --redirect-url like http://127.0.0.1:8400/callback, as it is registered in the portal, or use --no-browser"
	refuse := func(what string) (*url.URL, error) {
		return nil, &exit.Error{Code: exit.Usage, Problems: []exit.Problem{{What: what, Do: do}}}
	}
	u, err := url.Parse(redirectURL)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return refuse("the redirect address is no absolute web address")
	case u.Scheme != "http":
		return refuse("the redirect address is not http: there is no certificate for an address of this machine")
	case !strings.EqualFold(u.Hostname(), "localhost") && !loopbackLiteral(u.Hostname()):
		return refuse("the redirect address is not an address of this machine (127.0.0.1, [::1] or localhost)")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(redirectURL, "#"):
		return refuse("the redirect address may hold host, port and path, and nothing else")
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n > 65535 || strconv.Itoa(n) != port {
			return refuse("the port of the redirect address is not between 1 and 65535")
		}
	}
	return u, nil
}

// asBrowsersWrite returns a host in the form in which a browser names it in the
// Host header: an IPv6 address in its short form (RFC 5952).
func asBrowsersWrite(host string) string {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.String()
	}
	return host
}

// listenLoopback listens on the address, and for localhost on both addresses
// that the name stands for: a browser tries either first, and whoever holds the
// other one would get the code. A machine without IPv6 has only one.
func listenLoopback(ctx context.Context, host, port string) ([]net.Listener, error) {
	if !strings.EqualFold(host, "localhost") {
		l, err := listenOn(ctx, net.JoinHostPort(host, port))
		if err != nil {
			return nil, listenError(host, port, err)
		}
		return []net.Listener{l}, nil
	}
	var err error
	for range portTries {
		var four, six net.Listener
		four, err = listenOn(ctx, net.JoinHostPort("127.0.0.1", port))
		if err != nil {
			break
		}
		_, chosen, _ := net.SplitHostPort(four.Addr().String())
		six, err = listenOn(ctx, net.JoinHostPort("::1", chosen))
		if err == nil {
			return []net.Listener{four, six}, nil
		}
		if !portTaken(err) {
			return []net.Listener{four}, nil
		}
		_ = four.Close()
		if port != "0" {
			break
		}
	}
	return nil, listenError(host, port, err)
}

func listenOn(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", address)
}

// portTaken recognises the error of a port that is in use; 10048 is its number
// on Windows.
func portTaken(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.Errno(10048))
}

func listenError(host, port string, err error) error {
	what := "cannot listen on " + net.JoinHostPort(host, port) + ", the redirect address"
	do := "choose a redirect address with another port, or use --no-browser"
	if portTaken(err) {
		what = "port " + port + " of the redirect address is in use"
		do = "end the program that uses it, register a redirect address with another port, or use --no-browser"
	}
	return &exit.Error{Code: exit.Usage, Problems: []exit.Problem{{What: what, Do: do}}, Err: err}
}
