// Package drive runs the built ngapi binary as a user would, in an environment
// that holds nothing of the machine's own: an empty home folder, no keyring, and
// proxies that refuse and count whatever would leave this machine. It plays the
// browser, and it looks for secrets in everything that the binary wrote.
package drive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/e2e/loopback"
)

// limit is how long one run may take; a run that hangs is a finding.
const limit = 30 * time.Second

// A Home is an empty home folder with a work folder in it.
type Home struct {
	Dir  string
	Work string
}

// NewHome makes one for the time of the test.
func NewHome(t testing.TB) *Home {
	t.Helper()
	h := &Home{Dir: t.TempDir()}
	h.Work = filepath.Join(h.Dir, "work")
	if err := os.MkdirAll(h.Work, 0o700); err != nil {
		t.Fatal(err)
	}
	return h
}

// A Run is one call of the binary.
type Run struct {
	Binary string
	Home   *Home // nil: an empty one
	Args   []string
	Env    map[string]string // beside the clean environment; "" takes one away
	Stdin  string
	// Talk, where set, plays the person: it gets every address that is printed on
	// stderr and fits Address, and returns the line to type on stdin; "" types
	// nothing. Without Address, it gets those of an authorization server.
	Talk    func(address string) string
	Address *regexp.Regexp
	// Started, where set, gets the process once it runs.
	Started func(*os.Process)
	// Foreign lists hosts, all under .invalid, that may stand in arguments.
	Foreign []string
}

// A Result is what came of a run.
type Result struct {
	Code           int
	Stdout, Stderr string
	Took           time.Duration
	Home           *Home
	Report         Report // of -o json; zero where stdout is none
	Fence          *loopback.Proxy
}

// Report is ngapi.auth/v1.
type Report struct {
	Schema   string  `json:"schema"`
	Verdict  string  `json:"verdict"`
	ExitCode int     `json:"exitCode"`
	Flow     string  `json:"flow"`
	Checks   []Check `json:"checks"`
}

// Check is one entry of a report.
type Check struct {
	ID       string          `json:"id"`
	Status   string          `json:"status"`
	Severity string          `json:"severity"`
	Summary  string          `json:"summary"`
	Hint     string          `json:"hint"`
	Evidence json.RawMessage `json:"evidence"`
	Standard string          `json:"standard"`
}

// Check returns the checks with the id.
func (r Report) Check(id string) []Check {
	var found []Check
	for _, c := range r.Checks {
		if c.ID == id {
			found = append(found, c)
		}
	}
	return found
}

// Words returns every summary and hint that is no plain pass, in lower case.
func (r Report) Words() string {
	var b strings.Builder
	for _, c := range r.Checks {
		if c.Status != "pass" && c.Status != "skip" {
			b.WriteString(strings.ToLower(c.ID + ": " + c.Summary + " | " + c.Hint + " | " + string(c.Evidence) + "\n"))
		}
	}
	return b.String()
}

// Do runs the binary to its end. It fails the test where an argument names
// another machine, or where a request tried to leave this one.
func Do(t testing.TB, r Run) Result {
	t.Helper()
	if r.Home == nil {
		r.Home = NewHome(t)
	}
	refuseForeign(t, r)
	fence := loopback.NewProxy(t, loopback.ProxyRule{})
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.Binary, r.Args...)
	cmd.Dir = r.Home.Work
	cmd.Env = environment(r, fence.URL)
	cmd.WaitDelay = time.Second
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	stderr := &listener{pattern: r.Address}
	cmd.Stderr = stderr
	if r.Talk != nil {
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		stderr.hear = func(address string) {
			if line := r.Talk(address); line != "" {
				_, _ = io.WriteString(in, line+"\n")
			}
		}
	} else {
		cmd.Stdin = strings.NewReader(r.Stdin)
	}
	begin := time.Now()
	err := cmd.Start()
	if err == nil {
		if r.Started != nil {
			r.Started(cmd.Process)
		}
		err = cmd.Wait()
	}
	result := Result{Stdout: stdout.String(), Stderr: stderr.text.String(), Took: time.Since(begin), Home: r.Home, Fence: fence}
	var exited *exec.ExitError
	switch {
	case ctx.Err() != nil:
		t.Fatalf("ngapi %s did not end within %s\nstderr: %s", strings.Join(r.Args, " "), limit, result.Stderr)
	case errors.As(err, &exited):
		result.Code = exited.ExitCode()
	case err != nil:
		t.Fatal(err)
	}
	// stdout may be text; whoever needs the report looks at its schema.
	_ = json.Unmarshal(stdout.Bytes(), &result.Report)
	if asked := fence.Asked(); len(asked) > 0 && len(r.Foreign) == 0 {
		t.Errorf("a request tried to leave this machine: %s", asked)
	}
	return result
}

// environment is all that the binary sees.
func environment(r Run, fence string) []string {
	set := map[string]string{
		"HOME":                     r.Home.Dir,
		"USERPROFILE":              r.Home.Dir,
		"XDG_CONFIG_HOME":          filepath.Join(r.Home.Dir, "config"),
		"XDG_STATE_HOME":           filepath.Join(r.Home.Dir, "state"),
		"XDG_DATA_HOME":            filepath.Join(r.Home.Dir, "data"),
		"XDG_CACHE_HOME":           filepath.Join(r.Home.Dir, "cache"),
		"XDG_RUNTIME_DIR":          filepath.Join(r.Home.Dir, "run"),
		"TMPDIR":                   r.Home.Dir,
		"PATH":                     r.Home.Dir,
		"LC_ALL":                   "C.UTF-8",
		"DBUS_SESSION_BUS_ADDRESS": "unix:path=" + filepath.Join(r.Home.Dir, "no-bus"),
		"HTTP_PROXY":               fence, "HTTPS_PROXY": fence,
	}
	for name, value := range r.Env {
		set[name] = value
	}
	var list []string
	for name, value := range set {
		if value != "" {
			list = append(list, name+"="+value)
		}
	}
	return list
}

// refuseForeign fails where an address of another machine stands in a run.
func refuseForeign(t testing.TB, r Run) {
	t.Helper()
	texts := append([]string(nil), r.Args...)
	for _, value := range r.Env {
		texts = append(texts, value)
	}
	for _, text := range texts {
		for _, found := range regexp.MustCompile(`https?://[^\s"']+`).FindAllString(text, -1) {
			u, err := url.Parse(found)
			if err != nil {
				t.Fatalf("%q is no address", found)
			}
			if loopback.IsLoopback(u.Host) || allowed(u.Hostname(), r.Foreign) {
				continue
			}
			t.Fatalf("%s is another machine; a test asks loopback addresses only", u.Host)
		}
	}
}

// allowed hosts end in .invalid, which no resolver knows (RFC 6761).
func allowed(host string, list []string) bool {
	for _, one := range list {
		if host == one && strings.HasSuffix(one, ".invalid") {
			return true
		}
	}
	return false
}

// listener keeps stderr and tells of each address in it once.
type listener struct {
	text    bytes.Buffer
	pattern *regexp.Regexp
	hear    func(address string)
	told    map[string]bool
}

func (l *listener) Write(b []byte) (int, error) {
	l.text.Write(b)
	if l.hear == nil {
		return len(b), nil
	}
	if l.told == nil {
		l.told = map[string]bool{}
	}
	if l.pattern == nil {
		l.pattern = regexp.MustCompile(`https?://\S+response_type=code\S*`)
	}
	// A line that has not ended may hold half an address.
	whole := l.text.String()
	whole = whole[:strings.LastIndexByte(whole, '\n')+1]
	for _, address := range l.pattern.FindAllString(whole, -1) {
		if !l.told[address] {
			l.told[address] = true
			l.hear(address)
		}
	}
	return len(b), nil
}
