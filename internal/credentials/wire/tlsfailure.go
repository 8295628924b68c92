package wire

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// tlsFailed names what went wrong with TLS. No remedy ever turns the
// verification off, for ngapi cannot.
func (c *Client) tlsFailed(x *exchange, host string, err error) (hop Hop, what, do string) {
	if what, do = c.badCertificate(x, host, err); what != "" {
		return HopTLS, what, do
	}
	var header tls.RecordHeaderError
	if errors.As(err, &header) || errors.Is(err, http.ErrSchemeMismatch) {
		if errors.Is(err, http.ErrSchemeMismatch) || string(header.RecordHeader[:]) == "HTTP/" {
			return HopTLS, host + " answers plain HTTP, not TLS", "check the port; plain http is for this machine only"
		}
		return HopTLS, host + " does not speak TLS on this port", "check the port"
	}
	if strings.Contains(err.Error(), "tls: server selected unsupported protocol version") {
		return HopVersion, host + " offers only a TLS version older than 1.2", oldTLS
	}
	if what, do = c.alerted(x, host, err); do == oldTLS {
		return HopVersion, what, do
	} else if what != "" {
		return HopTLS, what, do
	}
	switch {
	case x.at() == handshake:
		return HopTLS, "the TLS handshake with " + host + through(x) + " failed",
			"check host and port, and whether something between opens TLS connections; --debug shows more"
	case x.at() == waiting && c.opts.Cert == nil && c.askedClient(x.host):
		return HopTLS, host + " asked for a client certificate, got none and ended the connection", giveCert
	}
	return "", "", ""
}

const (
	oldTLS   = "ask who runs the server to offer TLS 1.2 or 1.3"
	giveCert = "give one with --client-cert and --client-key"
)

// badCertificate names what is wrong with the certificate of the server.
func (c *Client) badCertificate(x *exchange, host string, err error) (what, do string) {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		other   *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &unknown):
		what = "the certificate of " + host + " is signed by an authority that this machine does not know"
		if unknown.Cert != nil {
			what += " (" + c.signer(unknown.Cert) + ")"
		}
		do = "if a company proxy opens TLS connections, give its CA certificate with --ca-file"
		if x.proxy != nil {
			do += "; the proxy in use is " + proxyName(x.proxy)
		}
		return what, do
	case errors.As(err, &name):
		what = "the certificate of " + host + " is for another name"
		if name.Certificate != nil && len(name.Certificate.DNSNames) > 0 {
			what += " (" + c.clean(cut(printable(name.Certificate.DNSNames[0]), 100)) + ")"
		}
		return what, "check the address for a typing error"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		if now := c.opts.Now(); now.Before(invalid.Cert.NotBefore) {
			return "the certificate of " + host + " begins only on " + day(invalid.Cert.NotBefore), "check the clock of this machine, which says " + day(now)
		}
		return "the certificate of " + host + " ended on " + day(invalid.Cert.NotAfter),
			"check the clock of this machine, which says " + day(c.opts.Now()) + "; else tell who runs the server"
	case errors.As(err, &invalid), errors.As(err, &other):
		return "the certificate of " + host + " cannot be verified", "--debug shows why; a private CA is given with --ca-file"
	}
	return "", ""
}

// alerted names what the server said in a TLS alert. The words of an alert are
// those of crypto/tls, chosen by its number.
func (c *Client) alerted(x *exchange, host string, err error) (what, do string) {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || op.Err == nil {
		return "", ""
	}
	alert := strings.TrimPrefix(op.Err.Error(), "tls: ")
	aboutClient := []string{"certificate required", "bad certificate", "unsupported certificate", "revoked certificate",
		"expired certificate", "unknown certificate", "unknown certificate authority", "access denied"}
	switch {
	case alert == "protocol version not supported":
		return host + " refused TLS 1.2 and 1.3", oldTLS
	case slices.Contains(aboutClient, alert) && c.opts.Cert == nil:
		return host + " demands a client certificate", giveCert
	case slices.Contains(aboutClient, alert):
		return host + " refused the client certificate: " + alert, "check that --client-cert is the one registered with the server, and not expired"
	case alert == "handshake failure" && c.opts.Cert == nil && c.askedClient(x.host):
		return host + " asked for a client certificate, got none and ended the handshake", giveCert
	}
	return host + " ended the TLS handshake: " + alert, "check host and port; else tell who runs the server"
}

// signer is who signed a certificate, as the certificate says.
func (c *Client) signer(cert *x509.Certificate) string {
	name := cert.Issuer.CommonName
	if name == "" && len(cert.Issuer.Organization) > 0 {
		name = cert.Issuer.Organization[0]
	}
	if name == "" {
		return "unnamed"
	}
	return cut(c.clean(printable(name)), 100)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
