package cli

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/check"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
)

// vault keeps the tokens of one credential in its store.
type vault struct {
	s     *session
	store secret.Store
	name  string
}

// tokensFile is the form in which tokens are stored.
type tokensFile struct {
	Access   string    `json:"access_token"`
	Refresh  string    `json:"refresh_token,omitempty"`
	Type     string    `json:"token_type,omitempty"`
	Scope    string    `json:"scope,omitempty"`
	HasScope bool      `json:"has_scope,omitempty"`
	Expiry   time.Time `json:"expiry,omitzero"`
	Patient  string    `json:"patient,omitempty"`
}

// load returns the stored tokens, or nil where there are none.
func (v *vault) load(ctx context.Context) (*check.Stored, error) {
	raw, err := v.store.Get(ctx, tokensEntry(v.name))
	if errors.Is(err, secret.ErrNotFound) {
		return nil, nil //nolint:nilnil // nothing is stored, which is no error
	}
	if err != nil {
		return nil, err
	}
	var f tokensFile
	if err := json.Unmarshal([]byte(raw.Reveal()), &f); err != nil {
		return nil, exit.Errorf(exit.Usage, "the stored tokens of %s cannot be read; sign in again with ngapi auth login %s", v.name, v.name)
	}
	st := &check.Stored{
		Access: secret.New(f.Access), Refresh: secret.New(f.Refresh), Type: f.Type, Scope: f.Scope, HasScope: f.HasScope, Expiry: f.Expiry, Patient: f.Patient,
	}
	v.s.guard().Learn(check.Secrets(&flow.Token{Access: st.Access, Refresh: st.Refresh, Patient: st.Patient})...)
	return st, nil
}

// save stores tokens.
func (v *vault) save(ctx context.Context, st check.Stored) error {
	data, err := json.Marshal(tokensFile{
		Access: st.Access.Reveal(), Refresh: st.Refresh.Reveal(), Type: st.Type, Scope: st.Scope, HasScope: st.HasScope, Expiry: st.Expiry, Patient: st.Patient,
	})
	if err != nil {
		return err
	}
	return v.store.Set(ctx, tokensEntry(v.name), secret.New(string(data)))
}

// Renew implements check.Vault. The lock is a file beside the settings, for a
// keyring has none.
func (v *vault) Renew(ctx context.Context, renew func(check.Stored) (*check.Stored, error)) error {
	file, err := v.s.credentialsFile()
	if err != nil {
		return err
	}
	// Not the lock of the file itself, which a save takes: .tokens.lock beside it.
	unlock, err := secret.Lock(ctx, filepath.Join(filepath.Dir(file), "tokens"), time.Minute)
	if err != nil {
		return err
	}
	defer unlock()
	now, err := v.load(ctx)
	if err != nil {
		return err
	}
	if now == nil {
		now = &check.Stored{}
	}
	next, err := renew(*now)
	if err != nil || next == nil {
		return err
	}
	// An interruption must not lose a token that the server has already counted.
	return v.save(context.WithoutCancel(ctx), *next)
}

// stored opens the store of a named credential and reads its tokens.
func (s *session) stored(ctx context.Context, g given, f *credentialFlags, in *check.Input) error {
	if !g.named || g.Store == "" || in.Config.Flow == "gsa" {
		return nil
	}
	st, err := s.openStore(g.Store)
	if err != nil {
		return err
	}
	if host := s.stranger(g, f); host != "" {
		return exit.Problems(exit.Usage, []exit.Problem{{What: "the stored tokens of " + g.Name + " were given for other hosts, so they are not sent to " + host,
			Do: "leave the flag or variable of that address out, or sign in there under another name with ngapi auth login"}})
	}
	v := &vault{s: s, store: st, name: g.Name}
	in.Stored, err = v.load(ctx)
	if errors.Is(err, secret.ErrNoStore) {
		in.Secret.Store, in.Secret.StoreBad = st.Name(), storeTrouble(err)
		return nil
	}
	if err == nil {
		in.Secret.Store = st.Name()
		in.Vault = v
	}
	return err
}
