package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/natefinch/atomic"

	"github.com/apionboard/ngapi/internal/exit"
)

// stale is the age at which a temporary file of a killed process is removed.
const stale = time.Minute

// WriteFile replaces or creates a file as a whole: after a crash at any moment
// it has the old content or the new one. An existing file keeps its mode, a new
// one gets perm less the umask. A symbolic link stays one; what it points to is
// replaced. The error is an *exit.Error that says what to do.
//
// Two processes that write the same file at once do not harm it, but the last
// one wins; use Edit or EditRoutes where that matters.
func WriteFile(path string, data []byte, perm fs.FileMode) error {
	target, err := resolve(path)
	if err != nil {
		return unwritable(path, err)
	}
	info, err := os.Stat(target)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return fileError(exit.Usage, path, "this is not a file that can be replaced", "name a file", nil)
	case err == nil:
		perm = info.Mode().Perm()
	}
	if err := replace(target, data, perm, err == nil); err != nil {
		return unwritable(path, err)
	}
	return nil
}

// replace writes data beside the target and renames it over the target.
// atomic.ReplaceFile is that rename, which needs another system call on
// Windows. atomic.WriteFile is not used: it follows no links, makes new files
// 0600 whatever they are, does not sync the folder and hides the cause of an
// error.
func replace(target string, data []byte, perm fs.FileMode, keep bool) (err error) {
	f, err := temporary(target, perm)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if info, err := f.Stat(); err == nil && !keep {
		perm = info.Mode().Perm() // what the umask leaves of it
	}
	// Until it is complete nobody else may read it, also if a kill leaves it behind.
	if err := chmod(f, 0o600); err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	// Without it a crash soon after the rename could leave an empty file.
	if err := f.Sync(); err != nil {
		return err
	}
	if err := chmod(f, perm); err != nil {
		return err
	}
	removeStale(target, f)
	if err := f.Close(); err != nil {
		return err
	}
	if err := atomic.ReplaceFile(f.Name(), target); err != nil {
		return err
	}
	syncFolder(filepath.Dir(target))
	return nil
}

func chmod(f *os.File, perm fs.FileMode) error {
	if err := f.Chmod(perm); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// temporary creates a new file beside the target. os.CreateTemp is not used
// because it does not leave the mode of a new file to the umask.
func temporary(target string, perm fs.FileMode) (*os.File, error) {
	for i := 0; ; i++ {
		name := fmt.Sprintf("%s%d-%d.tmp", temporaryPrefix(target), os.Getpid(), i)
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm|0o200)
		if err == nil || !errors.Is(err, fs.ErrExist) || i >= 10000 {
			return f, err
		}
	}
}

func temporaryPrefix(target string) string {
	dir, base := filepath.Split(target)
	return dir + "." + base + "."
}

// removeStale removes the temporary files of the same target that a killed
// process left behind. Age is measured by the clock of the file system, against
// the file just written, so that no other clock is needed; one that is in use
// is never that old.
func removeStale(target string, fresh *os.File) {
	now, err := fresh.Stat()
	if err != nil {
		return
	}
	entries, err := os.ReadDir(filepath.Dir(target))
	if err != nil {
		return
	}
	prefix := filepath.Base(temporaryPrefix(target))
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), prefix) || !strings.HasSuffix(e.Name(), ".tmp") {
			continue
		}
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && now.ModTime().Sub(info.ModTime()) > stale {
			_ = os.Remove(filepath.Join(filepath.Dir(target), e.Name()))
		}
	}
}

// syncFolder makes a rename survive a crash. Some systems cannot sync a folder;
// the rename itself has succeeded, so this is no error.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// resolve follows symbolic links to the file that is to be replaced, which need
// not exist.
func resolve(path string) (string, error) {
	target := path
	for range 40 {
		info, err := os.Lstat(target)
		if errors.Is(err, fs.ErrNotExist) || (err == nil && info.Mode()&fs.ModeSymlink == 0) {
			dir, err := filepath.EvalSymlinks(filepath.Dir(target))
			if err != nil {
				return "", err
			}
			return filepath.Join(dir, filepath.Base(target)), nil
		}
		if err != nil {
			return "", err
		}
		next, err := os.Readlink(target)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(target), next)
		}
		target = next
	}
	return "", errors.New("too many symbolic links")
}

// unwritable says why a file cannot be written.
func unwritable(path string, err error) error {
	dir := shown(filepath.Dir(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fileError(exit.Usage, path, "the folder "+dir+" does not exist", "make it first, or name another file", err)
	case errors.Is(err, fs.ErrPermission) || readOnly(err):
		return fileError(exit.Usage, path, "the folder "+dir+" cannot be written to: "+reason(err), "change its permissions, or name a file elsewhere", err)
	}
	return fileError(exit.Fault, path, "the file cannot be saved: "+reason(err), "nothing was changed; correct the cause and try again", err)
}

// readOnly recognises a read-only file system by its words, which are the same
// on every Unix and have no portable value.
func readOnly(err error) bool { return strings.Contains(err.Error(), "read-only file system") }
