package loopback

import (
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
)

// A Proxy is an HTTP proxy on loopback. It never connects to anything but the
// one loopback site that it was given, whatever name it is asked for; without a
// site it refuses everything. That makes it the fence of every run as well: a
// request that would leave this machine ends here and is counted.
type Proxy struct {
	URL string

	mu    sync.Mutex
	asked []string // "METHOD host", with the name that was asked for
	login []string // Proxy-Authorization headers
}

// A ProxyRule says how a Proxy answers.
type ProxyRule struct {
	To       string // host and port of the loopback site behind it; "" refuses with Status
	Status   int    // instead of connecting: 403, 407
	Password string // where set, "user:password" in base64 is demanded
}

// NewProxy starts a proxy until the test ends.
func NewProxy(t testing.TB, rule ProxyRule) *Proxy {
	t.Helper()
	if rule.To != "" && !IsLoopback(rule.To) {
		t.Fatalf("the proxy leads to %s, which is not a loopback address", rule.To)
	}
	p := new(Proxy)
	site := Start(t, nil, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.serve(w, r, rule) }))
	p.URL = site.URL
	return p
}

// Asked lists what the proxy was asked for.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.asked...)
}

// Logins lists the credentials that the proxy was given.
func (p *Proxy) Logins() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.login...)
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request, rule ProxyRule) {
	given := r.Header.Get("Proxy-Authorization")
	p.mu.Lock()
	p.asked = append(p.asked, r.Method+" "+r.Host)
	if given != "" {
		p.login = append(p.login, given)
	}
	p.mu.Unlock()
	switch {
	case rule.Status != 0:
		w.Header().Set("Proxy-Authenticate", `Basic realm="e2e"`)
		w.WriteHeader(rule.Status)
	case rule.Password != "" && given != "Basic "+rule.Password:
		w.Header().Set("Proxy-Authenticate", `Basic realm="e2e"`)
		w.WriteHeader(http.StatusProxyAuthRequired)
	case rule.To == "" || r.Method != http.MethodConnect:
		w.WriteHeader(http.StatusForbidden)
	default:
		tunnel(w, rule.To)
	}
}

// tunnel joins the client with the loopback site.
func tunnel(w http.ResponseWriter, to string) {
	out, err := net.Dial("tcp", to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer out.Close()
	in, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer in.Close()
	if _, err := in.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		return
	}
	done := make(chan struct{}, 2)
	go func() { _, _ = io.Copy(out, buffered); done <- struct{}{} }()
	go func() { _, _ = io.Copy(in, out); done <- struct{}{} }()
	<-done
}
