package secret

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const canary = "canary-3f9a-wing-71c2"

type holder struct {
	Open   Value
	closed Value
	Ptr    *Value
	List   []Value
	Map    map[string]Value
	Any    any
	Key    map[Value]int
}

func hold() holder {
	v := New(canary)
	return holder{v, v, &v, []Value{v}, map[string]Value{"a": v}, v, map[Value]int{v: 1}}
}

// leaks tells whether the text holds the canary or its bytes as numbers.
func leaks(text string) bool {
	lower := strings.ToLower(text)
	return strings.Contains(text, canary) ||
		strings.Contains(lower, fmt.Sprintf("%x", canary)) ||
		strings.Contains(lower, fmt.Sprintf("% x", canary)) ||
		strings.Contains(text, strings.Trim(fmt.Sprintf("%d", []byte(canary)), "[]"))
}

func TestNoVerbPrintsASecret(t *testing.T) {
	v := New(canary)
	h := hold()
	for _, verb := range []string{"v", "+v", "#v", "s", "q", "+q", "#q", "x", "X", " x", "# x", "d", "t", "c", "U", "b", "o", "e", "g", "p", "T", "20s", "-20.3s", "w"} {
		for _, arg := range []any{v, &v, h, &h, h.List, h.Map, h.Key, []any{v}, struct{ v Value }{v}, struct{ p *Value }{&v}, [1]Value{v}, fmt.Errorf("x: %v", v)} {
			if got := fmt.Sprintf("%"+verb, arg); leaks(got) {
				t.Errorf("%%%s of %T prints the secret: %s", verb, arg, got)
			}
		}
		if verb != "p" && verb != "T" {
			if got := fmt.Sprintf("%"+verb, v); got != Mask && verb != "w" {
				t.Errorf("%%%s: %q", verb, got)
			}
		}
	}
	if fmt.Sprint(v) != Mask || v.String() != Mask || v.GoString() != Mask || fmt.Sprint(Value{}) != Mask {
		t.Error("the mask is not printed")
	}
}

func TestNoMarshallerPrintsASecret(t *testing.T) {
	h := hold()
	h.Key = nil
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", h.Open, "h", h, "p", h.Ptr)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", h.Open, "h", h, "p", h.Ptr)
	j, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := json.Marshal(hold().Key)
	if err != nil {
		t.Fatal(err)
	}
	y, err := yaml.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	type document struct {
		A Value
		B *Value `xml:",attr"`
	}
	x, err := xml.Marshal(document{h.Open, h.Ptr})
	if err != nil {
		t.Fatal(err)
	}
	var g bytes.Buffer
	if err := gob.NewEncoder(&g).Encode(h.Open); err == nil || leaks(g.String()) {
		t.Errorf("gob: %v %q", err, g.String())
	}
	for name, text := range map[string]string{"slog": log.String(), "json": string(j), "json keys": string(keys), "yaml": string(y), "xml": string(x)} {
		if leaks(text) || !strings.Contains(text, Mask) {
			t.Errorf("%s: %s", name, text)
		}
	}
	left, err := json.Marshal(struct {
		V Value `json:"v,omitzero"`
	}{})
	if err != nil || string(left) != "{}" {
		t.Errorf("an empty secret is written: %s %v", left, err)
	}
}

func TestASecretCannotBeUnmarshalled(t *testing.T) {
	into := reflect.New(reflect.TypeFor[Value]())
	if err := json.Unmarshal([]byte(`"abc"`), into.Interface()); err == nil || !into.Elem().IsZero() {
		t.Error("JSON went into a secret")
	}
	if _, ok := into.Interface().(json.Unmarshaler); ok {
		t.Error("there must be no UnmarshalJSON")
	}
}

func TestCompare(t *testing.T) {
	a, b := New(canary), New(canary)
	if !a.Equal(b) || a.Equal(New("other")) || a.Equal(Value{}) || !New("").Equal(Value{}) {
		t.Error("Equal is wrong")
	}
	if !reflect.DeepEqual(a, b) {
		t.Error("equal secrets must be deeply equal")
	}
	if a.Empty() || !New("").Empty() || !(Value{}).Empty() || New("").Reveal() != "" || a.Reveal() != canary {
		t.Error("Empty or Reveal is wrong")
	}
	if err := fmt.Errorf("x %w", errors.Join(fmt.Errorf("%v", a))); leaks(err.Error()) {
		t.Error("an error prints the secret")
	}
}
