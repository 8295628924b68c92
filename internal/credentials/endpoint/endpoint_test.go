package endpoint

import (
	"encoding/base64"
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

const native, fhir = "https://nativeapi.nextgen.com", "https://fhir.nextgen.com"

// put makes a Set with one address.
func put(name, text string) Set {
	var s Set
	reflect.ValueOf(&s).Elem().FieldByName(name).SetString(text)
	return s
}

func TestDefaultsAreClean(t *testing.T) {
	for _, flow := range []string{"gsa", "patient", "eal"} {
		d := Default(flow)
		if found := Lint(flow, d); len(found) > 0 {
			t.Errorf("%s: %+v", flow, found)
		}
		if d.TokenURL == "" || Secure(d.TokenURL) != nil {
			t.Errorf("%s: %+v", flow, d)
		}
	}
	if Default("x") != (Set{}) {
		t.Error("an unknown flow has addresses")
	}
	if got := Default("gsa").TokenURL; got != native+"/nge/prod/nge-oauth/token" {
		t.Errorf("got %s", got)
	}
}

func TestKnownWrongAddresses(t *testing.T) {
	for _, c := range []struct {
		flow, field, text string
		severity          Severity
		what, right       string
	}{
		// The list of public code.
		{"gsa", "APIBase", native + "/nge/sandbox/nge-api/api", Error, "no sandbox address", apiBase},
		{"gsa", "TokenURL", native + "/nge/prod/nge-oauth/oauth2/token", Error, "no oauth2 in the paths", oauthBase + "/token"},
		{"gsa", "TokenURL", "https://sandbox.nextgen.com/oauth/token", Error, "no sandbox address", oauthBase + "/token"},
		{"patient", "TokenURL", "https://sandbox.nextgen.com/oauth/token", Error, "no sandbox address", patientBase + "/token"},
		{"patient", "TokenURL", fhir + "/nge/prod/oauth/token", Error, "no authorization server at /nge/prod/oauth", patientBase + "/token"},
		{"gsa", "TokenURL", fhir + "/nge/prod/oauth/token", Error, "no authorization server at /nge/prod/oauth", oauthBase + "/token"},
		{"patient", "TokenURL", fhir + "/nge/prod/patientoauth/token", Error, "with a hyphen", patientBase + "/token"},
		{"patient", "TokenURL", fhir + "/nge/prod/fhir-api-r4/oauth2/token", Error, "not below the FHIR API", patientBase + "/token"},
		{"gsa", "APIBase", "https://api.nextgen.com/nge/prod/nge-api/api", Error, "no API is known at api.nextgen.com", apiBase},
		{"eal", "AuthURL", "https://api.nextgen.com/nge/prod/nge-oauth/authorize", Error, "no API is known at api.nextgen.com", oauthBase + "/authorize"},
		{"patient", "FHIRBase", fhir + "/nge/prod/fhir-api-proxy/fhir/r4", Error, "fhir-api-proxy", fhirBase},

		// Inside addresses, also on this machine.
		{"gsa", "APIBase", "http://127.0.0.1:889/site.db/NextGen.Api.Edge/6.0/api/persons", Error, "internal address", apiBase},
		{"gsa", "APIBase", "https://qa7.nextgenaws.net/nge/prod/nge-api/api", Error, "internal one of the vendor", apiBase},

		// Another product, another flow, pages for people.
		{"patient", "FHIRBase", "https://fhir.meditouchehr.com/api/fhir/r4", Error, "NextGen Office", fhirBase},
		{"gsa", "TokenURL", fhir + "/nge/prod/patient-oauth/token", Error, "no published document describes client_credentials", oauthBase + "/token"},
		{"patient", "TokenURL", native + "/nge/prod/nge-oauth/token", Error, "patients sign in at patient-oauth", patientBase + "/token"},
		{"eal", "TokenURL", fhir + "/nge/prod/patient-oauth/token", Warning, "nge-oauth", oauthBase + "/token"},
		{"patient", "AuthURL", "https://developer.nextgen.com/authorize", Error, "pages for people", patientBase + "/authorize"},
		{"gsa", "TokenURL", native + "/nge/test/nge-oauth/token", Error, "no sandbox address", oauthBase + "/token"},
		{"gsa", "APIBase", "https://nativeapi-qa.nextgen.com/nge/prod/nge-api/api", Error, "no sandbox address", apiBase},

		// On its way out.
		{"patient", "FHIRBase", fhir + "/nge/prod/fhir-api/fhir/dstu2/", Warning, "DSTU2", fhirBase},

		// The right host, the wrong place.
		{"patient", "TokenURL", fhir + "/nge/prod/patient-oauth/oauth2/token", Error, "no oauth2", patientBase + "/token"},
		{"gsa", "APIBase", native + "/nge/prod/nge-api", Error, "ends with /nge-api/api", apiBase},
		{"gsa", "APIBase", native + "/nge/prod/nge-oauth", Error, "authorization server", apiBase},
		{"gsa", "TokenURL", native + "/nge/prod/nge-api/api", Error, "no address of the authorization server", oauthBase + "/token"},
		{"gsa", "TokenURL", native + "/nge/prod/nge-oauth", Error, "does not end", oauthBase + "/token"},
		{"eal", "TokenURL", native + "/nge/prod/nge-oauth/authorize", Error, "does not end", oauthBase + "/token"},
		{"patient", "RevokeURL", fhir + "/nge/prod/patient-oauth/token", Error, "does not end", patientBase + "/token/revoke"},
		{"patient", "FHIRBase", fhirBase + "/metadata", Error, "document below the base", fhirBase},
		{"patient", "FHIRBase", fhirBase + "/.well-known/smart-configuration", Error, "document below the base", fhirBase},
		{"patient", "FHIRBase", native + "/nge/prod/fhir-api-r4/fhir/r4", Error, "at fhir.nextgen.com", fhirBase},
		{"gsa", "APIBase", fhir + "/nge/prod/nge-api/api", Error, "at nativeapi.nextgen.com", apiBase},
		{"gsa", "APIBase", fhirBase, Error, "other API", apiBase},
		{"patient", "FHIRBase", apiBase, Error, "other API", fhirBase},
		{"patient", "FHIRBase", "https://services.fhir.nextgen.com/x", Warning, "not known to publish https://services.fhir.nextgen.com/x", fhirBase},
		{"gsa", "APIBase", native + "/nge/prod/nge-api/v2", Warning, "not known to publish", apiBase},

		// The form.
		{"gsa", "TokenURL", "http://nativeapi.nextgen.com/nge/prod/nge-oauth/token", Error, "plain http", oauthBase + "/token"},
		{"gsa", "TokenURL", "http://gateway.example/token", Error, "plain http", ""},
		{"gsa", "TokenURL", "http://127.0.0.1.example/token", Error, "plain http", ""},
		{"gsa", "TokenURL", "ftp://gateway.example/token", Error, "scheme", ""},
		{"gsa", "TokenURL", "nativeapi.nextgen.com/nge/prod/nge-oauth/token", Error, "absolute", ""},
		{"gsa", "TokenURL", "https:///token", Error, "absolute", ""},
		{"gsa", "TokenURL", "mailto:x", Error, "absolute", ""},
		{"gsa", "TokenURL", "https://gateway.example/%zz", Error, "absolute", ""},
		{"gsa", "TokenURL", oauthBase + "/token ", Error, "white space", ""},
		{"gsa", "TokenURL", oauthBase + "/to ken", Error, "white space", ""},
		{"gsa", "TokenURL", oauthBase + "/token\u00a0", Error, "white space", ""},
		{"gsa", "TokenURL", oauthBase + "/token#x", Error, "fragment", oauthBase + "/token"},
		{"gsa", "TokenURL", "https://gateway.example/token?x=y", Error, "there is a query", ""},

		// Own gateways and slashes.
		{"gsa", "TokenURL", "https://gateway.example/token", Info, "none that NextGen publishes", ""},
		{"gsa", "APIBase", "https://10.1.2.3/api", Info, "private network", ""},
		{"gsa", "APIBase", apiBase + "/", Info, "slash", apiBase},
	} {
		found := Lint(c.flow, put(c.field, c.text))
		if len(found) != 1 {
			t.Errorf("%s %s %s: %+v", c.flow, c.field, c.text, found)
			continue
		}
		if f := found[0]; f.Field != c.field || f.Severity != c.severity || !strings.Contains(f.What, c.what) || f.Right != c.right || f.Do == "" {
			t.Errorf("%s %s %s: %+v", c.flow, c.field, c.text, f)
		}
	}
}

func TestGoodAddresses(t *testing.T) {
	for _, c := range []struct{ flow, field, text string }{
		{"patient", "FHIRBase", fhir + "/nge/prod/fhir-api-r4/fhir/R4"},
		{"patient", "FHIRBase", "HTTPS://FHIR.NextGen.com:443/nge/prod/fhir-api-r4/fhir/r4"},
		{"gsa", "FHIRBase", fhirBase},
		{"patient", "APIBase", apiBase},
		{"gsa", "TokenURL", "http://127.0.0.1:8080/token"},
		{"gsa", "TokenURL", "http://[::1]:8080/nge/sandbox/token"},
		{"patient", "TokenURL", "http://localhost:1/nge-oauth/x"},
		{"gsa", "APIBase", "https://localhost/api"},
	} {
		if found := Lint(c.flow, put(c.field, c.text)); len(found) > 0 {
			t.Errorf("%v: %+v", c, found)
		}
	}
	if found := Lint("gsa", Set{}); len(found) > 0 {
		t.Errorf("nothing was given: %+v", found)
	}
}

func TestNoSecretOfAnAddressIsRepeated(t *testing.T) {
	const canary = "canary3f9a"
	for text, what := range map[string]string{
		oauthBase + "/token?client_secret=" + canary:       "credentials in the query",
		oauthBase + "/token?x=" + canary:                   "there is a query",
		"https://me:" + canary + "@gateway.example/token":  "user or a password",
		"https://" + canary + "@gateway.example/token":     "user or a password",
		oauthBase + "/token#" + canary:                     "fragment",
		"https://gateway.example/%zz?secret=" + canary:     "absolute",
		"https://x.nextgen.com/a?client_secret=" + canary:  "credentials in the query",
		"http://127.0.0.1:1/token?client_secret=" + canary: "credentials in the query",
	} {
		found := Lint("gsa", put("TokenURL", text))
		if len(found) != 1 || found[0].Severity != Error || !strings.Contains(found[0].What, what) {
			t.Errorf("%s: %+v", text, found)
		}
		for _, f := range found {
			if strings.Contains(f.What+f.Do+f.Right, canary) {
				t.Errorf("%s: repeated in %+v", text, f)
			}
		}
		if err := Secure(text); err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("repeated in %v", err)
		}
	}
}

func TestAddressesThatCannotBothBeRight(t *testing.T) {
	base := "http://127.0.0.1:8080/x"
	for _, s := range []Set{{APIBase: base, TokenURL: base + "/"}, {TokenURL: base, AuthURL: base}, {RevokeURL: base, FHIRBase: base}} {
		found := Lint("patient", s)
		if len(found) != 1 || found[0].Severity != Error || !strings.Contains(found[0].What, "the same as that of") {
			t.Errorf("%+v: %+v", s, found)
		}
	}
	if found := Lint("patient", Set{APIBase: base, FHIRBase: base, TokenURL: base + "/token"}); len(found) > 0 {
		t.Errorf("one base for both APIs: %+v", found)
	}
}

func TestSecureAndLoopback(t *testing.T) {
	for text, want := range map[string]struct {
		err  error
		loop bool
	}{
		"https://a.example":           {nil, false},
		"http://a.example":            {ErrPlain, false},
		"http://127.0.0.1":            {nil, true},
		"http://127.9.8.7:1/x":        {nil, true},
		"http://[::1]:8080":           {nil, true},
		"http://[::ffff:127.0.0.1]":   {nil, true},
		"http://localhost:8080":       {nil, true},
		"http://LOCALHOST":            {nil, true},
		"https://127.0.0.1":           {nil, true},
		"http://localhost.example":    {ErrPlain, false},
		"http://127.0.0.1.nip.io":     {ErrPlain, false},
		"http://127.1":                {ErrPlain, false},
		"http://2130706433":           {ErrPlain, false},
		"http://0.0.0.0":              {ErrPlain, false},
		"http://[::1%25eth0]":         {ErrPlain, false},
		"http://127.0.0.1@a.example/": {ErrPlain, false},
		"http://a.example#@127.0.0.1": {ErrPlain, false},
		"http:127.0.0.1":              {ErrNotAddress, false},
		"ftp://127.0.0.1":             {ErrNotAddress, true},
		"//127.0.0.1":                 {ErrNotAddress, true},
		"":                            {ErrNotAddress, false},
		"https://":                    {ErrNotAddress, false},
		"\x00":                        {ErrNotAddress, false},
	} {
		if got := Secure(text); !errors.Is(got, want.err) || (got == nil) != (want.err == nil) {
			t.Errorf("Secure(%q) = %v, want %v", text, got, want.err)
		}
		if got := Loopback(text); got != want.loop {
			t.Errorf("Loopback(%q) = %v", text, got)
		}
	}
}

func TestIDs(t *testing.T) {
	const site = "01234567-89ab-cDEF-0123-456789abcdef"
	for _, c := range []struct {
		check    func(string) error
		in, want string
	}{
		{SiteID, site, ""},
		{SiteID, "", "missing"},
		{SiteID, " " + site, "white space"},
		{SiteID, "{" + site + "}", "braces"},
		{SiteID, `"` + site + `"`, "quotation marks"},
		{SiteID, strings.ReplaceAll(site, "-", ""), "no hyphens"},
		{SiteID, site + "0", "not a GUID"},
		{SiteID, "g" + site[1:], "not a GUID"},
		{EnterpriseID, "00001", ""},
		{EnterpriseID, "1", `did you mean "00001"?`},
		{EnterpriseID, "000001", "has 6 digits; it is 5"},
		{EnterpriseID, "", "missing; it is 5 digits"},
		{EnterpriseID, "0000x", "not 5 digits"},
		{EnterpriseID, "00001\n", "white space"},
		{EnterpriseID, "٠٠٠٠١", "not 5 digits"},
		{PracticeID, "0001", ""},
		{PracticeID, "12", `did you mean "0012"?`},
		{PracticeID, "00001", "has 5 digits; it is 4"},
		{PracticeID, site, "not 4 digits"},
		{PracticeID, strings.Repeat("1", 40), "not 4 digits"},
	} {
		err := c.check(c.in)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.in, err, c.want)
		}
		if err != nil && len(c.in) > 12 && strings.Contains(err.Error(), c.in) {
			t.Errorf("%q is repeated: %v", c.in, err)
		}
	}
}

func TestDecodeSession(t *testing.T) {
	zero := strings.Repeat("0", 32)
	plain := "00001|0012|" + zero + "|" + zero + "||42?>"
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if e, p, ok := DecodeSession(" " + enc.EncodeToString([]byte(plain)) + "\n"); !ok || e != "00001" || p != "0012" {
			t.Errorf("got %q %q %v", e, p, ok)
		}
	}
	for _, text := range []string{"", "00001|0001", "1|1||||", "00001|0001|a|b|c", "00001|0001|a|b||c|d", "00001|0001|a|b||\xff"} {
		if e, p, ok := DecodeSession(base64.StdEncoding.EncodeToString([]byte(text))); ok || e != "" || p != "" {
			t.Errorf("%q was decoded to %q %q", text, e, p)
		}
	}
	if _, _, ok := DecodeSession("no base64!"); ok {
		t.Error("no base64")
	}
}

func FuzzLint(f *testing.F) {
	f.Add("gsa", oauthBase+"/token")
	f.Add("patient", "http://me:pw@127.0.0.1:889/x/NextGen.Api.Edge?client_secret=x#y")
	f.Fuzz(func(t *testing.T, flow, text string) {
		for _, name := range []string{"APIBase", "TokenURL", "AuthURL", "RevokeURL", "FHIRBase"} {
			found := Lint(flow, put(name, text))
			refused := false
			for _, x := range found {
				refused = refused || x.Severity == Error
				if x.Field != name || x.What == "" || x.Do == "" {
					t.Errorf("%q: %+v", text, x)
				}
			}
			if u, err := url.Parse(text); text != "" && !refused && (err != nil || Secure(text) != nil || u.User != nil || u.RawQuery != "") {
				t.Errorf("%q was accepted", text)
			}
		}
	})
}

func FuzzDecodeSession(f *testing.F) {
	f.Add(base64.StdEncoding.EncodeToString([]byte("00001|0001|a|b||c")))
	f.Fuzz(func(t *testing.T, text string) {
		e, p, ok := DecodeSession(text)
		if ok != (EnterpriseID(e) == nil && PracticeID(p) == nil) {
			t.Errorf("%q: %q %q %v", text, e, p, ok)
		}
	})
}
