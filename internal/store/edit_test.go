package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// file makes a profile in a folder of its own.
func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), FileName)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// alone fails if the folder of a file holds anything else.
func alone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}

func set(pairs ...string) func(*Doc) error {
	return func(d *Doc) error {
		for i := 0; i < len(pairs); i += 2 {
			if err := d.Set(trait.ID(pairs[i]), pairs[i+1]); err != nil {
				return err
			}
		}
		return nil
	}
}

// Only the lines of what was set differ from what the person wrote.
func TestEditKeepsTheLayout(t *testing.T) {
	path := file(t, example)
	c, err := Edit(t.Context(), path, Options{}, func(d *Doc) error {
		err := set("organization.type", "client", "app.auth", "eal,gsa", "app.min_nge_version", "5.10",
			"app.description", "Books: visits", "form.reply", "2026-10-06", "ga.approved", "2026-11-23", "patient.tested", "2026-11-01")(d)
		return errors.Join(err, d.SetClient("Client A", "signoff", "2026-11-21"), d.AddClient("Client B"))
	})
	if err != nil {
		t.Fatal(err)
	}
	want := example
	for _, r := range [][2]string{
		{"type: vendor ", "type: client "}, {"[gsa]                  #", "[gsa, eal]             #"}, {"version: 5.9.2", `version: "5.10"`},
		{`description: ""`, `description: "Books: visits"`}, {"'2026-10-05'", "'2026-10-06'"},
		{"{tested: , intent_sent: ~, r", "{tested: 2026-11-01, intent_sent: null, r"},
		{"signoff: 2026-11-20}\n", "signoff: 2026-11-21}\n    - {name: Client B}\n"}, {"ga:\n", "ga:\n  approved: 2026-11-23\n"},
	} {
		if strings.Count(want, r[0]) != 1 {
			t.Fatalf("%q is not once in the example", r[0])
		}
		want = strings.Replace(want, r[0], r[1], 1)
	}
	if d := cmp.Diff(want, content(t, path)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if !c.Written || string(c.Before) != example || string(c.After) != want || !strings.Contains(c.Diff, "\n-ga:\n") && !strings.Contains(c.Diff, "\n+  approved: 2026-11-23\n") {
		t.Errorf("change: %+v", c)
	}
	alone(t, path)
}

func TestEditKeepsLineEndsAndMark(t *testing.T) {
	crlf := bom + strings.ReplaceAll(example, "\n", "\r\n")
	path := file(t, crlf)
	if _, err := Edit(t.Context(), path, Options{}, set("organization.name", "Other", "nonprod.tested", "2026-11-09")); err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(strings.Replace(crlf, "Acme Health", "Other", 1), "{tested: 2026-11-02}", "{tested: 2026-11-09}", 1)
	if d := cmp.Diff(want, content(t, path)); d != "" {
		t.Error(d)
	}
}

func TestEditPutsKeysInOrder(t *testing.T) {
	path := file(t, "schema: ngapi.profile/v1\n# about us\norganization:\n    terms: none # so far\nroutes: {submitted: 2026-11-01}\n\n# the end\nga:\n    approved: 2026-11-02\n")
	err := edit1(t, path, set("organization.name", "A", "organization.terms_executed", "2026-01-02", "organization.type", "vendor", "routes.file", "r.csv", "app.name", "true", "portal.registered", "2026-01-03"))
	if err != nil {
		t.Fatal(err)
	}
	want := `schema: ngapi.profile/v1
# about us
organization:
    name: A
    type: vendor
    terms: none # so far
    terms_executed: 2026-01-02
app:
    name: "true"
routes: {file: r.csv, submitted: 2026-11-01}
portal:
    registered: 2026-01-03

# the end
ga:
    approved: 2026-11-02
`
	if d := cmp.Diff(want, content(t, path)); d != "" {
		t.Error(d)
	}
}

func edit1(t *testing.T, path string, f func(*Doc) error) error {
	t.Helper()
	_, err := Edit(t.Context(), path, Options{}, f)
	return err
}

func TestUnset(t *testing.T) {
	path := file(t, example)
	var there []bool
	err := edit1(t, path, func(d *Doc) error {
		for _, id := range []trait.ID{"sandbox.development_complete", "app.description", "app.description", "nonprod.tested", "organization.terms"} {
			was, err := d.Unset(id)
			if err != nil {
				return err
			}
			there = append(there, was)
		}
		return d.RemoveClient("Client A")
	})
	if err != nil || !slices.Equal(there, []bool{true, true, false, true, true}) {
		t.Fatalf("%v %v", err, there)
	}
	got := content(t, path)
	for _, gone := range []string{"sandbox", "description", "nonprod", "terms:", "clients:"} {
		if strings.Contains(got, gone+"\n") || strings.Contains(got, "\n"+gone) || strings.Contains(got, "  "+gone) {
			t.Errorf("%s is still there:\n%s", gone, got)
		}
	}
	if len(lines(got)) != len(lines(example))-6 {
		t.Errorf("more than six lines are gone:\n%s", diff("p", []byte(example), []byte(got)))
	}
}

func TestAddStatements(t *testing.T) {
	w := readiness.Waiver{ID: "W-2", Check: "BETA-NONPROD", Reason: "There is no such environment: yet", Approver: "A", ApprovedOn: "2026-11-01", Expires: "2026-12-01"}
	a := readiness.Attestation{Check: "BETA-CONSENT", Subject: "Client A", Statement: "Seen by me", By: "B", On: "2026-11-02"}
	e := readiness.Evidence{ID: "0123", File: "a b.eml", SHA256: strings.Repeat("0", 64), CollectedOn: "2026-11-03", Method: "examine"}
	path := file(t, example)
	if err := edit1(t, path, func(d *Doc) error { return errors.Join(d.AddWaiver(w), d.AddAttestation(a), d.AddEvidence(e)) }); err != nil {
		t.Fatal(err)
	}
	p, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	w.Origin, a.Origin, e.Origin = p.Waivers[1].Origin, p.Attestations[0].Origin, p.Evidence[1].Origin
	if p.Waivers[1] != w || p.Attestations[0] != a || p.Evidence[1] != e || w.Origin.Line == 0 {
		t.Errorf("%+v\n%+v\n%+v", p.Waivers, p.Attestations, p.Evidence)
	}
	added := strings.Split(diff("p", []byte(example), []byte(content(t, path))), "\n")
	for _, l := range added {
		if strings.HasPrefix(l, "-") && l != "-attestations: []" && !strings.HasPrefix(l, "---") {
			t.Errorf("a line is gone: %s", l)
		}
	}
}

// A newer report takes the place of the old one and leaves the lines around it.
func TestPutEvidence(t *testing.T) {
	before := "schema: ngapi.profile/v1\nevidence:\n  # kept\n  - {id: ev-1, file: a.json, sha256: \"00\", collected_on: 2026-11-01, by: J. Roe}\n" +
		"  - id: ev-2 # mine\n    file: b.json\n    sha256: \"11\"\n    collected_on: 2026-11-02\n"
	path := file(t, before)
	one := readiness.Evidence{ID: "ev-1", File: "c.json", SHA256: strings.Repeat("1", 64), CollectedOn: "2026-11-03", Method: readiness.MethodAuth}
	two := readiness.Evidence{ID: "ev-2", File: "b.json", SHA256: strings.Repeat("a", 64), CollectedOn: "2026-11-04", By: "A"}
	three := readiness.Evidence{ID: "ev-3", File: "d.json", SHA256: "00", CollectedOn: "2026-11-05"}
	if err := edit1(t, path, func(d *Doc) error { return errors.Join(d.PutEvidence(one), d.PutEvidence(two), d.PutEvidence(three)) }); err != nil {
		t.Fatal(err)
	}
	p, err := Read(path)
	if err != nil || len(p.Evidence) != 3 {
		t.Fatalf("%v %+v", err, p)
	}
	one.Origin, two.Origin, three.Origin = p.Evidence[0].Origin, p.Evidence[1].Origin, p.Evidence[2].Origin
	if p.Evidence[0] != one || p.Evidence[1] != two || p.Evidence[2] != three {
		t.Errorf("%+v", p.Evidence)
	}
	got := content(t, path)
	for _, kept := range []string{"  # kept\n  - {id: ev-1, file: c.json,", "  - id: ev-2 # mine\n    file: b.json\n", "collected_on: 2026-11-03, method: auth-check}"} {
		if !strings.Contains(got, kept) {
			t.Errorf("%q is not there:\n%s", kept, got)
		}
	}
	fresh := file(t, "schema: ngapi.profile/v1\n")
	if err := edit1(t, fresh, func(d *Doc) error { return d.PutEvidence(two) }); err != nil {
		t.Fatal(err)
	}
	if p, err := Read(fresh); err != nil || len(p.Evidence) != 1 {
		t.Errorf("%v %+v", err, p)
	}
}

func TestEditRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		f    func(*Doc) error
		want string
	}{
		"unknown trait":   {set("app.audeince", "x"), "unknown trait app.audeince; did you mean app.audience?"},
		"wrong value":     {set("app.audience", "x"), `app.audience cannot be "x"; choose one of patients, providers`},
		"empty":           {set("app.name", " "), "app.name is empty; give it a text, or take it out with ngapi profile unset app.name"},
		"derived":         {set("scope.certified", "limited"), "scope.certified is found out by ngapi"},
		"client trait":    {set("client.contact", "x"), "client.contact belongs to one client; use ngapi profile client set NAME contact=VALUE"},
		"records":         {set("beta.clients", "x"), "beta.clients is a list of entries"},
		"contradiction":   {set("data.uscdi_v1_only", "true"), "data.classes is uscdi-v1,ehi-beyond-uscdi-v1, but data.uscdi_v1_only is true"},
		"control":         {set("app.name", "a\x1b"), "app.name holds a control character"},
		"client twice":    {func(d *Doc) error { return d.AddClient(" Client A") }, `the client "Client A" is there already`},
		"client unnamed":  {func(d *Doc) error { return d.AddClient("") }, "beta.clients.name is empty"},
		"client lines":    {func(d *Doc) error { return d.AddClient("a\nb") }, "more than one line"},
		"no client":       {func(d *Doc) error { return d.RemoveClient("Cleint A") }, `there is no client "Cleint A"; did you mean "Client A"?`},
		"client key":      {func(d *Doc) error { return d.SetClient("Client A", "client.signof", "x") }, "did you mean"},
		"client date":     {func(d *Doc) error { return d.SetClient("Client A", "client.signoff", "x") }, `client.signoff cannot be "x"`},
		"unset unknown":   {func(d *Doc) error { _, err := d.Unset("app.x"); return err }, "unknown trait app.x"},
		"waiver date":     {func(d *Doc) error { return d.AddWaiver(readiness.Waiver{Check: "X", Expires: "soon"}) }, `waivers.expires cannot be "soon"`},
		"waiver, too few": {func(d *Doc) error { return d.AddWaiver(readiness.Waiver{Check: "X"}) }, "this entry of waivers lacks reason, approver, approved_on, expires"},
	} {
		path := file(t, example)
		err := edit1(t, path, c.f)
		if err == nil || !strings.Contains(err.Error(), c.want) || exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v", name, err)
		}
		if content(t, path) != example {
			t.Errorf("%s: the file was changed", name)
		}
		alone(t, path)
	}
}

// A wrong value can be corrected; a file with another problem is not written.
func TestEditOfAWrongFile(t *testing.T) {
	path := file(t, "schema: ngapi.profile/v1\napp: {audience: doctors} # hm\n")
	if err := edit1(t, path, set("app.audience", "patients")); err != nil {
		t.Error(err)
	}
	if got := content(t, path); got != "schema: ngapi.profile/v1\napp: {audience: patients} # hm\n" {
		t.Error(got)
	}
	path = file(t, "schema: ngapi.profile/v1\napp: {nname: x}\n")
	if err := edit1(t, path, set("app.audience", "patients")); err == nil || !strings.Contains(err.Error(), ":2:7: unknown key app.nname") {
		t.Error(err)
	}
}

func TestEditCreates(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	if err := edit1(t, path, set("app.name", "x")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without Create: %v", err)
	}
	alone(t, path)
	c, err := Edit(t.Context(), path, Options{Create: true, DryRun: true}, set("app.name", "x"))
	if err != nil || c.Written || c.Before != nil || !strings.HasPrefix(c.Diff, "--- /dev/null\n+++ "+path+"\n@@ -0,0 +1,5 @@\n+# The") {
		t.Errorf("dry run: %v %+v", err, c)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the dry run wrote the file")
	}
	if _, err := Edit(t.Context(), path, Options{Create: true}, set("app.name", "x")); err != nil {
		t.Fatal(err)
	}
	if got := content(t, path); got != header+"schema: ngapi.profile/v1\napp:\n  name: x\n" {
		t.Error(got)
	}
	if info, _ := os.Stat(path); info.Mode().Perm()&0o644 != info.Mode().Perm() {
		t.Errorf("mode %v", info.Mode())
	}
	for _, empty := range []string{"", "# mine\n", "# mine", "---\n"} {
		path := file(t, empty)
		if err := edit1(t, path, set("app.name", "x")); err != nil || !strings.HasSuffix(content(t, path), "schema: ngapi.profile/v1\napp:\n  name: x\n") {
			t.Errorf("%q: %v %q", empty, err, content(t, path))
		}
	}
}

func TestEditThatChangesNothing(t *testing.T) {
	path := file(t, example)
	before, _ := os.Stat(path)
	c, err := Edit(t.Context(), path, Options{}, set("app.name", "Acme Scheduler", "app.min_nge_version", "5.9.2", "app.auth", "gsa"))
	after, _ := os.Stat(path)
	if err != nil || c.Written || c.Diff != "" || !os.SameFile(before, after) {
		t.Errorf("%v %+v", err, c)
	}
}

func TestRenderAndApply(t *testing.T) {
	p, err := Parse("p", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	out, err := Render(p.Set)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse("p", out)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range trait.Standard().Storable() {
		a, ok1 := p.Set.Get(id)
		b, ok2 := again.Set.Get(id)
		if ok1 != ok2 || !a.Value.Equal(b.Value) {
			t.Errorf("%s: %v, %v", id, a.Value, b.Value)
		}
	}
	if a, b := p.Set.Clients()[0], again.Set.Clients()[0]; a.Name != b.Name || len(a.Traits) != len(b.Traits) {
		t.Errorf("clients: %v %v", a, b)
	}
	if !strings.HasPrefix(string(out), header+"schema: ngapi.profile/v1\norganization:\n  name: Acme Health\n  type: vendor\n  nge_version: \"5.9.4\"\n") {
		t.Errorf("%s", out)
	}
}

// An answer stands where the template has its commented-out line.
func TestEditOfTheTemplate(t *testing.T) {
	path := file(t, string(Template()))
	if err := edit1(t, path, set("organization.type", "client", "app.auth", "gsa", "app.min_nge_version", "5.10")); err != nil {
		t.Fatal(err)
	}
	want := string(Template())
	for _, r := range [][2]string{{"  # type: vendor\n", "  type: client\n"}, {"  # auth: [patient, gsa, eal]\n", "  auth: [gsa]\n"}, {"  # min_nge_version: \"5.9.2\"\n", "  min_nge_version: \"5.10\"\n"}} {
		want = strings.Replace(want, r[0], r[1], 1)
	}
	if d := cmp.Diff(want, content(t, path)); d != "" {
		t.Error(d)
	}
}
