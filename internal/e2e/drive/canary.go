package drive

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A Canary is what must be seen nowhere: a client secret, and whatever else was
// on the wire.
type Canary struct {
	ClientID, Secret string
	Wire             []string // tokens, codes, verifiers, assertions
}

// window is how many characters in a row of a wire secret count as a leak; a
// checker must not even show the beginning of a token.
const window = 16

// Forms returns the texts to look for, each with a word for it.
func (c Canary) Forms() map[string]string {
	forms := map[string]string{}
	if c.Secret != "" {
		derive(forms, "secret", c.Secret)
		for _, pair := range []string{c.ClientID + ":" + c.Secret, url.QueryEscape(c.ClientID) + ":" + url.QueryEscape(c.Secret)} {
			forms["base64 of "+strconv.Quote(pair)] = strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(pair)), "=")
			forms["base64url of "+strconv.Quote(pair)] = strings.TrimRight(base64.URLEncoding.EncodeToString([]byte(pair)), "=")
		}
		half := c.Secret[:len(c.Secret)/2]
		forms["first half of the secret"] = half
		forms["last half of the secret"] = c.Secret[len(c.Secret)/2:]
	}
	for i, wire := range c.Wire {
		name := fmt.Sprintf("wire secret %d (%d characters)", i, len(wire))
		for at := 0; at+window <= len(wire); at += window / 2 {
			piece := wire[at : at+window]
			// Every token begins so, and a JSON text says nothing of its own.
			if strings.HasPrefix(piece, "eyJ") {
				continue
			}
			forms[fmt.Sprintf("%s at %d", name, at)] = piece
		}
		if len(wire) < window {
			forms[name] = wire
		}
		if unescaped, err := url.QueryUnescape(wire); err == nil && unescaped != wire {
			forms[name+" unescaped"] = unescaped
		}
	}
	return forms
}

// derive adds the forms in which a secret travels and hides.
func derive(forms map[string]string, name, secret string) {
	forms[name] = secret
	forms[name+", form-encoded"] = url.QueryEscape(secret)
	forms[name+", percent-encoded"] = strings.ReplaceAll(url.QueryEscape(secret), "+", "%20")
	forms[name+", as a path"] = url.PathEscape(secret)
	forms[name+", encoded twice"] = url.QueryEscape(url.QueryEscape(secret))
	forms[name+", quoted"] = strings.Trim(strconv.Quote(secret), `"`)
	forms[name+", as HTML"] = html.EscapeString(secret)
	if quoted, err := json.Marshal(secret); err == nil {
		forms[name+", as JSON"] = strings.Trim(string(quoted), `"`)
	}
	forms[name+", hexadecimal"] = hex.EncodeToString([]byte(secret))
	forms[name+", HEXADECIMAL"] = strings.ToUpper(hex.EncodeToString([]byte(secret)))
	// Inside a longer text, base64 depends on where the secret begins; the
	// characters at the edges depend on the neighbours and are left out.
	for shift := range 3 {
		padded := append(make([]byte, shift), secret...)
		text := strings.TrimRight(base64.StdEncoding.EncodeToString(padded), "=")
		if shift > 0 {
			text = text[shift+1:]
		}
		text = text[:len(text)-1]
		forms[fmt.Sprintf("%s, base64 at %d", name, shift)] = text
		forms[fmt.Sprintf("%s, base64url at %d", name, shift)] = strings.NewReplacer("+", "-", "/", "_").Replace(text)
	}
}

// In returns which forms stand in a text, as they are or behind one more layer
// of escaping.
func (c Canary) In(text string) []string {
	layers := []string{text, html.UnescapeString(text), strings.ReplaceAll(text, `\/`, "/"), strings.ReplaceAll(text, `\`, ""),
		strings.NewReplacer("\r", "", "\n", "", `\n`, "").Replace(text), ununicode(text)}
	layers = append(layers, unpercent(text))
	lower := strings.ToLower(text)
	var found []string
	for name, form := range c.Forms() {
		hit := slices.ContainsFunc(layers, func(layer string) bool { return strings.Contains(layer, form) })
		if !hit && strings.Contains(form, "%") {
			hit = strings.Contains(lower, strings.ToLower(form)) // %2F is %2f as well
		}
		if hit {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

// ununicode decodes the \u0000 escapes of JSON.
func ununicode(text string) string {
	return regexp.MustCompile(`\\u[0-9a-fA-F]{4}`).ReplaceAllStringFunc(text, func(escape string) string {
		code, err := strconv.ParseUint(escape[2:], 16, 32)
		if err != nil {
			return escape
		}
		return string(rune(code))
	})
}

// unpercent decodes what is percent-encoded in a text and leaves the rest.
func unpercent(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if raw, err := hex.DecodeString(text[i+1 : i+3]); err == nil {
				b.WriteByte(raw[0])
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// A Leak is where a secret was seen.
type Leak struct {
	Place string // stdout, stderr, or a file below the home folder
	Forms []string
	Mode  fs.FileMode
}

// Leaks looks at both streams and at every file of the home folder.
func (c Canary) Leaks(r Result) ([]Leak, error) {
	var leaks []Leak
	note := func(place, text string, mode fs.FileMode) {
		if forms := c.In(text); len(forms) > 0 {
			leaks = append(leaks, Leak{Place: place, Forms: forms, Mode: mode})
		}
	}
	note("stdout", r.Stdout, 0)
	note("stderr", r.Stderr, 0)
	err := filepath.WalkDir(r.Home.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(r.Home.Dir, path)
		note(name, string(content), info.Mode().Perm())
		note("name of "+name, name, info.Mode().Perm())
		return nil
	})
	return leaks, err
}
