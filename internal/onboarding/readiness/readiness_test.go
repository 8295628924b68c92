package readiness

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/testkit"
)

const today = "2026-11-23"

func judge(t *testing.T, s trait.Set, o Options) Report {
	t.Helper()
	r, err := tryJudge(t, s, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func tryJudge(t *testing.T, s trait.Set, o Options) (Report, error) {
	t.Helper()
	e, err := rulebook.Load("")
	if err != nil {
		t.Fatal(err)
	}
	o.Profile = "ngapi.yaml"
	return Judge(rulebook.NewEvaluator(e, s, today), o)
}

// full is a profile that is ready for Beta.
func full(t *testing.T, more ...string) trait.Set {
	t.Helper()
	s := testkit.Traits(t, append([]string{
		"app.audience=providers", "app.apis=enterprise", "organization.type=vendor", "app.unattended=true", "app.auth=gsa",
		"data.uscdi_v1_only=false", "data.read_only=false", "organization.terms=distributor", "organization.terms_executed=2026-10-01",
		"form.submitted=2026-10-02", "portal.registered=2026-10-06", "portal.app_configured=2026-10-07", "sandbox.development_complete=2026-10-30",
		"routes.submitted=2026-11-01", "routes.listed=true", "routes.verdict=not-limited", "routes.gsa=open", "beta.guidance=all-other", "beta.guidance_reviewed=2026-11-03",
	}, more...)...)
	return s.WithClients([]trait.Client{clientOf(t, "Client A"), clientOf(t, "Client B")})
}

func clientOf(t *testing.T, name string) trait.Client {
	t.Helper()
	c := trait.Client{Name: name, Traits: map[trait.ID]trait.Entry{}}
	for _, id := range []trait.ID{"client.guidance_sent", "client.consent_given"} {
		e, _ := testkit.Traits(t, string(id)+"=2026-11-05").Get(id)
		c.Traits[id] = e
	}
	return c
}

func get(t *testing.T, r Report, id, subject string) Result {
	t.Helper()
	for _, one := range r.Results {
		if one.ID == id && one.Subject == subject {
			return one
		}
	}
	t.Fatalf("no result %s %q", id, subject)
	return Result{}
}

func TestReady(t *testing.T) {
	r := judge(t, full(t), Options{})
	if r.Outcome != Ready || r.ExitCode != exit.OK || r.Gate != "beta" {
		for _, one := range r.Results {
			t.Logf("%s %s %s", one.ID, one.Status, one.Message)
		}
		t.Fatalf("%s %d %s", r.Outcome, r.ExitCode, r.Gate)
	}
	if len(r.Summary) != 7 {
		t.Errorf("the summary has %d states, want all seven", len(r.Summary))
	}
	if !slices.IsSortedFunc(r.Results, func(a, b Result) int { return strings.Compare(a.ID+"\x00"+a.Subject, b.ID+"\x00"+b.Subject) }) {
		t.Error("results are not sorted by id, then subject")
	}
	for _, one := range r.Results {
		if one.Status == rulebook.Pass && one.Remedy != nil {
			t.Errorf("%s passes and has a remedy", one.ID)
		}
	}
}

// Each single thing that is missing or wrong makes the gate say so.
func TestEachMiss(t *testing.T) {
	cases := []struct {
		name, without, with string
		id, subject, reason string
		code                exit.Code
	}{
		{name: "no portal", without: "portal.registered", id: "REG-PORTAL", reason: "missing", code: exit.No},
		{name: "portal in the future", with: "portal.registered=2026-11-24", id: "REG-PORTAL", reason: "future-dated", code: exit.No},
		{name: "no form", without: "form.submitted", id: "REG-FORM", reason: "missing", code: exit.No},
		{name: "wrong terms", with: "organization.terms=general", id: "BETA-TERMS", reason: "mismatch", code: exit.No},
		{name: "terms not answered", without: "organization.terms", id: "BETA-TERMS", reason: "missing", code: exit.Undecided},
		{name: "no route list sent", without: "routes.submitted", id: "BETA-ROUTE-LIST", reason: "missing", code: exit.No},
		{name: "wrong guidance", with: "beta.guidance=uscdi-v1-read-only", id: "BETA-GUIDANCE", reason: "mismatch", code: exit.No},
		{name: "closed route", with: "routes.gsa=closed", id: "BETA-AUTH-ROUTES", reason: "mismatch", code: exit.No},
		{name: "unconfirmed route", with: "routes.gsa=unconfirmed", id: "BETA-AUTH-ROUTES", reason: "pending-human", code: exit.Person},
		{name: "version too old", with: "app.min_nge_version=5.8.1", id: "BETA-VERSION", reason: "wrong-version", code: exit.No},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := full(t)
			if c.without != "" {
				s = s.Without(trait.ID(c.without))
			} else {
				s = full(t, c.with)
			}
			r := judge(t, s, Options{})
			one := get(t, r, c.id, c.subject)
			if one.Reason != c.reason || r.ExitCode != c.code {
				t.Errorf("%s is %s (%s), exit %d; want reason %s, exit %d: %s", c.id, one.Status, one.Reason, r.ExitCode, c.reason, c.code, one.Message)
			}
			if one.Remedy == nil || one.Remedy.Do == "" || one.Remedy.Run == "" {
				t.Errorf("%s has no remedy with a command", c.id)
			}
			if one.Location == nil {
				t.Errorf("%s has no location", c.id)
			}
		})
	}
}

func TestOneResultPerClient(t *testing.T) {
	s := full(t)
	clients := s.Clients()
	delete(clients[1].Traits, "client.consent_given")
	r := judge(t, s.WithClients(clients), Options{})
	if a, b := get(t, r, "BETA-CONSENT", "Client A"), get(t, r, "BETA-CONSENT", "Client B"); a.Status != rulebook.Pass || b.Status != rulebook.Fail {
		t.Errorf("client A %s, client B %s", a.Status, b.Status)
	} else if !strings.Contains(b.Remedy.Run, "'Client B'") {
		t.Errorf("the remedy does not name the client: %s", b.Remedy.Run)
	}
	none := judge(t, s.WithClients(nil), Options{})
	if one := get(t, none, "BETA-CONSENT", ""); one.Status != rulebook.Fail {
		t.Errorf("without clients consent is %s", one.Status)
	}
}

func TestPrecedence(t *testing.T) {
	unknown := full(t).Without("organization.terms")
	manual := full(t, "routes.gsa=unconfirmed")
	both := manual.Without("organization.terms")
	all := both.Without("portal.registered")
	for name, c := range map[string]struct {
		s    trait.Set
		want string
	}{
		"unknown": {unknown, Undecided}, "manual": {manual, NeedsReview}, "unknown over manual": {both, Undecided}, "fail over all": {all, NotReady},
	} {
		if r := judge(t, c.s, Options{}); r.Outcome != c.want {
			t.Errorf("%s: %s, want %s", name, r.Outcome, c.want)
		}
	}
}

func TestLevels(t *testing.T) {
	// Within certified scope the form is only recommended.
	within := testkit.Traits(t, "app.audience=providers", "app.apis=enterprise", "organization.type=vendor", "app.unattended=true",
		"data.uscdi_v1_only=true", "data.read_only=true", "portal.registered=2026-10-06")
	r := judge(t, within, Options{Gate: "registration"})
	if one := get(t, r, "REG-FORM", ""); one.Level != rulebook.Recommended || one.Status != rulebook.Warn || r.Outcome != Ready {
		t.Errorf("form %s %s, outcome %s", one.Level, one.Status, r.Outcome)
	}
	if r := judge(t, within, Options{Gate: "registration", Strict: true}); r.Outcome != NotReady {
		t.Errorf("strict: %s", r.Outcome)
	}
	// Informational checks never block, strict or not.
	if r := judge(t, full(t), Options{Strict: true}); r.Outcome != Ready || get(t, r, "BETA-TEST-PLAN", "").Status != rulebook.Warn {
		t.Errorf("informational checks block: %s", r.Outcome)
	}
}

func TestGates(t *testing.T) {
	patient := testkit.Traits(t, "app.audience=patients", "app.apis=patient-access", "portal.registered=2026-10-06", "portal.app_configured=2026-10-07", "patient.tested=2026-10-20")
	r := judge(t, patient, Options{})
	if r.Gate != "production" || r.Outcome != Ready {
		t.Errorf("patient app: gate %s, %s", r.Gate, r.Outcome)
	}
	if r := judge(t, patient, Options{Gate: "beta"}); r.Outcome != Undecided {
		t.Errorf("a gate to which none of its checks applies is %s", r.Outcome)
	}
	if r := judge(t, full(t), Options{Gate: "production"}); r.Outcome != Undecided {
		t.Errorf("production for an Enterprise app is %s", r.Outcome)
	}
	if r := judge(t, full(t), Options{Gate: "ga"}); r.Outcome != NotReady {
		t.Errorf("ga without sign-off is %s", r.Outcome)
	}
	ga := full(t, "ga.production_confirmed=2026-11-20", "ga.approved=2026-11-21")
	clients := ga.Clients()
	for i := range clients {
		e, _ := testkit.Traits(t, "client.signoff=2026-11-20").Get("client.signoff")
		clients[i].Traits["client.signoff"] = e
	}
	if r := judge(t, ga.WithClients(clients), Options{Gate: "ga"}); r.Outcome != Ready {
		t.Errorf("ga is %s", r.Outcome)
	}
	if r := judge(t, trait.Set{}, Options{}); r.Gate != "beta" || r.Outcome == Ready {
		t.Errorf("nothing known: gate %s, %s", r.Gate, r.Outcome)
	}
	mixed := testkit.Traits(t, "app.audience=patients", "app.apis=patient-access,enterprise")
	if r := judge(t, mixed, Options{Gate: "production"}); get(t, r, "PROD-APIS", "").Status != rulebook.Fail {
		t.Error("a patient app with an Enterprise API passes PROD-APIS")
	}
}

func waiver(change func(*Waiver)) Waiver {
	w := Waiver{ID: "W-1", Check: "BETA-NONPROD", Reason: "the form is being filled in by legal", Approver: "J. Roe", ApprovedOn: "2026-11-01", Expires: "2026-12-31"}
	change(&w)
	return w
}

// own is a profile of a client that is ready but for its own tests.
func own(t *testing.T, more ...string) trait.Set {
	t.Helper()
	return full(t, append([]string{"organization.type=client", "organization.nge_version=5.9.4", "app.distribution=own", "organization.terms=open-access"}, more...)...)
}

func TestWaivers(t *testing.T) {
	strict := func(w ...Waiver) Options { return Options{Strict: true, Waivers: w} }
	r := judge(t, own(t), strict(waiver(func(*Waiver) {})))
	if one := get(t, r, "BETA-NONPROD", ""); one.Status != rulebook.Waived || r.Outcome != Ready || r.Waivers[0].Use != "used" {
		t.Errorf("%s, %s, %s", one.Status, r.Outcome, r.Waivers[0].Use)
	}
	for _, c := range []struct{ expires, want string }{{today, "used"}, {"2026-11-22", "expired"}} {
		r := judge(t, own(t), strict(waiver(func(w *Waiver) { w.Expires = c.expires })))
		if r.Waivers[0].Use != c.want {
			t.Errorf("a waiver until %s is %s on %s", c.expires, r.Waivers[0].Use, today)
		}
	}
	lapsed := judge(t, own(t), strict(waiver(func(w *Waiver) { w.Expires = "2026-11-10" })))
	if one := get(t, lapsed, "BETA-NONPROD", ""); one.Reason != ReasonExpired || lapsed.ExitCode != exit.No {
		t.Errorf("lapsed: %s, exit %d", one.Reason, lapsed.ExitCode)
	}
	if r := judge(t, own(t, "nonprod.tested=2026-11-02"), strict(waiver(func(*Waiver) {}))); r.Waivers[0].Use != "unused" || r.Outcome != Ready {
		t.Errorf("an unneeded waiver is %s, %s", r.Waivers[0].Use, r.Outcome)
	}
}

func TestWaiversThatCannotBeUsed(t *testing.T) {
	for name, change := range map[string]func(*Waiver){
		"not waivable":    func(w *Waiver) { w.Check = "BETA-TERMS" },
		"unknown check":   func(w *Waiver) { w.Check = "REG-FROM" },
		"no such subject": func(w *Waiver) { w.Subject = "Client A" },
		"short reason":    func(w *Waiver) { w.Reason = "later" },
		"no approver":     func(w *Waiver) { w.Approver = "" },
		"bad date":        func(w *Waiver) { w.Expires = "soon" },
		"too long":        func(w *Waiver) { w.Expires = "2027-05-01" },
		"backwards":       func(w *Waiver) { w.Expires = "2026-10-01" },
		"no id":           func(w *Waiver) { w.ID = "" },
	} {
		_, err := tryJudge(t, full(t), Options{Waivers: []Waiver{waiver(change)}})
		if exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := tryJudge(t, full(t), Options{Waivers: []Waiver{waiver(func(w *Waiver) { w.Reason = ""; w.Approver = "" })}})
	if n := len(exit.List(err)); n != 2 {
		t.Errorf("%d problems reported at once, want 2: %v", n, err)
	}
}

func TestAttestations(t *testing.T) {
	s := full(t, "routes.gsa=unconfirmed")
	good := Attestation{Check: "BETA-AUTH-ROUTES", Statement: "all routes stand in the tab Enterprise GSA Routes", By: "J. Roe", On: "2026-11-10"}
	unbound := good
	unbound.Routes = ""
	if r := judge(t, s, Options{Attestations: []Attestation{unbound}, Routes: "a list"}); r.Outcome != NeedsReview {
		t.Errorf("a word that names no list: %s", r.Outcome)
	}
	r := judge(t, s, Options{Attestations: []Attestation{good}})
	if one := get(t, r, "BETA-AUTH-ROUTES", ""); one.Status != rulebook.Pass || r.Outcome != Ready || one.Attestation == nil {
		t.Errorf("%s, %s", one.Status, r.Outcome)
	}
	for name, change := range map[string]func(*Attestation){
		"lapsed": func(a *Attestation) { a.Expires = "2026-11-22" },
		"future": func(a *Attestation) { a.On = "2026-11-24" },
	} {
		a := good
		change(&a)
		if r := judge(t, s, Options{Attestations: []Attestation{a}}); r.Outcome != NeedsReview {
			t.Errorf("%s: %s", name, r.Outcome)
		}
	}
	for name, change := range map[string]func(*Attestation){
		"never manual":          func(a *Attestation) { a.Check = "BETA-SANDBOX" },
		"unknown subject":       func(a *Attestation) { a.Subject = "Client Z" },
		"expires before it was": func(a *Attestation) { a.Expires = "2026-11-01" },
	} {
		a := good
		change(&a)
		if _, err := tryJudge(t, s, Options{Attestations: []Attestation{a}}); exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v", name, err)
		}
	}
	tied := good
	tied.Routes = "digest of the list that was looked at"
	if r := judge(t, s, Options{Attestations: []Attestation{tied}, Routes: tied.Routes}); r.Outcome != Ready {
		t.Errorf("the same list: %s", r.Outcome)
	}
	if r := judge(t, s, Options{Attestations: []Attestation{tied}, Routes: "another"}); r.Outcome != NeedsReview {
		t.Errorf("a list that changed since: %s", r.Outcome)
	}
	bad := good
	bad.Statement = "ok"
	if _, err := tryJudge(t, s, Options{Attestations: []Attestation{bad}}); exit.Of(err) != exit.Usage {
		t.Errorf("a short statement: %v", err)
	}
	// A failing check is never attested away.
	closed := full(t, "routes.gsa=closed")
	if r := judge(t, closed, Options{Attestations: []Attestation{good}}); r.Outcome != NotReady {
		t.Errorf("a closed route is attested away: %s", r.Outcome)
	}
}

func TestFingerprintDependsOnCheckAndSubjectOnly(t *testing.T) {
	a := get(t, judge(t, full(t), Options{}), "BETA-CONSENT", "Client A")
	b := get(t, judge(t, full(t).Without("portal.registered"), Options{}), "BETA-CONSENT", "Client A")
	c := get(t, judge(t, full(t), Options{}), "BETA-CONSENT", "Client B")
	if a.Fingerprint != b.Fingerprint || a.Fingerprint == c.Fingerprint || len(a.Fingerprint) != 16 {
		t.Errorf("%s %s %s", a.Fingerprint, b.Fingerprint, c.Fingerprint)
	}
}

// Where something is impossible the gate of the application is never ready, and
// while something is undecided it is not ready either.
func TestImpossibleIsNeverReady(t *testing.T) {
	e, err := rulebook.Load("")
	if err != nil {
		t.Fatal(err)
	}
	choices := map[string][]string{
		"organization.type": {"vendor", "client"}, "organization.nge_version": {"5.8.4", "5.9.0", "5.9.4"}, "app.distribution": {"own", "clients"},
		"app.min_nge_version": {"5.8.4", "5.9.1", "5.9.4"}, "app.unattended": {"true", "false"}, "app.auth": {"gsa", "eal", "gsa,eal"},
		"data.uscdi_v1_only": {"true", "false"}, "data.read_only": {"true", "false"}, "routes.gsa": {"open", "closed", "none", "attested"},
		"routes.verdict": {"limited", "not-limited", "undetermined"}, "app.apis": {"enterprise", "fhir", "patient-access"}, "app.audience": {"patients", "providers"},
		"organization.terms": {"open-access", "distributor", "general"}, "beta.guidance": {"all-other", "uscdi-v1-read-only"}, "routes.enterprise": {"true", "false"},
	}
	names := slices.Sorted(maps.Keys(choices))
	r := rand.New(rand.NewPCG(5, 6))
	impossible, ready := 0, 0
	for range 20000 {
		var more []string
		for _, name := range names {
			more = append(more, name+"="+choices[name][r.IntN(len(choices[name]))])
		}
		s := full(t, more...)
		if r.IntN(3) == 0 {
			for _, id := range []trait.ID{"routes.listed", "routes.verdict", "routes.gsa", "routes.enterprise"} {
				s = s.Without(id)
			}
		}
		ev := rulebook.NewEvaluator(e, s, today)
		stop := false
		for _, d := range e.Decisions {
			got := ev.Decide(d.ID)
			stop = stop || (got.Case != nil && got.Case.Stop)
		}
		report, err := Judge(ev, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if report.Outcome == Ready {
			ready++
		}
		if stop {
			impossible++
			if report.Outcome != NotReady {
				t.Fatalf("%s although something is impossible: %v", report.Outcome, more)
			}
		}
	}
	if impossible < 500 || ready < 50 {
		t.Errorf("too few cases met: %d impossible, %d ready", impossible, ready)
	}
}
