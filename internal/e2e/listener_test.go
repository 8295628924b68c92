package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/authz"
	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

// browserName is what a Linux desktop opens an address with. The test puts
// itself there under that name, so that the binary opens this browser.
const browserName = "xdg-open"

// playBrowser visits an address as a browser does, to the end, and leaves the
// last page in the home folder, where the hunt for secrets finds it.
func playBrowser(address string) int {
	browser := drive.Browser{Follow: true}
	_, err := browser.Visit(address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := os.WriteFile(filepath.Join(os.Getenv("HOME"), "page.html"), []byte(browser.Page), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// withBrowser lets a login open the browser by itself and listen for it: the
// system's own, which is found on the path, or the one that BROWSER names.
func withBrowser(t *testing.T, l *login, named bool) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux opens a browser by a name on the path")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(l.home.Dir, browserName)
	if named {
		path = filepath.Join(t.TempDir(), browserName) // not on the path
		l.program = path
	}
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	l.listen = true
}

func TestLoginThroughTheListener(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"client_secret_post", "none"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			l, s := atShell(t, nextgen.Options{}, method)
			withBrowser(t, l, method == "none")
			l.in()
			page, err := os.ReadFile(filepath.Join(l.home.Dir, "page.html"))
			if err != nil || !strings.Contains(string(page), "<html") {
				t.Errorf("the last page of the browser: %v\n%s", err, page)
			}
			if n := len(tokenRequests(s.Site.Tape)); n != 1 {
				t.Errorf("%d token requests", n)
			}
			l.check(want{verdict: "accepted", code: 0, check: "api.read=pass"})
		})
	}
}

func TestListenerRefused(t *testing.T) {
	t.Parallel()
	l, s := atShell(t, nextgen.Options{Authz: authz.Options{Deny: true}}, "none")
	withBrowser(t, l, false)
	r := l.run()
	if r.Code != 3 {
		t.Errorf("code %d\nstdout: %s\nstderr: %s", r.Code, r.Stdout, r.Stderr)
	}
	if n := len(tokenRequests(s.Site.Tape)); n != 0 {
		t.Errorf("%d token requests", n)
	}
	noLeak(t, call{site: s.Site}, r)
}
