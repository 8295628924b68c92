package cli

import "github.com/spf13/cobra"

func newOnboard(s *session) *cobra.Command {
	return &cobra.Command{Use: "onboard", GroupID: "main", Short: "Answer what matters, see each decision, save ngapi.yaml"}
}
