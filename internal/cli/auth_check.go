package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/credentials/check"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
)

// authFormats are the formats of commands that end with a verdict.
func authFormats() []string { return []string{"text", "json", "junit"} }

type checkFlags struct {
	credentialFlags
	offline, deep, strict bool
}

func newAuthCheck(s *session) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [NAME]",
		Short: "Prove that credentials work, or say why not",
		Long: long(`
Prove a credential: its configuration, the way to the servers, one token request
and one harmless read. The verdict tells rejected credentials from ones that are
good but not enough, and both from a server that could not be asked; each result
comes with the next step. Nothing is sent that could use up a code or lock an
account, and nothing is stored but a renewed token.

NAME is a credential that auth login has stored. Without it everything comes
from flags and variables (--client-id is NGAPI_CLIENT_ID, and so on), as in CI.

Verdicts: misconfigured (2), cannot-tell (6), sign-in-needed (4), rejected (3),
insufficient (3), not-asked (0), accepted (0). With --strict a warning ends with
3 and a missing scope is insufficient.`, verdictCodes()...),
		Example: `  ngapi auth check clinic-a-test
  ngapi auth check --offline clinic-a-test
  NGAPI_CLIENT_SECRET=... ngapi auth check --flow gsa --client-id ID \
    --site-id SITE --enterprise-id 00001 --practice-id 0001 -o junit=auth.xml`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: s.completeCredentials,
		RunE: s.run(authFormats(), func(cmd *cobra.Command, args []string) error {
			d, err := s.authCheck(cmd.Context(), append(args, "")[0], &f)
			if err != nil {
				return err
			}
			return s.emitAuth(d)
		}),
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&f.offline, "offline", false, "send nothing: judge the configuration only")
	cmd.Flags().BoolVar(&f.deep, "deep", false, "also ask for a second token and renew it; on\nsandbox and test, revoke it and send what must\nbe refused")
	cmd.Flags().BoolVar(&f.strict, "strict", false, "warnings end with 3")
	cmd.MarkFlagsMutuallyExclusive("offline", "deep")
	return cmd
}

// authCheck runs the check of one credential.
func (s *session) authCheck(ctx context.Context, name string, f *checkFlags) (report.Auth, error) {
	if err := s.today(f.offline); err != nil {
		return report.Auth{}, err
	}
	g, err := s.assemble(name, &f.credentialFlags)
	if err != nil {
		return report.Auth{}, err
	}
	if err := g.which(); err != nil {
		return report.Auth{}, err
	}
	in, err := s.subject(g, &f.credentialFlags)
	if err != nil {
		return report.Auth{}, err
	}
	if err := s.clientSecret(ctx, g, &f.credentialFlags, &in, false); err != nil {
		return report.Auth{}, err
	}
	if err := s.stored(ctx, g, &f.credentialFlags, &in); err != nil {
		return report.Auth{}, err
	}
	in.Offline, in.Deep, in.Strict = f.offline, f.deep, f.strict
	r, err := check.Run(ctx, in)
	if err != nil {
		return report.Auth{}, err
	}
	return s.authReport(g, r), nil
}

// today refuses to date what a server says today as of another day: the report
// can become evidence.
func (s *session) today(offline bool) error {
	if offline || s.flags.asOf == "" || s.flags.asOf == s.world.Today() {
		return nil
	}
	return exit.Errorf(exit.Usage, "--as-of cannot be %s: servers are asked today; leave it out, or judge the configuration only with --offline", s.flags.asOf)
}
