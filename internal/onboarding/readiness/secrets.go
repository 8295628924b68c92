package readiness

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"

	"github.com/apionboard/ngapi/internal/exit"
)

// Secrets lists the places of a file that look like a secret: a member of a JSON
// document that is named like one (RFC 6749, RFC 7523, OpenID Connect), or a JSON
// Web Token (RFC 7519) in any file. Evidence is committed beside the application,
// so a file with either is never recorded. No problem repeats what was found.
func Secrets(file string, data []byte) []exit.Problem {
	var out []exit.Problem
	say := func(offset int64, what string) {
		if len(out) < maxProblems {
			out = append(out, exit.Problem{File: file, Line: lineAt(data, offset), What: what,
				Do: "delete the file and revoke what it holds; evidence is committed, so it may hold no secret"})
		}
	}
	if at := webToken(data); at >= 0 {
		say(int64(at), "this looks like a JSON Web Token")
	}
	_ = scanJSON(data, func(m member) { // a file that is not JSON has been searched as it is
		if name, ok := secretName(m.key); ok {
			say(m.offset, "a member is named "+name)
		}
		if m.text != "" && webToken([]byte(m.text)) >= 0 && len(out) == 0 { // written with escapes
			say(m.offset, "this looks like a JSON Web Token")
		}
	})
	return out
}

// secretName recognises the names under which OAuth2 sends secrets, in any
// spelling.
func secretName(key string) (string, bool) {
	plain := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(key))
	for _, name := range []string{"access_token", "refresh_token", "id_token", "client_secret", "client_assertion", "code_verifier", "password"} {
		if plain == strings.ReplaceAll(name, "_", "") {
			return name, true
		}
	}
	return "", false
}

// tokens matches what could be a JSON Web Token: "ey" is the beginning of every
// JSON object in base64url.
var tokens = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`ey[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*`)
})

// webToken returns the place of the first JSON Web Token, or -1. Its header must
// be a JSON object, which tells it from a host name.
func webToken(data []byte) int {
	const tries, longest = 32, 8192 // a header is far shorter
	for _, at := range tokens().FindAllIndex(data, -1) {
		header, _, _ := bytes.Cut(data[at[0]:at[1]], []byte("."))
		for range tries {
			text, err := base64.RawURLEncoding.DecodeString(string(header[:min(len(header), longest)]))
			if err == nil && json.Valid(text) {
				return at[0]
			}
			next := bytes.Index(header[1:], []byte("ey")) // something may stand right before it
			if next < 0 {
				break
			}
			header = header[1+next:]
		}
	}
	return -1
}

// member is a value of a JSON document with the key that it stands under.
type member struct {
	depth  int    // of the object or list around it; 1 is the document itself
	key    string // "" in a list
	text   string // of a string, else ""
	twice  bool   // its object has the key already
	offset int64  // where the value ends
}

// jsonError tells why a document ended early. It never repeats the document.
type jsonError struct {
	what   string
	offset int64
}

// level is an object or list that is being read.
type level struct {
	object bool
	key    string
	keyed  bool // a key was read, its value comes next
	seen   map[string]bool
}

// maxJSONDepth is how deep a document may be nested.
const maxJSONDepth = 200

// scanJSON calls visit for every value, in order, without recursion.
func scanJSON(data []byte, visit func(member)) *jsonError {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var stack []*level
	for begun := false; ; {
		tok, err := dec.Token()
		if err != nil {
			return ending(err, dec.InputOffset(), begun && len(stack) == 0)
		}
		if begun && len(stack) == 0 {
			return &jsonError{"something follows it", dec.InputOffset()}
		}
		begun = true
		if tok == json.Delim('}') || tok == json.Delim(']') {
			stack = stack[:len(stack)-1]
			continue
		}
		m := member{depth: len(stack), offset: dec.InputOffset()}
		if n := len(stack); n > 0 && stack[n-1].object {
			top := stack[n-1]
			if key, isKey := tok.(string); isKey && !top.keyed {
				top.key, top.keyed = key, true
				continue
			}
			m.key, m.twice, top.keyed = top.key, top.seen[top.key], false
			top.seen[top.key] = true
		}
		m.text, _ = tok.(string)
		visit(m)
		if delim, opens := tok.(json.Delim); opens {
			if len(stack) >= maxJSONDepth {
				return &jsonError{"it is nested too deep", dec.InputOffset()}
			}
			stack = append(stack, &level{object: delim == '{', seen: map[string]bool{}})
		}
	}
}

// ending says why the tokens ended: at the end of the document, or too early.
func ending(err error, at int64, complete bool) *jsonError {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) && complete:
		return nil
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return &jsonError{"it ends too early", at}
	case errors.As(err, &syntax):
		return &jsonError{"a character is out of place", syntax.Offset}
	default:
		return &jsonError{"it cannot be read", at}
	}
}
