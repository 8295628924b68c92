package cli

import (
	"context"
	"errors"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/check"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/terminal"
)

// The kinds of store, as --store names them.
const (
	storeKeyring = "keyring"
	storeFile    = "file"
)

// secretVariable holds a client secret where no store can: in CI.
const secretVariable = "NGAPI_CLIENT_SECRET"

// openStore returns a store by its kind. It touches nothing yet.
func (s *session) openStore(kind string) (secret.Store, error) {
	if kind == storeFile {
		path, err := s.secretsFile()
		if err != nil {
			return nil, err
		}
		return secret.NewFile(path), nil
	}
	if s.keyring == nil { // one for the run: it is waited for once
		s.keyring = secret.NewKeyring(secret.KeyringLimit, s.world.Env)
		if s.world.Keyring != nil {
			s.keyring = secret.NewKeyringIn(s.world.Keyring, secret.KeyringLimit)
		}
	}
	return s.keyring, nil
}

// clientSecret finds the secret of the credential: where a flag says so, in the
// variable, in the store of a named credential, and last, where may is true, by
// asking. What is wrong with its source is part of the report.
func (s *session) clientSecret(ctx context.Context, g given, f *credentialFlags, in *check.Input, may bool) error {
	if in.Config.Method == flow.PrivateKey || in.Config.Method == flow.None {
		return nil
	}
	in.Secret.Login = may
	v, err := s.findSecret(ctx, g, f, &in.Secret)
	if err != nil {
		return err
	}
	if v.Empty() && may && terminal.Interactive(s.world.Streams, s.set.NoInput.V) {
		if in.Secret.Later = true; check.Misplaced(*in) { // mend that before a secret is typed
			return nil
		}
		text, err := terminal.ReadSecret(ctx, s.world.Streams, "Client secret (not shown): ")
		if err != nil {
			s.hint("Nothing was stored.")
			return err
		}
		v, in.Secret = secret.New(text), check.SecretFacts{Source: "the prompt", Asked: true, Login: true}
	}
	s.learnSecret(g.ClientID, v)
	if !v.Empty() {
		in.Secret.Shape = secret.Shape(v)
	}
	in.Config.Secret = v
	return nil
}

// learnSecret tells the redactor a client secret before anything else is done
// with it.
func (s *session) learnSecret(clientID string, v secret.Value) {
	red := s.guard()
	red.Learn(v)
	red.LearnPair(clientID, v)
}

func (s *session) findSecret(ctx context.Context, g given, f *credentialFlags, facts *check.SecretFacts) (secret.Value, error) {
	switch {
	case f.secretStdin:
		facts.Source = "--secret-stdin"
		return secret.ReadStdin(s.world.Streams.In)
	case f.secretFile != "":
		facts.Source = "--secret-file " + filepath.ToSlash(f.secretFile)
		v, about, err := secret.ReadFile(f.secretFile)
		facts.Warnings = fileWarnings(ctx, about)
		s.noteRead(f.secretFile)
		return v, err
	case s.world.Env(secretVariable) != "":
		facts.Source = secretVariable
		return secret.New(s.world.Env(secretVariable)), nil
	case g.named && g.Store != "":
		return s.storedSecret(ctx, g, f, facts)
	}
	return secret.Value{}, nil
}

// storedSecret asks the store of a named credential. A store that does not
// answer is no secret at hand, not a failure of the run.
func (s *session) storedSecret(ctx context.Context, g given, f *credentialFlags, facts *check.SecretFacts) (secret.Value, error) {
	st, err := s.openStore(g.Store)
	if err != nil {
		return secret.Value{}, err
	}
	facts.Store = st.Name()
	if host := s.stranger(g, f); host != "" {
		facts.Absent = "the stored secret of " + g.Name + " was given for other hosts, so it is not sent to " + host
		return secret.Value{}, nil
	}
	v, err := st.Get(ctx, secretEntry(g.Name))
	switch {
	case err == nil:
		facts.Source = "the " + st.Name()
		if st.Name() == storeFile {
			facts.Source = "secrets.json"
		}
	case errors.Is(err, secret.ErrNotFound):
		facts.Absent = "the " + st.Name() + " holds no secret for " + g.Name
	case errors.Is(err, secret.ErrNoStore):
		facts.Absent, facts.StoreBad = "the "+st.Name()+", which holds the secret of "+g.Name+", cannot be used", storeTrouble(err)
	default:
		return secret.Value{}, err
	}
	return v, nil
}

// storeTrouble is what is wrong with a store, without the advice that is for a
// login.
func storeTrouble(err error) string { return exit.List(err)[0].What }

// stranger names the first host of a configuration that the stored credential
// does not have: a flag or a variable of a project must not lead what is stored
// to somebody else. "" is none.
func (s *session) stranger(g given, f *credentialFlags) string {
	hosts := map[string]bool{"": true}
	each := func(c flow.Config, do func(host string)) {
		for _, address := range []string{c.TokenURL, c.RevokeURL, c.IntrospectURL, c.APIBase, c.FHIRBase} {
			if u, err := url.Parse(address); err == nil { // one that cannot be read is refused elsewhere
				do(strings.ToLower(u.Host))
			}
		}
	}
	each(s.config(given{Credential: g.stored}, &credentialFlags{}), func(host string) { hosts[host] = true })
	found := ""
	each(s.config(g, f), func(host string) {
		if found == "" && !hosts[host] {
			found = host
		}
	})
	return found
}

// fileWarnings says who else could come by a secret in a file.
func fileWarnings(ctx context.Context, about secret.FileFacts) []string {
	var out []string
	if about.GroupReadable || about.AnyoneElse {
		out = append(out, "others on this machine can read the file")
	}
	if in, _ := about.Tracked(tracked(ctx)); in {
		out = append(out, "the file is under version control")
	}
	return out
}

// tracked asks git whether a file is under version control; without git that is
// not known.
func tracked(ctx context.Context) func(path string) (bool, error) {
	return func(path string) (bool, error) {
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, "git", "-c", "core.fsmonitor=false", "ls-files", "--error-unmatch", "--", filepath.Base(path)) //nolint:gosec // a fixed program; the name is behind --
		cmd.Dir = filepath.Dir(path)
		err := cmd.Run()
		var code *exec.ExitError
		if errors.As(err, &code) {
			return false, nil
		}
		return err == nil, err
	}
}

// The entries of a credential in a store.
func secretEntry(name string) string { return name + ".secret" }
func tokensEntry(name string) string { return name + ".tokens" }

// credentialsFile and secretsFile lie beside the user settings.
func (s *session) credentialsFile() (string, error) { return s.set.Paths.CredentialsFile() }
func (s *session) secretsFile() (string, error)     { return s.set.Paths.SecretsFile() }
