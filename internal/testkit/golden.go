package testkit

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
)

// update is registered while the package is initialised, because the testing
// package parses the command line before any test runs.
var update = updateFlag(flag.CommandLine)

func updateFlag(set *flag.FlagSet) *bool {
	return set.Bool("update", false, "rewrite the golden files instead of comparing with them")
}

// Updating tells whether the tests were asked to rewrite golden files.
func Updating() bool { return *update }

// Golden fails the test where got differs from testdata/golden/name of the
// package under test, or rewrites that file under -update. The name may have
// directories; it may not lead out of the folder.
func Golden(t testing.TB, name string, got []byte) {
	t.Helper()
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		t.Fatalf("golden file %q lies outside testdata/golden", name)
	}
	golden(t, filepath.Join("testdata", "golden", filepath.FromSlash(name)), got, Updating())
}

func golden(t testing.TB, file string, got []byte, rewrite bool) {
	t.Helper()
	if rewrite {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; write it with: go test -update", err)
	}
	// A checkout may have turned line ends; the program never writes CRLF
	// unless the format asks for it, and then got has it as well.
	if !bytes.Contains(got, []byte("\r\n")) {
		want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs; if this is intended, run: go test -update\n%s", filepath.ToSlash(file), diff.Diff("want", want, "got", got))
	}
}
