package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
	"github.com/apionboard/ngapi/internal/store"
)

// developer is everything that is known of one application: its profile, its
// route list and what the list means.
type developer struct {
	profile *store.Profile // nil where there is none
	set     trait.Set
	edition *rulebook.Edition
	asOf    string
	routes  *route.List
	scope   *scope.Report
	inputs  []report.Input
}

// evaluator evaluates the rulebook for this developer.
func (d *developer) evaluator() *rulebook.Evaluator {
	return rulebook.NewEvaluator(d.edition, d.set, d.asOf)
}

// yamlFiles lists the YAML files of a folder, sorted by name.
func yamlFiles(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && filepath.Ext(e.Name()) == ".yaml" {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files
}

// readRules reads one YAML file of an edition.
func readRules(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "cannot read the rulebook: %w", err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, store.MaxBytes+1))
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "cannot read the rulebook: %w", err)
	}
	if len(data) > store.MaxBytes {
		return nil, exit.Errorf(exit.Usage, "the rulebook %s is larger than %d bytes", path, store.MaxBytes)
	}
	return data, nil
}

// elsewhere is the -p that a suggested command needs to reach this profile, or
// "" where a command here finds it by itself.
func (d *developer) elsewhere() string {
	if d.profile == nil {
		return ""
	}
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	abs, err := filepath.Abs(d.profile.Path)
	if found, ok := store.Find(dir); err == nil && ((ok && found == abs) || (!ok && abs == filepath.Join(dir, store.FileName))) {
		return ""
	}
	return " -p " + rulebook.Quote(filepath.ToSlash(d.profile.Path))
}

// pointed completes the commands of a plan so that they reach this profile.
func (d *developer) pointed(p plan.Plan) plan.Plan {
	p.Next = slices.Clone(p.Next)
	for i := range p.Next {
		p.Next[i].Run += d.elsewhere()
	}
	return p
}

// routesDigest returns the SHA-256 of the route list, or "" where there is none.
func (d *developer) routesDigest() string {
	for _, in := range d.inputs {
		if in.Role == "routes" {
			return in.SHA256
		}
	}
	return ""
}

func (d *developer) head(s *session, schema string) report.Head {
	return report.Head{Schema: schema, Tool: s.tool(), Rulebook: report.ThisRulebook(d.edition), AsOf: d.asOf}
}

func (d *developer) ref() report.Profile {
	if d.profile == nil {
		return report.Profile{}
	}
	p := report.Profile{Path: filepath.ToSlash(d.profile.Path), SHA256: d.profile.SHA256}
	if name, ok := d.set.Get("app.name"); ok {
		p.Name = name.Value.String()
	}
	return p
}

// profilePath finds the profile: the flag, the setting, else the nearest
// ngapi.yaml upward. found is false where the search found none.
func (s *session) profilePath() (path string, found bool, err error) {
	if p := s.set.Profile.V; p != "" {
		return p, true, nil
	}
	dir, err := workingDir()
	if err != nil {
		return "", false, err
	}
	path, found = store.Find(dir)
	if !found {
		return store.FileName, false, nil
	}
	if rel, err := filepath.Rel(dir, path); err == nil && !strings.HasPrefix(rel, ".."+string(filepath.Separator)+"..") {
		path = rel
	}
	return path, true, nil
}

// existingProfile finds the profile, or says how to make one.
func (s *session) existingProfile() (string, error) {
	path, found, err := s.profilePath()
	if err == nil && !found {
		err = exit.Errorf(exit.Usage, "no ngapi.yaml here or in a folder above; make one with ngapi onboard, or name one with --profile")
	}
	return path, err
}

// need tells whether a command can do without a profile.
type need bool

const (
	required need = true
	optional need = false
)

// developer loads the profile and the route list that it names.
func (s *session) developer(n need) (*developer, error) {
	if n == required {
		path, err := s.existingProfile()
		if err != nil {
			return nil, err
		}
		return s.load(path)
	}
	path, found, err := s.profilePath()
	if err != nil {
		return nil, err
	}
	if !found {
		return s.without()
	}
	return s.load(path)
}

// without is a developer of whom nothing is known.
func (s *session) without() (*developer, error) {
	e, err := s.edition()
	if err != nil {
		return nil, err
	}
	return &developer{edition: e, asOf: s.asOf()}, nil
}

// load reads one profile by path.
func (s *session) load(path string) (*developer, error) {
	d, err := s.without()
	if err != nil {
		return nil, err
	}
	p, err := store.Read(path)
	if err != nil {
		return nil, err
	}
	s.noteRead(path)
	if p.Newer {
		s.hint("%s has schema %s, which is newer than this ngapi: it is read as far as it is understood and never changed.", path, p.Schema)
	}
	d.profile, d.set = p, p.Set
	d.inputs = append(d.inputs, report.Input{Role: "profile", Path: filepath.ToSlash(p.Path), SHA256: p.SHA256})
	return d, s.addObserved(d)
}

// addObserved adds what the files say that the profile names: the newest report of
// ngapi auth check and the route list.
func (s *session) addObserved(d *developer) error {
	s.addCredentials(d)
	return s.addRoutes(d)
}

// addRoutes reads the route list that the profile names and adds what it means
// as observed traits.
func (s *session) addRoutes(d *developer) error {
	entry, ok := d.set.Get("routes.file")
	if !ok {
		s.hintUnusedList(d)
		return nil
	}
	path := entry.Value.String()
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(d.profile.Path), path)
	}
	s.noteRead(path)
	file, err := readRoutes(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return exit.Problems(exit.Usage, []exit.Problem{{
				File: entry.Origin.File, Line: entry.Origin.Line, Column: entry.Origin.Column,
				What: fmt.Sprintf("routes.file names %q, which does not exist", path),
				Do:   "make it with ngapi routes import FILE, or take the key out with ngapi profile unset routes.file",
			}})
		}
		return err
	}
	for _, n := range file.notices {
		s.hint("%s", n)
	}
	d.routes = file.list
	d.inputs = append(d.inputs, report.Input{Role: "routes", Path: filepath.ToSlash(path), SHA256: file.sha256})
	opt, err := s.scopeOptions(listPlace{path: path, profile: d.profile}, false)
	if err != nil {
		return err
	}
	opt.AsOf = d.asOf
	judged := scope.Judge(file.list, opt)
	d.scope = &judged
	d.set = withObserved(d.set, path, file.list, &judged)
	d.set = attested(d.set, d.profile.Attestations, d.asOf, file.sha256)
	return nil
}

// hintUnusedList says that a list lies beside the profile without being named.
func (s *session) hintUnusedList(d *developer) {
	beside := filepath.Join(filepath.Dir(d.profile.Path), routesFile)
	if _, err := os.Stat(beside); err == nil {
		s.hint("hint: %s is not used, because the profile does not name it; ngapi profile set routes.file=%s", beside, routesFile)
	}
}

// edition is the rulebook of this run: the one that is compiled in, another
// edition, or a file or folder of YAML.
func (s *session) edition() (*rulebook.Edition, error) { return s.editionNamed(s.set.Rulebook.V) }

func (s *session) editionNamed(name string) (*rulebook.Edition, error) {
	if !strings.ContainsAny(name, `./\`) {
		return rulebook.Load(name)
	}
	files := []string{name}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		if files = yamlFiles(name); len(files) == 0 {
			return nil, exit.Errorf(exit.Usage, "the folder %s holds no edition; name a folder with the YAML files of one", name)
		}
	}
	parts := map[string][]byte{}
	for _, file := range files {
		data, err := readRules(file)
		if err != nil {
			return nil, err
		}
		s.noteRead(file)
		parts[filepath.Base(file)] = data
	}
	e, err := rulebook.Parse(parts)
	if err != nil {
		return nil, err
	}
	var problems []exit.Problem
	for _, wrong := range e.RunExamples() {
		problems = append(problems, exit.Problem{File: name, What: wrong, Do: "correct the rule or its example"})
	}
	return e, exit.Problems(exit.Usage, problems)
}
