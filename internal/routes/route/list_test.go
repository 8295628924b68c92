package route_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/routes/route"
)

func TestAddRemoveSort(t *testing.T) {
	l := &route.List{ExtraColumns: []string{"owner"}}
	if i, added := l.Add(route.Route{Method: "POST", Path: "/b"}); i != 0 || !added {
		t.Errorf("first: %d, %v", i, added)
	}
	if n := l.AddAll([]route.Route{
		{Method: "GET", Path: "/b"}, {Method: "GET", Path: "/a/{x}"}, {Method: "POST", Path: "/b/", Purpose: "p"},
	}); n != 2 {
		t.Errorf("%d were new, want 2", n)
	}
	if i, added := l.Add(route.Route{Method: "GET", Path: "/a/{y}", Auth: "gsa"}); i != 2 || added {
		t.Errorf("the same again: %d, %v", i, added)
	}
	l.Sort()
	want := []route.Route{
		{Method: "GET", Path: "/a/{x}", Auth: "gsa", Extra: []string{""}},
		{Method: "GET", Path: "/b", Extra: []string{""}},
		{Method: "POST", Path: "/b", Purpose: "p", Extra: []string{""}},
	}
	if diff := cmp.Diff(want, l.Routes); diff != "" {
		t.Error(diff)
	}
	if !l.Remove("get", "/a/:other") || l.Remove("GET", "/a/{x}") || len(l.Routes) != 2 {
		t.Errorf("after remove: %+v", l.Routes)
	}
}

func TestCells(t *testing.T) {
	r := route.Route{Method: "m", Path: "p", API: "a", Access: "c", DataClass: "d", Auth: "u", Purpose: "r", MinNGEVersion: "v",
		CallsPerDay: "1", Evidence: "e", Notes: "n", Extra: []string{"x"}}
	if got := r.Cells(); !slices.Equal(got, []string{"m", "p", "a", "c", "d", "u", "r", "v", "1", "e", "n", "x"}) || len(route.Columns()) != len(got)-1 {
		t.Errorf("%q", got)
	}
}

func TestSafeCell(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "plain": "plain", "a=b": "a=b", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(1)": "'@SUM(1)", " =1": "' =1",
		"\t=1": "'\t=1", "\tx": "'\tx", "\rx": "\ufffdx", "\n=1": "'\n=1", "＝1": "'＝1", "\u00a0=1": "'\u00a0=1", "\u200b=1": "'\ufffd=1",
		"a\x1b[31mb": "a\ufffd[31mb", "a\u202eb": "a\ufffdb", "a\x00b": "a\ufffdb", "two\nlines\tx": "two\nlines\tx", "a\xffb": "a\ufffdb",
		"Müller 日本": "Müller 日本", "\x9b1m": "\ufffd1m", "\u009b": "\ufffd", "/persons/{id}": "/persons/{id}",
	} {
		got := route.SafeCell(in)
		if got != want {
			t.Errorf("SafeCell(%q) = %q, want %q", in, got, want)
		}
		if again := route.SafeCell(got); again != got {
			t.Errorf("SafeCell(%q) changes again: %q", got, again)
		}
	}
	if got := route.Printable("a\tb\r\nc\x1b]0;x\x07"); got != "a b\ufffd c\ufffd]0;x\ufffd" {
		t.Errorf("Printable = %q", got)
	}
}

// TestSafeCellIsTotal: no text of up to three characters from a nasty set
// comes out as a formula or with a control character.
func TestSafeCellIsTotal(t *testing.T) {
	nasty := []rune("=+-@ \t\r\n\x00\x1b'a\u200b\u202e＝")
	for _, a := range nasty {
		for _, b := range nasty {
			for _, c := range nasty {
				got := route.SafeCell(string([]rune{a, b, c}))
				for _, r := range got {
					if r < 0x20 && r != '\n' && r != '\t' || r == 0x202e || r == 0x200b {
						t.Fatalf("%q came out as %q", []rune{a, b, c}, got)
					}
				}
				switch got[0] {
				case '=', '+', '-', '@', '\t', '\n':
					t.Fatalf("%q came out as %q", []rune{a, b, c}, got)
				}
			}
		}
	}
}
