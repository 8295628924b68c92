package cli

import (
	"context"
	"path/filepath"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
	"github.com/apionboard/ngapi/internal/store"
)

// routesDraft is the route list that a guided run drafts beside the answers.
// The evidence is read before anything is saved, so that a file that cannot be
// used costs nothing.
type routesDraft struct {
	s        *session
	in       *gathered
	evidence *evidence
	dry      bool
}

// read reads the evidence; what was read before is forgotten.
func (d *routesDraft) read(ctx context.Context, files []string) error {
	d.evidence = nil
	place := listPlace{path: filepath.Join(filepath.Dir(d.in.path), routesFile)}
	e, err := d.s.readEvidence(ctx, evidenceFlags{}, place, files)
	if err == nil {
		err = e.counts()
	}
	if err == nil {
		d.evidence = e
	}
	return err
}

// observed adds what the evidence shows to the answers, so that nothing is asked
// that it settles. A list that is there already speaks for itself.
func (d *routesDraft) observed(set trait.Set) (trait.Set, error) {
	if _, named := set.Get("routes.file"); named {
		return set, nil
	}
	place := listPlace{path: filepath.Join(filepath.Dir(d.in.path), routesFile)}
	opt, err := d.s.scopeOptions(place, false)
	if err != nil {
		return set, err
	}
	var list route.List
	draft.Merge(&list, d.evidence.result, draft.Options{Scope: opt})
	judged := scope.Judge(&list, opt)
	return withObserved(set, place.path, &list, &judged), nil
}

// finish drafts the list, if there is evidence, and shows the result of the run.
func (d *routesDraft) finish(ctx context.Context, v *interview, saved store.Change) error {
	if d.evidence == nil || d.dry {
		if d.evidence != nil {
			d.s.hint("The route list is not drafted in a dry run; see ngapi routes import --dry-run.")
		}
		return d.s.show(d.in, v, d.dry, false, saved)
	}
	place, err := d.s.whichList("")
	if err != nil {
		return err
	}
	done, err := d.s.takeOver(ctx, place, d.evidence, importFlags{})
	if err != nil {
		return err
	}
	if d.s.plainText() && !d.s.flags.quiet {
		if _, err := d.s.world.Streams.Err.Write(report.RoutesImportText(d.s.talk(), done)); err != nil {
			return exit.Errorf(exit.Fault, "cannot write to stderr: %w", err)
		}
	}
	return d.s.show(d.in, v, false, true, saved)
}
