// Package cli holds the commands of ngapi: they turn flags into plain input,
// make one call, and render one result. What crosses the wings of the house
// (the scope verdict that becomes a trait, the question that becomes a page) is
// put together here.
package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/apionboard/ngapi/internal/buildinfo"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/suggest"
	"github.com/apionboard/ngapi/internal/terminal"
)

// World is the outside world as one run of ngapi sees it.
type World struct {
	Streams terminal.Streams
	Env     func(string) string
	Today   func() string // the current day, YYYY-MM-DD; read only where --as-of is absent
	Build   buildinfo.Info

	Now     func() time.Time                                                  // for the network: ends of tokens, skew of clocks
	Dial    func(ctx context.Context, network, addr string) (net.Conn, error) // nil means a plain one
	Keyring secret.Keyring                                                    // nil means that of the system
}

// Run executes one command line and returns its exit code. It never ends the
// process.
func Run(ctx context.Context, w World, args []string) (code exit.Code) {
	s := &session{world: w}
	defer func() {
		if r := recover(); r != nil { // a fault of ours must not look like a verdict
			fmt.Fprintf(w.Streams.Err, "ngapi: internal fault: %s\nPlease report it with the command that you ran.\n", terminal.Clean(s.faultWords(r)))
			code = exit.Fault
		}
	}()
	root := newRoot(s)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	defer s.end()
	if err == nil {
		return exit.OK
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return exit.Interrupted
	}
	if exit.Silent(err) {
		return exit.Of(err)
	}
	if !s.running { // cobra refused the command line
		err = usageError(root, args, err)
	}
	s.fail(err, args)
	return exit.Of(err)
}

// end lets go of what was held back, last of all.
func (s *session) end() {
	for _, f := range s.atEnd {
		_ = f() // a stream that is gone has nobody to tell
	}
}

// faultWords says what a panic was. Those of the runtime hold numbers and names
// of types; others could hold evidence, if some was read.
func (s *session) faultWords(r any) string {
	if _, ours := r.(runtime.Error); s.sealed && !ours {
		return fmt.Sprintf("a %T", r)
	}
	return fmt.Sprint(r)
}

// Tree returns the command tree without running anything, for the generator of
// man pages and completions.
func Tree(w World) *cobra.Command { return newRoot(&session{world: w}) }

// newRoot builds the command tree. The tree is this list and nothing else.
func newRoot(s *session) *cobra.Command {
	root := &cobra.Command{
		Use:   "ngapi",
		Short: "Onboarding assistant for the NextGen Enterprise EHR APIs",
		Long: `ngapi tells a developer what it takes to connect an application to the NextGen
Enterprise EHR APIs: which program applies, which form, terms and documents,
which authentication, whether a route list is needed, and what is still missing
before Beta. Every answer comes with its reason and the section of the
regulatory page that it rests on.

ngapi is not affiliated with NextGen Healthcare. It sends nothing anywhere.`,
		Example: `  ngapi onboard            answer what matters, see the decisions, save them
  ngapi plan               the decisions and the next steps
  ngapi check-beta         the readiness gate, for terminals and CI`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		Version:           s.world.Build.Version,
		Args:              cobra.NoArgs,
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate(versionLine(s.world.Build) + "\n")
	root.SetIn(s.world.Streams.In)
	root.SetOut(s.world.Streams.Out)
	root.SetErr(s.world.Streams.Err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return err })
	s.flags.add(root.PersistentFlags())
	root.AddGroup(
		&cobra.Group{ID: "main", Title: "Onboarding:"},
		&cobra.Group{ID: "routes", Title: "Route list:"},
		&cobra.Group{ID: "auth", Title: "Credentials:"},
		&cobra.Group{ID: "look", Title: "Reference:"},
		&cobra.Group{ID: "other", Title: "Other:"},
	)
	root.AddCommand(
		newOnboard(s), newPlan(s), newCheckBeta(s), newProfile(s), newWaive(s), newAttest(s), newEvidence(s),
		newRoutes(s), newCatalog(s),
		newAuth(s),
		newExplain(s), newWhatIf(s), newPrograms(s), newDocs(s), newRulebook(s),
		newConfig(s), newVersion(s),
	)
	root.AddCommand(topics()...)
	root.SetHelpCommand(newHelp(root))
	root.SetCompletionCommandGroupID("other")
	return root
}

// newHelp shows the help of a command or topic, and refuses a name that is
// neither: cobra's own ends with 0.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND | TOPIC]",
		GroupID: "other",
		Short:   "Show the help of a command or topic",
		Long:    "Show the help of a command or topic. Topics: exit-codes, environment, accessibility, privacy, formats.",
		Example: "  ngapi help plan\n  ngapi help exit-codes",
		ValidArgsFunction: func(_ *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return commandNames(root), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				word := args[len(args)-max(len(rest), 1)]
				do := "see ngapi --help"
				if near := nearestCommand(cmd, word); near != "" {
					do = "did you mean " + near + "? " + do
				}
				return exit.Problems(exit.Usage, []exit.Problem{{What: "no command or topic is called " + quoted(word), Do: do}})
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}

// usageError words what cobra refused, with the nearest known name.
func usageError(root *cobra.Command, args []string, err error) error {
	var typed *exit.Error
	if errors.As(err, &typed) {
		return err
	}
	what, near := err.Error(), ""
	cmd, _, findErr := root.Find(args)
	if findErr != nil || cmd == nil {
		cmd = root
	}
	if _, set, ok := strings.Cut(what, "none of the others can be; ["); ok {
		set, _, _ = strings.Cut(set, "]")
		what = "--" + strings.Join(strings.Fields(set), " and --") + " exclude each other"
		near = "leave one out, "
	}
	if name, ok := strings.CutPrefix(what, "unknown flag: --"); ok {
		near = suggest.Nearest(name, flagNames(cmd))
		if near != "" {
			near = "did you mean --" + near + "? "
		}
	} else if strings.HasPrefix(what, "unknown command ") {
		what, _, _ = strings.Cut(what, "\n")
		if near = nearestCommand(cmd, firstQuoted(what)); near != "" {
			near = "did you mean " + near + "? "
		}
	}
	return exit.Problems(exit.Usage, []exit.Problem{{What: what, Do: near + "see " + cmd.CommandPath() + " --help"}})
}

// firstQuoted returns the word that an error quotes first.
func firstQuoted(text string) string {
	_, rest, _ := strings.Cut(text, `"`)
	word, _, _ := strings.Cut(rest, `"`)
	return word
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	collect := func(f *pflag.Flag) { names = append(names, f.Name) }
	cmd.Flags().VisitAll(collect)
	cmd.InheritedFlags().VisitAll(collect)
	return names
}

// commandNames lists the commands and topics below a command.
func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.IsAdditionalHelpTopicCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}

// nearestCommand finds the command that was meant, also by the words that other
// tools have for it.
func nearestCommand(cmd *cobra.Command, word string) string {
	for _, c := range cmd.Commands() {
		if slices.Contains(c.SuggestFor, word) {
			return c.Name()
		}
	}
	return suggest.Nearest(word, commandNames(cmd))
}

// fail prints a failure on stderr: as JSON where the caller asked for JSON,
// else one line a problem.
func (s *session) fail(err error, args []string) {
	if s.wantsJSON(args) {
		if doc, jsonErr := report.JSON(report.NewError(err)); jsonErr == nil {
			_ = s.print(s.world.Streams.Err, s.bare, s.cleaned("json", doc))
			return
		}
	}
	for _, p := range exit.List(err) {
		for _, line := range terminal.CleanLines(p.String()) {
			fmt.Fprintln(s.world.Streams.Err, "ngapi: "+line)
		}
	}
}

// wantsJSON also looks at the raw arguments, because a command line that was
// refused has no parsed flags.
func (s *session) wantsJSON(args []string) bool {
	if s.flags.json || slices.ContainsFunc(s.flags.output, func(o string) bool { return o == "json" || strings.HasPrefix(o, "json=") }) {
		return true
	}
	for i, a := range args {
		if a == "--" {
			return false
		}
		if a == "--json" || a == "-ojson" || a == "--output=json" || (a == "json" && i > 0 && (args[i-1] == "-o" || args[i-1] == "--output")) {
			return true
		}
	}
	return false
}
