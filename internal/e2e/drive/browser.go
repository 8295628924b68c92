package drive

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"

	"github.com/apionboard/ngapi/internal/e2e/loopback"
)

// A Browser is an HTTP client that signs in. It visits loopback addresses only.
type Browser struct {
	User, Password string
	// Follow makes it visit the redirect address as well, as a real one does;
	// otherwise it stops there.
	Follow bool
	// Page is the last page that it saw.
	Page string
}

// errArrived stops a browser at the application's own address.
var errArrived = errors.New("arrived")

// Visit opens an authorization address, fills in a sign-in form where there is
// one, and returns the address that the server sent the browser back to.
func (b *Browser) Visit(address string) (string, error) {
	start, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	back, err := url.Parse(start.Query().Get("redirect_uri"))
	if err != nil || back.Host == "" {
		return "", fmt.Errorf("the address has no redirect_uri: %s", address)
	}
	arrived := ""
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !loopback.IsLoopback(r.URL.Host) {
			return fmt.Errorf("the browser was sent to %s", r.URL.Host)
		}
		if r.URL.Host == back.Host && r.URL.Path == back.Path {
			arrived = r.URL.String()
			if !b.Follow {
				return errArrived
			}
		}
		return nil
	}}
	if !loopback.IsLoopback(start.Host) {
		return "", fmt.Errorf("the browser was sent to %s", start.Host)
	}
	answer, err := client.Get(address)
	page, err := read(answer, err)
	if err != nil {
		return arrived, err
	}
	if arrived == "" && strings.Contains(page, "<form") {
		form, action := fields(page)
		form.Set("username", b.User)
		form.Set("password", b.Password)
		to, err := answer.Request.URL.Parse(action)
		if err != nil {
			return "", err
		}
		answer, err = client.PostForm(to.String(), form)
		if page, err = read(answer, err); err != nil {
			return arrived, err
		}
	}
	b.Page = page
	if arrived == "" {
		return "", fmt.Errorf("the server did not send the browser back: status %d: %.300s", answer.StatusCode, page)
	}
	return arrived, nil
}

// Open follows an address to its end, as an EHR's browser does, and returns the
// status of the last page.
func (b *Browser) Open(address string) (int, error) {
	client := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if !loopback.IsLoopback(r.URL.Host) {
			return fmt.Errorf("the browser was sent to %s", r.URL.Host)
		}
		return nil
	}}
	start, err := url.Parse(address)
	if err != nil || !loopback.IsLoopback(start.Host) {
		return 0, fmt.Errorf("%s is no address of this machine: %w", address, err)
	}
	answer, err := client.Get(address)
	if b.Page, err = read(answer, err); err != nil {
		return 0, err
	}
	return answer.StatusCode, nil
}

// read returns a page; stopping at the redirect address is no error.
func read(answer *http.Response, err error) (string, error) {
	if answer != nil {
		defer answer.Body.Close()
	}
	if errors.Is(err, errArrived) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	page, err := io.ReadAll(answer.Body)
	return string(page), err
}

// fields reads a form: its hidden values and where it is sent.
func fields(page string) (url.Values, string) {
	action := ""
	if m := regexp.MustCompile(`<form[^>]*action="([^"]*)"`).FindStringSubmatch(page); m != nil {
		action = html.UnescapeString(m[1])
	}
	form := url.Values{}
	for _, input := range regexp.MustCompile(`<input[^>]*>`).FindAllString(page, -1) {
		name := regexp.MustCompile(`name="([^"]*)"`).FindStringSubmatch(input)
		value := regexp.MustCompile(`value="([^"]*)"`).FindStringSubmatch(input)
		if name != nil && value != nil {
			form.Set(name[1], html.UnescapeString(value[1]))
		}
	}
	return form, action
}
