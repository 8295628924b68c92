package cli

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

func newRoutesExplain(s *session) *cobra.Command {
	var f scopeFlags
	cmd := &cobra.Command{
		Use:   "explain METHOD PATH",
		Short: "Explain the template and the verdict of one route",
		Long: long(`
Explain one route, listed or not: the rule behind each part of its template, the
verdict and what it rests on, what public sources know of it, whether it was
seen to answer a Global Service Account, and what to ask the vendor. A route
that stands in the list is judged with what the list declares of it; any other
one is judged as it is written. PATH may be a template or the path of a real
call, with or without its base address; identifiers in it are never repeated.`, exit.OK, exit.Usage),
		Example: `  ngapi routes explain GET '/persons/{personId}/chart/recall-plans'
  ngapi routes explain GET /nge/prod/nge-api/api/persons/lookup
  ngapi routes explain POST /appointments
  ngapi routes explain GET '/Observation?patient={id}&category=laboratory'`,
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: s.completeRoute(false),
		RunE:              s.run(textOrJSON(), func(_ *cobra.Command, args []string) error { return s.routesExplain(f, args) }),
	}
	fileFlag(cmd, &f.file)
	cmd.Flags().BoolVar(&f.strict, "strict", false, "doubt reads that can return more than USCDI v1")
	return cmd
}

func (s *session) routesExplain(f scopeFlags, args []string) error {
	r, parts, err := s.template(f, args[0], args[1])
	if err != nil {
		return err
	}
	context, err := s.context(f.file)
	if err != nil {
		return err
	}
	listed := false
	if context != nil {
		for i := range context.Routes {
			if listed = context.Routes[i].Key() == r.Key(); listed {
				r = context.Routes[i]
				break
			}
		}
	}
	place, err := s.whichList(f.file)
	if err != nil { // context has said so already
		place = listPlace{path: routesFile}
	}
	opt, err := s.scopeOptions(place, f.strict)
	if err != nil {
		return err
	}
	result := report.NewRouteExplain(s.tool(), s.asOf(), scope.Explain(r, context, opt))
	result.Listed, result.Template = listed, parts
	result.Catalogue, result.FHIR = published(r), fhirType(r)
	return s.emit(renderers{
		"json": doc(result),
		"text": func() ([]byte, error) { return report.RouteExplainText(s.style(), result), nil },
	})
}

// template finds the template of what was typed, which may be a template already
// or the path of a real call, and the rule behind each of its parts.
func (s *session) template(f scopeFlags, method, path string) (route.Route, []infer.Decision, error) {
	r, notices, err := route.Normalize(route.Route{Method: method, Path: path})
	opt := infer.Options{Approvals: s.approvalsIfAny(f.file)}
	found, ok := infer.Explain(opt, method, path)
	if err == nil && (!ok || sameShape(r.Path, found.Path) || s.lists(f.file, r)) {
		for _, n := range notices {
			s.hint("%s", n)
		}
		if !ok {
			found.Decisions = []infer.Decision{}
		}
		return r, found.Decisions, nil
	}
	if !ok {
		return route.Route{}, nil, err
	}
	// What was typed has a value in it, or a word that may be one.
	r, err = route.Parse(found.Method, regexp.MustCompile(`\{\?(\d+)\}`).ReplaceAllString(found.Path, "{masked$1}"))
	s.hint("a real call; its template is %s %s", found.Method, found.Path)
	return r, found.Decisions, err
}

// sameShape tells whether two paths differ in their queries and in the names of
// their parameters only.
func sameShape(a, b string) bool {
	a, _, _ = strings.Cut(a, "?")
	b, _, _ = strings.Cut(b, "?")
	return strings.EqualFold(route.Shape(a), route.Shape(b))
}

// lists tells whether the list has a route, with whose words somebody has agreed
// then.
func (s *session) lists(file string, r route.Route) bool {
	p, err := s.whichList(file)
	if err != nil || p.path == stdin {
		return false
	}
	read, err := readRoutes(p.path)
	return err == nil && slices.ContainsFunc(read.list.Routes, func(one route.Route) bool { return one.Key() == r.Key() })
}

// approvalsIfAny reads the approvals beside the list; what cannot be read must
// not get in the way of an explanation.
func (s *session) approvalsIfAny(file string) infer.Approvals {
	p, err := s.whichList(file)
	if err != nil {
		return infer.Approvals{}
	}
	a, err := s.approvals(reviewPlace(evidenceFlags{}, p), false)
	if err != nil {
		s.hint("hint: explained without %s, which cannot be read", reviewFile)
	}
	return a
}

// context is the list in which a route is judged, or nil. One that was not
// asked for by name must not get in the way.
func (s *session) context(file string) (*route.List, error) {
	if file != "" {
		l, err := s.routeList(file)
		return l.list, err
	}
	p, err := s.whichList("")
	if err != nil {
		s.hint("hint: judged without the profile, which cannot be read; see ngapi profile validate")
		p = listPlace{path: routesFile}
	}
	read, err := s.readList(p)
	switch {
	case err == nil:
		return read.list, nil
	case exit.Of(err) == exit.Usage && !isMissing(err):
		s.hint("hint: judged without %s, which cannot be read; see ngapi routes list", p.shown())
	}
	return nil, nil
}

// published looks an Enterprise route up in the catalogue.
func published(r route.Route) *report.CatalogueEntry {
	path, api := route.Base(r.Path)
	if r.API != "" {
		api = r.API
	}
	if api != route.Enterprise {
		return nil
	}
	method := r.Method
	if method == "HEAD" { // a HEAD is there wherever the GET is
		method = "GET"
	}
	e, kind := catalog.Enterprise().Match(method, path)
	if kind == catalog.NoMatch {
		return nil
	}
	match := "exact"
	if kind == catalog.PathOnly {
		match = "path"
	}
	return &report.CatalogueEntry{
		Match: match, Method: e.Method, Path: e.Path, Methods: catalog.Enterprise().Methods(path), Area: e.Area, Source: e.Source,
		Confidence: e.Confidence, GSA: string(e.GSA), ObservedOn: e.ObservedOn,
	}
}

// fhirType looks the type of a FHIR route up in the tables.
func fhirType(r route.Route) *report.FHIRType {
	path, api := route.Base(r.Path)
	if r.API != "" {
		api = r.API
	}
	if api == route.Enterprise {
		return nil
	}
	path, _, _ = strings.Cut(path, "?")
	name, _, _ := strings.Cut(strings.Trim(path, "/"), "/")
	res, ok := catalog.FHIR().Resource(name)
	if !ok {
		return nil
	}
	return &report.FHIRType{Name: res.Name, USCDIv1: string(res.V1), Class: res.V1Class, USCDIv3: string(res.V3)}
}
