package cli

import (
	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
)

func newRoutes(s *session) *cobra.Command {
	_ = s
	return &cobra.Command{
		Use:     "routes",
		GroupID: "routes",
		Short:   "Keep, judge and export the list of API routes that the application calls",
		Long:    long(`Keep, judge and export the route list.`, exit.OK, exit.Usage),
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
}
