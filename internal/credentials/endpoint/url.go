package endpoint

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
)

// Loopback tells whether an address leads to this machine: an IP literal of the
// loopback range, or the name localhost (RFC 8252 7.3, 8.3; RFC 6761 6.3).
func Loopback(address string) bool {
	u, err := url.Parse(address)
	return err == nil && loopback(u)
}

func loopback(u *url.URL) bool { return LoopbackHost(u.Hostname()) }

// LoopbackHost is Loopback for a host without port. The name is not looked up.
func LoopbackHost(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback() && ip.Zone() == ""
}

// The reasons for which Secure refuses an address. They repeat nothing of it.
var (
	ErrNotAddress = errors.New("this is not an absolute https address")
	ErrPlain      = errors.New("plain http is for loopback addresses only")
)

// Secure accepts https anywhere, and http for loopback addresses only (RFC 6749
// 3.1, 3.2; RFC 8252 8.3). The error is ErrNotAddress or ErrPlain.
func Secure(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Opaque != "" {
		return ErrNotAddress
	}
	switch {
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && loopback(u):
		return nil
	case u.Scheme == "http":
		return ErrPlain
	}
	return ErrNotAddress
}

// shown writes an address without what could be secret: user, query, fragment.
func shown(u *url.URL) string {
	path := u.EscapedPath()
	if len(path) > 80 {
		path = path[:80] + "..."
	}
	return u.Scheme + "://" + strings.ToLower(u.Host) + path
}
