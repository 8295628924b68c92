package cli

import (
	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

type scopeFlags struct {
	file    string
	strict  bool
	all     bool
	require string
}

func newRoutesCheck(s *session) *cobra.Command {
	var f scopeFlags
	cmd := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Judge whether the list is limited to GET routes of USCDI v1 data",
		Long: long(`
Judge whether the data access of the list is limited solely to GET routes of
USCDI v1 data: limited, not-limited or undetermined. The answer comes with the
routes that decide it, the federal yardstick beside the vendor's, what was
observed about Global Service Accounts, and the questions to ask the vendor.
Only public sources are used; nothing is sent anywhere. A "-" reads the list
from standard input.

The exit code is 0 whatever the verdict, unless --require asks for one: then 3
means not limited, and 5 means undetermined.`, exit.OK, exit.Usage, exit.No, exit.Undecided),
		Example: `  ngapi routes check
  ngapi routes check scheduling.csv --all
  ngapi routes check --require limited --strict
  git show HEAD:routes.csv | ngapi routes check - -o json`,
		Args: cobra.MaximumNArgs(1),
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error { return s.routesCheck(f, args) }),
	}
	fileFlag(cmd, &f.file)
	cmd.Flags().BoolVar(&f.strict, "strict", false, "doubt reads that can return more than USCDI v1")
	cmd.Flags().BoolVar(&f.all, "all", false, "show every route, and cut no list short")
	cmd.Flags().StringVar(&f.require, "require", "", "end with 3 or 5 unless the `VERDICT` is limited")
	must(cmd.RegisterFlagCompletionFunc("require", cobra.FixedCompletions([]string{"limited"}, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func (s *session) routesCheck(f scopeFlags, args []string) error {
	if err := oneOf("require", f.require, string(scope.Limited)); err != nil {
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
	judged, err := s.judgeRoutes(l.listPlace, l.list, f.strict)
	if err != nil {
		return err
	}
	result := report.Scope{Schema: "ngapi.scope/v1", Tool: s.tool(), AsOf: s.asOf(), Report: judged}
	view := report.ScopeView{List: l.shown(), All: f.all, Next: nextAfterCheck(l, result.Report)}
	err = s.emit(renderers{
		"json": doc(result),
		"text": func() ([]byte, error) { return report.ScopeText(s.style(), result, view), nil },
	})
	if err != nil || f.require == "" {
		return err
	}
	return exit.Verdict(required3(result.Verdict))
}

// required3 is the exit code of a verdict where limited is required.
func required3(v scope.Verdict) exit.Code {
	switch v {
	case scope.Limited:
		return exit.OK
	case scope.NotLimited:
		return exit.No
	}
	return exit.Undecided
}

// nextAfterCheck names the command that helps most after a verdict.
func nextAfterCheck(l routeList, r *scope.Report) string {
	switch {
	case len(r.Routes) == 0:
		return "ngapi routes import FILE"
	case r.Verdict == scope.Undetermined && len(r.Deciding) > 0:
		return "ngapi routes explain " + r.Deciding[0].Method + " '" + r.Deciding[0].Path + "'"
	case l.profile != nil && l.named:
		return "ngapi plan"
	case r.Verdict == scope.NotLimited:
		return "ngapi routes export -o xlsx=routes-for-review.xlsx"
	}
	return "ngapi onboard"
}
