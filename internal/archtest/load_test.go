package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// A source is one parsed Go file. All files are read, whatever system or tag
// they are meant for: a rule that holds only on the machine at hand is none.
type source struct {
	path string // relative to the root, with slashes
	test bool
	text string
	file *ast.File
	fset *token.FileSet
}

// A pkg is one directory of Go files, named by its path below the root.
type pkg struct {
	dir   string
	files []source
}

// A tree is the module: its path and its packages in order of directory.
type tree struct {
	module string
	pkgs   []pkg
}

// A finding is one breach of a rule: where, and what to do about it.
type finding string

func (s source) at(pos token.Pos) string {
	return fmt.Sprintf("%s:%d", s.path, s.fset.Position(pos).Line)
}

func (p pkg) production() []source {
	var files []source
	for _, f := range p.files {
		if !f.test {
			files = append(files, f)
		}
	}
	return files
}

// load parses every Go file below root that belongs to this module: nested
// modules, testdata and hidden directories do not.
func load(root fs.FS, module string) (tree, error) {
	t := tree{module: module}
	byDir := map[string]int{}
	fset := token.NewFileSet()
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != "." && foreign(root, p):
			return fs.SkipDir
		case d.IsDir() || path.Ext(p) != ".go":
			return nil
		}
		text, err := fs.ReadFile(root, p)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, p, text, parser.ParseComments)
		if err != nil {
			return err
		}
		dir := path.Dir(p)
		i, ok := byDir[dir]
		if !ok {
			i = len(t.pkgs)
			byDir[dir] = i
			t.pkgs = append(t.pkgs, pkg{dir: dir})
		}
		t.pkgs[i].files = append(t.pkgs[i].files, source{
			path: p, test: strings.HasSuffix(p, "_test.go"), text: string(text), file: file, fset: fset,
		})
		return nil
	})
	return t, err
}

func foreign(root fs.FS, dir string) bool {
	name := path.Base(dir)
	if name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") {
		return true
	}
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return err == nil
}

// An edge is one import, seen from the file that has it.
type edge struct {
	path string // import path
	name string // the name it goes by in the file, "" for the package's own
	at   string
}

func (s source) imports() []edge {
	var edges []edge
	for _, spec := range s.file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has refused it already
		}
		e := edge{path: p, at: s.at(spec.Pos())}
		if spec.Name != nil {
			e.name = spec.Name.Name
		}
		edges = append(edges, e)
	}
	return edges
}

// matches tells whether a path is the one of a pattern or, where the pattern
// ends in "/...", lies below it.
func matches(pattern, p string) bool {
	if stem, ok := strings.CutSuffix(pattern, "/..."); ok {
		return below(stem, p)
	}
	return pattern == p
}

// below tells whether p is stem or lies below it.
func below(stem, p string) bool {
	return p == stem || strings.HasPrefix(p, stem+"/")
}

func anyMatches(patterns []string, p string) bool {
	for _, pattern := range patterns {
		if matches(pattern, p) {
			return true
		}
	}
	return false
}
