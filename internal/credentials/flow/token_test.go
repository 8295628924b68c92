package flow

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/wire"
)

func TestRefusals(t *testing.T) {
	html := "<html>canary</html>"
	cases := []struct {
		name             string
		status           int
		kind, body       string
		code, not, about string
	}{
		{"OAuth error", 401, "application/json", `{"error":"invalid_client","error_description":"d"}`, "invalid_client", "", "d"},
		{"error in a 200", 200, "application/json", `{"error":"invalid_scope"}`, "invalid_scope", "", ""},
		{"error beats a token", 200, "application/json", `{"error":"x","access_token":"a"}`, "x", "", ""},
		{"NextGen", 400, "application/json", `{"error":"Invalid Grant","detailedmessage":"used"}`, "Invalid Grant", "", "used"},
		{"message", 403, "application/json", `{"message":"no"}`, "", "no-token", "no"},
		{"empty 403", 403, "", "", "", "empty", ""},
		{"blank 200", 200, "application/json", " \r\n", "", "empty", ""},
		{"HTML 502", 502, "text/html", html, "", "html", ""},
		{"HTML as JSON", 200, "application/json", html, "", "html", ""},
		{"text", 401, "text/plain", "invalid access token", "", "not-json", ""},
		{"form", 200, "application/x-www-form-urlencoded", "access_token=a", "", "not-json", ""},
		{"half JSON", 200, "application/json", `{"access_token":"a"`, "", "not-json", ""},
		{"no token", 200, "application/json", `{"token_type":"Bearer"}`, "", "no-token", ""},
		{"token is a number", 200, "application/json", `{"access_token":5}`, "", "no-token", ""},
		{"token is null", 200, "application/json", `{"access_token":null}`, "", "no-token", ""},
		{"token is empty", 200, "application/json", `{"access_token":""}`, "", "no-token", ""},
		{"token in a 400", 400, "application/json", `{"access_token":"a"}`, "", "no-token", ""},
		{"a list", 200, "application/json", `[]`, "", "no-token", ""},
		{"null", 200, "application/json", `null`, "", "no-token", ""},
		{"error is an object", 400, "application/json", `{"error":{"code":1}}`, "", "no-token", ""},
		{"description is a number", 400, "application/json", `{"error":"e","error_description":7,"message":"m"}`, "e", "", "m"},
	}
	for _, k := range cases {
		s := serveWire(t, says(k.status, k.kind, k.body))
		c, _ := requestClient(t)
		_, err := c.ClientCredentials(t.Context(), gsaConfig(s))
		var r *Refusal
		if !errors.As(err, &r) {
			t.Errorf("%s: %v", k.name, err)
			continue
		}
		if r.Code != k.code || r.NotOAuth != k.not || r.Description != k.about || r.Answer == nil || r.Answer.Status != k.status {
			t.Errorf("%s: code %q, not %q, about %q", k.name, r.Code, r.NotOAuth, r.Description)
		}
		if n := len(s.requests()); n != 1 {
			t.Errorf("%s: %d requests, want 1", k.name, n)
		}
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v repeats the server", k.name, err)
		}
	}
}

func TestLongTextsAreCut(t *testing.T) {
	body := fmt.Sprintf(`{"error":%q,"error_description":%q}`, strings.Repeat("e", 300), strings.Repeat("ü", 600))
	_, err := readToken(tokenAnswer(400, body), time.Time{})
	var r *Refusal
	if !errors.As(err, &r) || len(r.Code) != 100 || r.Description != strings.Repeat("ü", 500) {
		t.Errorf("%v", err)
	}
	if got := (&Refusal{Code: " Invalid Grant "}).OAuthCode(); got != "invalid_grant" {
		t.Errorf("%q", got)
	}
}

func tokenAnswer(status int, body string) *wire.Answer {
	return &wire.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
}

func TestLifetimes(t *testing.T) {
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	for raw, want := range map[string]time.Duration{
		`3600`: time.Hour, `"3600"`: time.Hour, `" 60 "`: time.Minute, `1.5`: 1500 * time.Millisecond, `36e2`: time.Hour,
		`0`: 0, `-5`: 0, `"-5"`: 0, `1e300`: 0, `99999999999999999999999`: 0, `"soon"`: 0, `"0x10"`: 0, `"1_000"`: 0, `"Inf"`: 0, `""`: 0,
		`null`: 0, `true`: 0, `{}`: 0, `[3600]`: 0, `1e400`: 0,
	} {
		tok, err := readToken(tokenAnswer(200, `{"access_token":"a","expires_in":`+raw+`}`), now)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		if tok.ExpiresIn != raw || tok.Lifetime != want || tok.Expiry.IsZero() != (want == 0) || (want > 0 && !tok.Expiry.Equal(now.Add(want))) {
			t.Errorf("%s: raw %q, lifetime %v, expiry %v", raw, tok.ExpiresIn, tok.Lifetime, tok.Expiry)
		}
	}
	tok, err := readToken(tokenAnswer(200, `{"access_token":"a"}`), now)
	if err != nil || tok.ExpiresIn != "" || tok.Lifetime != 0 || !tok.Expiry.IsZero() {
		t.Errorf("absent: %+v, %v", tok, err)
	}
}

func TestTokenMembers(t *testing.T) {
	tok, err := readToken(tokenAnswer(200, `{"access_token":"a","refresh_token":"r","id_token":"i","token_type":"mac",
		"scope":"x y","patient":"p","encounter":12,"fhirContext":[{"reference":"ImagingStudy/1"}],"need_patient_banner":false,"intent":null}`), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if tok.Refresh.Reveal() != "r" || tok.ID.Reveal() != "i" || tok.Type != "mac" || tok.Scope != "x y" || !tok.HasScope ||
		tok.Patient != "p" || tok.Encounter != "12" || tok.FHIRContext != "ok" {
		t.Errorf("%+v", tok)
	}
	if want := []string{"encounter is not a text"}; !reflect.DeepEqual(tok.Problems, want) {
		t.Errorf("problems %v", tok.Problems)
	}
}

func TestOddMembers(t *testing.T) {
	tok, err := readToken(tokenAnswer(200, "\ufeff"+`{"access_token":1,"access_token":"a","token_type":["x"],"scope":["a","b"],"refresh_token":{},"id_token":false}`), time.Time{})
	if err != nil || tok.Access.Reveal() != "a" || tok.Type != "" || tok.Scope != "a b" || !tok.HasScope || !tok.Refresh.Empty() || len(tok.Problems) != 4 {
		t.Errorf("%+v, %v", tok, err)
	}
	for body, has := range map[string]bool{`{"access_token":"a"}`: false, `{"access_token":"a","scope":null}`: false, `{"access_token":"a","scope":""}`: true} {
		if tok, err := readToken(tokenAnswer(200, body), time.Time{}); err != nil || tok.HasScope != has || tok.Scope != "" {
			t.Errorf("%s: %+v, %v", body, tok, err)
		}
	}
}

func TestFHIRContext(t *testing.T) {
	for raw, want := range map[string]string{
		`[]`: "ok",
		`[{"reference":"A/1","role":"https://r.example.test"},{"canonical":"http://x"},{"identifier":{}}]`: "ok",
		`"A/1"`:                    "fhirContext is not a list",
		`["A/1"]`:                  "entry 1 of fhirContext is not an object",
		`[null]`:                   "entry 1 of fhirContext is not an object",
		`[{"reference":"A/1"},{}]`: "entry 2 of fhirContext has no reference, canonical or identifier",
		`[{"reference":5}]`:        "entry 1 of fhirContext has a reference that is not a text",
	} {
		if got := fhirContext([]byte(raw)); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}

func FuzzTokenAnswer(f *testing.F) {
	f.Add(200, "application/json", []byte(`{"access_token":"a","expires_in":"3600","scope":["x"],"fhirContext":[{}]}`))
	f.Add(400, "text/html", []byte(`<html>`))
	f.Add(302, "", []byte{})
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		a := &wire.Answer{Status: status, Header: http.Header{"Content-Type": {kind}}, Body: body}
		tok, err := readToken(a, time.Unix(1_700_000_000, 0))
		if (tok == nil) == (err == nil) {
			t.Fatalf("token %v, error %v", tok, err)
		}
		if tok != nil && (tok.Access.Empty() || tok.Lifetime < 0 || tok.Lifetime > longest || (tok.Lifetime == 0) != tok.Expiry.IsZero()) {
			t.Errorf("%+v", tok)
		}
		var r *Refusal
		if err != nil && (!errors.As(err, &r) || (r.NotOAuth == "" && r.Code == "")) {
			t.Errorf("%v", err)
		}
	})
}
