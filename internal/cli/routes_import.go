package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
	"github.com/apionboard/ngapi/internal/store"
)

// importFlags are those of routes import.
type importFlags struct {
	evidenceFlags
	dryRun bool
	proven bool
	source string
	query  string
}

func newRoutesImport(s *session) *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Draft the list from what the application really calls",
		Long: long(`
Draft the route list from evidence: HAR captures, access logs, OTLP traces,
mitmproxy flows, Postman, Insomnia and Bruno collections, .http files, OpenAPI
and Swagger descriptions, FHIR capability statements, and CSV counts. The kind
is found from the content; gzip and zip are read, and - is standard input.
Several files are merged.

Identifiers, query values, bodies and header values are never kept. A path word
that nothing vouches for is masked, and its route waits for ngapi routes review.
What people wrote in the list stands: rows are added, and the evidence column is
brought up to date. A route that is only described or saved is listed as
unproven.

Requests to the published NextGen hosts and mounts count; --host adds your own
gateway. Everything else is ignored, and counted by kind.`, exit.OK, exit.Usage),
		Example: `  ngapi routes import session.har
  ngapi routes import --dry-run *.har collection.json
  zcat access.log.*.gz | ngapi routes import --host gateway.example.com -
  ngapi routes import --source src
  ngapi routes import --print-query duckdb`,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			switch {
			case f.query != "":
				return s.printQuery(f, args)
			case f.source != "":
				return s.crossCheck(cmd.Context(), f, args)
			case len(args) == 0:
				return exit.Errorf(exit.Usage, "no evidence is named; give a file, or - for standard input")
			}
			return s.routesImport(cmd.Context(), f, args)
		}),
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.BoolVar(&f.dryRun, "dry-run", false, "show what would change, write nothing")
	fl.BoolVar(&f.proven, "proven", false, "leave out what was never seen to be called")
	fl.StringVar(&f.source, "source", "", "only compare with the code in `DIR`")
	fl.StringVar(&f.query, "print-query", "", "print a counting query for `ENGINE`")
	completeWords(cmd, "print-query", queryEngines())
	return cmd
}

func (s *session) routesImport(ctx context.Context, f importFlags, files []string) error {
	if f.file == stdin {
		return exit.Errorf(exit.Usage, "--file - cannot be edited; name a file")
	}
	p, err := s.whichList(f.file)
	if err != nil {
		return err
	}
	if err := s.claim(p.path); err != nil {
		return err
	}
	e, err := s.readEvidence(ctx, f.evidenceFlags, p, files)
	if err != nil {
		return err
	}
	d, err := s.takeOver(ctx, p, e, f)
	if err != nil {
		return err
	}
	return s.emit(renderers{
		"json": doc(d),
		"text": func() ([]byte, error) { return report.RoutesImportText(s.style(), d), nil },
	})
}

// takeOver merges evidence into the list, under its lock, and lets the profile
// name the list.
func (s *session) takeOver(ctx context.Context, p listPlace, e *evidence, f importFlags) (report.RoutesImport, error) {
	d := report.RoutesImport{
		Schema: "ngapi.routes-import/v1", Tool: s.tool(), File: p.shown(), Evidence: e.report(), Proposals: report.Proposals(e.result),
	}
	if err := e.counts(); err != nil {
		return d, err
	}
	opt, err := s.scopeOptions(p, false)
	if err != nil {
		return d, err
	}
	var after *route.List
	var m draft.Merged
	done, notices, err := store.EditRoutes(ctx, p.path, store.Options{Create: true, DryRun: f.dryRun}, func(l *route.List) error {
		after = l
		m = draft.Merge(l, e.result, draft.Options{Proven: f.proven, Scope: opt})
		if len(m.Added)+len(m.Changed) == 0 {
			return errSame
		}
		return nil
	})
	if err != nil && !same(err) {
		return d, err
	}
	for _, n := range notices {
		s.hint("%s", n)
	}
	d.Added, d.Changed, d.Unchanged, d.Held, d.LeftOut = m.Added, m.Changed, m.Same, m.Held, m.Left
	d.Written, d.Diff = done.Written, done.Diff
	if len(after.Routes) > 0 {
		if d.Profile, err = s.nameList(ctx, p, f.dryRun); err != nil {
			return d, err
		}
	}
	d.Routes, d.Verdict = len(after.Routes), scope.Judge(after, opt).Verdict
	return d, nil
}
