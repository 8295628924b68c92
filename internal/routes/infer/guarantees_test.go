package infer_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/infer/vocab"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

const ownHost = "https://api.example.com"

func own() infer.Options { return infer.Options{Hosts: []string{"api.example.com"}} }

// described is a route of an API description, saved one of a collection.
func described(path string) infer.Observation {
	return infer.Observation{Kind: infer.Spec, Format: "openapi", Method: "GET", Host: "api.example.com", Path: path, Template: true}
}

func saved(path string) infer.Observation {
	o := described(path)
	o.Kind, o.Format = infer.Collection, "postman"
	return o
}

// TestSlotsOfDescriptions: a description that was made from a capture can hold
// a value where the catalogue has a parameter; that value vouches for nothing.
func TestSlotsOfDescriptions(t *testing.T) {
	for _, path := range []string{"/persons/Zorban/chart/allergies", "/persons/Zorban", "/persons/Zorban/made-up"} {
		r := results(t, own(), described(path), call("GET "+ownHost+"/widgets/zorban"))
		for _, one := range r.Routes {
			if strings.Contains(strings.ToLower(one.Path), "zorban") {
				t.Errorf("%s: %v", path, paths(r))
			}
		}
	}
	r := results(t, own(), described("/zorban/{id}/quux"), call("GET "+ownHost+"/zorban/hope/quux"))
	if diff := cmp.Diff([]string{"GET /zorban/{id}/quux"}, paths(r)); diff != "" {
		t.Errorf("words of a description vouch\n%s", diff)
	}
}

// TestCatalogueOutranksCollections: what somebody saved with nothing but
// variables takes no word from a catalogued route or from another one.
func TestCatalogueOutranksCollections(t *testing.T) {
	r := results(t, own(), saved("/{{x}}/{{y}}/foo"), call("GET "+ownHost+"/persons/7/zorban"), call("GET "+ownHost+"/widgets/history"))
	for _, want := range []string{"GET /persons/{personId}/{?1}", "GET /widgets/history"} {
		if !slices.Contains(paths(r), want) {
			t.Errorf("no %s in %v", want, paths(r))
		}
	}
}

// TestGivenFHIRBase: the base that the user gives can say that it is FHIR.
func TestGivenFHIRBase(t *testing.T) {
	for _, test := range []struct{ host, path, api string }{
		{"gw.example.com/fhir/r4", "/fhir/r4/Patient/Grace", route.FHIRR4},
		{"gw.example.com/clinic-7/fhir", "/clinic-7/fhir/Patient/Grace", route.FHIRR4},
		{"gw.example.com/x/DSTU2", "/x/DSTU2/Patient/Grace", route.FHIRDSTU2},
		{"gw.example.com/x", "/x/Patient/Grace", route.Enterprise},
	} {
		r := results(t, infer.Options{Hosts: []string{test.host}}, call("GET https://gw.example.com"+test.path))
		if len(r.Routes) != 1 || r.Routes[0].API != test.api || r.Routes[0].Path != "/Patient/{id}" {
			t.Errorf("%s: %+v", test.host, r.Routes)
		}
	}
	o := saved("/{{fhir_base_url}}/Observation")
	o.Host, o.Query = "", "patient={{p}}&category=laboratory"
	r := results(t, infer.Options{}, o)
	if len(r.Routes) != 1 || r.Routes[0].API != route.FHIRR4 || r.Routes[0].Path != "/Observation?category=laboratory&patient={patient}" {
		t.Errorf("%+v", r.Routes)
	}
}

// TestOneShapeOneRoute: names do not split a route.
func TestOneShapeOneRoute(t *testing.T) {
	r := results(t, own(), saved("/widgets/{{widgetKey}}/parts/7"), call("GET "+ownHost+"/widgets/5/parts/9"), call("GET "+ownHost+"/widgets/zorban2026/parts/9"))
	if diff := cmp.Diff([]string{"GET /widgets/{widgetKey}/parts/{partId}"}, paths(r)); diff != "" {
		t.Error(diff)
	}
}

func TestStatuses(t *testing.T) {
	for status, want := range map[int]infer.Status{
		-1: infer.StatusCalled, 0: infer.StatusCalled, 101: infer.StatusCalled, 200: infer.StatusOK, 299: infer.StatusOK, 304: infer.StatusOK,
		400: infer.StatusFailed, 503: infer.StatusFailed, 999: infer.StatusFailed,
	} {
		o := call("GET " + enterprise + "/persons")
		o.Status = status
		if r := results(t, infer.Options{}, o); r.Routes[0].Status != want {
			t.Errorf("%d: %s, want %s", status, r.Routes[0].Status, want)
		}
	}
}

// TestVersionsAndValues: a version with a letter is a word; a measurement or a
// diagnosis that looks like one is a value.
func TestVersionsAndValues(t *testing.T) {
	for path, want := range map[string]string{
		"/v2/orders/7": "/v2/orders/{orderId}", "/2.0/orders": "/{id}/orders",
		"/vitals/temperature/98.6": "", "/orders/98.6": "", "/diagnoses/V58": "", "/diagnoses/code/V58.1": "", "/orders/history/1.2.3": "",
		"/orders/history/6.0.0.1719": "",
	} {
		r := results(t, own(), call("GET "+ownHost+path))
		last := path[strings.LastIndexByte(path, '/')+1:]
		if want != "" && r.Routes[0].Path != want || want == "" && strings.Contains(r.Routes[0].Path, last) {
			t.Errorf("%s became %s, want %q", path, r.Routes[0].Path, want)
		}
	}
}

// TestSlashInsideASegment: an encoded slash divides nothing.
func TestSlashInsideASegment(t *testing.T) {
	a, b := call("GET "+ownHost+"/orders%2Fwhistory"), call("GET "+ownHost+"/orders/history")
	want := results(t, own(), a, b)
	if diff := cmp.Diff(want, results(t, own(), b, a), cmpopts.IgnoreUnexported(infer.Route{})); diff != "" || len(want.Routes) != 2 {
		t.Errorf("%v\n%s", paths(want), diff)
	}
}

// TestSignInElsewhere: a token endpoint of another host is another host.
func TestSignInElsewhere(t *testing.T) {
	r := results(t, own(), call("POST https://idp.example.net/oauth2/token"), call("POST "+ownHost+"/oauth2/token"))
	want := []infer.Bucket{{Name: "other-host", Count: 1}, {Name: "sign-in", Count: 1}}
	if diff := cmp.Diff(want, r.Ignored); diff != "" || len(r.Hosts) != 1 {
		t.Errorf("%s%v", diff, r.Hosts)
	}
}

// TestVerdictsOfCodes: a code is printed only where the verdict reads it in the
// same way with its system and without.
func TestVerdictsOfCodes(t *testing.T) {
	for _, system := range []string{"", "|", "http://loinc.org|", "http://hl7.org/fhir/sid/icd-10|", "http://snomed.info/sct|",
		"http://terminology.hl7.org/CodeSystem/observation-category|", "http://hl7.org/fhir/observation-category|"} {
		for _, search := range []string{"Observation?code=72166-2", "Observation?category=laboratory", "Observation?category=exam", "DocumentReference?type=11506-3"} {
			name, code, _ := strings.Cut(search, "=")
			concrete := "/" + name + "=" + strings.ReplaceAll(system, "|", "%7C") + code + "&patient=1"
			r := results(t, infer.Options{}, call("GET "+fhirR4+concrete))
			before := scope.Explain(route.Route{Method: "GET", Path: concrete}, nil, scope.Options{})
			after := scope.Explain(route.Route{Method: "GET", Path: r.Routes[0].Path}, nil, scope.Options{})
			doubt := after.Verdict == scope.Undetermined && strings.Contains(r.Routes[0].Path, "={c")
			if before.Verdict != after.Verdict && !doubt {
				t.Errorf("%s is %s, %s is %s", concrete, before.Verdict, r.Routes[0].Path, after.Verdict)
			}
		}
	}
}

// TestRenaming is guarantee G2 for words that are masked: other words in the
// same places give the same result, whatever the order of the words.
func TestRenaming(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	stems := []string{"zorban", "quuxly", "blorpt", "fnargle", "wibblet", "grontz", "plimb", "skreeb"}
	for range 300 {
		type one struct {
			method string
			words  [3]int
			n      int
			status int
		}
		var calls []one
		for range 3 + rng.IntN(12) {
			calls = append(calls, one{[]string{"GET", "POST"}[rng.IntN(2)], [3]int{rng.IntN(4), rng.IntN(4), rng.IntN(4)}, 1 + rng.IntN(3), []int{200, 404}[rng.IntN(2)]})
		}
		build := func(name []int) *infer.Result {
			var list []infer.Observation
			for _, c := range calls {
				path := ""
				for i := range c.n {
					path += "/" + stems[name[c.words[i]]]
				}
				list = append(list, call(fmt.Sprint(c.method, " ", ownHost, "/widgets", path, " ", c.status)))
			}
			return results(t, own(), list...)
		}
		a, b := build(rng.Perm(len(stems))), build(rng.Perm(len(stems)))
		a.Proposals, b.Proposals = nil, nil // their words are for the screen of a review
		if diff := cmp.Diff(a, b, cmpopts.IgnoreUnexported(infer.Route{})); diff != "" {
			t.Fatal(diff)
		}
	}
}

// TestOutputAlphabet is guarantee G1: every word of a printed path has a voucher.
func TestOutputAlphabet(t *testing.T) {
	allowed := map[string]bool{"approvedword": true, "importedword": true}
	for _, e := range catalog.Enterprise().All() {
		for s := range strings.SplitSeq(e.Path, "/") {
			allowed[strings.ToLower(s)] = true
		}
	}
	opt := own()
	opt.Approvals.Words = []string{"ApprovedWord"}
	list := []infer.Observation{described("/importedword/{id}")}
	rng := rand.New(rand.NewPCG(5, 6))
	pool := []string{"persons", "chart", "Patient", "$everything", "_history", "zorban", "Smith", "o'brien", "José", "approvedword", "importedword", "v1", "V58", "98.6",
		"widgets", "E11.9", "a%2Fb", "Orders(5)", "Smith(5)", "Smith.json", "7.pdf", "$zorban", "_zorban", "{zorban}", ":zorban", "me", uuid, "1970-01-01", "a@b.example"}
	for range 3000 {
		path := ""
		for range 1 + rng.IntN(5) {
			path += "/" + pool[rng.IntN(len(pool))]
		}
		base := []string{ownHost, enterprise, fhirR4}[rng.IntN(3)]
		o := call("GET " + base + path)
		o.Template = rng.IntN(4) == 0
		list = append(list, o)
	}
	for _, r := range results(t, opt, list...).Routes {
		plain, _, _ := strings.Cut(strings.ReplaceAll(r.Path, "{?", "{"), "?")
		for s := range strings.SplitSeq(strings.Trim(plain, "/"), "/") {
			if i := strings.IndexByte(s, '{'); i >= 0 {
				s = strings.TrimSuffix(s[:i], "(")
			}
			r4, d2 := route.FHIRType(s)
			_, op := catalog.FHIR().Operation(strings.TrimPrefix(s, "$"))
			switch {
			case s == "", allowed[strings.ToLower(s)], r4, d2, op && s[0] == '$', vocab.Vouches(s), vocab.Version(s), slices.Contains([]string{"_history", "_search", "me"}, s):
			default:
				t.Errorf("%s: nothing vouches for %s", r.Path, s)
			}
		}
		if _, err := route.Parse(r.Method, r.Path); err != nil && r.Masks == 0 {
			t.Errorf("%s: %v", r.Path, err)
		}
	}
}

// TestMemoryIsBounded: whatever paths look like, what is kept of them is bounded.
func TestMemoryIsBounded(t *testing.T) {
	c, err := infer.NewCollector(infer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before, n := heapInUse(), 0
	for ; err == nil && n < 400_000; n++ {
		o := call("GET " + enterprise + "/" + letters(n) + strings.Repeat("/a", 60))
		err = c.Add(o)
	}
	r := c.Result()
	if used := heapInUse() - before; exit.Of(err) != exit.Usage || used > 200<<20 {
		t.Errorf("%d paths hold %d MB: %v", n, used>>20, err)
	}
	runtime.KeepAlive(c)
	runtime.KeepAlive(r)
}

// TestValuesAreForgotten: a word that is kept does not hold on to the path that
// it stood in, and with it to the values there.
func TestValuesAreForgotten(t *testing.T) {
	c, err := infer.NewCollector(infer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before, value := heapInUse(), "/"+strings.Repeat("9", 4000)
	for i := range 20_000 {
		o := call("GET " + enterprise + "/" + letters(i) + value)
		o.Place = strings.Clone(value)[:10]
		if err := c.Add(o); err != nil {
			t.Fatal(err)
		}
	}
	if used := heapInUse() - before; used > 20<<20 {
		t.Errorf("%d MB are held of 80 MB of values", used>>20)
	}
	runtime.KeepAlive(c)
}

// TestUniqueIdentifiersCostNothing: what differs in ids only is one group.
func TestUniqueIdentifiersCostNothing(t *testing.T) {
	c, err := infer.NewCollector(infer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := heapInUse()
	o := call("GET " + enterprise + "/x")
	for i := range 300_000 {
		o.Path = fmt.Sprintf("/nge/prod/nge-api/api/persons/%08x-91d3-4c55-8a1e-0b9d7e5f4a31/chart/allergies", i)
		if err := c.Add(o); err != nil {
			t.Fatal(err)
		}
	}
	if used := heapInUse() - before; used > 1<<20 {
		t.Errorf("%d KB are held", used>>10)
	}
	runtime.KeepAlive(c)
}

func heapInUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
