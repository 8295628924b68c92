package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/apionboard/ngapi/internal/testkit"
)

// The complete examples under docs/examples run through every step: answers,
// plan, routes, export, gate. Each script of testdata/examples is joined with
// the files of the example of its name.
func TestExamples(t *testing.T) {
	scripts, err := filepath.Glob("testdata/examples/*.txt")
	if err != nil || len(scripts) < 2 {
		t.Fatalf("%d example scripts: %v", len(scripts), err)
	}
	joined := t.TempDir()
	for _, script := range scripts {
		text := read(t, script)
		name := filepath.Base(script[:len(script)-len(".txt")])
		for _, file := range []string{"answers.yaml", "ngapi.yaml", "routes.csv"} {
			text += "-- " + file + " --\n" + read(t, "../../docs/examples/"+name+"/"+file)
		}
		if err := os.WriteFile(filepath.Join(joined, name+".txtar"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	testkit.RunScripts(t, joined)
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
