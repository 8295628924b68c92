package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
)

func newRulebook(s *session) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "rulebook",
		GroupID: "look",
		Short:   "Look into the rules: editions, source facts, rules, traits",
		Long:    "The rulebook is data: dated editions of source facts, decisions and checks.",
		Example: "  ngapi rulebook list\n  ngapi rulebook questions\n  ngapi rulebook show BETA-ROUTE-LIST",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRulebookList(s), newRulebookShow(s), newRulebookDiff(s), newRulebookQuestions(s))
	return cmd
}

func newRulebookList(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List editions, decisions, checks and source facts",
		Long:    long("List the editions of the rulebook and everything in the chosen one.", exit.OK, exit.Usage),
		Example: "  ngapi rulebook list\n  ngapi rulebook list -o json",
		Args:    cobra.NoArgs,
		RunE: s.run(textOrJSON(), func(*cobra.Command, []string) error {
			d, err := s.without()
			if err != nil {
				return err
			}
			list := report.RulebookList{
				Head: d.head(s, "ngapi.rulebook/v1"), Editions: []report.Rulebook{}, Facts: d.edition.Facts,
				Rules: report.RulesOf(d.edition), Documents: d.edition.Documents,
			}
			for _, id := range rulebook.IDs() {
				e, err := rulebook.Load(id)
				if err != nil {
					return err
				}
				list.Editions = append(list.Editions, report.ThisRulebook(e))
			}
			return s.emit(renderers{"json": doc(list), "text": plain(report.RulebookText(s.style(), list))})
		}),
	}
}

func newRulebookShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Show one rule or source fact",
		Long: long(`
Show what a decision, a check or a source fact says, without any profile. To see
what it means for your application, use ngapi explain.`, exit.OK, exit.Usage),
		Example:           "  ngapi rulebook show form\n  ngapi rulebook show B4",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeIDs,
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error {
			d, err := s.without()
			if err != nil {
				return err
			}
			x, err := plan.Explain(rulebook.NewEvaluator(d.edition, trait.Set{}, d.asOf), args[0])
			if err != nil {
				return err
			}
			result := report.Explain{Head: d.head(s, "ngapi.explain/v1"), Explanation: x}
			return s.emit(renderers{"json": doc(result), "text": plain(report.ExplainText(s.style(), result))})
		}),
	}
}

func newRulebookDiff(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Compare two editions, by id or file",
		Long: long(`
Compare two editions of the rulebook: source facts and rules that were added,
removed or changed. Each side is an edition id, a YAML file or a folder of them.`, exit.OK, exit.Usage),
		Example:           "  ngapi rulebook diff 2026-11 ./proposed.yaml",
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: cobra.FixedCompletions(rulebook.IDs(), cobra.ShellCompDirectiveDefault),
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error {
			from, err := s.editionNamed(args[0])
			if err != nil {
				return err
			}
			to, err := s.editionNamed(args[1])
			if err != nil {
				return err
			}
			result := report.RulebookDiff{
				Schema: "ngapi.rulebook-diff/v1", Tool: s.tool(), From: report.ThisRulebook(from), To: report.ThisRulebook(to),
				Changes: rulebook.Diff(from, to),
			}
			return s.emit(renderers{"json": doc(result), "text": plain(report.RulebookDiffText(s.style(), result))})
		}),
	}
}

func newRulebookQuestions(s *session) *cobra.Command {
	var kind string
	kinds := []string{"answer", "milestone", "observed", "derived"}
	cmd := &cobra.Command{
		Use:   "questions",
		Short: "List every trait: question, type, choices, uses",
		Long: long(`
List every trait that the rulebook knows. Its id is its path in ngapi.yaml.
An absent answer is unknown, an absent milestone is not done; observed and
derived traits are computed and never written by hand.`, exit.OK, exit.Usage),
		Example: "  ngapi rulebook questions --kind answer\n  ngapi rulebook questions -o json",
		Args:    cobra.NoArgs,
		RunE: s.run(textOrJSON(), func(*cobra.Command, []string) error {
			if kind != "" && !slices.Contains(kinds, kind) {
				return exit.Errorf(exit.Usage, "--kind cannot be %q; choose from answer, milestone, observed, derived", kind)
			}
			d, err := s.without()
			if err != nil {
				return err
			}
			list := slices.DeleteFunc(report.TraitsOf(d.edition), func(t report.Trait) bool { return kind != "" && string(t.Kind) != kind })
			result := report.Questions{Head: d.head(s, "ngapi.questions/v1"), Traits: list}
			return s.emit(renderers{"json": doc(result), "text": plain(report.QuestionsText(s.style(), result))})
		}),
	}
	cmd.Flags().StringVar(&kind, "kind", "", "only this `KIND`: answer, milestone, observed or derived")
	must(cmd.RegisterFlagCompletionFunc("kind", cobra.FixedCompletions(kinds, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}
