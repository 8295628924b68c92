package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// example is the profile of the contract, with empty values where that has dots.
const example = `schema: ngapi.profile/v1
organization:
  name: Acme Health
  type: vendor                 # vendor | client (a current NextGen Healthcare client)
  nge_version: "5.9.4"         # a client's own licensed version
  terms: none                  # executed agreement: none | general | open-access | distributor
  terms_executed: 2026-10-01   # milestone

# the application itself
app:
  name: Acme Scheduler
  description: ""
  audience: providers          # patients | providers
  apis: [enterprise]           # any of: patient-access, enterprise, fhir
  distribution: clients        # own | clients
  unattended: true             # must work with no NGE user present
  auth: [gsa]                  # any of: patient, gsa, eal
  min_nge_version: 5.9.2
data:
  uscdi_v1_only: false         # declared; a route list overrules both
  read_only: false
  classes: [uscdi-v1, ehi-beyond-uscdi-v1]   # also: non-ehi
routes: {file: routes.csv, submitted: 2026-11-01}
form: {submitted: 2026-10-02, reply: '2026-10-05'}
portal: {registered: 2026-10-06, app_configured: 2026-10-07}
sandbox: {development_complete: 2026-10-30}
nonprod: {tested: 2026-11-02}                # Open Access: the client's own non-production NGE
patient: {tested: , intent_sent: ~, requirements_sent: null}
beta:
  guidance: all-other          # Beta Document 1: uscdi-v1-read-only | all-other
  guidance_reviewed: 2026-11-03
  test_plan: 2026-11-03


  client_docs: 2026-11-04
  clients:
    - {name: Client A, contact: it@client-a.example, guidance_sent: 2026-11-05, consent_given: 2026-11-06, signoff: 2026-11-20}
ga:
waivers:
  - id: W-1
    check: BETA-ROUTE-LIST
    subject: POST /x
    reason: The route is not released before January.
    approver: J. Doe
    approved_on: 2026-11-01
    expires: 2027-01-31
    ticket: "42"
attestations: []
evidence:
  - {id: ev-4, file: mail/a.eml, sha256: 0a, collected_on: 2026-11-10, by: J. Doe, method: test}
`

func TestReadExample(t *testing.T) {
	variants := map[string]string{
		"as it is": example, "CRLF": strings.ReplaceAll(example, "\n", "\r\n"), "byte order mark": bom + example,
		"both": bom + strings.ReplaceAll(example, "\n", "\r\n"),
	}
	for name, in := range variants {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), FileName)
			if err := os.WriteFile(path, []byte(in), 0o600); err != nil {
				t.Fatal(err)
			}
			p, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			checkExample(t, p, path)
			if p.SHA256 != digest([]byte(in)) || len(p.SHA256) != 64 {
				t.Errorf("digest %q", p.SHA256)
			}
		})
	}
}

func checkExample(t *testing.T, p *Profile, path string) {
	t.Helper()
	for id, want := range map[trait.ID]string{
		"organization.name": "Acme Health 3:9", "organization.nge_version": "5.9.4 5:16", "app.apis": "enterprise 14:9",
		"app.unattended": "true 16:15", "data.classes": "uscdi-v1,ehi-beyond-uscdi-v1 22:12", "form.reply": "2026-10-05 24:38",
		"app.min_nge_version": "5.9.2 18:20", "beta.clients": "Client A 37:7",
	} {
		e, ok := p.Set.Get(id)
		if got := fmt.Sprintf("%s %d:%d", e.Value, e.Origin.Line, e.Origin.Column); !ok || got != want || e.Origin.File != path || e.Origin.Source != trait.FromFile {
			t.Errorf("%s: %q, want %q (%+v)", id, got, want, e.Origin)
		}
	}
	for _, absent := range []trait.ID{"app.description", "patient.tested", "patient.intent_sent", "patient.requirements_sent", "ga.approved"} {
		if _, ok := p.Set.Get(absent); ok {
			t.Errorf("%s is not absent", absent)
		}
	}
	c := p.Set.Clients()
	if len(c) != 1 || c[0].Name != "Client A" || len(c[0].Traits) != 4 || c[0].Traits["client.signoff"].Value.String() != "2026-11-20" {
		t.Errorf("clients: %+v", c)
	}
	if len(p.Waivers) != 1 || p.Waivers[0].Check != "BETA-ROUTE-LIST" || p.Waivers[0].Expires != "2027-01-31" || p.Waivers[0].Ticket != "42" || p.Waivers[0].Origin.Line != 40 {
		t.Errorf("waivers: %+v", p.Waivers)
	}
	if len(p.Attestations) != 0 || len(p.Evidence) != 1 || p.Evidence[0].Method != "test" || p.Evidence[0].Origin.Column != 5 {
		t.Errorf("evidence: %+v", p.Evidence)
	}
}

func TestNewerSchemaIsReadOnly(t *testing.T) {
	for _, schema := range []string{"ngapi.profile/v2", "ngapi.profile/v1.1", "ngapi.profile/v12.3"} {
		in := "schema: " + schema + "\napp: {name: x, colour: red, audience: robots}\nmoons: [a]\nwaivers: [{check: X, mood: good}]\n"
		path := filepath.Join(t.TempDir(), FileName)
		if err := os.WriteFile(path, []byte(in), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := Read(path)
		if err != nil {
			t.Fatalf("%s: %v", schema, err)
		}
		e, ok := p.Set.Get("app.name")
		if !p.Newer || p.Schema != schema || !ok || e.Value.String() != "x" || len(p.Waivers) != 1 {
			t.Errorf("%s: %+v", schema, p)
		}
		if len(p.Notices) != 5 || !strings.Contains(p.Notices[0].String(), ":1:9: the schema "+schema+" is newer than ngapi.profile/v1, so this file is read-only here") {
			t.Errorf("notices: %v", p.Notices)
		}
		_, err = Edit(t.Context(), path, Options{}, func(d *Doc) error { return d.Set("app.name", "y") })
		if err == nil || !strings.Contains(err.Error(), `the schema "`+schema+`" is newer`) {
			t.Errorf("edit: %v", err)
		}
		if now, _ := os.ReadFile(path); string(now) != in {
			t.Error("the file was changed")
		}
	}
	if _, err := Parse("p", []byte("schema: ngapi.profile/v2\na: &x 1\n")); err == nil {
		t.Error("an anchor is refused in a newer file as well")
	}
}

func TestParseAnswers(t *testing.T) {
	for name, in := range map[string]string{
		"YAML":        "app: {audience: patients, apis: [fhir], name: \"\U0001F600/\"}\nbeta: {clients: [{name: A}]}\n",
		"JSON":        `{"app": {"audience": "patients", "apis": ["fhir"], "name": "\ud83d\ude00\/"}, "beta": {"clients": [{"name": "A"}]}}`,
		"JSON, tabs":  "{\n\t\"app\": {\n\t\t\"audience\": \"patients\",\n\t\t\"apis\": [\n\t\t\t\"fhir\"\n\t\t],\n\t\t\"name\": \"\\uD83D\\uDE00/\"\n\t},\n\t\"beta\": {\"clients\": [{\"name\": \"A\"}]}\n}\n",
		"with schema": "schema: ngapi.profile/v1\napp: {audience: patients, apis: [fhir], name: \"\U0001F600/\"}\nbeta: {clients: [{name: A}]}\n",
	} {
		p, err := ParseAnswers("-", []byte(in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		e, _ := p.Set.Get("app.name")
		if p.Set.Len() != 4 || e.Value.String() != "\U0001F600/" || len(p.Set.Clients()) != 1 {
			t.Errorf("%s: %+v", name, p.Set)
		}
	}
	for _, in := range []string{"", "# nothing\n", "null\n", "{}"} {
		if p, err := ParseAnswers("-", []byte(in)); err != nil || p.Set.Len() != 0 {
			t.Errorf("%q: %v", in, err)
		}
	}
	if _, err := ParseAnswers("-", []byte(`{"app": {"audience": "x"}}`)); err == nil || !strings.HasPrefix(err.Error(), "-:1:22: app.audience cannot be") {
		t.Errorf("wrong answer: %v", err)
	}
}

func TestTemplate(t *testing.T) {
	p, err := Parse("p", Template())
	if err != nil || p.Set.Len() != 0 {
		t.Fatalf("%v, %d answers", err, p.Set.Len())
	}
	// With every commented line of a trait taken in, each trait is answered.
	var live []string
	for _, l := range lines(string(Template())) {
		for _, id := range trait.Standard().Storable() {
			_, key, _ := strings.Cut(string(id), ".")
			tr, _ := trait.Standard().Get(id)
			if tr.Type != trait.Records && l == "  # "+key+": "+sample(tr) {
				l = strings.Replace(l, "# ", "", 1)
			}
		}
		if strings.HasPrefix(l, "  # clients:") || strings.HasPrefix(l, "  #   - {name") {
			l = "  " + l[4:]
		}
		if len(l) > width {
			t.Errorf("wider than %d: %s", width, l)
		}
		live = append(live, l)
	}
	p, err = Parse("p", []byte(strings.Replace(strings.Join(live, "\n"), "uscdi_v1_only: true", "uscdi_v1_only: false", 1)))
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range trait.Standard().Storable() {
		if _, ok := p.Set.Get(id); !ok {
			t.Errorf("the template has no line for %s", id)
		}
	}
}

// The canonical order names every trait of the catalogue, and no other.
func TestCanonicalIsTheCatalogue(t *testing.T) {
	var names []string
	for _, s := range canonical() {
		for _, k := range s.keys {
			id := trait.ID(s.name + "." + k)
			if tr, ok := trait.Standard().Get(id); !ok || !tr.Stored() {
				t.Errorf("%s is not in the catalogue", id)
			}
			names = append(names, string(id))
		}
	}
	for _, id := range trait.Standard().Storable() {
		if !slices.Contains(names, string(id)) {
			t.Errorf("%s has no place", id)
		}
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "a", "b", "c")
	if err := os.MkdirAll(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(root, "a", "b", FileName), 0o700); err != nil { // a folder of that name is none
		t.Fatal(err)
	}
	want := filepath.Join(root, "a", FileName)
	for _, p := range []string{filepath.Join(root, FileName), want} {
		if err := os.WriteFile(p, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, ok := Find(deep); !ok || got != want {
		t.Errorf("got %q", got)
	}
	t.Chdir(deep)
	if got, ok := Find("."); !ok || !strings.HasSuffix(got, filepath.Join("a", FileName)) {
		t.Errorf("relative: %q", got)
	}
}
