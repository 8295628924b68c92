package draft_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// found makes an inferred route: one piece of evidence for each FORMAT:CALLS:STATUS.
func found(method, path string, evidence ...string) infer.Route {
	r := infer.Route{Method: method, Path: path, API: route.FindAPI(path)}
	for _, e := range evidence {
		p := strings.Split(e, ":")
		kind := infer.Seen
		if p[1] == "" {
			kind = infer.Spec
		}
		r.Evidence = append(r.Evidence, infer.Evidence{Kind: kind, Format: p[0], Calls: p[1], Status: infer.Status(p[2])})
		r.Status = infer.Status(p[2])
	}
	r.Masks = strings.Count(path, "{?")
	return r
}

func list(rows ...route.Route) *route.List { return &route.List{Routes: rows} }

func TestFindings(t *testing.T) {
	for cell, want := range map[string]struct {
		status infer.Status
		human  int
	}{
		"":                                   {"", 0},
		"src/app.go":                         {"", 1},
		"har: 10-99 calls, ok":               {infer.StatusOK, 0},
		"har: 1 call, failed-only":           {infer.StatusFailed, 0},
		"har: 1 calls, ok":                   {"", 1},
		"har: 12 calls, ok":                  {"", 1},
		"har: ok":                            {"", 1},
		"openapi: unproven":                  {infer.StatusUnknown, 0},
		"openapi: unproven; har: 1 call, ok": {infer.StatusOK, 0},
		"har: 1 call, ok; otlp: 2-9 calls, failed-only; see: ticket 4": {infer.StatusMixed, 1},
		"access-log: 100+ calls, called; har: 1 call, ok":              {infer.StatusOK, 0},
	} {
		pieces, human := draft.Findings(cell)
		if got := draft.StatusOf(cell); got != want.status || len(human) != want.human {
			t.Errorf("%q: status %q, %d pieces of people (%d of ours); want %q, %d", cell, got, len(human), len(pieces), want.status, want.human)
		}
	}
}

func TestMergeKeepsWhatPeopleWrote(t *testing.T) {
	l := list(
		route.Route{Method: "POST", Path: "/appointments", Purpose: "book a slot", Notes: "=1+1", Evidence: "src/book.go", Extra: []string{"ann"}},
		route.Route{Method: "GET", Path: "/appointments?$filter={filter}", Purpose: "today"},
	)
	l.ExtraColumns = []string{"owner"}
	r := &infer.Result{Routes: []infer.Route{
		found("GET", "/appointments", "har:2-9:ok"),
		found("GET", "/persons/{personId}", "har:1:ok", "openapi::unproven"),
		found("GET", "/persons/{personId}/chart/allergies", "openapi::unproven"),
		found("GET", "/persons/{?1}", "har:1:ok"),
		found("POST", "/appointments", "har:1:failed-only"),
	}}
	m := draft.Merge(l, r, draft.Options{Proven: true})
	want := []route.Route{
		{Method: "POST", Path: "/appointments", Purpose: "book a slot", Notes: "=1+1", Evidence: "har: 1 call, failed-only; src/book.go", Extra: []string{"ann"}},
		{Method: "GET", Path: "/appointments?$filter={filter}", Purpose: "today", Evidence: "har: 2-9 calls, ok"},
		{Method: "GET", Path: "/persons/{personId}", API: "enterprise", Access: "read", Evidence: "har: 1 call, ok; openapi: unproven", Extra: []string{""}},
	}
	if diff := cmp.Diff(want, l.Routes); diff != "" {
		t.Error(diff)
	}
	if len(m.Added) != 1 || len(m.Changed) != 2 || len(m.Held) != 1 || m.Left != 1 || m.Held[0].Path != "/persons/{?1}" {
		t.Errorf("%+v", m)
	}
	again := draft.Merge(l, r, draft.Options{Proven: true})
	if diff := cmp.Diff(want, l.Routes); diff != "" || again.Same != 3 || len(again.Added)+len(again.Changed) != 0 {
		t.Errorf("the second time %+v\n%s", again, diff)
	}
}

func TestMergeSums(t *testing.T) {
	l := list(route.Route{Method: "GET", Path: "/persons", Evidence: "har: 1 call, failed-only; openapi: unproven"})
	draft.Merge(l, &infer.Result{Routes: []infer.Route{found("GET", "/persons", "har:10-99:ok")}}, draft.Options{})
	if got := l.Routes[0].Evidence; got != "har: 10-99 calls, mixed; openapi: unproven" {
		t.Error(got)
	}
}

func TestCompare(t *testing.T) {
	l := list(
		route.Route{Method: "GET", Path: "/persons/{id}"},
		route.Route{Method: "GET", Path: "/persons/{id}/chart/allergies"},
		route.Route{Method: "GET", Path: "/Observation?patient={patient}"},
		route.Route{Method: "GET", Path: "/Observation?patient={patient}&category=laboratory"},
		route.Route{Method: "GET", Path: "/Goal?patient={patient}"},
		route.Route{Method: "GET", Path: "/metadata"},
	)
	r := &infer.Result{Routes: []infer.Route{
		found("GET", "/persons/{personId}", "har:1:failed-only"),
		found("PUT", "/persons/{personId}", "har:1:ok"),
		found("GET", "/Observation?category=vital-signs&patient={p}", "har:1:ok"),
		found("GET", "/Goal?_revinclude=Provenance:target&patient={patient}", "har:1:ok"),
		found("GET", "/Goal/{id}", "har:1:ok"),
		found("GET", "/persons/{personId}/chart/allergies", "openapi::unproven"),
		found("GET", "/x/{?1}", "har:1:ok"),
	}}
	judged := scope.Judge(l, scope.Options{})
	d := draft.Compare(l, r, &judged)
	names := func(list []draft.Item) (out []string) {
		for _, i := range list {
			out = append(out, i.Method+" "+i.Path)
		}
		return out
	}
	for name, pair := range map[string][2][]string{
		"undeclared": {names(d.Undeclared), {"GET /Goal?_revinclude=Provenance:target&patient={patient}", "GET /Goal/{id}", "GET /x/{?1}"}},
		"mismatch":   {names(d.Mismatch), {"PUT /persons/{personId}"}},
		"failed":     {names(d.Failed), {"GET /persons/{personId}"}},
		"unused": {names(d.Unused), {"GET /persons/{id}/chart/allergies",
			"GET /Observation?patient={patient}&category=laboratory", "GET /Goal?patient={patient}"}},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if d.Calls != 6 || !d.Found(false) {
		t.Errorf("%d calls", d.Calls)
	}
	all := draft.Compare(l, r, &judged)
	if known := d.Without(&all); known != 7 || len(d.Undeclared) != 1 || d.Undeclared[0].Path != "/x/{?1}" || len(d.Unused)+len(d.Failed)+len(d.Mismatch) != 0 {
		t.Errorf("%d known, left %+v; a masked route stays", known, d)
	}
}

// TestMergedListHasNoDrift: a list that covers every call has no drift,
// and every row of a merged list is covered by the evidence that made it.
func TestMergedListHasNoDrift(t *testing.T) {
	r := &infer.Result{Routes: []infer.Route{
		found("GET", "/persons", "har:1:ok"), found("GET", "/Patient/{id}", "har:1:ok"),
		found("GET", "/Observation?category=laboratory&patient={patient}", "har:1:ok"),
		found("DELETE", "/appointments/{appointmentId}", "har:1:ok"),
	}}
	l := list()
	draft.Merge(l, r, draft.Options{})
	judged := scope.Judge(l, scope.Options{})
	if d := draft.Compare(l, r, &judged); d.Found(true) {
		t.Errorf("%+v", d)
	}
}

func TestReviewFile(t *testing.T) {
	a := infer.Approvals{Words: []string{"widgets", "parts", "widgets"}, Templates: []string{"/w/{widgetId}"}, Ignore: []string{"GET /x/{?}"}}
	data, err := draft.EncodeReview(a)
	if err != nil {
		t.Fatal(err)
	}
	back, err := draft.DecodeReview(data, "routes-review.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a.Words = []string{"parts", "widgets"}
	if diff := cmp.Diff(a, back); diff != "" {
		t.Error(diff)
	}
	again, err := draft.EncodeReview(back)
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("%v\n%s", err, again)
	}
	if _, err := draft.DecodeReview(nil, "x"); err != nil {
		t.Errorf("an empty file: %v", err)
	}
	for _, text := range []string{
		"schema: other/v1\n", "words: [a]\n", "schema: ngapi.routes-review/v1\nwords: {canary: 1}\n", "- canary\n", "schema: [canary\n",
		"schema: ngapi.routes-review/v1\ncanary: 1\n", "schema: ngapi.routes-review/v1\n---\nschema: canary\n",
	} {
		_, err := draft.DecodeReview([]byte(text), "routes-review.yaml")
		if exit.Of(err) != exit.Usage || !strings.HasPrefix(err.Error(), "routes-review.yaml: ") || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzDecodeReview(f *testing.F) {
	f.Add([]byte("schema: ngapi.routes-review/v1\nwords: [a]\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := draft.DecodeReview(data, "f")
		if err != nil {
			return
		}
		out, err := draft.EncodeReview(a)
		if err != nil {
			t.Fatal(err)
		}
		back, err := draft.DecodeReview(out, "f")
		if diff := cmp.Diff(draft.Joined(a, infer.Approvals{}), draft.Joined(back, infer.Approvals{})); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	})
}
