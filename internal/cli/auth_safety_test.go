package cli

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// oddTexts are secrets, or tokens of a server's choice, that occur in documents
// by chance or on purpose.
func oddTexts() []string {
	return []string{"true", "null", "pass", "gsa1", "accepted", "ngapi", "1234", `": "`, "\",\n", `"status"`, "status", "verdict",
		"testcase", "<testcase", "message", `message="`, `"/>`, "&#34;", "    ", `\\\\`, "}\n]}", "evidence", "summary", "Bearer a"}
}

// easy is a practice that gives one token to everybody.
func easy(t *testing.T, access string) *httptest.Server {
	t.Helper()
	m := http.NewServeMux()
	m.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 3600})
	})
	m.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"items":[]}`)
	})
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	return server
}

func (c *clerk) check(more ...string) (exit.Code, string, string) {
	c.t.Helper()
	return c.run(append([]string{"auth", "check", "--flow", "gsa", "--client-id", "app-0123456789", "--site-id", authSite,
		"--token-url", c.base + "/token", "--api-base", c.base + "/api"}, more...)...)
}

// Whatever a secret or a token is, the documents stay documents, and the words
// that programs read in them stay.
func TestNoSecretBreaksADocument(t *testing.T) {
	for _, text := range oddTexts() {
		for _, tokenToo := range []bool{false, true} {
			access, key := "tok-0123456789abcdefghij", text
			if tokenToo {
				access, key = text, authCanary
			}
			t.Run(fmt.Sprintf("%q %v", text, tokenToo), func(t *testing.T) {
				c := newClerk(t, easy(t, access))
				c.env["NGAPI_CLIENT_SECRET"] = key
				_, out, errs := c.check("--json")
				var doc struct {
					Schema, Verdict, Flow string
					Checks                []struct{ ID, Status, Severity, Summary string }
				}
				if err := json.Unmarshal([]byte(out), &doc); err != nil {
					t.Fatalf("%v\n%s%s", err, out, errs)
				}
				if doc.Schema != "ngapi.auth/v1" || doc.Flow != "gsa" || len(doc.Checks) == 0 || strings.Contains(doc.Verdict, "[secret]") {
					t.Errorf("%s %s %s", doc.Schema, doc.Flow, doc.Verdict)
				}
				for _, one := range doc.Checks {
					if strings.Contains(one.ID+one.Status+one.Severity, "[secret]") {
						t.Errorf("%+v", one)
					}
				}
				_, out, _ = c.check("-o", "junit")
				dec := xml.NewDecoder(strings.NewReader(out))
				for {
					if _, err := dec.Token(); errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						t.Fatalf("%v\n%s", err, out)
					}
				}
				if strings.Count(out, "<testcase ") != len(doc.Checks) {
					t.Errorf("%d test cases for %d checks", strings.Count(out, "<testcase "), len(doc.Checks))
				}
				if _, out, _ = c.check("--json", "--timeout=-1s"); out != "" {
					t.Errorf("a failure prints a result: %s", out)
				}
				_, _, errs = c.check("--json", "--timeout=-1s")
				if !json.Valid([]byte(errs)) {
					t.Errorf("the failure is no document: %s", errs)
				}
			})
		}
	}
}

// Texts and attributes are searched in the form in which they are read.
func TestDocumentsAreCleaned(t *testing.T) {
	clean := func(text string) string { return strings.ReplaceAll(text, `a"<b`, "[secret]") }
	if got := string(cleanJSON([]byte(`{"a\"<b": ["a\"<b", 1, "\u0061\"<b x"], "status": "a\"<b"}`), clean)); got != `{"a\"<b": ["[secret]", 1, "[secret] x"], "status": "a\"<b"}` {
		t.Error(got)
	}
	in := `<?xml version="1.0"?><testcase name="x"><failure message="a&#34;&lt;b &amp;">see a&#34;&lt;b&#xA;&amp;</failure></testcase>`
	if got := string(cleanXML([]byte(in), clean)); got != `<?xml version="1.0"?><testcase name="x"><failure message="[secret] &amp;">see [secret]&#xA;&amp;</failure></testcase>` {
		t.Error(got)
	}
	for _, torn := range []string{`{"a": "b`, `"\`, `<a message="b`, `<`, ``} {
		_, _ = cleanJSON([]byte(torn), clean), cleanXML([]byte(torn), clean)
	}
}

// No sentence of ours looks like a secret by its form.
func TestOwnWordsAreNotMasked(t *testing.T) {
	red := secret.NewRedactor()
	n := 0
	for _, pattern := range []string{"auth_*.go", "../credentials/check/*.go", "../credentials/flow/*.go", "../credentials/wire/*.go",
		"../credentials/endpoint/*.go", "../credentials/secret/*.go", "../report/auth*.go", "../settings/credentials*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(node ast.Node) bool {
				lit, ok := node.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING || strings.Contains(lit.Value, "(?i)") {
					return true
				}
				text, err := strconv.Unquote(lit.Value)
				if err != nil || !strings.Contains(text, " ") {
					return true
				}
				n++
				if got := red.Clean(text); got != text {
					t.Errorf("%s: %q becomes %q", name, text, got)
				}
				return true
			})
		}
	}
	if n < 500 {
		t.Errorf("only %d sentences were looked at", n)
	}
}

// What is stored goes to the hosts that it was given for, and to no other, also
// where a variable of a project says so.
func TestWhatIsStoredStaysHome(t *testing.T) {
	var got []string
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = append(got, r.URL.Path) }))
	t.Cleanup(thief.Close)
	c := newClerk(t, easy(t, "tok-0123456789abcdefghij"))
	c.env["NGAPI_CLIENT_SECRET"] = authCanary
	if code, out, errs := c.run("auth", "login", "clinic", "--flow", "gsa", "--client-id", "app-0123456789", "--site-id", authSite,
		"--token-url", c.base+"/token", "--api-base", c.base+"/api"); code != exit.OK {
		t.Fatalf("%d\n%s%s", code, out, errs)
	}
	delete(c.env, "NGAPI_CLIENT_SECRET")
	for _, name := range []string{"NGAPI_TOKEN_URL", "NGAPI_API_BASE", "NGAPI_REVOKE_URL"} {
		c.env[name] = thief.URL + "/x"
		if code, out, _ := c.run("auth", "check", "clinic"); code != exit.SignIn || !strings.Contains(out, "other hosts") {
			t.Errorf("%s: %d\n%s", name, code, out)
		}
		if code, _, _ := c.run("auth", "login", "clinic"); code != exit.SignIn {
			t.Errorf("%s: login ends with %d", name, code)
		}
		delete(c.env, name)
	}
	if code, out, _ := c.run("auth", "check", "clinic", "--token-url", c.base+"/token?"); code == exit.OK {
		t.Errorf("%d\n%s", code, out)
	}
	if code, out, _ := c.run("auth", "check", "clinic", "--api-base", c.base+"/api/"); code != exit.OK {
		t.Errorf("another path: %d\n%s", code, out)
	}
	c.ring.entries["ngapi/phone.tokens"] = `{"access_token":"` + authCanary + `","refresh_token":"r-0123456789"}`
	if err := os.WriteFile(filepath.Join(c.home, "credentials.yaml"), []byte("schema: ngapi.credentials/v1\ncredentials:\n  phone:\n    flow: patient\n    client_id: app-0123456789\n    auth_method: none\n    fhir_base: "+c.base+"/fhir\n    store: keyring\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := c.run("auth", "check", "phone", "--fhir-base", thief.URL+"/fhir"); code != exit.Usage || !strings.Contains(errs, "other hosts") {
		t.Errorf("tokens: %d\n%s", code, errs)
	}
	if len(got) > 0 {
		t.Errorf("the other host was asked for %v", got)
	}
}

// No result replaces the files that hold credentials.
func TestResultsSpareTheStores(t *testing.T) {
	c := newClerk(t, easy(t, "tok-0123456789abcdefghij"))
	c.env["NGAPI_CLIENT_SECRET"] = authCanary
	login := []string{"auth", "login", "clinic", "--store", "file", "--flow", "gsa", "--client-id", "app-0123456789", "--site-id", authSite,
		"--token-url", c.base + "/token", "--api-base", c.base + "/api"}
	for _, name := range []string{"secrets.json", "credentials.yaml"} {
		if code, _, errs := c.run(append(login, "-o", "json="+filepath.Join(c.home, name))...); code != exit.Usage || !strings.Contains(errs, "-o would replace") {
			t.Errorf("%s: %d %s", name, code, errs)
		}
	}
	if code, out, errs := c.run(login...); code != exit.OK {
		t.Fatalf("%d %s%s", code, out, errs)
	}
	for _, command := range []string{"check", "status", "logout"} {
		for _, name := range []string{"secrets.json", "credentials.yaml"} {
			if code, _, errs := c.run("auth", command, "clinic", "-o", "json="+filepath.Join(c.home, name)); code != exit.Usage || !strings.Contains(errs, "-o would replace") {
				t.Errorf("%s %s: %d %s", command, name, code, errs)
			}
		}
	}
	if code, out, errs := c.run("auth", "status"); code != exit.OK {
		t.Errorf("%d %s%s", code, out, errs)
	}
}

// Completion offers the names of what is stored.
func TestCompletionOfCredentials(t *testing.T) {
	c := newClerk(t, easy(t, "tok-0123456789abcdefghij"))
	c.env["NGAPI_CLIENT_SECRET"] = authCanary
	if code, _, errs := c.run("auth", "login", "clinic", "--flow", "gsa", "--client-id", "app-0123456789", "--site-id", authSite,
		"--token-url", c.base+"/token", "--api-base", c.base+"/api"); code != exit.OK {
		t.Fatalf("%d %s", code, errs)
	}
	if code, out, errs := c.run("__complete", "auth", "check", ""); code != exit.OK || !strings.Contains(out, "clinic\tgsa") {
		t.Errorf("%d %q %s", code, out, errs)
	}
}

// What an answer brings is known before that answer is traced: a server may
// repeat a token or a session in a header that is shown.
func TestTheTraceKnowsWhatComes(t *testing.T) {
	const session = "session-0123456789-canary"
	m := http.NewServeMux()
	say := func(w http.ResponseWriter, echo, body string) {
		w.Header().Set("Content-Type", "application/json")
		for _, name := range []string{"X-Request-Id", "Server", "Api-Version", "Via"} {
			w.Header().Set(name, "see "+echo)
		}
		fmt.Fprint(w, body)
	}
	m.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		say(w, authCanary, `{"access_token":"`+authCanary+`","token_type":"Bearer","expires_in":3600}`)
	})
	m.HandleFunc("/api/users/me/login-defaults", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-NG-SessionId", session)
		say(w, session, `{}`)
	})
	m.HandleFunc("/api/master/", func(w http.ResponseWriter, _ *http.Request) { say(w, session, `{"items":[]}`) })
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	c := newClerk(t, server)
	c.env["NGAPI_CLIENT_SECRET"] = "another-secret-0123456789"
	_, out, errs := c.check("--debug", "--enterprise-id", "00001", "--practice-id", "0001")
	if !strings.Contains(errs, "server: see [secret]") {
		t.Errorf("nothing was traced:\n%s", errs)
	}
	// The read before the session cannot know it.
	_, after, _ := strings.Cut(errs, "login-defaults")
	if strings.Contains(out+after, session) {
		t.Errorf("the session is shown:\n%s%s", out, after)
	}
}

// Whatever stands in the file of credentials, the answer is short, quick and
// repeats no value.
func TestHostileCredentialFiles(t *testing.T) {
	const head = "schema: ngapi.credentials/v1\ncredentials:\n"
	bomb := "a: &a [" + authCanary + "]\n"
	for i := range 20 {
		bomb += fmt.Sprintf("b%d: &b%d [*a, *a, *a, *a, *a, *a, *a, *a]\n", i, i)
	}
	entry := "  one:\n    flow: gsa\n    client_id: app\n"
	for name, text := range map[string]string{
		"bomb": head + bomb, "anchor": head + "  one: &x\n    flow: gsa\n  two: *x\n", "merge": head + "  one:\n    <<: {flow: gsa}\n",
		"twice": head + entry + entry, "secret": head + entry + "    client_secret: " + authCanary + "\n", "deep": head + "  one: " + strings.Repeat("[", 20000),
		"large": head + strings.Repeat("# x\n", 300000), "NUL": head + "  one\x00:\n", "UTF-16": "\xff\xfes\x00c\x00", "documents": head + entry + "---\n" + head,
		"tab": head + "\tone:\n", "name": head + "  ../../etc:\n    flow: gsa\n", "escape": head + "  \"a\\e[31m\":\n    flow: gsa\n", "tag": head + "  one: !!binary " + authCanary + "\n",
	} {
		home := t.TempDir()
		if err := os.WriteFile(filepath.Join(home, "credentials.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c := newClerk(t, easy(t, "tok"))
		c.config = home // the file itself may hold the canary; nothing else may
		code, out, errs := c.run("auth", "status")
		if code != exit.Usage || out != "" || len(errs) > 20000 || strings.ContainsAny(errs, "\x1b\x00") {
			t.Errorf("%s: %d, %d bytes: %.300s", name, code, len(errs), errs)
		}
	}
	for name, text := range map[string]string{"BOM": "\xef\xbb\xbf" + head + entry, "CRLF": strings.ReplaceAll(head+entry, "\n", "\r\n")} {
		c := newClerk(t, easy(t, "tok"))
		if err := os.WriteFile(filepath.Join(c.home, "credentials.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out, errs := c.run("auth", "status"); code != exit.SignIn || !strings.Contains(out, "one (gsa)") {
			t.Errorf("%s: %d %s%s", name, code, out, errs)
		}
	}
}

// A secret that was pasted in the place of the client id shows no end of itself.
func TestAnIDThatIsTheSecret(t *testing.T) {
	c := newClerk(t, easy(t, "tok-0123456789abcdefghij"))
	c.env["NGAPI_CLIENT_SECRET"] = authCanary
	for _, format := range []string{"json", "text", "junit"} {
		if _, out, errs := c.check("--client-id", authCanary, "--debug", "-o", format); strings.Contains(out+errs, authCanary[len(authCanary)-4:]) {
			t.Errorf("%s shows the end of it:\n%s%s", format, out, errs)
		}
	}
}
