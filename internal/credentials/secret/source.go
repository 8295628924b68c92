package secret

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
)

// maxBytes is the size of the largest secret that is read: private keys and
// tokens are smaller.
const maxBytes = 64 << 10

// FileFacts is what a check may want to say about a file that holds a secret.
type FileFacts struct {
	Path string
	// Mode is known for plain files on Unix only; on Windows and for pipes it is 0
	// and says nothing.
	Mode                      fs.FileMode
	GroupReadable, AnyoneElse bool   // others than the owner may read it
	WorkTree                  string // folder of the git work tree that it lies in; "" where there is none
}

// Tracked asks git whether it tracks a file. The error tells that git could not
// say.
type Tracked func(path string) (bool, error)

// Tracked tells whether git tracks the file, and whether that is known. Outside
// of a work tree nobody is asked.
func (f FileFacts) Tracked(ask Tracked) (tracked, known bool) {
	if f.WorkTree == "" {
		return false, true
	}
	if ask == nil {
		return false, false
	}
	tracked, err := ask(f.Path)
	return tracked && err == nil, err == nil
}

// ReadFile reads a secret from a file or a pipe: at most 64 KiB, one line, of
// which one line break at the end is not part. The facts hold as far as they
// were seen, also with an error. The error is an *exit.Error with exit.Usage; it
// names the file and what to do, and repeats nothing of the content.
func ReadFile(path string) (Value, FileFacts, error) {
	facts := FileFacts{Path: path}
	bad := func(err error, what, do string) (Value, FileFacts, error) {
		return Value{}, facts, &exit.Error{Code: exit.Usage, Err: err, Problems: []exit.Problem{{File: path, What: what, Do: do}}}
	}
	f, err := os.Open(path)
	if err != nil {
		return bad(err, "the file with the secret cannot be read: "+reason(err), "name the file that holds the client secret")
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return bad(err, "the file with the secret cannot be read: "+reason(err), "name the file that holds the client secret")
	case info.IsDir():
		return bad(nil, "this is a folder", "name the file in it that holds the client secret")
	}
	facts.learn(info)
	v, what, do := read(f)
	if what != "" {
		return bad(nil, what, do)
	}
	return v, facts, nil
}

// ReadStdin reads a secret from standard input by the rules of ReadFile.
func ReadStdin(r io.Reader) (Value, error) {
	v, what, do := read(r)
	if what != "" {
		return Value{}, exit.Problems(exit.Usage, []exit.Problem{{File: "standard input", What: what, Do: do}})
	}
	return v, nil
}

func (f *FileFacts) learn(info fs.FileInfo) {
	f.WorkTree = workTree(f.Path)
	if info.Mode().IsRegular() && runtime.GOOS != "windows" {
		f.Mode = info.Mode().Perm()
		f.GroupReadable = f.Mode&0o040 != 0
		f.AnyoneElse = f.Mode&0o004 != 0
	}
}

// workTree walks up to the folder that has a .git, which is a file in a linked
// work tree.
func workTree(path string) string {
	at, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	if target, err := filepath.EvalSymlinks(at); err == nil {
		at = target
	}
	for dir := filepath.Dir(at); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// read takes one line. What is wrong comes back in words.
func read(r io.Reader) (v Value, what, do string) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return Value{}, "the secret cannot be read: " + reason(err), "try again"
	}
	if len(data) > maxBytes {
		return Value{}, fmt.Sprintf("there are more than %d KiB", maxBytes>>10), "give the client secret alone"
	}
	text := string(data)
	if cut, ok := strings.CutSuffix(text, "\n"); ok {
		text = strings.TrimSuffix(cut, "\r")
	}
	switch {
	case strings.TrimSpace(strings.TrimPrefix(text, "\ufeff")) == "":
		return Value{}, "there is no secret in it", "put the client secret there, on one line"
	case strings.ContainsAny(text, "\r\n"):
		return Value{}, "there is more than one line in it", "leave the client secret alone there, on one line"
	case strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff"):
		return Value{}, "the text is UTF-16", "save it as UTF-8"
	}
	return New(text), "", ""
}

// reason is the cause of an error of the file system without the path.
func reason(err error) string {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return err.Error()
}
