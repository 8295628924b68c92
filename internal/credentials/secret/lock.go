package secret

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/apionboard/ngapi/internal/exit"
)

// The patience of one who meets another: a refresh takes at most a token request.
const (
	lockRetry = 10 * time.Millisecond
	lockWait  = 30 * time.Second
)

// Lock takes the lock of a file, across processes and within one, and returns
// the function that gives it back. The lock is a hidden file beside path, which
// itself need not exist; the folder is made (0700) where it does not. 0 means to
// wait for 30 s. The error is an *exit.Error: exit.Interrupted where ctx ended,
// exit.Fault where another holds the lock for longer, exit.Usage where the folder
// cannot be written to.
func Lock(ctx context.Context, path string, wait time.Duration) (unlock func(), err error) {
	if wait <= 0 {
		wait = lockWait
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, unwritable(path, err)
	}
	limited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	dir, base := filepath.Split(path)
	for {
		l := flock.New(dir+"."+base+".lock", flock.SetPermissions(0o600))
		held, err := l.TryLockContext(limited, lockRetry)
		switch {
		case ctx.Err() != nil:
			_ = l.Close()
			return nil, interrupted(ctx)
		case !held && (err == nil || errors.Is(err, context.DeadlineExceeded)):
			_ = l.Close()
			return nil, &exit.Error{Code: exit.Fault, Err: err, Problems: []exit.Problem{{File: path,
				What: "another ngapi is using this file", Do: "wait for it to end, then try again"}}}
		case err != nil:
			return nil, unwritable(path, err)
		}
		if current(l) {
			return func() {
				// While the lock is held, so that no litter is left. It fails on Windows,
				// where the file then stays, which is harmless.
				_ = os.Remove(l.Path())
				_ = l.Unlock()
			}, nil
		}
		_ = l.Unlock() // the one before removed it; take the lock of the new one
	}
}

// current tells whether the name of the lock file still leads to the file that
// is locked.
func current(l *flock.Flock) bool {
	locked, err := l.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(l.Path())
	return err == nil && os.SameFile(locked, named)
}

func unwritable(path string, err error) error {
	return &exit.Error{Code: exit.Usage, Err: err, Problems: []exit.Problem{{File: path,
		What: "the folder cannot be written to: " + reason(err), Do: "correct its permissions, or set NGAPI_CONFIG_DIR to another folder"}}}
}
