package testkit

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// A silentT runs a script without failing the test that it stands in for.
type silentT struct {
	log    *strings.Builder
	failed *bool
}

type stop struct{}

func (s silentT) Parallel()     {}
func (s silentT) Verbose() bool { return false }
func (s silentT) Log(a ...any)  { fmt.Fprintln(s.log, a...) }
func (s silentT) Skip(...any)   { panic(stop{}) }
func (s silentT) FailNow()      { *s.failed = true; panic(stop{}) }
func (s silentT) Fatal(a ...any) {
	s.Log(a...)
	s.FailNow()
}

func (s silentT) Run(_ string, f func(testscript.T)) {
	defer func() {
		if p := recover(); p != nil && p != any(stop{}) {
			panic(p)
		}
	}()
	f(s)
}

// TestCommandsCanFail shows that each assertion notices what it is there for.
func TestCommandsCanFail(t *testing.T) {
	for line, want := range map[string]string{
		"exitcode 0 ngapi exit 3":                "exit code 3, want 0",
		"exitcode 3 ngapi exit 0":                "exit code 0, want 3",
		"exitcode three ngapi exit 3":            `"three" is not a number`,
		"exitcode 1 nosuchprogram":               "nosuchprogram",
		"! exitcode 0 ngapi exit 3":              "usage: exitcode",
		"json bad.json":                          "not JSON",
		"json two.json":                          "something follows it",
		"json doc.json b":                        `no "b" at step 1`,
		"json doc.json a 2":                      "a is 1, want 2",
		"! json doc.json a":                      "a is 1",
		"! json doc.json a 1":                    "a is 1",
		"! json doc.json":                        "usage: json",
		"notin doc.json canary-value":            `holds "canary-value"`,
		"notin . canary-value":                   `holds "canary-value"`,
		"notin base64.txt s3cret-value":          `holds "s3cret-value" as`,
		"notin nowhere.txt canary-value":         "nowhere.txt",
		"! notin doc.json other":                 "usage: notin",
		"ngapi exit 0":                           "use 'exec ngapi'",
		"exec ngapi exit 3":                      "unexpected command failure",
		"exitcode 0 ngapi say x\nstdout '^y$'":   "no match",
		"exitcode 0 ngapi say x\nnotin stdout x": `holds "x"`,
	} {
		t.Run(line, func(t *testing.T) {
			script := line + `
-- doc.json --
{"a":1,"note":"canary-value"}
-- bad.json --
{
-- two.json --
{}
{}
-- base64.txt --
Basic Y2xpZW50OnMzY3JldC12YWx1ZQ==
`
			file := filepath.Join(t.TempDir(), "x.txtar")
			if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			var log strings.Builder
			failed := false
			testscript.RunT(silentT{&log, &failed}, testscript.Params{
				Files: []string{file}, Setup: setup, Cmds: commands(), RequireExplicitExec: true,
			})
			if !failed || !strings.Contains(log.String(), want) {
				t.Errorf("failed %v, want a failure that says %q; log:\n%s", failed, want, &log)
			}
		})
	}
}
