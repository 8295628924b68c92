package record

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
)

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

// local tells whether a listener takes calls of this machine only. A name such
// as localhost can be given another address.
func local(l net.Listener) bool {
	a, ok := l.Addr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
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
// or of the listener; a listener that is not on loopback is refused with
// exit.Usage. The listener is closed.
func (p *Proxy) Serve(ctx context.Context, l net.Listener) (calls int64, err error) {
	if !local(l) {
		_ = l.Close()
		return 0, exit.Errorf(exit.Usage, "the recorder sees tokens and patient data, so it listens on loopback only: use 127.0.0.1:PORT")
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: time.Minute, MaxHeaderBytes: 1 << 20, ErrorLog: log.New(io.Discard, "", 0)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err = <-ended:
		_ = server.Close()
	case <-ctx.Done():
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		if server.Shutdown(grace) != nil {
			_ = server.Close() // calls that take longer are cut off
		}
		err = <-ended
	}
	p.settle()
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

// settle waits a moment for the calls that were cut off to be counted, and then
// closes the sink: its owner reads it without a lock.
func (p *Proxy) settle() {
	const most, step = time.Second, 5 * time.Millisecond
	for waited := time.Duration(0); !p.seal(waited >= most); waited += step {
		time.Sleep(step)
	}
}

// seal closes the sink if no call is under way, or in any case.
func (p *Proxy) seal(anyway bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sealed = p.sealed || anyway || p.under == 0
	return p.sealed
}
