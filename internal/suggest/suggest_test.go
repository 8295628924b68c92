package suggest

import "testing"

func TestNearest(t *testing.T) {
	names := []string{"organization.type", "organization.name", "app.audience", "BETA-ROUTE-LIST", "ga"}
	for word, want := range map[string]string{
		"organisation.type": "organization.type",
		"app.audeince":      "app.audience",
		"beta-route-lst":    "BETA-ROUTE-LIST",
		"zzzz":              "",
		"0":                 "",
		"":                  "",
	} {
		if got := Nearest(word, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
	if got := Nearest("x", nil); got != "" {
		t.Errorf("no candidates: %q", got)
	}
}
