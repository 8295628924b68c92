package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/suggest"
)

func newPlan(s *session) *cobra.Command {
	var short bool
	cmd := &cobra.Command{
		Use:     "plan",
		GroupID: "main",
		Short:   "Show the decisions and the next steps for this profile",
		Long: long(`
Show what the rulebook concludes from the profile and the route list: program,
form, terms, fees, authentication, route list, Beta guidance and track. Each
decision says why, what would change it, and which section of the page it rests
on. Nothing is asked and nothing is written.`, exit.OK, exit.Usage, exit.No, exit.Undecided),
		Example: `  ngapi plan
  ngapi plan --short
  ngapi plan -o json | jq '.decisions[] | {id, value}'
  ngapi plan --as-of 2026-12-01`,
		Args: cobra.NoArgs,
		RunE: s.run(textOrJSON(), func(*cobra.Command, []string) error {
			d, err := s.developer(required)
			if err != nil {
				return err
			}
			p := d.pointed(plan.Make(d.evaluator()))
			result := report.Plan{Head: d.head(s, "ngapi.plan/v1"), Profile: d.ref(), Plan: p}
			if err := s.emit(renderers{"json": doc(result), "text": plain(report.PlanText(s.style(), result, !short))}); err != nil {
				return err
			}
			return exit.Verdict(p.Exit())
		}),
	}
	cmd.Flags().BoolVar(&short, "short", false, "values and open points only")
	return cmd
}

func newExplain(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "explain ID",
		GroupID: "look",
		Short:   "Explain a decision, a check or a source fact",
		Long: long(`
Explain why a decision or a check applies or not, from this profile's own
answers: what decided, what would change it, and the source fact. Without a
profile it says what the rule needs to know.`, exit.OK, exit.Usage),
		Example: `  ngapi explain form
  ngapi explain BETA-ROUTE-LIST
  ngapi explain L3`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeIDs,
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error {
			d, err := s.developer(optional)
			if err != nil {
				return err
			}
			x, err := plan.Explain(d.evaluator(), args[0])
			if err != nil {
				return err
			}
			if x.Remedy.Run != "" {
				x.Remedy.Run += d.elsewhere()
			}
			result := report.Explain{Head: d.head(s, "ngapi.explain/v1"), Explanation: x}
			return s.emit(renderers{"json": doc(result), "text": plain(report.ExplainText(s.style(), result))})
		}),
	}
}

// completeIDs offers the ids of the current edition.
func completeIDs(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	e, err := rulebook.Load("")
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return plan.IDs(e), cobra.ShellCompDirectiveNoFileComp
}

func newWhatIf(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "whatif TRAIT=VALUE...",
		GroupID: "look",
		Short:   "Show which decisions and checks would differ",
		Long: long(`
Try out other answers without saving them: list the decisions and checks that
would come out differently. An empty value takes an answer away.`, exit.OK, exit.Usage),
		Example: `  ngapi whatif organization.type=client
  ngapi whatif organization.type=client organization.nge_version=5.9.4 \\
    app.distribution=own`,
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: completeTraits,
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error {
			d, err := s.developer(optional)
			if err != nil {
				return err
			}
			before := d.evaluator()
			for _, pair := range args {
				if strings.HasPrefix(pair, "routes.file=") {
					return exit.Errorf(exit.Usage, "routes.file cannot be tried out: another list is other evidence; use ngapi routes check FILE, or change the profile")
				}
			}
			set, assumed, err := assume(d.set, args)
			if err != nil {
				return err
			}
			if problems := trait.Standard().Contradictions(set); len(problems) > 0 {
				return exit.Problems(exit.Usage, problems)
			}
			if d.scope != nil && d.scope.Verdict != "undetermined" && overruled(assumed) {
				s.hint("The route list overrules what is declared under data: its verdict is %s.", d.scope.Verdict)
			}
			after := rulebook.NewEvaluator(d.edition, set, d.asOf)
			result := report.WhatIf{Head: d.head(s, "ngapi.whatif/v1"), Assumed: assumed, Changes: plan.Differences(before, after)}
			return s.emit(renderers{"json": doc(result), "text": plain(report.WhatIfText(s.style(), result))})
		}),
	}
}

// overruled tells whether an assumed answer is one that a conclusive route list
// overrules.
func overruled(assumed map[string]string) bool {
	_, only := assumed["data.uscdi_v1_only"]
	_, read := assumed["data.read_only"]
	return only || read
}

// assume applies TRAIT=VALUE pairs to a set.
func assume(set trait.Set, pairs []string) (trait.Set, map[string]string, error) {
	assumed := map[string]string{}
	var problems []exit.Problem
	for _, pair := range pairs {
		id, value, t, problem := parsePair(pair)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		assumed[string(id)] = value
		if value == "" {
			set = set.Without(id)
			continue
		}
		v, err := t.Parse(value)
		if err != nil {
			problems = append(problems, exit.Problem{What: err.Error()})
			continue
		}
		set = set.With(id, trait.Entry{Value: v, Origin: trait.Origin{Source: trait.FromAssumed}})
	}
	return set, assumed, exit.Problems(exit.Usage, problems)
}

// parsePair splits trait=value and finds the trait; an unknown one is answered
// with the nearest known name.
func parsePair(pair string) (trait.ID, string, trait.Trait, *exit.Problem) {
	name, value, ok := strings.Cut(pair, "=")
	if !ok {
		return "", "", trait.Trait{}, &exit.Problem{What: quoted(pair) + " is no TRAIT=VALUE pair", Do: "write for example app.audience=providers"}
	}
	t, ok := trait.Standard().Get(trait.ID(name))
	if !ok || !t.Stored() {
		var names []string
		for _, id := range trait.Standard().Storable() {
			names = append(names, string(id))
		}
		do := "list them with ngapi rulebook questions"
		if ok {
			return "", "", trait.Trait{}, &exit.Problem{What: name + " is " + string(t.Kind) + " and cannot be set", Do: "change the answers, the route list or the recorded report that it comes from"}
		}
		if near := suggest.Nearest(name, names); near != "" {
			do = "did you mean " + near + "? " + do
		}
		return "", "", trait.Trait{}, &exit.Problem{What: "no trait is called " + quoted(name), Do: do}
	}
	return t.ID, value, t, nil
}

// completeTraits offers trait= and, after it, the choices.
func completeTraits(_ *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	name, _, hasValue := strings.Cut(toComplete, "=")
	var out []string
	for _, t := range trait.Standard().All() {
		switch {
		case !t.Stored():
		case hasValue && string(t.ID) == name:
			for _, v := range t.Values() {
				out = append(out, name+"="+v)
			}
		case !hasValue:
			out = append(out, string(t.ID)+"=\t"+t.Question)
		}
	}
	return out, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
}
