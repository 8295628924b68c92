package wire

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestFailuresBeforeTheRequest(t *testing.T) {
	op := func(no syscall.Errno) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", no)}
	}
	cases := []struct {
		name string
		err  error
		hop  Hop
		want string
	}{
		{"no such host", &net.DNSError{Err: "no such host", Name: "api.example.test", IsNotFound: true}, HopDNS, "there is no host"},
		{"name server", &net.DNSError{Err: "server misbehaving", IsTemporary: true}, HopDNS, "could not be looked up"},
		{"refused", op(syscall.ECONNREFUSED), HopConnect, "refused"},
		{"no route", op(syscall.EHOSTUNREACH), HopConnect, "no way"},
		{"no network", op(syscall.ENETUNREACH), HopConnect, "no way"},
		{"system time-out", op(syscall.ETIMEDOUT), HopTimeout, "no connection"},
		{"else", errors.New("canary"), HopConnect, "no connection"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := client(t, Options{Dial: refuseAll(c.err)})
			_, err := get(t, w, API, "https://api.example.test/path?code=canary")
			f := failed(t, err, c.hop, c.want, "api.example.test:443")
			if f.Host != "api.example.test:443" || w.Requests() != 0 || !errors.Is(err, c.err) {
				t.Errorf("%+v, %d requests", f, w.Requests())
			}
			if all := fmt.Sprintf("%v %+v %s", &f, f, f.Err); strings.Contains(all, "canary") {
				t.Errorf("the failure shows what it should not: %s", all)
			}
		})
	}
}

func TestWhatIsNotSentAtAll(t *testing.T) {
	w := client(t, Options{Dial: refuseAll(errors.New("dialled"))})
	for _, address := range []string{"http://api.example.test/x", "ftp://127.0.0.1/", "/relative", "https:///x", "http://127.0.0.1.example.test/"} {
		_, err := get(t, w, Token, address)
		f := failed(t, err, HopConnect, "nothing was sent")
		if !errors.Is(&f, errNotSent) {
			t.Errorf("%s: %v", address, f.Err)
		}
	}
}

func TestAHeaderThatCannotBeSent(t *testing.T) {
	r, _ := http.NewRequest(http.MethodGet, "https://127.0.0.1:1/", http.NoBody)
	r.Header.Set("Authorization", "Bearer canary\nx")
	_, err := client(t, Options{}).Do(t.Context(), API, r)
	if f := failed(t, err, HopConnect, "nothing was sent"); strings.Contains(f.Error(), "canary") {
		t.Error(f.Error())
	}
}

func TestRefusedPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, err = get(t, client(t, Options{}), API, "https://"+l.Addr().String())
	failed(t, err, HopConnect, "refused the connection", l.Addr().String())
}

func TestTimeoutsSayWhere(t *testing.T) {
	const limit = 20 * time.Millisecond
	stop := make(chan struct{})
	defer close(stop)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	headers := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	body := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	cases := []struct{ name, url, want string }{
		{"handshake", "https://" + silent.Addr().String(), "TLS handshake"},
		{"headers", headers.URL, "did not answer within 20 ms"},
		{"body", body.URL, "did not end within 20 ms"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := get(t, client(t, Options{Timeout: limit}), API, c.url)
			failed(t, err, HopTimeout, c.want, "--timeout")
		})
	}
}

func TestClassTimeouts(t *testing.T) {
	if Discovery.timeout() != 20*time.Second || Token.timeout() != 20*time.Second || API.timeout() != time.Minute {
		t.Error("the contract says 20 s, 20 s, 60 s")
	}
	if got := words(20*time.Second) + words(250*time.Millisecond) + words(1500*time.Millisecond); got != "20 s250 ms1.5 s" {
		t.Error(got)
	}
}

func TestCertificatesThatDoNotVerify(t *testing.T) {
	ca := issue(t, nil, nil)
	ok := respond(200, "text/plain", "x")
	good := secure(t, issue(t, &ca, nil), nil, ok)
	_, err := get(t, client(t, Options{}), API, good.URL)
	f := failed(t, err, HopTLS, "Test Root", "--ca-file")
	if strings.Contains(f.Do, "insecure") || strings.Contains(f.Do, "skip") {
		t.Errorf("a remedy must not turn verification off: %s", f.Do)
	}
	if _, err := get(t, client(t, Options{CA: ca.pem()}), API, good.URL); err != nil {
		t.Errorf("with the CA: %v", err)
	}

	named := secure(t, issue(t, &ca, func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"other.example.test"} }), nil, ok)
	_, err = get(t, client(t, Options{CA: ca.pem()}), API, named.URL)
	failed(t, err, HopTLS, "another name", "other.example.test")

	late := func() time.Time { return time.Now().Add(200 * time.Hour) }
	_, err = get(t, client(t, Options{CA: ca.pem(), Now: late}), API, good.URL)
	failed(t, err, HopTLS, "ended on", "clock")
	early := func() time.Time { return time.Now().Add(-200 * time.Hour) }
	_, err = get(t, client(t, Options{CA: ca.pem(), Now: early}), API, good.URL)
	failed(t, err, HopTLS, "begins only on", "clock")
}

func TestOldTLSOnly(t *testing.T) {
	ca := issue(t, nil, nil)
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
		s := secure(t, issue(t, &ca, nil), func(c *tls.Config) { c.MinVersion, c.MaxVersion = version, version }, respond(200, "", ""))
		_, err := get(t, client(t, Options{CA: ca.pem()}), API, s.URL)
		failed(t, err, HopVersion, "TLS 1.2")
	}
	// A server that chooses the old version instead of refusing.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = conn.Read(make([]byte, 4096))
		hello := append([]byte{3, 1}, make([]byte, 32)...)         // version, random
		hello = append(hello, 0, 0xc0, 0x13, 0)                    // no session, suite, no compression
		msg := append([]byte{2, 0, 0, byte(len(hello))}, hello...) // server hello
		_, _ = conn.Write(append([]byte{22, 3, 1, 0, byte(len(msg))}, msg...))
		_, _ = io.Copy(io.Discard, conn)
	}()
	_, err = get(t, client(t, Options{}), API, "https://"+l.Addr().String())
	failed(t, err, HopVersion, "older than 1.2")
}

func TestLegacy(t *testing.T) {
	ca := issue(t, nil, nil)
	cases := []struct {
		name     string
		min, max uint16
		want     []uint16
	}{
		{"modern", tls.VersionTLS12, tls.VersionTLS13, nil},
		{"all", tls.VersionTLS10, tls.VersionTLS13, []uint16{tls.VersionTLS10, tls.VersionTLS11}},
		{"1.1 on", tls.VersionTLS11, tls.VersionTLS13, []uint16{tls.VersionTLS11}},
	}
	for _, c := range cases {
		seen := 0
		s := secure(t, issue(t, &ca, nil), func(k *tls.Config) { k.MinVersion, k.MaxVersion = c.min, c.max },
			http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen++ }))
		for _, pem := range [][]byte{nil, ca.pem()} { // known or unknown CA: the version was chosen
			w := client(t, Options{CA: pem})
			got, err := w.Legacy(t.Context(), s.Listener.Addr().String())
			if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) || seen != 0 || w.Requests() != 0 {
				t.Errorf("%s: %v, %v; %d requests arrived, want none", c.name, got, err, seen)
			}
		}
	}
	_, err := client(t, Options{Dial: refuseAll(&net.DNSError{IsNotFound: true})}).Legacy(t.Context(), "api.example.test:443")
	failed(t, err, HopDNS)
}

func TestPlainHTTPOnAnHTTPSAddress(t *testing.T) {
	s := serve(t, respond(200, "text/plain", "x"))
	_, err := get(t, client(t, Options{}), API, strings.Replace(s.URL, "http:", "https:", 1))
	failed(t, err, HopTLS, "plain HTTP")
}

func TestClientCertificates(t *testing.T) {
	ca := issue(t, nil, nil)
	known := issue(t, &ca, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })
	other := issue(t, nil, nil)
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		s := secure(t, issue(t, &ca, nil), func(c *tls.Config) {
			c.MaxVersion, c.ClientAuth = version, tls.RequireAndVerifyClientCert
			c.ClientCAs = x509.NewCertPool()
			c.ClientCAs.AddCert(ca.cert)
		}, respond(200, "", "x"))
		good, bad := known.tls(), other.tls()

		_, err := get(t, client(t, Options{CA: ca.pem()}), API, s.URL)
		failed(t, err, HopTLS, "client certificate", "--client-cert")
		_, err = get(t, client(t, Options{CA: ca.pem(), Cert: &bad}), API, s.URL)
		failed(t, err, HopTLS, "refused the client certificate")
		a, err := get(t, client(t, Options{CA: ca.pem(), Cert: &good}), API, s.URL)
		if err != nil || !a.TLS.AskedClient {
			t.Errorf("with the certificate: %+v, %v", a, err)
		}
	}
}

func TestBrokenAnswers(t *testing.T) {
	raw := func(text string) string {
		return serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.WriteString(conn, text)
			conn.Close()
		})).URL
	}
	for name, text := range map[string]string{
		"nothing":   "",
		"nonsense":  "canary-nonsense\r\n\r\n",
		"half":      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
		"bad gzip":  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\ncanary",
		"no status": "HTTP/1.1 canary\r\n\r\n",
	} {
		_, err := get(t, client(t, Options{}), API, raw(text))
		f := failed(t, err, HopBroken, "127.0.0.1")
		if all := fmt.Sprintf("%v %s", &f, f.Err); strings.Contains(all, "canary") {
			t.Errorf("%s: the failure repeats the server: %s", name, all)
		}
	}
}

func TestALibraryGetsTheFailure(t *testing.T) {
	w := client(t, Options{Dial: refuseAll(&net.DNSError{IsNotFound: true})})
	_, err := w.HTTP(Token, nil).PostForm("https://api.example.test/token", url.Values{"client_secret": {"x"}}) //nolint:bodyclose // there is none
	failed(t, err, HopDNS)
}
