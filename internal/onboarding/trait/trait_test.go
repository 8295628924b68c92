package trait

import (
	"slices"
	"strings"
	"testing"
)

func parse(t testing.TB, id ID, text string) Value {
	t.Helper()
	tr, ok := Standard().Get(id)
	if !ok {
		t.Fatalf("no trait %s", id)
	}
	v, err := tr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func with(t testing.TB, pairs ...string) Set {
	t.Helper()
	var s Set
	for _, p := range pairs {
		id, text, _ := strings.Cut(p, "=")
		s = s.With(ID(id), Entry{Value: parse(t, ID(id), text), Origin: Origin{Source: FromFile, File: "ngapi.yaml", Line: 2}})
	}
	return s
}

func TestCatalogueIsComplete(t *testing.T) {
	seen := map[ID]bool{}
	for _, tr := range Standard().All() {
		if seen[tr.ID] {
			t.Errorf("%s stands twice", tr.ID)
		}
		seen[tr.ID] = true
		if tr.Question == "" || (tr.Stored() && tr.Help == "" && tr.Type != Records) {
			t.Errorf("%s lacks a question or help", tr.ID)
		}
		if (tr.Type == One || tr.Type == Many) && len(tr.Choices) < 2 {
			t.Errorf("%s has no choices", tr.ID)
		}
		for _, c := range tr.Choices {
			if len(c.Label) > 34 || c.Label == "" {
				t.Errorf("%s: label %q is empty or wider than 34 columns", tr.ID, c.Label)
			}
		}
		if (tr.derive != nil) != (tr.Kind == Derived) || (tr.Kind == Derived && len(tr.inputs) == 0) {
			t.Errorf("%s: derivation and kind do not fit", tr.ID)
		}
		if tr.Default != "" {
			if _, err := tr.Parse(tr.Default); err != nil {
				t.Errorf("%s: default: %v", tr.ID, err)
			}
		}
	}
}

func TestParse(t *testing.T) {
	cases := []struct {
		id   ID
		text string
		want string // "" is an error
	}{
		{"app.audience", "patients", "patients"},
		{"app.audience", "Patients", ""},
		{"app.apis", "fhir, enterprise", "enterprise,fhir"},
		{"app.apis", "", ""},
		{"app.apis", "fhir,soap", ""},
		{"app.unattended", "true", "true"},
		{"app.unattended", "yes", ""},
		{"organization.nge_version", "5.10.0", "5.10.0"},
		{"organization.nge_version", "5", ""},
		{"organization.nge_version", "5.9.x", ""},
		{"organization.nge_version", "5..9", ""},
		{"organization.nge_version", "5.9999999999", ""},
		{"form.submitted", "2026-02-28", "2026-02-28"},
		{"form.submitted", "2026-02-30", ""},
		{"form.submitted", "28.02.2026", ""},
		{"app.name", "Acme \u00e9", "Acme \u00e9"},
		{"app.name", "a\x1b[31m", ""},
		{"app.name", "\xff", ""},
		{"app.name", strings.Repeat("a", MaxText+1), ""},
		{"beta.clients", "a", ""},
	}
	for _, c := range cases {
		tr, _ := Standard().Get(c.id)
		v, err := tr.Parse(c.text)
		if (err != nil) != (c.want == "") || (err == nil && v.String() != c.want) {
			t.Errorf("%s=%q: %q, %v", c.id, c.text, v, err)
		}
		if err != nil && strings.ContainsRune(err.Error(), 0x1b) {
			t.Errorf("%s: the error holds a raw escape", c.id)
		}
	}
}

func TestVersionsCompareAsVersions(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"5.10.0", "5.9.2", 1}, {"5.9", "5.9.0", 0}, {"5.9.0", "5.9.0.1", -1}, {"6.0.0.1752", "6.0.0.767", 1}} {
		got, err := CompareVersions(c.a, c.b)
		if err != nil || got != c.want {
			t.Errorf("%s against %s: %d, %v", c.a, c.b, got, err)
		}
	}
	if _, err := CompareVersions("x", "5.9.0"); err == nil {
		t.Error("x is no version")
	}
}

func TestDerived(t *testing.T) {
	cases := []struct {
		id   ID
		set  []string
		want string // value, or ? and the traits that are asked
	}{
		{"apis.solely_patient_access", []string{"app.apis=patient-access"}, "true"},
		{"apis.solely_patient_access", []string{"app.apis=patient-access,fhir"}, "false"},
		{"apis.solely_patient_access", nil, "? app.apis"},
		{"apis.solely_patient_access", []string{"app.apis=patient-access", "routes.enterprise=true"}, "false"},
		{"apis.enterprise", []string{"app.apis=fhir"}, "false"},
		{"apis.enterprise", []string{"app.apis=fhir", "routes.enterprise=true"}, "true"},
		{"apis.enterprise", nil, "? app.apis"},
		{"scope.declared", []string{"data.uscdi_v1_only=true", "data.read_only=true"}, "limited"},
		{"scope.declared", []string{"data.uscdi_v1_only=false"}, "not-limited"},
		{"scope.declared", []string{"data.read_only=false"}, "not-limited"},
		{"scope.declared", []string{"data.classes=uscdi-v1", "data.read_only=true"}, "limited"},
		{"scope.declared", []string{"data.classes=uscdi-v1,non-ehi"}, "not-limited"},
		{"scope.declared", []string{"data.uscdi_v1_only=true"}, "? data.read_only"},
		{"scope.declared", []string{"data.read_only=true"}, "? data.uscdi_v1_only"},
		{"scope.declared", nil, "? data.uscdi_v1_only data.read_only"},
		{"scope.certified", []string{"routes.verdict=limited", "data.uscdi_v1_only=false"}, "limited"},
		{"scope.certified", []string{"routes.verdict=not-limited", "data.uscdi_v1_only=true", "data.read_only=true"}, "not-limited"},
		{"scope.certified", []string{"routes.verdict=undetermined", "data.uscdi_v1_only=false"}, "not-limited"},
		{"scope.certified", []string{"routes.verdict=undetermined", "data.uscdi_v1_only=true", "data.read_only=true"}, "undetermined"},
		{"scope.certified", []string{"routes.verdict=undetermined"}, "? data.uscdi_v1_only data.read_only"},
		{"nge.version", []string{"organization.type=client", "app.distribution=own", "organization.nge_version=5.9.4", "app.min_nge_version=5.9.0"}, "5.9.4"},
		{"nge.version", []string{"organization.type=client", "app.distribution=clients", "organization.nge_version=5.9.4", "app.min_nge_version=5.9.0"}, "5.9.0"},
		{"nge.version", []string{"organization.type=client", "app.distribution=clients", "organization.nge_version=5.9.0", "app.min_nge_version=5.9.4"}, "5.9.0"},
		{"nge.version", []string{"organization.type=client", "app.distribution=clients", "organization.nge_version=5.9.0"}, "? app.min_nge_version"},
		{"nge.version", []string{"organization.type=vendor"}, "? app.min_nge_version"},
		{"nge.version", []string{"organization.type=client"}, "? app.distribution"},
		{"nge.version", nil, "? organization.type"},
		{"nge.unsupported", []string{"app.min_nge_version=5.8.9"}, "? organization.type"},
		{"nge.unsupported", []string{"organization.type=vendor", "app.min_nge_version=5.8.9"}, "true"},
		{"nge.unsupported", []string{"organization.type=client", "app.min_nge_version=5.8.9"}, "? app.distribution"},
		{"nge.unsupported", []string{"app.min_nge_version=5.10.0"}, "false"},
		{"nge.unsupported", nil, "false"},
		{"auth.choice", nil, "none"},
		{"auth.choice", []string{"app.auth=gsa,eal"}, "both"},
		{"auth.choice", []string{"app.auth=patient"}, "none"},
		{"auth.needs_eal", []string{"app.auth=eal"}, "true"},
		{"auth.needs_eal", []string{"app.auth=gsa,eal"}, "false"},
		{"auth.needs_eal", []string{"app.auth=gsa", "routes.gsa=closed"}, "true"},
		{"auth.needs_eal", nil, "false"},
		{"data.beyond_uscdi_v1", []string{"routes.verdict=limited", "data.uscdi_v1_only=false"}, "false"},
		{"data.beyond_uscdi_v1", []string{"routes.beyond=true", "data.uscdi_v1_only=true"}, "true"},
		{"data.beyond_uscdi_v1", []string{"data.uscdi_v1_only=false"}, "true"},
		{"data.beyond_uscdi_v1", nil, "? data.uscdi_v1_only"},
		{"data.writes", []string{"routes.writes=true", "data.read_only=true"}, "true"},
		{"data.writes", []string{"routes.writes=false", "routes.verdict=undetermined", "data.read_only=false"}, "true"},
		{"data.writes", []string{"routes.writes=false", "routes.verdict=limited", "data.read_only=false"}, "false"},
		{"data.beyond_uscdi_v1", []string{"routes.verdict=undetermined", "data.uscdi_v1_only=true"}, "?"},
		{"data.writes", []string{"data.read_only=false"}, "true"},
		{"data.writes", nil, "? data.read_only"},
		{"data.several_classes", []string{"data.classes=uscdi-v1,non-ehi"}, "true"},
		{"data.several_classes", []string{"data.classes=non-ehi"}, "false"},
		{"data.several_classes", nil, "? data.classes"},
		{"data.several_classes", []string{"data.uscdi_v1_only=true"}, "false"},
		{"nge.unsupported", []string{"organization.type=vendor", "organization.nge_version=5.8.4", "app.min_nge_version=5.9.2"}, "false"},
		{"nge.unsupported", []string{"organization.type=client", "app.distribution=own", "organization.nge_version=5.9.4", "app.min_nge_version=5.8.4"}, "false"},
	}
	covered := map[ID]bool{}
	for _, c := range cases {
		covered[c.id] = true
		r := Standard().Resolve(with(t, c.set...), c.id)
		got := r.Value.String()
		if !r.Known {
			got = "?"
			for _, id := range r.Ask {
				got += " " + string(id)
			}
		}
		if got != c.want {
			t.Errorf("%s of %v: %s, want %s", c.id, c.set, got, c.want)
		}
	}
	for _, tr := range Standard().All() {
		if tr.Kind == Derived && !covered[tr.ID] {
			t.Errorf("%s has no test", tr.ID)
		}
	}
}

// A derivation may look up only what it lists as inputs: otherwise a question
// would be missed, or "used by" would be wrong.
func TestDerivationsListTheirInputs(t *testing.T) {
	for _, tr := range Standard().All() {
		if tr.derive == nil {
			continue
		}
		// Every combination of known and unknown inputs, each with two values.
		for _, full := range []Set{
			with(t, "app.apis=patient-access", "data.uscdi_v1_only=true", "data.read_only=true", "data.classes=uscdi-v1", "organization.type=client", "app.distribution=own", "organization.nge_version=5.9.4", "app.min_nge_version=5.9.0", "app.auth=gsa", "routes.gsa=open", "routes.verdict=undetermined"),
			with(t, "app.apis=fhir", "data.uscdi_v1_only=false", "data.read_only=false", "organization.type=vendor", "app.min_nge_version=5.8.0", "app.auth=eal", "routes.writes=true", "routes.beyond=false"),
			{},
		} {
			look := func(id ID) (Value, bool) {
				if !slices.Contains(tr.inputs, id) {
					t.Errorf("%s looks up %s, which is not among its inputs", tr.ID, id)
				}
				r := Standard().Resolve(full, id)
				return r.Value, r.Known
			}
			tr.derive(look)
		}
	}
}

func TestContradictions(t *testing.T) {
	for _, c := range []struct {
		set  []string
		want int
	}{
		{[]string{"data.uscdi_v1_only=true", "data.classes=uscdi-v1"}, 0},
		{[]string{"data.uscdi_v1_only=true", "data.classes=uscdi-v1,non-ehi"}, 1},
		{[]string{"data.uscdi_v1_only=false", "data.classes=uscdi-v1"}, 1},
		{[]string{"data.uscdi_v1_only=false", "data.classes=non-ehi"}, 0},
		{[]string{"data.uscdi_v1_only=false"}, 0},
	} {
		got := Standard().Contradictions(with(t, c.set...))
		if len(got) != c.want {
			t.Errorf("%v: %v", c.set, got)
		}
		if len(got) > 0 && (got[0].File != "ngapi.yaml" || got[0].Line == 0) {
			t.Errorf("%v has no place", got[0])
		}
	}
}

func TestSetsAreValues(t *testing.T) {
	a := with(t, "app.audience=patients")
	b := a.With("app.audience", Entry{Value: parse(t, "app.audience", "providers")})
	c := b.Without("app.audience")
	if e, _ := a.Get("app.audience"); e.Value.String() != "patients" || c.Len() != 0 {
		t.Error("a change reached the set it was made from")
	}
	d := a.WithClients([]Client{{Name: "A"}, {Name: "B"}})
	if e, ok := d.Get("beta.clients"); !ok || e.Value.String() != "A,B" {
		t.Error("beta.clients does not follow the clients")
	}
	if _, ok := d.WithClients(nil).Get("beta.clients"); ok {
		t.Error("no clients are no milestone")
	}
}

func FuzzParseTrait(f *testing.F) {
	for _, s := range []string{"true", "5.9.2", "2026-11-01", "gsa,eal", "\x1b[0m", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, tr := range Standard().All() {
			v, err := tr.Parse(text)
			if err != nil {
				if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < 0x20 || r == 0x7f }) {
					t.Fatalf("%s: raw control character in %q", tr.ID, err)
				}
				continue
			}
			again, err := tr.Parse(v.String())
			if err != nil || !again.Equal(v) {
				t.Fatalf("%s: %q does not parse back: %v", tr.ID, v, err)
			}
		}
	})
}
