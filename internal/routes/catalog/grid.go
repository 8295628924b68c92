package catalog

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/route"
)

// Stated is what the vendor says of a route, where anything is said.
type Stated string

// The statements.
const (
	StatedYes     Stated = "yes"
	StatedNo      Stated = "no"
	StatedUnknown Stated = "unknown"
)

// GridRoute is one route of the vendor's data grid.
type GridRoute struct {
	Method  string `json:"method"`
	Path    string `json:"path"`            // template in the form of package route, without host and mount
	API     string `json:"api"`             // enterprise, fhir-r4, fhir-dstu2
	GSA     Stated `json:"gsa"`             // reachable by a global service account
	USCDIv1 Stated `json:"uscdi_v1"`        // named as a USCDI v1 route
	Since   string `json:"since,omitempty"` // first version, dotted digits; "" where none is given
	Tab     string `json:"tab"`             // where it was found first
}

func (r *GridRoute) key() string { return gridKey(r.Method, r.API, r.Path) }

// gridKey is the identity of a route. The server compares paths without case.
func gridKey(method, api, path string) string {
	return method + " " + api + " " + strings.ToLower(route.Shape(path))
}

// Grid is the vendor's data grid: the authority on GSA and USCDI v1. The zero
// value and nil know nothing. Lookups are safe for concurrent use.
type Grid struct {
	routes []GridRoute
	at     map[string]int
}

// NewGrid makes a grid of routes; of two that are the same, the first counts.
func NewGrid(routes []GridRoute) *Grid {
	g := &Grid{routes: slices.Clone(routes), at: make(map[string]int, len(routes))}
	for i := range g.routes {
		key := g.routes[i].key()
		if _, there := g.at[key]; !there {
			g.at[key] = i
		}
	}
	return g
}

// Routes returns the routes in the order of path and method. The slice is the
// caller's own.
func (g *Grid) Routes() []GridRoute {
	if g == nil {
		return nil
	}
	return slices.Clone(g.routes)
}

// Lookup finds a route by the shape of its template: the names of parameters,
// the case of letters and a slash at the end do not matter. Unlike in
// Routes.Match a parameter stands for parameters only: what the vendor says of
// /persons/{personId} is not said of /persons/lookup. api is "" for Enterprise.
func (g *Grid) Lookup(method, api, path string) (GridRoute, bool) {
	if g == nil {
		return GridRoute{}, false
	}
	if api == "" {
		api = route.Enterprise
	}
	i, ok := g.at[gridKey(method, api, path)]
	if !ok {
		return GridRoute{}, false
	}
	return g.routes[i], true
}

// VendorList looks an Enterprise route up. known: the grid says whether it is a
// USCDI v1 route; listed: it says yes. A route that is named without such a
// word is not known.
func (g *Grid) VendorList(method, path string) (listed, known bool) {
	r, ok := g.Lookup(method, "", path)
	return ok && r.USCDIv1 == StatedYes, ok && r.USCDIv1 != StatedUnknown
}

// GSA looks up whether a global service account reaches an Enterprise route.
// known is false where the grid does not say.
func (g *Grid) GSA(method, path string) (status GSA, known bool) {
	r, ok := g.Lookup(method, "", path)
	if !ok || r.GSA == StatedUnknown {
		return GSAUnknown, false
	}
	return GSA(r.GSA), true
}

// Search returns the routes in whose method, path or tab every word occurs,
// without regard to case. No words find nothing.
func (g *Grid) Search(words ...string) []GridRoute {
	var found []GridRoute
	if g == nil || len(words) == 0 {
		return nil
	}
	for _, r := range g.routes {
		text := strings.ToLower(r.Method + " " + r.Path + " " + r.Tab)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, strings.ToLower(w)) }) {
			found = append(found, r)
		}
	}
	return found
}
