package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/apionboard/ngapi/internal/exit"
)

// The patience of a save that meets another one.
const (
	lockRetry = 50 * time.Millisecond
	lockWait  = 5 * time.Second
)

// lockName is the lock file of a target: hidden, in the same folder. The target
// itself cannot be locked, because a save replaces it.
func lockName(target string) string {
	dir, base := filepath.Split(target)
	return dir + "." + base + ".lock"
}

// lock takes the lock of a target and returns the function that gives it back.
//
// The lock file is removed while the lock is still held, so that no litter is
// left beside a committed file. Whoever waited on the removed file notices that
// the name no longer leads to it, and takes the lock of the new one.
func lock(ctx context.Context, path, target string, wait time.Duration) (func(), error) {
	if wait <= 0 {
		wait = lockWait
	}
	limited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for {
		l := flock.New(lockName(target), flock.SetPermissions(0o600))
		held, err := l.TryLockContext(limited, lockRetry)
		switch {
		case ctx.Err() != nil:
			_ = l.Close()
			return nil, fileError(exit.Interrupted, path, "interrupted before the file was saved", "nothing was changed", ctx.Err())
		case !held && (err == nil || errors.Is(err, context.DeadlineExceeded)):
			_ = l.Close()
			return nil, fileError(exit.Fault, path, "another ngapi is saving this file", "wait for it to end, then try again", err)
		case err != nil:
			return nil, unwritable(path, err)
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
