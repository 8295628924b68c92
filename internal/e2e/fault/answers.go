// Package fault answers as no server should: wrong status, wrong shape, wrong
// place, or not at all. Each handler is one fault; Server puts them where a
// good answer would stand.
package fault

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Answer is a fixed answer.
type Answer struct {
	Status int // 0 is 200
	Type   string
	Body   string
	Header map[string]string
}

// ServeHTTP gives the answer.
func (a Answer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	for name, value := range a.Header {
		w.Header().Set(name, value)
	}
	if a.Type != "" {
		w.Header().Set("Content-Type", a.Type)
	}
	w.Header().Set("X-Request-Id", RequestID)
	if a.Status == 0 {
		a.Status = http.StatusOK
	}
	w.WriteHeader(a.Status)
	_, _ = io.WriteString(w, a.Body)
}

// RequestID is the x-request-id of every answer of this package.
const RequestID = "e2e-request-7f3a"

// JSON is an answer with a JSON body.
func JSON(status int, body string) Answer {
	return Answer{Status: status, Type: "application/json", Body: body}
}

// Empty is an answer without a body.
func Empty(status int) Answer { return Answer{Status: status} }

// HTML is a page of a gateway.
func HTML(status int) Answer {
	return Answer{Status: status, Type: "text/html", Body: "<!DOCTYPE html><html><head><title>" + http.StatusText(status) +
		"</title></head><body><h1>Please come back later</h1></body></html>"}
}

// Hang never answers.
func Hang() http.HandlerFunc {
	return func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
}

// Cut ends the connection in the middle of the answer.
func Cut() http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"access_token":"`)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// Redirect sends the client elsewhere.
func Redirect(status int, to string) Answer {
	return Answer{Status: status, Header: map[string]string{"Location": to}}
}

// Late answers with a Date header that is off by a time.
func Late(by time.Duration, next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(by).UTC().Format(http.TimeFormat))
		next.ServeHTTP(w, r)
	}
}

// Huge answers with a JSON text of about so many bytes.
func Huge(bytes int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"`)
		block := strings.Repeat("A", 1<<16)
		for sent := 0; sent < bytes; sent += len(block) {
			if _, err := io.WriteString(w, block); err != nil {
				return
			}
		}
		_, _ = io.WriteString(w, `","token_type":"Bearer","expires_in":3600}`)
	}
}

// An Echo puts what the client sent into its error text.
type Echo int

// The kinds of echo.
const (
	Plain   Echo = iota // the secret as it is
	Encoded             // the form as it was sent
	Percent             // the secret with %20 for a space
	Basic               // the Authorization header, or what it would have been
	Padded              // base64 of a longer text with the secret inside
	Hex                 // the secret in hexadecimal
	Twice               // the form, encoded once more
	Unicode             // every character of the secret as \\u0000 in JSON
	Page                // the secret in an HTML page
	Headers             // the secret, encoded in several ways, in headers
	Wrapped             // base64 of the secret, broken into lines
)

// Echoes refuses with 401 invalid_client and the echo as description.
func Echoes(kind Echo) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		id, secret := form.Get("client_id"), form.Get("client_secret")
		if user, password, ok := r.BasicAuth(); ok && secret == "" {
			id, _ = url.QueryUnescape(user)
			secret, _ = url.QueryUnescape(password)
		}
		text := secret
		switch kind {
		case Plain:
		case Encoded:
			text = string(body)
		case Percent:
			text = strings.ReplaceAll(url.QueryEscape(secret), "+", "%20")
		case Basic:
			text = "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
			if sent := r.Header.Get("Authorization"); sent != "" {
				text = sent
			}
		case Padded:
			text = base64.URLEncoding.EncodeToString([]byte("user=" + id + "&password=" + secret + "&end"))
		case Hex:
			text = fmt.Sprintf("%x", secret)
		case Twice:
			text = url.QueryEscape(string(body))
		case Unicode:
			var b strings.Builder
			for _, r := range secret {
				fmt.Fprintf(&b, `\u%04x`, r)
			}
			JSON(http.StatusUnauthorized, `{"error":"invalid_client","error_description":"`+b.String()+`"}`).ServeHTTP(w, r)
			return
		case Page:
			Answer{Status: http.StatusUnauthorized, Type: "text/html",
				Body: "<html><body><p>" + html.EscapeString(secret) + "</p></body></html>"}.ServeHTTP(w, r)
			return
		case Headers:
			w.Header().Set("WWW-Authenticate", `Basic realm="`+url.QueryEscape(secret)+`"`)
			w.Header().Set("Server", secret)
			w.Header().Set("X-Debug", base64.StdEncoding.EncodeToString([]byte(id+":"+secret)))
			w.Header().Set("Set-Cookie", "last="+hex.EncodeToString([]byte(secret)))
			text = "see the headers"
		case Wrapped:
			coded := base64.StdEncoding.EncodeToString([]byte(id + ":" + secret))
			text = coded[:len(coded)/2] + `\n` + coded[len(coded)/2:]
			JSON(http.StatusUnauthorized, `{"error":"invalid_client","error_description":"`+text+`"}`).ServeHTTP(w, r)
			return
		}
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace("bad request: " + text)
		JSON(http.StatusUnauthorized, `{"error":"invalid_client","error_description":"`+quoted+`"}`).ServeHTTP(w, r)
	}
}
