// Command gendocs writes what is generated from the program itself: shell
// completions, man pages, the page of the rules
// and the compiled rulebook. With -check it writes
// nothing and fails, naming every file that is stale.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/apionboard/ngapi/internal/buildinfo"
	"github.com/apionboard/ngapi/internal/cli"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/terminal"
)

func main() {
	out := flag.String("out", ".", "root of the repository")
	check := flag.Bool("check", false, "compare instead of writing")
	flag.Parse()
	files, err := Generate(*out)
	if err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
	stale, err := apply(*out, files, *check)
	if err != nil {
		fmt.Fprintln(os.Stderr, "gendocs:", err)
		os.Exit(1)
	}
	if len(stale) > 0 && *check {
		fmt.Fprintf(os.Stderr, "gendocs: stale, run go generate ./...:\n  %s\n", strings.Join(stale, "\n  "))
		os.Exit(1)
	}
}

// Generate returns every generated file by its path in the repository. The
// bytes depend on the program and the rules only: no version, no date of the
// build. The rules are read from the repository below repo.
func Generate(repo string) (map[string][]byte, error) {
	world := cli.World{
		Streams: terminal.Streams{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &bytes.Buffer{}},
		Env:     func(string) string { return "" },
		Today:   func() string { return "2026-11-23" },
		Build:   buildinfo.Info{Version: "VERSION"},
	}
	root := cli.Tree(world)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	files := map[string][]byte{}
	if err := completions(root, files); err != nil {
		return nil, err
	}
	if err := manPages(root, files); err != nil {
		return nil, err
	}
	edition, err := parseEdition(filepath.Join(repo, editionsDir, rulebook.Current))
	if err != nil {
		return nil, err
	}
	files["docs/rulebook.md"] = rulesPage(edition)
	if files["internal/onboarding/rulebook/compiled.go"], err = compileRulebook(repo); err != nil {
		return nil, err
	}
	return files, nil
}

func completions(root *cobra.Command, files map[string][]byte) error {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"completions/ngapi.bash": func(b *bytes.Buffer) error { return root.GenBashCompletionV2(b, true) },
		"completions/_ngapi":     func(b *bytes.Buffer) error { return root.GenZshCompletion(b) },
		"completions/ngapi.fish": func(b *bytes.Buffer) error { return root.GenFishCompletion(b, true) },
		"completions/ngapi.ps1":  func(b *bytes.Buffer) error { return root.GenPowerShellCompletionWithDesc(b) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return err
		}
		files[name] = b.Bytes()
	}
	return nil
}

// manPages writes one page for each command and help topic.
func manPages(root *cobra.Command, files map[string][]byte) error {
	day := time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC) // pinned, so that pages repeat
	var walk func(*cobra.Command) error
	walk = func(cmd *cobra.Command) error {
		if cmd.Hidden || cmd.Name() == "help" {
			return nil
		}
		for _, sub := range cmd.Commands() {
			if err := walk(sub); err != nil {
				return err
			}
		}
		var b bytes.Buffer
		header := &doc.GenManHeader{Section: "1", Date: &day, Source: "ngapi", Manual: "ngapi manual"}
		if err := doc.GenMan(cmd, header, &b); err != nil {
			return err
		}
		files["man/"+strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"] = b.Bytes()
		return nil
	}
	return walk(root)
}

// apply writes the files, or only compares them. It returns what differed,
// including generated files that no longer belong to anything.
func apply(root string, files map[string][]byte, checkOnly bool) ([]string, error) {
	var stale []string
	for name, data := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		have, err := os.ReadFile(path)
		if err == nil && bytes.Equal(bytes.ReplaceAll(have, []byte("\r\n"), []byte("\n")), data) {
			continue
		}
		stale = append(stale, name)
		if checkOnly {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil { //nolint:gosec // committed files are for everybody to read
			return nil, err
		}
	}
	orphans, err := orphans(root, files)
	if err != nil {
		return nil, err
	}
	for _, name := range orphans {
		stale = append(stale, name+" (belongs to nothing)")
		if !checkOnly {
			if err := os.Remove(filepath.Join(root, filepath.FromSlash(name))); err != nil {
				return nil, err
			}
		}
	}
	sort.Strings(stale)
	return stale, nil
}

func orphans(root string, files map[string][]byte) ([]string, error) {
	var out []string
	for _, dir := range []string{"man", "completions"} {
		entries, err := os.ReadDir(filepath.Join(root, dir))
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		for _, e := range entries {
			if name := dir + "/" + e.Name(); files[name] == nil {
				out = append(out, name)
			}
		}
	}
	return out, nil
}
