package secret

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/apionboard/ngapi/internal/exit"
)

// ring is a keyring in memory; each call may be replaced.
type ring struct {
	mu      sync.Mutex
	entries map[string]string
	fail    error
	wait    chan struct{}
	deaf    bool // Set reports success and keeps nothing
	panics  bool
}

func (r *ring) do() error {
	if r.wait != nil {
		<-r.wait
	}
	if r.panics {
		panic(canary)
	}
	return r.fail
}

func (r *ring) Get(service, user string) (string, error) {
	if err := r.do(); err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.entries[service+"/"+user]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return v, nil
}

func (r *ring) Set(service, user, password string) error {
	if err := r.do(); err != nil {
		return fmt.Errorf("%w: %s", err, password)
	}
	if r.deaf {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.entries == nil {
		r.entries = map[string]string{}
	}
	r.entries[service+"/"+user] = password
	return nil
}

func (r *ring) Delete(service, user string) error {
	if _, err := r.Get(service, user); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.entries, service+"/"+user)
	return nil
}

func stores(t *testing.T) []Store {
	return []Store{NewKeyringIn(&ring{}, time.Second), NewFile(filepath.Join(t.TempDir(), "new", "secrets.json"))}
}

func TestStoresKeepSecrets(t *testing.T) {
	ctx := t.Context()
	for _, s := range stores(t) {
		want := New(canary + " \" é\n\\")
		if _, err := s.Get(ctx, "prod"); !errors.Is(err, ErrNotFound) || exit.Of(err) != exit.SignIn || !strings.Contains(err.Error(), "ngapi auth login prod") {
			t.Errorf("%s: Get of nothing: %v", s.Name(), err)
		}
		if err := s.Delete(ctx, "prod"); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: Delete of nothing: %v", s.Name(), err)
		}
		for _, v := range []Value{New("older"), want} {
			if err := s.Set(ctx, "prod", v); err != nil {
				t.Fatalf("%s: %v", s.Name(), err)
			}
		}
		if err := s.Set(ctx, "clinic-a.test_1", New("other")); err != nil {
			t.Fatalf("%s: %v", s.Name(), err)
		}
		if got, err := s.Get(ctx, "prod"); err != nil || !got.Equal(want) {
			t.Errorf("%s: Get: %v", s.Name(), err)
		}
		if err := s.Delete(ctx, "prod"); err != nil {
			t.Errorf("%s: Delete: %v", s.Name(), err)
		}
		if _, err := s.Get(ctx, "prod"); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: it is still there: %v", s.Name(), err)
		}
		if got, err := s.Get(ctx, "clinic-a.test_1"); err != nil || got.Reveal() != "other" {
			t.Errorf("%s: the other one: %v", s.Name(), err)
		}
	}
}

func TestStoresRefuse(t *testing.T) {
	for _, s := range stores(t) {
		for _, name := range []string{"", "Prod", "-x", "a/b", "../x", "a b", "a\x1b", strings.Repeat("a", 65), "é"} {
			_, err1 := s.Get(t.Context(), name)
			for _, err := range []error{err1, s.Set(t.Context(), name, New("abcd")), s.Delete(t.Context(), name)} {
				if exit.Of(err) != exit.Usage || errors.Is(err, ErrNotFound) || strings.ContainsAny(err.Error(), "\x1bé") {
					t.Errorf("%s: name %q: %v", s.Name(), name, err)
				}
			}
		}
		if err := s.Set(t.Context(), "prod", Value{}); exit.Of(err) != exit.Usage {
			t.Errorf("%s: an empty secret: %v", s.Name(), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.Get(ctx, "prod"); exit.Of(err) != exit.Interrupted {
			t.Errorf("%s: interrupted: %v", s.Name(), err)
		}
		if err := s.Set(ctx, "prod", New("abcd")); exit.Of(err) != exit.Interrupted {
			t.Errorf("%s: interrupted: %v", s.Name(), err)
		}
	}
}

func TestAnyFailureOfTheKeyringIsNoKeyring(t *testing.T) {
	never := make(chan struct{})
	defer close(never)
	for name, c := range map[string]struct {
		ring *ring
		want string
	}{
		"words":       {&ring{fail: errors.New("The name org.freedesktop.secrets\x1b[31m was not provided")}, `org.freedesktop.secrets\x1b[31m was not provided`},
		"too big":     {&ring{fail: keyring.ErrSetDataTooBig}, "too big"},
		"unsupported": {&ring{fail: keyring.ErrUnsupportedPlatform}, "none for this system"},
		"hangs":       {&ring{wait: never}, "did not answer within 5ms"},
		"deaf":        {&ring{deaf: true}, "did not keep"},
		"no bus":      {&ring{fail: errNoBus}, "no D-Bus session bus is running"},
		"locked":      {&ring{fail: errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'")}, "could not be unlocked, or was never set up"},
		"breaks":      {&ring{panics: true}, "broke down"},
	} {
		s := NewKeyringIn(c.ring, 5*time.Millisecond)
		err := s.Set(t.Context(), "prod", New(canary))
		if !errors.Is(err, ErrNoStore) || exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "--store file") {
			t.Errorf("%s: Set: %v", name, err)
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			if leaks(fmt.Sprintf("%v %+v", e, e)) {
				t.Errorf("%s: the error holds the secret: %v", name, e)
			}
		}
		if name == "deaf" {
			continue
		}
		if _, err := s.Get(t.Context(), "prod"); !errors.Is(err, ErrNoStore) {
			t.Errorf("%s: Get: %v", name, err)
		}
		if err := s.Delete(t.Context(), "prod"); !errors.Is(err, ErrNoStore) {
			t.Errorf("%s: Delete: %v", name, err)
		}
	}
	if s := NewKeyring(0, nil); s.limit != KeyringLimit || s.Name() != "keyring" {
		t.Error("the limit of the contract is not the default")
	}
}

// Without a session bus none is started: it would outlive the run.
func TestKeyringStartsNoBus(t *testing.T) {
	for _, name := range []string{"bus", "dbus-session"} {
		if _, err := os.Stat(filepath.Join("/run/user/"+strconv.Itoa(os.Getuid()), name)); err == nil {
			t.Skip("this machine has a session bus")
		}
	}
	for _, address := range []string{"", "autolaunch:"} {
		s := system{func(string) string { return address }}
		if s.reachable("linux") || !s.reachable("darwin") || !s.reachable("windows") {
			t.Errorf("%q: which systems need a bus", address)
		}
	}
	if s := (system{func(string) string { return "unix:path=/nowhere" }}); !s.reachable("linux") {
		t.Error("a bus that is named is not asked")
	}
}

func TestKeyringCallEndsWithTheContext(t *testing.T) {
	never := make(chan struct{})
	defer close(never)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if _, err := NewKeyringIn(&ring{wait: never}, time.Minute).Get(ctx, "prod"); exit.Of(err) != exit.Interrupted {
		t.Errorf("got %v", err)
	}
}

func unixOnly(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("modes mean nothing on Windows")
	}
}

func TestFileModes(t *testing.T) {
	unixOnly(t)
	s := NewFile(filepath.Join(t.TempDir(), "new", "secrets.json"))
	if err := s.Set(t.Context(), "prod", New(canary)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{s.Path(): 0o600, filepath.Dir(s.Path()): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if left, err := os.ReadDir(filepath.Dir(s.Path())); err != nil || len(left) != 1 {
		t.Errorf("litter: %v, %v", left, err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620, 0o644} {
		if err := os.Chmod(s.Path(), mode); err != nil {
			t.Fatal(err)
		}
		_, err1 := s.Get(t.Context(), "prod")
		for _, err := range []error{err1, s.Set(t.Context(), "x", New("abcd")), s.Delete(t.Context(), "prod")} {
			if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "chmod 600 "+s.Path()) {
				t.Errorf("mode %v: %v", mode, err)
			}
		}
	}
}

func TestFileRefusesLinksAndFolders(t *testing.T) {
	unixOnly(t)
	dir := t.TempDir()
	target, link := filepath.Join(dir, "real.json"), filepath.Join(dir, "secrets.json")
	if err := NewFile(target).Set(t.Context(), "prod", New(canary)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	_, err := NewFile(link).Get(t.Context(), "prod")
	if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "symbolic link") {
		t.Errorf("link: %v", err)
	}
	if err := NewFile(link).Set(t.Context(), "prod", New("abcd")); exit.Of(err) != exit.Usage {
		t.Errorf("link: %v", err)
	}
	if _, err := NewFile(dir).Get(t.Context(), "prod"); exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "not a file") {
		t.Errorf("folder: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "plain"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := NewFile(filepath.Join(dir, "plain", "secrets.json")).Set(t.Context(), "prod", New("abcd")); exit.Of(err) != exit.Usage {
		t.Errorf("a file where a folder should be: %v", err)
	}
}

func TestFileThatCannotBeUnderstoodLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.json")
	s := NewFile(path)
	for content, want := range map[string]string{
		"": "not the JSON",
		"{\n\"schema\": \"ngapi.secrets/v1\",\n\"secrets\": {\"prod\": \"" + canary + "\" oops": path + ":3: this is not the JSON",
		canary:                                  "not the JSON",
		"null":                                  "not the JSON",
		`["` + canary + `"]`:                    "not the JSON",
		`{"secrets":{"prod":"` + canary + `"}}`: "no schema",
		`{"schema":"ngapi.secrets/v2","secrets":{"prod":"` + canary + `"}}`:   "another version",
		`{"schema":"` + canary + `","secrets":{"prod":"` + canary + `"}}`:     "no schema",
		`{"schema":"ngapi.secrets/v1","secrets":"` + canary + `"}`:            "not a list",
		`{"schema":"ngapi.secrets/v1","secrets":{"prod":["` + canary + `"]}}`: "the entry prod",
	} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := s.Get(t.Context(), "prod")
		if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), want) || leaks(err.Error()) {
			t.Errorf("%s: %v", content, err)
		}
		if strings.Contains(want, "entry") {
			continue
		}
		if err := s.Set(t.Context(), "other", New("abcd")); exit.Of(err) != exit.Usage || leaks(err.Error()) {
			t.Errorf("%s: Set: %v", content, err)
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != content {
			t.Errorf("%s: the file was changed: %s", content, after)
		}
	}
	if err := s.Set(t.Context(), "x", New("ab\xffcd")); exit.Of(err) != exit.Usage {
		t.Errorf("broken text: %v", err)
	}
}

func TestFileKeepsWhatItDoesNotKnow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.json")
	if err := os.WriteFile(path, []byte(`{"schema":"ngapi.secrets/v1","extra":{"a":[1,2]},"secrets":{"prod":"a b c d","Odd Name":{"x":1}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s := NewFile(path)
	if err := s.Set(t.Context(), "test", New("new one")); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(string(got)), "")
	if want := `{"extra":{"a":[1,2]},"schema":"ngapi.secrets/v1","secrets":{"OddName":{"x":1},"prod":"abcd","test":"newone"}}`; flat != want {
		t.Errorf("got %s", got)
	}
}

func TestParallelSetsLoseNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secrets.json")
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			s := NewFile(path) // as another process would have it
			for j := range 3 {
				if err := s.Set(t.Context(), fmt.Sprintf("n%d-%d", i, j), New(fmt.Sprint("secret ", i, j))); err != nil {
					t.Error(err)
				}
				if _, err := s.Get(t.Context(), fmt.Sprintf("n%d-%d", i, j)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for i := range 12 {
		for j := range 3 {
			if v, err := NewFile(path).Get(t.Context(), fmt.Sprintf("n%d-%d", i, j)); err != nil || v.Reveal() != fmt.Sprint("secret ", i, j) {
				t.Errorf("n%d-%d: %v", i, j, err)
			}
		}
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("litter: %v, %v", left, err)
	}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "prod.refresh")
	unlock, err := Lock(t.Context(), path, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(t.Context(), path, 15*time.Millisecond); exit.Of(err) != exit.Fault || !strings.Contains(err.Error(), "another ngapi") {
		t.Errorf("a second lock: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if _, err := Lock(ctx, path, time.Minute); exit.Of(err) != exit.Interrupted {
		t.Errorf("interrupted: %v", err)
	}
	unlock()
	again, err := Lock(t.Context(), path, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	again()
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 0 && runtime.GOOS != "windows" {
		t.Errorf("litter: %v, %v", left, err)
	}
}

// A process that was killed while it saved leaves a copy of all secrets behind;
// the next save removes it, and nothing else.
func TestLeftoversAreSwept(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".secrets.json.123.tmp", ".secrets.json.lock", ".other.json.1.tmp", "secrets.json.bak"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := NewFile(filepath.Join(dir, "secrets.json")).Set(t.Context(), "one", New("s-0123456789")); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, ".secrets.json.123.tmp")); err == nil {
		t.Error("the copy is still there")
	}
	for _, name := range []string{".other.json.1.tmp", "secrets.json.bak", "secrets.json"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// stuck is a keyring that never answers.
type stuck struct{ until chan struct{} }

func (s stuck) Get(string, string) (string, error) { <-s.until; return "", nil }
func (s stuck) Set(string, string, string) error   { <-s.until; return nil }
func (s stuck) Delete(string, string) error        { <-s.until; return nil }

// A keyring that hangs costs its limit once, not once a credential.
func TestAStuckKeyringIsWaitedForOnce(t *testing.T) {
	s := stuck{make(chan struct{})}
	defer close(s.until)
	k := NewKeyringIn(s, 20*time.Millisecond)
	begun := time.Now()
	for range 50 {
		if _, err := k.Get(t.Context(), "one"); !errors.Is(err, ErrNoStore) {
			t.Fatal(err)
		}
	}
	if took := time.Since(begun); took > 500*time.Millisecond {
		t.Errorf("50 questions took %v", took)
	}
}
