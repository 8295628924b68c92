package tree_test

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/observe/elide"
	"github.com/apionboard/ngapi/internal/routes/observe/tree"
)

// show writes a value on one line.
func show(v *tree.Value) string {
	switch {
	case v.IsText():
		return v.Text()
	case v.IsObject():
		var all []string
		v.Members(func(key string, member *tree.Value) { all = append(all, key+":"+show(member)) })
		return "{" + strings.Join(all, " ") + "}"
	case v.Elements() != nil:
		var all []string
		for _, one := range v.Elements() {
			all = append(all, show(one))
		}
		return "[" + strings.Join(all, " ") + "]"
	}
	return "-"
}

func TestReadJSON(t *testing.T) {
	long := strings.Repeat("1", 33)
	v, err := tree.ReadJSON(strings.NewReader(`{"a":[1,"x",null,true,{},[]],"x-a":{"a":1},"drop":"C4N4RY","n":`+long+`,"\u0062":2}`), "x", elide.Rules{Drop: []string{"drop"}})
	if got := show(v); err != nil || got != "{a:[1 x - true {} -] n: b:2}" {
		t.Errorf("%s, %v", got, err)
	}
	v, err = tree.ReadJSON(strings.NewReader(`{"a":{"b":1,"c":2},"c":3}`), "x", elide.Rules{Keep: []string{"a", "b"}})
	if got := show(v); err != nil || got != "{a:{b:1}}" || v.Get("a", "b").Text() != "1" || v.Get("a", "z", "y").IsText() {
		t.Errorf("%s, %v", got, err)
	}
}

// TestMerge: << gives what a mapping does not say itself.
func TestMerge(t *testing.T) {
	for text, want := range map[string]string{
		"a: &a {get: 1, put: 2}\nb: {<<: *a, put: 3}\n":                           "{a:{get:1 put:2} b:{put:3 get:1}}",
		"a: &a {get: 1}\nb: &b {get: 2, put: 3}\nc:\n  <<: [*a, *b]\n  post: 4\n": "{a:{get:1} b:{get:2 put:3} c:{post:4 get:1 put:3}}",
		"a: &a {get: 1}\nb: &b {<<: *a}\nc: {<<: *b}\n":                           "{a:{get:1} b:{get:1} c:{get:1}}",
		"c: {<<: {get: 1, drop: 2, x-a: 3}}\n":                                    "{c:{get:1}}",
		"c: {\"<<\": 1}\n":                                                        "{c:{<<:1}}",
		"c: {<<: 1}\n":                                                            "{c:{}}",
	} {
		v, err := tree.ReadYAML(strings.NewReader(text), "x", []string{"drop"})
		if err != nil || show(v) != want {
			t.Errorf("%q: %s, %v, want %s", text, show(v), err, want)
		}
	}
	bomb := "a0: &a0 {k: 1}\n"
	for i := range 30 {
		bomb += fmt.Sprintf("a%d: &a%d {<<: [*a%d, *a%d]}\n", i+1, i+1, i, i)
	}
	for _, text := range []string{bomb, "a: &a {<<: *a}\n"} {
		if _, err := tree.ReadYAML(strings.NewReader(text), "x", nil); exit.Of(err) != exit.Usage {
			t.Errorf("%v", err)
		}
	}
}

// repeat reads begin, then part n times, then end.
func repeat(begin, part, end string, n int) io.Reader {
	readers := []io.Reader{strings.NewReader(begin)}
	for range n {
		readers = append(readers, strings.NewReader(part))
	}
	return io.MultiReader(append(readers, strings.NewReader(end))...)
}

// TestBounded: no document makes the tree large.
func TestBounded(t *testing.T) {
	text := strings.Repeat("y", 15<<10)
	for what, r := range map[string]io.Reader{
		"texts":   repeat(`{"paths":[1`, `,"`+text+`"`, "]}", 4000),
		"names":   repeat(`{"a":1`, `,"`+text[:1000]+`":1`, "}", 40_000),
		"numbers": repeat(`[1`, strings.Repeat(",1", 1000), "]", 3500),
	} {
		if _, err := tree.ReadJSON(r, "x", elide.Rules{}); exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "drop what is not needed") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := tree.ReadYAML(repeat("a:\n", "- 1\n", "", 1_500_000), "x", nil); exit.Of(err) != exit.Usage {
		t.Errorf("YAML: %v", err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	v, err := tree.ReadJSON(repeat(`{"paths":{}`, `,"x-a":"`+text+`"`, "}", 4000), "x", elide.Rules{})
	runtime.GC()
	runtime.ReadMemStats(&after)
	if err != nil || show(v) != "{paths:{}}" || int64(after.HeapAlloc)-int64(before.HeapAlloc) > 4<<20 {
		t.Errorf("extensions: %v, %d bytes", err, int64(after.HeapAlloc)-int64(before.HeapAlloc))
	}
}

// TestRealSize: a description of 13 MB reads.
func TestRealSize(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"openapi":"3.0.0","paths":{"/":{}`)
	for i := 0; b.Len() < 13<<20; i++ {
		fmt.Fprintf(&b, `,"/a/b%d/{id}":{"get":{"operationId":"o%d","description":"%0900d","parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}]}}`, i, i, i)
	}
	b.WriteString("}}")
	begin := time.Now()
	v, err := tree.ReadJSON(strings.NewReader(b.String()), "x", elide.Rules{Drop: []string{"description", "schema"}})
	if err != nil || !v.Get("paths", "/a/b7/{id}", "get").IsObject() {
		t.Fatal(err)
	}
	t.Logf("%d bytes in %v", b.Len(), time.Since(begin))
}
