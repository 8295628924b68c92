package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
)

// addCredentials turns the newest recorded report of ngapi auth check into
// observed traits: this is the one place where the credentials wing meets the
// onboarding wing, and it meets it as a dated file, never as a live call.
func (s *session) addCredentials(d *developer) {
	e, ok := newestAuth(d.profile.Evidence, d.asOf)
	if !ok {
		return
	}
	path := recordedPath(d.profile.Path, e.File)
	s.noteRead(path)
	said, detail, read := credentialWord(d.profile.Path, e)
	if read != "" {
		d.inputs = append(d.inputs, report.Input{Role: "evidence", Path: filepath.ToSlash(path), SHA256: read})
	}
	origin := e.Origin
	origin.Source = trait.FromObserved
	day := trait.Trait{ID: "credentials.checked", Type: trait.Date}
	checked, err := day.Parse(e.CollectedOn)
	if err != nil {
		return // the reader of the profile has refused it already
	}
	d.set = d.set.With("credentials.verdict", trait.Entry{Value: trait.Word(said.Verdict), Origin: origin, Detail: []string{detail}})
	if said.Flow != "" {
		d.set = d.set.With("credentials.flow", trait.Entry{Value: trait.Word(said.Flow), Origin: origin, Detail: []string{detail}})
	}
	d.set = d.set.With("credentials.checked", trait.Entry{Value: checked, Origin: origin})
}

// newestAuth finds the report that counts on a day: the newest one of that day or
// before, and of two of one day the one that stands later. Where all are of days
// to come it is the one that will count first, so that the gate can say so.
func newestAuth(list []readiness.Evidence, asOf string) (found readiness.Evidence, ok bool) {
	for _, e := range list {
		if e.Method != readiness.MethodAuth {
			continue
		}
		counts, had := e.CollectedOn <= asOf, ok && found.CollectedOn <= asOf
		switch {
		case !ok,
			counts && (!had || e.CollectedOn >= found.CollectedOn),
			!counts && !had && e.CollectedOn < found.CollectedOn:
			found, ok = e, true
		}
	}
	return found, ok
}

// credentialWord is what a recorded report says, with a line for people and the
// digest of what was read. A report that is gone, was altered, or does not fit
// its entry says nothing: its verdict is then "unreadable", and it has no flow.
func credentialWord(profile string, e readiness.Evidence) (said readiness.AuthReport, detail, sha256 string) {
	data, state, wrong := checkRecorded(profile, e)
	entry := fmt.Sprintf("evidence %s, %s", e.ID, e.File)
	none := readiness.AuthReport{Verdict: readiness.Unreadable}
	if data != nil {
		sha256 = digest(data)
	}
	if state != report.EvidenceOK {
		return none, entry + " is " + state + ": " + wrong, sha256
	}
	r, ours, err := authReport(e.File, data)
	switch {
	case err != nil:
		return none, entry + ": " + exit.List(err)[0].What, sha256
	case !ours:
		return none, entry + ": this is no report of ngapi auth check", sha256
	case r.AsOf != e.CollectedOn:
		return none, fmt.Sprintf("%s: the report is of %s, the entry says %s", entry, r.AsOf, e.CollectedOn), sha256
	}
	where := r.Environment
	if where == "" {
		where = "environment not named"
	}
	about := []string{r.Flow, where}
	if r.Credential != "" {
		about = append(about, r.Credential)
	}
	return r, fmt.Sprintf("%s of %s (%s): %s", entry, r.AsOf, strings.Join(about, ", "), r.Verdict), sha256
}
