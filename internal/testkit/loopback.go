package testkit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// ErrNotLoopback is what a request to another machine fails with.
var ErrNotLoopback = errors.New("tests reach loopback addresses only")

// LoopbackOnly returns a transport that connects to this machine and refuses
// everything else before a packet is sent: it uses no proxy and resolves no
// name but localhost.
func LoopbackOnly() *http.Transport {
	return &http.Transport{
		DialContext:         DialLoopback,
		ForceAttemptHTTP2:   true,
		TLSHandshakeTimeout: 5 * time.Second,
	}
}

// DialLoopback connects to this machine and refuses every other address.
func DialLoopback(ctx context.Context, network, address string) (net.Conn, error) {
	target, err := loopback(address)
	if err != nil {
		return nil, err
	}
	return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, target)
}

// loopback returns the address to connect to, with localhost resolved without
// asking anybody.
func loopback(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	if host == "localhost" {
		return net.JoinHostPort("127.0.0.1", port), nil
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !ip.Unmap().IsLoopback() {
		return "", fmt.Errorf("%w: refused to connect to %s", ErrNotLoopback, address)
	}
	return address, nil
}
