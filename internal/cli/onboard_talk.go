package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/store"
)

// prepare looks for an unfinished run and for a place to keep this one, and
// says beforehand what will not be possible. It returns the folder of the
// checkpoints, or "" where none can be kept.
func (s *session) prepare(in *gathered, w *wizard, fresh bool) string {
	if w.dry {
		s.say("A dry run: nothing is written, and unfinished answers are not kept.")
		return ""
	}
	if err := writable(in.path); err != nil {
		s.say(fmt.Sprintf("Note: %s cannot be written (%s). The answers will be printed at the end instead.", in.path, words(err)))
	}
	dir, kept, found, err := s.checkpoints(in.path)
	if err != nil {
		s.say("Note: unfinished answers cannot be kept for later (" + words(err) + ").")
		dir = ""
	} else {
		w.keep = func(c store.Checkpoint) error {
			c.Profile = in.path
			return store.SaveCheckpoint(dir, c)
		}
	}
	if found && !fresh && len(kept.Answers)+len(kept.Skipped) > 0 {
		w.stage, w.resume = resuming, in.resumption(w, kept)
	}
	return dir
}

// checkpoints finds the folder for checkpoints, the unfinished run in it, and out
// whether another one can be kept there. A checkpoint that cannot be used stays
// until the first answer of this run takes its place.
func (s *session) checkpoints(profile string) (dir string, kept store.Checkpoint, found bool, err error) {
	if dir, err = s.set.Paths.StateDir(); err != nil {
		return "", kept, false, err
	}
	kept, found, err = store.LoadCheckpoint(dir, profile)
	if err != nil {
		p := exit.List(err)[0]
		if _, missing := os.Stat(p.File); missing != nil {
			return dir, kept, false, err // the folder is at fault, not what lies in it
		}
		s.say("Note: " + p.What + "; your first answer replaces it: " + p.File)
		return dir, kept, false, nil
	}
	return dir, kept, found, provable(dir, profile, kept, found)
}

// provable writes the checkpoint that is there, or an empty one that goes at
// once: the only proof that a later one can be written.
func provable(dir, path string, kept store.Checkpoint, found bool) error {
	kept.Profile = path
	if err := store.SaveCheckpoint(dir, kept); err != nil {
		return err
	}
	if found {
		return nil
	}
	return store.RemoveCheckpoint(dir, path)
}

// writable tries to make a file beside the profile, as the save will.
func writable(path string) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".ngapi-*")
	var cause *fs.PathError
	if errors.As(err, &cause) {
		err = cause.Err // the name of the trial file would only confuse
	}
	if err != nil {
		return err
	}
	_ = file.Close()
	return os.Remove(file.Name())
}

// resumption compares an unfinished run with this one.
func (in *gathered) resumption(w *wizard, kept store.Checkpoint) *resumption {
	r := &resumption{kept: kept, given: in.given, edition: in.edition.ID, differs: kept.Edition != in.edition.ID}
	if r.differs {
		if old, err := rulebook.Load(kept.Edition); err != nil {
			r.unread = true
		} else {
			r.changed = differing(old, in.edition, in.asOf, w.base, kept)
		}
	}
	return r
}

// introduce says in a line what is about to happen.
func (s *session) introduce(in *gathered, w *wizard, lineMode bool) {
	leave := "ctrl+c"
	if lineMode {
		leave = "q or ctrl+c"
	}
	if w.keep != nil {
		leave += " saves and quits"
	} else {
		leave += " quits"
	}
	open := len(w.open())
	if open == 0 {
		s.say(fmt.Sprintf("%s answers everything that the rulebook asks. Nothing is sent anywhere; %s.", in.path, leave))
		return
	}
	s.say(fmt.Sprintf("This finds out which program, form, terms and steps apply. About %s, nothing is sent anywhere, %s.",
		counted(open, "question", "questions"), leave))
	if n := len(w.answers()); n > 0 {
		s.say(fmt.Sprintf("%s already known.", counted(n, "answer is", "answers are")))
	}
	s.say("Sources are sections of " + in.edition.Page)
	if !lineMode {
		s.say("")
	}
}

// command marks a line that is meant to be copied, and therefore never wrapped.
const command = "  $ "

// farewell tells a person who left early what became of the answers.
func (w *wizard) farewell(in *gathered, stateDir string) []string {
	n := len(w.trail)
	switch {
	case w.stage == resuming:
		return []string{"The unfinished run is kept as it was. Go on with:", command + in.again()}
	case n == 0:
		return []string{"Nothing was answered, and nothing was written."}
	case stateDir == "" || w.unkept:
		return []string{"Nothing was written, and the answers are not kept. To give them again:", command + w.asFlags(in)}
	}
	return []string{fmt.Sprintf("%s kept, the profile is unchanged. Go on with:", counted(n, "answer is", "answers are")), command + in.again()}
}

// again is the command line that finds the kept answers.
func (in *gathered) again() string {
	if in.path == store.FileName {
		return "ngapi onboard"
	}
	return "ngapi onboard -p " + rulebook.Quote(in.path)
}

// asFlags writes the answers of this run as the flags that repeat them.
func (w *wizard) asFlags(in *gathered) string {
	line := in.again()
	for _, t := range trait.Standard().All() {
		if r, ok := w.replies[t.ID]; ok && !r.unknown {
			line += fmt.Sprintf(" --set %s=%s", t.ID, r.value)
		}
	}
	return line
}

// forget removes the checkpoint of a run that has ended.
func (s *session) forget(in *gathered, w *wizard) {
	dir, err := s.set.Paths.StateDir()
	if err != nil || w.keep == nil {
		return
	}
	if err := store.RemoveCheckpoint(dir, in.path); err != nil {
		s.hint("The kept answers could not be removed: %s", words(err))
	}
}
