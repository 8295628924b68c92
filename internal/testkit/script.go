package testkit

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// program is the name of the program in scripts.
const program = "ngapi"

// Main runs the tests of a package that has scripts. Call it from TestMain
// with the entry of the program; it does not return.
func Main(m *testing.M, entry func() int) {
	testscript.Main(m, map[string]func(){program: func() { os.Exit(entry()) }})
}

// RunScripts runs every *.txtar file below dir as a parallel subtest named
// after its path. A package that uses it needs Main.
func RunScripts(t *testing.T, dir string) {
	t.Helper()
	scripts, err := findScripts(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(scripts) == 0 {
		t.Fatalf("no *.txtar script below %s", dir)
	}
	for _, folder := range folders(dir, scripts) {
		t.Run(folder.name, func(t *testing.T) {
			t.Parallel()
			testscript.Run(t, testscript.Params{
				Files:               folder.files,
				Setup:               setup,
				Cmds:                commands(),
				UpdateScripts:       Updating(),
				RequireExplicitExec: true,
				RequireUniqueNames:  true,
			})
		})
	}
}

// findScripts walks dir, in the order of names.
func findScripts(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".txtar" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find scripts: %w", err)
	}
	return files, nil
}

// A folder is the scripts of one directory; they make one group of subtests,
// so that two folders may have scripts of the same name.
type folder struct {
	name  string
	files []string
}

func folders(root string, files []string) []folder {
	var list []folder
	index := map[string]int{}
	for _, f := range files {
		dir := filepath.Dir(f)
		i, ok := index[dir]
		if !ok {
			i = len(list)
			index[dir] = i
			name := filepath.Base(dir)
			if rel, err := filepath.Rel(root, dir); err == nil && rel != "." {
				name = filepath.ToSlash(rel)
			}
			list = append(list, folder{name: name})
		}
		list[i].files = append(list[i].files, f)
	}
	return list
}

// setup gives a script a home of its own. The library starts from an empty
// environment, so that nothing of the machine shows but PATH.
func setup(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, ".home")
	dirs := map[string]string{
		"HOME":            home,
		"XDG_CONFIG_HOME": filepath.Join(home, ".config"),
		"XDG_STATE_HOME":  filepath.Join(home, ".local", "state"),
		"XDG_DATA_HOME":   filepath.Join(home, ".local", "share"),
		"XDG_CACHE_HOME":  filepath.Join(home, ".cache"),
	}
	if runtime.GOOS == "windows" {
		dirs["USERPROFILE"] = home
		dirs["APPDATA"] = filepath.Join(home, "AppData", "Roaming")
		dirs["LOCALAPPDATA"] = filepath.Join(home, "AppData", "Local")
	}
	for name, dir := range dirs {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		env.Setenv(name, dir)
	}
	env.Setenv("TERM", "dumb")
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		env.Setenv(name, "http://127.0.0.1:1")
	}
	return nil
}
