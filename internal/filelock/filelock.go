// Package filelock is the one lock of files that several runs of ngapi change at
// the same time. It knows flock and nothing of what is locked; its callers say in
// words what a failure means for them.
package filelock

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// ErrBusy says that another process held the lock for longer than the patience.
var ErrBusy = errors.New("another process holds the lock")

// retry is how often a lock that is held is asked for again.
const retry = 20 * time.Millisecond

// Name is the lock file of a target: hidden, in the same folder. The target
// itself cannot be locked, because a save replaces it.
func Name(target string) string {
	dir, base := filepath.Split(target)
	return dir + "." + base + ".lock"
}

// Acquire takes the lock of a target, across processes and within one, and
// returns the function that gives it back. The target need not exist; its folder
// must. The error is that of ctx, ErrBusy after the wait, or that of the system.
//
// The lock file is removed while the lock is still held, so that no litter is
// left beside a committed file. Whoever waited on the removed file notices that
// the name no longer leads to it, and takes the lock of the new one.
func Acquire(ctx context.Context, target string, wait time.Duration) (release func(), err error) {
	limited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		l := flock.New(Name(target), flock.SetPermissions(0o600))
		held, err := l.TryLockContext(limited, retry)
		switch {
		case ctx.Err() != nil:
			_ = l.Close()
			return nil, ctx.Err()
		case !held && (err == nil || errors.Is(err, context.DeadlineExceeded)):
			_ = l.Close()
			return nil, ErrBusy
		case err != nil:
			return nil, err
		}
		if current(l) {
			return func() {
				_ = os.Remove(l.Path()) // fails on Windows while it is open; then it stays, which is harmless
				_ = l.Unlock()
			}, nil
		}
		_ = l.Unlock()
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
