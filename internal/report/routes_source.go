package report

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/routes/infer"
)

// RoutesSource is the document ngapi.routes-source/v1: the list beside the
// routes that source code names.
type RoutesSource struct {
	Schema        string            `json:"schema"`
	Tool          Tool              `json:"tool"`
	List          Input             `json:"list"`
	Files         int               `json:"files"`  // source files that were read
	Places        int               `json:"places"` // that named a route
	WithoutMethod int               `json:"withoutMethod"`
	Unlisted      int               `json:"unlisted"` // places with a word that nothing vouches for
	Skipped       []infer.Bucket    `json:"skipped"`
	Check         draft.SourceCheck `json:"check"`
}

// RoutesSourceText renders a cross-check for people.
func RoutesSourceText(s Style, d RoutesSource) []byte {
	t := &text{s: s}
	t.line("", "%s in %s name a route of the APIs", plural(d.Places, "place", "places"), plural(d.Files, "source file", "source files"))
	if d.Unlisted > 0 {
		t.line(faint, "%s with a word that nothing vouches for, or no plain path", plural(d.Unlisted, "place", "places"))
	}
	if n := len(d.Check.Missing); n > 0 {
		t.line(yellow, "in the code, and not in %s: %s", clean(d.List.Path), plural(n, "route", "routes"))
		for i, c := range d.Check.Missing {
			if i == mostItems {
				t.line(faint, "  and %d more; see -o json", n-i)
				break
			}
			method := c.Method
			if method == "" {
				method = "?"
			}
			t.raw("", fmt.Sprintf("  %-6s %s  (%s)", method, clean(c.Path), clean(places(c.Places))))
		}
	}
	t.items(faint, "in the list, and not found in the code", d.Check.Unseen)
	t.line("", "%s found in both", plural(d.Check.Both, "route", "routes"))
	t.line(faint, "A scan of code is a hint, no proof: it reads line by line, and finds neither paths that are put together elsewhere nor dead code.")
	if len(d.Check.Missing) > 0 {
		t.raw(cyan, "next: capture these calls and import the capture, or ngapi routes add METHOD PATH")
	}
	return t.bytes()
}

// places names the first places, and counts the others.
func places(list []string) string {
	const most = 3
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return strings.Join(list[:most], ", ") + fmt.Sprintf(" and %d more", len(list)-most)
}
