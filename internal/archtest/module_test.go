package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// A requirement is one line of go.mod that asks for a module.
type requirement struct {
	path   string
	direct bool
}

// A manifest is what go.mod says, as far as it is checked here.
type manifest struct {
	module   string
	requires []requirement
	other    []string // replace and exclude lines
}

// readManifest reads the text of a go.mod file. It knows the two forms of a
// directive, on one line and as a block, and nothing of versions.
func readManifest(text string) (manifest, error) {
	var m manifest
	block := ""
	for i, line := range strings.Split(text, "\n") {
		code, comment, _ := strings.Cut(line, "//")
		fields := strings.Fields(code)
		switch {
		case len(fields) == 0:
			continue
		case block != "" && fields[0] == ")":
			block = ""
			continue
		case block != "":
			fields = append([]string{block}, fields...)
		case len(fields) == 2 && fields[1] == "(":
			block = fields[0]
			continue
		}
		if len(fields) < 2 {
			return m, fmt.Errorf("go.mod:%d: cannot read %q", i+1, line)
		}
		switch fields[0] {
		case "module":
			m.module = fields[1]
		case "require":
			m.requires = append(m.requires, requirement{fields[1], !strings.HasPrefix(strings.TrimSpace(comment), "indirect")})
		case "replace", "exclude":
			m.other = append(m.other, strings.Join(fields, " "))
		}
	}
	return m, nil
}

// checkManifest holds the direct dependencies against the ceiling.
func checkManifest(m manifest, ceiling []string) []finding {
	var out []finding
	for _, r := range m.requires {
		if r.direct && !slices.Contains(ceiling, r.path) {
			out = append(out, findf("go.mod: %s is a new direct dependency; if it is worth it, add it to direct() in internal/archtest/tables_test.go and say why in the commit", r.path))
		}
	}
	for _, line := range m.other {
		out = append(out, findf("go.mod: %s; with it nobody can install the program by go install", line))
	}
	return out
}

// checkLibraries holds what the code imports, tests included, against the same
// ceiling, so that a dependency cannot hide behind an "indirect" mark.
func checkLibraries(t tree, ceiling []string) []finding {
	var out []finding
	for _, p := range t.pkgs {
		for _, f := range p.files {
			for _, e := range f.imports() {
				if standard(e.path) || below(t.module, e.path) {
					continue
				}
				if !slices.ContainsFunc(ceiling, func(m string) bool { return below(m, e.path) }) {
					out = append(out, findf("%s -> %s (%s): not among the dependencies in direct() of internal/archtest/tables_test.go", p.dir, e.path, e.at))
				}
			}
		}
	}
	return out
}

// checkRoot holds the names in the root directory against the two lists.
func checkRoot(names, must, may []string) []finding {
	var out []finding
	for _, n := range must {
		if !slices.Contains(names, n) {
			out = append(out, findf("the root lacks %s", n))
		}
	}
	for _, n := range names {
		if !slices.Contains(must, n) && !slices.Contains(may, n) {
			out = append(out, findf("the root holds %s, which is not among the names it is kept to; move it below one of them", n))
		}
	}
	return out
}
