package plan

import (
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/testkit"
)

// evaluator builds an evaluator from lines "trait=value".
func evaluator(t *testing.T, pairs ...string) *rulebook.Evaluator {
	t.Helper()
	e, err := rulebook.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return rulebook.NewEvaluator(e, testkit.Traits(t, pairs...), "2026-11-23")
}

func vendor(more ...string) []string {
	return append([]string{"app.audience=providers", "app.apis=enterprise", "organization.type=vendor"}, more...)
}

func client(more ...string) []string {
	return append([]string{"app.audience=providers", "app.apis=enterprise", "organization.type=client"}, more...)
}

// The cases that must come out right, as far as decisions go.
func TestDecisionsOfTheKnownCases(t *testing.T) {
	beyond := []string{"data.uscdi_v1_only=false", "data.read_only=false", "data.classes=uscdi-v1,non-ehi", "app.unattended=true"}
	within := []string{"data.uscdi_v1_only=true", "data.read_only=true", "app.unattended=true"}
	cases := []struct {
		name string
		set  []string
		want string // id=value, separated by spaces; _ is undecided
		code exit.Code
	}{
		{"patient app", []string{"app.audience=patients", "app.apis=patient-access"},
			"track=patient-production program=patient-access form=not-required fees=none terms=general auth=patient route-list=not-required beta-guidance=not-applicable certified-scope=not-applicable portal=required", exit.OK},
		{"patient app plus one Enterprise API", []string{"app.audience=patients", "app.apis=patient-access,enterprise"},
			"track=enterprise-beta program=_ form=_", exit.Undecided},
		{"vendor beyond", vendor(beyond...),
			"program=api-distributor form=required terms=distributor fees=may-apply route-list=required beta-guidance=all-other certified-scope=not-limited auth=gsa track=enterprise-beta", exit.OK},
		{"vendor within", vendor(within...),
			"program=general-terms form=encouraged terms=general fees=none route-list=not-required beta-guidance=uscdi-v1-read-only certified-scope=limited", exit.OK},
		{"vendor that writes USCDI v1", vendor("data.uscdi_v1_only=true", "data.read_only=false", "app.unattended=true"),
			"program=api-distributor form=required beta-guidance=all-other", exit.OK},
		{"client 5.9.4 own use", client(append(beyond, "organization.nge_version=5.9.4", "app.distribution=own")...),
			"program=open-access form=required terms=open-access fees=none", exit.OK},
		{"client 5.10.0", client(append(beyond, "organization.nge_version=5.10.0", "app.distribution=own")...),
			"program=open-access", exit.OK},
		{"client 5.8.4", client(append(beyond, "organization.nge_version=5.8.4", "app.distribution=own")...),
			"program=none-eligible terms=not-applicable fees=not-applicable", exit.No},
		{"client within scope", client(append(within, "organization.nge_version=5.9.4", "app.distribution=own")...),
			"program=open-access form=encouraged terms=open-access route-list=not-required", exit.OK},
		{"undetermined list", vendor("data.uscdi_v1_only=true", "data.read_only=true", "app.unattended=true", "routes.listed=true", "routes.verdict=undetermined"),
			"certified-scope=undetermined program=api-distributor form=required terms=distributor route-list=required beta-guidance=_", exit.Undecided},
		{"undetermined list, declared beyond", vendor(append(beyond, "routes.listed=true", "routes.verdict=undetermined")...),
			"certified-scope=not-limited beta-guidance=all-other", exit.OK},
		{"conclusive list overrules declared within", vendor(append(within, "routes.listed=true", "routes.verdict=not-limited")...),
			"certified-scope=not-limited form=required", exit.OK},
		{"conclusive list overrules declared beyond", vendor(append(beyond, "routes.listed=true", "routes.verdict=limited")...),
			"certified-scope=limited form=encouraged", exit.OK},
		{"unattended and a closed route", vendor(append(beyond, "routes.listed=true", "routes.gsa=closed", "routes.verdict=not-limited")...),
			"auth=none-possible", exit.No},
		{"attended and a closed route", vendor("data.uscdi_v1_only=false", "data.read_only=false", "app.unattended=false", "app.min_nge_version=5.9.2", "routes.listed=true", "routes.gsa=closed", "routes.verdict=not-limited"),
			"auth=eal", exit.OK},
		{"eal on 5.9.1", vendor("data.uscdi_v1_only=false", "data.read_only=false", "app.unattended=false", "app.min_nge_version=5.9.1", "app.auth=eal"),
			"auth=none-possible", exit.No},
		{"eal on 5.9.0", vendor("data.uscdi_v1_only=false", "data.read_only=false", "app.unattended=false", "app.min_nge_version=5.9.0", "app.auth=eal"),
			"auth=none-possible", exit.No},
		{"attended on 5.9.2", vendor("data.uscdi_v1_only=false", "data.read_only=false", "app.unattended=false", "app.min_nge_version=5.9.2"),
			"auth=gsa-or-eal", exit.OK},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := Make(evaluator(t, c.set...))
			for _, want := range strings.Fields(c.want) {
				id, value, _ := strings.Cut(want, "=")
				d, ok := p.Get(id)
				got := "_"
				if d.Value != nil {
					got = *d.Value
				}
				if !ok || got != value {
					t.Errorf("%s is %s, want %s", id, got, value)
				}
				if d.Value != nil && len(d.Because) == 0 && id != "portal" {
					t.Errorf("%s has no reason", id)
				}
				if len(d.Sources) == 0 {
					t.Errorf("%s cites nothing", id)
				}
			}
			if p.Exit() != c.code {
				t.Errorf("exit code %d, want %d", p.Exit(), c.code)
			}
		})
	}
}

func TestReasonsAreTheOnesThatDecided(t *testing.T) {
	collide, _ := Make(evaluator(t, vendor("data.uscdi_v1_only=false", "app.unattended=true", "routes.listed=true", "routes.gsa=closed", "routes.verdict=not-limited")...)).Get("auth")
	var because []string
	for _, r := range collide.Because {
		because = append(because, string(r.Trait))
	}
	for _, want := range []string{"app.unattended", "routes.gsa"} {
		if !slices.Contains(because, want) {
			t.Errorf("none-possible does not name %s among %v", want, because)
		}
	}
	var facts []string
	for _, s := range collide.Sources {
		facts = append(facts, s.Fact)
	}
	for _, want := range []string{"L1", "L3"} {
		if !slices.Contains(facts, want) {
			t.Errorf("none-possible does not cite %s", want)
		}
	}
	old, _ := Make(evaluator(t, vendor("data.uscdi_v1_only=false", "app.unattended=false", "app.min_nge_version=5.9.1", "app.auth=eal")...)).Get("auth")
	if !slices.ContainsFunc(old.Sources, func(s rulebook.Source) bool { return s.Fact == "L2" }) {
		t.Error("eal on 5.9.1 is not refused with L2")
	}
	if !slices.ContainsFunc(old.WouldChange, func(c Change) bool {
		return c.Trait == "app.min_nge_version" && c.To == "5.9.2 or later" && c.Value != nil && *c.Value == "eal"
	}) {
		t.Errorf("it does not say that 5.9.2 would help: %+v", old.WouldChange)
	}
}

func TestFeeCriteriaAreExactlyThoseThatApply(t *testing.T) {
	cases := map[string]struct {
		set  []string
		want []string
	}{
		"everything":      {vendor("data.uscdi_v1_only=false", "data.read_only=false", "data.classes=uscdi-v1,non-ehi"), []string{"data-scope", "nge-version", "data-volume", "read-write"}},
		"writes only":     {vendor("data.uscdi_v1_only=true", "data.read_only=false", "data.classes=uscdi-v1"), []string{"nge-version", "read-write"}},
		"reads beyond":    {vendor("data.uscdi_v1_only=false", "data.read_only=true", "data.classes=non-ehi"), []string{"data-scope", "nge-version"}},
		"classes unknown": {vendor("data.uscdi_v1_only=false", "data.read_only=true"), []string{"data-scope", "nge-version"}},
	}
	for name, c := range cases {
		p := Make(evaluator(t, c.set...))
		fees, _ := p.Get("fees")
		var got []string
		for _, one := range fees.Criteria {
			got = append(got, one.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: criteria %v, want %v", name, got, c.want)
		}
		asked := slices.ContainsFunc(p.Questions, func(q Question) bool { return q.Trait == "data.classes" && !q.Required })
		if asked != (name == "classes unknown") {
			t.Errorf("%s: data.classes asked: %v", name, asked)
		}
	}
}

func TestWhatWouldChange(t *testing.T) {
	program, _ := Make(evaluator(t, "app.audience=patients", "app.apis=patient-access")).Get("program")
	if !slices.ContainsFunc(program.WouldChange, func(c Change) bool { return c.Trait == "app.apis" && strings.Contains(c.To, "enterprise") }) {
		t.Errorf("it does not say that an Enterprise API would end the eligibility: %+v", program.WouldChange)
	}
	form, _ := Make(evaluator(t, vendor("data.uscdi_v1_only=false", "data.read_only=false", "app.unattended=true")...)).Get("form")
	if !slices.ContainsFunc(form.WouldChange, func(c Change) bool { return c.Value != nil && *c.Value == "encouraged" }) {
		t.Errorf("two answers that have to change together are not found: %+v", form.WouldChange)
	}
}

func TestUndeterminedSaysWhichRoutes(t *testing.T) {
	ev := evaluator(t, vendor("data.uscdi_v1_only=true", "data.read_only=true", "app.unattended=true", "routes.listed=true")...)
	tr, _ := trait.Standard().Get("routes.verdict")
	v, _ := tr.Parse("undetermined")
	detail := []string{"routes.csv:2 GET /persons/{personId}/chart/allergies: inferred"}
	set := ev.Set.With("routes.verdict", trait.Entry{Value: v, Origin: trait.Origin{Source: trait.FromObserved, File: "routes.csv", Line: 2}, Detail: detail})
	p := Make(rulebook.NewEvaluator(ev.Edition, set, "2026-11-23"))
	for _, id := range []string{"form", "program", "terms", "route-list", "beta-guidance", "certified-scope"} {
		d, _ := p.Get(id)
		if !slices.Equal(d.HangsOn, detail) {
			t.Errorf("%s hangs on %v, want %v", id, d.HangsOn, detail)
		}
		if !slices.ContainsFunc(d.WouldChange, func(c Change) bool { return c.Trait == "routes.verdict" && strings.HasPrefix(c.To, "limited") }) {
			t.Errorf("%s does not say what a confirmation would change", id)
		}
	}
}

// The questions are exactly those that still matter, the next one first.
func TestQuestionsAreOnlyTheRelevantOnes(t *testing.T) {
	ask := func(set ...string) (all, required []string) {
		for _, q := range Questions(evaluator(t, set...)) {
			all = append(all, string(q.Trait))
			if q.Required {
				required = append(required, string(q.Trait))
			}
		}
		return all, required
	}
	all, _ := ask()
	if all[0] != "app.audience" {
		t.Errorf("the first question is %s", all[0])
	}
	if all, _ := ask("app.audience=patients", "app.apis=patient-access"); len(all) != 0 {
		t.Errorf("a patient app is asked %v more", all)
	}
	all, _ = ask(vendor()...)
	for _, irrelevant := range []string{"organization.nge_version", "app.distribution"} {
		if slices.Contains(all, irrelevant) {
			t.Errorf("a vendor is asked %s", irrelevant)
		}
	}
	if all, _ := ask(vendor("data.uscdi_v1_only=true", "data.read_only=true", "app.unattended=true")...); len(all) != 0 {
		t.Errorf("a vendor within scope is asked %v more", all)
	}
}

func TestConditionalQuestionsSaySo(t *testing.T) {
	for _, q := range Questions(evaluator(t, "app.audience=providers")) {
		if q.Trait != "organization.nge_version" {
			continue
		}
		if len(q.OnlyIf) != 1 || q.OnlyIf[0].Trait != "organization.type" || !slices.Equal(q.OnlyIf[0].Values, []string{"client"}) {
			t.Errorf("nge_version is asked only if %+v", q.OnlyIf)
		}
		return
	}
	t.Error("nge_version is not among the open questions")
}

func TestDifferences(t *testing.T) {
	before := evaluator(t, vendor("data.uscdi_v1_only=false", "data.read_only=false", "app.unattended=true")...)
	after := evaluator(t, vendor("data.uscdi_v1_only=true", "data.read_only=true", "app.unattended=true")...)
	got := map[string]string{}
	for _, d := range Differences(before, after) {
		got[d.ID] = d.From + " " + d.To
	}
	for id, want := range map[string]string{"form": "required encouraged", "BETA-ROUTE-LIST": "fail not-applicable"} {
		if got[id] != want {
			t.Errorf("%s: %q, want %q", id, got[id], want)
		}
	}
	if d := Differences(before, before); len(d) != 0 {
		t.Errorf("a set differs from itself: %v", d)
	}
}

func TestExplain(t *testing.T) {
	ev := evaluator(t, vendor("data.uscdi_v1_only=false", "data.read_only=false", "app.unattended=true")...)
	for _, id := range IDs(ev.Edition) {
		x, err := Explain(ev, id)
		if err != nil || x.ID != id || len(x.Sources) == 0 {
			t.Errorf("%s: %v %+v", id, err, x)
		}
	}
	x, err := Explain(ev, "beta-route-list")
	if err != nil || x.Applies != "yes" || x.Status != "fail" || x.Remedy.Run == "" {
		t.Errorf("%v %+v", err, x)
	}
	if x, _ := Explain(ev, "L3"); !slices.Contains(x.UsedBy, "BETA-AUTH-ROUTES") {
		t.Errorf("L3 is used by %v", x.UsedBy)
	}
	_, err = Explain(ev, "BETA-ROTE-LIST")
	if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "BETA-ROUTE-LIST") {
		t.Errorf("a wrong id: %v", err)
	}
}

func TestStepsComeInTheOrderOfTheWay(t *testing.T) {
	p := Make(evaluator(t, vendor("data.uscdi_v1_only=false", "data.read_only=false", "app.unattended=true", "portal.registered=2026-10-01")...))
	if p.Next[0].ID != "ROUTES" || p.Next[1].ID != "REG-FORM" {
		t.Errorf("first steps %s, %s", p.Next[0].ID, p.Next[1].ID)
	}
	if last := p.Next[len(p.Next)-1]; last.Level == rulebook.Mandatory {
		t.Errorf("the last step is mandatory: %s", last.ID)
	}
	if p := Make(evaluator(t)); p.Next[0].ID != "ANSWER" {
		t.Errorf("with nothing known the first step is %s", p.Next[0].ID)
	}
}
