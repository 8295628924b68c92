package testkit

import (
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Traits builds a set from pairs such as "app.audience=providers", as if a
// profile had said so in its fourth line. Observed traits come from a route
// list or a recorded report instead.
func Traits(t testing.TB, pairs ...string) trait.Set {
	t.Helper()
	var s trait.Set
	for _, pair := range pairs {
		id, text, _ := strings.Cut(pair, "=")
		tr, ok := trait.Standard().Get(trait.ID(id))
		if !ok {
			t.Fatalf("no trait %s", id)
		}
		v, err := tr.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		origin := trait.Origin{Source: trait.FromFile, File: "ngapi.yaml", Line: 4, Column: 7}
		if tr.Kind == trait.Observed {
			origin = trait.Origin{Source: trait.FromObserved, File: "routes.csv", Line: 2}
			if strings.HasPrefix(id, "credentials.") {
				origin = trait.Origin{Source: trait.FromObserved, File: "ngapi.yaml", Line: 9, Column: 5}
			}
		}
		s = s.With(tr.ID, trait.Entry{Value: v, Origin: origin})
	}
	return s
}
