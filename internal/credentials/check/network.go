package check

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/wire"
)

// The limits of the clock and of certificates.
const (
	clockWarn    = 30 * time.Second  // RFC 7519 4.1.4 leaves "a few minutes"
	clockFail    = 120 * time.Second // a client assertion lives 5 minutes at most
	expirySoon   = 21 * 24 * time.Hour
	certWarnDays = 24 * time.Hour
)

// seen reports what an answer says about the way there, once a host.
func (r *run) seen(a *wire.Answer) {
	if a == nil {
		return
	}
	u, err := url.Parse(a.URL)
	if err != nil || r.hosts[u.Host] {
		return
	}
	r.hosts[u.Host] = true
	proxy := ""
	if r.in.Proxy != "" {
		proxy = ", with proxy " + r.in.Proxy
	}
	r.add("net.connect", Pass, u.Host+" answers"+proxy)
	r.clock(a, u.Host)
	if a.TLS == nil {
		r.add("tls.version", Info, u.Host+" is plain http, which is accepted on loopback only")
		return
	}
	r.add("tls.chain", Pass, u.Host+" has a certificate that verifies", "issuer "+r.foreign(a.TLS.Issuer))
	r.add("tls.version", Pass, u.Host+" speaks "+tls.VersionName(a.TLS.Version))
	left := a.TLS.NotAfter.Sub(r.in.Flow.Now())
	if left < expirySoon {
		r.add("tls.expiry", Warn, fmt.Sprintf("the certificate of %s ends on %s, in %d days", u.Host, a.TLS.NotAfter.UTC().Format(time.DateOnly), int(left/certWarnDays)),
			hint("tell who runs the server; a missed renewal stops every client"))
	} else {
		r.add("tls.expiry", Pass, "the certificate of "+u.Host+" is valid until "+a.TLS.NotAfter.UTC().Format(time.DateOnly))
	}
	if r.in.Cert != nil {
		r.clientCert(a, u.Host)
	}
}

// clientCert tells whether the certificate that was configured was wanted.
func (r *run) clientCert(a *wire.Answer, host string) {
	switch {
	case r.in.Cert.NotAfter.Before(r.in.Flow.Now()):
		r.add("tls.client-cert", Fail, "the client certificate ended on "+r.in.Cert.NotAfter.UTC().Format(time.DateOnly), Misconfigured, hint("give a valid one with --client-cert and --client-key"))
	case !a.TLS.AskedClient:
		r.add("tls.client-cert", Info, host+" did not ask for the client certificate")
	default:
		r.add("tls.client-cert", Pass, host+" asked for the client certificate and took it")
	}
}

// clock compares the local clock with the server's.
func (r *run) clock(a *wire.Answer, host string) {
	if a.Date.IsZero() {
		r.add("net.clock", Info, host+" sends no Date, so the clock could not be compared")
		return
	}
	if abs(a.Skew) <= clockWarn {
		r.add("net.clock", Pass, "the clocks agree within "+clockWarn.String())
		return
	}
	status := Warn
	if abs(a.Skew) > clockFail && r.cfg.Method == flow.PrivateKey {
		status = Fail
	}
	r.add("net.clock", status, skewed(a)+" that of "+host, hint("set the clock of this machine by NTP, then try again"))
}

// skewed says by how much the local clock is off, as the start of a sentence.
func skewed(a *wire.Answer) string {
	way := "ahead of"
	if a.Skew < 0 {
		way = "behind"
	}
	return fmt.Sprintf("the clock here is %s %s", abs(a.Skew).Round(time.Second), way)
}

func abs(d time.Duration) time.Duration {
	if d < 0 {
		return -d
	}
	return d
}

// unreachable reports a request that got no answer; the run cannot tell then.
// It returns false for another kind of error.
func (r *run) unreachable(err error) bool {
	var f *wire.Failure
	if !errors.As(err, &f) {
		return false
	}
	id := "net.connect"
	switch f.Hop {
	case wire.HopDNS:
		id = "net.dns"
	case wire.HopTLS:
		id = "tls.chain"
	case wire.HopVersion:
		id = "tls.version"
	case wire.HopConnect, wire.HopProxy, wire.HopTimeout, wire.HopBroken:
	}
	evidence := []string{"hop " + string(f.Hop)}
	if r.in.Proxy != "" {
		evidence = append(evidence, "proxy "+r.in.Proxy)
	}
	do := f.Do
	if f.Hop == wire.HopTimeout && r.reported("tok.accepted") {
		do += "; gateways of practices were seen to take 40 to 60 s"
	}
	r.add(id, Unknown, f.What, hint(do), CannotTell, evidence)
	return true
}

// facts are the short facts of an answer that every check about it shows.
func facts(a *wire.Answer) []string {
	if a == nil {
		return nil
	}
	out := []string{fmt.Sprintf("%s %s: status %d", a.Method, a.URL, a.Status)}
	if a.RequestID != "" {
		out = append(out, "x-request-id "+a.RequestID)
	}
	return out
}
