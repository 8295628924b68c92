package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const repository = "../../.."

// Generated means checked: a flag or a rule that was changed without
// regenerating fails here, with the names of the files.
func TestGeneratedFilesAreFresh(t *testing.T) {
	files, err := Generate(repository)
	if err != nil {
		t.Fatal(err)
	}
	stale, err := apply(repository, files, true)
	if err != nil {
		t.Fatal(err)
	}
	if len(stale) > 0 {
		t.Errorf("run go generate ./...; stale:\n%s", strings.Join(stale, "\n"))
	}
}

func TestStaleAndOrphanedFilesAreFound(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "man"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"man/a.1": "old", "man/gone.1": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files := map[string][]byte{"man/a.1": []byte("new"), "man/b.1": []byte("b")}
	stale, err := apply(dir, files, true)
	if err != nil || len(stale) != 3 {
		t.Fatalf("%v, %v", stale, err)
	}
	if _, err := apply(dir, files, false); err != nil {
		t.Fatal(err)
	}
	if stale, err := apply(dir, files, true); err != nil || len(stale) != 0 {
		t.Errorf("after writing: %v, %v", stale, err)
	}
}

func TestGenerationRepeats(t *testing.T) {
	a, err := Generate(repository)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Generate(repository)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range a {
		if string(data) != string(b[name]) {
			t.Errorf("%s differs between two runs", name)
		}
	}
	if len(a) < 20 {
		t.Errorf("only %d files", len(a))
	}
}
