package report

import "github.com/apionboard/ngapi/internal/routes/draft"

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
	if !d.Drift {
		t.line(green, "no drift: %s called, all in the list", plural(d.Calls, "route", "routes"))
		return t.bytes()
	}
	t.line(red, "drift: the list and the calls differ")
	if len(d.Undeclared)+len(d.Mismatch) > 0 {
		t.raw(cyan, "next: ngapi routes import, with the same evidence")
	}
	return t.bytes()
}
