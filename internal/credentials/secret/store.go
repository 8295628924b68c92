package secret

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"sync"

	"github.com/apionboard/ngapi/internal/exit"
)

// ErrNotFound is the cause of an error that says that nothing is stored under a
// name.
var ErrNotFound = errors.New("no such secret")

// ErrNoStore is the cause of an error that says that a store cannot be used at
// all, or not for this secret; another store may do.
var ErrNoStore = errors.New("the store cannot be used")

// Store keeps secrets under names of the form [a-z0-9][a-z0-9._-]{0,63}. Its
// errors are *exit.Error values that say what to do; test them with errors.Is
// against ErrNotFound (exit.SignIn) and ErrNoStore (exit.Usage) first. None holds
// a secret.
type Store interface {
	// Name is "keyring" or "file", as --store takes it.
	Name() string
	Get(ctx context.Context, name string) (Value, error)
	// Set keeps a secret in the place of an older one.
	Set(ctx context.Context, name string, v Value) error
	// Delete forgets a secret; ErrNotFound where there was none.
	Delete(ctx context.Context, name string) error
}

var validName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`) })

// checkName refuses a name that is not of the form of Store. Each system's
// keyring has its own idea of odd characters.
func checkName(name string) error {
	if validName().MatchString(name) {
		return nil
	}
	shown := name
	if len(shown) > 64 {
		shown = shown[:64] + "..."
	}
	return exit.Problems(exit.Usage, []exit.Problem{{What: "a credential cannot be named " + strconv.QuoteToASCII(shown),
		Do: "begin with a small letter or digit, then small letters, digits, dots, dashes and underscores, 64 at most"}})
}

func notFound(name, where string) error {
	return &exit.Error{Code: exit.SignIn, Err: ErrNotFound,
		Problems: []exit.Problem{{What: "no secret is stored for " + name + " in " + where, Do: "run ngapi auth login " + name}}}
}

func emptySecret() error {
	return exit.Problems(exit.Usage, []exit.Problem{{What: "there is no secret to store", Do: "give one, or delete the credential"}})
}

func interrupted(ctx context.Context) error {
	return &exit.Error{Code: exit.Interrupted, Err: context.Cause(ctx), Problems: []exit.Problem{{What: "interrupted", Do: "nothing was changed"}}}
}
