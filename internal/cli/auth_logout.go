package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/credentials/check"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/settings"
)

func newAuthLogout(s *session) *cobra.Command {
	var offline bool
	cmd := &cobra.Command{
		Use:   "logout NAME",
		Short: "Revoke the tokens of a credential and forget it",
		Long: long(`
Remove a credential: its name, its secret and its tokens. Tokens of a patient or
EHR sign-in are revoked at the server first, where it has an address for that; a
client secret stays valid at the portal until you replace it there. Where the
server cannot be asked, everything is removed here all the same, and the command
ends with 6.`, exit.OK, exit.Usage, exit.No, exit.Remote, exit.Interrupted),
		Example:           "  ngapi auth logout clinic-a-test\n  ngapi auth logout phone --offline",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: s.completeCredentials,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			d, code, err := s.authLogout(cmd.Context(), args[0], offline)
			if err != nil {
				return err
			}
			if err := s.emit(renderers{"json": doc(d), "text": plain(report.AuthLogoutText(s.style(), d))}); err != nil {
				return err
			}
			return exit.Verdict(code)
		}),
	}
	cmd.Flags().BoolVar(&offline, "offline", false, "only forget; do not ask the server to revoke")
	return cmd
}

// authLogout revokes what can be revoked and forgets the rest.
func (s *session) authLogout(ctx context.Context, name string, offline bool) (report.AuthLogout, exit.Code, error) {
	d := report.AuthLogout{Schema: "ngapi.auth-logout/v1", Tool: s.tool(), Credential: name}
	f := &credentialFlags{flags: (&cobra.Command{}).Flags()}
	list, err := s.credentials()
	if err != nil {
		return d, 0, err
	}
	g := given{from: map[string]string{}}
	for _, c := range list {
		if c.Name == name {
			g.Credential, g.named, g.stored = c, true, c
		}
	}
	if !g.named {
		return d, 0, noCredential(name, list)
	}
	in, err := s.subject(g, f)
	if err != nil {
		return d, 0, err
	}
	code := exit.OK
	if err := s.stored(ctx, g, f, &in); err != nil {
		d.Revoked = "not revoked: the stored tokens cannot be read"
	}
	if in.Stored != nil {
		if err := s.clientSecret(ctx, g, f, &in, false); err != nil {
			return d, 0, err
		}
		d.Revoked, code = s.revoke(ctx, in, offline)
	}
	if err := s.forgetCredential(context.WithoutCancel(ctx), g); err != nil {
		return d, code, err
	}
	if in.Config.Method == flow.SecretPost || in.Config.Method == flow.SecretBasic {
		s.hint("The client secret stays valid at the portal until it is replaced there.")
	}
	return d, code, nil
}

// revoke tells the server to give the tokens up, the refresh token first: it is
// the one that lives on (RFC 7009 2.1).
func (s *session) revoke(ctx context.Context, in check.Input, offline bool) (string, exit.Code) {
	if offline {
		return "not revoked (--offline); the refresh token stays valid until it ends", exit.OK
	}
	cfg, err := check.Revocation(ctx, in)
	if err != nil {
		return "not revoked: " + words(err), exit.Remote
	}
	if cfg.RevokeURL == "" {
		return "not revoked: the server has no address for that", exit.OK
	}
	token, kind := in.Stored.Refresh, "refresh_token"
	if token.Empty() {
		token, kind = in.Stored.Access, "access_token"
	}
	a, err := in.Flow.Revoke(ctx, cfg, token, kind)
	var no *flow.Refusal
	switch {
	case errors.As(err, &no):
		return "the server refused to revoke the tokens", exit.No
	case err != nil:
		return "not revoked: " + words(err), exit.Remote
	case a.Status >= 500 || a.Status == 429:
		return "not revoked: the server failed with " + itoa(a.Status), exit.Remote
	case a.Status >= 300:
		return "the server refused to revoke the tokens (" + itoa(a.Status) + ")", exit.No
	}
	return "revoked at the server", exit.OK
}

// forgetCredential removes secret, tokens and name; the name last, so that a failure can
// be tried again.
func (s *session) forgetCredential(ctx context.Context, g given) error {
	if g.Store != "" {
		st, err := s.openStore(g.Store)
		if err != nil {
			return err
		}
		for _, entry := range []string{secretEntry(g.Name), tokensEntry(g.Name)} {
			err := st.Delete(ctx, entry)
			if errors.Is(err, secret.ErrNoStore) {
				return exit.Problems(exit.Usage, []exit.Problem{{What: quoted(g.Name) + " was not removed: " + storeTrouble(err), Do: "unlock or start it, and run this again"}})
			}
			if err != nil && !errors.Is(err, secret.ErrNotFound) {
				return err
			}
		}
	}
	path, err := s.credentialsFile()
	if err != nil {
		return err
	}
	_, err = settings.DropCredential(path, g.Name, s.credentialsEdit(ctx))
	return err
}
