package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/scope/smart"
)

type smartFlags struct {
	file, requested, level, launch, form, advertised string
	identity, offline, exact, all                    bool
}

func newRoutesScopes(s *session) *cobra.Command {
	var f smartFlags
	cmd := &cobra.Command{
		Use:   "scopes [FILE]",
		Short: "Derive the narrowest SMART scopes of the FHIR routes, or compare",
		Long: long(`
Derive the narrowest SMART on FHIR scopes that serve the FHIR routes of the
list, each with the routes that need it. With --requested, compare a scope
string with them: what it asks for without need, and what it lacks. Routes of
the Enterprise APIs need no SMART scope. A "-" reads the list from standard
input; nothing is sent anywhere.

NextGen's FHIR server advertised only patient/*.* and user/*.* on `+smart.Observed+`.
The narrow scopes may not be requestable there; then those wildcards are noted
and are no errors, and the route list is the evidence. --advertised takes the
scopes_supported of another server, or "any".

The exit code is 0, unless --requested asks for too much or lacks a scope: 3.`, exit.OK, exit.Usage, exit.No),
		Example: `  ngapi routes scopes
  ngapi routes scopes --launch standalone --identity --form v1
  ngapi routes scopes --requested "launch/patient patient/*.*"
  ngapi routes scopes fhir.csv --requested "patient/Patient.rs" -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error { return s.routesScopes(f, args) }),
	}
	fileFlag(cmd, &f.file)
	flags := cmd.Flags()
	flags.StringVar(&f.requested, "requested", "", "compare these `SCOPES` with what is needed")
	flags.StringVar(&f.level, "level", "", "`LEVEL` of all routes: patient, user or system")
	flags.StringVar(&f.launch, "launch", "", "`STYLE` of the launch: ehr or standalone")
	flags.BoolVar(&f.identity, "identity", false, "the application uses who signed in")
	flags.BoolVar(&f.offline, "offline", false, "it works while no user is there")
	flags.StringVar(&f.form, "form", string(smart.V2), "`VERSION` in text: v1 or v2")
	flags.StringVar(&f.advertised, "advertised", "", "`SCOPES` that the server advertises, or any")
	flags.BoolVar(&f.exact, "exact", false, "a search is s alone, without r")
	flags.BoolVar(&f.all, "all", false, "cut no list short")
	for name, values := range smartChoices() {
		must(cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)))
	}
	return cmd
}

// smartChoices are the values of the flags that have few.
func smartChoices() map[string][]string {
	return map[string][]string{
		"level":  {string(smart.Patient), string(smart.User), string(smart.System)},
		"launch": {string(smart.FromEHR), string(smart.Standalone)},
		"form":   {string(smart.V1), string(smart.V2)},
	}
}

// check refuses values that no flag has, before any file is read.
func (f smartFlags) check() error {
	choices := smartChoices()
	for _, flag := range []struct{ name, value string }{{"level", f.level}, {"launch", f.launch}, {"form", f.form}} {
		if err := oneOf(flag.name, flag.value, choices[flag.name]...); err != nil {
			return err
		}
	}
	if _, err := smart.ParseAll(f.requested); err != nil {
		return exit.Errorf(exit.Usage, "--requested: %v", err)
	}
	return nil
}

// server is what the server advertises, and since when that is known.
func (f smartFlags) server() (report.Advertised, error) {
	switch strings.TrimSpace(f.advertised) {
	case "":
		list := smart.Advertised()
		return report.Advertised{Scopes: list, Observed: smart.Observed, WildcardsOnly: smart.WildcardsOnly(list)}, nil
	case "any":
		return report.Advertised{Scopes: []string{}}, nil
	}
	read, err := smart.ParseAll(f.advertised)
	if err != nil {
		return report.Advertised{}, exit.Errorf(exit.Usage, "--advertised: %v", err)
	}
	list := make([]string, len(read))
	for i, one := range read {
		if one.Kind == smart.Malformed {
			return report.Advertised{}, exit.Errorf(exit.Usage,
				"--advertised: word %d is no scope (%s); write scopes_supported with spaces between", i+1, strings.Join(one.Flaws, "; "))
		}
		list[i] = one.Text
	}
	return report.Advertised{Scopes: list, WildcardsOnly: smart.WildcardsOnly(list)}, nil
}

func (s *session) routesScopes(f smartFlags, args []string) error {
	if err := f.check(); err != nil {
		return err
	}
	server, err := f.server()
	if err != nil {
		return err
	}
	name, err := fileArg(args, f.file)
	if err != nil {
		return err
	}
	l, err := s.routeList(name)
	if err != nil {
		return err
	}
	result := smart.Derive(l.list, smart.Options{
		Level: smart.Level(f.level), Launch: smart.Launch(f.launch), Identity: f.identity, Offline: f.offline, Exact: f.exact,
	})
	d := report.Scopes{Schema: "ngapi.scopes/v1", Tool: s.tool(), Result: result, Server: server}
	if f.requested != "" {
		compared := smart.Compare(f.requested, result, server.Scopes)
		d.Comparison = &compared
	}
	view := report.ScopesView{List: l.shown(), V1: f.form == string(smart.V1), All: f.all, Next: nextAfterScopes(d)}
	err = s.emit(renderers{
		"json": doc(d),
		"text": func() ([]byte, error) { return report.ScopesText(s.style(), d, view), nil },
	})
	if err != nil || d.Comparison == nil || d.Comparison.Errors == 0 {
		return err
	}
	return exit.Verdict(exit.No)
}

// nextAfterScopes names the command that helps most after the scopes.
func nextAfterScopes(d report.Scopes) string {
	switch {
	case d.FHIR == 0, d.Comparison != nil && d.Comparison.Errors == 0:
		return "ngapi routes check"
	case d.Comparison == nil:
		return `ngapi routes scopes --requested "SCOPES"`
	}
	return "ngapi routes scopes --all"
}
