package flow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
)

// Limits of the listener. It serves one browser on this machine: whoever is
// slower than this is none.
const (
	callbackHeaderTime = 5 * time.Second
	callbackReadTime   = 10 * time.Second
	callbackWriteTime  = 90 * time.Second // a launch is answered after discovery was read
	callbackCloseTime  = 500 * time.Millisecond
	callbackHeaderSize = 32 << 10
)

// Callback listens on this machine for the answer of the authorization server
// (RFC 8252 7.3 and 8). It takes one answer, by GET, on the exact path, under
// the exact host name; its pages are fixed texts that hold nothing of the answer.
type Callback struct {
	// URL is the redirect_uri to send: as it was given, with the port that was
	// chosen where none, or 0, was given.
	URL string
	// Localhost is true where the redirect address names localhost instead of an
	// address: another program may answer to that name (RFC 8252 8.3).
	Localhost bool

	host, path string // what a request has to name
	server     *http.Server
	listeners  []net.Listener
	answers    chan Answer // holds the one answer

	mu       sync.Mutex
	answered bool
	launch   *launches
}

// Listen starts to listen on redirectURL: http, on a loopback address or
// localhost, without query and fragment. Without a port, or with port 0, the
// system chooses one. A redirect address of another kind and a port that is
// taken are an *exit.Error with exit.Usage. The caller closes the Callback.
func Listen(ctx context.Context, redirectURL string) (*Callback, error) {
	u, err := loopbackRedirect(redirectURL)
	if err != nil {
		return nil, err
	}
	c := &Callback{URL: redirectURL, Localhost: strings.EqualFold(u.Hostname(), "localhost"), answers: make(chan Answer, 1)}
	port := u.Port()
	if port == "" {
		port = "0"
	}
	listeners, err := listenLoopback(ctx, u.Hostname(), port)
	if err != nil {
		return nil, err
	}
	if port == "0" {
		_, chosen, _ := net.SplitHostPort(listeners[0].Addr().String())
		u.Host = net.JoinHostPort(u.Hostname(), chosen)
		c.URL = u.String()
	}
	c.host, c.path, c.listeners = net.JoinHostPort(asBrowsersWrite(u.Hostname()), u.Port()), pathOf(u), listeners
	c.server = &http.Server{
		Handler:           c,
		ReadHeaderTimeout: callbackHeaderTime,
		ReadTimeout:       callbackReadTime,
		WriteTimeout:      callbackWriteTime,
		IdleTimeout:       callbackHeaderTime,
		MaxHeaderBytes:    callbackHeaderSize,
		ErrorLog:          log.New(io.Discard, "", 0), // it would print addresses of requests
	}
	c.server.SetKeepAlivesEnabled(false)
	for _, l := range listeners {
		go func() { _ = c.server.Serve(l) }() // ends with Close; a broken listener shows as a time-out of Wait
	}
	return c, nil
}

// Wait returns the answer. Where ctx ends first, the error is an *exit.Error
// with exit.SignIn after a time-out, and wraps ctx.Err().
func (c *Callback) Wait(ctx context.Context) (Answer, error) {
	select {
	case a := <-c.answers:
		return a, nil
	case <-ctx.Done():
		return Answer{}, waitEnded(ctx)
	}
}

func waitEnded(ctx context.Context) error {
	err := ctx.Err()
	if errors.Is(err, context.DeadlineExceeded) {
		return &exit.Error{Code: exit.SignIn, Err: err, Problems: []exit.Problem{{
			What: "no answer of the sign-in came in time", Do: "start again and complete the sign-in in the browser, or use --no-browser"}}}
	}
	return fmt.Errorf("waiting for the sign-in: %w", err)
}

// Close stops listening. A page that is being sent is sent to its end, for half
// a second at most: browsers open connections that they never use.
func (c *Callback) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), callbackCloseTime)
	defer cancel()
	if err := c.server.Shutdown(ctx); err != nil {
		return c.server.Close()
	}
	return nil
}

// ServeHTTP is the listener's one handler. The Host header must be the redirect
// address's own, so that a foreign name that resolves to this machine (DNS
// rebinding) gets nothing.
func (c *Callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !c.hostFits(r.Host) {
		writePage(w, http.StatusMisdirectedRequest, pageHost)
		return
	}
	launch := c.launching()
	path := pathOf(r.URL)
	isLaunch := launch != nil && path == launch.path
	switch {
	case !isLaunch && path != c.path:
		writePage(w, http.StatusNotFound, pageNotFound)
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		writePage(w, http.StatusMethodNotAllowed, pageMethod)
	case isLaunch:
		launch.serve(w, r)
	default:
		c.take(w, r)
	}
}

// take accepts the first answer. A request that answers nothing does not count.
func (c *Callback) take(w http.ResponseWriter, r *http.Request) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		writePage(w, http.StatusBadRequest, pageNoAnswer)
		return
	}
	a, ok := answerOf(query)
	if !ok {
		writePage(w, http.StatusBadRequest, pageNoAnswer)
		return
	}
	c.mu.Lock()
	asked, first := c.launch == nil || c.launch.started.Load() > 0, !c.answered
	c.answered = c.answered || asked
	c.mu.Unlock()
	if !asked { // nobody was sent to the authorization server yet
		writePage(w, http.StatusBadRequest, pageNoAnswer)
		return
	}
	if !first {
		writePage(w, http.StatusGone, pageUsed)
		return
	}
	page := pageDone
	if a.HasError || a.Code.Empty() {
		page = pageRefused
	}
	writePage(w, http.StatusOK, page)
	c.answers <- a // never blocks: there is room for one, and one is sent
}

// hostFits compares the Host header with the redirect address. A browser leaves
// the default port out.
func (c *Callback) hostFits(host string) bool {
	return strings.EqualFold(host, c.host) || strings.EqualFold(host+":80", c.host)
}
