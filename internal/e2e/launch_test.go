package e2e

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/authz"
	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/loopback"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

// launchToken is the opaque value of a launch.
const launchToken = "launch-e2e-40b1d9c2f7a3"

// The test is the EHR: it opens the launch address that the binary prints. A
// launch of a server that is not on the allow-list is turned away, and nothing
// is fetched from it; the good one after it works.
func TestLaunchFromTheEHR(t *testing.T) {
	t.Parallel()
	redirect := "http://" + loopback.ClosedPort(t) + "/callback"
	client := app("client_secret_post", redirect)
	client.Scopes = []string{"launch"}
	s := nextgen.Start(t, nextgen.Options{Clients: []authz.Client{client}})
	home := drive.NewHome(t)
	var refused, accepted int
	r := drive.Do(t, drive.Run{Binary: binary, Home: home, Env: map[string]string{"NGAPI_CLIENT_SECRET": canary},
		Args: []string{"auth", "serve-launch", "chart-tab", "--flow", "eal", "--client-id", appID, "--auth-url", s.OAuth + "/authorize",
			"--token-url", s.OAuth + "/token", "--api-base", s.API, "--redirect-url", redirect, "--scope", "launch",
			"--store", "file", "--debug", "-o", "json"},
		Address: regexp.MustCompile(`http://127\.0\.0\.1:\d+/launch\S*`),
		Talk: func(address string) string {
			launch := func(iss string) int {
				browser := new(drive.Browser)
				to := address + "?" + url.Values{"iss": {iss}, "launch": {launchToken}}.Encode()
				status, err := browser.Open(to)
				if err != nil {
					t.Errorf("launch from %s: %v", iss, err)
				}
				if strings.Contains(browser.Page, launchToken) {
					t.Error("the page shows the launch")
				}
				return status
			}
			refused = launch("https://other.invalid/r4")
			accepted = launch(s.API)
			return ""
		}})
	if refused < 400 || refused > 499 {
		t.Errorf("a launch of another server got status %d", refused)
	}
	if accepted != 200 || r.Code != 0 || r.Report.Verdict != "accepted" || r.Report.Flow != "eal" {
		t.Errorf("launch: status %d, code %d, verdict %s\n%s\n%s", accepted, r.Code, r.Report.Verdict, r.Report.Words(), r.Stderr)
	}
	visits := s.Site.Tape.Find("GET", "/authorize")
	if len(visits) != 1 {
		t.Fatalf("%d visits:\n%s", len(visits), s.Site.Tape.Lines())
	}
	q, err := url.ParseQuery(visits[0].Query)
	if err != nil || q.Get("launch") != launchToken || q.Get("aud") != s.API || q.Get("code_challenge_method") != "S256" {
		t.Errorf("authorize was asked with %s, %v", visits[0].Query, err)
	}
	l := &login{T: t, site: s.Site, home: home, clientID: appID}
	noLeakBut(t, call{site: s.Site, wire: []string{launchToken}}, r, l.stored())
}
