package wire

import (
	"context"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean takes secrets out of a text, where there is a redactor.
func (c *Client) clean(text string) string {
	if c.opts.Redact == nil {
		return text
	}
	return c.opts.Redact.Clean(text)
}

// trace hands one line to the trace. Redaction comes before the removal of
// control characters and after, so that neither can hide a secret from it.
func (c *Client) trace(format string, args ...any) {
	if c.opts.Trace != nil {
		c.opts.Trace(c.clean(printable(c.clean(fmt.Sprintf(format, args...)))))
	}
}

func (c *Client) traceRequest(ctx context.Context, r *http.Request) {
	if c.opts.Trace == nil {
		return
	}
	line := "> " + r.Method + " " + c.shown(ctx, r.URL)
	if r.URL.RawQuery != "" {
		line += " query: " + names(r.URL.Query())
	}
	c.trace("%s", line)
	c.traceHeader(">", r.Header)
	if form := formOf(r); form != nil {
		c.trace("> form: %s", names(form))
	}
}

func (c *Client) traceAnswer(a *Answer) {
	if c.opts.Trace == nil {
		return
	}
	line := fmt.Sprintf("< %d %s %d bytes %d ms", a.Status, a.MediaType(), len(a.Body), a.Took.Milliseconds())
	if a.Cut {
		line += " (cut)"
	}
	if a.RequestID != "" {
		line += " x-request-id=" + a.RequestID
	}
	c.trace("%s", line)
	c.traceHeader("<", a.Header)
}

func (c *Client) traceFailure(f *Failure, err error) {
	c.trace("! %s: %s", f.Hop, f.What)
	if err != nil {
		c.trace("! cause: %s", cut(printable(c.clean(err.Error())), 300))
	}
}

// traceHeader shows every name, and a value only where it is known to hold no
// secret: an unknown header might be a session or a key.
func (c *Client) traceHeader(mark string, h http.Header) {
	if c.opts.Trace == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		value := "(not shown)"
		if shownHeader(name) {
			value = cut(c.clean(strings.Join(h[name], ", ")), 200)
		}
		c.trace("%s %s: %s", mark, strings.ToLower(name), value)
	}
}

func shownHeader(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Accept-Encoding", "Allow", "Api-Version", "Cache-Control", "Content-Encoding", "Content-Length",
		"Content-Type", "Date", "Pragma", "Retry-After", "Server", "User-Agent", "Vary", "Via", "Www-Authenticate", "X-Request-Id":
		return true
	}
	return false
}

// formOf reads a form again from the start; nil where the body is none.
func formOf(r *http.Request) url.Values {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || r.GetBody == nil {
		return nil
	}
	body, err := r.GetBody()
	if err != nil {
		return nil
	}
	defer body.Close() //nolint:errcheck // it was only read from
	text, err := io.ReadAll(body)
	if err != nil {
		return nil
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return nil
	}
	return form
}

func names(v url.Values) string { return strings.Join(slices.Sorted(maps.Keys(v)), ", ") }

// shown is an address without user, query and fragment, and without the path
// segments that the context hides.
func (c *Client) shown(ctx context.Context, u *url.URL) string {
	path := u.EscapedPath()
	if hidden, _ := ctx.Value(hiddenKey{}).([]string); len(hidden) > 0 {
		segments := strings.Split(path, "/")
		for i, s := range segments {
			if plain, err := url.PathUnescape(s); err == nil && plain != "" && slices.Contains(hidden, plain) {
				segments[i] = "{id}"
			}
		}
		path = strings.Join(segments, "/")
	}
	return cut(c.clean(printable(u.Scheme+"://"+u.Host+path)), 500)
}

// printable drops what could steer a terminal or break a line.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
}

// cut shortens a text to at most n bytes, at a whole character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
