package cli

import (
	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/route"
)

func newCatalog(s *session) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "catalog",
		GroupID: "routes",
		Short:   "Look up known routes, and import the vendor's data grid",
		Long: `Look up the routes that are known: those that were seen in public, and those of
the vendor's data grid where it was imported. The grid is the authority on
Global Service Accounts and USCDI v1; what was seen in public is not.

What was imported is the file nextgen-catalog.json beside the route list. Every
command that judges routes reads it from there.`,
		Example: `  ngapi catalog search chart allergies
  ngapi catalog show GET '/persons/{personId}'
  ngapi catalog import grid.xlsx --date 2026-10-01`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newCatalogSearch(s), newCatalogShow(s), newCatalogImport(s))
	return cmd
}

func newCatalogSearch(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "search WORD...",
		Short: "Find known routes by words of their method, path or area",
		Long: long(`
Find the known routes in which every word occurs: in the method, the path, the
area or the tab of the grid. The case of letters does not matter.`, exit.OK, exit.Usage),
		Example: "  ngapi catalog search allergies\n  ngapi catalog search get appointments -o json",
		Args:    cobra.MinimumNArgs(1),
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error {
			a, err := s.vendor()
			if err != nil {
				return err
			}
			result := report.NewCatalogSearch(s.tool(), a, args, knownRoutes(a, args))
			return s.emit(renderers{
				"json": doc(result),
				"text": func() ([]byte, error) { return report.CatalogSearchText(s.style(), result), nil },
			})
		}),
	}
}

func newCatalogShow(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "show METHOD PATH",
		Short: "Show what is known of one route",
		Long: long(`
Show what public sources and the imported grid say of one route. Whether it
makes the list more than limited is another question: ngapi routes explain.`, exit.OK, exit.Usage),
		Example: "  ngapi catalog show GET '/persons/{personId}/chart/allergies'",
		Args:    cobra.ExactArgs(2),
		RunE: s.run(textOrJSON(), func(_ *cobra.Command, args []string) error {
			r, err := route.Parse(args[0], args[1])
			if err != nil {
				return err
			}
			a, err := s.vendor()
			if err != nil {
				return err
			}
			known := knownRoute(a, r)
			if known == nil {
				return exit.Problems(exit.Usage, []exit.Problem{{
					What: "neither public sources nor an imported grid name this route", Do: "look for it with ngapi catalog search WORD"}})
			}
			result := report.CatalogRoute{Schema: "ngapi.catalog-route/v1", Tool: s.tool(), Authority: report.NewAuthority(a), Route: *known}
			return s.emit(renderers{
				"json": doc(result),
				"text": func() ([]byte, error) { return report.CatalogRouteText(s.style(), result), nil },
			})
		}),
	}
}

// vendor is the authority beside the list at hand.
func (s *session) vendor() (*catalog.Authority, error) {
	p, err := s.whichList("")
	if err != nil {
		return nil, err
	}
	return s.authority(p)
}

// knownRoutes joins what public sources and the grid have for the words. A
// route of both stands once.
func knownRoutes(a *catalog.Authority, words []string) []report.KnownRoute {
	grid := a.Lookup()
	out := []report.KnownRoute{}
	seen := map[string]bool{}
	add := func(method, path, api string) {
		r := route.Route{Method: method, Path: path, API: api}
		if key := r.Key(); !seen[key] {
			seen[key] = true
			if known := knownRoute(a, r); known != nil {
				out = append(out, *known)
			}
		}
	}
	for _, e := range catalog.Enterprise().Search(words...) {
		add(e.Method, e.Path, route.Enterprise)
	}
	for _, g := range grid.Search(words...) {
		add(g.Method, g.Path, g.API)
	}
	return out
}

// knownRoute is nil for a route of which nothing is known.
func knownRoute(a *catalog.Authority, r route.Route) *report.KnownRoute {
	path, api := route.Base(r.Path)
	if r.API != "" {
		api = r.API
	}
	known := report.KnownRoute{Method: r.Method, Path: path, API: api}
	if e, kind := catalog.Enterprise().Match(r.Method, path); api == route.Enterprise && kind == catalog.Exact {
		known.Path = e.Path
		known.Public = &report.CatalogueEntry{
			Match: "exact", Method: e.Method, Path: e.Path, Methods: catalog.Enterprise().Methods(path), Area: e.Area, Source: e.Source,
			Confidence: e.Confidence, GSA: string(e.GSA), ObservedOn: e.ObservedOn,
		}
	}
	if g, ok := a.Lookup().Lookup(r.Method, api, path); ok {
		known.Vendor = &g
	}
	if known.Public == nil && known.Vendor == nil {
		return nil
	}
	return &known
}
