package archtest

import (
	"fmt"
	"slices"
	"strings"
)

func findf(format string, args ...any) finding { return finding(fmt.Sprintf(format, args...)) }

// roomOf returns the most exact room of a directory.
func roomOf(table []room, dir string) (room, bool) {
	var best room
	found := false
	for _, r := range table {
		if matches(r.path, dir) && (!found || len(r.path) > len(best.path)) {
			best, found = r, true
		}
	}
	return best, found
}

// checkLayers holds every import between packages of the module against the
// layer matrix. Tests are free, but only they may import the test helpers.
func checkLayers(t tree, table []room) []finding {
	var out []finding
	for _, p := range t.pkgs {
		r, ok := roomOf(table, p.dir)
		if !ok {
			out = append(out, findf("%s has no room: add a line to rooms() in internal/archtest/tables_test.go that says what it may import", p.dir))
			continue
		}
		for _, f := range p.production() {
			for _, e := range f.imports() {
				target, ours := strings.CutPrefix(e.path, t.module+"/")
				if !ours || anyMatches(r.may, target) {
					continue
				}
				out = append(out, findf("%s -> %s (%s): not allowed; %s may import %s", p.dir, target, e.at, r.path, listed(r.may)))
			}
		}
	}
	return out
}

func listed(names []string) string {
	if len(names) == 0 {
		return "nothing of this module"
	}
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	return strings.Join(slices.Compact(sorted), ", ")
}

// standard tells whether an import path is of the standard library: its first
// element has no dot.
func standard(p string) bool {
	first, _, _ := strings.Cut(p, "/")
	return !strings.Contains(first, ".")
}

// checkPure holds the imports of the pure rooms against the lists of what
// only computes.
func checkPure(t tree, table []room, banned map[string]string, libraries []string) []finding {
	var out []finding
	for _, p := range t.pkgs {
		if r, ok := roomOf(table, p.dir); !ok || !r.pure {
			continue
		}
		for _, f := range p.production() {
			for _, e := range f.imports() {
				if why := impurity(t.module, e.path, banned, libraries); why != "" {
					out = append(out, findf("%s -> %s (%s): the package is pure; %s", p.dir, e.path, e.at, why))
				}
			}
		}
	}
	return out
}

func impurity(module, p string, banned map[string]string, libraries []string) string {
	switch {
	case below(module, p):
		return "" // the layer matrix decides
	case !standard(p):
		if slices.Contains(libraries, p) {
			return ""
		}
		return "it may use no library but " + strings.Join(libraries, " and ")
	}
	for pattern, why := range banned {
		if matches(pattern, p) {
			return why
		}
	}
	return ""
}

// checkPureRooms reports a pure room that may import one that is not.
func checkPureRooms(table []room) []finding {
	var out []finding
	for _, r := range table {
		if !r.pure {
			continue
		}
		for _, m := range r.may {
			if other, ok := roomOf(table, strings.TrimSuffix(m, "/...")); !ok || !other.pure {
				out = append(out, findf("rooms(): %s is pure and may not import %s, which is not", r.path, m))
			}
		}
	}
	return out
}

// checkWings reports a room of one wing that may import another wing.
func checkWings(table []room) []finding {
	wings := []string{"internal/onboarding", "internal/routes", "internal/credentials", "internal/terminal"}
	var out []finding
	for _, r := range table {
		for _, from := range wings {
			if !below(from, r.path) {
				continue
			}
			for _, m := range r.may {
				for _, to := range wings {
					if to != from && below(to, m) {
						out = append(out, findf("rooms(): %s may import %s, but the wings never import each other", r.path, m))
					}
				}
			}
		}
	}
	return out
}

// checkOwners reports a library outside the rooms that own it.
func checkOwners(t tree, table []owner) []finding {
	var out []finding
	for _, p := range t.pkgs {
		for _, f := range p.production() {
			for _, e := range f.imports() {
				for _, o := range table {
					if below(o.library, e.path) && !anyMatches(o.rooms, p.dir) {
						out = append(out, findf("%s -> %s (%s): only %s may import it; %s", p.dir, e.path, e.at, listed(o.rooms), o.why))
					}
				}
			}
		}
	}
	return out
}

// checkQuiet holds what keeps program start from waiting for the terminal:
// the package that answers for the terminal is initialised before the screen
// library, for it sorts before it and imports nothing that waits.
func checkQuiet(t tree) []finding {
	const quiet, screen = "internal/terminal/quiet", "github.com/charmbracelet/bubbletea"
	var out []finding
	importers := 0
	exists, asks := false, false
	for _, p := range t.pkgs {
		exists = exists || p.dir == quiet
		asks = asks || p.dir == "internal/terminal/ask"
		for _, f := range p.production() {
			for _, e := range f.imports() {
				if e.path == t.module+"/"+quiet {
					importers++
				}
				if p.dir == quiet && e.path != "github.com/charmbracelet/lipgloss" {
					out = append(out, findf("%s -> %s (%s): it may import lipgloss only, or it is initialised too late", p.dir, e.path, e.at))
				}
			}
		}
	}
	if exists && t.module+"/"+quiet >= screen {
		out = append(out, findf("module path %s sorts after %s: the program would wait for the terminal at every start", t.module, screen))
	}
	if asks && importers == 0 {
		out = append(out, findf("nobody imports %s: the program waits for the terminal at every start", quiet))
	}
	return out
}
