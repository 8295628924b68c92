package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/store"
	"github.com/apionboard/ngapi/internal/suggest"
)

// routeEdit is one edit of the list: what it does, told from inside the lock.
type routeEdit struct {
	route  route.Route
	change func(l *route.List, result *report.RoutesChange) error
	create bool
	file   string
	dryRun bool
}

func newRoutesAdd(s *session) *cobra.Command {
	var e routeEdit
	var r route.Route
	cmd := &cobra.Command{
		Use:   "add METHOD PATH",
		Short: "Add a route to the list",
		Long: long(`
Add a route to the list, and make the list where there is none. PATH is a
template below the base address of the API, with names in braces where a call
has an id: /persons/{personId}/chart. A concrete id is refused and never
repeated. A route that the list has already is merged: what the list says
stands, its blank cells are filled. The API is found from the path.

A profile that names no list yet is edited to name this one, unless --file
chose another list.`, exit.OK, exit.Usage),
		Example: `  ngapi routes add GET /appointments/slots --purpose "find a free slot"
  ngapi routes add POST /appointments --access write --calls-per-day 400
  ngapi routes add PATCH '/appointments/{id}' --evidence src/booking.ts
  ngapi routes add GET '/Patient/{id}' --data-class uscdi-v1 --dry-run`,
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: s.completeRoute(false),
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			r.Method, r.Path = args[0], args[1]
			clean, notices, err := route.Normalize(r)
			if err != nil {
				return err
			}
			for _, n := range notices {
				s.hint("%s", n)
			}
			e.route, e.create = clean, true
			e.change = func(l *route.List, d *report.RoutesChange) error { return addRoute(l, clean, d) }
			return s.editRoutes(cmd.Context(), e)
		}),
	}
	f := cmd.Flags()
	f.StringVar(&r.API, "api", "", "`API`: enterprise, fhir-r4 or fhir-dstu2")
	f.StringVar(&r.Access, "access", "", "`ACCESS`: read or write")
	f.StringVar(&r.DataClass, "data-class", "", "`CLASS`: uscdi-v1, auxiliary, ehi, non-ehi")
	f.StringVar(&r.Auth, "auth", "", "`AUTH`: gsa, eal or patient")
	f.StringVar(&r.Purpose, "purpose", "", "what the call is for, in `WORDS`")
	f.StringVar(&r.MinNGEVersion, "min-nge-version", "", "oldest NGE `VERSION` with it, such as 5.9.2")
	f.StringVar(&r.CallsPerDay, "calls-per-day", "", "expected `NUMBER` of calls a day")
	f.StringVar(&r.Evidence, "evidence", "", "`WHERE` it is called or was seen; split by ;")
	f.StringVar(&r.Notes, "notes", "", "anything else, in `WORDS`")
	completeWords(cmd, "api", route.APIs())
	completeWords(cmd, "access", route.Accesses())
	completeWords(cmd, "data-class", route.DataClasses())
	completeWords(cmd, "auth", route.Auths())
	editFlags(cmd, &e)
	return cmd
}

func newRoutesRemove(s *session) *cobra.Command {
	var e routeEdit
	cmd := &cobra.Command{
		Use:   "remove METHOD PATH",
		Short: "Take a route out of the list",
		Long: long(`
Take a route out of the list. The names of the parameters need not be those of
the list: /persons/{id} removes /persons/{personId}.`, exit.OK, exit.Usage),
		Example: `  ngapi routes remove PATCH '/appointments/{appointmentId}'
  ngapi routes remove GET /appointments/slots --dry-run`,
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: s.completeRoute(true),
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			r, err := route.Parse(args[0], args[1])
			if err != nil {
				return err
			}
			e.route = r
			e.change = func(l *route.List, d *report.RoutesChange) error {
				d.Change = "removed"
				if !l.Remove(r.Method, r.Path) {
					return notListed(l, r, d.File)
				}
				return nil
			}
			return s.editRoutes(cmd.Context(), e)
		}),
	}
	editFlags(cmd, &e)
	return cmd
}

func editFlags(cmd *cobra.Command, e *routeEdit) {
	fileFlag(cmd, &e.file)
	cmd.Flags().BoolVar(&e.dryRun, "dry-run", false, "show what would change, write nothing")
}

// errSame ends an edit that would change nothing, so that the file, with its
// line ends and its own order of columns, is left alone.
var errSame = errors.New("nothing to change")

func same(err error) bool { return errors.Is(err, errSame) }

// editRoutes edits the list under its lock, names it in the profile where that
// is missing, and tells what changed.
func (s *session) editRoutes(ctx context.Context, e routeEdit) error {
	if e.file == stdin {
		return exit.Errorf(exit.Usage, "--file - cannot be edited; name a file")
	}
	p, err := s.whichList(e.file)
	if err != nil {
		return err
	}
	if err := s.claim(p.path); err != nil {
		return err
	}
	result := report.RoutesChange{
		Schema: "ngapi.routes-change/v1", Tool: s.tool(), File: p.shown(), Method: e.route.Method, Path: e.route.Path, Kept: []string{},
	}
	var after *route.List
	done, notices, err := store.EditRoutes(ctx, p.path, store.Options{Create: e.create, DryRun: e.dryRun}, func(l *route.List) error {
		after = l
		return e.change(l, &result)
	})
	if err != nil && !same(err) {
		return err
	}
	for _, n := range notices {
		s.hint("%s", n)
	}
	result.Written, result.Diff = done.Written, done.Diff
	if e.create {
		if result.Profile, err = s.nameList(ctx, p, e.dryRun); err != nil {
			return err
		}
	}
	judged, err := s.judgeRoutes(p, after, false)
	if err != nil {
		return err
	}
	result.Routes, result.Verdict = len(after.Routes), judged.Verdict
	return s.emit(renderers{
		"json": doc(result),
		"text": func() ([]byte, error) { return report.RoutesChangeText(s.style(), result), nil },
	})
}

// nameList lets the profile name the list, and returns the profile it changed.
func (s *session) nameList(ctx context.Context, p listPlace, dryRun bool) (string, error) {
	if p.profile == nil || p.named {
		return "", nil
	}
	if p.profile.Newer {
		s.hint("hint: %s is of a newer schema and was not changed to name %s", p.profile.Path, routesFile)
		return "", nil
	}
	_, err := store.Edit(ctx, p.profile.Path, store.Options{DryRun: dryRun}, func(d *store.Doc) error { return d.Set("routes.file", routesFile) })
	return p.profile.Path, err
}

// addRoute puts a route into the list and tells what became of it.
func addRoute(l *route.List, r route.Route, d *report.RoutesChange) error {
	before := map[int]string{}
	key := r.Key()
	for i := range l.Routes {
		if l.Routes[i].Key() == key {
			before[i] = fmt.Sprint(l.Routes[i].Cells())
		}
	}
	i, added := l.Add(r)
	if added {
		d.Change = "added"
		return nil
	}
	d.Change = "merged"
	now := l.Routes[i].Cells()
	for c, cell := range r.Cells() {
		if c >= 2 && cell != "" && cell != now[c] {
			d.Kept = append(d.Kept, route.Columns()[c])
		}
	}
	if before[i] == fmt.Sprint(now) {
		return errSame
	}
	return nil
}

// notListed names the nearest route of the list; what was typed is a template
// by now and may be repeated.
func notListed(l *route.List, r route.Route, file string) error {
	names := make([]string, len(l.Routes))
	for i := range l.Routes {
		names[i] = l.Routes[i].Method + " " + l.Routes[i].Path
	}
	do := "see ngapi routes list"
	if near := suggest.Nearest(r.Method+" "+r.Path, names); near != "" {
		do = "did you mean " + near + "? " + do
	}
	return exit.Problems(exit.Usage, []exit.Problem{{File: file, What: "there is no route " + r.Method + " " + r.Path, Do: do}})
}
