package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/credentials/check"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/settings"
)

// defaultName is the name of a credential that nobody named.
const defaultName = "default"

type loginFlags struct {
	credentialFlags
	noBrowser bool
	store     string
	strict    bool
}

func newAuthLogin(s *session) *cobra.Command {
	var f loginFlags
	cmd := &cobra.Command{
		Use:   "login [NAME]",
		Short: "Get a credential, prove it, and store it under a name",
		Long: long(`
Get a credential, prove it as auth check does, and store it under NAME (default:
"default"). For gsa it is the client secret that is stored; for patient you sign
in with the browser, and the tokens are stored. What is missing is asked for in
a terminal. Nothing is stored unless a token was given.

The secret and the tokens go to the keyring of the system. Where there is none,
--store file keeps them in a file that only you can read; that is never done
unless you ask for it.

With --no-browser the address to open is printed on stderr, and the address that
the browser was sent back to is read from standard input.`, verdictCodes()...),
		Example: `  ngapi auth login clinic-a-test --flow gsa --environment test \
    --client-id ID --site-id SITE --enterprise-id 00001 --practice-id 0001
  ngapi auth login phone --flow patient --client-id ID \
    --redirect-url http://127.0.0.1:8765/callback \
    --scope "openid fhirUser launch/patient patient/*.read offline_access"`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: s.completeCredentials,
		RunE: s.run(authFormats(), func(cmd *cobra.Command, args []string) error {
			return s.emitLogin(s.authLogin(cmd.Context(), append(args, "")[0], &f))
		}),
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&f.noBrowser, "no-browser", false, "print the address, read the redirected one")
	f.addStore(cmd)
	cmd.Flags().BoolVar(&f.strict, "strict", false, "warnings end with 3")
	return cmd
}

func (f *loginFlags) addStore(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.store, "store", storeKeyring, "`WHERE`: keyring or file")
	completeWords(cmd, "store", []string{storeKeyring, storeFile})
}

// authLogin gets, proves and stores one credential.
func (s *session) authLogin(ctx context.Context, name string, f *loginFlags) (report.Auth, string, error) {
	a, err := s.attempt(ctx, name, f, "", func(g given) error {
		switch {
		case g.Flow == string(flow.EAL):
			return exit.Errorf(exit.Usage, "an EHR launch begins in the EHR; run ngapi auth serve-launch %s and start the application there", g.Name)
		case g.Flow == string(flow.Patient) && !f.noBrowser && s.nobodyThere():
			return exit.Errorf(exit.SignIn, "a sign-in needs a person in front of a browser, and here nothing may be asked (--no-input or CI); sign in elsewhere, or paste the redirected address with --no-browser")
		case g.Flow == string(flow.Patient) && f.noBrowser && f.secretStdin:
			return exit.Errorf(exit.Usage, "--secret-stdin and --no-browser both read standard input; give the secret with --secret-file or NGAPI_CLIENT_SECRET")
		}
		return nil
	})
	if err != nil {
		return report.Auth{}, "", err
	}
	if a.in.Config.Flow == flow.Patient {
		a.in.SignIn = s.signIn(a.in, f.noBrowser, a.got)
	}
	return s.proveAndKeep(ctx, a)
}

// nobodyThere tells whether questions were switched off. A browser can be opened
// without a terminal, so that alone says nothing.
func (s *session) nobodyThere() bool {
	ci := s.world.Env("CI")
	return s.set.NoInput.V || (ci != "" && ci != "0" && !strings.EqualFold(ci, "false"))
}

// newCredential is a credential that is about to be proven and stored.
type newCredential struct {
	given
	in     check.Input
	store  secret.Store
	tokens *check.Stored // once a person has signed in
}

// got notes the tokens of a sign-in.
func (a *newCredential) got(t *flow.Token) {
	kept := check.Keep(t, nil)
	a.tokens = &kept
}

// attempt gathers a credential that shall be stored: what it is, its client, a
// store that answers, and its secret. usual is the flow where nobody says one;
// refuse tells which flows have another command.
func (s *session) attempt(ctx context.Context, name string, f *loginFlags, usual string, refuse func(given) error) (*newCredential, error) {
	if name == "" {
		name = defaultName
	}
	if err := errors.Join(settings.CheckCredentialName(name), s.today(false)); err != nil {
		return nil, err
	}
	g, err := s.loginGiven(ctx, name, f, usual)
	if err != nil {
		return nil, err
	}
	if err := refuse(g); err != nil {
		return nil, err
	}
	a := &newCredential{given: g}
	if a.in, err = s.subject(g, &f.credentialFlags); err != nil {
		return nil, err
	}
	if a.store, err = s.readyStore(ctx, g, f.store); err != nil {
		return nil, err
	}
	if err := s.clientSecret(ctx, g, &f.credentialFlags, &a.in, true); err != nil {
		return nil, err
	}
	a.in.Strict = f.strict
	return a, nil
}

// proveAndKeep runs the check and stores the credential where a token was given.
// The second result says what was stored.
func (s *session) proveAndKeep(ctx context.Context, a *newCredential) (report.Auth, string, error) {
	r, err := check.Run(ctx, a.in)
	if err != nil {
		return report.Auth{}, "", err
	}
	d := s.authReport(a.given, r)
	if !r.Token() {
		return d, "Nothing was stored.", nil
	}
	if err := s.keep(context.WithoutCancel(ctx), a.given, a.in.Config.Secret, a.tokens, a.store); err != nil {
		return d, "", err
	}
	return d, fmt.Sprintf("Stored as %s%s.\nCheck it again with ngapi auth check %s", a.Name, kept(a.in.Config.Secret, a.tokens, a.store.Name()), a.Name), nil
}

// emitLogin prints the report of a login and, last, what was stored: below the
// report, where it is seen.
func (s *session) emitLogin(d report.Auth, note string, err error) error {
	if err != nil {
		return err
	}
	err = s.emitAuth(d)
	s.hint("%s", note)
	return err
}

// kept says what a store got.
func kept(v secret.Value, tokens *check.Stored, store string) string {
	where := "the " + store
	if store == storeFile {
		where = "secrets.json"
	}
	switch {
	case tokens == nil && v.Empty(): // a private key stays in its file
		return ""
	case tokens == nil:
		return "; its secret is in " + where
	case v.Empty():
		return "; its tokens are in " + where
	}
	return "; its secret and its tokens are in " + where
}

// loginGiven gathers what is given and asks for the rest where that is possible;
// usual is the flow where nobody says one.
func (s *session) loginGiven(ctx context.Context, name string, f *loginFlags, usual string) (given, error) {
	if f.store != storeKeyring && f.store != storeFile {
		return given{}, exit.Errorf(exit.Usage, "--store cannot be %s; choose keyring or file", quoted(f.store))
	}
	g, err := s.assemble(name, &f.credentialFlags)
	if err != nil {
		return g, err
	}
	if g.Flow == "" {
		g.Flow = usual
	}
	if s.canAskCredential(g) {
		if g, err = s.askCredential(ctx, g); err != nil {
			return g, err
		}
	}
	if g.Flow == "" {
		return g, exit.Errorf(exit.Usage, "it is not said what kind of credential %s is; give --flow gsa, patient or eal", quoted(g.Name))
	}
	return g, nil
}

// readyStore opens the store and sees that it answers, before a person signs in
// or a token is asked for: a login that cannot be stored keeps nothing.
func (s *session) readyStore(ctx context.Context, g given, kind string) (secret.Store, error) {
	st, err := s.openStore(kind)
	if err != nil {
		return nil, err
	}
	if _, err := st.Get(ctx, secretEntry(g.Name)); err != nil && !errors.Is(err, secret.ErrNotFound) {
		return nil, err
	}
	return st, nil
}

// keep stores secret, tokens and, last, the credential that names them. What was
// stored before a failure is taken back.
func (s *session) keep(ctx context.Context, g given, v secret.Value, tokens *check.Stored, st secret.Store) error {
	path, err := s.credentialsFile()
	if err != nil {
		return err
	}
	c := g.Credential
	c.Store = st.Name()
	undo := func(err error) error {
		if !g.named { // a credential that was there before keeps what it had
			_ = st.Delete(ctx, secretEntry(g.Name))
			_ = st.Delete(ctx, tokensEntry(g.Name))
		}
		return err
	}
	if !v.Empty() {
		if err := st.Set(ctx, secretEntry(g.Name), v); err != nil {
			return undo(err)
		}
	}
	if tokens != nil {
		if err := (&vault{s: s, store: st, name: g.Name}).save(ctx, *tokens); err != nil {
			return undo(err)
		}
	}
	if err := settings.PutCredential(path, c, s.credentialsEdit(ctx)); err != nil {
		return undo(err)
	}
	s.trace("wrote %s", path)
	return nil
}
