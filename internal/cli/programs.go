package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/suggest"
)

func newPrograms(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "programs [NAME]",
		GroupID: "look",
		Short:   "Compare the developer programs and your eligibility",
		Long: long(`
Show the three developer programs side by side: for whom, fees, terms, form and
path, and whether this profile is eligible. Works without a profile.`, exit.OK, exit.Usage),
		Example:   "  ngapi programs\n  ngapi programs open-access",
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: []string{"patient-access", "open-access", "api-distributor"},
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error {
			d, err := s.developer(optional)
			if err != nil {
				return err
			}
			list := plan.Programs(d.evaluator())
			if len(args) == 1 {
				if list, err = pickProgram(list, args[0]); err != nil {
					return err
				}
			}
			result := report.Programs{Head: d.head(s, "ngapi.programs/v1"), Programs: list}
			return s.emit(renderers{"json": doc(result), "text": plain(report.ProgramsText(s.style(), result))})
		}),
	}
}

func pickProgram(list []plan.Program, name string) ([]plan.Program, error) {
	var names []string
	for _, p := range list {
		if p.ID == name {
			return []plan.Program{p}, nil
		}
		names = append(names, p.ID)
	}
	do := "choose one of " + strings.Join(names, ", ")
	if near := suggest.Nearest(name, names); near != "" {
		do = "did you mean " + near + "? " + do
	}
	return nil, exit.Problems(exit.Usage, []exit.Problem{{What: fmt.Sprintf("no program is called %q", name), Do: do}})
}

func newDocs(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "docs",
		GroupID: "look",
		Short:   "List the vendor's documents by name and whether you need them",
		Long: long(`
List the documents that NextGen Healthcare publishes for API developers: what
each is for, whether this application needs it, and where it is. ngapi neither
downloads nor copies them.`, exit.OK, exit.Usage),
		Example: "  ngapi docs\n  ngapi docs -o json",
		Args:    cobra.NoArgs,
		RunE: s.run(textOrJSON(), func(*cobra.Command, []string) error {
			d, err := s.developer(optional)
			if err != nil {
				return err
			}
			result := report.Documents{Head: d.head(s, "ngapi.docs/v1"), Documents: plan.Documents(d.evaluator())}
			return s.emit(renderers{"json": doc(result), "text": plain(report.DocumentsText(s.style(), result))})
		}),
	}
}
