package catalog

import (
	"errors"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// row takes the routes of one row over. A row without a path and without a
// method is a heading or a remark.
func (r *tabReader) row(row *TabRow) {
	text := row.at(r.m.Path)
	methods, isMethod := methodsOf(row.at(r.m.Method))
	if text == "" || !isRouteCell(text) {
		if isMethod {
			r.problem(r.cell(r.m.Path, row.Number), "this is no path below a base address that ngapi knows", "add the route by hand, or ask the vendor")
			return
		}
		if text != "" {
			r.out.Skipped++
		}
		r.heading(row)
		return
	}
	if word := row.at(r.m.Method); word != "" && !isMethod {
		r.problem(r.cell(r.m.Method, row.Number), "this is no HTTP method", "the row is left out")
		return
	}
	found := GridRoute{
		GSA:     r.stated(row, r.m.GSA, r.placeSays(r.listed, r.m.GSA, r.noGSA)),
		USCDIv1: r.stated(row, r.m.USCDIv1, r.placeSays(r.listedV, r.m.USCDIv1, r.noV1)),
		Tab:     r.name,
	}
	if since := row.at(r.m.Since); since != "" {
		if v, ok := versionOf(since); ok {
			found.Since = v
		} else {
			r.problem(r.cell(r.m.Since, row.Number), "this is no version of dotted digits", "the route is kept without one")
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			r.line(row, line, methods, found)
		}
	}
}

// line takes one line of a path cell over, once for each method.
func (r *tabReader) line(row *TabRow, line string, methods []string, found GridRoute) {
	at := r.cell(r.m.Path, row.Number)
	own, path, ok := routeOf(line)
	switch {
	case !ok:
		r.problem(at, "a line of this cell is no path", "the line is left out")
		return
	case own != nil && methods != nil && !slices.Equal(own, methods):
		r.problem(at, "the method in this cell and the one in the column of methods differ", "the row is left out")
		return
	case own != nil:
		methods = own
	case methods == nil:
		r.problem(at, "no method stands with this path", "name the column with --map method=COLUMN@TAB")
		return
	}
	for _, method := range methods {
		n, _, err := route.Normalize(route.Route{Method: method, Path: path})
		if err != nil {
			r.problem(at, firstProblem(err), "the route is left out; write it as a template to keep it")
			continue
		}
		found.Method, found.Path, found.API = n.Method, n.Path, n.FoundAPI()
		r.keep(at, found)
	}
}

// firstProblem is what package route says; it never repeats a value.
func firstProblem(err error) string {
	var e *exit.Error
	if errors.As(err, &e) && len(e.Problems) > 0 {
		return e.Problems[0].What
	}
	return "this is no route that ngapi can keep"
}

// keep adds a route, or what another place says of it. Two places that say
// opposite things leave it open.
func (r *tabReader) keep(at string, found GridRoute) {
	key := found.key()
	i, there := r.at[key]
	if !there {
		r.at[key] = len(r.routes)
		r.routes = append(r.routes, found)
		r.cells[key] = at
		r.out.Routes++
		return
	}
	old := &r.routes[i]
	r.settle(at, r.cells[key], "GSA", &old.GSA, found.GSA)
	r.settle(at, r.cells[key], "USCDI v1", &old.USCDIv1, found.USCDIv1)
	if old.Since == "" {
		old.Since = found.Since
	} else if found.Since != "" && found.Since != old.Since {
		r.problem(at, "another first version than in "+r.cells[key], "the first one is kept")
	}
}

func (r *tabReader) settle(at, other, what string, old *Stated, said Stated) {
	switch {
	case said == StatedUnknown || said == *old:
	case *old == StatedUnknown && !r.disputed(other, what):
		*old = said
	case *old != StatedUnknown:
		r.problem(at, "this and "+other+" contradict each other on "+what, "ask the vendor; it counts as not answered")
		r.cells["disputed "+what+" "+other] = at
		*old = StatedUnknown
	}
}

// disputed keeps a third place from deciding what two others left open.
func (r *tabReader) disputed(other, what string) bool {
	return r.cells["disputed "+what+" "+other] != ""
}
