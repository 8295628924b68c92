package loopback

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// An Exchange is one request with its answer, both as they were on the wire.
type Exchange struct {
	Method, Host, Path, Query string
	Header                    http.Header
	Body                      []byte
	Status                    int // 0: the connection was cut
	AnswerHeader              http.Header
	Answer                    []byte // at most 1 MiB of it
	Took                      time.Duration
}

// Form reads the body as a form; nil where it is none.
func (e Exchange) Form() url.Values {
	form, err := url.ParseQuery(string(e.Body))
	if err != nil {
		return nil
	}
	return form
}

// A Tape records every exchange of a server. The zero value is ready.
type Tape struct {
	mu   sync.Mutex
	seen []Exchange
}

// Over returns the handler with the recorder in front.
func (t *Tape) Over(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		body, _ := io.ReadAll(http.MaxBytesReader(nil, r.Body, 1<<20))
		r.Body = io.NopCloser(bytes.NewReader(body))
		at := t.begin(Exchange{
			Method: r.Method, Host: r.Host, Path: r.URL.Path, Query: r.URL.RawQuery,
			Header: r.Header.Clone(), Body: body,
		})
		heard := &ear{ResponseWriter: w}
		// Also when the handler panics to cut the connection.
		defer func() { t.end(at, heard, time.Since(start)) }()
		next.ServeHTTP(heard, r)
	})
}

// begin notes a request at once: a server that hangs was asked as well.
func (t *Tape) begin(e Exchange) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen = append(t.seen, e)
	return len(t.seen) - 1
}

func (t *Tape) end(at int, heard *ear, took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := &t.seen[at]
	e.Status, e.Answer, e.AnswerHeader, e.Took = heard.status, heard.body.Bytes(), heard.Header().Clone(), took
}

// All returns the exchanges in the order of their requests.
func (t *Tape) All() []Exchange {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Exchange(nil), t.seen...)
}

// Len returns the number of requests.
func (t *Tape) Len() int { return len(t.All()) }

// Count returns how many requests had the method and a path that ends so.
func (t *Tape) Count(method, ending string) int {
	return len(t.Find(method, ending))
}

// Find returns the exchanges with the method and a path that ends so.
func (t *Tape) Find(method, ending string) []Exchange {
	var found []Exchange
	for _, e := range t.All() {
		if e.Method == method && strings.HasSuffix(e.Path, ending) {
			found = append(found, e)
		}
	}
	return found
}

// Lines lists "METHOD path status", one a request, for failure messages.
func (t *Tape) Lines() string {
	var b strings.Builder
	for _, e := range t.All() {
		b.WriteString("  " + e.Method + " " + e.Path + " " + http.StatusText(e.Status) + "\n")
	}
	return b.String()
}

// Handling returns the time that the handlers took in all.
func (t *Tape) Handling() time.Duration {
	var sum time.Duration
	for _, e := range t.All() {
		sum += e.Took
	}
	return sum
}

// Secrets returns what went over the wire and must be seen nowhere else: codes,
// verifiers, assertions, tokens, passwords, session ids, each once.
func (t *Tape) Secrets() []string {
	found := map[string]bool{}
	for _, e := range t.All() {
		fromForm(found, e.Form())
		fromForm(found, queryOf(e.Query))
		if kind, value, ok := strings.Cut(e.Header.Get("Authorization"), " "); ok && kind != "" {
			found[value] = true
		}
		found[e.Header.Get("X-NG-SessionId")] = true
		found[e.AnswerHeader.Get("X-NG-SessionId")] = true
		if to, err := url.Parse(e.AnswerHeader.Get("Location")); err == nil {
			fromForm(found, to.Query())
		}
		fromJSON(found, e.Answer)
	}
	var list []string
	for value := range found {
		if len(value) >= 8 { // a shorter one is a placeholder of a test
			list = append(list, value)
		}
	}
	return list
}

// sensitive lists the members of forms and JSON answers that are secret.
func sensitive() []string {
	return []string{"client_secret", "client_assertion", "code", "code_verifier", "refresh_token",
		"access_token", "id_token", "token", "password", "patient"}
}

func queryOf(raw string) url.Values {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil
	}
	return values
}

func fromForm(found map[string]bool, form url.Values) {
	for _, name := range sensitive() {
		for _, value := range form[name] {
			found[value] = true
		}
	}
}

func fromJSON(found map[string]bool, body []byte) {
	var object map[string]any
	if json.Unmarshal(body, &object) != nil {
		return
	}
	for _, name := range sensitive() {
		if value, ok := object[name].(string); ok {
			found[value] = true
		}
	}
}

// ear writes an answer and keeps a copy.
type ear struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (e *ear) WriteHeader(status int) {
	e.status = status
	e.ResponseWriter.WriteHeader(status)
}

func (e *ear) Write(b []byte) (int, error) {
	if e.status == 0 {
		e.status = http.StatusOK
	}
	if e.body.Len() < 1<<20 {
		e.body.Write(b)
	}
	return e.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (e *ear) Unwrap() http.ResponseWriter { return e.ResponseWriter }
