package cli

import (
	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/documents"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
)

func newRoutesList(s *session) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "list [FILE]",
		Short: "Show the route list",
		Long: long(`
Show the route list as it stands. On a terminal it is a table; into a pipe it is
one line for each route, separated by tabs, with every column. A "-" reads the
list from standard input.

In csv and markdown a cell that a spreadsheet would run as a formula is made
harmless; to edit the list, edit the file itself.`, exit.OK, exit.Usage),
		Example: `  ngapi routes list
  ngapi routes list -o json | jq -r '.routes[] | .method + " " + .path'
  ngapi routes list -o markdown`,
		Args: cobra.MaximumNArgs(1),
		RunE: s.run([]string{"text", "json", "csv", "markdown"}, func(_ *cobra.Command, args []string) error {
			name, err := fileArg(args, file)
			if err != nil {
				return err
			}
			l, err := s.routeList(name)
			if err != nil {
				return err
			}
			result := report.NewRoutes(s.tool(), l.input(), l.list)
			return s.emit(renderers{
				"json":     doc(result),
				"text":     func() ([]byte, error) { return report.RoutesText(s.style(), result), nil },
				"csv":      func() ([]byte, error) { return documents.ListCSV(l.list) },
				"markdown": func() ([]byte, error) { return documents.ListMarkdown(l.list), nil },
			})
		}),
	}
	fileFlag(cmd, &file)
	return cmd
}
