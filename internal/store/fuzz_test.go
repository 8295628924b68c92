package store

import (
	"strings"
	"testing"
	"unicode"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

func seeds(f *testing.F) {
	f.Helper()
	f.Add([]byte(example))
	f.Add([]byte(strings.ReplaceAll(example, "\n", "\r\n")))
	f.Add(Template())
	for _, c := range badProfiles() {
		if len(c.in) < 4096 {
			f.Add([]byte(c.in))
		}
	}
}

// Whatever the bytes are, reading ends, and every problem has a place and words
// that can be printed.
func FuzzRead(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []func(string, []byte) (*Profile, error){Parse, ParseAnswers} {
			p, err := read("p", data)
			if (p == nil) != (err != nil) {
				t.Fatal("neither profile nor error, or both")
			}
			if err == nil {
				continue
			}
			if exit.Of(err) != exit.Usage {
				t.Errorf("code %v", exit.Of(err))
			}
			for _, problem := range exit.List(err) {
				rest := problem.Line == 0 && strings.HasPrefix(problem.What, "and ")
				if problem.File != "p" || (!rest && (problem.Line < 1 || problem.Column < 1)) || problem.What == "" {
					t.Errorf("no place or words: %+v", problem)
				}
				if strings.ContainsFunc(problem.String(), unicode.IsControl) {
					t.Errorf("control characters: %q", problem)
				}
			}
		}
	})
}

// An edit of a valid profile gives a valid profile in which nothing but the
// edited traits differs, or an error.
func FuzzEdit(f *testing.F) {
	seeds(f)
	f.Add([]byte("schema: ngapi.profile/v1 # a\n# b\napp: # c\n  # d\n  auth: # e\n  # f\n  - gsa # g\n  # h\n  name: # i\n    >- # j\n    k\n\n    l\n"))
	f.Add([]byte("schema: ngapi.profile/v1\napp: {auth: [gsa, # x\n  eal], # y\n  name: 'a\n  b' # z\n  }\nbeta:\n  clients:\n  - name: A\n    contact: b\n  - {name: B}\n"))
	edits := set("app.name", "a: #b", "app.auth", "eal", "app.min_nge_version", "5.10", "form.reply", "2026-01-02", "organization.type", "client")
	f.Fuzz(func(t *testing.T, data []byte) {
		before, err := Parse("p", data)
		if err != nil || before.Newer {
			return
		}
		after, err := edited("p", data, func(d *Doc) error {
			if err := edits(d); err != nil {
				return err
			}
			if d.client("Z") == nil {
				if err := d.AddClient("Z"); err != nil {
					return err
				}
			}
			_, err := d.Unset("ga.approved")
			return err
		})
		if err != nil {
			if exit.Of(err) != exit.Fault || !strings.Contains(err.Error(), "by hand") {
				t.Errorf("refused: %v", err)
			}
			return
		}
		p, err := Parse("p", after)
		if err != nil {
			t.Fatalf("invalid: %v\n%s", err, after)
		}
		if e, ok := p.Set.Get("app.min_nge_version"); !ok || e.Value.String() != "5.10" {
			t.Errorf("not set:\n%s", after)
		}
		untouched(t, before, p)
	})
}

func untouched(t *testing.T, before, after *Profile) {
	t.Helper()
	changed := []trait.ID{"app.name", "app.auth", "app.min_nge_version", "form.reply", "organization.type", "ga.approved", "beta.clients"}
	for _, id := range trait.Standard().Storable() {
		a, ok1 := before.Set.Get(id)
		b, ok2 := after.Set.Get(id)
		touched := false
		for _, c := range changed {
			touched = touched || c == id
		}
		if !touched && (ok1 != ok2 || !a.Value.Equal(b.Value)) {
			t.Errorf("%s was %q, is %q", id, a.Value, b.Value)
		}
	}
	if len(before.Waivers) != len(after.Waivers) || len(before.Evidence) != len(after.Evidence) {
		t.Error("statements were lost")
	}
	for i, c := range before.Set.Clients() {
		if got := after.Set.Clients()[i]; got.Name != c.Name || len(got.Traits) != len(c.Traits) {
			t.Errorf("client %q is now %q", c.Name, got.Name)
		}
	}
}
