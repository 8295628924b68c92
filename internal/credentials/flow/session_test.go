package flow

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

func TestLoginDefaults(t *testing.T) {
	s := serveWire(t, func(w http.ResponseWriter, _ *http.Request, _ url.Values) {
		w.Header()["x-nG-sEssionid"] = []string{" session-canary "}
		w.WriteHeader(204)
	})
	c, trace := requestClient(t)
	cfg := gsaConfig(s)
	cfg.APIBase += "/"
	a, session, err := c.LoginDefaults(t.Context(), cfg, &Token{Access: secret.New("at-canary")})
	if err != nil || a.Status != 204 || session.Reveal() != "session-canary" {
		t.Errorf("%+v, %v", a, err)
	}
	r := s.requests()[0]
	if r.method != "PUT" || r.path != "/api/users/me/login-defaults" || r.header.Get("Content-Type") != "application/json" ||
		r.body != `{"enterpriseId":"00001","practiceId":"0001"}` {
		t.Errorf("%+v", r)
	}
	if _, err := c.Read(t.Context(), s.URL+"/api/persons?search=name-canary", &Token{Access: secret.New("at-canary")}, session); err != nil {
		t.Error(err)
	}
	if got := s.requests()[1].header.Get(sessionHeader); got != "session-canary" {
		t.Errorf("session %q", got)
	}
	if strings.Contains(trace(), "canary") {
		t.Errorf("the trace shows a secret:\n%s", trace())
	}
	s2 := serveWire(t, says(200, "", ""))
	if _, session, err := c.LoginDefaults(t.Context(), gsaConfig(s2), nil); err != nil || !session.Empty() {
		t.Errorf("without the header: %v", err)
	}
}

func TestReadHidesThePatient(t *testing.T) {
	s := serveWire(t, says(200, "application/fhir+json", `{}`))
	c, trace := requestClient(t)
	a, err := c.Read(t.Context(), s.URL+"/fhir/Patient/pat-4711", &Token{Access: secret.New("at"), Patient: "pat-4711"}, secret.Value{})
	if err != nil || a.URL != s.URL+"/fhir/Patient/{id}" || strings.Contains(trace(), "4711") {
		t.Errorf("%+v, %v\n%s", a, err, trace())
	}
	if s.requests()[0].path != "/fhir/Patient/pat-4711" {
		t.Error(s.requests()[0].path)
	}
	if _, err := c.Read(t.Context(), "https://x\x7f/canary", nil, secret.Value{}); exit.Of(err) != exit.Usage || strings.Contains(err.Error(), "canary") {
		t.Errorf("%v", err)
	}
}
