package flow

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

func TestPractices(t *testing.T) {
	want := []Practice{{"0001", "00001"}, {"0002", "00002"}}
	for body, list := range map[string][]Practice{
		`[{"id":"0001","enterpriseId":"00001"},{"id":"0002","enterpriseId":"00002"}]`:           want,
		`{"items":[{"id":"0001","enterpriseId":"00001"},{"id":"0002","enterpriseId":"00002"}]}`: want,
		`{"Items":[{"Id":"0001","EnterpriseId":"00001"},{"ID":"0002","enterpriseID":"00002"}]}`: want,
		`[{"id":1,"enterpriseId":10.0},{"id":null},{}]`:                                         {{"1", "10.0"}, {}, {}},
		`[]`:             {},
		`{"items":[]}`:   {},
		`{"items":null}`: nil,
		`{"other":[]}`:   nil,
		`null`:           nil,
		`[1]`:            nil,
		``:               nil,
		`<html>`:         nil,
	} {
		s := serveWire(t, says(200, "application/json", body))
		c, _ := requestClient(t)
		a, got, err := c.Practices(t.Context(), gsaConfig(s), &Token{Access: secret.New("at")})
		if err != nil || a == nil || !reflect.DeepEqual(got, list) {
			t.Errorf("%s: %#v, %v", body, got, err)
		}
		r := s.requests()[0]
		if r.method != "GET" || r.path != "/api/master/practices" || r.header.Get("Authorization") != "Bearer at" || r.header.Get(sessionHeader) != "" {
			t.Errorf("%+v", r)
		}
	}
	s := serveWire(t, says(403, "application/json", `[{"id":"1"}]`))
	c, _ := requestClient(t)
	if a, got, err := c.Practices(t.Context(), gsaConfig(s), nil); err != nil || got != nil || a.Status != 403 {
		t.Errorf("403: %v, %v", got, err)
	}
	if auth := s.requests()[0].header.Get("Authorization"); auth != "" {
		t.Errorf("without a token: %q", auth)
	}
}

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

func TestSessionChoice(t *testing.T) {
	plain := "00001|0001|00000000-0000-0000-0000-000000000000|||u"
	for _, c := range []struct {
		session string
		ok      bool
	}{
		{base64.StdEncoding.EncodeToString([]byte(plain)), true},
		{base64.RawURLEncoding.EncodeToString([]byte(plain)), true},
		{base64.StdEncoding.EncodeToString([]byte("00001")), false},
		{base64.StdEncoding.EncodeToString([]byte("a|b|c")), false},
		{"not base64!", false},
		{"", false},
	} {
		enterprise, practice, ok := SessionChoice(secret.New(c.session))
		if ok != c.ok || (ok && (enterprise != "00001" || practice != "0001")) {
			t.Errorf("%q: %q %q %v", c.session, enterprise, practice, ok)
		}
	}
}
