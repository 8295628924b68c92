package catalog

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// GSA is an observation: was a route of the Enterprise API seen to answer a
// global service account. It comes from recordings and clients that third
// parties published, with the date where one is given; it is not the vendor's
// list of GSA routes and may be out of date.
type GSA string

// The observations. A "no" is one recorded 403 and may also have been a
// missing right of that one account.
const (
	GSAYes     GSA = "yes"
	GSANo      GSA = "no"
	GSAUnknown GSA = "unknown"
)

// Entry is one route of the Enterprise API that was seen in public.
type Entry struct {
	Method     string // GET, POST, PUT, PATCH or DELETE
	Path       string // template below the API base, /persons/{personId}
	Area       string // topic, such as scheduling or chart/allergies
	Write      bool   // changes data; false for a POST that is a query
	GSA        GSA
	ObservedOn string // date of the GSA observation, "2023-05"; "" where GSA is unknown or no date is given
	Source     string // where the route was seen
	Confidence string // high, medium or low: that the route and method exist, not about GSA
}

// Routes is the table of Enterprise routes.
type Routes struct {
	entries []Entry
	root    node
}

var enterprise = sync.OnceValue(func() *Routes { return must(parseEnterprise()) })

// Enterprise returns the table of Enterprise routes.
func Enterprise() *Routes { return enterprise() }

// All returns the entries in the order of path and method. The slice is the
// caller's own.
func (r *Routes) All() []Entry { return slices.Clone(r.entries) }

// Search returns the entries in whose method, path or area every word occurs,
// without regard to case. No words find nothing.
func (r *Routes) Search(words ...string) []Entry {
	var found []Entry
	if len(words) == 0 {
		return nil
	}
	for _, e := range r.entries {
		text := strings.ToLower(e.Method + " " + e.Path + " " + e.Area)
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, strings.ToLower(w)) }) {
			found = append(found, e)
		}
	}
	return found
}

func parseEnterprise() (*Routes, error) {
	table, err := rows("nge-routes.csv", "method", "path", "area", "write", "gsa", "source", "confidence")
	if err != nil {
		return nil, err
	}
	r := &Routes{entries: make([]Entry, 0, len(table))}
	for i, row := range table {
		e := Entry{
			Method: row[0], Path: row[1], Area: row[2], Write: row[3] == "yes",
			GSA: GSA(row[4]), Source: row[5], Confidence: row[6],
		}
		switch e.GSA {
		case GSAYes:
			e.ObservedOn = observed(e.Source, "HTTP 200")
		case GSANo:
			e.ObservedOn = observed(e.Source, "HTTP 403")
		}
		if !strings.HasPrefix(e.Path, "/") {
			return nil, fmt.Errorf("nge-routes.csv:%d: path does not begin with a slash", i+2)
		}
		r.entries = append(r.entries, e)
	}
	slices.SortFunc(r.entries, func(a, b Entry) int {
		return cmpStrings(a.Path, b.Path, a.Method, b.Method)
	})
	for i := range r.entries {
		r.root.insert(&r.entries[i])
	}
	return r, nil
}

func cmpStrings(a, b, c, d string) int {
	if n := strings.Compare(a, b); n != 0 {
		return n
	}
	return strings.Compare(c, d)
}

// observed finds the date of a recording with that answer: "recorded under GSA
// May 2023: HTTP 200" is "2023-05". A recording with another answer does not
// date the observation, which then rests on an undated client.
func observed(source, answer string) string {
	const mark = "recorded under GSA "
	i := strings.Index(source, mark)
	if i < 0 {
		return ""
	}
	date, rest, found := strings.Cut(source[i+len(mark):], ": ")
	month, year, _ := strings.Cut(date, " ")
	if !found || !strings.HasPrefix(rest, answer) || len(month) < 3 || len(year) != 4 || strings.Trim(year, "0123456789") != "" {
		return ""
	}
	number := strings.Index("JanFebMarAprMayJunJulAugSepOctNovDec", month[:3])
	if number < 0 || number%3 != 0 {
		return ""
	}
	return fmt.Sprintf("%s-%02d", year, number/3+1)
}
