package route

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/suggest"
)

// Parse makes a route of a method and a path template, as typed on a command
// line. The error is an *exit.Error with exit.Usage that lists every problem.
func Parse(method, path string) (Route, error) {
	r, _, err := Normalize(Route{Method: method, Path: path})
	return r, err
}

// Normalize checks a route and brings it into its one form: method in upper
// case, path without mount and with {name} parameters, the closed columns in
// lower case. Free text stays as it is. Notices say what was changed; the
// error is an *exit.Error with exit.Usage that lists every problem.
func Normalize(r Route) (Route, []string, error) {
	notices, problems := r.normalize()
	if len(problems) > 0 {
		list := make([]exit.Problem, len(problems))
		for i, p := range problems {
			list[i] = exit.Problem{What: p.what, Do: p.do}
		}
		return Route{}, nil, exit.Problems(exit.Usage, list)
	}
	return r, notices, nil
}

// cellFlaw is a flaw with the column that has it, as an index of Columns.
type cellFlaw struct {
	column int
	flaw
}

func (r *Route) normalize() (notices []string, flaws []cellFlaw) {
	r.Method = strings.ToUpper(strings.TrimSpace(r.Method))
	if f, bad := methodFlaw(r.Method); bad {
		flaws = append(flaws, cellFlaw{0, f})
	}
	notice, pathProblems := r.normalizePath()
	if notice != "" {
		notices = append(notices, notice)
	}
	flaws = append(flaws, pathProblems...)
	for column := 2; column <= 5; column++ {
		cell := r.cell(column)
		if *cell == "" {
			continue
		}
		*cell = strings.ToLower(strings.TrimSpace(*cell))
		if values := choices(column); !known(values, *cell) {
			flaws = append(flaws, cellFlaw{column, choiceFlaw(Columns()[column], *cell, values)})
		}
	}
	r.MinNGEVersion, r.CallsPerDay = strings.TrimSpace(r.MinNGEVersion), strings.TrimSpace(r.CallsPerDay)
	if !isDotted(r.MinNGEVersion) {
		flaws = append(flaws, cellFlaw{7, flaw{"column min_nge_version is not a version", "write digits and dots, for example 5.9.2"}})
	}
	if r.CallsPerDay != "" && (!allDigits(r.CallsPerDay) || len(r.CallsPerDay) > 12) {
		flaws = append(flaws, cellFlaw{8, flaw{"column calls_per_day is not a whole number", "write digits only, or leave it blank"}})
	}
	return notices, flaws
}

// choices are the values of a closed column.
func choices(column int) []string {
	switch column {
	case 2:
		return APIs()
	case 3:
		return Accesses()
	case 4:
		return DataClasses()
	}
	return Auths()
}

// normalizePath tidies the path, takes a NextGen mount off it and checks the
// rest. A mount names the API; it must not contradict the column.
func (r *Route) normalizePath() (notice string, flaws []cellFlaw) {
	tidy := tidyPath(r.Path)
	if tidy != strings.TrimSpace(r.Path) {
		notice = "parameters are written {name}; the path was changed"
	}
	rest, api := StripMount(tidy)
	if api != "" {
		notice = "the base address of the API was taken off the path; it is no part of a route"
		declared := strings.ToLower(strings.TrimSpace(r.API))
		if declared == "" {
			r.API = api
		} else if declared != api && known(APIs(), declared) {
			flaws = append(flaws, cellFlaw{2, flaw{
				"column api says " + declared + ", the base address in the path belongs to " + api, "make them agree"}})
		}
	}
	r.Path = rest
	for _, f := range pathFlaws(rest) {
		flaws = append(flaws, cellFlaw{1, f})
	}
	return notice, flaws
}

// methodFlaw names a wrong method only where it is plainly a method and not a
// cell that slipped in from another column.
func methodFlaw(method string) (flaw, bool) {
	const choose = "use GET, POST, PUT, PATCH or DELETE"
	switch {
	case slices.Contains(Methods(), method):
		return flaw{}, false
	case method == "":
		return flaw{"column method is empty", choose}, true
	case method == "OPTIONS", method == "TRACE", method == "CONNECT":
		return flaw{"method " + method + " transports no data", "leave the row out"}, true
	}
	if near := suggest.Nearest(method, Methods()); near != "" && isName(method) {
		return flaw{"method " + method + " is not an HTTP method", choose + "; did you mean " + near + "?"}, true
	}
	return flaw{"column method does not hold an HTTP method", choose}, true
}

func choiceFlaw(column, value string, values []string) flaw {
	do := "use " + strings.Join(values[:len(values)-1], ", ") + " or " + values[len(values)-1] + ", or leave it blank"
	near := suggest.Nearest(value, values)
	for _, v := range values {
		if len(value) > 2 && strings.HasPrefix(v, value) {
			near = v // "fhir", "uscdi": the first choice that begins so
			break
		}
	}
	if near != "" {
		do += "; did you mean " + near + "?"
	}
	return flaw{"column " + column + " has a value that is not one of its choices", do}
}

// isDotted accepts one to five groups of one to six digits, and nothing at all.
func isDotted(s string) bool {
	if s == "" {
		return true
	}
	parts := strings.Split(s, ".")
	for _, p := range parts {
		if len(p) > 6 || !allDigits(p) {
			return false
		}
	}
	return len(parts) <= 5
}
