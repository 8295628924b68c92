package check

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// shelf is a vault in memory.
type shelf struct {
	now Stored
}

func (s *shelf) Renew(_ context.Context, renew func(Stored) (*Stored, error)) error {
	next, err := renew(s.now)
	if next != nil {
		s.now = *next
	}
	return err
}

// A run that got no token and read nothing is never accepted, whatever else
// passed.
func TestNeverAcceptedByDefault(t *testing.T) {
	p := newPractice()
	in := input(t, p.start(t))
	in.Config.Method, in.Config.Secret = flow.None, secret.Value{}
	if r := prove(t, in); r.Verdict != Misconfigured || r.ExitCode != exit.Usage || r.Requests != 0 || r.Next() == "" {
		t.Errorf("a service account without proof: %s %d after %d requests, %q", r.Verdict, r.ExitCode, r.Requests, r.Next())
	}

	one := run{in: Input{Config: flow.Config{Flow: flow.GSA}}}
	one.add("tok.accepted", Pass, "a token")
	if r := one.conclude(); r.Verdict != CannotTell || r.ExitCode != exit.Remote {
		t.Errorf("a token and no read: %s %d", r.Verdict, r.ExitCode)
	}
	one.add("api.read", Pass, "a read")
	if r := one.conclude(); r.Verdict != Accepted {
		t.Errorf("a token and a read: %s", r.Verdict)
	}
}

// A stored token that can be renewed by nobody asks for a sign-in.
func TestStoredTokenWithoutVault(t *testing.T) {
	for name, change := range map[string]func(*Stored){
		"refused": func(*Stored) {},
		"ended":   func(s *Stored) { s.Expiry = now().Add(-time.Hour) },
	} {
		in := patientInput(t, reply(401, ``))
		in.Stored.Refresh = secret.New("refresh-0123456789")
		change(in.Stored)
		if r := prove(t, in); r.Verdict != SignInNeeded || r.ExitCode != exit.SignIn || r.Next() == "" {
			t.Errorf("%s: %s %d, %q", name, r.Verdict, r.ExitCode, r.Next())
		}
	}
}

// A token that another process stored in between, and that is refused too, is
// renewed: that is the first and only token request.
func TestRenewalAfterAnotherProcess(t *testing.T) {
	in := patientInput(t, reply(401, ``))
	in.Stored.Refresh, in.Stored.Expiry = secret.New("refresh-0123456789"), now().Add(-time.Hour)
	v := &shelf{now: *in.Stored}
	v.now.Access, v.now.Expiry = secret.New("tok-0123456789abcdefg-other"), now().Add(time.Hour)
	in.Vault = v
	r := prove(t, in) // the token endpoint of patientInput refuses every grant
	c := find(r, "tok.accepted")
	if r.Verdict != SignInNeeded || c == nil || c.Summary != "the refresh token is used up, revoked, or was renewed elsewhere" {
		t.Errorf("%s: %+v", r.Verdict, c)
	}
}

// A refusal that names another auth method is one of tok.method.
func TestOtherMethodIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		answer   http.HandlerFunc
		id, says string
	}{
		"description": {reply(401, `{"error":"invalid_client","error_description":"The client supports client_secret_basic, but client_secret_post was requested."}`), "tok.method", "try --auth-method client_secret_basic"},
		"challenge":   {reply(401, `{"error":"invalid_client"}`, "WWW-Authenticate", `Basic realm="x"`), "tok.accepted", "may be what it wants"},
		"own method":  {reply(401, `{"error":"invalid_client","error_description":"client_secret_post failed"}`), "tok.accepted", "registered for client_secret_post"},
	} {
		p := newPractice()
		p.token = c.answer
		r := prove(t, input(t, p.start(t)))
		one := find(r, c.id)
		if r.Verdict != Rejected || one == nil || one.Status != Fail || !strings.Contains(one.Hint, c.says) || p.tokens != 1 {
			t.Errorf("%s: %s after %d token requests, %+v", name, r.Verdict, p.tokens, one)
		}
	}
}

// What is said of login-defaults is what its answer shows: the base is known to be
// right by then.
func TestLoginDefaultsAnswers(t *testing.T) {
	for status, want := range map[int]Verdict{400: Insufficient, 403: Insufficient, 409: Insufficient, 404: CannotTell, 405: CannotTell, 401: Insufficient, 429: CannotTell, 503: CannotTell, 418: CannotTell, 302: Misconfigured} {
		p := newPractice()
		p.defaults = reply(status, ``)
		r := prove(t, input(t, p.start(t)))
		if one := find(r, "api.session"); r.Verdict != want || one == nil || one.Hint == "" {
			t.Errorf("%d: %s, want %s: %+v", status, r.Verdict, want, one)
		}
	}
}

// A gateway's error with a list in it is no list of practices.
func TestErrorWithAList(t *testing.T) {
	for _, body := range []string{`{"message":"invalid access token","details":[]}`, `{"fault":{"x":1},"items":[]}`} {
		p := newPractice()
		p.practices = reply(200, body)
		if r := prove(t, input(t, p.start(t))); r.Verdict != CannotTell {
			t.Errorf("%s: %s", body, r.Verdict)
		}
	}
}

// A patient who is not found says nothing of the base.
func TestPatientNotFound(t *testing.T) {
	r := prove(t, patientInput(t, reply(404, ``)))
	if c := find(r, "api.read"); r.Verdict != CannotTell || c == nil || !strings.Contains(c.Summary, "does not tell which") {
		t.Errorf("%s: %+v", r.Verdict, c)
	}
}

// fhir is a patient's server whose documents can be replaced.
func fhir(t *testing.T, smart, oidc, metadata string) Input {
	t.Helper()
	m := http.NewServeMux()
	for path, body := range map[string]string{"/.well-known/smart-configuration": smart, "/.well-known/openid-configuration": oidc, "/metadata": metadata} {
		m.HandleFunc("/fhir"+path, func(w http.ResponseWriter, r *http.Request) {
			if body == "" {
				reply(401, ``)(w, r)
				return
			}
			reply(200, strings.ReplaceAll(body, "BASE", "http://"+r.Host))(w, r)
		})
	}
	m.HandleFunc("/fhir/Patient/", reply(200, `{"resourceType":"Patient"}`))
	s := httptest.NewServer(m)
	t.Cleanup(s.Close)
	in := patientInput(t, reply(401, ``))
	in.Config.FHIRBase = s.URL + "/fhir"
	return in
}

const smartDocument = `{"issuer":"BASE/fhir","authorization_endpoint":"BASE/authorize","token_endpoint":"BASE/token","capabilities":["launch-standalone","client-public"],"code_challenge_methods_supported":["S256"]}`

// Documents that were not compared are not said to agree.
func TestDocumentsAgree(t *testing.T) {
	other := strings.ReplaceAll(smartDocument, "BASE/token", "BASE/other/token")
	for name, c := range map[string]struct {
		oidc, metadata string
		want           Status
	}{"alone": {"", "", Info}, "same": {smartDocument, "", Pass}, "other": {other, "", Warn}} {
		r := prove(t, fhir(t, smartDocument, c.oidc, c.metadata))
		if one := find(r, "disc.agree"); one == nil || one.Status != c.want || r.Verdict != Accepted {
			t.Errorf("%s: %s %+v", name, r.Verdict, one)
		}
	}
}

// DSTU2 is named by what the server says, whatever the address is.
func TestOldRelease(t *testing.T) {
	for version, want := range map[string]Status{"1.0.2": Warn, "4.0.1": Pass} {
		r := prove(t, fhir(t, smartDocument, "", `{"resourceType":"CapabilityStatement","fhirVersion":"`+version+`"}`))
		found := false
		for _, c := range r.Checks {
			found = found || (c.ID == "cfg.endpoints" && c.Status == Warn && strings.Contains(c.Summary, "DSTU2"))
		}
		if found != (want == Warn) {
			t.Errorf("%s: %+v", version, r.Checks)
		}
	}
}

// A token of a discovered server is not sent to a base that does not belong to it.
func TestDiscoveredServerElsewhere(t *testing.T) {
	r := prove(t, fhir(t, strings.ReplaceAll(smartDocument, "BASE/token", "https://fhir.nextgen.com/nge/prod/patient-oauth/token"), "", ""))
	one := find(r, "api.cross")
	if r.Verdict != Misconfigured || one == nil || one.Status != Fail || find(r, "api.read") != nil {
		t.Errorf("%s: %+v", r.Verdict, one)
	}
}

// Without an answer of the right kind a deep probe claims nothing.
func TestDeepClaimsWhatItSaw(t *testing.T) {
	for status, want := range map[int]Status{400: Pass, 401: Pass, 429: Unknown, 503: Unknown, 200: Warn, 404: Warn} {
		p := newPractice()
		in := input(t, p.start(t))
		in.Deep, in.Environment = true, "sandbox"
		good, tokens := p.token, 0
		p.token = func(w http.ResponseWriter, r *http.Request) {
			if tokens++; tokens > 2 { // after the token and the second one
				reply(status, `{"error":"x"}`)(w, r)
				return
			}
			good(w, r)
		}
		p.practices = func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer tok-0123456789abcdefghijkl" {
				reply(status, `{}`, "WWW-Authenticate", "Bearer")(w, r)
				return
			}
			reply(200, `[]`)(w, r)
		}
		r := prove(t, in)
		if c := find(r, "neg.grant"); c == nil || c.Status != want || tokens != 3 {
			t.Errorf("%d: %+v after %d token requests", status, c, tokens)
		}
		wantDenied := map[int]Status{401: Pass, 200: Warn}[status]
		if wantDenied == "" {
			wantDenied = Unknown
		}
		if c := find(r, "api.denies"); c == nil || c.Status != wantDenied || r.Verdict != Accepted {
			t.Errorf("%d: %s %+v, want %s", status, r.Verdict, c, wantDenied)
		}
	}
}

// A refresh that only --deep asked for says nothing against the token in use.
func TestDeepRefreshRefused(t *testing.T) {
	in := patientInput(t, reply(200, `{"resourceType":"Patient","id":"7"}`))
	in.Stored.Refresh, in.Deep = secret.New("refresh-0123456789"), true
	in.Vault = &shelf{now: *in.Stored}
	r := prove(t, in)
	works, accepted := find(r, "ref.works"), find(r, "tok.accepted")
	if r.Verdict != SignInNeeded || works == nil || works.Status != Fail || works.Hint == "" || accepted == nil || accepted.Status != Pass {
		t.Errorf("%s: %+v, %+v", r.Verdict, works, accepted)
	}
	if c := find(r, "tok.entropy"); c == nil || c.Status != Pass || !strings.Contains(c.Summary, "not tried") {
		t.Errorf("tok.entropy is %+v", c)
	}
}

// The audience is held against the base that is read from.
func TestAudienceSent(t *testing.T) {
	for aud, want := range map[string]Status{"": Info, "https://gateway.example/fhir/r4/": Pass, "https://gateway.example/fhir/R4": Pass, "https://elsewhere.example/fhir": Info} {
		r := run{in: Input{Clean: secret.NewRedactor()}, cfg: flow.Config{FHIRBase: "https://gateway.example/fhir/r4"}}
		r.audienceSent(aud)
		if r.checks[0].Status != want {
			t.Errorf("%q: %+v", aud, r.checks[0])
		}
	}
}

// Of several results that each make a verdict, the first in the order of the
// contract wins, whatever their order is; its hint is the next step.
func TestPrecedence(t *testing.T) {
	rows := Verdicts()
	for i, first := range rows[:5] {
		for _, second := range rows[i:5] {
			for _, turned := range []bool{false, true} {
				r := run{}
				r.add("tok.accepted", Pass, "a token")
				r.add("api.read", Pass, "a read")
				one, two := first.Verdict, second.Verdict
				if turned {
					one, two = two, one
				}
				r.add("net.dns", Fail, "one", one, hint("do "+string(one)))
				r.add("net.connect", Fail, "two", two, hint("do "+string(two)))
				if got := r.conclude(); got.Verdict != first.Verdict || got.ExitCode != first.Code || got.Next() != "do "+string(first.Verdict) {
					t.Errorf("%s and %s make %s %d, %q", one, two, got.Verdict, got.ExitCode, got.Next())
				}
			}
		}
	}
}

// A failed check that the server did not mind is a warning of a good verdict, so
// that only --strict counts it.
func TestFailureThatDecidedNothing(t *testing.T) {
	for strict, code := range map[bool]exit.Code{false: exit.OK, true: exit.No} {
		r := run{in: Input{Strict: strict}}
		r.add("tok.accepted", Pass, "a token")
		r.add("api.read", Pass, "a read")
		r.add("net.clock", Fail, "off")
		got := r.conclude()
		if c := find(got, "net.clock"); got.Verdict != Accepted || got.ExitCode != code || c.Status != Warn {
			t.Errorf("strict %t: %s %d, %+v", strict, got.Verdict, got.ExitCode, c)
		}
	}
}
