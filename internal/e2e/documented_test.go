package e2e

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/drive"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

// The outputs in docs/credentials.md are what the binary prints here. Ports and
// days differ.
func TestDocumentedOutputs(t *testing.T) {
	t.Parallel()
	_, s := shell(t, nextgen.Options{})
	home := drive.NewHome(t)
	env := map[string]string{"NGAPI_CLIENT_SECRET": canary}
	login := []string{"auth", "login", "clinic-a-test", "--flow", "gsa", "--environment", "test", "--store", "file", "--client-id", clientID,
		"--site-id", nextgen.SiteID, "--token-url", s.OAuth + "/token", "--api-base", s.API}
	outputs := []string{
		drive.Do(t, drive.Run{Binary: binary, Home: home, Env: env, Args: append(login, session()...)}).Stdout,
		drive.Do(t, drive.Run{Binary: binary, Home: home, Args: []string{"auth", "check", "clinic-a-test", "--site-id", nextgen.OtherSiteID}}).Stdout,
	}
	l, _ := atShell(t, nextgen.Options{}, "client_secret_post")
	l.name, l.more = "phone", []string{"--store", "file", "--environment", "sandbox"}
	outputs = append(outputs, l.run().Stdout)

	data, err := os.ReadFile("../../docs/credentials.md")
	if err != nil {
		t.Fatal(err)
	}
	page := stable(string(data))
	for _, out := range outputs {
		if !strings.Contains(page, strings.TrimSpace(stable(out))) {
			t.Errorf("docs/credentials.md does not show:\n%s", out)
		}
	}
}

// stable takes out what differs from run to run.
func stable(text string) string {
	for _, r := range []struct{ pattern, with string }{
		{`127\.0\.0\.1:\d+`, "127.0.0.1:0"}, {`as of \d{4}-\d\d-\d\d`, "as of today"},
	} {
		text = regexp.MustCompile(r.pattern).ReplaceAllString(text, r.with)
	}
	return text
}
