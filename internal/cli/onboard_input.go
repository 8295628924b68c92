package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/store"
)

// fromStdin is the name of standard input as a file.
const fromStdin = "-"

// gathered is what is known before the first question: profile, answers file,
// flags and route list, with the later ones overruling the earlier.
type gathered struct {
	*developer
	path   string            // of the profile, which need not exist
	exists bool              // it does
	stored trait.Set         // what the profile says
	extra  *store.Profile    // the answers file; nil where there is none
	given  map[trait.ID]bool // named by the answers file or by a flag
}

// gather reads everything that was given. All problems of the flags are
// reported at once.
func (s *session) gather(f onboardFlags) (*gathered, error) {
	in, err := s.openProfile()
	if err != nil {
		return nil, err
	}
	if f.answers != "" {
		if in.extra, err = s.readAnswers(f.answers); err != nil {
			return nil, err
		}
		in.merge(in.extra.Set)
	}
	flags, err := flagAnswers(f.set)
	if err != nil {
		return nil, err
	}
	in.merge(flags)
	if problems := trait.Standard().Contradictions(in.set); len(problems) > 0 {
		return nil, exit.Problems(exit.Usage, problems)
	}
	return in, s.routesFor(in)
}

// routesFor reads the route list. Where there is no profile yet, nothing can
// name a list that lies here, so the flag that does is named instead.
func (s *session) routesFor(in *gathered) error {
	if _, named := in.set.Get("routes.file"); named || in.exists {
		return s.addObserved(in.developer)
	}
	beside := filepath.Join(filepath.Dir(in.path), routesFile)
	if _, err := os.Stat(beside); err == nil {
		s.hint("hint: %s is not used; to judge by it, add --set routes.file=%s", beside, routesFile)
	}
	return nil
}

// openProfile reads the profile, if there is one. A profile of a newer schema
// cannot be saved, so it is refused before anything is asked.
func (s *session) openProfile() (*gathered, error) {
	path, _, err := s.profilePath()
	if err != nil {
		return nil, err
	}
	d, err := s.without()
	if err != nil {
		return nil, err
	}
	if err := s.claim(path); err != nil {
		return nil, err
	}
	in := &gathered{developer: d, path: path, given: map[trait.ID]bool{}}
	p, err := store.Read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.profile = &store.Profile{Path: path}
		return in, nil
	case err != nil:
		return nil, err
	case p.Newer:
		return nil, exit.Problems(exit.Usage, p.Notices[:1])
	}
	s.noteRead(path)
	in.exists, in.stored = true, p.Set
	d.profile, d.set = p, p.Set
	d.inputs = append(d.inputs, report.Input{Role: "profile", Path: filepath.ToSlash(p.Path), SHA256: p.SHA256})
	return in, nil
}

// readAnswers reads an answers file, at most store.MaxBytes of it.
func (s *session) readAnswers(name string) (*store.Profile, error) {
	shown, in := name, s.world.Streams.In
	if name == fromStdin {
		shown = "standard input"
	} else {
		file, err := os.Open(name)
		if err != nil {
			return nil, exit.Errorf(exit.Usage, "cannot read the answers: %w", err)
		}
		defer func() { _ = file.Close() }()
		in = file
		if err := s.claim(name); err != nil {
			return nil, err
		}
	}
	data, err := io.ReadAll(io.LimitReader(in, store.MaxBytes+1))
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "cannot read the answers from %s: %w", shown, err)
	}
	if len(data) > store.MaxBytes {
		return nil, exit.Errorf(exit.Usage, "the answers in %s are longer than %d bytes; an answers file has the shape of ngapi.yaml", shown, store.MaxBytes)
	}
	p, err := store.ParseAnswers(shown, data)
	if err != nil {
		return nil, err
	}
	if p.Newer {
		return nil, exit.Problems(exit.Usage, p.Notices[:1])
	}
	return p, nil
}

// flagAnswers parses the --set flags. The same trait twice with two values is a
// contradiction: the last one does not silently win.
func flagAnswers(pairs []string) (trait.Set, error) {
	var set trait.Set
	var problems []exit.Problem
	for _, pair := range pairs {
		id, text, t, problem := parsePair(pair)
		if problem != nil {
			problems = append(problems, *problem)
			continue
		}
		if strings.TrimSpace(text) == "" {
			problems = append(problems, exit.Problem{
				What: fmt.Sprintf("--set %s has no value", id),
				Do:   "give one, or leave the flag out; ngapi profile unset takes an answer away",
			})
			continue
		}
		value, err := t.Parse(text)
		if err != nil {
			problems = append(problems, exit.Problem{What: "--set: " + err.Error()})
			continue
		}
		if old, twice := set.Get(id); twice && !old.Value.Equal(value) {
			problems = append(problems, exit.Problem{
				What: fmt.Sprintf("--set %s is given twice: %q and %q", id, old.Value, value), Do: "keep one of them",
			})
			continue
		}
		set = set.With(id, trait.Entry{Value: value, Origin: trait.Origin{Source: trait.FromFlag, Name: "--set " + string(id)}})
	}
	return set, exit.Problems(exit.Usage, problems)
}

// merge lays answers over what is known.
func (in *gathered) merge(over trait.Set) {
	for _, id := range trait.Standard().Storable() {
		e, ok := over.Get(id)
		if !ok || e.Value.Type() == trait.Records {
			continue
		}
		in.set = in.set.With(id, e)
		in.given[id] = true
	}
	if len(over.Clients()) > 0 {
		in.set = in.set.WithClients(mergeClients(in.set.Clients(), over.Clients()))
	}
}

// mergeClients adds Beta clients by name; what is said of a known one is added
// to what was known.
func mergeClients(have, more []trait.Client) []trait.Client {
	out := slices.Clone(have)
	for _, c := range more {
		i := slices.IndexFunc(out, func(o trait.Client) bool { return o.Name == c.Name })
		if i < 0 {
			out = append(out, c)
			continue
		}
		traits := maps.Clone(out[i].Traits)
		maps.Copy(traits, c.Traits)
		out[i].Traits = traits
	}
	return out
}

// document is the result for programs, as far as it is known before a save.
func (in *gathered) document(s *session, v *interview) report.Onboard {
	set := v.set()
	p := report.OnboardProfile{Path: filepath.ToSlash(in.path)}
	return report.NewOnboard(in.head(s, "ngapi.onboard/v1"), p, set, in.pointed(plan.Make(v.evaluator(set))))
}
