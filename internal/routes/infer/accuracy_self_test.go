package infer_test

import (
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/infer"
)

// The measure itself must tell good from bad: it is shown results whose score
// is known.
func TestScoreOfKnownResults(t *testing.T) {
	ops := []operation{{method: "GET", path: "/users/{id}"}, {method: "GET", path: "/users/search"}, {method: "POST", path: "/widgets"}}
	typed := part{text: "123456", parameter: "{id}", typed: true}
	named := part{text: "grace", parameter: "{id}"}
	requests := []request{
		{op: ops[0], parts: []part{{text: "users"}, typed}, values: []value{{"123456", true}}},
		{op: ops[0], parts: []part{{text: "users"}, named}},
		{op: ops[1], parts: []part{{text: "users"}, {text: "search"}}},
		{op: ops[2], parts: []part{{text: "widgets"}}},
	}
	for _, c := range []struct {
		name   string
		routes string // METHOD PATH, separated by commas
		masks  []infer.Mask
		want   score
	}{
		{"truth", "GET /users/{userId},GET /users/search,POST /widgets", nil, score{printed: 1, routes: 1, groups: 1}},
		{"nothing", "", nil, score{missed: 1}},
		{
			"every path as it is", "GET /users/123456,GET /users/grace,GET /users/search,POST /widgets", nil,
			score{printed: 4.0 / 7, routes: 4.0 / 7, left: 1, typed: 1, groups: 0.5, inside: 1},
		},
		{
			"a word merged", "GET /users/{userId},POST /widgets", nil,
			score{printed: 0.8, routes: 0.8, lost: 0.2, groups: 0.25},
		},
		{
			"masks", "GET /users/{userId},GET /users/{?1},GET /users/search,POST /{?1}",
			[]infer.Mask{{Method: "GET", Path: "/users/{?1}", Label: "{?1}", Word: "grace"}, {Method: "POST", Path: "/{?1}", Label: "{?1}", Word: "widgets"}},
			score{printed: 2.0 / 3, routes: 6.0 / 7, masked: 0.2, questions: 200.0 / 3, groups: 0.5},
		},
	} {
		result := &infer.Result{}
		for line := range strings.SplitSeq(c.routes, ",") {
			if method, path, found := strings.Cut(line, " "); found {
				result.Routes = append(result.Routes, infer.Route{Method: method, Path: path})
			}
		}
		if got := judge(ops, requests, result, c.masks); !got.near(c.want) {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// near compares scores; shares are sums of fractions.
func (s score) near(o score) bool {
	equal := func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 }
	return equal(s.printed, o.printed) && equal(s.routes, o.routes) && equal(s.left, o.left) && equal(s.typed, o.typed) &&
		equal(s.lost, o.lost) && equal(s.masked, o.masked) && equal(s.questions, o.questions) && equal(s.groups, o.groups) &&
		equal(s.missed, o.missed) && s.inside == o.inside
}

// Equal seeds make equal requests; a third of the operations is seen once.
func TestGeneratorIsFixed(t *testing.T) {
	s := enterpriseSurface()
	a, b := (&generator{state: 7}).requests(&s, s.ops), (&generator{state: 7}).requests(&s, s.ops)
	if len(a) != len(b) {
		t.Fatal("equal seeds make different requests")
	}
	calls := map[string]int{}
	for i := range a {
		if a[i].path() != b[i].path() {
			t.Fatal("equal seeds make different requests")
		}
		calls[a[i].op.method+a[i].op.path]++
	}
	once := 0
	for _, n := range calls {
		once += count(n == 1)
		if n > 30 {
			t.Errorf("an operation is seen %d times", n)
		}
	}
	if once < len(calls)/4 || once > len(calls)*2/5 {
		t.Errorf("%d of %d operations are seen once", once, len(calls))
	}
}
