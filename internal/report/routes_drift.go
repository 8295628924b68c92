package report

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/draft"
)

// RoutesDrift is the document ngapi.drift/v1: the difference between the list
// and what was seen to be called.
type RoutesDrift struct {
	Schema     string       `json:"schema"`
	Tool       Tool         `json:"tool"`
	List       Input        `json:"list"`
	Evidence   Evidence     `json:"evidence"`
	Calls      int          `json:"calls"` // routes that were seen to be called
	Drift      bool         `json:"drift"`
	Strict     bool         `json:"strict"`
	Undeclared []draft.Item `json:"undeclared"`
	Unused     []draft.Item `json:"unused"`
	Failed     []draft.Item `json:"failed"`
	Mismatch   []draft.Item `json:"method_mismatch"`
	Baseline   int          `json:"baseline"` // differences that the baseline has already
}

// RoutesDriftText renders a comparison for people.
func RoutesDriftText(s Style, d RoutesDrift) []byte {
	t := &text{s: s}
	t.evidence(d.Evidence)
	t.items(red, "called, and not in "+clean(d.List.Path), d.Undeclared)
	t.items(red, "called with a method that the list does not have for the path", d.Mismatch)
	look := faint
	if d.Strict {
		look = yellow
	}
	t.items(look, "called, and never answered with success", d.Failed)
	t.items(look, "in the list, and not called in this evidence", d.Unused)
	if d.Baseline > 0 {
		t.line(faint, "%s known from the baseline", plural(d.Baseline, "difference", "differences"))
	}
	switch {
	case !d.Drift && d.Baseline > 0:
		t.line(green, "no new drift: %s called", plural(d.Calls, "route", "routes"))
		return t.bytes()
	case !d.Drift:
		t.line(green, "no drift: %s called, all in the list", plural(d.Calls, "route", "routes"))
		return t.bytes()
	}
	t.line(red, "drift: the list and the calls differ")
	masked := slices.ContainsFunc(slices.Concat(d.Undeclared, d.Mismatch), func(i draft.Item) bool { return strings.Contains(i.Path, "{?") })
	switch {
	case masked:
		t.line("", "A route with a masked word waits for a review, and a baseline never has it.")
		t.raw(cyan, "next: ngapi routes review FILE, then ngapi routes import FILE, with the same evidence")
	case len(d.Undeclared)+len(d.Mismatch) > 0:
		t.raw(cyan, "next: ngapi routes import FILE, with the same evidence")
	}
	return t.bytes()
}
