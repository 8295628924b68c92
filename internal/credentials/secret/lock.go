package secret

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/filelock"
)

// lockWait is the patience of one who meets another: a refresh takes at most a
// token request.
const lockWait = 30 * time.Second

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
	release, err := filelock.Acquire(ctx, path, wait)
	switch {
	case err == nil:
		return release, nil
	case ctx.Err() != nil:
		return nil, interrupted(ctx)
	case errors.Is(err, filelock.ErrBusy):
		return nil, &exit.Error{Code: exit.Fault, Err: err, Problems: []exit.Problem{{File: path,
			What: "another ngapi is using this file", Do: "wait for it to end, then try again"}}}
	}
	return nil, unwritable(path, err)
}

func unwritable(path string, err error) error {
	return &exit.Error{Code: exit.Usage, Err: err, Problems: []exit.Problem{{File: path,
		What: "the folder cannot be written to: " + reason(err), Do: "correct its permissions, or set NGAPI_CONFIG_DIR to another folder"}}}
}
