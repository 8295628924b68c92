package cli

import (
	"context"
	"encoding/json"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/store"
)

type driftFlags struct {
	evidenceFlags
	strict   bool
	baseline string
}

func newRoutesDrift(s *session) *cobra.Command {
	var f driftFlags
	cmd := &cobra.Command{
		Use:   "drift FILE...",
		Short: "Compare the list with what was seen to be called",
		Long: long(`
Hold the route list against evidence: calls that no row covers, calls with a
method that the list does not have for the path, rows that were not called, and
calls that never succeeded. A FHIR row covers a call with the same path and at
least its conditions: /Observation?patient={patient} covers a search that adds a
category, but not one that adds an _include. The query of an Enterprise route
does not count. Only calls count; collections and API descriptions are no proof
of use.

The exit code is 3 for undeclared calls and methods, with --strict for any
difference. A JSON result can be kept as --baseline: what it lists is known, and
no longer drift, except for routes with a masked word.`, exit.OK, exit.Usage, exit.No),
		Example: `  ngapi routes drift session.har
  ngapi routes drift --strict traces.jsonl access.log
  ngapi routes drift session.har -o json=drift-baseline.json
  ngapi routes drift session.har --baseline drift-baseline.json`,
		Args: cobra.MinimumNArgs(1),
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error { return s.routesDrift(cmd.Context(), f, args) }),
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&f.strict, "strict", false, "count unused and failed routes as drift")
	cmd.Flags().StringVar(&f.baseline, "baseline", "", "known differences: an earlier -o json `FILE`")
	return cmd
}

func (s *session) routesDrift(ctx context.Context, f driftFlags, files []string) error {
	l, err := s.routeList(f.file)
	if err != nil {
		return err
	}
	e, err := s.readEvidence(ctx, f.evidenceFlags, l.listPlace, files)
	if err != nil {
		return err
	}
	if err := e.counts(); err != nil {
		return err
	}
	judged, err := s.judgeRoutes(l.listPlace, l.list, false)
	if err != nil {
		return err
	}
	found := draft.Compare(l.list, e.result, judged)
	if found.Calls == 0 {
		return exit.Errorf(exit.Usage, "the evidence holds no calls, only descriptions or saved requests; use a capture, a log or a trace")
	}
	known := 0
	if f.baseline != "" {
		if known, err = s.sinceBaseline(&found, f.baseline); err != nil {
			return err
		}
	}
	d := report.RoutesDrift{
		Schema: "ngapi.drift/v1", Tool: s.tool(), List: l.input(), Evidence: e.report(), Calls: found.Calls, Strict: f.strict,
		Drift: found.Found(f.strict), Undeclared: found.Undeclared, Unused: found.Unused, Failed: found.Failed, Mismatch: found.Mismatch,
		Baseline: known,
	}
	err = s.emit(renderers{
		"json": doc(d),
		"text": func() ([]byte, error) { return report.RoutesDriftText(s.style(), d), nil },
	})
	if err != nil || !d.Drift {
		return err
	}
	return exit.Verdict(exit.No)
}

// sinceBaseline takes the differences of a baseline out of a comparison.
func (s *session) sinceBaseline(d *draft.Drift, path string) (known int, err error) {
	bad := func(what, do string) error {
		return exit.Problems(exit.Usage, []exit.Problem{{File: filepath.ToSlash(path), What: what, Do: do}})
	}
	data, found, err := store.ReadIfThere(path)
	switch {
	case err != nil:
		return 0, err
	case !found:
		return 0, bad("there is no such baseline", "make one with ngapi routes drift FILE -o json="+filepath.ToSlash(path))
	}
	s.noteRead(path)
	var old report.RoutesDrift
	if json.Unmarshal(data, &old) != nil || old.Schema != "ngapi.drift/v1" {
		return 0, bad("this is no result of ngapi routes drift -o json", "make it anew")
	}
	return d.Without(&draft.Drift{Undeclared: old.Undeclared, Unused: old.Unused, Failed: old.Failed, Mismatch: old.Mismatch}), nil
}
