package e2e

import (
	"net/http"
	"testing"

	"github.com/apionboard/ngapi/internal/e2e/authz"
	"github.com/apionboard/ngapi/internal/e2e/fault"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

const appID = "e2e-app-91b7"

// patient returns the arguments of a check of a patient's application.
func patient(fhirBase string, more ...string) []string {
	return append([]string{"auth", "check", "--flow", "patient", "--client-id", appID, "--fhir-base", fhirBase,
		"--redirect-url", "http://127.0.0.1:39741/callback"}, more...)
}

// Without a stored token there is nothing to prove but that the server is as it
// should be: sign-in needed, unless discovery says that something is wrong.
func TestDiscovery(t *testing.T) {
	t.Parallel()
	smart := func(change map[string]any) http.Handler { return fault.Smart("https://auth.invalid", change) }
	for name, c := range map[string]struct {
		parts fault.Parts
		want  want
	}{
		"HTML instead of a document": {fault.Parts{Smart: fault.HTML(200), OpenID: fault.HTML(200)},
			want{verdict: "misconfigured", code: 2, words: "html|json", check: "disc.smart=fail"}},
		"a document as text": {fault.Parts{Smart: fault.Answer{Type: "text/plain", Body: "hello"}},
			want{verdict: "misconfigured", code: 2, check: "disc.smart=fail"}},
		"plain http endpoints": {fault.Parts{Smart: fault.Smart("http://plain.invalid", nil)},
			want{verdict: "misconfigured", code: 2, words: "https", check: "disc.https=fail"}},
		"no token endpoint": {fault.Parts{Smart: smart(map[string]any{"token_endpoint": nil})},
			want{verdict: "misconfigured", code: 2, words: "token address", check: "disc.smart=fail"}},
		"no S256": {fault.Parts{Smart: smart(map[string]any{"code_challenge_methods_supported": []string{"plain"}})},
			want{verdict: "misconfigured", code: 2, words: "s256", check: "disc.pkce=fail"}},
		"404": {fault.Parts{}, want{verdict: "misconfigured", code: 2, words: "404", check: "disc.smart=fail"}},
		"503": {fault.Parts{Smart: fault.Empty(503), OpenID: fault.Empty(503), Metadata: fault.Empty(503)},
			want{verdict: "cannot-tell", code: 6, words: "503"}},
		"hang": {fault.Parts{Smart: fault.Hang(), OpenID: fault.Hang(), Metadata: fault.Hang()}, want{verdict: "cannot-tell", code: 6}},
		"huge": {fault.Parts{Smart: fault.Huge(64 << 20)}, want{verdict: "misconfigured", code: 2, check: "disc.smart=fail"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := fault.Server(t, c.parts)
			run := call{site: f.Site, args: patient(f.FHIRBase, "--timeout", "1s")}
			check(t, run, c.want)
		})
	}
}

// The two documents of the NextGen-shaped server name different issuers: that
// is reported, both are named, and it is no failure.
func TestTwoIssuers(t *testing.T) {
	t.Parallel()
	s := nextgen.Start(t, nextgen.Options{Apps: []authz.Client{app("client_secret_post", "http://127.0.0.1:39741/callback")}})
	run := call{site: s.Site, args: patient(s.FHIR)}
	r := check(t, run, want{verdict: "sign-in-needed", code: 4, words: "issuer", check: "disc.smart=pass"})
	if hasCheck(r.Report, "disc.agree", "fail") || hasCheck(r.Report, "disc.agree", "pass") {
		t.Errorf("disc.agree: %+v", r.Report.Check("disc.agree"))
	}
	if s.Site.Tape.Count("POST", "/token") != 0 {
		t.Error("a token was asked for")
	}
}
