package rulebook

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// edition parses the current edition as people write it, examples included.
func edition(t testing.TB) *Edition {
	t.Helper()
	e, err := Parse(files(t))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The compiled edition is the written one without its examples: a rule that was
// changed without regenerating fails here.
func TestCompiledIsWhatIsWritten(t *testing.T) {
	compiled, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	written := edition(t)
	if changes := Diff(written, compiled); len(changes) > 0 || written.SHA256 != compiled.SHA256 {
		t.Errorf("run go generate ./...; the compiled rulebook differs: %v", changes)
	}
	written.ID, written.Date = compiled.ID, compiled.Date
	if compiled.Status != written.Status || compiled.Page != written.Page || compiled.Revision != written.Revision {
		t.Error("the header differs")
	}
}

// files returns the YAML of the current edition, for tests that break it.
func files(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	names, err := filepath.Glob("editions/" + Current + "/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no edition files: %v", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(name)] = data
	}
	return out
}

func TestExamplesComeOut(t *testing.T) {
	for _, wrong := range edition(t).RunExamples() {
		t.Error(wrong)
	}
}

// Every rule shows at least: it applies, it does not, it is unknown. The portal
// decision is the one rule that depends on nothing.
func TestEveryRuleHasExamples(t *testing.T) {
	e := edition(t)
	for _, d := range e.Decisions {
		seen := map[string]bool{}
		for _, x := range d.Examples {
			seen[x.Want] = true
		}
		for _, v := range d.Values() {
			if !seen[v] {
				t.Errorf("decision %s: no example for value %s", d.ID, v)
			}
		}
		if d.ID != "portal" && !seen["undecided"] {
			t.Errorf("decision %s: no example for undecided", d.ID)
		}
	}
	for _, c := range e.Checks {
		seen := map[string]bool{}
		for _, x := range c.Examples {
			seen[x.Want] = true
		}
		wants := []string{"pass", "not-applicable", "unknown"}
		if c.ID == "REG-PORTAL" { // applies to everybody
			wants = []string{"pass", "fail"}
		}
		for _, want := range wants {
			if !seen[want] {
				t.Errorf("check %s: no example for %s", c.ID, want)
			}
		}
		if !seen["fail"] && !seen["warn"] {
			t.Errorf("check %s: no example that is not met", c.ID)
		}
	}
}

// Turning any leaf of any rule around must change one of its examples: a leaf
// that does not matter is not proven, or not needed.
func TestEveryLeafMatters(t *testing.T) {
	base := files(t)
	e, err := Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	var leaves []*Cond
	owner := map[*Cond]string{}
	collect := func(id string, conds ...*Cond) {
		for _, c := range conds {
			c.leaves(func(leaf *Cond) { leaves = append(leaves, leaf); owner[leaf] = id })
		}
	}
	for _, d := range e.Decisions {
		for _, c := range d.Cases {
			collect(d.ID, c.When)
		}
		for _, a := range d.Asides {
			collect(d.ID, a.When)
		}
	}
	for _, c := range e.Checks {
		collect(c.ID, c.When, c.Met, c.Review)
		if c.Lessened != nil {
			collect(c.ID, c.Lessened.When)
		}
	}
	if len(leaves) < 80 {
		t.Fatalf("only %d leaves found", len(leaves))
	}
	for _, leaf := range leaves {
		saved := *leaf
		inverse := saved
		*leaf = Cond{Not: &inverse, line: saved.line}
		if len(e.RunExamples()) == 0 {
			t.Errorf("%s line %d: turning %s %s %v around changes no example", owner[leaf], saved.line, saved.Trait, saved.Test, saved.Want)
		}
		*leaf = saved
	}
}

func TestEveryFactHasARuleOrADocument(t *testing.T) {
	e := edition(t)
	used := map[string]bool{}
	mark := func(ids []string) {
		for _, id := range ids {
			used[id] = true
		}
	}
	for _, d := range e.Decisions {
		for _, c := range d.Cases {
			mark(c.Source)
		}
		for _, c := range d.Criteria {
			mark(c.Source)
		}
	}
	for _, c := range e.Checks {
		mark(c.Source)
	}
	for _, d := range e.Documents {
		mark(d.Source)
	}
	want := map[string]int{"P": 5, "F": 4, "L": 5, "O": 1, "T": 2, "R": 4, "A": 4, "B": 10, "G": 3}
	total := 0
	for letter, n := range want {
		total += n
		for i := 1; i <= n; i++ {
			id := fmt.Sprintf("%s%d", letter, i)
			if _, ok := e.Fact(id); !ok {
				t.Errorf("source fact %s is missing", id)
			}
			if !used[id] {
				t.Errorf("source fact %s has no decision, check or document", id)
			}
		}
	}
	if len(e.Facts) != total {
		t.Errorf("%d facts, want %d", len(e.Facts), total)
	}
}

// Ids are permanent: each id that was ever released stands in testdata/ids.txt
// and must still exist; a new one must be added there.
func TestIDsAreAppendOnly(t *testing.T) {
	data, err := os.ReadFile("testdata/ids.txt")
	if err != nil {
		t.Fatal(err)
	}
	committed := strings.Fields(string(data))
	e := edition(t)
	var have []string
	for _, f := range e.Facts {
		have = append(have, "fact:"+f.ID)
	}
	for _, d := range e.Decisions {
		have = append(have, "decision:"+d.ID)
		for _, v := range d.Values() {
			have = append(have, "value:"+d.ID+"="+v)
		}
		for _, c := range d.Criteria {
			have = append(have, "criterion:"+c.ID)
		}
	}
	for _, c := range e.Checks {
		have = append(have, "check:"+c.ID)
	}
	for _, d := range e.Documents {
		have = append(have, "document:"+d.ID)
	}
	for _, id := range committed {
		if !slices.Contains(have, id) {
			t.Errorf("%s was released and is gone; ids never change", id)
		}
	}
	for _, id := range have {
		if !slices.Contains(committed, id) {
			t.Errorf("%s is new: append it to testdata/ids.txt", id)
		}
	}
}

// randomSet draws a set in which each trait is unknown with probability 1-p.
func randomSet(r *rand.Rand, p float64) trait.Set {
	var s trait.Set
	put := func(id trait.ID, text string) {
		t, _ := trait.Standard().Get(id)
		v, err := t.Parse(text)
		if err != nil {
			panic(err)
		}
		s = s.With(id, trait.Entry{Value: v})
	}
	for _, t := range trait.Standard().All() {
		if r.Float64() > p || t.PerClient() || (t.Kind != trait.Answer && t.Kind != trait.Milestone) {
			continue
		}
		switch t.Type {
		case trait.One:
			put(t.ID, t.Choices[r.IntN(len(t.Choices))].Value)
		case trait.Bool:
			put(t.ID, []string{"true", "false"}[r.IntN(2)])
		case trait.Many:
			var chosen []string
			for _, c := range t.Choices {
				if r.IntN(2) == 0 {
					chosen = append(chosen, c.Value)
				}
			}
			if len(chosen) > 0 {
				put(t.ID, strings.Join(chosen, ","))
			}
		case trait.Version:
			put(t.ID, []string{"5.8.9", "5.9.0", "5.9.1", "5.9.2", "5.10.0"}[r.IntN(5)])
		case trait.Date:
			put(t.ID, []string{"2026-01-02", "2027-06-01"}[r.IntN(2)])
		}
	}
	if r.IntN(2) == 0 { // a route list is there or not; it is no answer
		put("routes.listed", "true")
		put("routes.verdict", []string{"limited", "not-limited", "undetermined"}[r.IntN(3)])
		put("routes.gsa", []string{"open", "closed", "unconfirmed", "none", "attested"}[r.IntN(5)])
		put("routes.enterprise", []string{"true", "false"}[r.IntN(2)])
		put("routes.writes", []string{"true", "false"}[r.IntN(2)])
		put("routes.beyond", []string{"true", "false"}[r.IntN(2)])
	}
	if r.IntN(2) == 0 { // the same goes for a recorded report
		put("credentials.verdict", []string{"accepted", "rejected", "unreadable"}[r.IntN(3)])
		put("credentials.checked", []string{"2026-01-02", "2027-06-01"}[r.IntN(2)])
	}
	return s
}

// On full answers exactly one case of each decision holds; on any answers at
// most one does, and an undecided decision names what could settle it.
func TestCasesExcludeEachOther(t *testing.T) {
	e := edition(t)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 20000 {
		full := i%2 == 0
		p := r.Float64()
		if full {
			p = 1
		}
		s := randomSet(r, p)
		if len(trait.Standard().Contradictions(s)) > 0 {
			continue
		}
		if full { // a full set has no empty sets
			for _, id := range []trait.ID{"app.apis"} {
				if _, ok := s.Get(id); !ok {
					full = false
				}
			}
		}
		ev := NewEvaluator(e, s, "2026-11-23")
		for _, d := range e.Decisions {
			held := 0
			for _, c := range d.Cases {
				if ev.Eval(c.When).Truth == Yes {
					held++
				}
			}
			got := ev.Decide(d.ID)
			if held > 1 || (full && held != 1) {
				t.Fatalf("%s: %d cases hold at once for %v", d.ID, held, s)
			}
			for _, id := range got.Ask {
				if tr, _ := trait.Standard().Get(id); tr.Kind != trait.Answer {
					t.Fatalf("%s asks %s, which nobody can answer, for %v", d.ID, id, s)
				}
			}
			if held == 0 && len(got.Ask) == 0 {
				t.Fatalf("%s is undecided and asks nothing for %v", d.ID, s)
			}
		}
	}
}

// A further answer never changes a yes or a no that was already given. Two
// traits are choices, not answers to a question of fact, and are held fixed:
// app.auth narrows what is possible, and milestones change what is done.
func TestMonotone(t *testing.T) {
	e := edition(t)
	r := rand.New(rand.NewPCG(3, 4))
	for range 5000 {
		full := randomSet(r, 0.9)
		if len(trait.Standard().Contradictions(full)) > 0 {
			continue
		}
		part := full
		for _, tr := range trait.Standard().All() {
			// A version that is not declared is not declared: nge.unsupported
			// is known either way, so versions stay fixed for the checks.
			if tr.Kind == trait.Answer && tr.ID != "app.auth" && tr.Type != trait.Version && r.IntN(2) == 0 {
				part = part.Without(tr.ID)
			}
		}
		before, after := NewEvaluator(e, part, "2026-11-23"), NewEvaluator(e, full, "2026-11-23")
		for _, d := range e.Decisions {
			a, b := before.Decide(d.ID), after.Decide(d.ID)
			if a.Value != "" && a.Value != b.Value {
				t.Fatalf("%s: %s became %q with more answers\n%v\n%v", d.ID, a.Value, b.Value, part, full)
			}
		}
		for i := range e.Checks {
			c := &e.Checks[i]
			a, b := before.Eval(c.When).Truth, after.Eval(c.When).Truth
			if a != Unknown && a != b {
				t.Fatalf("%s: applies %s became %s with more answers", c.ID, a, b)
			}
			a, b = before.Eval(c.Met).Truth, after.Eval(c.Met).Truth
			if a != Unknown && a != b {
				t.Fatalf("%s: met %s became %s with more answers", c.ID, a, b)
			}
		}
	}
}

func TestStrictLoading(t *testing.T) {
	broken := map[string]struct{ old, new, want string }{
		"unknown key":             {"title: Path to production", "tilte: Path to production", "tilte"},
		"unknown trait":           {"trait: app.unattended, eq: true", "trait: app.unatended, eq: true", "app.unatended"},
		"unknown value":           {"trait: organization.type, eq: vendor}, {trait: scope.certified, eq: limited}", "trait: organization.type, eq: vender}, {trait: scope.certified, eq: limited}", "vender"},
		"unknown fact":            {"source: [P1, P4]", "source: [P1, P9]", "P9"},
		"version as text":         {`{trait: organization.nge_version, gte: "5.9.0"}, {trait: app.distribution, eq: own}`, `{trait: organization.nge_version, eq: "5.9.0"}, {trait: app.distribution, eq: own}`, "organization.nge_version"},
		"set of an answer":        {"met: {trait: portal.registered, set: true}", "met: {trait: app.audience, set: true}", "absence is unknown"},
		"duplicate id":            {"id: REG-FORM", "id: REG-PORTAL", "used twice"},
		"unknown gate":            {"gate: registration", "gate: registry", "registry"},
		"condition key":           {"{trait: decision.portal, eq: required}", "{trait: decision.portal, equals: required}", "equals"},
		"two comparisons":         {"{trait: decision.portal, eq: required}", "{trait: decision.portal, eq: required, in: [required]}", "one comparison"},
		"decision before use":     {"{trait: decision.track, eq: patient-production}, {not:", "{trait: decision.fees, eq: none}, {not:", "before its use"},
		"combinators too deep":    {"when: {trait: app.audience, eq: patients}", "when: {not: {not: {not: {not: {trait: app.audience, eq: patients}}}}}", "combinators"},
		"no value to compare":     {`{trait: organization.nge_version, lt: "5.9.0"}`, `{trait: organization.nge_version, lt: []}`, "one value"},
		"two values to compare":   {`{trait: organization.nge_version, lt: "5.9.0"}`, `{trait: organization.nge_version, lt: ["5.9.0", "6.0"]}`, "one value"},
		"a decision is gone":      {"  - id: fees\n", "  - id: feees\n", "no decision fees"},
		"terminal escape":         {"title: Path to production", "title: \"Path \x1b[2J\"", "cannot be printed"},
		"modality is no modality": {"modality: requested", "modality: requestd", "requestd"},
	}
	for name, b := range broken {
		t.Run(name, func(t *testing.T) {
			changed := files(t)
			hit := false
			for file, data := range changed {
				if strings.Contains(string(data), b.old) {
					changed[file] = []byte(strings.Replace(string(data), b.old, b.new, 1))
					hit = true
					break
				}
			}
			if !hit {
				t.Fatalf("%q stands in no file any more", b.old)
			}
			_, err := Parse(changed)
			if err == nil || !strings.Contains(err.Error(), b.want) || exit.Of(err) != exit.Usage {
				t.Errorf("error %v, want one with %q", err, b.want)
			}
		})
	}
}

func TestUnknownEditionNamesTheNearest(t *testing.T) {
	_, err := Load("2026-12")
	if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "2026-11") {
		t.Errorf("error %v", err)
	}
}

// Derivations may look up only what they list, or questions would be missed.
func TestUsedByFindsDerivedUses(t *testing.T) {
	e := edition(t)
	for id, want := range map[trait.ID]string{
		"data.read_only": "form", "app.apis": "track", "portal.registered": "REG-PORTAL",
		"client.signoff": "GA-SIGNOFF", "data.classes": "fees", "app.auth": "auth",
	} {
		if used := e.UsedBy(id); !slices.ContainsFunc(used, func(u string) bool { return u == want }) {
			// Decisions may be reached through other decisions; the direct user counts here.
			t.Errorf("%s is used by %v, want %s among them", id, used, want)
		}
	}
	for _, tr := range trait.Standard().All() {
		printed := tr.ID == "organization.name" || tr.ID == "app.name" || tr.ID == "app.description" || tr.ID == "routes.file" ||
			tr.ID == "form.reply" || tr.ID == "client.contact"
		if tr.Kind == trait.Answer || tr.Kind == trait.Milestone {
			if used := e.UsedBy(tr.ID); len(used) == 0 && !printed {
				t.Errorf("%s is used by no rule", tr.ID)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	all := []byte{}
	for _, name := range slices.Sorted(maps.Keys(files(f))) {
		all = append(all, files(f)[name]...)
	}
	f.Add(all)
	for _, data := range files(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Parse(map[string][]byte{"a.yaml": data})
		if err == nil {
			e.RunExamples()
			ev := NewEvaluator(e, trait.Set{}, exampleDay)
			for i := range e.Decisions {
				ev.Decide(e.Decisions[i].ID)
			}
			for i := range e.Checks {
				ev.Check(&e.Checks[i])
			}
			ev.DefaultGate()
		}
	})
}
