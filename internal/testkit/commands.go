package testkit

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// commands are those that scripts have beside the library's own.
func commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"exitcode": exitCode,
		"json":     jsonAt,
		"notin":    notIn,
	}
}

func exitCode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode N PROGRAM ARG...")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("exitcode: %q is not a number", args[0])
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			ts.Fatalf("exitcode: %v", err)
		}
		got = ended.ExitCode() // -1 where a signal ended it
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func jsonAt(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 1 || len(args) > 3 || neg && len(args) < 2 {
		ts.Fatalf("usage: json FILE [PATH [VALUE]]")
	}
	doc, err := decode(ts.ReadFile(args[0]))
	if err != nil {
		ts.Fatalf("json: %s: %v", args[0], err)
	}
	if len(args) == 1 {
		return
	}
	found, err := lookup(doc, args[1])
	if err != nil {
		if !neg {
			ts.Fatalf("json: %s: %v", args[0], err)
		}
		return
	}
	same := len(args) == 2 || plain(found) == args[2]
	switch {
	case neg && same:
		ts.Fatalf("json: %s: %s is %s", args[0], args[1], plain(found))
	case !neg && !same:
		ts.Fatalf("json: %s: %s is %s, want %s", args[0], args[1], plain(found), args[2])
	}
}

func notIn(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || args[1] == "" {
		ts.Fatalf("usage: notin FILE TEXT")
	}
	texts := map[string]string{}
	if info, err := os.Stat(ts.MkAbs(args[0])); err == nil && info.IsDir() {
		ts.Check(readAll(ts.MkAbs(args[0]), texts))
	} else {
		texts[args[0]] = ts.ReadFile(args[0])
	}
	for name, text := range texts {
		for _, form := range encodings(args[1]) {
			if strings.Contains(text, form) {
				ts.Fatalf("notin: %s holds %q as %q", name, args[1], form)
			}
		}
	}
}

func readAll(dir string, texts map[string]string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		texts[path] = string(data)
		return err
	})
}

// encodings returns the forms in which a text may hide. For base64 they are
// the inner characters at each of the three alignments, which do not depend on
// what stands before or after.
func encodings(text string) []string {
	forms := []string{text, url.QueryEscape(text), url.PathEscape(text), hex.EncodeToString([]byte(text))}
	const shortest = 8 // below it, base64 fragments match by chance
	if len(text) < shortest {
		return forms
	}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		for before := range 3 {
			bits := before * 8
			end := (bits + len(text)*8) / 6
			start := (bits + 5) / 6
			all := enc.EncodeToString([]byte(strings.Repeat("x", before) + text))
			forms = append(forms, all[start:end])
		}
	}
	return forms
}
