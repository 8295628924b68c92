package flow

import (
	"io"
	"net/http"
	"strings"
)

// page is one of the fixed pages of the listener. Nothing of a request ever
// becomes part of one.
type page int

const (
	pageDone page = iota
	pageRefused
	pageUsed
	pageNoAnswer
	pageNotFound
	pageMethod
	pageHost
	pageLaunchRefused
	pageLaunchFailed
)

// words returns the heading and the sentence of a page.
func (p page) words() (title, text string) {
	switch p {
	case pageDone:
		return "The answer has arrived", "You can close this window and go back to the terminal, which shows the result."
	case pageRefused:
		return "The sign-in was not completed", "You can close this window and go back to the terminal, which shows why."
	case pageUsed:
		return "Already used", "This sign-in has had its answer. Go back to the terminal; to sign in again, start again there."
	case pageNoAnswer:
		return "No answer of a sign-in", "This address takes the answer of a sign-in, and this request held none."
	case pageMethod:
		return "Not allowed", "This address is read with GET only."
	case pageHost:
		return "Wrong address", "This program answers under its own address on this machine only."
	case pageLaunchRefused:
		return "The launch was refused", "Go back to the terminal, which shows why."
	case pageLaunchFailed:
		return "The sign-in could not be started", "Go back to the terminal, which shows why."
	case pageNotFound:
	}
	return "Not found", "There is nothing at this address."
}

// pageFrame loads nothing and runs nothing.
const pageFrame = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
<h1>{title}</h1>
<p>{text}</p>
</body>
</html>
`

// guard sets what keeps an answer from being stored, framed or passed on: the
// address of the page holds the code, and Referrer-Policy keeps it there.
func guard(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
}

func writePage(w http.ResponseWriter, status int, p page) {
	title, text := p.words()
	guard(w.Header())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A browser that has gone away needs no page.
	_, _ = io.WriteString(w, strings.NewReplacer("{title}", title, "{text}", text).Replace(pageFrame))
}
