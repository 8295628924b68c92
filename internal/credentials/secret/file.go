package secret

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/natefinch/atomic"

	"github.com/apionboard/ngapi/internal/exit"
)

// fileSchema is the first member of the file of secrets.
const fileSchema = "ngapi.secrets/v1"

// maxFile is the size of the largest file of secrets, in bytes.
const maxFile = 4 << 20

// FileStore is a Store in one JSON file, by name secrets.json:
//
//	{"schema": "ngapi.secrets/v1", "secrets": {"prod": "..."}}
//
// The file is 0600 from its first byte and replaced as a whole, under a lock; a
// folder that has to be made is 0700. The text is not encrypted. A file that
// others may read is not used (on Windows that is not looked at), and neither is
// a symbolic link. What the file holds beside the secrets stays.
type FileStore struct{ path string }

// NewFile returns the store in a file, which need not exist.
func NewFile(path string) *FileStore { return &FileStore{path: path} }

// Name is "file".
func (f *FileStore) Name() string { return "file" }

// Path is where the file is.
func (f *FileStore) Path() string { return f.path }

// Get reads a secret.
func (f *FileStore) Get(ctx context.Context, name string) (Value, error) {
	if err := checkName(name); err != nil {
		return Value{}, err
	}
	if ctx.Err() != nil {
		return Value{}, interrupted(ctx)
	}
	doc, err := f.load()
	if err != nil {
		return Value{}, err
	}
	var text string
	raw, ok := doc.secrets[name]
	if !ok {
		return Value{}, notFound(name, f.path)
	}
	if json.Unmarshal(raw, &text) != nil || text == "" {
		return Value{}, f.fail(exit.Usage, nil, "the entry "+name+" holds no secret", "run ngapi auth login "+name)
	}
	return New(text), nil
}

// Set stores a secret.
func (f *FileStore) Set(ctx context.Context, name string, v Value) error {
	if v.Empty() {
		return emptySecret()
	}
	if !utf8.ValidString(v.Reveal()) {
		return exit.Problems(exit.Usage, []exit.Problem{{What: "the secret is not UTF-8 text", Do: "copy it again"}}) // JSON would change it
	}
	return f.edit(ctx, name, func(doc *document) error {
		raw, err := text(v.Reveal())
		doc.secrets[name] = raw
		return err
	})
}

// Delete forgets a secret.
func (f *FileStore) Delete(ctx context.Context, name string) error {
	if _, err := os.Lstat(f.path); errors.Is(err, fs.ErrNotExist) && validName().MatchString(name) {
		return notFound(name, f.path) // no folder is made to delete nothing
	}
	return f.edit(ctx, name, func(doc *document) error {
		if _, ok := doc.secrets[name]; !ok {
			return notFound(name, f.path)
		}
		delete(doc.secrets, name)
		return nil
	})
}

func (f *FileStore) edit(ctx context.Context, name string, change func(*document) error) error {
	if err := checkName(name); err != nil {
		return err
	}
	unlock, err := Lock(ctx, f.path, 0)
	if err != nil {
		return err
	}
	defer unlock()
	doc, err := f.load()
	if err != nil {
		return err
	}
	if err := change(doc); err != nil {
		return err
	}
	data, err := doc.encode()
	if err != nil {
		return f.fail(exit.Fault, nil, "the secrets cannot be written as JSON", "nothing was changed")
	}
	return f.replace(data)
}

// document is the file, with what this program does not know.
type document struct{ all, secrets map[string]json.RawMessage }

// load reads the file; one that is not there is empty.
func (f *FileStore) load() (*document, error) {
	doc := &document{map[string]json.RawMessage{}, map[string]json.RawMessage{}}
	data, err := f.read()
	if err != nil || data == nil { // an empty file is not nil, and no JSON
		return doc, err
	}
	const do = "move the file away and sign in again; ngapi changes nothing in it"
	if err := json.Unmarshal(data, &doc.all); err != nil || doc.all == nil {
		return nil, f.corrupt(data, err, "this is not the JSON of secrets that ngapi writes", do)
	}
	var schema string
	_ = json.Unmarshal(doc.all["schema"], &schema)
	if schema != fileSchema {
		if strings.HasPrefix(schema, "ngapi.secrets/") {
			return nil, f.fail(exit.Usage, nil, "the file was written by another version of ngapi; this one reads "+fileSchema, "update ngapi")
		}
		return nil, f.fail(exit.Usage, nil, "the file has no schema "+fileSchema, do)
	}
	if raw, ok := doc.all["secrets"]; ok {
		if err := json.Unmarshal(raw, &doc.secrets); err != nil || doc.secrets == nil {
			return nil, f.fail(exit.Usage, nil, "secrets is not a list of names with their secrets", do)
		}
	}
	return doc, nil
}

// corrupt says where the JSON breaks off. The message of the parser is not
// repeated: it quotes the file.
func (f *FileStore) corrupt(data []byte, err error, what, do string) error {
	problem := exit.Problem{File: f.path, What: what, Do: do}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		problem.Line = 1 + bytes.Count(data[:min(int64(len(data)), syntax.Offset)], []byte("\n"))
	}
	return exit.Problems(exit.Usage, []exit.Problem{problem})
}

// read returns the bytes of the file, nil where there is none.
func (f *FileStore) read() ([]byte, error) {
	for {
		named, err := os.Lstat(f.path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, nil
		case err != nil:
			return nil, f.unreadable(err)
		case named.Mode()&fs.ModeSymlink != 0:
			return nil, f.fail(exit.Usage, nil, "this is a symbolic link, and secrets do not go through one", "put the file itself there")
		case !named.Mode().IsRegular():
			return nil, f.fail(exit.Usage, nil, "this is not a file", "move it away")
		}
		data, same, err := f.open(named)
		if err != nil || same {
			return data, err
		}
	}
}

// open reads the file that was looked at. It is not the same where another ngapi
// replaced it in the meantime.
func (f *FileStore) open(named fs.FileInfo) (data []byte, same bool, err error) {
	file, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, f.unreadable(err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, false, f.unreadable(err)
	case !os.SameFile(named, info):
		return nil, false, nil
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return nil, false, f.fail(exit.Usage, nil, fmt.Sprintf("others may read or change this file (mode %04o)", info.Mode().Perm()), "run chmod 600 "+quote(f.path))
	}
	data, err = io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		return nil, false, f.unreadable(err)
	case len(data) > maxFile:
		return nil, false, f.fail(exit.Usage, nil, fmt.Sprintf("the file is larger than %d bytes", maxFile), "move it away and sign in again")
	}
	return data, true, nil
}

// quote makes a path fit for a shell.
func quote(path string) string {
	if strings.IndexFunc(path, func(r rune) bool { return !strings.ContainsRune("/._-+:@%", r) && !letterOrDigit(r) }) < 0 {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// replace writes the file beside itself and renames it. os.CreateTemp makes it
// 0600.
func (f *FileStore) replace(data []byte) (err error) {
	if len(data) > maxFile {
		return f.fail(exit.Usage, nil, fmt.Sprintf("the file would be larger than %d bytes", maxFile), "nothing was changed; log out of what is no longer used")
	}
	dir, base := filepath.Split(f.path)
	f.sweep(dir, base)
	tmp, err := os.CreateTemp(filepath.Clean(dir+"."), "."+base+".*.tmp")
	if err != nil {
		return unwritable(f.path, err)
	}
	defer func() {
		if err != nil {
			_ = tmp.Close()
			_ = os.Remove(tmp.Name())
			err = f.fail(exit.Fault, err, "the file cannot be saved: "+reason(err), "nothing was changed; correct the cause and try again")
		}
	}()
	if _, err := tmp.Write(data); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil { // else a crash could leave an empty file
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return atomic.ReplaceFile(tmp.Name(), f.path)
}

// sweep removes what a process left behind that was killed while it saved: a
// copy of all secrets, under a name that nobody looks at. The lock is held, so
// nobody else is saving.
func (f *FileStore) sweep(dir, base string) {
	entries, err := os.ReadDir(filepath.Clean(dir + "."))
	if err != nil {
		return // saving tells what is wrong with the folder
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "."+base+".") && strings.HasSuffix(e.Name(), ".tmp") && e.Type().IsRegular() {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

func (d *document) encode() ([]byte, error) {
	schema, err := text(fileSchema)
	if err != nil {
		return nil, err
	}
	secrets, err := json.Marshal(d.secrets)
	if err != nil {
		return nil, err
	}
	d.all["schema"], d.all["secrets"] = schema, secrets
	data, err := json.MarshalIndent(d.all, "", "  ")
	return append(data, '\n'), err
}

func text(s string) (json.RawMessage, error) { return json.Marshal(s) }

func (f *FileStore) unreadable(err error) error {
	return f.fail(exit.Usage, err, "the file cannot be read: "+reason(err), "correct its permissions: only you should be able to read it")
}

func (f *FileStore) fail(code exit.Code, err error, what, do string) error {
	return &exit.Error{Code: code, Err: err, Problems: []exit.Problem{{File: f.path, What: what, Do: do}}}
}
