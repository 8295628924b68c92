package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/filelock"
	"github.com/apionboard/ngapi/internal/routes/route"
)

func unix(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("modes and links of Unix")
	}
}

func TestWriteFileModes(t *testing.T) {
	unix(t)
	path := filepath.Join(t.TempDir(), "f")
	for _, c := range []struct{ perm, want fs.FileMode }{{0o600, 0o600}, {0o644, 0o600}} { // the second one keeps the mode of the first
		if err := WriteFile(path, []byte("x"), c.perm); err != nil {
			t.Fatal(err)
		}
		if info, _ := os.Stat(path); info.Mode().Perm() != c.want {
			t.Errorf("mode %v, want %v", info.Mode().Perm(), c.want)
		}
	}
	if err := os.Chmod(path, 0o666); err != nil { // more than any umask leaves
		t.Fatal(err)
	}
	if err := WriteFile(path, []byte("y"), 0o600); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o666 || content(t, path) != "y" {
		t.Errorf("mode %v", info.Mode().Perm())
	}
	alone(t, path)
}

func TestEditFollowsLinks(t *testing.T) {
	unix(t)
	target := file(t, example)
	dir := t.TempDir()
	second, first := filepath.Join(dir, "second"), filepath.Join(dir, FileName)
	rel, err := filepath.Rel(dir, target)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink(rel, second), os.Symlink("second", first)); err != nil {
		t.Fatal(err)
	}
	if err := edit1(t, first, set("app.name", "Linked")); err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Lstat(first); info.Mode()&fs.ModeSymlink == 0 {
		t.Error("the link was replaced by a file")
	}
	if !strings.Contains(content(t, target), "name: Linked") {
		t.Error("the target was not changed")
	}
	alone(t, target)
	// A link to nothing is written through as well.
	gone := filepath.Join(t.TempDir(), "made.yaml")
	link := filepath.Join(dir, "dangling")
	if err := os.Symlink(gone, link); err != nil {
		t.Fatal(err)
	}
	if _, err := Edit(t.Context(), link, Options{Create: true}, set("app.name", "x")); err != nil || !strings.Contains(content(t, gone), "name: x") {
		t.Errorf("dangling link: %v", err)
	}
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(loop, nil, 0o600); err == nil || !strings.Contains(err.Error(), "too many symbolic links") {
		t.Errorf("loop: %v", err)
	}
}

func TestWriteRefusals(t *testing.T) {
	unix(t)
	path := file(t, example)
	for name, c := range map[string]struct{ path, want string }{
		"through a file": {filepath.Join(path, "p"), "not a directory"},
		"no folder":      {filepath.Join(filepath.Dir(path), "none", "p"), "none does not exist; make it first"},
		"a folder":       {filepath.Dir(path), "this is not a file that can be replaced"},
		"a device":       {"/dev/null", "this is not a file that can be replaced"},
		"kernel says no": {"/proc/sys/ngapi.yaml", "/proc/sys"},
	} {
		if _, err := os.Stat("/proc/sys"); err != nil && name == "kernel says no" {
			continue
		}
		if err := WriteFile(c.path, []byte("x"), 0o600); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("write, %s: %v", name, err)
		}
		if _, err := Edit(t.Context(), c.path, Options{Create: true}, set("app.name", "x")); err == nil {
			t.Errorf("edit, %s: accepted", name)
		}
	}
	alone(t, path)
}

func TestEditInAClosedFolder(t *testing.T) {
	unix(t)
	if os.Getuid() == 0 {
		t.Skip("SKIPPED: this user may write everywhere; TestWriteRefusals covers refusals that root meets too")
	}
	path := file(t, example)
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Dir(path), 0o700) })
	err := edit1(t, path, set("app.name", "x"))
	if !errors.Is(err, fs.ErrPermission) || exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "cannot be written to") {
		t.Errorf("got %v", err)
	}
	if c, err := Edit(t.Context(), path, Options{DryRun: true}, set("app.name", "x")); err != nil || c.Diff == "" {
		t.Errorf("a dry run needs no right to write: %v", err)
	}
}

func TestEditWaitsForTheLock(t *testing.T) {
	path := file(t, example)
	l := flock.New(filelock.Name(path))
	if ok, err := l.TryLock(); !ok || err != nil {
		t.Fatal(err)
	}
	_, err := Edit(t.Context(), path, Options{Wait: 120 * time.Millisecond}, set("app.name", "x"))
	if err == nil || !strings.Contains(err.Error(), "another ngapi is saving this file; wait for it to end, then try again") || exit.Of(err) != exit.Fault {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer cancel()
	if _, err := Edit(ctx, path, Options{}, set("app.name", "x")); exit.Of(err) != exit.Interrupted {
		t.Errorf("cancelled: %v", err)
	}
	time.AfterFunc(100*time.Millisecond, func() { _ = l.Unlock() })
	if err := edit1(t, path, set("app.name", "x")); err != nil {
		t.Errorf("after the lock was given back: %v", err)
	}
	alone(t, path)
}

func TestStaleTemporaryFilesAreRemoved(t *testing.T) {
	path := file(t, example)
	dir := filepath.Dir(path)
	old, young, other := filepath.Join(dir, "."+FileName+".1-0.tmp"), filepath.Join(dir, "."+FileName+".2-0.tmp"), filepath.Join(dir, ".other.1-0.tmp")
	for _, p := range []string{old, young, other} {
		if err := os.WriteFile(p, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	info, _ := os.Stat(old)
	past := info.ModTime().Add(-2 * stale)
	if err := errors.Join(os.Chtimes(old, past, past), os.Chtimes(other, past, past)); err != nil {
		t.Fatal(err)
	}
	if err := edit1(t, path, set("app.name", "x")); err != nil {
		t.Fatal(err)
	}
	for p, want := range map[string]bool{old: false, young: true, other: true} {
		if _, err := os.Stat(p); (err == nil) != want {
			t.Errorf("%s: %v", filepath.Base(p), err)
		}
	}
}

func TestEditFile(t *testing.T) {
	unix(t)
	path := filepath.Join(t.TempDir(), "new", "config.yaml")
	next := func(before []byte) ([]byte, error) { return append(before, 'x'), nil }
	if _, err := EditFile(t.Context(), path, Options{Folder: true}, next); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without Create: %v", err)
	}
	for range 2 {
		if _, err := EditFile(t.Context(), path, Options{Create: true, Folder: true, Mode: 0o600}, next); err != nil {
			t.Fatal(err)
		}
	}
	file, _ := os.Stat(path)
	folder, _ := os.Stat(filepath.Dir(path))
	if content(t, path) != "xx" || file.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700 {
		t.Errorf("%q %v %v", content(t, path), file.Mode(), folder.Mode())
	}
}

func TestEditRoutes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "routes.csv")
	r := route.Route{Method: "GET", Path: "/persons/{personId}"}
	add := func(l *route.List) error { l.Add(r); return nil }
	if _, _, err := EditRoutes(t.Context(), path, Options{}, add); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without Create: %v", err)
	}
	c, _, err := EditRoutes(t.Context(), path, Options{Create: true}, add)
	if err != nil || !c.Written {
		t.Fatal(err)
	}
	r.Path = "/persons/{personId}/x"
	if c, _, err = EditRoutes(t.Context(), path, Options{DryRun: true}, add); err != nil || c.Written || strings.Count(c.Diff, "\n+") != 2 {
		t.Errorf("%v %s", err, c.Diff)
	}
	if _, _, err = EditRoutes(t.Context(), path, Options{}, add); err != nil || strings.Count(content(t, path), "GET,") != 2 {
		t.Errorf("%v %s", err, content(t, path))
	}
	if err := os.WriteFile(path, []byte("method,path\nFETCH,/x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err = EditRoutes(t.Context(), path, Options{}, add); err == nil || !strings.Contains(err.Error(), "routes.csv:2:1") {
		t.Errorf("wrong list: %v", err)
	}
	alone(t, path)
}

func TestCheckpoint(t *testing.T) {
	unix(t)
	state := filepath.Join(t.TempDir(), "state")
	t.Chdir(t.TempDir())
	if _, ok, err := LoadCheckpoint(state, "ngapi.yaml"); ok || err != nil {
		t.Fatal(ok, err)
	}
	c := Checkpoint{Profile: "ngapi.yaml", Edition: "2026-11", Page: "app.auth", SavedAsOf: "2026-11-23", Answers: map[string]string{"app.name": "x"}}
	if err := SaveCheckpoint(state, c); err != nil {
		t.Fatal(err)
	}
	abs, _ := filepath.Abs("ngapi.yaml")
	got, ok, err := LoadCheckpoint(state, abs)
	if err != nil || !ok || got.Profile != abs || got.Page != c.Page || got.Answers["app.name"] != "x" {
		t.Fatalf("%+v %v %v", got, ok, err)
	}
	path, _ := checkpointPath(state, abs)
	info, _ := os.Stat(path)
	folder, _ := os.Stat(filepath.Dir(path))
	if info.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700 {
		t.Errorf("modes %v %v", info.Mode(), folder.Mode())
	}
	for _, bad := range []string{"{", `{"schema":"ngapi.checkpoint/v9"}`, "null"} {
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := LoadCheckpoint(state, abs); exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "--fresh") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	for range 2 {
		if err := RemoveCheckpoint(state, abs); err != nil {
			t.Fatal(err)
		}
	}
	if err := SaveCheckpoint("", c); exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "XDG_STATE_HOME") {
		t.Errorf("no folder: %v", err)
	}
}
