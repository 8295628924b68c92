package wire

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
)

func TestProxyFromEnv(t *testing.T) {
	const p = "http://proxy.example.test:3128"
	cases := []struct {
		name string
		env  map[string]string
		url  string
		want string // "" none, "error"
	}{
		{"none", nil, "https://a.example.test", ""},
		{"https", map[string]string{"HTTPS_PROXY": p}, "https://a.example.test", p},
		{"https is not for http", map[string]string{"HTTPS_PROXY": p}, "http://a.example.test", ""},
		{"http", map[string]string{"HTTP_PROXY": p}, "http://a.example.test", p},
		{"http under CGI", map[string]string{"HTTP_PROXY": p, "REQUEST_METHOD": "GET"}, "http://a.example.test", ""},
		{"small letters", map[string]string{"https_proxy": p}, "https://a.example.test", p},
		{"capitals win", map[string]string{"https_proxy": "http://other.example.test:1", "HTTPS_PROXY": p}, "https://a.example.test", p},
		{"ALL_PROXY is not read", map[string]string{"ALL_PROXY": p}, "https://a.example.test", ""},
		{"no scheme", map[string]string{"HTTPS_PROXY": "proxy.example.test:3128"}, "https://a.example.test", p},
		{"socks", map[string]string{"HTTPS_PROXY": "socks5://proxy.example.test:1080"}, "https://a.example.test", "socks5://proxy.example.test:1080"},
		{"path and query are dropped", map[string]string{"HTTPS_PROXY": p + "/x?y"}, "https://a.example.test", p},
		{"loopback name", map[string]string{"HTTPS_PROXY": p}, "https://localhost:8443", ""},
		{"loopback address", map[string]string{"HTTPS_PROXY": p}, "https://127.8.0.1", ""},
		{"loopback v6", map[string]string{"HTTPS_PROXY": p}, "https://[::1]:1", ""},
		{"nonsense", map[string]string{"HTTPS_PROXY": "http://u:canary@%zz"}, "https://a.example.test", "error"},
		{"other scheme", map[string]string{"HTTPS_PROXY": "ftp://proxy.example.test"}, "https://a.example.test", "error"},
		{"no host", map[string]string{"HTTPS_PROXY": "http://:3128"}, "https://a.example.test", "error"},
	}
	for _, c := range cases {
		u, _ := url.Parse(c.url)
		got, err := ProxyFromEnv(func(k string) string { return c.env[k] })(u)
		text := ""
		if got != nil {
			text = got.String()
		}
		if err != nil {
			text = "error"
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("%s: the error shows the password: %v", c.name, err)
			}
		}
		if text != c.want {
			t.Errorf("%s: %q, want %q", c.name, text, c.want)
		}
	}
}

func TestNoProxy(t *testing.T) {
	cases := []struct {
		list, url string
		direct    bool
	}{
		{"", "https://a.example.test", false},
		{"*", "https://a.example.test", true},
		{"x.test, *", "https://a.example.test", true},
		{"a.example.test", "https://A.example.test", true},
		{"example.test", "https://a.example.test", true},
		{"example.test", "https://badexample.test", false},
		{".example.test", "https://a.example.test", true},
		{".example.test", "https://example.test", false},
		{"*.example.test", "https://a.example.test", true},
		{"*.example.test", "https://example.test", false},
		{"a.example.test:443", "https://a.example.test", true},
		{"a.example.test:8443", "https://a.example.test", false},
		{"a.example.test:8443", "https://a.example.test:8443", true},
		{"10.0.0.0/8", "https://10.2.3.4", true},
		{"10.0.0.0/8", "https://11.2.3.4", false},
		{"10.0.0.0/8", "https://ten.example.test", false},
		{"10.1.2.3", "https://10.1.2.3", true},
		{"10.1.2.3:80", "https://10.1.2.3", false},
		{"2001:db8::/32", "https://[2001:db8::1]", true},
		{"[2001:db8::1]:443", "https://[2001:db8::1]", true},
		{"2001:db8::1", "https://[2001:db8::1]", true},
		{" ,.,:80,*", "https://a.example.test", true},
		{" ,.,:80", "https://a.example.test", false},
		{"2.3.4", "https://1.2.3.4", false}, // an address has no suffixes
	}
	for _, c := range cases {
		env := map[string]string{"HTTPS_PROXY": "http://proxy.example.test:3128", "no_proxy": c.list}
		u, _ := url.Parse(c.url)
		got, err := ProxyFromEnv(func(k string) string { return env[k] })(u)
		if err != nil || (got == nil) != c.direct {
			t.Errorf("NO_PROXY=%q, %s: proxy %v, %v; want direct %v", c.list, c.url, got, err, c.direct)
		}
	}
}

func FuzzNoProxy(f *testing.F) {
	f.Add("a.b:1, *.c,10.0.0.0/8,[::1]:4", "https://x.c")
	f.Add("::,/,[,]:,*:*", "https://[::1]:x")
	f.Fuzz(func(t *testing.T, list, address string) {
		u, err := url.Parse(address)
		if err != nil {
			return
		}
		env := map[string]string{"HTTPS_PROXY": "http://p.example.test:1", "NO_PROXY": list}
		got, err := ProxyFromEnv(func(k string) string { return env[k] })(u)
		if err != nil || (got != nil && (u.Scheme != "https" || endpoint.LoopbackHost(u.Hostname()))) {
			t.Errorf("%q %q: %v, %v", list, address, got, err)
		}
	})
}

func TestProxySettings(t *testing.T) {
	env := map[string]string{"HTTPS_PROXY": "http://user:pa%20ss@p.example.test:1", "http_proxy": "p.example.test:2"}
	got := ProxySettings(func(k string) string { return env[k] })
	if len(got) != 2 || got[0].Reveal() != env["HTTPS_PROXY"] || got[1].Reveal() != env["http_proxy"] {
		t.Errorf("%d settings", len(got))
	}
}

// proxyAt routes everything through a proxy on this machine.
func proxyAt(address string) func(*url.URL) (*url.URL, error) {
	return func(*url.URL) (*url.URL, error) {
		return &url.URL{Scheme: "http", Host: address, User: url.UserPassword("user", "canary-password")}, nil
	}
}

func TestProxyFailuresNameTheProxyWithoutItsPassword(t *testing.T) {
	wants := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(407) }))
	forbids := serve(t, respond(403, "text/html", "canary-words of the proxy"))
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	cases := []struct{ name, proxy, target, want string }{
		{"407", wants.Listener.Addr().String(), "https://api.example.test/x", "407"},
		{"407 plain", wants.Listener.Addr().String(), "http://127.0.0.1:1/x", "407"},
		{"403", forbids.Listener.Addr().String(), "https://api.example.test/x", "403"},
		{"refused", closed.Addr().String(), "https://api.example.test/x", "no connection"},
	}
	for _, c := range cases {
		var trace lines
		w := client(t, Options{Proxy: proxyAt(c.proxy), Trace: trace.add, Redact: masker("none")})
		_, err := get(t, w, API, c.target)
		f := failed(t, err, HopProxy, c.want, "http://"+c.proxy)
		if all := f.Error() + trace.String(); strings.Contains(all, "canary") {
			t.Errorf("%s: %s", c.name, all)
		}
	}
	broken := func(*url.URL) (*url.URL, error) { return nil, errProxy }
	_, err = get(t, client(t, Options{Proxy: broken}), API, "https://api.example.test/x")
	failed(t, err, HopProxy, "nothing was sent", "HTTPS_PROXY")
}

func TestTunnelThroughAProxy(t *testing.T) {
	ca := issue(t, nil, nil)
	s := secure(t, issue(t, &ca, nil), nil, respond(200, "text/plain", "inside"))
	var auth string
	proxy := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		auth = r.Header.Get("Proxy-Authorization")
		up, err := net.Dial("tcp", r.Host)
		if err != nil {
			t.Error(err)
			return
		}
		defer up.Close()
		w.WriteHeader(200)
		down, rest, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer down.Close()
		go func() { _, _ = io.Copy(up, rest) }()
		_, _ = io.Copy(down, up)
	}))
	c := client(t, Options{CA: ca.pem(), Proxy: proxyAt(proxy.Listener.Addr().String())})
	a, err := get(t, c, API, s.URL)
	if err != nil || string(a.Body) != "inside" || !strings.HasPrefix(auth, "Basic ") || c.Requests() != 1 {
		t.Errorf("%+v, %v, auth %q", a, err, auth)
	}
	// An unknown CA behind a proxy names the proxy, for it may be the one who signs.
	_, err = get(t, client(t, Options{Proxy: proxyAt(proxy.Listener.Addr().String())}), API, s.URL)
	if f := failed(t, err, HopTLS, "--ca-file", proxy.Listener.Addr().String()); strings.Contains(f.Error(), "canary") {
		t.Error(f.Error())
	}
}
