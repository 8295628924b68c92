package store

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// profileMode is the mode of a new profile. It is committed beside the
// application and holds no secret.
const profileMode fs.FileMode = 0o644

// header is the comment at the top of a new profile.
const header = `# The onboarding profile of this application, kept by ngapi.
# Commit it; it never holds a secret. Every key: ngapi rulebook questions
`

// Options tell how an edit is made.
type Options struct {
	Create bool          // make the file if it is not there
	DryRun bool          // change nothing on disk, and take no lock
	Wait   time.Duration // how long to wait for another process; 0 means five seconds
	Mode   fs.FileMode   // of a new file; 0 means 0644, less the umask
	Folder bool          // make the folder of the file, 0700, if it is not there

	max int64 // size of the largest file; 0 means MaxBytes
}

// Change is what an edit did, or under DryRun would do.
type Change struct {
	Path    string // as shown to the user
	Before  []byte // nil where there was no file
	After   []byte
	Diff    string // unified form; "" where nothing differs
	Written bool   // false under DryRun and where nothing differs
}

// Edit changes a profile. Under a lock it reads the file anew, applies change,
// checks the result as Read does and replaces the file as WriteFile does.
// Comments, order, line ends (those of the first line), a byte order mark and
// the layout of untouched lines stay; a new key goes to its place in the
// canonical order. Nothing is written when change returns an error, which Edit
// hands on, or when the result would not be valid.
func Edit(ctx context.Context, path string, o Options, change func(*Doc) error) (Change, error) {
	return locked(ctx, path, o, func(before []byte) ([]byte, error) {
		if before == nil && !o.Create {
			return nil, unreadable(path, fs.ErrNotExist)
		}
		return edited(path, before, change)
	})
}

// EditFile changes any small file as Edit changes a profile: under the lock it
// reads the file anew, hands the bytes to next (nil where there is no file) and
// replaces the file by what next returns. What the bytes mean is next's affair.
func EditFile(ctx context.Context, path string, o Options, next func(before []byte) ([]byte, error)) (Change, error) {
	return locked(ctx, path, o, func(before []byte) ([]byte, error) {
		if before == nil && !o.Create {
			return nil, fileError(exit.Usage, path, "there is no such file", "name a file that is there", fs.ErrNotExist)
		}
		return next(before)
	})
}

// locked runs one read-change-write cycle under the lock of the file. next gets
// nil where there is no file.
func locked(ctx context.Context, path string, o Options, next func(before []byte) ([]byte, error)) (Change, error) {
	target, err := o.target(path)
	if err != nil {
		return Change{}, err
	}
	if _, err := os.Stat(target); !o.Create && errors.Is(err, fs.ErrNotExist) {
		_, err := next(nil) // refuses in its own words, without a lock file
		return Change{}, err
	}
	if !o.DryRun {
		unlock, err := lock(ctx, path, target, o.Wait)
		if err != nil {
			return Change{}, err
		}
		defer unlock()
	}
	before, err := readIfThere(path, o.limit())
	if err != nil {
		return Change{}, err
	}
	after, err := next(before)
	if err != nil {
		return Change{}, err
	}
	c := Change{Path: path, Before: before, After: after, Diff: diff(shown(path), before, after)}
	unchanged := bytes.Equal(before, after) && (before == nil) == (after == nil)
	if o.DryRun || unchanged {
		return c, nil
	}
	if err := WriteFile(path, after, o.mode()); err != nil {
		return Change{}, err
	}
	c.Written = true
	return c, nil
}

// target returns the file behind a path, and makes its folder where that was
// asked for. For a dry run the folder may be missing.
func (o Options) target(path string) (string, error) {
	if o.Folder && !o.DryRun {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return "", unwritable(path, err)
		}
	}
	target, err := resolve(path)
	if o.DryRun && errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	if err != nil {
		return "", unwritable(path, err)
	}
	return target, nil
}

// limit is the size of the largest file that is edited. A route list may be
// larger than a profile; route.Read has a limit of its own.
func (o Options) limit() int64 {
	if o.max == 0 {
		return MaxBytes
	}
	return o.max
}

func (o Options) mode() fs.FileMode {
	if o.Mode == 0 {
		return profileMode
	}
	return o.Mode
}

// readIfThere returns nil where there is no file, and no nil for an empty one.
func readIfThere(path string, limit int64) ([]byte, error) {
	data, err := readFile(path, limit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err == nil && data == nil:
		return []byte{}, nil
	}
	return data, err
}

// ReadIfThere reads a file that need not exist. The error is an *exit.Error
// that says what to do.
func ReadIfThere(path string) (data []byte, found bool, err error) {
	data, err = readIfThere(path, MaxBytes)
	return data, data != nil, err
}

// edited applies a change to the bytes of a profile and validates the result.
func edited(path string, before []byte, change func(*Doc) error) ([]byte, error) {
	d, err := open(path, before)
	if err != nil {
		return nil, err
	}
	if err := change(d); err != nil {
		return nil, err
	}
	after, err := d.bytes()
	if err != nil {
		return nil, err
	}
	if bytes.Equal(after, before) {
		return before, nil // also where the file has problems of its own: nothing was asked of it
	}
	if _, err := Parse(path, after); err != nil {
		return nil, err
	}
	return after, nil
}

// Render writes a fresh profile that holds a set, in canonical order.
func Render(set trait.Set) ([]byte, error) {
	return edited(FileName, nil, func(d *Doc) error { return d.Apply(set) })
}

// newerRefusal is the error for an edit of a file of a newer schema.
func newerRefusal(path, schema string) error {
	return fileError(exit.Usage, path, "the schema "+word(schema)+" is newer than "+Schema+", so this file is read-only here", "update ngapi to edit it", nil)
}
