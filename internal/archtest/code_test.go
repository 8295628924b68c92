package archtest

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
)

// checkUses reports functions and variables of the standard library outside
// the rooms that may touch the outside world.
func checkUses(t tree, table []use) []finding {
	var out []finding
	for _, p := range t.pkgs {
		for _, f := range p.production() {
			names := map[string]string{} // name in this file -> import path
			for _, e := range f.imports() {
				switch e.name {
				case "":
					names[path.Base(e.path)] = e.path
				case ".":
					out = append(out, findf("%s: a dot import hides where a name comes from", e.at))
				default:
					names[e.name] = e.path
				}
			}
			ast.Inspect(f.file, func(n ast.Node) bool {
				full, ok := selected(n, names)
				if !ok {
					return true
				}
				for _, u := range table {
					if slices.Contains(u.names, full) && !anyMatches(u.rooms, p.dir) {
						out = append(out, findf("%s: %s only in %s; %s", f.at(n.Pos()), full, strings.Join(u.rooms, ", "), u.why))
					}
				}
				return true
			})
		}
	}
	return out
}

// selected returns "import/path.Name" of a selector on an imported package.
func selected(n ast.Node, names map[string]string) (string, bool) {
	s, ok := n.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	x, ok := s.X.(*ast.Ident)
	if !ok || x.Obj != nil { // Obj is set for what the file itself declares
		return "", false
	}
	p, ok := names[x.Name]
	return p + "." + s.Sel.Name, ok
}

// checkInits reports init functions: what a program does begins in main.
func checkInits(t tree) []finding {
	var out []finding
	for _, p := range t.pkgs {
		for _, f := range p.production() {
			for _, d := range f.file.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					out = append(out, findf("%s: no init functions; do it in a constructor", f.at(fn.Pos())))
				}
			}
		}
	}
	return out
}

// checkVariables reports package variables, which are state that every test
// and every command shares. Free by their shape are sentinel errors, embedded
// files, tables that are built once, and assertions that a type has methods.
func checkVariables(t tree, named map[string][]string, once []string) []finding {
	var out []finding
	for _, p := range t.pkgs {
		for _, f := range p.production() {
			for _, d := range f.file.Decls {
				g, ok := d.(*ast.GenDecl)
				if !ok || g.Tok != token.VAR {
					continue
				}
				for _, s := range g.Specs {
					spec, ok := s.(*ast.ValueSpec)
					if !ok || embedded(g, spec) {
						continue
					}
					for i, name := range spec.Names {
						if slices.Contains(named[p.dir], name.Name) || harmless(spec, i, once) {
							continue
						}
						out = append(out, findf("%s: package variable %s; allowed are sentinel errors, embedded files, %s and blank interface assertions",
							f.at(name.Pos()), name.Name, strings.Join(once, ", ")))
					}
				}
			}
		}
	}
	return out
}

func embedded(g *ast.GenDecl, spec *ast.ValueSpec) bool {
	docs := []*ast.CommentGroup{spec.Doc}
	if !g.Lparen.IsValid() {
		docs = append(docs, g.Doc)
	}
	for _, doc := range docs {
		if doc == nil {
			continue
		}
		for _, c := range doc.List {
			if strings.HasPrefix(c.Text, "//go:embed ") {
				return true
			}
		}
	}
	return false
}

func harmless(spec *ast.ValueSpec, i int, once []string) bool {
	name := spec.Names[i].Name
	if i >= len(spec.Values) {
		return false
	}
	if name == "_" {
		return spec.Type != nil
	}
	call, ok := spec.Values[i].(*ast.CallExpr)
	if !ok {
		return false
	}
	callee := dotted(call.Fun)
	sentinel := strings.HasPrefix(name, "Err") || strings.HasPrefix(name, "err")
	if sentinel && (callee == "errors.New" || callee == "fmt.Errorf") {
		return true
	}
	return slices.Contains(once, callee)
}

// dotted returns "pkg.Func" of a call, also where type arguments are given.
func dotted(e ast.Expr) string {
	switch v := e.(type) {
	case *ast.IndexExpr:
		return dotted(v.X)
	case *ast.IndexListExpr:
		return dotted(v.X)
	case *ast.SelectorExpr:
		if x, ok := v.X.(*ast.Ident); ok {
			return x.Name + "." + v.Sel.Name
		}
	}
	return ""
}

// checkDocs reports packages whose purpose is not stated.
func checkDocs(t tree) []finding {
	var out []finding
	for _, p := range t.pkgs {
		files := p.production()
		if len(files) == 0 {
			continue
		}
		name := files[0].file.Name.Name
		want := "Package " + name
		if name == "main" {
			want = "Command " + path.Base(p.dir)
		}
		stated := func(f source) bool {
			return f.file.Doc != nil && strings.HasPrefix(f.file.Doc.Text(), want+" ")
		}
		if !slices.ContainsFunc(files, stated) {
			out = append(out, findf("%s: no package comment that begins with %q and states the contract", p.dir, want))
		}
	}
	return out
}

// checkNames reports package names that say nothing.
func checkNames(t tree, vague []string) []finding {
	var out []finding
	for _, p := range t.pkgs {
		for _, element := range strings.Split(p.dir, "/") {
			if slices.Contains(vague, element) {
				out = append(out, findf("%s: %q says nothing; name it after what it is about", p.dir, element))
			}
		}
		for _, f := range p.files {
			if name := f.file.Name.Name; slices.Contains(vague, name) && !below(name, path.Base(p.dir)) {
				out = append(out, findf("%s: package name %q says nothing; name it after what it is about", f.path, name))
			}
		}
	}
	return out
}

// checkLeftovers reports notes to oneself.
func checkLeftovers(t tree) []finding {
	note := regexp.MustCompile(`\b(TODO|FIXME)\b`)
	var out []finding
	for _, p := range t.pkgs {
		for _, f := range p.production() {
			for i, line := range strings.Split(f.text, "\n") {
				if m := note.FindString(line); m != "" {
					out = append(out, findf("%s:%d: %s; do it, or open an issue", f.path, i+1, m))
				}
			}
		}
	}
	return out
}
