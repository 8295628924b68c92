package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/settings"
	"github.com/apionboard/ngapi/internal/suggest"
)

func newAuthStatus(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "status [NAME]",
		Short: "Show what is stored and where; asks no server",
		Long: long(`
Show each stored credential, or the one that is named: flow, environment, where
its secret lies, and when its token ends. No server is asked; auth check does
that. Ends with 4 where nothing is stored or a named one has no usable secret.`,
			exit.OK, exit.Usage, exit.SignIn),
		Example:           "  ngapi auth status\n  ngapi auth status clinic-a-test -o json",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: s.completeCredentials,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			d, code, err := s.authStatus(cmd.Context(), append(args, "")[0])
			if err != nil {
				return err
			}
			if err := s.emit(renderers{"json": doc(d), "text": plain(report.AuthStatusText(s.style(), d))}); err != nil {
				return err
			}
			return exit.Verdict(code)
		}),
	}
}

// authStatus reads what is stored, nothing else.
func (s *session) authStatus(ctx context.Context, name string) (report.AuthStatus, exit.Code, error) {
	s.guard()
	d := report.AuthStatus{Schema: "ngapi.auth-status/v1", Tool: s.tool(), Credentials: []report.StoredCredential{}}
	list, err := s.credentials()
	if err != nil {
		return d, 0, err
	}
	code := exit.OK
	for _, c := range list {
		if name != "" && c.Name != name {
			continue
		}
		one, err := s.statusOf(ctx, c)
		if err != nil {
			return d, 0, err
		}
		if !one.Usable {
			code = exit.SignIn
		}
		d.Credentials = append(d.Credentials, one)
	}
	if name != "" && len(d.Credentials) == 0 {
		return d, 0, noCredential(name, list)
	}
	if len(list) == 0 {
		code = exit.SignIn
	}
	d.ExitCode = code
	return d, code, nil
}

func noCredential(name string, list []settings.Credential) error {
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	do := "see ngapi auth status"
	if near := suggest.Nearest(name, names); near != "" {
		do = "did you mean " + near + "?"
	}
	return exit.Problems(exit.Usage, []exit.Problem{{What: "no credential is called " + quoted(name), Do: do}})
}

// statusOf looks into the store of one credential.
func (s *session) statusOf(ctx context.Context, c settings.Credential) (report.StoredCredential, error) {
	one := report.StoredCredential{
		Name: c.Name, Flow: c.Flow, Environment: c.Environment, ClientID: c.ClientID, Site: ending(c.SiteID),
		EnterpriseID: c.EnterpriseID, PracticeID: c.PracticeID, AuthMethod: c.AuthMethod,
	}
	switch {
	case c.AuthMethod == "private_key_jwt" || (c.AuthMethod == "" && c.KeyFile != ""):
		one.Secret = "key file " + c.KeyFile
		one.Usable = c.Flow == "gsa"
	case c.AuthMethod == "none":
		one.Secret = "none is needed"
	}
	if c.Store == "" {
		return one, nil
	}
	st, err := s.openStore(c.Store)
	if err != nil {
		return one, err
	}
	if one.Secret == "" {
		one.Secret = st.Name()
		v, err := st.Get(ctx, secretEntry(c.Name))
		s.learnSecret(c.ClientID, v)
		one.Usable = err == nil && c.Flow == "gsa"
		if err != nil {
			one.Secret, one.Locked = absent(st, err), errors.Is(err, secret.ErrNoStore)
		}
	}
	if c.Flow == "gsa" {
		return one, nil
	}
	tokens, err := (&vault{s: s, store: st, name: c.Name}).load(ctx)
	switch {
	case err != nil:
		one.Token, one.Locked = absent(st, err), errors.Is(err, secret.ErrNoStore)
	case tokens == nil:
		one.Token = "none"
	default:
		one.Usable = !tokens.Refresh.Empty() || tokens.Expiry.IsZero() || tokens.Expiry.After(s.world.Now())
		one.Token, one.Refresh = "ended", !tokens.Refresh.Empty()
		if tokens.Expiry.IsZero() || tokens.Expiry.After(s.world.Now()) {
			one.Token = "stored"
		}
		if !tokens.Expiry.IsZero() {
			one.Ends = tokens.Expiry.UTC().Format(time.RFC3339)
		}
	}
	return one, nil
}

func absent(st secret.Store, err error) string {
	if errors.Is(err, secret.ErrNotFound) {
		return "missing in the " + st.Name()
	}
	return storeTrouble(err)
}

// completeCredentials offers the names of the stored credentials.
func (s *session) completeCredentials(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	s.accepted = authFormats() // no command runs, so none has said so
	if len(args) > 0 || s.open(cmd.Flags()) != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	list, err := s.credentials()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, c := range list {
		out = append(out, c.Name+"\t"+c.Flow+" "+c.Environment)
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
