package cli

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
	"github.com/apionboard/ngapi/internal/store"
)

func newRoutes(s *session) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "routes",
		GroupID: "routes",
		Short:   "Draft, judge and export the list of routes that you call",
		Long: `Keep the list of API routes that the application calls, routes.csv: one row for
each method and path template. Draft it from a capture of real calls, judge
whether it is limited to GET routes of USCDI v1 data, which decides form, terms
and the route list itself, and export it for the vendor. A list holds templates
such as /persons/{personId}, never an id of a person.

The list is the file that the profile names as routes.file, else routes.csv
beside the profile, else routes.csv in the current folder.`,
		Example: `  ngapi routes import session.har
  ngapi routes check
  ngapi routes export -o xlsx=routes-for-review.xlsx`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newRoutesImport(s), newRoutesRecord(s), newRoutesReview(s), newRoutesDrift(s),
		newRoutesAdd(s), newRoutesRemove(s), newRoutesList(s), newRoutesCheck(s), newRoutesExplain(s), newRoutesExport(s),
		newRoutesScopes(s),
	)
	return cmd
}

// stdin is the name of a list that comes from standard input.
const stdin = "-"

// listPlace is where the route list of a run is.
type listPlace struct {
	path    string         // stdin, or a path
	profile *store.Profile // nil where a file was asked for, or where there is none
	named   bool           // the profile names the list
}

// shown is the name of the list in messages.
func (p listPlace) shown() string {
	if p.path == stdin {
		return "standard input"
	}
	return filepath.ToSlash(p.path)
}

// whichList finds the list: the file that was asked for, else the one that the
// profile names, else the usual name beside the profile or in this folder.
func (s *session) whichList(file string) (listPlace, error) {
	if file != "" {
		return listPlace{path: file}, nil
	}
	p, err := s.profileIfAny()
	if err != nil {
		return listPlace{}, err
	}
	if p == nil {
		return listPlace{path: routesFile}, nil
	}
	entry, named := p.Set.Get("routes.file")
	path := routesFile
	if named {
		path = entry.Value.String()
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(p.Path), path)
	}
	return listPlace{path, p, named}, nil
}

func (s *session) profileIfAny() (*store.Profile, error) {
	path, found, err := s.profilePath()
	if err != nil || !found {
		return nil, err
	}
	p, err := store.Read(path)
	if err == nil {
		s.noteRead(path)
	}
	return p, err
}

// routeList is a list that was read, with the place that it came from.
type routeList struct {
	listPlace
	list   *route.List
	sha256 string
}

// fileArg joins the two ways to name a list.
func fileArg(args []string, flag string) (string, error) {
	switch {
	case len(args) == 0:
		return flag, nil
	case flag != "" && flag != args[0]:
		return "", exit.Errorf(exit.Usage, "two route lists are named; leave out the argument or --file")
	}
	return args[0], nil
}

// routeList reads the list and says what its reader noticed.
func (s *session) routeList(file string) (routeList, error) {
	p, err := s.whichList(file)
	if err != nil {
		return routeList{}, err
	}
	read, err := s.readList(p)
	if errors.Is(err, fs.ErrNotExist) {
		return routeList{}, exit.Problems(exit.Usage, []exit.Problem{{
			File: p.shown(), What: "there is no route list", Do: "make one with ngapi routes import FILE or ngapi routes add METHOD PATH, or name one with --file",
		}})
	}
	if err != nil {
		return routeList{}, err
	}
	for _, n := range read.notices {
		s.hint("%s", n)
	}
	if p.profile != nil && !p.named {
		s.hint("hint: %s does not name this list, so ngapi plan does not see it; ngapi profile set routes.file=%s", p.profile.Path, routesFile)
	}
	return routeList{p, read.list, read.sha256}, nil
}

func (s *session) readList(p listPlace) (routesOnDisk, error) {
	if p.path != stdin {
		s.noteRead(p.path)
		return readRoutes(p.path)
	}
	return readRoutesFrom(s.world.Streams.In, p.shown())
}

func (l routeList) input() report.Input {
	return report.Input{Role: "routes", Path: l.shown(), SHA256: l.sha256}
}

// judgeRoutes judges a list that stands at p, with the vendor's word where it
// was imported beside it.
func (s *session) judgeRoutes(p listPlace, l *route.List, strict bool) (*scope.Report, error) {
	opt, err := s.scopeOptions(p, strict)
	if err != nil {
		return nil, err
	}
	r := scope.Judge(l, opt)
	return &r, nil
}

// fileFlag is the flag that names another list.
func fileFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "file", "", "route list `FILE` instead of the profile's")
}

// oneOf refuses a value that is not among the choices.
func oneOf(flag, value string, choices ...string) error {
	for _, c := range choices {
		if value == c || value == "" {
			return nil
		}
	}
	return exit.Errorf(exit.Usage, "--%s cannot be %q; choose from %s", flag, value, strings.Join(choices, ", "))
}
