package testkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// decode reads exactly one JSON document.
func decode(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("not one JSON document: something follows it")
	}
	return doc, nil
}

// lookup follows a path; see the package comment for its form.
func lookup(doc any, path string) (any, error) {
	steps, err := split(path)
	if err != nil {
		return nil, err
	}
	at := doc
	for i, s := range steps {
		next, ok := step(at, s)
		if !ok {
			return nil, fmt.Errorf("no %q at step %d of %s", s, i+1, path)
		}
		at = next
	}
	return at, nil
}

// split cuts a path at dots and brackets; dots in brackets are text.
func split(path string) ([]string, error) {
	var steps []string
	rest := path
	for rest != "" {
		if rest[0] == '[' {
			inner, after, ok := strings.Cut(rest[1:], "]")
			if !ok {
				return nil, fmt.Errorf("path %s: a bracket is not closed", path)
			}
			steps = append(steps, "["+inner)
			rest = strings.TrimPrefix(after, ".")
			continue
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		steps = append(steps, rest[:end])
		rest = strings.TrimPrefix(rest[end:], ".")
	}
	return steps, nil
}

func step(at any, s string) (any, bool) {
	switch v := at.(type) {
	case map[string]any:
		found, ok := v[strings.TrimPrefix(s, "[")]
		return found, ok
	case []any:
		if s == "#" {
			return json.Number(strconv.Itoa(len(v))), true
		}
		return element(v, strings.TrimPrefix(s, "["))
	}
	return nil, false
}

// element finds an element by its index, or by the text under one of its keys.
func element(list []any, s string) (any, bool) {
	key, want, byKey := strings.Cut(s, "=")
	if !byKey {
		i, err := strconv.Atoi(s)
		if err != nil || i < 0 || i >= len(list) {
			return nil, false
		}
		return list[i], true
	}
	for _, e := range list {
		fields, ok := e.(map[string]any)
		if !ok {
			continue
		}
		if found, ok := fields[key]; ok && plain(found) == want {
			return e, true
		}
	}
	return nil, false
}

// plain returns a string as it is and everything else as compact JSON.
func plain(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(b.String(), "\n")
}
