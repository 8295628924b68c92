package cli

import (
	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/documents"
	"github.com/apionboard/ngapi/internal/exit"
)

func newRoutesExport(s *session) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "export [FILE]",
		Short: "Write the route list in the form that is handed in",
		Long: long(`
Write the route list as a submission: application, organization, date, the
verdict, and every route with what was found about it. NextGen Healthcare
publishes no template for it; the documents say so.

Formats: csv (default), xlsx, markdown, json; several targets may be given, and
at most one goes to standard output. A cell that a spreadsheet would run as a
formula gets an apostrophe in front, and control characters are replaced. The
xlsx file has the table, and a sheet that says whose list it is.`, exit.OK, exit.Usage),
		Example: `  ngapi routes export > scheduler-routes.csv
  ngapi routes export -o xlsx=scheduler-routes.xlsx -o markdown=routes.md
  ngapi routes export -o json | jq .verdict`,
		Args: cobra.MaximumNArgs(1),
		RunE: s.run([]string{"csv", "xlsx", "markdown", "json"}, func(_ *cobra.Command, args []string) error {
			name, err := fileArg(args, file)
			if err != nil {
				return err
			}
			return s.routesExport(name)
		}),
	}
	fileFlag(cmd, &file)
	return cmd
}

// xlsxToFile refuses to fill a terminal with an archive.
func (s *session) xlsxToFile() error {
	targets, err := s.targets()
	for _, t := range targets {
		if t.format == "xlsx" && t.file == "" && s.world.Streams.OutTTY {
			return exit.Errorf(exit.Usage, "an xlsx file is nothing for a terminal; write -o xlsx=FILE")
		}
	}
	return err
}

func (s *session) routesExport(file string) error {
	if err := s.xlsxToFile(); err != nil {
		return err
	}
	l, err := s.routeList(file)
	if err != nil {
		return err
	}
	doc, err := s.submission(l)
	if err != nil {
		return err
	}
	err = s.emit(renderers{
		"csv":      doc.CSV,
		"xlsx":     doc.XLSX,
		"markdown": func() ([]byte, error) { return doc.Markdown(), nil },
		"json":     doc.JSON,
	})
	if err != nil {
		return err
	}
	return s.talkOfExport(doc)
}

func (s *session) submission(l routeList) (documents.Submission, error) {
	e, err := s.edition()
	if err != nil {
		return documents.Submission{}, err
	}
	judged, err := s.judgeRoutes(l.listPlace, l.list, false)
	if err != nil {
		return documents.Submission{}, err
	}
	doc := documents.Submission{
		Tool: s.tool().Version, AsOf: s.asOf(), List: l.list, Scope: judged,
		Edition: documents.Edition{ID: e.ID, Date: e.Date, Status: e.Status, SHA256: e.SHA256},
	}
	p := l.profile
	if p == nil { // a list that was named by hand still belongs to the application at hand
		if p, err = s.profileIfAny(); err != nil {
			return documents.Submission{}, err
		}
	}
	if p != nil {
		if name, ok := p.Set.Get("app.name"); ok {
			doc.Application = name.Value.String()
		}
		if name, ok := p.Set.Get("organization.name"); ok {
			doc.Organization = name.Value.String()
		}
	}
	return doc, nil
}

// talkOfExport says on stderr what the CSV form has no room for, and where the
// files are.
func (s *session) talkOfExport(doc documents.Submission) error {
	targets, err := s.targets()
	if err != nil {
		return err
	}
	csv := false
	for _, t := range targets {
		csv = csv || t.format == "csv"
		if t.file != "" {
			s.hint("wrote %s", t.file)
		}
	}
	if csv {
		s.hint("note: %s", documents.NoTemplate)
	}
	if doc.Application == "" || doc.Organization == "" {
		s.hint("hint: say whose list it is; ngapi profile set app.name=NAME organization.name=NAME")
	}
	s.hint("next: read it, send it, then ngapi profile set routes.submitted=%s", doc.AsOf)
	return nil
}
