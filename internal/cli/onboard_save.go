package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/store"
)

// save makes the one save of a run.
func (s *session) save(ctx context.Context, in *gathered, v *interview, dryRun bool) (store.Change, error) {
	set := v.set()
	change, err := store.Edit(ctx, in.path, store.Options{Create: true, DryRun: dryRun}, func(d *store.Doc) error {
		return in.write(d, set)
	})
	if err == nil && change.Written {
		s.trace("wrote %s", change.Path)
	}
	return change, err
}

// show prints the result of a run. Its exit code is that of the document.
// drafted says that a route list was drafted after the save.
func (s *session) show(in *gathered, v *interview, dryRun, drafted bool, change store.Change) error {
	d := in.document(s, v)
	raced := change.Before != nil && in.profile.SHA256 != digest(change.Before)
	if raced || drafted { // what counts is the file
		saved, err := s.load(in.path)
		if err != nil {
			return err
		}
		if raced {
			s.hint("%s was changed by another process meanwhile. Both changes are kept; this is the plan of the file as it is now.", in.path)
		}
		d = report.NewOnboard(in.head(s, "ngapi.onboard/v1"), d.Profile, saved.set, saved.pointed(plan.Make(saved.evaluator())))
	}
	d.Profile.Written, d.Profile.Diff = change.Written, change.Diff
	text := report.OnboardText(s.style(), d)
	if dryRun {
		text = report.DiffText(change.Diff)
		s.hint("%s", dryRunWords(in, change))
	}
	if err := s.emit(renderers{"json": doc(d), "text": plain(text)}); err != nil {
		return err
	}
	return exit.Verdict(d.Plan.Exit())
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func dryRunWords(in *gathered, change store.Change) string {
	if change.Diff == "" {
		return in.path + " already says so; there is nothing to write."
	}
	return "Nothing was written. Without --dry-run this change would be saved to " + in.path + "."
}

// write applies what this run changed, and only that: the profile is read anew
// under its lock, and what another process has written since stays.
func (in *gathered) write(d *store.Doc, set trait.Set) error {
	for _, id := range trait.Standard().Storable() {
		old, had := in.stored.Get(id)
		now, has := set.Get(id)
		switch {
		case now.Value.Type() == trait.Records:
		case has && (!had || !old.Value.Equal(now.Value)):
			if err := d.Set(id, now.Value.String()); err != nil {
				return err
			}
		case had && !has:
			if _, err := d.Unset(id); err != nil {
				return err
			}
		}
	}
	if in.extra == nil {
		return nil
	}
	if err := d.Apply(trait.Set{}.WithClients(in.extra.Set.Clients())); err != nil {
		return err
	}
	return in.writeRecords(d)
}

// writeRecords adds the waivers, attestations and evidence of an answers file
// that the profile does not hold yet, so that giving the same file twice
// changes nothing.
func (in *gathered) writeRecords(d *store.Doc) error {
	for _, w := range in.extra.Waivers {
		if !holds(in.profile.Waivers, w, func(r *readiness.Waiver) { r.Origin = trait.Origin{} }) {
			if err := d.AddWaiver(w); err != nil {
				return err
			}
		}
	}
	for _, a := range in.extra.Attestations {
		if !holds(in.profile.Attestations, a, func(r *readiness.Attestation) { r.Origin = trait.Origin{} }) {
			if err := d.AddAttestation(a); err != nil {
				return err
			}
		}
	}
	for _, e := range in.extra.Evidence {
		if !holds(in.profile.Evidence, e, func(r *readiness.Evidence) { r.Origin = trait.Origin{} }) {
			if err := d.AddEvidence(e); err != nil {
				return err
			}
		}
	}
	return nil
}

// holds tells whether a list has a record, apart from where it was written.
func holds[T comparable](list []T, one T, placeless func(*T)) bool {
	placeless(&one)
	for _, r := range list {
		placeless(&r)
		if r == one {
			return true
		}
	}
	return false
}

// rescue prints the answers of a person whose profile could not be written, so
// that nothing is lost.
func (s *session) rescue(in *gathered, w *wizard, err error) error {
	data, renderErr := store.Render(w.set())
	if renderErr != nil {
		return err
	}
	s.say("The profile could not be written. Your answers follow on standard output; keep them, and give them again with ngapi onboard --answers FILE.")
	if w.keep != nil && !w.unkept {
		s.say("The next ngapi onboard for the same profile offers them, too.")
	}
	if printErr := s.emit(renderers{"json": doc(in.document(s, w.interview)), "text": plain(data)}); printErr != nil {
		return printErr
	}
	return err
}
