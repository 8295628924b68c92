package flow

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/apionboard/ngapi/internal/exit"
)

// pasteLimit is far above any redirect address that a browser shows.
const pasteLimit = 64 << 10

// ParseRedirected reads the address that the browser was sent back to, as a
// person pasted it (--no-browser): the whole address, without its scheme, or only
// its query. Space, line breaks and quotation marks around or inside are dropped.
// redirectURL is the redirect_uri that was sent; another scheme, host, port or
// path is refused. Errors are an *exit.Error with exit.Usage and repeat nothing
// that was pasted.
func ParseRedirected(pasted, redirectURL string) (Answer, error) {
	text := tidyPaste(pasted)
	switch {
	case text == "":
		return Answer{}, loginUsage("nothing was pasted", pasteWhole)
	case len(text) > pasteLimit:
		return Answer{}, loginUsage("what was pasted is too long for an address", pasteWhole)
	}
	address, fragment, _ := strings.Cut(text, "#")
	if answersInFragment(fragment) {
		return Answer{}, loginUsage("the answer stands behind a # in the address, which is not the authorization code flow",
			"check in the portal that the application uses the authorization code flow")
	}
	raw, err := pastedQuery(address, redirectURL)
	if err != nil {
		return Answer{}, err
	}
	query, err := url.ParseQuery(raw)
	if err != nil {
		return Answer{}, loginUsage("the query of the pasted address cannot be read", pasteWhole)
	}
	a, ok := answerOf(query)
	if !ok {
		return Answer{}, loginUsage("the pasted text holds neither a code nor an error", pasteWhole)
	}
	return a, nil
}

const pasteWhole = "paste the whole address that the browser shows after the sign-in"

func loginUsage(what, do string) error {
	return &exit.Error{Code: exit.Usage, Problems: []exit.Problem{{What: what, Do: do}}}
}

// tidyPaste drops what terminals, mail programs and documents add to an
// address: white space and invisible characters anywhere (an address has none),
// quotation marks and angle brackets around.
func tidyPaste(pasted string) string {
	text := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, pasted)
	return strings.Trim(text, "\"'`<>“”„‘’«»")
}

// answersInFragment tells whether a fragment holds an answer. Others, such as
// the "#_=_" that some servers append, mean nothing.
func answersInFragment(fragment string) bool {
	values, _ := url.ParseQuery(fragment) // what could be read is enough to tell
	_, ok := answerOf(values)
	return ok
}

// pastedQuery returns the query of what was pasted, after the address before it
// was held against the redirect address.
func pastedQuery(text, redirectURL string) (string, error) {
	before, query, asked := strings.Cut(text, "?")
	if !asked && !strings.Contains(text, "://") {
		if !strings.Contains(text, "=") {
			return "", loginUsage("the pasted text is not an address", pasteWhole+", not only the code")
		}
		return text, nil // the query without its question mark
	}
	if before == "" {
		return query, nil
	}
	want, err := url.Parse(redirectURL)
	if err != nil || want.Host == "" {
		return "", loginUsage("the redirect address cannot be read", "give --redirect-url")
	}
	if !strings.Contains(before, "://") {
		before = want.Scheme + "://" + before
	}
	got, err := url.Parse(before)
	if err != nil || !sameAddress(got, want) {
		return "", loginUsage("the pasted address does not begin with the redirect address", pasteWhole+", once it begins with the redirect address")
	}
	return query, nil
}

// sameAddress compares scheme, host, port and path; host and scheme in any case
// (RFC 3986 6.2.2.1), the path exactly, but that an empty one is "/".
func sameAddress(a, b *url.URL) bool {
	return a.User == nil && b.User == nil && strings.EqualFold(a.Scheme, b.Scheme) &&
		strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b) && pathOf(a) == pathOf(b)
}

// portOf returns the port of an address, with the default of its scheme.
func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	if strings.EqualFold(u.Scheme, "https") {
		return "443"
	}
	return "80"
}

// pathOf returns the path as it was written, "/" where there is none.
func pathOf(u *url.URL) string {
	if p := u.EscapedPath(); p != "" {
		return p
	}
	return "/"
}
