package cli

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/terminal/ask"
	"github.com/apionboard/ngapi/internal/testkit"
)

const testDay = "2026-11-23"

func newTestWizard(t *testing.T, base trait.Set) *wizard {
	t.Helper()
	e, err := rulebook.Load("")
	if err != nil {
		t.Fatal(err)
	}
	w := &wizard{interview: newInterview(e, testDay, base), stage: asking, target: "ngapi.yaml"}
	w.read = func(string) error { return nil }
	return w
}

// at returns the page that is asked now.
func at(t *testing.T, w *wizard) ask.Page {
	t.Helper()
	page, ok, err := w.Next()
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		return ask.Page{Question: ask.Question{ID: "end"}}
	}
	return page
}

// reply answers the page that is asked now; "?" is "I don't know yet".
func (w *wizard) reply(t *testing.T, text string) []string {
	t.Helper()
	q := at(t, w).Question
	a := ask.Answer{Unknown: text == "?"}
	if !a.Unknown {
		a.Values = []string{text}
		if q.Kind == ask.Multi {
			a.Values = strings.Split(text, ",")
		}
	}
	lines, err := w.Accept(q, a)
	if err != nil {
		t.Fatalf("%s: answer %q: %v", q.ID, text, err)
	}
	return lines
}

// play answers every page from a table and returns the order of the pages.
func play(t *testing.T, w *wizard, answers map[string]string) []string {
	t.Helper()
	var order []string
	for range 30 {
		id := at(t, w).Question.ID
		if id == "review" || id == "end" {
			return order
		}
		order = append(order, strings.TrimPrefix(id, "organization."))
		text, ok := answers[id]
		if !ok {
			t.Fatalf("asked for %s after %v", id, order)
		}
		w.reply(t, text)
	}
	t.Fatal("no end")
	return nil
}

func TestWizardAsksOnlyWhatIsNeeded(t *testing.T) {
	tests := []struct {
		name    string
		answers map[string]string
		order   string
		program string
		code    exit.Code
	}{
		{"patients", map[string]string{"app.audience": "patients", "app.apis": "patient-access"},
			"app.audience app.apis", "patient-access", exit.OK},
		{"vendor within certified scope", map[string]string{"app.audience": "providers", "app.apis": "enterprise", "organization.type": "vendor", "app.unattended": "true",
			"data.uscdi_v1_only": "true", "data.read_only": "true"},
			"app.audience app.apis type app.unattended data.uscdi_v1_only data.read_only", "general-terms", exit.OK},
		{"vendor beyond", map[string]string{"app.audience": "providers", "app.apis": "enterprise", "organization.type": "vendor", "app.unattended": "true",
			"data.uscdi_v1_only": "false", "data.read_only": "true", "data.classes": "uscdi-v1,ehi-beyond-uscdi-v1"},
			"app.audience app.apis type app.unattended data.uscdi_v1_only data.read_only data.classes", "api-distributor", exit.OK},
		{"vendor who is launched", map[string]string{"app.audience": "providers", "app.apis": "enterprise", "organization.type": "vendor", "app.unattended": "false",
			"app.min_nge_version": "5.9.2", "data.uscdi_v1_only": "true", "data.read_only": "true"},
			"app.audience app.apis type app.unattended app.min_nge_version data.uscdi_v1_only data.read_only", "general-terms", exit.OK},
		{"client on 5.9.4 for itself", map[string]string{"app.audience": "providers", "app.apis": "enterprise", "organization.type": "client", "organization.nge_version": "5.9.4",
			"app.distribution": "own", "app.unattended": "true", "data.uscdi_v1_only": "false"},
			"app.audience app.apis type nge_version app.distribution app.unattended data.uscdi_v1_only", "open-access", exit.OK},
		{"client on 5.8", map[string]string{"app.audience": "providers", "app.apis": "enterprise", "organization.type": "client", "organization.nge_version": "5.8",
			"app.distribution": "own", "data.uscdi_v1_only": "false"},
			"app.audience app.apis type nge_version", "none-eligible", exit.No},
		{"nothing is known", map[string]string{"app.audience": "?", "app.apis": "?", "organization.type": "?", "organization.nge_version": "?",
			"app.distribution": "?", "app.unattended": "?", "app.min_nge_version": "?", "data.uscdi_v1_only": "?", "data.read_only": "?"},
			"app.audience app.apis type nge_version app.distribution app.unattended data.uscdi_v1_only data.read_only", "", exit.Undecided},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newTestWizard(t, trait.Set{})
			if got := strings.Join(play(t, w, tt.answers), " "); got != tt.order {
				t.Errorf("pages\n got %s\nwant %s", got, tt.order)
			}
			p := w.plan()
			d, _ := p.Get("program")
			got := ""
			if d.Value != nil {
				got = *d.Value
			}
			if got != tt.program || p.Exit() != tt.code {
				t.Errorf("program %q, exit %d; want %q, %d", got, p.Exit(), tt.program, tt.code)
			}
		})
	}
}

func TestWizardUsesTheProfile(t *testing.T) {
	w := newTestWizard(t, testkit.Traits(t, "app.audience=providers", "app.apis=enterprise", "organization.type=vendor", "app.unattended=true", "app.name=Acme"))
	page := at(t, w)
	if page.Question.ID != "data.uscdi_v1_only" || page.Step != 1 || page.Total != 2 {
		t.Errorf("first page %s, step %d of %d", page.Question.ID, page.Step, page.Total)
	}
	w = newTestWizard(t, testkit.Traits(t, "app.audience=patients", "app.apis=patient-access"))
	if id := at(t, w).Question.ID; id != "review" {
		t.Errorf("nothing is open, but the page is %s", id)
	}
	if w.Back() {
		t.Error("there is no page before a review without questions")
	}
}

func TestWizardSaysWhatAnAnswerSettles(t *testing.T) {
	w := newTestWizard(t, trait.Set{})
	text := strings.Join(w.reply(t, "providers"), "\n")
	for _, want := range []string{"Decided: track = enterprise-beta", "because app.audience is providers (your answer)", "source: B1"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "would be") {
		t.Errorf("alternatives are for ngapi plan:\n%s", text)
	}
	w.reply(t, "enterprise")
	if lines := w.reply(t, "vendor"); len(lines) != 0 {
		t.Errorf("this answer settles nothing alone: %q", lines)
	}
}

func TestWizardBackKeepsLaterAnswers(t *testing.T) {
	w := newTestWizard(t, trait.Set{})
	for _, text := range []string{"providers", "enterprise", "vendor", "true"} {
		w.reply(t, text)
	}
	w.Back()
	w.Back()
	page := at(t, w)
	if page.Question.ID != "organization.type" || page.Step != 3 || !slices.Equal(page.Question.Default, []string{"vendor"}) {
		t.Fatalf("back leads to %s, step %d, default %v", page.Question.ID, page.Step, page.Question.Default)
	}
	w.reply(t, "client")
	if id := at(t, w).Question.ID; id != "organization.nge_version" {
		t.Errorf("next is %s", id)
	}
	if e, ok := w.set().Get("app.unattended"); !ok || !e.Value.True() {
		t.Error("the later answer is lost")
	}
	for w.Back() {
	}
	if id := at(t, w).Question.ID; id != "app.audience" {
		t.Errorf("all the way back is %s", id)
	}
}

func TestWizardChangeAtReviewDropsWhatIsPointless(t *testing.T) {
	w := newTestWizard(t, testkit.Traits(t, "organization.name=Acme"))
	play(t, w, map[string]string{"app.audience": "providers", "app.apis": "enterprise", "organization.type": "client", "organization.nge_version": "5.9.4",
		"app.distribution": "own", "app.unattended": "true", "data.uscdi_v1_only": "false"})
	w.reply(t, doChange)
	w.reply(t, "organization.type")
	lines := strings.Join(w.reply(t, "vendor"), "\n")
	for _, want := range []string{"dropped: organization.nge_version (was 5.9.4)", "dropped: app.distribution (was own)", "program = api-distributor"} {
		if !strings.Contains(lines, want) {
			t.Errorf("%q is not in\n%s", want, lines)
		}
	}
	for _, id := range []trait.ID{"app.unattended", "data.uscdi_v1_only", "organization.name"} {
		if _, ok := w.set().Get(id); !ok {
			t.Errorf("%s is lost", id)
		}
	}
	if id := at(t, w).Question.ID; id != "data.read_only" {
		t.Fatalf("the newly opened question is next, not %s", id)
	}
	w.reply(t, "?")
	w.reply(t, "?")
	w.reply(t, doChange)
	w.reply(t, "organization.type")
	w.reply(t, "client")
	if page := at(t, w); page.Question.ID != "organization.nge_version" || !slices.Equal(page.Question.Default, []string{"5.9.4"}) {
		t.Errorf("a dropped answer is proposed again; got %s with %v", page.Question.ID, page.Question.Default)
	}
}

func TestWizardChangeOfAProfileAnswer(t *testing.T) {
	w := newTestWizard(t, testkit.Traits(t, "app.audience=providers", "app.apis=enterprise", "organization.type=client", "organization.nge_version=5.8",
		"app.distribution=own", "data.uscdi_v1_only=false", "app.name=Acme", "app.auth=gsa"))
	w.reply(t, doChange)
	w.reply(t, "organization.type")
	w.reply(t, "vendor")
	if _, ok := w.set().Get("organization.nge_version"); ok {
		t.Error("5.8 of a former client would still decide")
	}
	if _, ok := w.set().Get("app.auth"); !ok {
		t.Error("an answer that nobody asked for is lost")
	}
	// A correction that no decision waits for stays, too.
	w = newTestWizard(t, testkit.Traits(t, "app.audience=patients", "app.apis=patient-access", "app.name=Acme"))
	w.reply(t, doChange)
	w.reply(t, "app.name")
	w.reply(t, "Acme 2")
	if e, _ := w.set().Get("app.name"); e.Value.String() != "Acme 2" {
		t.Errorf("app.name is %q", e.Value)
	}
	if id := at(t, w).Question.ID; id != "review" {
		t.Errorf("next is %s", id)
	}
}

func TestWizardContradictions(t *testing.T) {
	w := newTestWizard(t, testkit.Traits(t, "app.audience=providers", "app.apis=enterprise", "organization.type=vendor", "app.unattended=true",
		"data.uscdi_v1_only=false", "data.read_only=true"))
	q := at(t, w).Question
	if q.ID != "data.classes" {
		t.Fatalf("asked for %s", q.ID)
	}
	_, err := w.Accept(q, ask.Answer{Values: []string{"uscdi-v1"}})
	var again ask.Rejection
	if !errors.As(err, &again) || !strings.Contains(string(again), "data.uscdi_v1_only is false") {
		t.Errorf("a contradiction asks again and names the other answer: %v", err)
	}
	w.reply(t, "uscdi-v1,non-ehi")
	// An earlier answer wins over a later one, which is asked again if needed.
	w.reply(t, doChange)
	w.reply(t, "data.uscdi_v1_only")
	lines := strings.Join(w.reply(t, "true"), "\n")
	if !strings.Contains(lines, "dropped: data.classes") {
		t.Errorf("the later answer goes:\n%s", lines)
	}
}
