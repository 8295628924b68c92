package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/apionboard/ngapi/internal/buildinfo"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/terminal"
	"github.com/apionboard/ngapi/internal/testkit"
	"github.com/apionboard/ngapi/internal/testkit/ehr"
)

const (
	authCanary = "c4nary-0123456789abcdef"
	authSite   = "9a9a9a9a-1111-4222-8333-555555555555"
)

// ring is a keyring in memory; with broken set every call fails as it does where
// there is none.
type ring struct {
	entries map[string]string
	broken  bool
}

var errNoRing = errors.New("no such interface")

func (r *ring) Get(service, user string) (string, error) {
	if r.broken {
		return "", errNoRing
	}
	v, ok := r.entries[service+"/"+user]
	if !ok {
		return "", keyring.ErrNotFound
	}
	return v, nil
}

func (r *ring) Set(service, user, password string) error {
	if r.broken {
		return errNoRing
	}
	r.entries[service+"/"+user] = password
	return nil
}

func (r *ring) Delete(service, user string) error {
	if r.broken {
		return errNoRing
	}
	if _, ok := r.entries[service+"/"+user]; !ok {
		return keyring.ErrNotFound
	}
	delete(r.entries, service+"/"+user)
	return nil
}

// clerk runs commands for one user, one after the other.
type clerk struct {
	t      *testing.T
	ring   *ring
	home   string
	config string // another folder than home, which is not searched for the canary
	env    map[string]string
	base   string
}

func newClerk(t *testing.T, server *httptest.Server) *clerk {
	return &clerk{t: t, ring: &ring{entries: map[string]string{}}, home: t.TempDir(), env: map[string]string{}, base: server.URL}
}

// run runs one command line and returns what it printed; the canary is in
// neither, nor in any file but the store that was asked for.
func (c *clerk) run(args ...string) (exit.Code, string, string) {
	c.t.Helper()
	var out, errs bytes.Buffer
	env := func(name string) string {
		if name == "NGAPI_CONFIG_DIR" {
			return cmp.Or(c.config, c.home)
		}
		return c.env[name]
	}
	code := Run(c.t.Context(), World{
		Streams: terminal.Streams{In: strings.NewReader(""), Out: &out, Err: &errs, Env: env},
		Env:     env, Today: func() string { return "2026-11-25" }, Now: time.Now, Dial: testkit.DialLoopback, Keyring: c.ring,
		Build: buildinfo.Info{Version: "0.0.0-test"},
	}, args)
	if strings.Contains(out.String()+errs.String(), authCanary) {
		c.t.Errorf("%v shows the secret:\n%s%s", args, out.String(), errs.String())
	}
	files, err := os.ReadDir(c.home)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(c.home, f.Name()))
		if err != nil {
			c.t.Fatal(err)
		}
		if f.Name() != "secrets.json" && bytes.Contains(data, []byte(authCanary)) {
			c.t.Errorf("%s holds the secret", f.Name())
		}
	}
	return code, out.String(), errs.String()
}

func (c *clerk) login(more ...string) (exit.Code, string, string) {
	c.t.Helper()
	return c.run(append([]string{"auth", "login", "clinic-a-test", "--flow", "gsa", "--environment", "test", "--client-id", "app-0123456789", "--site-id", authSite,
		"--token-url", c.base + ehr.OAuthMount + "/token", "--api-base", c.base + ehr.EnterpriseMount}, more...)...)
}

func TestLoginStoresInTheKeyring(t *testing.T) {
	c := newClerk(t, ehr.Start(t))
	c.env["NGAPI_CLIENT_SECRET"] = authCanary
	code, out, errs := c.login("--enterprise-id", "00001", "--practice-id", "0001")
	if code != exit.OK || !strings.Contains(out, "ACCEPTED") || !strings.Contains(errs, "Stored as clinic-a-test") {
		t.Fatalf("%d\n%s%s", code, out, errs)
	}
	if c.ring.entries["ngapi/clinic-a-test.secret"] != authCanary || len(c.ring.entries) != 1 {
		t.Errorf("the keyring has %d entries", len(c.ring.entries))
	}
	delete(c.env, "NGAPI_CLIENT_SECRET")
	if code, out, _ = c.run("auth", "check", "clinic-a-test"); code != exit.OK || !strings.Contains(out, "from the keyring") {
		t.Errorf("check: %d\n%s", code, out)
	}
	code, out, _ = c.run("auth", "status", "--json")
	var status struct {
		Credentials []struct {
			Name, Secret, Site, EnterpriseID string
			Usable                           bool
		}
	}
	if err := json.Unmarshal([]byte(out), &status); err != nil || code != exit.OK || len(status.Credentials) != 1 {
		t.Fatalf("status: %d %v\n%s", code, err, out)
	}
	if one := status.Credentials[0]; !one.Usable || one.Secret != "keyring" || one.Site != "...5555" || one.EnterpriseID != "00001" {
		t.Errorf("status: %+v", one)
	}
	c.ring.broken = true
	if code, out, _ = c.run("auth", "check", "clinic-a-test"); code != exit.SignIn || !strings.Contains(out, "store.keyring") || !strings.Contains(out, "next: unlock or start the keyring") {
		t.Errorf("check with a broken keyring: %d\n%s", code, out)
	}
	if code, out, _ = c.run("auth", "status"); code != exit.SignIn || !strings.Contains(out, "NOT USABLE") || strings.Contains(out, "auth login clinic") {
		t.Errorf("status with a broken keyring: %d\n%s", code, out)
	}
	if code, _, _ = c.run("auth", "logout", "clinic-a-test"); code == exit.OK {
		t.Error("logout says yes although the secret is still in the keyring")
	}
	c.ring.broken = false
	if code, out, _ = c.run("auth", "logout", "clinic-a-test"); code != exit.OK || len(c.ring.entries) != 0 {
		t.Errorf("logout: %d, %d entries left\n%s", code, len(c.ring.entries), out)
	}
	if code, out, _ = c.run("auth", "status"); code != exit.SignIn || !strings.Contains(out, "No credential is stored") {
		t.Errorf("status after logout: %d\n%s", code, out)
	}
}

// A login that cannot be stored ends with 2, keeps nothing and asks nothing.
func TestLoginWithoutAKeyring(t *testing.T) {
	server := ehr.Start(t)
	c := newClerk(t, server)
	c.env["NGAPI_CLIENT_SECRET"] = authCanary
	c.ring.broken = true
	code, _, errs := c.login()
	if code != exit.Usage || !strings.Contains(errs, "--store file") {
		t.Errorf("%d\n%s", code, errs)
	}
	if files, err := os.ReadDir(c.home); err != nil || len(files) != 0 {
		t.Errorf("%d files are left (%v)", len(files), err)
	}
	code, out, errs := c.login("--store", "file")
	if code != exit.OK {
		t.Fatalf("%d\n%s%s", code, out, errs)
	}
	info, err := os.Stat(filepath.Join(c.home, "secrets.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("secrets.json: %v %v", info, err)
	}
	delete(c.env, "NGAPI_CLIENT_SECRET")
	if code, out, _ = c.run("auth", "check"); code != exit.OK || !strings.Contains(out, "from secrets.json") {
		t.Errorf("check: %d\n%s", code, out)
	}
	if _, out, _ = c.run("auth", "status"); !strings.Contains(out, "plain text in secrets.json") {
		t.Errorf("status does not say that the store is a plain file:\n%s", out)
	}
}

// What is refused is not stored, and a stored credential keeps what it had.
func TestRefusedLoginStoresNothing(t *testing.T) {
	c := newClerk(t, ehr.Start(t))
	c.env["NGAPI_CLIENT_SECRET"] = authCanary
	if code, out, errs := c.login("--store", "file"); code != exit.OK {
		t.Fatalf("%d\n%s%s", code, out, errs)
	}
	before, err := os.ReadFile(filepath.Join(c.home, "credentials.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	code, _, errs := c.login("--store", "file", "--client-id", "another-app", "--token-url", c.base+"/nowhere/token")
	if code != exit.Usage || !strings.Contains(errs, "Nothing was stored") {
		t.Errorf("%d\n%s", code, errs)
	}
	after, err := os.ReadFile(filepath.Join(c.home, "credentials.yaml"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the stored credential changed (%v):\n%s", err, after)
	}
}

// Reports of what servers say today are dated today.
func TestLiveReportsAreDatedToday(t *testing.T) {
	c := newClerk(t, ehr.Start(t))
	if code, _, errs := c.run("auth", "check", "--flow", "gsa", "--as-of", "2026-01-01"); code != exit.Usage || !strings.Contains(errs, "--offline") {
		t.Errorf("%d\n%s", code, errs)
	}
}
