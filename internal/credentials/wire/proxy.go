package wire

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/secret"
)

// errProxy says nothing of the setting, which may hold a password.
var errProxy = errors.New("the proxy setting is not scheme://host:port with http, https or socks5")

// ProxyFromEnv returns the rule of net/http for choosing a proxy: HTTPS_PROXY
// for https, HTTP_PROXY for http, except for the hosts of NO_PROXY; capital
// letters win over small ones, and ALL_PROXY is not read. A loopback address is
// never proxied. The one difference: a setting that cannot be used is an error,
// where net/http goes without the proxy. env is os.Getenv or the like.
func ProxyFromEnv(env func(string) string) func(*url.URL) (*url.URL, error) {
	proxies := map[string]string{"https": either(env, "HTTPS_PROXY"), "http": either(env, "HTTP_PROXY")}
	if env("REQUEST_METHOD") != "" { // under CGI, HTTP_PROXY comes from a request header
		delete(proxies, "http")
	}
	except := exceptions(either(env, "NO_PROXY"))
	return func(u *url.URL) (*url.URL, error) {
		setting := proxies[u.Scheme]
		if setting == "" || endpoint.LoopbackHost(u.Hostname()) {
			return nil, nil
		}
		for _, e := range except {
			if e.covers(u) {
				return nil, nil
			}
		}
		return parseProxy(setting)
	}
}

// ProxySettings returns the settings that ProxyFromEnv may use, passwords
// included, so that the redactor can know them (Redactor.LearnProxy).
func ProxySettings(env func(string) string) []secret.Value {
	var found []secret.Value
	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY"} {
		if setting := either(env, name); setting != "" {
			found = append(found, secret.New(setting))
		}
	}
	return found
}

func either(env func(string) string, name string) string {
	if v := env(name); v != "" {
		return v
	}
	return env(strings.ToLower(name))
}

// parseProxy reads an address, or host:port, which means http.
func parseProxy(setting string) (*url.URL, error) {
	if !strings.Contains(setting, "://") {
		setting = "http://" + setting
	}
	u, err := url.Parse(setting)
	if err != nil || u.Hostname() == "" {
		return nil, errProxy
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		return &url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host}, nil
	}
	return nil, errProxy
}

// exception is one entry of NO_PROXY.
type exception struct {
	all    bool
	within netip.Prefix // an address or a CIDR block
	domain string       // with a leading dot
	itself bool         // the domain too, not only what is below it
	port   string       // "" means every port
}

// exceptions reads NO_PROXY: host, .suffix, *.suffix, address, CIDR block, each
// with an optional port, or * for all. What cannot be read is left out.
func exceptions(list string) []exception {
	var out []exception
	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.ToLower(strings.TrimSpace(entry))
		if entry == "*" {
			return []exception{{all: true}}
		}
		if block, err := netip.ParsePrefix(entry); err == nil {
			out = append(out, exception{within: block.Masked()})
			continue
		}
		host, port, err := net.SplitHostPort(entry)
		if err != nil {
			host, port = strings.TrimSuffix(strings.TrimPrefix(entry, "["), "]"), ""
		}
		if ip, err := netip.ParseAddr(host); err == nil {
			ip = ip.Unmap()
			out = append(out, exception{within: netip.PrefixFrom(ip, ip.BitLen()), port: port})
			continue
		}
		host = strings.TrimPrefix(host, "*")
		if host == "" || host == "." {
			continue
		}
		e := exception{domain: host, port: port}
		if !strings.HasPrefix(host, ".") {
			e.domain, e.itself = "."+host, true
		}
		out = append(out, e)
	}
	return out
}

// covers tells whether an entry takes an address out of proxying.
func (e exception) covers(u *url.URL) bool {
	if e.all {
		return true
	}
	host, port, err := net.SplitHostPort(hostPort(u))
	if err != nil || (e.port != "" && e.port != port) {
		return false
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return e.within.IsValid() && e.within.Contains(ip.Unmap())
	}
	host = strings.ToLower(host)
	return e.domain != "" && (strings.HasSuffix(host, e.domain) || (e.itself && host == e.domain[1:]))
}
