package cli

import (
	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
)

func newAuth(s *session) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "auth",
		GroupID: "auth",
		Short:   "Prove, keep and give up OAuth2 credentials",
		Long: `Prove that OAuth2 credentials work and, if they do not, say why.

Three flows are known: gsa (a Global Service Account: client credentials with a
site id), patient (SMART standalone launch) and eal (SMART EHR launch from the
External Application Launcher). A secret comes from the keyring, from
NGAPI_CLIENT_SECRET, --secret-file, --secret-stdin or a prompt; there is no flag
for its value. See ngapi help privacy for what is kept where.`,
		Example: "  ngapi auth login clinic-a-test --flow gsa --client-id ID --site-id SITE\n  ngapi auth check clinic-a-test",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAuthCheck(s), newAuthLogin(s), newAuthStatus(s), newAuthLogout(s), newServeLaunch(s))
	return cmd
}

// verdictCodes are the exit codes of a command that ends with a verdict.
func verdictCodes() []exit.Code {
	return []exit.Code{exit.OK, exit.Fault, exit.Usage, exit.No, exit.SignIn, exit.Remote, exit.Interrupted}
}
