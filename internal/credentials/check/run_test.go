package check

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/testkit"
)

const (
	canary  = `c4nary+s%cr&t/"value:0123456789`
	client  = "0f0f0f0f-1111-4222-8333-444444444444"
	site    = "9a9a9a9a-1111-4222-8333-555555555555"
	session = "00001|0001|00000000000000000000000000000000|00000000000000000000000000000000||7"
)

func now() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }

// practice is a server in the shape of the vendor's; each part can be replaced.
type practice struct {
	token, practices, defaults, locations http.HandlerFunc
	tokens                                int
}

func reply(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Date", now().Format(http.TimeFormat))
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func newPractice() *practice {
	return &practice{
		token:     reply(200, `{"access_token":"tok-0123456789abcdefghijkl","token_type":"Bearer","expires_in":3600}`, "Cache-Control", "no-store", "X-Request-Id", "req-1"),
		practices: reply(200, `{"items":[{"id":"0001","enterpriseId":"00001"}],"nextPageLink":"http://127.0.0.1:889/x/NextGen.Api.Edge/6/api/master/practices?$skip=25"}`, "Api-Version", "6.0.0.1"),
		defaults:  reply(200, ``, "X-NG-SessionId", base64.StdEncoding.EncodeToString([]byte(session))),
		locations: reply(200, `{"items":[]}`),
	}
}

func (p *practice) start(t *testing.T) string {
	t.Helper()
	m := http.NewServeMux()
	m.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) { p.tokens++; p.token(w, r) })
	m.HandleFunc("GET /api/master/practices", func(w http.ResponseWriter, r *http.Request) { p.practices(w, r) })
	m.HandleFunc("PUT /api/users/me/login-defaults", func(w http.ResponseWriter, r *http.Request) { p.defaults(w, r) })
	m.HandleFunc("GET /api/master/locations", func(w http.ResponseWriter, r *http.Request) { p.locations(w, r) })
	s := httptest.NewServer(m)
	t.Cleanup(s.Close)
	return s.URL
}

// input is a complete service account at a server.
func input(t *testing.T, base string) Input {
	t.Helper()
	red := secret.NewRedactor()
	v := secret.New(canary)
	red.Learn(v)
	red.LearnPair(client, v)
	w, err := wire.New(wire.Options{Redact: red, Now: now, Dial: testkit.DialLoopback})
	if err != nil {
		t.Fatal(err)
	}
	return Input{
		Config: flow.Config{
			Flow: flow.GSA, ClientID: client, Secret: v, SiteID: site, EnterpriseID: "00001", PracticeID: "0001",
			TokenURL: base + "/token", APIBase: base + "/api", Method: flow.SecretPost,
		},
		Chosen: map[string]string{"client-id": "--client-id"}, Secret: SecretFacts{Source: "NGAPI_CLIENT_SECRET"},
		Flow: &flow.Client{Wire: w, Now: now, Random: zeros{}}, Clean: red,
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func prove(t *testing.T, in Input) Report {
	t.Helper()
	r, err := Run(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{canary, "c4nary", "s%cr&t", "tok-0123456789"} {
		if strings.Contains(string(data), form) {
			t.Errorf("the report holds %q", form)
		}
	}
	return r
}

func find(r Report, id string) *Check {
	for i := range r.Checks {
		if r.Checks[i].ID == id {
			return &r.Checks[i]
		}
	}
	return nil
}

func TestAccepted(t *testing.T) {
	p := newPractice()
	r := prove(t, input(t, p.start(t)))
	if r.Verdict != Accepted || r.ExitCode != exit.OK || r.Requests != 4 || p.tokens != 1 {
		t.Fatalf("%s %d, %d requests, %d token requests: %+v", r.Verdict, r.ExitCode, r.Requests, p.tokens, r.Checks)
	}
	for id, want := range map[string]Status{"tok.accepted": Pass, "api.read": Pass, "api.session": Pass, "api.links": Info, "cfg.complete": Pass, "net.clock": Pass, "tok.cache": Pass} {
		if c := find(r, id); c == nil || c.Status != want {
			t.Errorf("%s is %+v, want %s", id, c, want)
		}
	}
	if !slices.Contains(find(r, "api.read").Evidence, "api-version 6.0.0.1") {
		t.Errorf("evidence of the read: %v", find(r, "api.read").Evidence)
	}
}

// Every answer of the token endpoint has one verdict, one exit code, one check
// that says so, and takes one request.
func TestTokenAnswers(t *testing.T) {
	late := now().Add(15 * time.Minute).Format(http.TimeFormat)
	for _, c := range []struct {
		name    string
		answer  http.HandlerFunc
		verdict Verdict
		code    exit.Code
		id      string
		hint    string
	}{
		{"wrong secret", reply(401, `{"error":"invalid_client"}`), Rejected, 3, "tok.accepted", "client_secret_post"},
		{"wrong secret, clock off", reply(401, `{"error":"invalid_client"}`, "Date", late), Rejected, 3, "tok.accepted", "the clock here is 15m0s behind"},
		{"empty 403", reply(403, ``), Rejected, 3, "tok.accepted", "site id"},
		{"html 403", reply(403, `<html>no</html>`, "Content-Type", "text/html"), Rejected, 3, "tok.accepted", "site id"},
		{"site refused", reply(400, `{"error":"invalid_request","error_description":"site_id is not valid"}`), Rejected, 3, "cfg.site-id", "environment"},
		{"malformed", reply(400, `{"error":"invalid_request"}`), Misconfigured, 2, "tok.accepted", "grant_type, client_id, client_secret, site_id"},
		{"unauthorized client", reply(400, `{"error":"unauthorized_client"}`), Rejected, 3, "tok.accepted", "approved"},
		{"wrong grant", reply(400, `{"error":"unsupported_grant_type"}`), Rejected, 3, "tok.accepted", "token"},
		{"vendor spelling", reply(400, `{"error":"Invalid Grant","detailedmessage":"no"}`), Rejected, 3, "tok.accepted", "site id"},
		{"own code", reply(400, `{"error":"jti_known"}`), Rejected, 3, "tok.accepted", "site id"},
		{"error in a 200", reply(200, `{"error":"invalid_client"}`), Rejected, 3, "tok.accepted", "client"},
		{"echo", reply(400, `{"error":"invalid_client","error_description":"bad `+strings.ReplaceAll(canary, `"`, `\"`)+`"}`), Rejected, 3, "tok.accepted", "client"},
		{"429", reply(429, ``, "Retry-After", "120"), CannotTell, 6, "tok.accepted", "wait"},
		{"502 page", reply(502, `<html>bad gateway</html>`, "Content-Type", "text/html"), CannotTell, 6, "tok.accepted", "later"},
		{"html", reply(200, `<html>login</html>`, "Content-Type", "text/html"), CannotTell, 6, "tok.json", "gateway"},
		{"empty 200", reply(200, ``), CannotTell, 6, "tok.accepted", "quota"},
		{"no token", reply(200, `{"hello":1}`), CannotTell, 6, "tok.accepted", "token address"},
		{"redirect", reply(307, ``, "Location", "https://elsewhere.example/token"), Misconfigured, 2, "tok.no-redirect", "--token-url"},
		{"not found", reply(404, ``), Misconfigured, 2, "tok.accepted", "--token-url"},
		{"mac", reply(200, `{"access_token":"tok-0123456789abcdefghijkl","token_type":"mac","expires_in":3600}`), Insufficient, 3, "tok.type", "registered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPractice()
			p.token = c.answer
			r := prove(t, input(t, p.start(t)))
			if r.Verdict != c.verdict || r.ExitCode != c.code || p.tokens != 1 || r.Requests != 1 {
				t.Errorf("%s %d after %d requests, want %s %d after 1", r.Verdict, r.ExitCode, r.Requests, c.verdict, c.code)
			}
			one := find(r, c.id)
			if one == nil || !r.Deciding(*one) || !strings.Contains(one.Hint+one.Summary, c.hint) {
				t.Errorf("%s is %+v, want a deciding one that says %q", c.id, one, c.hint)
			}
			if r.Next() == "" {
				t.Error("there is no next step")
			}
		})
	}
}

// What is odd about a good token is a warning, and fails only where it was
// asked for.
func TestOddTokens(t *testing.T) {
	body := func(rest string) http.HandlerFunc {
		return reply(200, `{"access_token":"tok-0123456789abcdefghijkl","token_type":"Bearer"`+rest+`}`)
	}
	for _, c := range []struct {
		name, id string
		answer   http.HandlerFunc
		status   Status
		strict   Verdict
	}{
		{"no expires_in", "tok.expires", body(``), Warn, Accepted},
		{"text expires_in", "tok.expires", body(`,"expires_in":"3600"`), Warn, Accepted},
		{"negative", "tok.expires", body(`,"expires_in":-1`), Warn, Accepted},
		{"a day", "tok.expires", body(`,"expires_in":86400`), Warn, Accepted},
		{"fewer scopes", "tok.scope", body(`,"expires_in":3600,"scope":"system/Patient.rs"`), Warn, Insufficient},
		{"more scopes", "tok.scope", body(`,"expires_in":3600,"scope":"system/Patient.rs system/Observation.rs system/Group.rs"`), Warn, Accepted},
		{"refresh token", "tok.no-refresh", body(`,"expires_in":3600,"refresh_token":"r-0123456789"`), Info, Accepted},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPractice()
			p.token = c.answer
			in := input(t, p.start(t))
			in.Config.Scopes = []string{"system/Patient.rs", "system/Observation.rs"}
			if c.id != "tok.scope" {
				in.Config.Scopes = nil
			}
			r := prove(t, in)
			if one := find(r, c.id); one == nil || one.Status != c.status || r.Verdict != Accepted || r.ExitCode != exit.OK {
				t.Fatalf("%+v, %s %d", one, r.Verdict, r.ExitCode)
			}
			in.Strict = true
			in.Flow = input(t, in.Config.TokenURL).Flow
			r = prove(t, in)
			wantCode := exit.No
			if c.status == Info {
				wantCode = exit.OK
			}
			if r.Verdict != c.strict || r.ExitCode != wantCode {
				t.Errorf("strict: %s %d, want %s %d", r.Verdict, r.ExitCode, c.strict, wantCode)
			}
		})
	}
}

func TestAPIAnswers(t *testing.T) {
	other := base64.StdEncoding.EncodeToString([]byte(strings.Replace(session, "0001", "0002", 2)))
	for _, c := range []struct {
		name    string
		change  func(*practice)
		verdict Verdict
		code    exit.Code
		id      string
		says    string
	}{
		{"401", func(p *practice) { p.practices = reply(401, `invalid access token`) }, Insufficient, 3, "api.read", "environment"},
		{"403", func(p *practice) { p.practices = reply(403, ``) }, Insufficient, 3, "api.read", "approved"},
		{"404", func(p *practice) { p.practices = reply(404, ``) }, Misconfigured, 2, "api.read", "base address"},
		{"429", func(p *practice) { p.practices = reply(429, ``) }, CannotTell, 6, "api.read", "wait"},
		{"502", func(p *practice) { p.practices = reply(502, `x`) }, CannotTell, 6, "api.read", "later"},
		{"quota", func(p *practice) { p.practices = reply(200, ``) }, CannotTell, 6, "api.read", "quota"},
		{"endless", func(p *practice) { p.practices = reply(200, `{"items":["`+strings.Repeat("x", 9<<20)+`"]}`) }, CannotTell, 6, "api.read", "larger"},
		{"html", func(p *practice) { p.practices = reply(200, `<html>`) }, CannotTell, 6, "api.read", "JSON"},
		{"redirect", func(p *practice) { p.practices = reply(302, ``, "Location", "/login") }, Misconfigured, 2, "api.read", "--api-base"},
		{"no session", func(p *practice) { p.defaults = reply(200, ``) }, Insufficient, 3, "api.session", "header"},
		{"session refused", func(p *practice) { p.defaults = reply(403, ``) }, Insufficient, 3, "api.session", "leading zeros"},
		{"other practice", func(p *practice) { p.defaults = reply(200, ``, "X-NG-SessionId", other) }, Insufficient, 3, "api.session", "another enterprise"},
		{"session useless", func(p *practice) { p.locations = reply(403, ``) }, Insufficient, 3, "api.session", "refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPractice()
			c.change(p)
			r := prove(t, input(t, p.start(t)))
			one := find(r, c.id)
			if r.Verdict != c.verdict || r.ExitCode != c.code || one == nil || !r.Deciding(*one) || !strings.Contains(one.Hint+one.Summary, c.says) {
				t.Errorf("%s %d, %+v; want %s %d that says %q", r.Verdict, r.ExitCode, one, c.verdict, c.code, c.says)
			}
			if p.tokens != 1 {
				t.Errorf("%d token requests", p.tokens)
			}
		})
	}
}

// A wrong configuration sends nothing and lists everything at once.
func TestNothingIsSent(t *testing.T) {
	for _, c := range []struct {
		name    string
		change  func(*Input)
		verdict Verdict
		ids     []string
	}{
		{"missing", func(in *Input) { in.Config.ClientID, in.Config.SiteID = "", "" }, Misconfigured, []string{"cfg.complete"}},
		{"site id", func(in *Input) { in.Config.SiteID, in.Config.EnterpriseID = "clinic", "1" }, Misconfigured, []string{"cfg.site-id"}},
		{"half a practice", func(in *Input) { in.Config.PracticeID = "" }, Misconfigured, []string{"cfg.complete"}},
		{"plain http", func(in *Input) { in.Config.TokenURL = "http://gateway.example/token" }, Misconfigured, []string{"cfg.endpoints"}},
		{"office", func(in *Input) { in.Config.APIBase = "https://fhir.meditouchehr.com/api/fhir/r4" }, Misconfigured, []string{"cfg.endpoints"}},
		{"token goes elsewhere", func(in *Input) { in.Config.APIBase = "https://nativeapi.nextgen.com/nge/prod/nge-api/api" }, Misconfigured, []string{"api.cross"}},
		{"mixed up site", func(in *Input) {
			in.Environment, in.Others = "production", []Sibling{{"clinic-a-test", "test", site}}
		}, Misconfigured, []string{"cfg.site-id"}},
		{"no secret", func(in *Input) { in.Config.Secret = secret.Value{} }, SignInNeeded, []string{"cfg.secret-source"}},
		{"no secret and no site", func(in *Input) { in.Config.Secret, in.Config.SiteID = secret.Value{}, "" }, Misconfigured, []string{"cfg.secret-source", "cfg.complete"}},
		{"offline", func(in *Input) { in.Offline = true }, NotAsked, nil},
		{"offline, incomplete", func(in *Input) { in.Offline, in.Config.SiteID = true, "" }, Misconfigured, []string{"cfg.complete"}},
		{"offline, no secret", func(in *Input) { in.Offline, in.Config.Secret = true, secret.Value{} }, SignInNeeded, []string{"cfg.secret-source"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPractice()
			in := input(t, p.start(t))
			c.change(&in)
			r := prove(t, in)
			if r.Verdict != c.verdict || r.Requests != 0 || p.tokens != 0 {
				t.Errorf("%s after %d requests, want %s after none: %+v", r.Verdict, r.Requests, c.verdict, r.Checks)
			}
			for _, id := range c.ids {
				if one := find(r, id); one == nil || one.Status != Fail || one.Hint == "" {
					t.Errorf("%s is %+v", id, one)
				}
			}
		})
	}
}

// Every id is in the table, and the verdicts are those of the contract.
func TestTables(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range Table() {
		if seen[row.ID] || row.What == "" || row.Severity == "" || row.Flows == "" || row.Mode == "" {
			t.Errorf("row %+v", row)
		}
		seen[row.ID] = true
	}
	want := []struct {
		v Verdict
		c exit.Code
	}{{"misconfigured", 2}, {"cannot-tell", 6}, {"sign-in-needed", 4}, {"rejected", 3}, {"insufficient", 3}, {"not-asked", 0}, {"accepted", 0}}
	for i, row := range Verdicts() {
		if row.Verdict != want[i].v || row.Code != want[i].c {
			t.Errorf("%d: %+v, want %+v", i, row, want[i])
		}
	}
}
