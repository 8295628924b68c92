package archtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

func report(t *testing.T, findings []finding) {
	t.Helper()
	for _, f := range findings {
		t.Error(f)
	}
}

// TestTree holds the sources against every rule about sources.
func TestTree(t *testing.T) {
	m := moduleFile(t)
	sources, err := load(os.DirFS(root), m.module)
	if err != nil {
		t.Fatal(err)
	}
	if len(sources.pkgs) < 4 {
		t.Fatalf("found only %d packages; the loader looks in the wrong place", len(sources.pkgs))
	}
	checks := []struct {
		name     string
		findings []finding
	}{
		{"layers", checkLayers(sources, rooms())},
		{"pure", checkPure(sources, rooms(), impure(), pureLibraries())},
		{"owners", checkOwners(sources, owners())},
		{"uses", checkUses(sources, uses())},
		{"inits", checkInits(sources)},
		{"variables", checkVariables(sources, variables(), builtOnce())},
		{"docs", checkDocs(sources)},
		{"names", checkNames(sources, vagueNames())},
		{"leftovers", checkLeftovers(sources)},
		{"libraries", checkLibraries(sources, direct())},
		{"quiet", checkQuiet(sources)},
	}
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) { report(t, c.findings) })
	}
}

// TestMatrix holds the layer matrix itself against what it has to say.
func TestMatrix(t *testing.T) {
	report(t, checkPureRooms(rooms()))
	report(t, checkWings(rooms()))
}

func TestGoMod(t *testing.T) {
	report(t, checkManifest(moduleFile(t), direct()))
}

func TestRoot(t *testing.T) {
	report(t, checkRoot(rootNames(t), rootMust(), rootMay()))
}

func moduleFile(t *testing.T) manifest {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := readManifest(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// rootNames asks git, which knows what is ignored; without git, as in a
// downloaded module, it reads the directory. A file that git lists but that
// was deleted does not count, nor does what only git itself needs.
func rootNames(t *testing.T) []string {
	t.Helper()
	var names []string
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root
	if out, err := cmd.Output(); err == nil && len(out) > 0 {
		for _, p := range strings.Split(string(out), "\x00") {
			if name, _, _ := strings.Cut(p, "/"); name != "" {
				names = append(names, name)
			}
		}
	} else {
		entries, err := os.ReadDir(root)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(n string) bool {
		_, err := os.Lstat(filepath.Join(root, n))
		return err != nil || n == ".git"
	})
}
