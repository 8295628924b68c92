package drive

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A detector that finds nothing proves nothing.
func TestCanaryIsFoundInEveryForm(t *testing.T) {
	c := Canary{ClientID: "id-1", Secret: `kn4 +%&":/Zq7-canary w1`, Wire: []string{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.qx7Kd02jLmS9aWqT"}}
	quoted, err := json.Marshal("pre " + c.Secret + " post")
	if err != nil {
		t.Fatal(err)
	}
	in := func(format, text string) string { return fmt.Sprintf(format, text) }
	for name, text := range map[string]string{
		"plain":           in("x%sy", c.Secret),
		"form":            in("client_secret=%s&a=b", url.QueryEscape(c.Secret)),
		"lower form":      in("client_secret=%s&a=b", strings.ToLower(url.QueryEscape(c.Secret))),
		"percent":         strings.ReplaceAll(url.QueryEscape(c.Secret), "+", "%20"),
		"path":            in("/a/%s/b", url.PathEscape(c.Secret)),
		"json":            string(quoted),
		"go":              fmt.Sprintf("%q", c.Secret),
		"html":            in("<a>%s</a>", html.EscapeString(c.Secret)),
		"hex":             fmt.Sprintf("%x %X", c.Secret, "other"),
		"basic":           base64.StdEncoding.EncodeToString([]byte("id-1:" + c.Secret)),
		"basic encoded":   base64.StdEncoding.EncodeToString([]byte("id-1:" + url.QueryEscape(c.Secret))),
		"base64 inside 0": base64.StdEncoding.EncodeToString([]byte("abc" + c.Secret + "xyz")),
		"base64 inside 1": base64.URLEncoding.EncodeToString([]byte("abcd" + c.Secret + "xyz")),
		"base64 inside 2": base64.RawStdEncoding.EncodeToString([]byte("abcde" + c.Secret + "xyz")),
		"half":            in("starts with %s...", c.Secret[:len(c.Secret)/2]),
		"token":           in("Bearer %s.", c.Wire[0]),
		"token's end":     in("...%s", c.Wire[0][len(c.Wire[0])-24:]),
		"unicode":         `\u006b\u006e\u0034\u0020\u002b\u0025\u0026\u0022\u003a\u002f\u005a\u0071\u0037-canary w1`,
		"wrapped":         in("%s", c.Secret[:9]+"\n"+c.Secret[9:]),
	} {
		if len(c.In(text)) == 0 {
			t.Errorf("%s: not found in %s", name, text)
		}
	}
	if found := c.In("nothing of it: kn4, canary, id-1, eyJhbGciOiJIUzI1NiJ9"); len(found) > 0 {
		t.Errorf("found %v where there is none", found)
	}
}

func TestLeaksLooksAtStreamsAndFiles(t *testing.T) {
	c := Canary{Secret: "a canary of the test"}
	h := NewHome(t)
	if err := os.WriteFile(filepath.Join(h.Work, "report.xml"), []byte("<x>"+c.Secret+"</x>"), 0o640); err != nil {
		t.Fatal(err)
	}
	leaks, err := c.Leaks(Result{Home: h, Stderr: c.Secret})
	if err != nil {
		t.Fatal(err)
	}
	if len(leaks) != 2 || leaks[0].Place != "stderr" || leaks[1].Place != "work/report.xml" || leaks[1].Mode != 0o640 {
		t.Errorf("leaks: %v", leaks)
	}
}
