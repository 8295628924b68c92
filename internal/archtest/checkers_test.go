package archtest

import (
	"strings"
	"testing"
	"testing/fstest"
)

const example = "github.com/apionboard/ngapi"

func parse(t *testing.T, files map[string]string) tree {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	sources, err := load(fsys, example)
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// expect holds the findings against the beginnings of what they should say,
// in order; an empty list means that nothing may be found.
func expect(t *testing.T, got []finding, want ...string) {
	t.Helper()
	for _, f := range got {
		t.Log(f)
	}
	if len(got) != len(want) {
		t.Fatalf("%d findings, want %d: %q", len(got), len(want), want)
	}
	for i := range want {
		if !strings.HasPrefix(string(got[i]), want[i]) {
			t.Errorf("finding %d is %q, want it to begin with %q", i, got[i], want[i])
		}
	}
}

// A sample is a handful of files and what a checker must say about them.
type sample struct {
	name  string
	files map[string]string
	want  []string
}

func run(t *testing.T, check func(tree) []finding, samples []sample) {
	t.Helper()
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) { expect(t, check(parse(t, s.files)), s.want...) })
	}
}

func one(name, text string) map[string]string { return map[string]string{name: text} }

func imports(pkg string, paths ...string) string {
	s := "package " + pkg + "\n"
	for _, p := range paths {
		s += "import _ \"" + p + "\"\n"
	}
	return s
}

func TestCheckLayers(t *testing.T) {
	ours := func(p string) string { return example + "/" + p }
	run(t, func(s tree) []finding { return checkLayers(s, rooms()) }, []sample{
		{"downwards", one("internal/cli/plan.go", imports("cli", ours("internal/onboarding/plan"), ours("internal/terminal/ask"))), nil},
		{"below cli", one("internal/cli/routes/x.go", imports("routes", ours("internal/routes/scope"))), nil},
		{
			"upwards", one("internal/onboarding/trait/x.go", imports("trait", "fmt", ours("internal/onboarding/rulebook"))),
			[]string{"internal/onboarding/trait -> internal/onboarding/rulebook (internal/onboarding/trait/x.go:3): not allowed"},
		},
		{
			"sideways", one("internal/onboarding/plan/x.go", imports("plan", ours("internal/onboarding/readiness"))),
			[]string{"internal/onboarding/plan -> internal/onboarding/readiness"},
		},
		{
			"other wing", one("internal/routes/scope/x.go", imports("scope", ours("internal/onboarding/trait"))),
			[]string{"internal/routes/scope -> internal/onboarding/trait"},
		},
		{
			"report may escape, not ask", one("internal/report/x.go", imports("report", ours("internal/terminal"), ours("internal/terminal/ask"))),
			[]string{"internal/report -> internal/terminal/ask (internal/report/x.go:3)"},
		},
		{
			"test helpers in the program", one("internal/store/x.go", imports("store", ours("internal/testkit"))),
			[]string{"internal/store -> internal/testkit"},
		},
		{"test helpers in a test", one("internal/store/x_test.go", imports("store", ours("internal/testkit"))), nil},
		{
			"unknown room", one("internal/onboarding/extra/x.go", "package extra"),
			[]string{"internal/onboarding/extra has no room: add a line"},
		},
		{
			"root package", one("x.go", "package ngapi"),
			[]string{". has no room"},
		},
	})
}

func TestCheckMatrix(t *testing.T) {
	expect(t, checkPureRooms([]room{{path: "a", pure: true, may: []string{"b", "c"}}, {path: "b", pure: true}, {path: "c"}}),
		"rooms(): a is pure and may not import c")
	expect(t, checkWings([]room{{path: "internal/routes/scope", may: []string{"internal/routes/route", "internal/terminal/..."}}}),
		"rooms(): internal/routes/scope may import internal/terminal/...")
}

func TestCheckPure(t *testing.T) {
	check := func(s tree) []finding { return checkPure(s, rooms(), impure(), pureLibraries()) }
	run(t, check, []sample{
		{"computes", one("internal/onboarding/rulebook/x.go", imports("rulebook", "embed", "io", "io/fs", "net/url", "time", "go.yaml.in/yaml/v3")), nil},
		{
			"touches the world", one("internal/routes/route/x.go", imports("route", "os", "net/http/httptest", "path/filepath", "log/slog", "crypto/rand")),
			[]string{
				"internal/routes/route -> os (internal/routes/route/x.go:2): the package is pure",
				"internal/routes/route -> net/http/httptest", "internal/routes/route -> path/filepath",
				"internal/routes/route -> log/slog", "internal/routes/route -> crypto/rand",
			},
		},
		{
			"framework", one("internal/onboarding/plan/x.go", imports("plan", "github.com/spf13/cobra")),
			[]string{"internal/onboarding/plan -> github.com/spf13/cobra"},
		},
		{"adapter", one("internal/store/x.go", imports("store", "os")), nil},
		{"test of a pure package", one("internal/routes/route/x_test.go", imports("route", "os")), nil},
	})
}

func TestCheckOwners(t *testing.T) {
	run(t, func(s tree) []finding { return checkOwners(s, owners()) }, []sample{
		{"at home", map[string]string{
			"internal/settings/x.go":         imports("settings", "github.com/spf13/viper"),
			"internal/terminal/ask/x.go":     imports("ask", "github.com/charmbracelet/huh", "github.com/charmbracelet/bubbletea"),
			"internal/credentials/flow/x.go": imports("flow", "golang.org/x/oauth2/clientcredentials"),
			"internal/documents/x.go":        imports("documents", "github.com/xuri/excelize/v2"),
			"internal/cli/routes/x.go":       imports("routes", "github.com/spf13/cobra"),
			"internal/tools/gendocs/main.go": imports("main", "github.com/spf13/cobra/doc"),
			"internal/report/x_test.go":      imports("report", "github.com/google/go-cmp/cmp"),
		}, nil},
		{"viper", one("internal/cli/x.go", imports("cli", "github.com/spf13/viper")), []string{"internal/cli -> github.com/spf13/viper"}},
		{"huh", one("internal/terminal/x.go", imports("terminal", "github.com/charmbracelet/huh/spinner")), []string{"internal/terminal -> github.com/charmbracelet/huh/spinner"}},
		{"bubbletea", one("internal/cli/x.go", imports("cli", "github.com/charmbracelet/bubbletea")), []string{"internal/cli -> "}},
		{"oauth2", one("internal/credentials/check/x.go", imports("check", "golang.org/x/oauth2")), []string{"internal/credentials/check -> "}},
		{"excelize", one("internal/routes/catalog/x.go", imports("catalog", "github.com/xuri/excelize/v2")), []string{"internal/routes/catalog -> "}},
		{"cobra", one("internal/report/x.go", imports("report", "github.com/spf13/cobra")), []string{"internal/report -> "}},
		{"tests only", one("internal/store/x.go", imports("store", "github.com/creack/pty", "testing")), []string{
			"internal/store -> github.com/creack/pty (internal/store/x.go:2): only internal/testkit", "internal/store -> testing",
		}},
	})
}

func TestCheckUses(t *testing.T) {
	outside := `package x
import (
	"fmt"
	clock "time"
	"os"
)
func f() {
	_ = clock.Now()
	fmt.Println(os.Getenv("A"))
	fmt.Fprintln(os.Stderr)
	os.Exit(1)
}
`
	check := func(s tree) []finding { return checkUses(s, uses()) }
	run(t, check, []sample{
		{"main", one("cmd/ngapi/main.go", outside), nil},
		{"test", one("internal/cli/x_test.go", outside), nil},
		{"elsewhere", one("internal/cli/x.go", outside), []string{
			"internal/cli/x.go:8: time.Now only in cmd/ngapi; take the clock",
			"internal/cli/x.go:9: fmt.Println only in", "internal/cli/x.go:9: os.Getenv only in",
			"internal/cli/x.go:10: os.Stderr only in", "internal/cli/x.go:11: os.Exit only in",
		}},
		{"settings", one("internal/settings/x.go", outside), []string{
			"internal/settings/x.go:8: time.Now", "internal/settings/x.go:11: os.Exit",
		}},
		{"as a value", one("internal/cli/x.go", "package x\nimport \"time\"\ntype c struct{ now func() time.Time }\nfunc f() c { return c{time.Now} }"), []string{"internal/cli/x.go:4: time.Now"}},
		{"a variable of that name", one("internal/cli/x.go", "package x\nimport \"time\"\nvar _ time.Time\nfunc f(time interface{ Now() int }) int { return time.Now() }"), nil},
		{"dot import", one("internal/cli/x.go", "package x\nimport . \"os\"\nfunc f() { Exit(1) }"), []string{"internal/cli/x.go:2: a dot import"}},
	})
}

func TestCheckInits(t *testing.T) {
	run(t, checkInits, []sample{
		{"method", one("a/x.go", "package a\ntype t int\nfunc (t) init() {}"), nil},
		{"function", one("a/x.go", "package a\nfunc init() {}"), []string{"a/x.go:2: no init"}},
	})
}

func TestCheckVariables(t *testing.T) {
	check := func(s tree) []finding { return checkVariables(s, variables(), builtOnce()) }
	run(t, check, []sample{
		{"by shape", one("internal/store/x.go", `package store
import ("embed"; "errors"; "fmt"; "io"; "regexp"; "sync")
var ErrLocked = errors.New("locked")
var errGone, ErrOld = fmt.Errorf("gone"), errors.New("old")
//go:embed data
var files embed.FS
var (
	//go:embed a.csv
	table string
	word = regexp.MustCompile("a")
	rows = sync.OnceValue(func() int { return 1 })
	rows2 = sync.OnceValues[int, error](nil)
)
var _ io.Reader = (*r)(nil)
const limit = 3
func f() { var local = 1; _ = local }
`), nil},
		{"by name", map[string]string{
			"internal/buildinfo/x.go":      "package buildinfo\nvar version, commit, date string",
			"internal/terminal/quiet/x.go": "package quiet\nvar Answered = settle()",
		}, nil},
		{"state", one("internal/store/x.go", `package store
var count int
var table = map[string]int{}
var Errors = errors.New("x")
var errKind = kind()
//go:embed data
var (
	hidden string
)
var _ = register()
`), []string{
			"internal/store/x.go:2: package variable count", "internal/store/x.go:3: package variable table",
			"internal/store/x.go:5: package variable errKind",
			"internal/store/x.go:8: package variable hidden", "internal/store/x.go:10: package variable _",
		}},
		{"another name in an excepted package", one("internal/buildinfo/x.go", "package buildinfo\nvar cache string"), []string{"internal/buildinfo/x.go:2: package variable cache"}},
	})
}

func TestCheckDocs(t *testing.T) {
	run(t, checkDocs, []sample{
		{"stated in one of two files", map[string]string{"a/x.go": "package a", "a/doc.go": "// Package a counts.\npackage a"}, nil},
		{"command", one("cmd/ngapi/main.go", "// Command ngapi guides.\npackage main"), nil},
		{"tests only", one("a/x_test.go", "package a"), nil},
		{"missing", one("a/x.go", "package a"), []string{"a: no package comment"}},
		{"about something else", one("a/x.go", "// Copyright somebody.\npackage a"), []string{"a: no package comment"}},
		{"only in a test", map[string]string{"a/x.go": "package a", "a/x_test.go": "// Package a counts.\npackage a"}, []string{"a: no package comment"}},
	})
}

func TestCheckNames(t *testing.T) {
	run(t, func(s tree) []finding { return checkNames(s, vagueNames()) }, []sample{
		{"telling", one("internal/store/x.go", "package store"), nil},
		{"vague directory", one("internal/util/x.go", "package util"), []string{`internal/util: "util"`}},
		{"vague package", one("internal/store/x.go", "package types"), []string{`internal/store/x.go: package name "types"`}},
	})
}

func TestCheckLeftovers(t *testing.T) {
	run(t, checkLeftovers, []sample{
		{"words that contain it", one("a/x.go", "package a // TODOS are not notes"), nil},
		{"test", one("a/x_test.go", "package a // TODO later"), nil},
		{"note", one("a/x.go", "package a\n// FIXME later"), []string{"a/x.go:2: FIXME"}},
		{"context", one("a/x.go", "package a\nfunc f() { g(context.TODO()) }"), []string{"a/x.go:2: TODO"}},
	})
}

func TestCheckLibraries(t *testing.T) {
	run(t, func(s tree) []finding { return checkLibraries(s, direct()) }, []sample{
		{"known", one("internal/cli/x.go", imports("cli", "fmt", example+"/internal/exit", "github.com/spf13/cobra/doc")), nil},
		{"new", one("internal/cli/x_test.go", imports("cli", "github.com/stretchr/testify/assert")), []string{"internal/cli -> github.com/stretchr/testify/assert"}},
		{"a longer name", one("internal/cli/x.go", imports("cli", "github.com/spf13/cobra2")), []string{"internal/cli -> github.com/spf13/cobra2"}},
	})
}

func TestCheckQuiet(t *testing.T) {
	const quiet = example + "/internal/terminal/quiet"
	run(t, checkQuiet, []sample{
		{"in place", map[string]string{
			"internal/terminal/quiet/x.go": imports("quiet", "github.com/charmbracelet/lipgloss"),
			"internal/terminal/ask/x.go":   imports("ask", quiet),
		}, nil},
		{"too late", one("internal/terminal/quiet/x.go", imports("quiet", "github.com/charmbracelet/huh")), []string{"internal/terminal/quiet -> github.com/charmbracelet/huh"}},
		{"left out", one("internal/terminal/ask/x.go", "package ask"), []string{"nobody imports internal/terminal/quiet"}},
	})
	moved := parse(t, one("internal/terminal/quiet/x.go", "package quiet"))
	moved.module = "go.example.org/ngapi"
	expect(t, checkQuiet(moved), "module path go.example.org/ngapi sorts after")
}

func TestLoadLeavesOut(t *testing.T) {
	sources := parse(t, map[string]string{
		"a/x.go": "package a", "a/testdata/y.go": "not Go", "b/go.mod": "module b", "b/c/x.go": "package c", ".ci/x.go": "package ci",
	})
	if len(sources.pkgs) != 1 || sources.pkgs[0].dir != "a" {
		t.Errorf("loaded %v, want only a", sources.pkgs)
	}
	if _, err := load(fstest.MapFS{"a/x.go": {Data: []byte("pakcage a")}}, example); err == nil {
		t.Error("a file that does not parse must be an error")
	}
}

func TestCheckManifest(t *testing.T) {
	m, err := readManifest(`module github.com/apionboard/ngapi

go 1.26.0

require github.com/spf13/cobra v1.10.2

require (
	github.com/spf13/viper v1.21.0 // the settings
	github.com/new/thing v1.0.0
	github.com/deep/down v1.0.0 // indirect
)

replace github.com/spf13/viper => ../viper
exclude (
	github.com/spf13/viper v1.0.0
)
`)
	if err != nil {
		t.Fatal(err)
	}
	if m.module != example || len(m.requires) != 4 {
		t.Errorf("read %+v", m)
	}
	expect(t, checkManifest(m, direct()), "go.mod: github.com/new/thing is a new", "go.mod: replace ", "go.mod: exclude ")
	if _, err := readManifest("module"); err == nil {
		t.Error("a directive without a value must be an error")
	}
}

func TestCheckRoot(t *testing.T) {
	must, may := []string{"cmd", "go.mod"}, []string{".ci"}
	expect(t, checkRoot([]string{"cmd", "go.mod", ".ci"}, must, may))
	expect(t, checkRoot([]string{"cmd", "notes.txt"}, must, may), "the root lacks go.mod", "the root holds notes.txt")
}
