package smart_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/scope/smart"
)

// said writes the findings that are no notes as "id:severity scope".
func said(r smart.Report, notes bool) string {
	var out []string
	for _, f := range r.Findings {
		if f.Severity != smart.Note || notes {
			out = append(out, fmt.Sprintf("%s:%c %s", f.ID, f.Severity[0], f.Scope))
		}
	}
	return strings.Join(out, ", ")
}

func TestCompare(t *testing.T) {
	labsOnly := []string{"GET /Observation?patient={p}&category=laboratory"}
	goals := []string{"GET /Goal?patient={p}"}
	for _, c := range []struct {
		name    string
		routes  []string
		opt     smart.Options
		request string
		verdict smart.Verdict
		want    string
	}{
		{"v2", goals, smart.Options{}, "patient/Goal.rs", smart.Exact, ""},
		{"v1", goals, smart.Options{}, "patient/Goal.read", smart.Exact, ""},
		{"twice", goals, smart.Options{}, "patient/Goal.rs patient/Goal.rs", smart.Exact, ""},
		{"in two", goals, smart.Options{}, "patient/Goal.r patient/Goal.s", smart.Exact, ""},
		{"v1 word", []string{"GET /Goal/{id}"}, smart.Options{}, "patient/Goal.read", smart.Exact, ""},
		{"letter", []string{"GET /Goal/{id}"}, smart.Options{}, "patient/Goal.rs", smart.TooBroad, "letter-unused:e patient/Goal.rs"},
		{"write", goals, smart.Options{}, "patient/Goal.read patient/Goal.write", smart.TooBroad, "write-unused:e patient/Goal.write"},
		{"v2 write", goals, smart.Options{}, "patient/Goal.crs", smart.TooBroad, "write-unused:e patient/Goal.crs"},
		{"star", goals, smart.Options{}, "patient/Goal.*", smart.TooBroad, "write-unused:e patient/Goal.*, v1-write-star:w patient/Goal.*"},
		{"wildcard", goals, smart.Options{}, "patient/*.rs", smart.TooBroad, "wildcard:e patient/*.rs"},
		{"all", goals, smart.Options{}, "patient/*.*", smart.TooBroad,
			"wildcard:e patient/*.*, write-unused:e patient/*.*, v1-write-star:w patient/*.*"},
		{"type", goals, smart.Options{}, "patient/Goal.rs patient/Coverage.rs", smart.TooBroad, "type-unused:e patient/Coverage.rs"},
		{"constraint", labsOnly, smart.Options{}, "patient/Observation.rs", smart.TooBroad, "constraint-dropped:e patient/Observation.rs"},
		{"constraint in v1", labsOnly, smart.Options{}, "patient/Observation.read", smart.Exact, "constraint-dropped:w patient/Observation.read"},
		{"constraint kept", labsOnly, smart.Options{}, "patient/Observation.rs?" + labs, smart.Exact, ""},
		{"other constraint", labsOnly, smart.Options{}, "patient/Observation.rs?" + vitals, smart.Both,
			"type-unused:e patient/Observation.rs?" + vitals + ", missing:e patient/Observation.rs?" + labs},
		{"constrained part", []string{"GET /Observation?patient={p}"}, smart.Options{}, "patient/Observation.rs?" + labs, smart.TooNarrow,
			"missing:e patient/Observation.rs"},
		{"level", goals, smart.Options{}, "user/Goal.rs", smart.TooBroad, "level-too-wide:e user/Goal.rs"},
		{"system", goals, smart.Options{}, "system/Goal.rs", smart.TooBroad, "level-too-wide:e system/Goal.rs"},
		{"either level", []string{"GET /Location/{id}"}, smart.Options{}, "user/Location.r", smart.Exact, ""},
		{"either level, all", []string{"GET /Location/{id}"}, smart.Options{}, "user/*.r", smart.TooBroad,
			"wildcard:e user/*.r, level-too-wide:e user/*.r"},
		{"patient for user", []string{"GET /Goal/{id} eal"}, smart.Options{}, "patient/Goal.r", smart.Both,
			"type-unused:e patient/Goal.r, missing:e user/Goal.r"},
		{"offline", goals, smart.Options{}, "offline_access patient/Goal.rs", smart.TooBroad, "offline-unjustified:e offline_access"},
		{"offline declared", goals, smart.Options{Offline: true}, "offline_access patient/Goal.rs", smart.Exact, ""},
		{"missing", goals, smart.Options{}, "", smart.TooNarrow, "missing:e patient/Goal.rs"},
		{"missing letter", goals, smart.Options{}, "patient/Goal.r", smart.TooNarrow, "missing:e patient/Goal.s"},
		{"write does not read", []string{"GET /Goal/{id}", "POST /Goal"}, smart.Options{}, "patient/Goal.write", smart.TooNarrow,
			"missing:e patient/Goal.r"},
		{"launch", goals, smart.Options{Launch: smart.Standalone, Identity: true}, "patient/Goal.rs openid profile", smart.TooNarrow,
			"missing:e launch/patient"},
		{"malformed", goals, smart.Options{}, "patient/Goal.rs patient/goal.rs", smart.Invalid, "malformed:e patient/goal.rs"},
		{"unknown", goals, smart.Options{}, "patient/Goal.rs nge", smart.Exact, "unknown:w nge"},
		{"rd", []string{"GET /Goal/{id}", "DELETE /Goal/{id}"}, smart.Options{}, "patient/Goal.rd", smart.Exact, "ambiguous:w patient/Goal.rd"},
		{"nothing for nothing", nil, smart.Options{}, "", smart.Exact, ""},
		{"too long", nil, smart.Options{}, strings.Repeat("x", 1<<15), smart.Invalid, "malformed:e "},
	} {
		got := smart.Compare(c.request, smart.Derive(list(c.routes...), c.opt), nil)
		if s := said(got, false); got.Verdict != c.verdict || s != c.want {
			t.Errorf("%s: %s %q, want %s %q", c.name, got.Verdict, s, c.verdict, c.want)
		}
	}
}

// A server that advertises only wildcards leaves no choice.
func TestCompareWithWildcardsOnly(t *testing.T) {
	r := smart.Derive(list("GET /Goal?patient={p}"), smart.Options{})
	for _, c := range []struct {
		request string
		verdict smart.Verdict
		want    string
	}{
		{"patient/*.*", smart.VerdictNotRequestable,
			"wildcard:n patient/*.*, write-unused:n patient/*.*, v1-write-star:n patient/*.*, not-requestable:n "},
		{"patient/*.* user/*.*", smart.TooBroad,
			"level-too-wide:e user/*.*, wildcard:n patient/*.*, write-unused:n patient/*.*, v1-write-star:n patient/*.*, wildcard:n user/*.*, not-requestable:n "},
		{"patient/Goal.rs", smart.Exact, "not-requestable:w patient/Goal.rs, not-requestable:n "},
		{"patient/Goal.write patient/*.*", smart.TooBroad,
			"write-unused:e patient/Goal.write, not-requestable:w patient/Goal.write, wildcard:n patient/*.*, write-unused:n patient/*.*, v1-write-star:n patient/*.*, not-requestable:n "},
	} {
		got := smart.Compare(c.request, r, smart.Advertised())
		if s := said(got, true); got.Verdict != c.verdict || s != c.want || !got.WildcardsOnly {
			t.Errorf("%s: %s %q, want %s %q", c.request, got.Verdict, s, c.verdict, c.want)
		}
	}
	// What the server does not advertise, nobody has to ask for.
	system := smart.Derive(list("GET /Goal?patient={p}"), smart.Options{Level: smart.System})
	if got := smart.Compare("system/*.*", system, smart.Advertised()); got.Verdict != smart.TooBroad || got.Errors != 2 {
		t.Errorf("%+v", got)
	}
	if got := smart.Compare("patient/*.*", r, []string{"patient/*.read"}); got.Verdict != smart.TooBroad {
		t.Errorf("%+v", got)
	}
	if got := smart.Compare("patient/*.read", r, smart.Advertised()); got.Verdict != smart.VerdictNotRequestable {
		t.Errorf("%+v", got)
	}
	// The same form in other words is the same scope.
	if got := smart.Compare("patient/*.cruds", r, smart.Advertised()); got.Warnings != 0 {
		t.Errorf("%+v", got.Findings)
	}
	// One type among the scopes, and the wildcard counts again.
	if got := smart.Compare("patient/*.rs", r, []string{"patient/*.rs", "patient/Goal.rs"}); got.Verdict != smart.TooBroad {
		t.Errorf("%+v", got)
	}
}

// pool are the routes from which random lists are made.
func pool() []string {
	return []string{
		"GET /Patient/{id}", "GET /Patient?name={n}", "GET /Goal?patient={p} eal", "POST /Goal", "DELETE /Goal/{id} gsa", "PUT /Goal/{id}",
		"GET /Observation?patient={p}&category=laboratory", "GET /Observation?patient={p}&category=vital-signs", "GET /Observation/{id}",
		"POST /Observation", "GET /Encounter?patient={p}&_include=Encounter:location eal", "GET /Location/{id}",
		"GET /Goal?patient={p}&_revinclude=Provenance:target", "GET /persons", "POST / fhir-r4", "GET /metadata",
		"GET /Condition?patient={p}&category=problem-list-item", "GET /Patient?_has:Observation:patient:code={c}",
	}
}

func TestWhatIsDerivedIsExact(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		lines, opt := pick(random)
		r := smart.Derive(list(lines...), opt)
		for _, scopes := range [][]string{r.V2, r.V1} {
			for _, advertised := range [][]string{nil, smart.Advertised()} {
				got := smart.Compare(strings.Join(scopes, " "), r, advertised)
				if got.Verdict != smart.Exact {
					t.Fatalf("%v %+v: %v is %s: %s", lines, opt, scopes, got.Verdict, said(got, false))
				}
			}
		}
	}
}

func pick(random *rand.Rand) ([]string, smart.Options) {
	all := pool()
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:1+random.IntN(len(all))], smart.Options{
		Exact: random.IntN(2) == 0, Offline: random.IntN(2) == 0, Identity: random.IntN(2) == 0,
		Launch: []smart.Launch{"", smart.FromEHR, smart.Standalone}[random.IntN(3)],
	}
}

// A further route never takes a scope away: what was granted still is. The
// order of the routes does not matter.
func TestMoreRoutesNeedNoLess(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		lines, opt := pick(random)
		more := smart.Derive(list(lines...), opt)
		less := smart.Derive(list(lines[:len(lines)-1]...), opt)
		got, err := smart.ParseAll(strings.Join(more.V2, " "))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range less.V2 {
			if s := smart.Parse(text); !slices.ContainsFunc(got, func(m smart.Scope) bool { return m.Covers(s) }) {
				t.Fatalf("%v: with the last route %v, without it %v", lines, more.V2, less.V2)
			}
		}
		slices.Reverse(lines)
		if again := smart.Derive(list(lines...), opt); !slices.Equal(again.V2, more.V2) || !slices.Equal(again.V1, more.V1) {
			t.Fatalf("%v: order matters: %v, %v", lines, again.V2, more.V2)
		}
	}
}

// A report stays short whatever is asked of however long a list.
func TestReportIsBounded(t *testing.T) {
	var lines, scopes []string
	for i := range 3000 {
		lines = append(lines, fmt.Sprintf("GET /Observation?category=http://h|c%d", i))
	}
	for i := range smart.MaxScopes {
		scopes = append(scopes, fmt.Sprintf("user/*.rs?a=%d", i))
	}
	got := smart.Compare(strings.Join(scopes, " "), smart.Derive(list(lines...), smart.Options{}), nil)
	if got.Verdict != smart.Both {
		t.Errorf("%s", got.Verdict)
	}
	for _, f := range got.Findings {
		if len(f.Routes) > 100 {
			t.Fatalf("%s names %d routes", f.ID, len(f.Routes))
		}
	}
}

func FuzzCompare(f *testing.F) {
	f.Add("patient/*.* openid offline_access nge patient/x")
	f.Add("patient/Goal.rd\x1b user/Location.rs?category=a")
	r := smart.Derive(list(pool()...), smart.Options{Launch: smart.FromEHR})
	f.Fuzz(func(t *testing.T, text string) {
		got := smart.Compare(text, r, smart.Advertised())
		errors := 0
		for _, x := range got.Findings {
			if x.Text == "" || len(x.Scope) > 700 || x.Routes == nil {
				t.Fatalf("%+v", x)
			}
			if x.Severity == smart.Error {
				errors++
			}
		}
		if errors != got.Errors || got.Verdict == "" || got.Verdict == smart.Exact && errors > 0 {
			t.Fatalf("%s with %d errors", got.Verdict, errors)
		}
	})
}
