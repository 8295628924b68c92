package secret

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/apionboard/ngapi/internal/exit"
)

// Service is the name under which the keyring keeps the secrets of ngapi.
const Service = "ngapi"

// KeyringLimit is how long one call of the keyring may take. A locked keyring may
// ask the user, on a machine without a screen for ever.
const KeyringLimit = 3 * time.Second

// Keyring is the system's keyring: Secret Service, Keychain or Credential
// Manager. An entry that is not there is keyring.ErrNotFound of go-keyring.
type Keyring interface {
	Get(service, user string) (string, error)
	Set(service, user, password string) error
	Delete(service, user string) error
}

// KeyringStore is a Store in a Keyring. Any failure but "not found" means that
// there is no keyring to use: ErrNoStore, with the reason and --store file.
type KeyringStore struct {
	ring  Keyring
	limit time.Duration
	hung  atomic.Bool // it did not answer once; it is not waited for again
}

// NewKeyring returns the store in the system's keyring. A call that takes longer
// than the limit fails; 0 or less means KeyringLimit. env is the environment, in
// which the session bus is looked for: none is started.
func NewKeyring(limit time.Duration, env func(string) string) *KeyringStore {
	return NewKeyringIn(system{env}, limit)
}

// NewKeyringIn returns the store in a keyring of the caller's.
func NewKeyringIn(ring Keyring, limit time.Duration) *KeyringStore {
	if limit <= 0 {
		limit = KeyringLimit
	}
	return &KeyringStore{ring: ring, limit: limit}
}

// Name is "keyring".
func (k *KeyringStore) Name() string { return "keyring" }

// Get reads a secret.
func (k *KeyringStore) Get(ctx context.Context, name string) (Value, error) {
	text, err := k.call(ctx, name, Value{}, func() (string, error) { return k.ring.Get(Service, name) })
	if err == nil && text == "" {
		return Value{}, notFound(name, "the keyring")
	}
	return New(text), err
}

// Set stores a secret, and reads it again: on macOS the tool behind the keyring
// may fail without a word.
func (k *KeyringStore) Set(ctx context.Context, name string, v Value) error {
	if v.Empty() {
		return emptySecret()
	}
	_, err := k.call(ctx, name, v, func() (string, error) {
		if err := k.ring.Set(Service, name, v.Reveal()); err != nil {
			return "", err
		}
		back, err := k.ring.Get(Service, name)
		if err != nil && !errors.Is(err, keyring.ErrNotFound) {
			return "", err
		}
		if err != nil || !New(back).Equal(v) {
			return "", errNotKept
		}
		return "", nil
	})
	return err
}

var errNotKept = errors.New("it did not keep what was stored")

// Delete forgets a secret.
func (k *KeyringStore) Delete(ctx context.Context, name string) error {
	_, err := k.call(ctx, name, Value{}, func() (string, error) { return "", k.ring.Delete(Service, name) })
	return err
}

// call does one thing with the keyring, within the limit.
//
// go-keyring knows no context: a call that timed out leaves its goroutine behind,
// which ends when the keyring answers or with the process. If the user unlocks
// the keyring late, a Set that was reported as failed may still go through.
func (k *KeyringStore) call(ctx context.Context, name string, v Value, do func() (string, error)) (string, error) {
	if err := checkName(name); err != nil {
		return "", err
	}
	if ctx.Err() != nil {
		return "", interrupted(ctx)
	}
	if k.hung.Load() {
		return "", noKeyring(fmt.Sprintf("it did not answer within %v; it may be locked", k.limit), context.DeadlineExceeded)
	}
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil { // a keyring that breaks is no reason for ngapi to break
				r = result{err: errors.New("it broke down")}
			}
			done <- r
		}()
		r.text, r.err = do()
	}()
	timer := time.NewTimer(k.limit)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return "", interrupted(ctx)
	case <-timer.C:
		k.hung.Store(true)
		return "", noKeyring(fmt.Sprintf("it did not answer within %v; it may be locked", k.limit), context.DeadlineExceeded)
	case r := <-done:
		switch { // the causes are named anew: what was wrapped around them could hold anything
		case r.err == nil:
			return r.text, nil
		case errors.Is(r.err, keyring.ErrNotFound):
			return "", notFound(name, "the keyring")
		case errors.Is(r.err, keyring.ErrSetDataTooBig):
			return "", noKeyring("the secret is too big for it", keyring.ErrSetDataTooBig)
		case errors.Is(r.err, keyring.ErrUnsupportedPlatform):
			return "", noKeyring("there is none for this system", keyring.ErrUnsupportedPlatform)
		case errors.Is(r.err, errNotKept):
			return "", noKeyring(errNotKept.Error(), errNotKept)
		case errors.Is(r.err, errNoBus):
			return "", noKeyring(errNoBus.Error(), errNoBus)
		case strings.HasPrefix(r.err.Error(), "failed to unlock"): // go-keyring, of a collection
			return "", noKeyring("it could not be unlocked, or was never set up", nil)
		}
		// The words are the system's: they might repeat what they were given.
		clean := NewRedactor()
		clean.Learn(v)
		return "", noKeyring(clean.Foreign(r.err.Error(), 160), nil)
	}
}

func noKeyring(why string, cause error) error {
	return &exit.Error{Code: exit.Usage, Err: errors.Join(ErrNoStore, cause), Problems: []exit.Problem{{
		What: "the system's keyring cannot be used: " + why,
		Do:   "unlock or start it, or use --store file to keep the secret in a file that only you can read"}}}
}
