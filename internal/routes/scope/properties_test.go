package scope_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

func listOf(routes ...string) *route.List {
	l := &route.List{}
	for i, r := range routes {
		method, path, _ := strings.Cut(r, " ")
		l.Routes = append(l.Routes, route.Route{Method: method, Path: path, Line: i + 2})
	}
	return l
}

func pool() []route.Route {
	var routes []route.Route
	for _, v := range vectors() {
		routes = append(routes, route.Route{Method: v.method, Path: v.path, API: v.api})
	}
	return routes
}

func TestEmptyListProvesNothing(t *testing.T) {
	for name, l := range map[string]*route.List{"nil": nil, "empty": {}, "discovery only": listOf("GET /metadata", "POST /token")} {
		r := scope.Judge(l, scope.Options{})
		if r.Verdict != scope.Undetermined || r.Federal() != scope.Uncertain {
			t.Errorf("%s: %s, federal %s", name, r.Verdict, r.Federal())
		}
	}
}

// TestOrderAndDuplicates: the verdict of a list does not depend on the order
// of its routes, and saying a route twice changes nothing.
func TestOrderAndDuplicates(t *testing.T) {
	all, random := pool(), rand.New(rand.NewPCG(1, 2))
	for range 300 {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		some := slices.Clone(all[:1+random.IntN(6)])
		first := scope.Judge(&route.List{Routes: some}, scope.Options{})
		reversed := slices.Clone(some)
		slices.Reverse(reversed)
		for what, routes := range map[string][]route.Route{"reversed": reversed, "doubled": slices.Concat(some, reversed)} {
			again := scope.Judge(&route.List{Routes: routes}, scope.Options{})
			if diff := cmp.Diff(first.Yardsticks, again.Yardsticks); diff != "" || first.Verdict != again.Verdict || first.Writes != again.Writes {
				t.Fatalf("%s: %s, was %s; %s\n%+v", what, again.Verdict, first.Verdict, diff, some)
			}
		}
	}
}

// TestNothingMovesNotLimitedBack: once a list is not limited, no further route
// makes it anything else.
func TestNothingMovesNotLimitedBack(t *testing.T) {
	all := pool()
	for _, base := range all {
		if r := scope.Judge(&route.List{Routes: []route.Route{base}}, scope.Options{}); r.Verdict != scope.NotLimited {
			continue
		}
		for _, more := range all {
			if r := scope.Judge(&route.List{Routes: []route.Route{base, more}}, scope.Options{}); r.Verdict != scope.NotLimited {
				t.Errorf("%s %s, and %s %s: %s", base.Method, base.Path, more.Method, more.Path, r.Verdict)
			}
		}
	}
}

func TestTemplatesAreJudgedAsIDs(t *testing.T) {
	for _, v := range vectors() {
		want := judgeOne(v, scope.Options{})
		template := v
		template.path = strings.NewReplacer("/1", "/{id}", "=1", "={id}").Replace(v.path)
		got := judgeOne(template, scope.Options{})
		want.Path, got.Path = "", ""
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %s\n%s", v.method, template.path, diff)
		}
	}
}

func TestMixedCase(t *testing.T) {
	for path, want := range map[string]scope.Verdict{
		"/Patient/{id}": scope.Limited, "/patient/{id}": scope.Undetermined, "/PATIENT/{id}": scope.Undetermined,
		"/Patient?NAME={name}":                     scope.Limited,      // no mandatory search, but all of Patient is in v1
		"/Observation?patient={p}&CATEGORY=survey": scope.Undetermined, // parameters are case-sensitive too
	} {
		if got := scope.Explain(route.Route{Method: "get", Path: path}, nil, scope.Options{}); got.Verdict != want {
			t.Errorf("%s: %s (%s), want %s", path, got.Verdict, got.Why, want)
		}
	}
}

// TestNoEnterpriseRouteIsLimited: without the vendor's list, nothing that third
// parties published makes an Enterprise route limited.
func TestNoEnterpriseRouteIsLimited(t *testing.T) {
	for _, e := range catalog.Enterprise().All() {
		for _, declared := range []string{"", route.USCDIv1, route.Auxiliary} {
			got := scope.Explain(route.Route{Method: e.Method, Path: e.Path, DataClass: declared}, nil, scope.Options{})
			want := scope.Undetermined
			if e.Write {
				want = scope.NotLimited
			}
			if got.Verdict != want || got.GSA.Status != e.GSA {
				t.Errorf("%s %s: %s, GSA %s; want %s, GSA %s", e.Method, e.Path, got.Verdict, got.GSA.Status, want, e.GSA)
			}
		}
	}
}

func TestDeclarations(t *testing.T) {
	for _, test := range []struct {
		name string
		in   route.Route
		want scope.Verdict
		data scope.Data
		note string
	}{
		{"beyond is taken", route.Route{Method: "GET", Path: "/appointments", DataClass: route.EHI}, scope.NotLimited, scope.EHIOther, scope.NoteDeclaredDiffers},
		{"non-ehi is taken", route.Route{Method: "GET", Path: "/users", DataClass: route.NonEHI}, scope.NotLimited, scope.NonEHI, scope.NoteDeclaredDiffers},
		{"beyond on FHIR", route.Route{Method: "GET", Path: "/Patient/{id}", DataClass: route.EHI}, scope.NotLimited, scope.EHIOther, scope.NoteDeclaredDiffers},
		{"within settles nothing", route.Route{Method: "GET", Path: "/persons/{id}/chart/vitals", DataClass: route.USCDIv1}, scope.Undetermined, scope.V1, scope.NoteDeclaredWithin},
		{"unknown says nothing", route.Route{Method: "GET", Path: "/Patient/{id}", DataClass: route.Unknown}, scope.Limited, scope.V1, ""},
		{"a declared write", route.Route{Method: "GET", Path: "/Patient/{id}", Access: route.AccessWrite}, scope.NotLimited, scope.V1, ""},
		{"a declared read is no GET", route.Route{Method: "POST", Path: "/appointments", Access: route.AccessRead}, scope.NotLimited, scope.EHIOther, scope.NoteDeclaredRead},
		{"discovery stays", route.Route{Method: "GET", Path: "/metadata", DataClass: route.NonEHI, Access: route.AccessWrite}, scope.Ignored, scope.NonEHI, ""},
	} {
		got := scope.Explain(test.in, nil, scope.Options{})
		if got.Verdict != test.want || got.Data != test.data || test.note != "" && !slices.Contains(got.Notes, test.note) {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}

func TestFederalFloor(t *testing.T) {
	coverage := listOf("GET /Coverage?patient={id}")
	for _, test := range []struct {
		asOf, edition string
		want          scope.Answer
		proposed      bool
	}{
		{"", "USCDI v3", scope.Yes, true}, {"2026-11-23", "USCDI v3", scope.Yes, true}, {"2026-01-01", "USCDI v3", scope.Yes, true},
		{"2025-12-31", "USCDI v1", scope.No, true}, {"2025-12-28", "USCDI v1", scope.No, false}, {"2019-01-01", "USCDI v1", scope.No, false},
	} {
		r := scope.Judge(coverage, scope.Options{AsOf: test.asOf})
		f := r.Yardsticks.Federal
		if f.Edition != test.edition || f.Verdict != test.want || f.Status != "final" || (f.Proposed != "") != test.proposed {
			t.Errorf("as of %q: %+v", test.asOf, f)
		}
		if r.Verdict != scope.NotLimited {
			t.Errorf("as of %q: the vendor's yardstick moved: %s", test.asOf, r.Verdict)
		}
	}
}

// TestRealApplications runs the route sets of two clients of the Enterprise API.
func TestRealApplications(t *testing.T) {
	for name, rows := range map[string]int{"scheduling-client": 25, "billing-portal": 6} {
		file, err := os.Open("testdata/" + name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		list, notices, err := route.Read(file, name+".csv")
		if err != nil || len(notices) > 0 || len(list.Routes) != rows {
			t.Fatalf("%s: %d routes, notices %q, %v", name, len(list.Routes), notices, err)
		}
		r := scope.Judge(list, scope.Options{AsOf: "2026-11-23"})
		if r.Verdict != scope.NotLimited || !r.Writes || r.Federal() != scope.No {
			t.Errorf("%s: %s, writes %v, federal %s", name, r.Verdict, r.Writes, r.Federal())
		}
		for _, d := range r.Deciding {
			if d.Method == "GET" || d.Path == "/appointments/availability" || d.Path == "/users/me/login-defaults" {
				t.Errorf("%s: %s %s decides: %s", name, d.Method, d.Path, d.Why)
			}
		}
		if len(r.GSA.Closed) > 0 || !r.GSA.AllReachable {
			t.Errorf("%s: GSA closed %v, unconfirmed %v", name, r.GSA.Closed, r.GSA.Unconfirmed)
		}
	}
}

func TestGSASummary(t *testing.T) {
	r := scope.Judge(listOf("GET /persons", "GET /persons/{personId}/chart/medications/pdmp-report", "GET /persons/{personId}/chart/lab/orders/{orderId}",
		"GET /no/such/route", "GET /Patient/{id}"), scope.Options{})
	if len(r.GSA.Reachable) != 1 || len(r.GSA.Closed) != 1 || len(r.GSA.Unconfirmed) != 2 || r.GSA.AllReachable {
		t.Errorf("%+v", r.GSA)
	}
	if c := r.GSA.Closed[0]; c.Line != 3 || c.ObservedOn != "2023-05" || c.Source == "" {
		t.Errorf("closed: %+v", c)
	}
	if r := scope.Judge(listOf("GET /Patient/{id}"), scope.Options{}); r.GSA.AllReachable {
		t.Error("a list without Enterprise routes is not reachable by GSA")
	}
}

func TestReportShape(t *testing.T) {
	for _, l := range []*route.List{nil, listOf("GET /Patient/{id}"), listOf("GET /Encounter?patient={id}", "GET /Encounter?patient={id}")} {
		r := scope.Judge(l, scope.Options{})
		raw, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), "null") {
			t.Errorf("a list is null: %s", raw)
		}
		var keys map[string]any
		if err := json.Unmarshal(raw, &keys); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"verdict", "yardsticks", "deciding", "routes", "questions", "gsa", "writes"} {
			if _, ok := keys[key]; !ok {
				t.Errorf("no key %s in %s", key, raw)
			}
		}
	}
	r := scope.Judge(listOf("GET /Encounter?patient={id}", "GET /Encounter?patient={id}"), scope.Options{})
	if len(r.Questions) != 1 || r.Questions[0].ID != scope.AskSupportingSearch || len(r.Questions[0].Routes) != 1 || len(r.Deciding) != 2 {
		t.Errorf("questions %+v, deciding %+v", r.Questions, r.Deciding)
	}
	r = scope.Judge(listOf("GET /Patient/{id}"), scope.Options{})
	if len(r.Deciding) != 0 || len(r.Questions) != 2 {
		t.Errorf("a limited list: deciding %+v, questions %+v", r.Deciding, r.Questions)
	}
}

func TestQuestionIDs(t *testing.T) {
	for i, q := range scope.AllQuestions() {
		if q.ID != fmt.Sprintf("Q%d", i+1) || !strings.HasSuffix(q.Text, "?") {
			t.Errorf("%d: %+v", i, q)
		}
	}
}
