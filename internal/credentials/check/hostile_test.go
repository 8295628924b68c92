package check

import (
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// raw answers with bytes that net/http would not send.
func raw(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		h, ok := w.(http.Hijacker)
		if !ok {
			return
		}
		if conn, _, err := h.Hijack(); err == nil {
			_, _ = conn.Write([]byte(text))
			_ = conn.Close()
		}
	}
}

// torn is a gzip stream that ends too early.
func torn(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Encoding", "gzip")
	var b strings.Builder
	z := gzip.NewWriter(&b)
	fmt.Fprint(z, `{"access_token":"tok-0123456789abcdefghijkl","items":[]}`)
	_ = z.Close()
	_, _ = io.WriteString(w, b.String()[:b.Len()-6])
}

// What does not show that the API took the token is never called accepted, and
// what does not show a refusal is never called one.
func TestWhatProvesNothing(t *testing.T) {
	reads := map[string]http.HandlerFunc{
		"empty object":     reply(200, `{}`),
		"any JSON":         reply(200, `{"status":"please sign in"}`),
		"number":           reply(200, `1`),
		"null":             reply(200, `null`),
		"error list":       reply(200, `{"errors":["expired"]}`),
		"operationoutcome": reply(200, `{"resourceType":"OperationOutcome","issue":[]}`),
		"no content":       reply(204, ``),
		"accepted later":   reply(202, `{"items":[]}`),
		"a part":           reply(206, `{"items":[]}`),
		"long page":        reply(200, "<html>"+strings.Repeat("x", 9<<20), "Content-Type", "text/html"),
		"long text":        reply(200, strings.Repeat("x", 9<<20)),
		"torn gzip":        torn,
		"short":            raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"items\":[]}"),
		"nonsense":         raw("hello\r\n\r\n"),
		"reset":            raw(""),
		"only 1xx":         raw(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 20)),
	}
	for name, answer := range reads {
		t.Run("read "+name, func(t *testing.T) {
			p := newPractice()
			p.practices = answer
			r := prove(t, input(t, p.start(t)))
			if r.Verdict != CannotTell || r.ExitCode != exit.Remote {
				t.Errorf("%s %d: %+v", r.Verdict, r.ExitCode, find(r, "api.read"))
			}
		})
		if name == "a part" || name == "accepted later" {
			continue
		}
		t.Run("session "+name, func(t *testing.T) {
			p := newPractice()
			p.locations = answer
			if r := prove(t, input(t, p.start(t))); r.Verdict != CannotTell {
				t.Errorf("%s %d: %+v", r.Verdict, r.ExitCode, find(r, "api.session"))
			}
		})
		t.Run("token "+name, func(t *testing.T) {
			p := newPractice()
			p.token = answer
			if r := prove(t, input(t, p.start(t))); r.Verdict != CannotTell {
				t.Errorf("%s %d: %+v", r.Verdict, r.ExitCode, find(r, "tok.accepted"))
			}
		})
	}
	t.Run("login-defaults page", func(t *testing.T) {
		p := newPractice()
		p.defaults = reply(200, `<html>sign in</html>`, "Content-Type", "text/html")
		if r := prove(t, input(t, p.start(t))); r.Verdict != CannotTell {
			t.Errorf("%s %+v", r.Verdict, find(r, "api.session"))
		}
	})
}

// A list is proof in every form in which one can come.
func TestListsAreProof(t *testing.T) {
	for _, body := range []string{`[]`, `[{"id":"0001"}]`, `{"items":[]}`, `{"Items":[{}],"nextPageLink":null}`, ` {"practices":[]} `} {
		p := newPractice()
		p.practices = reply(200, body)
		if r := prove(t, input(t, p.start(t))); r.Verdict != Accepted {
			t.Errorf("%.40s: %s %+v", body, r.Verdict, find(r, "api.read"))
		}
	}
}

// patientInput is a stored sign-in at a server that answers the read of the
// patient.
func patientInput(t *testing.T, read http.HandlerFunc) Input {
	t.Helper()
	m := http.NewServeMux()
	m.HandleFunc("/fhir/.well-known/smart-configuration", func(w http.ResponseWriter, r *http.Request) {
		base := "http://" + r.Host
		reply(200, `{"issuer":"`+base+`","authorization_endpoint":"`+base+`/authorize","token_endpoint":"`+base+`/token","capabilities":["launch-standalone","client-public"],"code_challenge_methods_supported":["S256"]}`)(w, r)
	})
	m.HandleFunc("/fhir/Patient/", read)
	m.HandleFunc("/token", reply(400, `{"error":"invalid_grant"}`))
	s := httptest.NewServer(m)
	t.Cleanup(s.Close)
	in := input(t, s.URL)
	in.Config = flow.Config{Flow: flow.Patient, ClientID: client, FHIRBase: s.URL + "/fhir", Method: flow.None}
	in.Stored = &Stored{Access: secret.New("tok-0123456789abcdefghijkl"), Type: "Bearer", Expiry: now().Add(time.Hour), Patient: "7"}
	return in
}

func TestPatientReads(t *testing.T) {
	for body, want := range map[string]Verdict{
		`{"resourceType":"Patient","id":"7"}`:            Accepted,
		`{"resourceType":"Bundle","entry":[]}`:           Accepted,
		`{"resourceType":"OperationOutcome","issue":[]}`: CannotTell,
		`{"items":[]}`: CannotTell,
		`[]`:           CannotTell,
		`{}`:           CannotTell,
	} {
		r := prove(t, patientInput(t, reply(200, body)))
		if r.Verdict != want {
			t.Errorf("%s: %s, want %s: %+v", body, r.Verdict, want, find(r, "api.read"))
		}
	}
}

// The end of a sign-in without an answer says whose turn it is.
func TestSignInsThatEnd(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Verdict
	}{
		{exit.Errorf(exit.SignIn, "no answer of the sign-in came in time"), SignInNeeded},
		{context.DeadlineExceeded, SignInNeeded},
		{exit.Errorf(exit.Usage, "the port is in use"), Misconfigured},
		{exit.Errorf(exit.No, "an answer came before any launch"), Rejected},
		{errors.New("no random bytes"), CannotTell},
	} {
		in := patientInput(t, reply(200, `{}`))
		in.Stored = nil
		in.Config.RedirectURL = "http://127.0.0.1:8765/callback"
		in.SignIn = func(context.Context, flow.Config, *flow.Discovery) (*SignedIn, error) { return nil, c.err }
		if r := prove(t, in); r.Verdict != c.want {
			t.Errorf("%v: %s, want %s: %+v", c.err, r.Verdict, c.want, find(r, "tok.accepted"))
		}
	}
}

// memory is a vault for one process.
type memory struct {
	mu  sync.Mutex
	now Stored
}

func (m *memory) Renew(_ context.Context, renew func(Stored) (*Stored, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	next, err := renew(m.now)
	if err == nil && next != nil {
		m.now = *next
	}
	return err
}

// Many runs at once renew a token once, also where the server names no end.
func TestOneRefreshForAll(t *testing.T) {
	for _, life := range []string{`,"expires_in":3600`, ``} {
		var mu sync.Mutex
		refreshes, good := 0, "old"
		m := http.NewServeMux()
		m.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			refreshes++
			good = "new-0123456789"
			reply(200, `{"access_token":"new-0123456789","refresh_token":"r2-0123456789","token_type":"Bearer"`+life+`}`)(w, nil)
		})
		in := patientInput(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if r.URL.Path == "/fhir/Patient/7" && r.Header.Get("Authorization") == "Bearer "+good && good != "old" {
				reply(200, `{"resourceType":"Patient"}`)(w, r)
				return
			}
			reply(401, ``)(w, r)
		})
		s := httptest.NewServer(m)
		t.Cleanup(s.Close)
		in.Config.TokenURL, in.Chosen["token-url"] = s.URL+"/token", "--token-url"
		in.Stored.Access, in.Stored.Refresh = secret.New("old-0123456789"), secret.New("r1-0123456789")
		v := &memory{now: *in.Stored}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				mine, one := in, *in.Stored
				mine.Stored, mine.Vault = &one, v
				if r, err := Run(context.Background(), mine); err != nil || r.Verdict != Accepted {
					t.Errorf("%v %s %+v", err, r.Verdict, r.Checks)
				}
			})
		}
		all.Wait()
		if refreshes != 1 {
			t.Errorf("%d refreshes with %q", refreshes, life)
		}
	}
}

// A session id that the API repeats in a header that is shown is masked.
func TestTheSessionIsASecret(t *testing.T) {
	id := base64.StdEncoding.EncodeToString([]byte(session))
	p := newPractice()
	p.locations = reply(200, `{"items":[]}`, "X-Request-Id", id, "Api-Version", id)
	r := prove(t, input(t, p.start(t)))
	for _, c := range r.Checks {
		if strings.Contains(fmt.Sprint(c), id[:20]) {
			t.Errorf("%+v", c)
		}
	}
}

func TestDomains(t *testing.T) {
	for address, want := range map[string]string{
		"https://fhir.nextgen.com./r4": "nextgen.com", "https://FHIR.NextGen.com": "nextgen.com", "https://10.0.0.1/x": "10.0.0.1", "https://[2001:db8::1]/": "2001:db8::1",
		"https://a.example.co.uk": "example.co.uk", "https://evil.co.uk": "evil.co.uk", "https://nextgen.com.evil.example": "evil.example", "http://127.0.0.1:1": "loopback",
	} {
		if got := domain(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

// Answers that the redactor cannot read are not shown; long ones stay short.
func TestWhatIsNoTextIsNotShown(t *testing.T) {
	var wide, packed, twice strings.Builder
	for _, c := range canary {
		fmt.Fprintf(&wide, "%c\x00", c)
	}
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(canary))
	_ = z.Close()
	z = gzip.NewWriter(&twice)
	_, _ = z.Write([]byte(packed.String()))
	_ = z.Close()
	for name, answer := range map[string]http.HandlerFunc{
		"UTF-16":     reply(400, wide.String(), "Content-Type", "text/plain; charset=utf-16le"),
		"packed":     reply(400, packed.String(), "Content-Type", "text/plain"),
		"gzip":       reply(400, packed.String(), "Content-Type", "text/plain", "Content-Encoding", "gzip"),
		"gzip twice": reply(400, twice.String(), "Content-Type", "text/plain", "Content-Encoding", "gzip"),
		"small type": reply(200, `x`, "Content-Type", "text/"+strings.ToUpper(canary[:9])),
	} {
		p := newPractice()
		p.token = answer
		r := prove(t, input(t, p.start(t)))
		for _, c := range r.Checks {
			text := strings.ToLower(fmt.Sprint(c))
			if strings.Contains(text, "c4nary") || strings.Contains(text, `c\x004`) || strings.Contains(text, "c\x004") || strings.Contains(text, `\x8b`) {
				t.Errorf("%s: %+v", name, c)
			}
			if len(text) > 2000 {
				t.Errorf("%s: %d bytes", name, len(text))
			}
		}
	}
}
