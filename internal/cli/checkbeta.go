package cli

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/report"
)

type gateFlags struct {
	gate     string
	strict   bool
	exitZero bool
}

func newCheckBeta(s *session) *cobra.Command {
	var f gateFlags
	cmd := &cobra.Command{
		Use:     "check-beta [PROFILE...]",
		GroupID: "main",
		Short:   "Judge the readiness for a gate, in a terminal or in CI",
		Long: long(`
Judge every check of a gate from the profile and the route list. The default
gate is the application's own next one: beta on the Enterprise path, production
on the Patient Access path. Each check that is not met comes with its remedy and
the next command.

States: pass, fail, warn, manual (only a person can decide), waived,
not-applicable, unknown. Where several apply, 3 wins over 5, 5 over 7, 7 over 0.
No format changes a code; --exit-zero turns 3, 5 and 7 into 0, never 1 or 2.
Several profiles are judged in one call, and the worst code is returned.`,
			exit.OK, exit.Usage, exit.No, exit.Undecided, exit.Person),
		Example: `  ngapi check-beta
  ngapi check-beta --gate ga --as-of 2026-12-01
  ngapi check-beta -o text -o json=readiness.json
  ngapi check-beta apps/*/ngapi.yaml --json`,
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error { return s.checkBeta(f, args) }),
	}
	cmd.Flags().StringVar(&f.gate, "gate", "", "`GATE` to judge: registration, production, beta or ga")
	cmd.Flags().BoolVar(&f.strict, "strict", false, "recommended checks block too")
	cmd.Flags().BoolVar(&f.exitZero, "exit-zero", false, "end with 0 whatever the verdict")
	must(cmd.RegisterFlagCompletionFunc("gate", cobra.FixedCompletions(rulebook.Gates(), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func (s *session) checkBeta(f gateFlags, profiles []string) error {
	if f.gate != "" && !slices.Contains(rulebook.Gates(), f.gate) {
		return exit.Errorf(exit.Usage, "--gate cannot be %s; choose from %s", strconv.Quote(f.gate), strings.Join(rulebook.Gates(), ", "))
	}
	reports, err := s.judgeAll(f, profiles)
	if err != nil {
		return err
	}
	code := exit.OK
	var text []byte
	for i := range reports {
		if i > 0 {
			text = append(text, '\n')
		}
		text = append(text, report.CheckText(s.style(), reports[i])...)
		code = worst(code, reports[i].ExitCode)
	}
	var document any
	if len(reports) == 1 && len(profiles) < 2 {
		document = reports[0]
	} else {
		document = report.CheckSet{Schema: "ngapi.check-set/v1", Tool: s.tool(), Reports: reports, ExitCode: code}
	}
	if err := s.emit(renderers{"json": doc(document), "text": plain(text)}); err != nil {
		return err
	}
	if f.exitZero {
		return nil
	}
	return exit.Verdict(code)
}

// judgeAll judges each profile; problems of all of them are reported at once.
func (s *session) judgeAll(f gateFlags, profiles []string) ([]report.Check, error) {
	if len(profiles) == 0 {
		d, err := s.developer(required)
		if err != nil {
			return nil, err
		}
		one, err := s.judge(f, d)
		return []report.Check{one}, err
	}
	var reports []report.Check
	var problems []exit.Problem
	for _, path := range profiles {
		d, err := s.load(path)
		if err == nil {
			var one report.Check
			if one, err = s.judge(f, d); err == nil {
				reports = append(reports, one)
				continue
			}
		}
		if exit.Of(err) != exit.Usage {
			return nil, err
		}
		problems = append(problems, exit.List(err)...)
	}
	return reports, exit.Problems(exit.Usage, problems)
}

func (s *session) judge(f gateFlags, d *developer) (report.Check, error) {
	o := d.gateOptions()
	o.Gate, o.Strict = f.gate, f.strict
	r, err := readiness.Judge(d.evaluator(), o)
	for i := range r.Results {
		if r.Results[i].Remedy != nil {
			r.Results[i].Remedy.Run += d.elsewhere()
		}
	}
	return report.NewCheck(d.head(s, "ngapi.check/v1"), d.inputs, r), err
}

// gateOptions is what this profile brings to a gate.
func (d *developer) gateOptions() readiness.Options {
	return readiness.Options{
		Profile: d.ref().Path, Routes: d.routesDigest(),
		Waivers: d.profile.Waivers, Attestations: d.profile.Attestations, Evidence: d.profile.Evidence,
	}
}

// worst applies the precedence 3, 5, 7, 0 over several reports.
func worst(a, b exit.Code) exit.Code {
	for _, c := range []exit.Code{exit.No, exit.Undecided, exit.Person} {
		if a == c || b == c {
			return c
		}
	}
	return exit.OK
}

// must turns a programming error of the command tree into a fault at once.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
