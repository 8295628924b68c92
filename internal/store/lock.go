package store

import (
	"context"
	"errors"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/filelock"
)

// lockWait is the patience of a save that meets another one.
const lockWait = 5 * time.Second

// lock takes the lock of a target and returns the function that gives it back.
func lock(ctx context.Context, path, target string, wait time.Duration) (func(), error) {
	if wait <= 0 {
		wait = lockWait
	}
	release, err := filelock.Acquire(ctx, target, wait)
	switch {
	case err == nil:
		return release, nil
	case ctx.Err() != nil:
		return nil, fileError(exit.Interrupted, path, "interrupted before the file was saved", "nothing was changed", err)
	case errors.Is(err, filelock.ErrBusy):
		return nil, fileError(exit.Fault, path, "another ngapi is saving this file", "wait for it to end, then try again", err)
	}
	return nil, unwritable(path, err)
}
