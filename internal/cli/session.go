package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/settings"
	"github.com/apionboard/ngapi/internal/store"
	"github.com/apionboard/ngapi/internal/terminal"
)

// session is one run: the world, the global flags, and, once a command has
// begun, the user's settings.
type session struct {
	world    World
	flags    globalFlags
	set      *settings.Settings
	accepted []string // the output formats of the running command
	running  bool     // a command has begun; before that, errors are cobra's
	sealed   bool     // evidence is being read: the words of a panic could hold some of it
	inputs   []string // files that were read; no output replaces one

	redactor *secret.Redactor // once a secret could be read, everything printed passes it
	bare     io.Writer        // stderr as it was before, for the address of a sign-in
	bareOut  io.Writer        // stdout as it was before, for what is clean already
	atEnd    []func() error
	keyring  *secret.KeyringStore
}

type globalFlags struct {
	profile    string
	output     []string
	json       bool
	noInput    bool
	accessible bool
	color      string
	quiet      bool
	debug      bool
	rulebook   string
	asOf       string
}

func (g *globalFlags) add(f *pflag.FlagSet) {
	f.StringVarP(&g.profile, "profile", "p", "", "profile `FILE` (default: the nearest ngapi.yaml)")
	f.StringArrayVarP(&g.output, "output", "o", nil, "`FORMAT[=FILE]`, repeatable (default text)")
	f.BoolVar(&g.json, "json", false, "the same as -o json")
	f.BoolVar(&g.noInput, "no-input", false, "never ask; missing answers end with code 5")
	f.BoolVar(&g.accessible, "accessible", false, "ask in plain lines, for screen readers")
	f.StringVar(&g.color, "color", "", "colour `WHEN`: auto, always or never")
	f.BoolVarP(&g.quiet, "quiet", "q", false, "no hints on stderr")
	f.BoolVar(&g.debug, "debug", false, "say on stderr what is read and written")
	f.StringVar(&g.rulebook, "rulebook", "", "rulebook `EDITION`, file or folder")
	f.StringVar(&g.asOf, "as-of", "", "judge as of `DATE`, YYYY-MM-DD (default today)")
}

// action is a command's work, after the settings were read.
type action func(cmd *cobra.Command, args []string) error

// run wraps an action: it marks the session as running, names the formats that
// the command can print, reads the settings and checks the global flags.
func (s *session) run(formats []string, do action) action {
	return func(cmd *cobra.Command, args []string) error {
		s.running = true
		s.accepted = formats
		if err := s.open(cmd.Flags()); err != nil {
			return err
		}
		return do(cmd, args)
	}
}

// open reads the user's settings; flags that were given win over them.
func (s *session) open(flags *pflag.FlagSet) error {
	given := map[string]string{}
	for flag, key := range map[string]string{
		"profile": "profile", "color": "color", "accessible": "accessible",
		"no-input": "no-input", "rulebook": "rulebook", "debug": "debug",
	} {
		if f := flags.Lookup(flag); f != nil && f.Changed {
			given[key] = f.Value.String()
		}
	}
	loaded, err := settings.Load(settings.Options{Env: s.world.Env, GOOS: runtime.GOOS, Flags: given})
	if err != nil {
		return err
	}
	s.set = loaded
	if err := noEmptyFlags(flags); err != nil {
		return err
	}
	if o := s.set.Output; !contains(allFormats(), strings.SplitN(o.V, "=", 2)[0]) && o.V != "" {
		return exit.Errorf(exit.Usage, "%s: no format is called %q; choose from %s", o.Origin, o.V, strings.Join(allFormats(), ", "))
	}
	if s.flags.json {
		s.flags.output = append(s.flags.output, "json")
	}
	if len(s.flags.output) == 0 && s.set.Output.V != "" && contains(s.accepted, strings.SplitN(s.set.Output.V, "=", 2)[0]) {
		s.flags.output = []string{s.set.Output.V}
	}
	if s.flags.asOf != "" {
		if _, err := time.Parse(trait.DateLayout, s.flags.asOf); err != nil {
			return exit.Errorf(exit.Usage, "--as-of cannot be %q; write a day as YYYY-MM-DD", s.flags.asOf)
		}
	}
	_, err = s.targets()
	return err
}

// noEmptyFlags refuses --flag "": an unset variable in a script must not change
// what is judged.
func noEmptyFlags(flags *pflag.FlagSet) error {
	var problems []exit.Problem
	flags.Visit(func(f *pflag.Flag) {
		if f.Value.Type() == "string" && f.Value.String() == "" {
			problems = append(problems, exit.Problem{What: "--" + f.Name + " has no value", Do: "give it one, or leave it out"})
		}
	})
	return exit.Problems(exit.Usage, problems)
}

// allFormats lists the formats of all commands.
func allFormats() []string { return []string{"text", "json", "csv", "xlsx", "markdown", "junit"} }

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// asOf is the day that every decision sees.
func (s *session) asOf() string {
	if s.flags.asOf != "" {
		return s.flags.asOf
	}
	return s.world.Today()
}

func (s *session) tool() report.Tool { return report.ThisTool(s.world.Build) }

// style lays text out for stdout.
func (s *session) style() report.Style {
	st := s.world.Streams
	style := report.Style{Color: terminal.ColorEnabled(s.colorMode(), st.OutTTY, s.world.Env)}
	if st.OutTTY {
		style.Width, _ = st.Window()
	}
	return style
}

// talk lays text out for stderr.
func (s *session) talk() report.Style {
	st := s.world.Streams
	style := report.Style{Color: terminal.ColorEnabled(s.colorMode(), st.ErrTTY, s.world.Env)}
	if st.ErrTTY {
		style.Width, _ = st.Window()
	}
	return style
}

func (s *session) colorMode() terminal.ColorMode { return terminal.ColorMode(s.set.Color.V) }

// hint says something useful on stderr, unless --quiet.
func (s *session) hint(format string, args ...any) {
	if !s.flags.quiet {
		for _, line := range terminal.CleanLines(fmt.Sprintf(format, args...)) {
			fmt.Fprintln(s.world.Streams.Err, line)
		}
	}
}

// trace says on stderr what is read and written, with --debug.
func (s *session) trace(format string, args ...any) {
	if s.set != nil && s.set.Debug.V {
		fmt.Fprintln(s.world.Streams.Err, "debug: "+terminal.Clean(fmt.Sprintf(format, args...)))
	}
}

// noteRead remembers a file that was read, and traces it.
func (s *session) noteRead(path string) {
	s.inputs = append(s.inputs, path)
	s.trace("read %s", path)
}

// claim notes a file that is about to be read and changed, and refuses outputs
// that would replace it before anything is done.
func (s *session) claim(path string) error {
	s.inputs = append(s.inputs, path)
	targets, err := s.targets()
	for _, t := range targets {
		if err == nil && t.file != "" {
			err = s.spares(t.file)
		}
		if err == nil && t.file != "" && filepath.Clean(t.file) == filepath.Clean(path) { // neither exists yet
			err = exit.Errorf(exit.Usage, "-o would replace %s, which this command writes; name another file", path)
		}
	}
	return err
}

// spares refuses an output file that is one of the inputs.
func (s *session) spares(file string) error {
	target, statErr := os.Stat(file)
	for _, in := range s.inputs {
		info, err := os.Stat(in)
		if statErr == nil && err == nil && os.SameFile(info, target) {
			return exit.Errorf(exit.Usage, "-o would replace %s, which was read for this; name another file", file)
		}
	}
	return nil
}

// target is one place to which a result goes.
type target struct {
	format string
	file   string // "" is stdout
}

// targets parses -o. At most one target is stdout, and no format that the
// command cannot print passes.
func (s *session) targets() ([]target, error) {
	var out []target
	stdout := 0
	for _, o := range s.flags.output {
		format, file, _ := strings.Cut(o, "=")
		if !contains(s.accepted, format) {
			return nil, exit.Errorf(exit.Usage, "-o %q is no format of this command; choose from %s", format, strings.Join(s.accepted, ", "))
		}
		if strings.Contains(o, "=") && file == "" {
			return nil, exit.Errorf(exit.Usage, "-o %s= names no file; write %s=FILE", format, format)
		}
		if file == "" || file == "-" {
			file = ""
			stdout++
		}
		t := target{format, file}
		if !containsTarget(out, t) {
			out = append(out, t)
		} else if file == "" {
			stdout--
		}
	}
	if stdout > 1 {
		return nil, exit.Errorf(exit.Usage, "only one format can go to stdout; write the others as FORMAT=FILE")
	}
	if len(out) == 0 && len(s.accepted) > 0 { // completion prints in no format
		out = []target{{format: s.accepted[0]}}
	}
	return out, nil
}

func containsTarget(list []target, t target) bool {
	for _, v := range list {
		if v == t {
			return true
		}
	}
	return false
}

// renderers maps a format to how the result is printed in it.
type renderers map[string]func() ([]byte, error)

// emit prints a result to every target; files are replaced atomically.
func (s *session) emit(r renderers) error {
	targets, err := s.targets()
	if err != nil {
		return err
	}
	for _, t := range targets {
		if t.file != "" {
			if err := s.spares(t.file); err != nil {
				return err
			}
		}
	}
	for _, t := range targets {
		data, err := r[t.format]()
		if err != nil {
			return err
		}
		data = s.cleaned(t.format, data)
		if t.file == "" {
			if err := s.print(s.world.Streams.Out, s.bareOut, data); err != nil {
				return exit.Errorf(exit.Fault, "cannot write to stdout: %w", err)
			}
			continue
		}
		if err := store.WriteFile(t.file, data, 0o644); err != nil {
			return err
		}
		s.trace("wrote %s", t.file)
	}
	return nil
}

// doc renders a document as JSON.
func doc(d any) func() ([]byte, error) { return func() ([]byte, error) { return report.JSON(d) } }

// plain renders text that cannot fail.
func plain(b []byte) func() ([]byte, error) { return func() ([]byte, error) { return b, nil } }

// textOrJSON are the formats of most commands.
func textOrJSON() []string { return []string{"text", "json"} }

// long joins a command's description with the exit codes that it can end with.
func long(text string, codes ...exit.Code) string {
	var b strings.Builder
	b.WriteString(strings.TrimSpace(text))
	b.WriteString("\n\nExit codes:\n")
	for _, row := range exit.Table() {
		for _, c := range codes {
			if row.Code == c {
				fmt.Fprintf(&b, "  %-4d %s\n", row.Code, row.Meaning)
			}
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// workingDir is where the search for a profile begins.
func workingDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", exit.Errorf(exit.Usage, "cannot tell the current folder: %w", err)
	}
	return dir, nil
}
