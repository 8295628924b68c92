package flow

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/testkit"
)

// browser follows no redirect, so that a test sees each answer.
func browser() *http.Client {
	return &http.Client{
		Transport:     testkit.LoopbackOnly(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// visited is what a browser saw.
type visited struct {
	status int
	header http.Header
	body   string
}

func visit(t *testing.T, method, address, host string) visited {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	answer, err := browser().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return visited{answer.StatusCode, answer.Header, string(body)}
}

func listening(t *testing.T, redirect string) *Callback {
	t.Helper()
	c, err := Listen(t.Context(), redirect)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func waited(t *testing.T, c *Callback) Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	a, err := c.Wait(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// safePage holds what is true of every page of the listener.
func safePage(t *testing.T, v visited) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
		"X-Content-Type-Options": "nosniff", "Content-Type": "text/html; charset=utf-8",
	} {
		if got := v.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if csp := v.header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none';") {
		t.Errorf("Content-Security-Policy is %q", csp)
	}
	if !strings.Contains(v.body, "<h1>") || strings.Contains(v.body, "{") {
		t.Errorf("not a finished page: %s", v.body)
	}
	for _, part := range []string{"canary", "<script", "src=", "href=", "http:"} {
		if strings.Contains(v.body, part) || strings.Contains(fmt.Sprint(v.header), "canary") {
			t.Errorf("the page holds %s or the request: %s", part, v.body)
		}
	}
}

func TestCallbackTakesOneAnswer(t *testing.T) {
	c := listening(t, "http://127.0.0.1/callback")
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() != "127.0.0.1" || u.Port() == "" || u.Path != "/callback" || c.Localhost {
		t.Fatalf("the real redirect address is %q", c.URL)
	}
	root := "http://" + u.Host
	steps := []struct {
		name, method, address, host string
		status                      int
		words                       string
	}{
		{"root", "GET", root + "/?code=x-canary&state=y-canary", "", 404, "Not found"},
		{"icon", "GET", root + "/favicon.ico", "", 404, "Not found"},
		{"below the path", "GET", c.URL + "/?code=x-canary&state=y-canary", "", 404, "Not found"},
		{"path in another case", "GET", root + "/Callback?code=x-canary&state=y-canary", "", 404, "Not found"},
		{"path in another spelling", "GET", root + "/c%61llback?code=x-canary&state=y-canary", "", 404, "Not found"},
		{"POST", "POST", c.URL + "?code=x-canary&state=y-canary", "", 405, "Not allowed"},
		{"HEAD", "HEAD", c.URL + "?code=x-canary&state=y-canary", "", 405, ""},
		{"foreign host", "GET", c.URL + "?code=x-canary&state=y-canary", "rebound-canary.example", 421, "Wrong address"},
		{"foreign host with the port", "GET", c.URL + "?code=x-canary&state=y-canary", "rebound.example:" + u.Port(), 421, "Wrong address"},
		{"another port", "GET", c.URL + "?code=x-canary&state=y-canary", "127.0.0.1:1", 421, "Wrong address"},
		{"localhost for an address", "GET", c.URL + "?code=x-canary&state=y-canary", "localhost:" + u.Port(), 421, "Wrong address"},
		{"nothing in it", "GET", c.URL, "", 400, "No answer"},
		{"no answer in it", "GET", c.URL + "?state=y-canary", "", 400, "No answer"},
		{"broken query", "GET", c.URL + "?code=%zzcanary", "", 400, "No answer"},
		{"the answer", "GET", c.URL + "?code=c-canary&state=s-canary", "", 200, "go back to the terminal"},
		{"again", "GET", c.URL + "?code=c-canary&state=s-canary", "", 410, "Already used"},
		{"another one", "GET", c.URL + "?code=d-canary&state=s-canary", "", 410, "Already used"},
	}
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			v := visit(t, s.method, s.address, s.host)
			if v.status != s.status || !strings.Contains(v.body, s.words) {
				t.Errorf("status %d, want %d; page %s", v.status, s.status, v.body)
			}
			if s.method != "HEAD" {
				safePage(t, v)
			}
			if s.status == 405 && v.header.Get("Allow") != "GET" {
				t.Error("the allowed method is not named")
			}
		})
	}
	if a := waited(t, c); a.Code.Reveal() != "c-canary" || a.State.Reveal() != "s-canary" || a.HasError {
		t.Error("the answer is not the one that counted")
	}
}

func TestCallbackErrorPage(t *testing.T) {
	c := listening(t, "http://127.0.0.1:0/")
	v := visit(t, "GET", c.URL+"?error=access_denied&error_description=d-canary&state=s-canary", "")
	safePage(t, v)
	if v.status != 200 || !strings.Contains(v.body, "The sign-in was not completed") {
		t.Errorf("status %d, page %s", v.status, v.body)
	}
	if a := waited(t, c); !a.HasError || a.ErrorCode != "access_denied" || a.Description != "d-canary" {
		t.Error("the error of the server is lost")
	}
}

func TestCallbackOnLocalhostAndIPv6(t *testing.T) {
	c := listening(t, "http://LOCALHOST/cb")
	if !c.Localhost {
		t.Error("localhost must be reported: the caller warns")
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	// Both addresses that the name stands for belong to the listener.
	for i, address := range []string{"127.0.0.1", "[::1]"} {
		if i == 1 && len(c.listeners) == 1 {
			continue // no IPv6 here
		}
		v := visit(t, "GET", "http://"+address+":"+u.Port()+"/cb", "localhost:"+u.Port())
		if v.status != 400 {
			t.Errorf("%s answers %d", address, v.status)
		}
	}
	six, err := Listen(t.Context(), "http://[::1]/cb")
	if err != nil {
		t.Skip("no IPv6 on this machine")
	}
	defer func() { _ = six.Close() }()
	long := listening(t, "http://[0:0:0:0:0:0:0:1]/cb")
	if v := visit(t, "GET", long.URL, long.host); v.status != 400 || !strings.HasPrefix(long.host, "[::1]:") {
		t.Errorf("%s answers %d", long.URL, v.status)
	}
	if v := visit(t, "GET", six.URL, ""); v.status != 400 || !strings.HasPrefix(six.URL, "http://[::1]:") {
		t.Errorf("%s answers %d", six.URL, v.status)
	}
}

func TestListenRefusesWhatIsNoLoopbackRedirect(t *testing.T) {
	for address, want := range map[string]string{
		"https://127.0.0.1:8400/cb":            "not http",
		"http://app.example/cb-canary":         "not an address of this machine",
		"http://0.0.0.0:0/cb":                  "not an address of this machine",
		"http://10.0.0.1/cb":                   "not an address of this machine",
		"http://[::ffff:127.0.0.1]/cb":         "not an address of this machine",
		"http://127.0.0.1.canary.example/cb":   "not an address of this machine",
		"http://localhost.canary.example/cb":   "not an address of this machine",
		"http://user:p-canary@127.0.0.1/cb":    "nothing else",
		"http://127.0.0.1/cb?x=canary":         "nothing else",
		"http://127.0.0.1/cb#canary":           "nothing else",
		"http://127.0.0.1:70000/cb":            "between 1 and 65535",
		"http://127.0.0.1:08400/cb":            "between 1 and 65535",
		"/cb":                                  "no absolute",
		"":                                     "no absolute",
		"http://127.0.0.1:canary/cb":           "no absolute",
		"urn:ietf:wg:oauth:2.0:oob":            "no absolute",
		"com.example.canary:/oauth2/redirect":  "no absolute",
		"http://[::1%25lo]/cb":                 "not an address of this machine",
		"http://2130706433/cb":                 "not an address of this machine",
		"http://127.1/cb":                      "not an address of this machine",
		"http://127.0.0.1\n.canary.example/cb": "no absolute",
	} {
		c, err := Listen(t.Context(), address)
		if err == nil {
			_ = c.Close()
		}
		if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestListenNamesABusyPort(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "localhost"} {
		taken := listening(t, "http://"+host+"/cb")
		_, err := Listen(t.Context(), taken.URL)
		if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "in use") || !strings.Contains(err.Error(), "--no-browser") {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestLocalhostIsRefusedWhereAnotherProgramHoldsItsOtherAddress(t *testing.T) {
	six, err := Listen(t.Context(), "http://[::1]/cb")
	if err != nil {
		t.Skip("no IPv6 on this machine")
	}
	defer func() { _ = six.Close() }()
	c, err := Listen(t.Context(), strings.Replace(six.URL, "[::1]", "localhost", 1))
	if err == nil {
		_ = c.Close()
	}
	if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "in use") {
		t.Errorf("that program could get the code: %v", err)
	}
}

func TestListenKeepsTheSpellingOfAFixedPort(t *testing.T) {
	free := listening(t, "http://127.0.0.1/cb")
	fixed := free.URL
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := Listen(t.Context(), fixed)
	if err != nil {
		t.Skip("the port was taken in between")
	}
	defer func() { _ = c.Close() }()
	if c.URL != fixed {
		t.Errorf("the address is %q, registered is %q", c.URL, fixed)
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	c := listening(t, "http://127.0.0.1/cb")
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := c.Wait(ctx); exit.Of(err) != exit.SignIn || !strings.Contains(err.Error(), "in time") {
		t.Errorf("time-out: %v", err)
	}
	gone, stop := context.WithCancel(t.Context())
	stop()
	if _, err := c.Wait(gone); err == nil || !strings.Contains(err.Error(), context.Canceled.Error()) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestCloseStopsListening(t *testing.T) {
	c := listening(t, "http://127.0.0.1/cb")
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), "GET", c.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := browser().Do(r); err == nil {
		_ = answer.Body.Close()
		t.Error("a closed listener answers")
	}
}

func TestHugeAndBrokenRequestsDoNotCount(t *testing.T) {
	c := listening(t, "http://127.0.0.1/cb")
	address := strings.TrimPrefix(strings.TrimSuffix(c.URL, "/cb"), "http://")
	for _, request := range []string{
		"GET /cb?code=" + strings.Repeat("x", 64<<10) + " HTTP/1.1\r\nHost: " + address + "\r\n\r\n",
		"GET /cb?code=x&state=y HTTP/1.1\r\n\r\n",
		"GET /cb?code=x&state=y HTTP/1.0\r\n\r\n",
		"GET http://rebound.example/cb?code=x&state=y HTTP/1.1\r\nHost: " + address + "\r\n\r\n",
	} {
		if status := raw(t, address, request); status < 400 {
			t.Errorf("%.60q was answered with %d", request, status)
		}
	}
	if c.answered {
		t.Error("one of them counted")
	}
}

// raw sends bytes and returns the status of the answer.
func raw(t *testing.T, address, request string) int {
	t.Helper()
	var d net.Dialer
	conn, err := d.DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	go func() { _, _ = io.WriteString(conn, request) }()
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
