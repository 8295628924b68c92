package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/report"
)

func TestNewestAuth(t *testing.T) {
	entry := func(id, day, method string) readiness.Evidence {
		return readiness.Evidence{ID: id, CollectedOn: day, Method: method}
	}
	auth := readiness.MethodAuth
	for name, c := range map[string]struct {
		list []readiness.Evidence
		want string
	}{
		"none":                  {nil, ""},
		"another method":        {[]readiness.Evidence{entry("a", "2026-11-01", "test")}, ""},
		"the newer one":         {[]readiness.Evidence{entry("a", "2026-11-02", auth), entry("b", "2026-11-01", auth)}, "a"},
		"the later of one day":  {[]readiness.Evidence{entry("a", "2026-11-01", auth), entry("b", "2026-11-01", auth)}, "b"},
		"its own day counts":    {[]readiness.Evidence{entry("a", "2026-11-10", auth)}, "a"},
		"a future one does not": {[]readiness.Evidence{entry("a", "2026-11-01", auth), entry("b", "2026-11-11", auth)}, "a"},
		"in either order":       {[]readiness.Evidence{entry("b", "2026-11-11", auth), entry("a", "2026-11-01", auth)}, "a"},
		"only future ones":      {[]readiness.Evidence{entry("a", "2026-11-12", auth), entry("b", "2026-11-11", auth)}, "b"},
	} {
		if got, ok := newestAuth(c.list, "2026-11-10"); got.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q %t, want %q", name, got.ID, ok, c.want)
		}
	}
}

func TestCheckRecorded(t *testing.T) {
	dir := t.TempDir()
	profile := filepath.Join(dir, "ngapi.yaml")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.txt", "abc")
	const abc = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD" // FIPS 180-2, B.1, as some tools print it
	large, err := os.Create(filepath.Join(dir, "large"))
	if err != nil {
		t.Fatal(err)
	}
	if err := large.Truncate(maxEvidence + 1); err != nil {
		t.Fatal(err)
	}
	if err := large.Close(); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"a.txt": report.EvidenceOK, "./sub/../a.txt": report.EvidenceOK, filepath.Join(dir, "a.txt"): report.EvidenceOK,
		"gone": report.EvidenceMissing, ".": report.EvidenceMissing, "a.txt/b": report.EvidenceMissing,
		"large": report.EvidenceAltered, "ngapi.yaml": report.EvidenceMissing,
	} {
		_, state, detail := checkRecorded(profile, readiness.Evidence{File: file, SHA256: abc})
		if state != want || (detail == "") != (want == report.EvidenceOK) {
			t.Errorf("%s is %s (%s), want %s", file, state, detail, want)
		}
	}
	if _, state, _ := checkRecorded(profile, readiness.Evidence{File: "a.txt", SHA256: abc[1:]}); state != report.EvidenceAltered {
		t.Errorf("half a digest is %s", state)
	}
}
