package infer_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

const (
	enterprise = "https://nativeapi.nextgen.com/nge/prod/nge-api/api"
	fhirR4     = "https://fhir.nextgen.com/nge/prod/fhir-api-r4/fhir/r4"
	dstu2      = "https://fhir.nextgen.com/nge/prod/fhir-api/fhir/dstu2"
	uuid       = "6f1c2b7e-91d3-4c55-8a1e-0b9d7e5f4a31"
)

// call makes an observation of "METHOD URL STATUS"; the last may be left out.
func call(text string) infer.Observation {
	f := strings.Fields(text)
	o := infer.Observation{Kind: infer.Seen, Format: "har", Method: f[0], Status: 200}
	if len(f) > 2 {
		_, _ = fmt.Sscan(f[2], &o.Status)
	}
	rest := f[1]
	if _, after, ok := strings.Cut(rest, "://"); ok {
		host, path, _ := strings.Cut(after, "/")
		o.Host, rest = host, "/"+path
	}
	o.Path, o.Query, _ = strings.Cut(rest, "?")
	return o
}

func results(t *testing.T, opt infer.Options, list ...infer.Observation) *infer.Result {
	t.Helper()
	c, err := infer.NewCollector(opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list {
		if err := c.Add(o); err != nil {
			t.Fatal(err)
		}
	}
	return c.Result()
}

func paths(r *infer.Result) []string {
	out := []string{}
	for _, one := range r.Routes {
		out = append(out, one.Method+" "+one.Path)
	}
	return out
}

// TestTemplates: one request, one template.
func TestTemplates(t *testing.T) {
	for request, want := range map[string]string{
		// Catalogue, under every mount.
		"GET " + enterprise + "/persons/" + uuid + "/chart/allergies?$top=5":                               "GET /persons/{personId}/chart/allergies",
		"get https://NATIVEAPI.nextgen.com:443/NGE/prod/nge-api/API/Persons/" + uuid + "/Chart/Allergies/": "GET /persons/{personId}/chart/allergies",
		"GET http://127.0.0.1:889/site.db/NextGen.Api.Edge/6.0.0.1719/api/persons/" + uuid:                 "GET /persons/{personId}",
		"GET https://gw.example.com/clinic-a/nge-api/api/persons/lookup?lastName=X":                        "GET /persons/lookup",
		"PUT " + enterprise + "/users/me/login-defaults":                                                   "PUT /users/me/login-defaults",
		"GET " + enterprise + "/persons//" + uuid + "//chart/problems":                                     "GET /persons/{personId}/chart/problems",
		"GET " + enterprise + "/persons/4711/chart/problems":                                               "GET /persons/{personId}/chart/problems",
		"GET " + enterprise + "/persons/Smith/chart/problems":                                              "GET /persons/{personId}/chart/problems",
		"GET " + enterprise + "/persons/%7B" + uuid + "%7D":                                                "GET /persons/{personId}",
		"GET " + enterprise + "/persons/" + uuid + ";jsessionid=abc/chart":                                 "GET /persons/{personId}/chart",
		"GET " + enterprise + "/appointments/slots":                                                        "GET /appointments/slots",
		"DELETE " + enterprise + "/appointments/" + uuid:                                                   "DELETE /appointments/{appointmentId}",
		"HEAD " + enterprise + "/persons/" + uuid:                                                          "HEAD /persons/{personId}",
		"GET " + enterprise + "/persons/Smith/never-published-thing":                                       "GET /persons/{personId}/{?1}",
		"GET " + enterprise + "/persons(guid'" + uuid + "')":                                               "GET /persons({personId})",
		"GET " + enterprise + "/master/locations/" + uuid + ".json":                                        "GET /master/locations/{locationId}.json",
		// FHIR grammar.
		"GET " + fhirR4 + "/Patient/Smith":                                                "GET /Patient/{id}",
		"GET " + strings.ToUpper(fhirR4[len("https://fhir.nextgen.com"):]) + "/Patient/1": "GET /Patient/{id}",
		"GET " + fhirR4 + "/Patient/Grace/Observation?category=vital-signs":               "GET /Patient/{id}/Observation?category=vital-signs",
		"GET " + fhirR4 + "/Patient/a/_history/b":                                         "GET /Patient/{id}/_history/{vid}",
		"GET " + fhirR4 + "/Patient/a/%24everything":                                      "GET /Patient/{id}/$everything",
		"POST " + fhirR4 + "/Patient/_search":                                             "POST /Patient/_search",
		"GET " + fhirR4 + "/Patient/a/$unheardof":                                         "GET /Patient/{id}/{?1}",
		"POST " + fhirR4: "POST /",
		"GET " + dstu2 + "/MedicationOrder?patient=7": "GET /MedicationOrder?patient={patient}",
		"GET " + fhirR4 + "/Binary/document-" + uuid:  "GET /Binary/{id}",
		"GET " + fhirR4 + "/document/pdf-" + uuid:     "GET /document/{documentId}",
		"GET " + fhirR4 + "/Organization/0001":        "GET /Organization/{id}",
		// Queries.
		"GET " + fhirR4 + "/AllergyIntolerance?patient=1&clinical-status=active":                            "GET /AllergyIntolerance?clinical-status=active&patient={patient}",
		"GET " + fhirR4 + "/Patient?name=Smith&birthdate=ge1970-01-01&_count=5&_id=9":                       "GET /Patient?_id={id}&birthdate={birthdate}&name={name}",
		"GET " + fhirR4 + "/Observation?patient=1&code=http%3A%2F%2Floinc.org%7C72166-2":                    "GET /Observation?code=72166-2&patient={patient}",
		"GET " + fhirR4 + "/Observation?patient=1&code=http%3A%2F%2Fsnomed.info%2Fsct%7C44054006":           "GET /Observation?code={code}&patient={patient}",
		"GET " + fhirR4 + "/Observation?patient=1&category=laboratory,zorban":                               "GET /Observation?category={category}&patient={patient}",
		"GET " + fhirR4 + "/Goal?patient=1&zorban=2":                                                        "GET /Goal?patient={patient}",
		"GET " + fhirR4 + "/Encounter?subject:Patient.name=Smith&_has:Observation:patient:code=1":           "GET /Encounter?_has:Observation:patient:code={code}&subject:Patient.name={name}",
		"GET " + fhirR4 + "/MedicationRequest?patient=1&_include=MedicationRequest:medication&intent=order": "GET /MedicationRequest?_include=MedicationRequest:medication&intent=order&patient={patient}",
		"GET " + fhirR4 + "/Goal?_include=Zorban:quux":                                                      "GET /Goal?_include={include}",
		"GET " + fhirR4 + "/Group/1/$export?_type=Patient,Condition":                                        "GET /Group/{id}/$export?_type=Condition,Patient",
	} {
		r := results(t, infer.Options{}, call(request))
		if diff := cmp.Diff([]string{want}, paths(r)); diff != "" {
			t.Errorf("%s (-want +got)\n%s%+v", request, diff, r.Ignored)
		}
	}
}

// TestWhatDoesNotCount: everything else is counted by kind.
func TestWhatDoesNotCount(t *testing.T) {
	for request, want := range map[string]string{
		"GET https://www.example.com/persons/1":                         "other-host",
		"GET /persons/1":                                                "no-host",
		"GET https://fhir.meditouchehr.com/api/fhir/r4/Patient/1":       "nextgen-office",
		"OPTIONS " + enterprise + "/persons":                            "preflight",
		"TRACE " + enterprise + "/persons":                              "no-route-method",
		"GET " + enterprise + "/swagger/app.js":                         "static-file",
		"GET " + fhirR4 + "/metadata":                                   "discovery",
		"GET " + fhirR4 + "/.well-known/smart-configuration":            "discovery",
		"GET " + enterprise + "/health":                                 "health-check",
		"POST https://nativeapi.nextgen.com/nge/prod/nge-oauth/token":   "sign-in",
		"GET https://fhir.nextgen.com/nge/prod/patient-oauth/authorize": "sign-in",
		"GET " + enterprise + "/persons 302":                            "redirect",
		"GET https://nativeapi.nextgen.com/other":                       "no-known-mount",
		"GET " + enterprise + "/%zz":                                    "unreadable-path",
		"GET " + enterprise + "/" + strings.Repeat("a", 10_000):         "unreadable-path",
		"GET " + enterprise + strings.Repeat("/a", 100):                 "unreadable-path",
		"GET https://" + uuid + ".example.com/":                         "other-host",
		"GET http://10.1.2.3/persons":                                   "other-host",
	} {
		r := results(t, infer.Options{}, call(request))
		if diff := cmp.Diff([]infer.Bucket{{Name: want, Count: 1}}, r.Ignored); diff != "" || len(r.Routes) != 0 || r.Counted != 0 || r.Requests != 1 {
			t.Errorf("%.80s: %v\n%s", request, paths(r), diff)
		}
		for _, h := range r.Hosts {
			if strings.Contains(h.Name, uuid) || strings.Contains(h.Name, "10.1.2.3") {
				t.Errorf("%s: host %q", request, h.Name)
			}
		}
	}
}

func TestHosts(t *testing.T) {
	opt := infer.Options{Hosts: []string{"https://gw.example.com/clinic-7", "127.0.0.1:8080"}}
	r := results(t, opt, call("GET https://gw.example.com/clinic-7/persons/1"), call("GET http://127.0.0.1:8080/fhir/r4/Patient/1"),
		call("GET https://gw.example.com/elsewhere/persons/1"), call("GET http://127.0.0.1:9/persons/1"))
	if diff := cmp.Diff([]string{"GET /persons/{personId}", "GET /Patient/{id}"}, paths(r)); diff != "" || r.Counted != 2 {
		t.Errorf("%s%+v", diff, r.Ignored)
	}
	for _, bad := range []string{"", "https://", "a b", "x?y", "user@"} {
		if _, err := infer.NewCollector(infer.Options{Hosts: []string{bad}}); exit.Of(err) != exit.Usage {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestVouchers: an unknown API on a host of the user's own.
func TestVouchers(t *testing.T) {
	host := "https://api.example.com"
	list := func(calls ...string) (out []infer.Observation) {
		for _, c := range calls {
			out = append(out, call("GET "+host+c))
		}
		return out
	}
	opt := infer.Options{Hosts: []string{"api.example.com"}}
	r := results(t, opt, list("/widgets/"+uuid+"/history", "/widgets/zorban/history", "/v1/orders/ORD-20260001")...)
	want := []string{"GET /v1/orders/{orderId}", "GET /widgets/{?1}/history", "GET /widgets/{widgetId}/history"}
	if diff := cmp.Diff(want, paths(r)); diff != "" {
		t.Error(diff)
	}
	c, _ := infer.NewCollector(opt)
	for _, o := range list("/widgets/"+uuid+"/history", "/widgets/zorban/history", "/widgets/quux/zorban") {
		_ = c.Add(o)
	}
	wantMasks := []infer.Mask{
		{Method: "GET", Path: "/widgets/{?1}/history", Label: "{?1}", Word: "zorban"},
		{Method: "GET", Path: "/widgets/{?2}/{?1}", Label: "{?2}", Word: "quux"},
		{Method: "GET", Path: "/widgets/{?2}/{?1}", Label: "{?1}", Word: "zorban"},
	}
	if diff := cmp.Diff(wantMasks, c.Masks()); diff != "" {
		t.Error(diff)
	}
	// A template that a description has.
	spec := infer.Observation{Kind: infer.Spec, Format: "openapi", Method: "GET", Host: "api.example.com", Path: "/widgets/{widgetKey}/history", Template: true}
	r = results(t, opt, append(list("/widgets/zorban/history", "/widgets/7/history"), spec)...)
	if diff := cmp.Diff([]string{"GET /widgets/{widgetId}/history"}, paths(r)); diff != "" {
		t.Log("the name in the description is kept where its words are known")
		if diff := cmp.Diff([]string{"GET /widgets/{widgetKey}/history"}, paths(r)); diff != "" {
			t.Error(diff)
		}
	}
	// What the user has approved.
	opt.Approvals = infer.Approvals{Words: []string{"Zorban"}, Templates: []string{"/rooms/{roomName}"}, Ignore: []string{"GET /checks/{?}"}}
	r = results(t, opt, list("/widgets/zorban/history", "/rooms/grace/widgets", "/rooms/hope/widgets", "/checks/quux")...)
	want = []string{"GET /rooms/{roomName}/widgets", "GET /widgets/zorban/history"}
	if diff := cmp.Diff(want, paths(r)); diff != "" {
		t.Error(diff)
	}
	if r.Counted != 3 || !slices.Contains(r.Ignored, infer.Bucket{Name: "ignored-by-review", Count: 1}) {
		t.Errorf("%+v", r.Ignored)
	}
	for _, bad := range []string{"widgets/{a}", "/widgets", "/widgets/7/{a}"} {
		if _, err := infer.NewCollector(infer.Options{Approvals: infer.Approvals{Templates: []string{bad}}}); exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// TestStatisticsPropose: they never merge.
func TestStatisticsPropose(t *testing.T) {
	var list []infer.Observation
	for _, user := range []string{"zorban", "quuxly", "blorpt", "hope"} {
		list = append(list, call("GET https://api.example.com/teams/"+user+"/orders"))
	}
	opt := infer.Options{Hosts: []string{"api.example.com"}}
	r := results(t, opt, list...)
	if len(r.Routes) < 3 || len(r.Proposals) != 1 || r.Proposals[0].Template != "/teams/{teamId}" || r.Proposals[0].Count != 4 {
		t.Fatalf("%v, %+v", paths(r), r.Proposals)
	}
	opt.Approvals.Templates = []string{r.Proposals[0].Template}
	r = results(t, opt, list...)
	if diff := cmp.Diff([]string{"GET /teams/{teamId}/orders"}, paths(r)); diff != "" || len(r.Proposals) != 0 {
		t.Errorf("%s%+v", diff, r.Proposals)
	}
}

func TestEvidence(t *testing.T) {
	var list []infer.Observation
	for i := range 12 {
		o := call("GET " + enterprise + "/persons/" + fmt.Sprint(i))
		if i == 3 {
			o.Status = 404
		}
		list = append(list, o)
	}
	list = append(list, infer.Observation{Kind: infer.Spec, Format: "openapi", Method: "GET", Path: "/persons/{id}", API: route.Enterprise, Template: true},
		infer.Observation{Kind: infer.Seen, Format: "counts", Method: "GET", Host: "nativeapi.nextgen.com", Path: "/nge/prod/nge-api/api/persons/1", Count: 5000})
	r := results(t, infer.Options{}, list...)
	want := []infer.Evidence{
		{Kind: infer.Seen, Format: "counts", Calls: "100+", Status: infer.StatusCalled},
		{Kind: infer.Seen, Format: "har", Calls: "10-99", Status: infer.StatusMixed},
		{Kind: infer.Spec, Format: "openapi", Status: infer.StatusUnknown},
	}
	if diff := cmp.Diff(want, r.Routes[0].Evidence); diff != "" || r.Routes[0].Status != infer.StatusMixed || r.Requests != 5013 {
		t.Errorf("%s%v %d", diff, r.Routes[0].Status, r.Requests)
	}
}

// sample is a mixed set of calls; name stands where a value does.
func sample(id, number, word string) []infer.Observation {
	var list []infer.Observation
	for _, text := range []string{
		"GET " + enterprise + "/persons/" + id + "/chart/allergies", "GET " + enterprise + "/persons/" + number, "POST " + enterprise + "/persons/" + number + " 500",
		"GET " + fhirR4 + "/Patient/" + word, "GET " + fhirR4 + "/Observation?patient=" + id + "&category=laboratory&" + word + "=1",
		"GET " + enterprise + "/zorban/" + word + "/parts", "GET " + enterprise + "/widgets/" + id, "DELETE " + enterprise + "/widgets/" + word,
		"GET https://other.example.com/" + word, "GET " + dstu2 + "/CarePlan?category=careteam&patient=" + word,
	} {
		list = append(list, call(text))
	}
	return list
}

// TestOrderMakesNoDifference: twenty permutations, one result.
func TestOrderMakesNoDifference(t *testing.T) {
	list := sample(uuid, "4711", "quuxly")
	want := results(t, infer.Options{}, list...)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if diff := cmp.Diff(want, results(t, infer.Options{}, list...), cmpopts.IgnoreUnexported(infer.Route{})); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestValuesMakeNoDifference is guarantee G2 at the heart of it.
func TestValuesMakeNoDifference(t *testing.T) {
	a := results(t, infer.Options{}, sample(uuid, "4711", "quuxly")...)
	b := results(t, infer.Options{}, sample("0d2e4f60-1a3b-4c5d-9e7f-112233445566", "90210", "blorptx")...)
	if diff := cmp.Diff(a, b, cmpopts.IgnoreUnexported(infer.Route{})); diff != "" {
		t.Error(diff)
	}
}

// TestEveryPathIsARoute: what has no mask goes into a list, and every decision
// has a rule that is explained.
func TestEveryPathIsARoute(t *testing.T) {
	rules := map[string]bool{}
	for _, r := range infer.Rules() {
		if rules[r.ID] || r.Means == "" {
			t.Errorf("rule %s is there twice or means nothing", r.ID)
		}
		rules[r.ID] = true
	}
	list := sample(uuid, "4711", "quuxly")
	for _, e := range catalog.Enterprise().All() {
		list = append(list, call(e.Method+" "+enterprise+strings.NewReplacer("{", "", "}", "7").Replace(e.Path)))
	}
	for _, odd := range []string{"/Account/foo", "/a b/c", "/%2e%2e/x", "/üx", "/a%2Fb", "/A(1)", "/a:b", "/$batch", "/x'y", "/a,b", "/1.2.3", "/2024-01-01", "/{", "/%7B%7D", "/Patient/x/y/z"} {
		list = append(list, call("GET "+enterprise+strings.ReplaceAll(odd, " ", "%20")))
	}
	r := results(t, infer.Options{}, list...)
	for _, one := range r.Routes {
		if _, err := route.Parse(one.Method, one.Path); err != nil && one.Masks == 0 {
			t.Errorf("%s %s: %v", one.Method, one.Path, err)
		}
		if one.Masks != strings.Count(one.Path, "{?") {
			t.Errorf("%s: %d masks", one.Path, one.Masks)
		}
		for _, d := range one.Decisions {
			if !rules[d.Rule] || d.Why == "" || d.Part == "" || !strings.Contains(one.Path, d.Part) {
				t.Errorf("%s: decision %+v", one.Path, d)
			}
		}
	}
}

// TestCatalogueIsComplete: every catalogued route comes out as it is, with ids
// of the usual shapes.
func TestCatalogueIsComplete(t *testing.T) {
	for _, id := range []string{uuid, "4711", "ABC123456", "Smith"} {
		for _, e := range catalog.Enterprise().All() {
			path := e.Path
			for strings.Contains(path, "{") {
				before, after, _ := strings.Cut(path, "{")
				_, after, _ = strings.Cut(after, "}")
				path = before + id + after
			}
			r := results(t, infer.Options{}, call(e.Method+" "+enterprise+path))
			if len(r.Routes) != 1 || route.Shape(r.Routes[0].Path) != route.Shape(e.Path) || r.Routes[0].Method != e.Method {
				t.Errorf("%s %s: %v", e.Method, path, paths(r))
			}
		}
	}
}

// TestWhatReviewersFound: each of these came out wrong once.
func TestWhatReviewersFound(t *testing.T) {
	for request, want := range map[string]string{
		"GET " + fhirR4 + "/Observation?patient=1&category=laboratory&_revinclude:all=*":  "GET /Observation?_revinclude={revinclude}&category=laboratory&patient={patient}",
		"GET " + fhirR4 + "/Observation?patient=1&_include:logical=Observation:performer": "GET /Observation?_include={include}&patient={patient}",
		"GET " + fhirR4 + "/Patient?_has:Group:zorban:_id=1":                              "GET /Patient?_has={has}",
		"GET " + enterprise + "/diagnosis/V58.69/detail":                                  "GET /diagnosis/{diagnosisId}/detail",
		"GET " + enterprise + "/diagnosis/38.9/detail":                                    "GET /diagnosis/{diagnosisId}/detail",
		"GET " + enterprise + "/clients/10.20.30.40":                                      "GET /clients/{clientId}",
		"GET " + enterprise + "/persons/Patient/chart/allergies":                          "GET /persons/{personId}/chart/allergies",
		"GET " + enterprise + "/persons/;sid=SECRET/chart/allergies":                      "GET /persons/{personId}/chart/allergies",
		"GET " + enterprise + "/persons/a.html":                                           "GET /persons/{personId}",
		"GET " + fhirR4 + "/Observation?" + strings.Repeat("_include=Observation:performer:Practitioner&_include=Observation:subject:Patient&code=8867-4,9279-1,8310-5&", 60) + "patient=1": "GET /Observation?_include=Observation:performer:Practitioner&_include=Observation:subject:Patient&code=8310-5,8867-4,9279-1&patient={patient}",
	} {
		if diff := cmp.Diff([]string{want}, paths(results(t, infer.Options{}, call(request)))); diff != "" {
			t.Errorf("%.120s (-want +got)\n%s", request, diff)
		}
	}
	many := "GET " + fhirR4 + "/Observation?patient=1"
	for _, p := range []string{"based-on", "device", "encounter", "focus", "has-member", "part-of", "patient", "performer", "specimen", "subject"} {
		for _, typ := range []string{"Patient", "Group", "Device", "Location", "Practitioner", "Organization"} {
			many += "&_include=Observation:" + p + ":" + typ
		}
	}
	if diff := cmp.Diff([]string{"GET /Observation?_include={include}&patient={patient}"}, paths(results(t, infer.Options{}, call(many)))); diff != "" {
		t.Error(diff)
	}
	// The spelling that comes first.
	r := results(t, infer.Options{Hosts: []string{"h.example"}}, call("GET https://h.example/report/summary"), call("POST https://h.example/Report/Summary"), call("GET https://h.example/REPORT/zorban"))
	if diff := cmp.Diff([]string{"GET /REPORT/summary", "POST /REPORT/summary", "GET /REPORT/{?1}"}, paths(r)); diff != "" {
		t.Error(diff)
	}
	// A description names its first parameter; it is no base.
	spec := infer.Observation{Kind: infer.Spec, Format: "openapi", Method: "GET", Path: "/{therapistId}/appointments", API: route.Enterprise, Template: true}
	if diff := cmp.Diff([]string{"GET /{therapistId}/appointments"}, paths(results(t, infer.Options{}, spec))); diff != "" {
		t.Error(diff)
	}
	// Hosts that hold more than a name.
	for _, host := range []string{"[::1%25jane-doe-1962]", "[::1%jane]:8080", "jane@doe.example", "10.0.0.7", "deadbeef0123.example.com"} {
		o := call("GET https://x.example/a")
		o.Host = host
		for _, h := range results(t, infer.Options{}, o).Hosts {
			if strings.Contains(h.Name, "jane") || strings.Contains(h.Name, "deadbeef") || strings.Contains(h.Name, "10.0") {
				t.Errorf("%s prints as %s", host, h.Name)
			}
		}
	}
	for _, bad := range []string{"*.example.com", "gw.example.com:abc", "a\x1b", "user@h"} {
		if _, err := infer.NewCollector(infer.Options{Hosts: []string{bad}}); exit.Of(err) != exit.Usage {
			t.Errorf("--host %q: %v", bad, err)
		}
	}
	if _, err := infer.NewCollector(infer.Options{Approvals: infer.Approvals{Words: []string{"{x}"}}}); exit.Of(err) != exit.Usage {
		t.Error(err)
	}
	o := call("GET " + enterprise + "/persons")
	o.Count = 1<<63 - 1
	if r := results(t, infer.Options{}, o, o, o); r.Counted < 1 {
		t.Errorf("%d", r.Counted)
	}
}

// TestMaskNumbersHangOnRoles: other words in the same roles, the same bytes.
func TestMaskNumbersHangOnRoles(t *testing.T) {
	of := func(x, y string) []infer.Observation {
		var list []infer.Observation
		for _, p := range []string{x + "/kowalsky/chart", x + "/kowalsky/allergies", y + "/novakova/chart", y + "/petrenko/allergies"} {
			list = append(list, call("GET https://h.example/"+p))
		}
		return list
	}
	opt := infer.Options{Hosts: []string{"h.example"}}
	a, b := results(t, opt, of("aaronsonx", "zimmerlyx")...), results(t, opt, of("zimmerlyx", "aaronsonx")...)
	if diff := cmp.Diff(paths(a), paths(b)); diff != "" {
		t.Error(diff)
	}
}

// TestHostileDescription: a description in which every step has two ways costs
// no more than others.
func TestHostileDescription(t *testing.T) {
	var list []infer.Observation
	for i := range 1 << 12 {
		path := ""
		for bit := range 12 {
			if i>>bit&1 == 0 {
				path += "/a"
			} else {
				path += "/{p" + fmt.Sprint(bit) + "}"
			}
		}
		list = append(list, infer.Observation{Kind: infer.Spec, Format: "openapi", Method: "GET", Path: path + "/z", API: route.Enterprise, Template: true})
	}
	if r := results(t, infer.Options{}, list...); len(r.Routes) == 0 {
		t.Error("no route")
	}
}

// TestManyParameters: names of parameters never run out.
func TestManyParameters(t *testing.T) {
	for _, part := range []string{"/7", "/patientappointmentinformation", "/zorban", "/persons/7", "/x@y", "/" + strings.Repeat("a", 150)} {
		path := strings.Repeat(part, 60/strings.Count(part, "/"))
		for _, base := range []string{enterprise, fhirR4} {
			r := results(t, infer.Options{}, call("GET "+base+path[:min(len(path), 8000)]))
			for _, one := range r.Routes {
				if _, err := route.Parse(one.Method, one.Path); err != nil && one.Masks == 0 {
					t.Errorf("%.40s: %v", path, err)
				}
			}
		}
	}
}

// TestVerdictSurvives: the verdict on a template is that on the request.
func TestVerdictSurvives(t *testing.T) {
	for request, want := range map[string]scope.Verdict{
		"GET /AllergyIntolerance?patient=1": scope.Limited, "POST /Patient/_search": scope.Limited, "POST /Patient": scope.NotLimited,
		"GET /CareTeam?patient=1&status=active": scope.Limited, "GET /CarePlan?patient=1&category=assess-plan": scope.Limited,
		"GET /CarePlan?patient=1": scope.Undetermined, "GET /Observation?patient=1&category=laboratory": scope.Limited,
		"GET /Observation?patient=1&category=survey": scope.NotLimited, "GET /Observation?patient=1&code=http%3A%2F%2Floinc.org%7C72166-2": scope.Limited,
		"GET /Observation?patient=1": scope.Undetermined, "GET /Device?patient=1": scope.Limited, "GET /Encounter/1": scope.Limited,
		"GET /Encounter?patient=1": scope.Undetermined, "GET /Coverage?patient=1": scope.NotLimited, "GET /Appointment?patient=1": scope.NotLimited,
		"GET /Group/1/$export?_type=Patient,Condition": scope.Limited, "GET /Group/1/$export": scope.Undetermined,
		"GET /Patient/1/%24everything": scope.NotLimited, "DELETE /Observation?status=final": scope.NotLimited,
		"GET /MedicationRequest?patient=1&intent=order&_include=MedicationRequest:medication&_revinclude=Provenance:target": scope.Limited,
		"GET /Encounter?patient=1&_include=Encounter:appointment":                                                           scope.NotLimited,
	} {
		method, path, _ := strings.Cut(request, " ")
		r := results(t, infer.Options{}, call(method+" "+fhirR4+path))
		if len(r.Routes) != 1 {
			t.Errorf("%s: %v", request, paths(r))
			continue
		}
		parsed, err := route.Parse(r.Routes[0].Method, r.Routes[0].Path)
		if err != nil {
			t.Errorf("%s: %v", request, err)
			continue
		}
		if got := scope.Explain(parsed, nil, scope.Options{AsOf: "2026-11-23"}); got.Verdict != want {
			t.Errorf("%s became %s: %s, want %s (%s)", request, r.Routes[0].Path, got.Verdict, want, got.Why)
		}
	}
}

func TestExplain(t *testing.T) {
	for path, want := range map[string]string{
		"/persons/4711/chart/allergies": "/persons/{personId}/chart/allergies", "/persons/{id}": "/persons/{personId}",
		enterprise + "/persons/lookup": "/persons/lookup", "/Patient/abc": "/Patient/{id}", fhirR4 + "/Goal?patient=7": "/Goal?patient={patient}",
		"/nge/prod/nge-api/api/persons": "/persons",
	} {
		r, ok := infer.Explain(infer.Options{}, "GET", path)
		if !ok || r.Path != want || len(r.Decisions) == 0 {
			t.Errorf("%s: %q, %v", path, r.Path, ok)
		}
	}
	if _, ok := infer.Explain(infer.Options{}, "GET", fhirR4+"/metadata"); ok {
		t.Error("discovery is no route")
	}
}

// TestBounded: a flood of distinct words ends in an error, a flood of ids does not.
func TestBounded(t *testing.T) {
	c, err := infer.NewCollector(infer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := call("GET " + enterprise + "/x")
	for i := range 100_000 {
		o.Path = "/nge/prod/nge-api/api/persons/" + fmt.Sprintf("%08x-91d3-4c55-8a1e-0b9d7e5f4a31", i)
		if err := c.Add(o); err != nil {
			t.Fatal(err)
		}
	}
	if r := c.Result(); len(r.Routes) != 1 {
		t.Errorf("%d routes", len(r.Routes))
	}
	err = nil
	for i := 0; i < 2_000_000 && err == nil; i++ {
		o.Path = "/nge/prod/nge-api/api/" + letters(i) + "/" + letters(i*7)
		err = c.Add(o)
	}
	if exit.Of(err) != exit.Usage {
		t.Errorf("%v", err)
	}
}

// letters writes a number in letters.
func letters(n int) string {
	b := []byte{}
	for ; n > 0 || len(b) == 0; n /= 26 {
		b = append(b, byte('a'+n%26))
	}
	return string(b)
}

func FuzzAdd(f *testing.F) {
	f.Add("GET", "nativeapi.nextgen.com", "/nge/prod/nge-api/api/persons/1", "a=b", false)
	f.Add("GET", "", "/{{baseUrl}}/persons/:id(x)/%2F.json", "", true)
	f.Add("POST", "fhir.nextgen.com", "/nge/prod/fhir-api-r4/fhir/r4/Patient/1/$x/_history", "_include=*&category=a|b,c", false)
	f.Fuzz(func(t *testing.T, method, host, path, query string, template bool) {
		c, err := infer.NewCollector(infer.Options{Hosts: []string{"h"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []string{host, "h", "nativeapi.nextgen.com"} {
			o := infer.Observation{Kind: infer.Seen, Format: "har", Method: method, Host: h, Path: path, Query: query, Template: template}
			if err := c.Add(o); err != nil {
				t.Fatal(err)
			}
		}
		// A canary in every kind of place for a value. It is long and no word, so
		// that what the fuzzer made cannot have it by chance.
		const canary = "zq9canary7xkw"
		for _, p := range []string{path + "/" + canary, "/" + canary + path, path + canary, "/Patient/" + canary} {
			o := infer.Observation{Kind: infer.Collection, Format: "postman", Method: method, Host: "h", Path: p, Query: query + "&name=" + canary + "&" + canary + "=1", Template: template}
			if err := c.Add(o); err != nil {
				t.Fatal(err)
			}
			o.Kind, o.Host, o.Path = infer.Seen, host, "/nge/prod/fhir-api-r4/fhir/r4"+p
			if err := c.Add(o); err != nil {
				t.Fatal(err)
			}
		}
		r := c.Result()
		for _, one := range r.Routes {
			if _, err := route.Parse(one.Method, one.Path); err != nil && one.Masks == 0 {
				t.Errorf("%q %q: %v", one.Method, one.Path, err)
			}
		}
		r.Proposals = nil // their words are for the screen of a review
		if text := fmt.Sprintf("%+v", r); strings.Contains(strings.ToLower(text), canary) {
			t.Errorf("the canary is in %s", text)
		}
	})
}

func BenchmarkAddKnown(b *testing.B) {
	c, _ := infer.NewCollector(infer.Options{})
	o := call("GET " + enterprise + "/persons/" + uuid + "/chart/allergies?$top=5")
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Add(o); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkInfer100k infers 100,000 distinct paths of words.
func BenchmarkInfer100k(b *testing.B) {
	for b.Loop() {
		c, _ := infer.NewCollector(infer.Options{})
		o := call("GET " + enterprise + "/x")
		for i := range 100_000 {
			o.Path = "/nge/prod/nge-api/api/persons/" + letters(i) + "/chart/" + letters(i%5000) + "x"
			if err := c.Add(o); err != nil {
				b.Fatal(err)
			}
		}
		if n := len(c.Result().Routes); n < 100 {
			b.Fatal(n)
		}
	}
}
