package wire

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestTraceShowsNoSecret(t *testing.T) {
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Set-Cookie", "sid=canary1")
		w.Header().Set("X-NG-SessionId", "canary2")
		w.Header().Set("X-Strange", "canary3")
		w.Header().Set("Location", "https://x.example.test/?code=canary4")
		w.Header().Set("X-Request-Id", "id-secret5-\u009b31m")
		w.Header().Set("Www-Authenticate", `Bearer error_description="secret5"`)
		_, _ = w.Write([]byte("canary6"))
	}))
	var trace lines
	c := client(t, Options{Trace: trace.add, Redact: masker("secret5")})
	form := url.Values{"client_secret": {"canary7"}, "client_id": {"canary8"}, "grant_type": {"client_credentials"}}
	r, _ := http.NewRequest(http.MethodPost, s.URL+"/token?api_key=canary9", strings.NewReader(form.Encode()))
	r.URL.User = url.UserPassword("canary10", "canary11")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("canary12", "canary13")
	r.Header.Set("Cookie", "a=canary14")
	r.Header.Set("X-NG-SessionId", "canary15")
	a, err := c.Do(t.Context(), Token, r)
	if err != nil {
		t.Fatal(err)
	}
	out := trace.String()
	if strings.Contains(out, "canary") || strings.Contains(out, "secret5") || strings.Contains(out, "\u009b") {
		t.Errorf("the trace shows a secret or a control character:\n%s", out)
	}
	if strings.Contains(a.RequestID, "secret5") || strings.Contains(a.URL, "canary") {
		t.Errorf("request id %q, address %q", a.RequestID, a.URL)
	}
	for _, want := range []string{
		"> POST " + s.URL + "/token query: api_key", "> form: client_id, client_secret, grant_type",
		"> authorization: (not shown)", "> cookie: (not shown)", "> user-agent: ngapi",
		"< set-cookie: (not shown)", "< x-ng-sessionid: (not shown)", "< x-strange: (not shown)", "< location: (not shown)",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no line %q in\n%s", want, out)
		}
	}
	if !regexp.MustCompile(`(?m)^< 200 application/json 7 bytes \d+ ms x-request-id=id-\*\*\*-`).MatchString(out) {
		t.Errorf("no line for the answer in\n%s", out)
	}
}

func TestHiddenSegments(t *testing.T) {
	s := serve(t, respond(200, "text/plain", "x"))
	var trace lines
	c := client(t, Options{Trace: trace.add, Redact: masker("none")})
	r, _ := http.NewRequest(http.MethodGet, s.URL+"/fhir/Patient/12%2034", http.NoBody)
	a, err := c.Do(Hiding(t.Context(), "12 34", ""), API, r)
	if err != nil || a.URL != s.URL+"/fhir/Patient/{id}" || strings.Contains(trace.String(), "12%20") || strings.Contains(trace.String(), "12 34") {
		t.Errorf("%q, %v\n%s", a.URL, err, trace.String())
	}
}

func TestPrintableAndCut(t *testing.T) {
	if got := printable("a\x00b\x1b[0m\u202ec\xffd\n"); got != "ab[0mcd" {
		t.Errorf("%q", got)
	}
	if got := cut("aé", 2); got != "a" {
		t.Errorf("%q", got)
	}
}
