package report

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// EvidenceInput is one file of evidence. Its name is left out: a name may hold
// what must not be published.
type EvidenceInput struct {
	Format  string   `json:"format"`
	Records int64    `json:"records"`
	Notices []string `json:"notices"`
}

// Evidence is what was read, and how much of it counts.
type Evidence struct {
	Inputs            []EvidenceInput `json:"inputs"`
	Requests          int64           `json:"requests"`
	Counted           int64           `json:"counted"` // to a known service
	Ignored           []infer.Bucket  `json:"ignored"`
	Hosts             []infer.Bucket  `json:"hosts"`             // of the requests to no known service
	UnnamedParameters int64           `json:"unnamedParameters"` // query parameters whose names nothing vouches for
}

// RoutesImport is the document ngapi.routes-import/v1: what an import did to
// the list, or under --dry-run would do.
type RoutesImport struct {
	Schema    string          `json:"schema"`
	Tool      Tool            `json:"tool"`
	File      string          `json:"file"`
	Written   bool            `json:"written"`
	Evidence  Evidence        `json:"evidence"`
	Added     []draft.Item    `json:"added"`
	Changed   []draft.Item    `json:"changed"`
	Unchanged int             `json:"unchanged"`
	Held      []draft.Item    `json:"held"`    // wait for a review
	LeftOut   int             `json:"leftOut"` // never called, with --proven
	Proposals []RouteProposal `json:"proposals"`
	Profile   string          `json:"profile"` // the profile that now names the list; "" where none was changed
	Routes    int             `json:"routes"`  // in the list
	Verdict   scope.Verdict   `json:"verdict"`
	Diff      string          `json:"diff"` // unified form
}

// RouteProposal is a place where several words look like values of one
// parameter.
type RouteProposal struct {
	Template string `json:"template"`
	Values   int    `json:"values"`
}

// NewEvidence describes what was read.
func NewEvidence(inputs []EvidenceInput, r *infer.Result) Evidence {
	for i := range inputs {
		if inputs[i].Notices == nil {
			inputs[i].Notices = []string{}
		}
	}
	return Evidence{Inputs: inputs, Requests: r.Requests, Counted: r.Counted, Ignored: r.Ignored, Hosts: r.Hosts, UnnamedParameters: r.Unnamed}
}

// Proposals leaves the observed words out of the proposals of a result.
func Proposals(r *infer.Result) []RouteProposal {
	out := make([]RouteProposal, len(r.Proposals))
	for i, p := range r.Proposals {
		out[i] = RouteProposal{p.Template, p.Count}
	}
	return out
}

// RoutesImportText renders an import: what was read, what changed, what waits,
// the verdict, the next command.
func RoutesImportText(s Style, d RoutesImport) []byte {
	t := &text{s: s}
	t.evidence(d.Evidence)
	would := ""
	if !d.Written && d.Diff != "" {
		would = "would be "
		t.line(yellow, "dry run: nothing was written")
	}
	t.items(green, would+"added to "+clean(d.File), d.Added)
	t.items("", would+"brought up to date", d.Changed)
	if n := d.Unchanged; n > 0 {
		t.line(faint, "%s already there, unchanged", plural(n, "route", "routes"))
	}
	if d.LeftOut > 0 {
		t.line("", "%s left out: described or saved, never seen to be called", plural(d.LeftOut, "route", "routes"))
	}
	t.held(d.Held)
	for _, p := range d.Proposals {
		t.line(yellow, "looks like %s of one parameter: %s", plural(p.Values, "value", "values"), clean(p.Template))
	}
	if d.Profile != "" {
		t.line("", "%s %s it from now on (routes.file)", clean(d.Profile), map[bool]string{true: "names", false: "would name"}[d.Written || d.Diff == ""])
	}
	t.line(verdictLook(d.Verdict), "scope of %s: %s", plural(d.Routes, "route", "routes"), d.Verdict)
	if len(d.Held)+len(d.Proposals) > 0 {
		t.raw(cyan, "next: ngapi routes review FILE, with the same evidence")
	} else {
		t.raw(cyan, "next: ngapi routes check")
	}
	return t.bytes()
}

// evidence sums up what was read.
func (t *text) evidence(e Evidence) {
	formats := make([]string, 0, len(e.Inputs))
	for _, in := range e.Inputs {
		formats = append(formats, in.Format)
	}
	t.line("", "read %s (%s), %s for known services", Count(e.Requests, "request", "requests"), tally(formats), thousands(e.Counted))
	if len(e.Ignored) > 0 {
		t.line(faint, "ignored: %s", Buckets(e.Ignored))
	}
	if e.UnnamedParameters > 0 {
		t.line(faint, "%s not taken over: no list vouches for the name", Count(e.UnnamedParameters, "query parameter", "query parameters"))
	}
}

// tally lists words in the order of their first use, each with its number.
func tally(words []string) string {
	n := map[string]int{}
	var order []string
	for _, w := range words {
		if n[w] == 0 {
			order = append(order, w)
		}
		n[w]++
	}
	for i, w := range order {
		if n[w] > 1 {
			order[i] = fmt.Sprintf("%d %s", n[w], w)
		}
	}
	return strings.Join(order, ", ")
}

// Buckets writes counts as "other-host 200, static 77".
func Buckets(list []infer.Bucket) string {
	parts := make([]string, len(list))
	for i, b := range list {
		parts[i] = clean(b.Name) + " " + thousands(b.Count)
	}
	return strings.Join(parts, ", ")
}

// mostItems is how many routes of one kind are listed on a screen.
const mostItems = 40

func (t *text) items(look, title string, list []draft.Item) {
	if len(list) == 0 {
		return
	}
	t.line(look, "%s: %s", title, plural(len(list), "route", "routes"))
	for i, item := range list {
		if i == mostItems {
			t.line(faint, "  and %d more; see -o json", len(list)-i)
			return
		}
		t.raw("", "  "+itemLine(item))
	}
}

func itemLine(i draft.Item) string {
	s := fmt.Sprintf("%-6s %s", i.Method, clean(i.Path))
	if i.Status != "" && i.Status != infer.StatusOK {
		s += " (" + string(i.Status) + ")"
	}
	return s
}

func (t *text) held(list []draft.Item) {
	if len(list) == 0 {
		return
	}
	t.items(yellow, "held back for a review: nothing vouches for a word of their path", list)
}

// thousands writes a number with commas.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Count writes a number of things: 1 call, 4,177 calls.
func Count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// Reviewed says what a review has decided and where it stands.
func Reviewed(n int, file string) string {
	return plural(n, "decision is", "decisions are") + " in " + file + "; commit it beside the list."
}
