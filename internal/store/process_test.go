package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/filelock"
)

// The test binary runs itself as another ngapi: STORE_TEST_CHILD names what to
// do to the profile in the current folder.
func TestMain(m *testing.M) {
	if os.Getenv("STORE_TEST_CHILD") != "" {
		if err := childProcess(os.Getenv("STORE_TEST_CHILD"), os.Getenv("STORE_TEST_NAME")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func childProcess(what, name string) error {
	for i := 0; what == "loop" || i < 100; i++ {
		_, err := Edit(context.Background(), FileName, Options{Wait: time.Minute}, func(d *Doc) error {
			if what == "loop" {
				return loopEdit(d, i)
			}
			return d.AddClient(name + strconv.Itoa(i))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// loopEdit makes the file alternately long and short. Both values change in one
// edit, so that a file in which they differ is a mixture.
func loopEdit(d *Doc, i int) error {
	text := strconv.Itoa(i) + strings.Repeat("x", (i%7)*500)
	if err := d.Set("app.name", text); err != nil {
		return err
	}
	return d.Set("organization.name", text)
}

func start(t *testing.T, what, path, name string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "STORE_TEST_CHILD="+what, "STORE_TEST_NAME="+name)
	cmd.Dir, cmd.Stderr = filepath.Dir(path), os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// Two processes save a hundred times each, and no save is lost.
func TestTwoProcessesSave(t *testing.T) {
	path := file(t, "schema: ngapi.profile/v1 # kept\n")
	a, b := start(t, "clients", path, "a"), start(t, "clients", path, "b")
	if err := a.Wait(); err != nil {
		t.Fatal(err)
	}
	if err := b.Wait(); err != nil {
		t.Fatal(err)
	}
	p, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.Set.Clients()); n != 200 || !strings.HasPrefix(content(t, path), "schema: ngapi.profile/v1 # kept\n") {
		t.Errorf("%d of 200 clients are left", n)
	}
	alone(t, path)
}

// A process that is killed while it saves leaves the old file or the new one.
func TestKilledWhileSaving(t *testing.T) {
	path := file(t, "schema: ngapi.profile/v1\norganization: {name: '0'} # kept\napp: {name: '0'}\n")
	saved, last, rounds := 0, "0", 0
	for round := 0; saved < 20 && round < 200 || round < 40; round++ { // more rounds where the machine is slow
		rounds++
		cmd := start(t, "loop", path, "")
		// Up to 62 ms: some die while starting, most within one of many saves.
		time.Sleep(time.Duration(2000+rand.IntN(60000)) * time.Microsecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		p, err := Read(path)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		app, _ := p.Set.Get("app.name")
		org, _ := p.Set.Get("organization.name")
		if !app.Value.Equal(org.Value) || !strings.Contains(content(t, path), "# kept\n") {
			t.Fatalf("round %d: a mixture of two saves", round)
		}
		if app.Value.String() != last {
			saved++
		}
		last = app.Value.String()
	}
	if saved < 20 {
		t.Errorf("only %d of %d rounds met a save; the test proves little", saved, rounds)
	}
	// What is left behind does not stop the next save.
	if err := edit1(t, path, set("app.name", "last")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filelock.Name(path)); err == nil {
		t.Error("the lock file of the killed process is still there")
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*.tmp"))
	t.Logf("%d rounds met a save, %d temporary files left for later", saved, len(left))
}
