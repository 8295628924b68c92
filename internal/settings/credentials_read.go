package settings

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
)

// credentialReader reads the file strictly and collects all that is wrong.
type credentialReader struct {
	path     string
	problems []exit.Problem
	out      []Credential
}

func (r *credentialReader) bad(n *yaml.Node, what, do string) {
	r.problems = append(r.problems, exit.Problem{File: r.path, Line: n.Line, Column: n.Column, What: what, Do: do})
}

// parseCredentials reads the file:
//
//	schema: ngapi.credentials/v1
//	credentials:
//	  prod:
//	    flow: gsa
func parseCredentials(path string, data []byte) ([]Credential, []exit.Problem) {
	root, line, what := credentialTree(data)
	r := &credentialReader{path: path}
	switch {
	case what != "":
		return nil, []exit.Problem{{File: path, Line: line, What: "this is not valid YAML: " + what, Do: "correct it, or move the file away and run ngapi auth login"}}
	case root == nil || root.Tag == "!!null":
		return nil, nil
	case root.Kind != yaml.MappingNode:
		r.bad(root, "the file holds no credentials", "begin with the line schema: "+CredentialsSchema)
	default:
		if r.schema(root) {
			r.sections(root)
		}
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	return r.out, nil
}

var credentialVersion = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^ngapi\.credentials/v[0-9]+(\.[0-9]+)*$`) })

// schema tells whether the rest of the file can be understood at all.
func (r *credentialReader) schema(root *yaml.Node) bool {
	remedy := "write schema: " + CredentialsSchema
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "schema" {
			continue
		}
		n := root.Content[i+1]
		switch {
		case n.Kind == yaml.ScalarNode && n.Value == CredentialsSchema:
			return true
		case n.Kind == yaml.ScalarNode && credentialVersion().MatchString(n.Value) && n.Value != "ngapi.credentials/v0":
			r.bad(n, "the schema "+clip(n.Value)+" is newer than "+CredentialsSchema, "update ngapi")
			return false
		}
		r.bad(n, "the schema is unknown", remedy)
		return false
	}
	r.bad(root, "the schema is missing", "add the line schema: "+CredentialsSchema)
	return true
}

// pairs yields the keys that are known and there once, with plain values or
// groups of keys.
func (r *credentialReader) pairs(n *yaml.Node, known []string, yield func(key, value *yaml.Node)) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case isSecretKey(key.Value) && !slices.Contains(known, key.Value) && known != nil:
			r.bad(key, "a secret does not belong in this file",
				"remove the line and keep the secret with ngapi auth login; if others could read the file, have the secret replaced")
		case key.Kind != yaml.ScalarNode || key.Anchor != "" || value.Anchor != "" || value.Kind == yaml.AliasNode:
			r.bad(key, "YAML anchors and aliases are not supported", "write the value itself")
		case known != nil && !slices.Contains(known, key.Value):
			r.bad(key, "unknown key"+harmless(key.Value), nearCredential(key.Value, known))
		case seen[key.Value]:
			r.bad(key, "the key"+harmless(key.Value)+" is there twice", "keep one of them")
		default:
			yield(key, value)
		}
		seen[key.Value] = true
	}
}

// harmless repeats a key, unless it could be a secret that came to stand on the
// left of a colon.
func harmless(key string) string {
	if key == "" || len(key) > 24 {
		return " like this"
	}
	return " " + shown(key)
}

func (r *credentialReader) sections(root *yaml.Node) {
	r.pairs(root, []string{"schema", "credentials"}, func(key, value *yaml.Node) {
		switch {
		case key.Value != "credentials" || value.Tag == "!!null":
		case value.Kind != yaml.MappingNode:
			r.bad(value, "credentials is no group of names", "put each name below it, and its keys below the name")
		default:
			r.pairs(value, nil, r.entry)
		}
	})
}

func (r *credentialReader) entry(key, n *yaml.Node) {
	c := Credential{Name: key.Value}
	if do := namely(key.Value); do != "" {
		r.bad(key, "a credential cannot be named"+harmless(key.Value), do)
	}
	if n.Kind != yaml.MappingNode {
		r.bad(n, "the credential holds no keys", "put its keys below the name: flow, client_id and so on")
		return
	}
	fields, hasFlow := credentialFields(), false
	r.pairs(n, credentialKeys(), func(k, v *yaml.Node) {
		f := fields[slices.IndexFunc(fields, func(f credentialField) bool { return f.name == k.Value })]
		if v.Kind == yaml.ScalarNode && v.Tag == "!!null" && v.Style&yaml.TaggedStyle == 0 {
			return
		}
		hasFlow = hasFlow || f.name == "flow"
		if what, do := f.refuse(v); what != "" {
			r.bad(v, what, do)
			return
		}
		*f.of(&c) = v.Value
	})
	if !hasFlow {
		r.bad(key, "the credential has no flow", "add the line flow: gsa, patient or eal")
	}
	r.out = append(r.out, c)
}

// refuse says what is wrong with a value, or nothing. It repeats a value only
// where that is a number of the ids: anything else could be a secret that was
// pasted into the wrong line.
func (f credentialField) refuse(n *yaml.Node) (what, do string) {
	switch {
	case n.Kind != yaml.ScalarNode || n.Style&yaml.TaggedStyle != 0:
		return f.name + " is no plain value", "write one text"
	case n.Tag != "!!str" && f.quoted && len(n.Value) <= 12 && strings.Trim(n.Value, "0123456789") == "":
		if hint := f.check(n.Value); hint != "" {
			return f.name + " is a number here, which loses its leading zeros", hint
		}
		return f.name + " is a number here, which loses its leading zeros", `put it in quotation marks: "` + n.Value + `"`
	case n.Tag != "!!str":
		return f.name + " is no text", "put it in quotation marks"
	}
	return f.refuseText(n.Value)
}

func (f credentialField) refuseText(text string) (what, do string) {
	switch {
	case strings.Contains(text, "PRIVATE KEY-----"):
		return f.name + " holds a private key", "remove it, keep the key in a file of its own (0600) and name that file in key_file; if others could read this file, make a new key"
	case strings.TrimSpace(text) == "":
		return f.name + " is empty", "give it a value or leave it out"
	case strings.TrimSpace(text) != text || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return f.name + " has white space around it or control characters in it", "remove them"
	case len(text) > 2000:
		return f.name + " is longer than 2000 bytes", "shorten it"
	case f.check != nil:
		if do := f.check(text); do != "" {
			return f.name + " cannot be that", do
		}
	}
	return "", ""
}
