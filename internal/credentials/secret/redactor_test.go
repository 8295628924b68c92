package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// percentAll encodes every byte.
func percentAll(s, verb string) string {
	var out strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&out, "%%"+verb, s[i])
	}
	return out.String()
}

func jsonText(s string) string {
	b, _ := json.Marshal(s)
	return string(b[1 : len(b)-1])
}

func jsonPlain(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)
	t := strings.TrimSpace(b.String())
	return t[1 : len(t)-1]
}

func xmlText(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func unicodeAll(s, verb string) string {
	var out strings.Builder
	for _, r := range s {
		if a, b := utf16.EncodeRune(r); strings.HasPrefix(verb, `\u`) && a != utf8.RuneError {
			fmt.Fprintf(&out, verb+verb, a, b)
			continue
		}
		fmt.Fprintf(&out, verb, r)
	}
	return out.String()
}

func quoted(s string) string {
	q := fmt.Sprintf("%q", s)
	return q[1 : len(q)-1]
}

// disguises are the forms in which a text may come back.
func disguises() map[string]func(string) string {
	mixed := func(s string) string {
		out, n := []byte(url.QueryEscape(s)), 0
		for i := 0; i+2 < len(out); i++ {
			if out[i] == '%' {
				if n++; n%2 == 0 {
					copy(out[i+1:], strings.ToLower(string(out[i+1:i+3])))
				}
			}
		}
		return string(out)
	}
	b64 := func(enc *base64.Encoding, before, after string) func(string) string {
		return func(s string) string { return enc.EncodeToString([]byte(before + s + after)) }
	}
	out := map[string]func(string) string{
		"plain":            func(s string) string { return s },
		"query":            url.QueryEscape,
		"query twice":      func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"query thrice":     func(s string) string { return url.QueryEscape(url.QueryEscape(url.QueryEscape(s))) },
		"query %20":        func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") },
		"query mixed":      mixed,
		"path":             url.PathEscape,
		"percent upper":    func(s string) string { return percentAll(s, "%02X") },
		"percent lower":    func(s string) string { return percentAll(s, "%02x") },
		"plus":             func(s string) string { return strings.ReplaceAll(s, " ", "+") },
		"json":             jsonText,
		"json no html":     jsonPlain,
		"json twice":       func(s string) string { return jsonText(jsonText(s)) },
		"json thrice":      func(s string) string { return jsonText(jsonText(jsonText(s))) },
		"json slash":       func(s string) string { return strings.ReplaceAll(jsonText(s), "/", `\/`) },
		"json of query":    func(s string) string { return jsonText("a=" + url.QueryEscape(s) + "&b=c") },
		"json units":       func(s string) string { return unicodeAll(s, `\u%04x`) },
		"json units upper": func(s string) string { return unicodeAll(s, `\u%04X`) },
		"xml":              xmlText,
		"html":             html.EscapeString,
		"html twice":       func(s string) string { return html.EscapeString(html.EscapeString(s)) },
		"html numbers":     func(s string) string { return unicodeAll(s, "&#%d;") },
		"html hex":         func(s string) string { return unicodeAll(s, "&#x%x;") },
		"go":               quoted,
		"go ascii":         func(s string) string { q := fmt.Sprintf("%+q", s); return q[1 : len(q)-1] },
		"shell":            func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" },
		"shell 2":          func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'"'"'`) + "'" },
		"html of json":     func(s string) string { return html.EscapeString(jsonText(s)) },
		"hex":              func(s string) string { return hex.EncodeToString([]byte(s)) },
		"HEX":              func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
		"b64 of query":     func(s string) string { return base64.StdEncoding.EncodeToString([]byte("id%3A:" + url.QueryEscape(s))) },
		"b64 of lower": func(s string) string {
			return base64.StdEncoding.EncodeToString([]byte("i:" + lowerTriplets(url.QueryEscape(s))))
		},
		"b64 in a query": func(s string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte("idn:" + s))) },
		"b64 in json": func(s string) string {
			return strings.ReplaceAll(base64.StdEncoding.EncodeToString([]byte("idn:"+s)), "/", `\/`)
		},
	}
	for i, before := range []string{"", "x", "xy", "xyz", "l7abc:"} {
		for j, after := range []string{"", "1", "12"} {
			out[fmt.Sprintf("std %d %d", i, j)] = b64(base64.StdEncoding, before, after)
			out[fmt.Sprintf("url %d %d", i, j)] = b64(base64.RawURLEncoding, before, after)
			out[fmt.Sprintf("raw %d %d", i, j)] = b64(base64.RawStdEncoding, before, after)
		}
	}
	return out
}

// odd makes a secret of characters that encoders treat in their own ways.
func odd(rng *rand.Rand) string {
	alphabet := []rune("abcXYZ0189 +%&\"<>'\\:=/é\n\t?#~._-!$;,@[]{}|`^*()世😀")
	out := make([]rune, 8+rng.IntN(20))
	for i := range out {
		out[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(out)
}

func secrets() []string {
	out := []string{canary, `a b+c%d&e"f<g'h\i:jék`, "tail newline\n", `\\\\\\\\`, "%41%42%2541", "''''''", "&amp;&lt;", "++++ ++++", "[secret]x[secret]",
		"0123456789abcdef0123456789abcdef", "secret", "[secret]", "cret] se", "abcd", "Bearer abcdef", "eyJhbGciOiJub25lIn0"}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 16 {
		out = append(out, odd(rng))
	}
	return out
}

func TestEveryDisguiseIsFound(t *testing.T) {
	for _, s := range secrets() {
		r := NewRedactor()
		r.Learn(New(s))
		for name, disguise := range disguises() {
			d := disguise(s)
			for _, frame := range []string{"%s", "the answer is %s, they say", "error=x&v=%s&z=1", `{"d":"%s"}`} {
				text := strings.Replace(frame, "%s", d, 1)
				got := r.Clean(text)
				if left := strings.ReplaceAll(got, Mask, ""); !strings.Contains(got, Mask) || strings.Contains(left, d) {
					t.Fatalf("%s of %q is left in %q: %q", name, s, text, got)
				}
				if remains := len(strings.ReplaceAll(got, Mask, "")); remains > len(frame)-2+4+8 { // quotes, and the neighbours in one disguise
					t.Errorf("%s of %q: much is left in %q: %q", name, s, text, got)
				}
				if again := r.Clean(got); again != got {
					t.Fatalf("not idempotent: %q, %q", got, again)
				}
			}
		}
	}
}

func TestASecretCutOffAtTheEndIsFound(t *testing.T) {
	for _, s := range secrets() {
		if len(s) < 8 {
			continue
		}
		r := NewRedactor()
		r.Learn(New(s))
		for name, disguise := range disguises() {
			d := disguise(s)
			if strings.HasPrefix(name, "json of") || strings.HasPrefix(name, "shell") || strings.Contains(name, "b64") || strings.HasPrefix(name, "std") ||
				strings.HasPrefix(name, "url") || strings.HasPrefix(name, "raw") {
				continue // other text comes first
			}
			for n := 14; n < len(d); n++ {
				if got := r.Clean("body: " + d[:n]); got != "body: "+Mask {
					t.Fatalf("%s of %q cut after %d: %q", name, s, n, got)
				}
			}
		}
	}
	r := NewRedactor()
	r.Learn(New(canary))
	whole := base64.StdEncoding.EncodeToString([]byte("identity:" + canary))
	for n := 20; n < len(whole); n++ { // 12 digits for the id, and 6 of the secret
		if got := r.Clean("got " + whole[:n]); got != "got "+Mask {
			t.Errorf("base64 cut after %d: %q", n, got)
		}
	}
	if got := r.Clean("ends with " + canary[:5]); got != "ends with "+canary[:5] {
		t.Errorf("too short a beginning: %q", got)
	}
}

func TestPairsAndProxies(t *testing.T) {
	r := NewRedactor()
	r.LearnPair("client id+1", New("p w%é"))
	r.LearnProxy("http://user%40corp:p%40ss%2Fword1@proxy.example:3128")
	r.LearnProxy("http://other:broken%zz pass@proxy.example:3128/x@y")
	r.LearnProxy("http://proxy.example:3128")
	r.LearnProxy("socks5://only@proxy.example")
	for _, text := range []string{
		base64.StdEncoding.EncodeToString([]byte("client id+1:p w%é")),
		base64.RawURLEncoding.EncodeToString([]byte("client+id%2B1:p+w%25%C3%A9")),
		base64.StdEncoding.EncodeToString([]byte("client+id%2b1:p+w%25%c3%a9")),
		"p@ss/word1", "p%40ss%2Fword1", "p%40ss%2fword1", "broken%zz pass",
		base64.StdEncoding.EncodeToString([]byte("user@corp:p@ss/word1")),
	} {
		if got := r.Clean("<" + text + ">"); got != "<"+Mask+">" {
			t.Errorf("%q: %q", text, got)
		}
	}
	short := NewRedactor()
	short.LearnPair("someone", New("abc"))
	if got := short.Clean(base64.StdEncoding.EncodeToString([]byte("someone:abc")) + " abc"); got != Mask+" abc" {
		t.Errorf("the pair of a short secret: %q", got)
	}
	if got := short.Foreign("anything", 100); got != Withheld {
		t.Errorf("a short secret: %q", got)
	}
}

func TestStructures(t *testing.T) {
	jwt := "eyJhbGciOiJSUzM4NCJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl"
	r := NewRedactor()
	for text, want := range map[string]string{
		"Authorization: Bearer abc.def-1 ok": "Authorization: Bearer [secret] ok",
		"authorization: bearer\tabc":         "authorization: bearer\t[secret]",
		"Basic YTpi==, next":                 "Basic [secret], next",
		"Bearer%20abc":                       "Bearer%20[secret]",
		`WWW-Authenticate: Bearer realm="x", error="invalid_token"`:       `WWW-Authenticate: Bearer realm="x", error="invalid_token"`,
		"Bearer error=invalid_token":                                      "Bearer error=invalid_token",
		"the Bearer token is old; use Basic auth.":                        "the Bearer token is old; use Basic auth.",
		`{"access_token":"a\"b","x":"y"}`:                                 `{"access_token":"[secret]","x":"y"}`,
		`{"access_token" : "ab\\","x":"y"}`:                               `{"access_token" : "[secret]","x":"y"}`,
		`"{\"refresh_token\":\"a\\\"b\",\"x\":\"y\"}"`:                    `"{\"refresh_token\":\"[secret]\",\"x\":\"y\"}"`,
		`{"id_token":"cut off`:                                            `{"id_token":"[secret]`,
		`{'password':'x y'}`:                                              `{'password':'[secret]'}`,
		`{"password": 123456, "code": 400}`:                               `{"password": [secret], "code": 400}`,
		`{"code":"abc","errorcode":"e","status_code":"s"}`:                `{"code":"[secret]","errorcode":"e","status_code":"s"}`,
		"grant_type=x&client_secret=ab%26c&site_id=s":                     "grant_type=x&client_secret=[secret]&site_id=s",
		"client_secret=abc":                                               "client_secret=[secret]",
		`"a=b\u0026client_secret=abc\u0026c=d"`:                           `"a=b\u0026client_secret=[secret]\u0026c=d"`,
		"a%3Db%26code_verifier%3Dabc%26c%3Dd":                             "a%3Db%26code_verifier%3D[secret]%26c%3Dd",
		"?code=abc&state=xyz":                                             "?code=[secret]&state=xyz",
		"status_code=500&errorcode=5":                                     "status_code=500&errorcode=5",
		"<Password>x</Password><a:code>1</a:code>":                        "<Password>[secret]</Password><a:code>[secret]</a:code>",
		"map[client_secret:[abc] grant_type:[x]]":                         "map[client_secret:[secret] grant_type:[x]]",
		"client_assertion=" + jwt + "&assertion=a.b":                      "client_assertion=[secret]&assertion=[secret]",
		"token " + jwt + " end":                                           "token [secret] end",
		"unsigned eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0. end":               "unsigned [secret] end",
		"cut " + jwt[:30]:                                                 "cut [secret]",
		"Password: give it":                                               "Password: give it",
		"nothing here: 200 OK, code 7":                                    "nothing here: 200 OK, code 7",
		"one " + Mask + " two":                                            "one " + Mask + " two",
		`{"error":"invalid_client","error_description":"no such client"}`: `{"error":"invalid_client","error_description":"no such client"}`,
	} {
		want = strings.Replace(want, "client_secret:[secret] grant", "client_secret:["+Mask+"] grant", 1)
		got := r.Clean(text)
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
		if again := r.Clean(got); again != got {
			t.Errorf("not idempotent: %q, %q", got, again)
		}
	}
}

func TestForeign(t *testing.T) {
	r := NewRedactor()
	r.Learn(New(canary), Value{})
	if got := r.Foreign("a\x1b[31mb\r\nc\u202ed\xffé\u00a0"+canary, 1000); got != `a\x1b[31mb\r\nc\u202ed\xffé\u00a0[secret]` {
		t.Errorf("got %q", got)
	}
	if got := r.Foreign("12345"+canary+"67890", 9); got != "12345[sec..." {
		t.Errorf("got %q", got)
	}
	if got := r.Foreign("short", 5); got != "short" {
		t.Errorf("got %q", got)
	}
	r.Learn(New(`one\ntwo`))
	if got := r.Foreign("one\ntwo", 50); got != Mask {
		t.Errorf("an escape made the secret: %q", got)
	}
}

func TestRedactorIsSafeForConcurrentUse(t *testing.T) {
	r := NewRedactor()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			s := fmt.Sprintf("%s-%d", canary, i)
			r.Learn(New(s))
			if got := r.Clean("x " + s + " y"); strings.Contains(got, canary) {
				t.Errorf("not masked: %q", got)
			}
		})
	}
	all.Wait()
}

func FuzzClean(f *testing.F) {
	for _, s := range secrets() {
		f.Add(s, "x="+url.QueryEscape(s)+`&{"code":"1"} Bearer `+s)
	}
	f.Fuzz(func(t *testing.T, s, text string) {
		if len(s) > 64 || len(text) > 2000 {
			return
		}
		r := NewRedactor()
		r.Learn(New(s))
		got := r.Clean(text)
		if again := r.Clean(got); again != got {
			t.Errorf("not idempotent: %q, %q", got, again)
		}
		if len(s) >= minSearch && strings.Contains(strings.ReplaceAll(got, Mask, "\x00"), s) && !strings.Contains(s, "\x00") {
			t.Errorf("%q is left in %q", s, got)
		}
		r.Foreign(text, 20)
	})
}

func BenchmarkClean(b *testing.B) {
	r := NewRedactor()
	rng := rand.New(rand.NewPCG(1, 2))
	for range 6 {
		r.Learn(New(odd(rng)))
	}
	text := strings.Repeat(`{"id":"a1b2","name":"some text with %41 and \u0026 inside","n":12345},`, 1000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r.Clean(text)
	}
}
