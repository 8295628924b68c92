package archtest

// A room is one package or, with a trailing "/...", a package and all below
// it. The most exact entry that fits a package is its room.
type room struct {
	path string   // relative to the root of the module
	may  []string // what it may import of this module, in the same notation
	pure bool     // no operating system, network, clock, streams or frameworks
}

// Groups that several rooms may use.
func onboarding() []string { return []string{"internal/onboarding/..."} }
func routes() []string     { return []string{"internal/routes/..."} }
func credentials() []string {
	return []string{"internal/credentials/..."}
}

// leaves know nothing of the house; everybody may use them.
func leaves() []string { return []string{"internal/exit", "internal/suggest"} }

func join(groups ...[]string) []string {
	var all []string
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// rooms is the layer matrix: the plan of the house. A package without a room
// fails the test; give it a line here, in the same change that adds it.
func rooms() []room {
	one := func(s ...string) []string { return s }
	return []room{
		{path: "cmd/ngapi", may: one("internal/cli", "internal/exit", "internal/buildinfo", "internal/terminal", "internal/terminal/quiet")},
		{path: "internal/cli/...", may: join(
			onboarding(), routes(), credentials(), leaves(),
			one("internal/cli/...", "internal/documents/...", "internal/report/...", "internal/store/...",
				"internal/settings", "internal/terminal/...", "internal/buildinfo"))},

		// Wing: the domain.
		{path: "internal/onboarding/trait", pure: true, may: leaves()},
		{path: "internal/onboarding/rulebook", pure: true, may: join(leaves(), one("internal/onboarding/trait"))},
		{path: "internal/onboarding/plan", pure: true, may: join(leaves(), one("internal/onboarding/trait", "internal/onboarding/rulebook"))},
		{path: "internal/onboarding/readiness", pure: true, may: join(leaves(), one("internal/onboarding/trait", "internal/onboarding/rulebook"))},

		// Wing: routes.
		{path: "internal/routes/route", pure: true, may: leaves()},
		{path: "internal/routes/catalog", pure: true, may: join(leaves(), one("internal/routes/route"))},
		{path: "internal/routes/scope", pure: true, may: join(leaves(), one("internal/routes/route", "internal/routes/catalog"))},
		{path: "internal/routes/scope/smart", pure: true, may: join(leaves(), one("internal/routes/route", "internal/routes/catalog", "internal/routes/scope"))},
		{path: "internal/routes/infer/...", pure: true, may: join(leaves(), one("internal/routes/route", "internal/routes/catalog", "internal/routes/infer/..."))},
		{path: "internal/routes/draft", pure: true, may: join(leaves(), one("internal/routes/route", "internal/routes/catalog", "internal/routes/scope", "internal/routes/infer"))},
		{path: "internal/routes/observe/...", may: join(leaves(), one("internal/routes/route", "internal/routes/catalog",
			"internal/routes/scope", "internal/routes/infer", "internal/routes/observe/..."))},

		// Wing: credentials. wire is the HTTP client that flow and check share.
		{path: "internal/credentials/secret/...", may: join(leaves(), one("internal/credentials/secret/...", "internal/filelock"))},
		{path: "internal/credentials/endpoint", may: leaves()},
		{path: "internal/credentials/wire", may: join(leaves(), one("internal/credentials/secret", "internal/credentials/endpoint"))},
		{path: "internal/credentials/flow", may: join(leaves(), one("internal/credentials/secret", "internal/credentials/endpoint",
			"internal/credentials/wire"))},
		{path: "internal/credentials/check", may: join(leaves(), one("internal/credentials/secret", "internal/credentials/endpoint",
			"internal/credentials/wire", "internal/credentials/flow"))},

		// Wing: the terminal. quiet imports nothing of the house, so that it is
		// ready to be initialised before any screen library.
		{path: "internal/terminal", may: one("internal/exit")},
		{path: "internal/terminal/ask", may: join(leaves(), one("internal/terminal", "internal/terminal/quiet"))},
		{path: "internal/terminal/quiet"},

		// Above the wings.
		{path: "internal/documents/...", may: join(onboarding(), routes(), leaves(), one("internal/documents/..."))},
		{path: "internal/report/...", may: join(onboarding(), routes(), credentials(), leaves(),
			one("internal/report/...", "internal/terminal", "internal/buildinfo"))},
		{path: "internal/store/...", may: join(leaves(), one("internal/store/...", "internal/filelock", "internal/onboarding/trait",
			"internal/onboarding/readiness", "internal/routes/route"))}, // readiness: the waivers and statements of a profile
		{path: "internal/settings", may: leaves()},

		// Leaves.
		{path: "internal/exit", pure: true},
		{path: "internal/suggest", pure: true},
		{path: "internal/buildinfo"},
		{path: "internal/filelock"},

		// Beside the program.
		{path: "internal/testkit", may: one("internal/onboarding/trait")},
		{path: "internal/testkit/ehr", may: one("internal/testkit")},
		{path: "internal/archtest"},
		{path: "internal/tools/gendocs", may: join(onboarding(), leaves(),
			one("internal/cli/...", "internal/report/...", "internal/buildinfo", "internal/terminal"))},
	}
}

// impure lists what a pure package may not import; a trailing "/..." covers
// what lies below. Packages that only compute (net/url, io/fs, embed) are free.
func impure() map[string]string {
	return map[string]string{
		"os/...":         "files, environment and signals belong to adapters",
		"net":            "the network belongs to adapters",
		"net/http/...":   "the network belongs to adapters",
		"net/smtp":       "the network belongs to adapters",
		"net/rpc/...":    "the network belongs to adapters",
		"syscall/...":    "the operating system belongs to adapters",
		"unsafe":         "there is no need for it",
		"plugin":         "there is no need for it",
		"flag":           "flags are translated in internal/cli",
		"log/...":        "return an error, do not log",
		"io/ioutil":      "files belong to adapters",
		"path/filepath":  "it differs by system and touches the disk; use path",
		"math/rand/...":  "randomness is a parameter",
		"crypto/rand":    "randomness is a parameter",
		"testing/...":    "tests stay in test files",
		"runtime/debug":  "build information comes from internal/buildinfo",
		"expvar":         "there is no need for it",
		"database/...":   "there is no need for it",
		"html/template":  "words are rendered in internal/report and internal/documents",
		"text/template":  "words are rendered in internal/report and internal/documents",
		"text/tabwriter": "words are rendered in internal/report and internal/documents",
	}
}

// pureLibraries are the only modules beside the standard library that a pure
// package may import.
func pureLibraries() []string {
	return []string{"go.yaml.in/yaml/v3", "github.com/agext/levenshtein"}
}

// An owner is a library that only some rooms may import in non-test code.
type owner struct {
	library string   // import path or the beginning of one, up to a slash
	rooms   []string // none: tests only
	why     string
}

func owners() []owner {
	ask := []string{"internal/terminal/ask"}
	commands := []string{"internal/cli/...", "internal/tools/gendocs"}
	kit := []string{"internal/testkit/..."}
	return []owner{
		{"github.com/spf13/viper", []string{"internal/settings"}, "one place reads configuration"},
		{"github.com/charmbracelet/huh", ask, "no type of it leaves the adapter"},
		{"charm.land/huh", ask, "no type of it leaves the adapter"},
		{"github.com/charmbracelet/bubbletea", ask, "its initialisation asks the terminal questions"},
		{"charm.land/bubbletea", ask, "its initialisation asks the terminal questions"},
		{"github.com/charmbracelet/bubbles", ask, "no type of it leaves the adapter"},
		{"github.com/charmbracelet/lipgloss", []string{"internal/terminal", "internal/terminal/ask", "internal/terminal/quiet"}, "one place knows colours"},
		{"github.com/charmbracelet/x/ansi", []string{"internal/terminal", "internal/terminal/ask"}, "one place measures text"},
		{"github.com/muesli/termenv", []string{"internal/terminal", "internal/terminal/ask"}, "one place knows colours"},
		{"golang.org/x/term", []string{"internal/terminal", "internal/terminal/ask"}, "one place knows the terminal"},
		{"github.com/go-json-experiment/json", []string{"internal/routes/observe/..."}, "one wing reads evidence as a stream"},
		{"golang.org/x/oauth2", []string{"internal/credentials/flow"}, "one place speaks OAuth2"},
		{"github.com/coreos/go-oidc", []string{"internal/credentials/flow"}, "one place verifies id tokens"},
		{"github.com/go-jose/go-jose", []string{"internal/credentials/flow"}, "one place signs assertions and reads keys"},
		{"github.com/zalando/go-keyring", []string{"internal/credentials/secret/..."}, "one place talks to the keyring, with a time limit"},
		{"github.com/cli/browser", []string{"internal/cli/..."}, "commands open browsers, nothing below them"},
		{"github.com/xuri/excelize", []string{"internal/documents/..."}, "one place reads and writes spreadsheets"},
		{"github.com/spf13/cobra", commands, "below the commands nobody knows about flags"},
		{"github.com/spf13/pflag", commands, "below the commands nobody knows about flags"},
		{"github.com/gofrs/flock", []string{"internal/filelock"}, "one place locks files"},
		{"github.com/natefinch/atomic", []string{"internal/store/...", "internal/credentials/secret/..."}, "one place replaces files"},
		{"github.com/rogpeppe/go-internal", kit, "tests only"},
		{"github.com/creack/pty", kit, "tests only"},
		{"github.com/google/go-cmp", kit, "tests only"},
		{"testing", kit, "tests only"},
	}
}

// A use is something of the standard library that only some rooms may touch.
type use struct {
	names []string // "import/path.Name"
	rooms []string
	why   string
}

func uses() []use {
	main := "cmd/ngapi"
	tools := "internal/tools/..."
	kit := "internal/testkit"
	return []use{
		{[]string{"os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln", "runtime.Goexit", "syscall.Exit"}, []string{main, tools, kit},
			"return an error of internal/exit; main ends the process"},
		{[]string{"os.Stdout", "os.Stderr", "os.Stdin", "fmt.Print", "fmt.Printf", "fmt.Println", "fmt.Scan", "fmt.Scanf", "fmt.Scanln",
			"log.Print", "log.Printf", "log.Println"}, []string{main, "internal/settings", tools, kit},
			"take the streams as parameters"},
		{[]string{"os.Getenv", "os.LookupEnv", "os.Environ", "os.ExpandEnv", "os.Setenv", "os.Unsetenv", "os.Clearenv", "syscall.Getenv"},
			[]string{main, "internal/settings", tools, kit},
			"take the environment as a parameter"},
		{[]string{"os.Args"}, []string{main, tools, kit}, "take the arguments as a parameter"},
		{[]string{"time.Now", "time.Since", "time.Until"}, []string{main}, "take the clock as a parameter"},
	}
}

// variables lists the package variables that are allowed by name, beside those
// whose shape allows them (see checkVariables).
func variables() map[string][]string {
	return map[string][]string{
		"internal/buildinfo":      {"version", "commit", "date"}, // set by the linker
		"internal/terminal/quiet": {"Answered"},                  // works by being initialised; see its package comment
		"internal/testkit":        {"update"},                    // a flag has to be registered before it is parsed
	}
}

// builtOnce are the functions whose result may be a package variable: tables
// that are compiled once and never change.
func builtOnce() []string {
	return []string{"sync.OnceValue", "sync.OnceValues", "sync.OnceFunc", "regexp.MustCompile"}
}

// rootMust and rootMay are the names in the root directory.
func rootMust() []string {
	return []string{"cmd", "internal", "completions", "man", ".goreleaser.yaml", "go.mod", "go.sum", "LICENSE", "README.md"}
}

func rootMay() []string {
	return []string{".ci", ".github", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs", ".pre-commit-hooks.yaml"}
}

// vagueNames say nothing about what a package is for.
func vagueNames() []string {
	return []string{"util", "utils", "common", "helper", "helpers", "types", "pkg", "misc", "shared", "base", "lib"}
}

// direct is the ceiling on dependencies: the modules that this one may ask for
// itself. A new one is a decision; say why in the commit.
func direct() []string {
	return []string{
		"github.com/agext/levenshtein",
		"github.com/charmbracelet/bubbles",
		"github.com/charmbracelet/bubbletea",
		"github.com/charmbracelet/huh",
		"github.com/charmbracelet/lipgloss",
		"github.com/charmbracelet/x/ansi",
		"github.com/cli/browser",
		"github.com/coreos/go-oidc/v3",
		"github.com/go-jose/go-jose/v4",
		"github.com/go-json-experiment/json",
		"github.com/gofrs/flock",
		"github.com/muesli/termenv",
		"github.com/natefinch/atomic",
		"github.com/spf13/cobra",
		"github.com/spf13/pflag",
		"github.com/spf13/viper",
		"github.com/zalando/go-keyring",
		"go.yaml.in/yaml/v3",
		"golang.org/x/oauth2",
		"golang.org/x/term",

		// Tests only.
		"github.com/creack/pty",
		"github.com/google/go-cmp",
		"github.com/rogpeppe/go-internal",
	}
}
