package scope

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// Options steer Judge. The zero value judges leniently, by the newest edition
// and without a list of the vendor.
type Options struct {
	// Strict doubts every read that can return more than USCDI v1, also those
	// that certification makes mandatory.
	Strict bool
	// AsOf is the date of the federal floor, YYYY-MM-DD; blank means the newest.
	AsOf string
	// VendorList looks a route up in the vendor's own list; nil where there is
	// none. It is asked about GET (also for HEAD) on Enterprise routes. known:
	// the list names the route; listed: it names it as a USCDI v1 route. A list
	// that knows a route and does not mark it puts it beyond USCDI v1.
	VendorList func(method, path string) (listed, known bool)
	// VendorGSA looks up whether the vendor says that a global service account
	// reaches an Enterprise route; nil where there is no such list. date is that
	// of the list, "" where it bears none. It goes before what third parties saw.
	// It is asked about GET for HEAD.
	VendorGSA func(method, path string) (status catalog.GSA, date string, known bool)
	// FHIRServed tells whether the vendor's FHIR R4 server says that it offers a
	// type; nil where there is no statement of it. A type that it lacks gets a
	// note and no other verdict.
	FHIRServed func(typ string) (served, known bool)
}

// Judge judges a list. It takes time and memory in proportion to its length.
func Judge(list *route.List, opt Options) Report {
	j := newJudge(opt)
	r := Report{
		Verdict: Undetermined, Deciding: []Deciding{}, Questions: []Question{},
		Routes: []RouteVerdict{}, GSA: GSASummary{Closed: []RouteRef{}, Unconfirmed: []RouteRef{}, Reachable: []RouteRef{}},
	}
	if list != nil && len(list.Routes) > 0 {
		r.Routes = make([]RouteVerdict, len(list.Routes))
		j.look(list.Routes)
		for i := range list.Routes {
			r.Routes[i] = j.judge(&list.Routes[i])
		}
	}
	r.Yardsticks.Federal = federalFloor(opt.AsOf)
	r.conclude(j.hasFHIR)
	return r
}

// Explain judges one route as Judge does when the rest of the list is context.
// A nil list means that the route stands alone.
func Explain(r route.Route, context *route.List, opt Options) RouteVerdict {
	j := newJudge(opt)
	if context != nil {
		j.look(context.Routes)
	}
	return j.judge(&r)
}

// judge holds what is the same for all routes of a list.
type judge struct {
	Options
	fhir       *catalog.FHIRTables
	enterprise *catalog.Routes
	v1Floor    bool // the federal floor is USCDI v1
	hasFHIR    bool
	notes      bool // the list reads DocumentReference or DiagnosticReport
	exports    bool // the list starts a bulk export
}

func newJudge(opt Options) *judge {
	return &judge{
		Options: opt, fhir: catalog.FHIR(), enterprise: catalog.Enterprise(),
		v1Floor: federalFloor(opt.AsOf).Edition == "USCDI v1",
	}
}

// look finds what one route of a list says about another.
func (j *judge) look(routes []route.Route) {
	for i := range routes {
		r := &routes[i]
		rest, api := route.Base(r.Path)
		if r.API != "" {
			api = r.API
		}
		if api == route.Enterprise {
			continue
		}
		j.hasFHIR = true
		if strings.Contains(rest, "export") {
			q := parse(r)
			j.exports = j.exports || slices.Contains(q.segments, "$export")
		}
		typ, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
		typ, _, _ = strings.Cut(typ, "?")
		if (typ == "DocumentReference" || typ == "DiagnosticReport") && strings.EqualFold(r.Method, "GET") {
			j.notes = true
		}
	}
}

func (j *judge) judge(r *route.Route) RouteVerdict {
	q := parse(r)
	f := j.find(&q)
	f = j.declared(r, f)
	if j.v1Floor {
		f.federal = federalV1(f.verdict)
	}
	v := RouteVerdict{
		Method: r.Method, Path: r.Path, API: q.api, Line: r.Line, Access: f.access, Data: f.data, Basis: f.basis,
		Verdict: f.verdict, Federal: f.federal, Why: f.why, Notes: f.notes, Question: f.question,
		GSA: GSAObservation{Status: catalog.GSAUnknown},
	}
	if q.api == route.Enterprise {
		v.GSA = j.gsa(&q)
	}
	if j.notServed(&q) {
		v.Notes = finding{notes: v.Notes}.note(NoteNotServed).notes
	}
	return v
}

// notServed tells whether a route reads or writes an R4 type that the server's
// own statement lacks.
func (j *judge) notServed(q *request) bool {
	if j.FHIRServed == nil || q.api != route.FHIRR4 || len(q.segments) == 0 || !q.isType(q.segments[0]) {
		return false
	}
	served, known := j.FHIRServed(q.segments[0])
	return known && !served
}

func (j *judge) find(q *request) finding {
	switch {
	case notData(q):
		return finding{access: NotData, data: NonEHI, basis: ByDiscovery, verdict: Ignored, federal: Yes,
			why: "discovery and sign-in carry no data of a patient and do not count"}
	case q.api == route.Enterprise && !namesFHIRType(q):
		return j.proprietary(q)
	}
	return j.resource(q)
}

// namesFHIRType tells whether a path that is declared as Enterprise begins with
// a FHIR type: Enterprise paths are in lower case, so the type decides, and a
// declaration cannot turn known data into an unknown path.
func namesFHIRType(q *request) bool {
	if len(q.segments) == 0 {
		return false
	}
	r4, _ := route.FHIRType(q.segments[0])
	return r4
}

// declared takes the developer's own statements into account. A statement that
// narrows is trusted: who says that a route writes, or returns more than USCDI
// v1, knows. A statement that widens settles nothing and is noted.
func (j *judge) declared(r *route.Route, f finding) finding {
	if f.verdict == Ignored {
		return f
	}
	switch {
	case r.Access == route.AccessWrite && f.access != Write:
		f = finding{access: Write, data: f.data, basis: ByDeclaration, verdict: NotLimited, federal: No, notes: f.notes,
			why: "the list declares that this route writes"}
	case r.Access == route.AccessRead && f.access != Read:
		f = f.note(NoteDeclaredRead)
	}
	switch r.DataClass {
	case route.EHI, route.NonEHI:
		f = f.note(NoteDeclaredDiffers)
		if f.verdict == NotLimited {
			return f
		}
		f.verdict, f.basis, f.question = NotLimited, ByDeclaration, ""
		f.data, f.federal, f.why = EHIOther, Uncertain, "the list declares health information beyond USCDI v1"
		if r.DataClass == route.NonEHI {
			f.data, f.federal, f.why = NonEHI, No, "the list declares information that is no health information"
		}
	case route.USCDIv1, route.Auxiliary:
		if f.verdict != Limited {
			f = f.note(NoteDeclaredWithin)
		}
	}
	return f
}

// conclude draws the verdicts of the list from those of its routes.
func (r *Report) conclude(hasFHIR bool) {
	counts, federal := map[Verdict]int{}, map[Answer]int{}
	for i := range r.Routes {
		v := &r.Routes[i]
		counts[v.Verdict]++
		if v.Verdict == Ignored {
			continue
		}
		federal[v.Federal]++
		r.Writes = r.Writes || v.Access == Write
		if v.API == route.Enterprise {
			r.GSA.add(v)
		}
	}
	switch {
	case counts[NotLimited] > 0:
		r.Verdict = NotLimited
	case counts[Undetermined] == 0 && counts[Limited] > 0:
		r.Verdict = Limited
	}
	switch answer := &r.Yardsticks.Federal.Verdict; {
	case federal[No] > 0:
		*answer = No
	case federal[Uncertain] == 0 && federal[Yes] > 0:
		*answer = Yes
	}
	r.Yardsticks.Vendor.Verdict = r.Verdict
	r.GSA.AllReachable = len(r.GSA.Reachable) > 0 && len(r.GSA.Closed)+len(r.GSA.Unconfirmed) == 0
	r.decide(counts[r.Verdict])
	r.Questions = questions(r, hasFHIR)
}

func (r *Report) decide(n int) {
	if r.Verdict == Limited {
		return
	}
	r.Deciding = make([]Deciding, 0, n)
	for i := range r.Routes {
		if v := &r.Routes[i]; v.Verdict == r.Verdict {
			r.Deciding = append(r.Deciding, Deciding{
				Method: v.Method, Path: v.Path, Line: v.Line, Verdict: v.Verdict, Why: v.Why, Question: v.Question})
		}
	}
}

func (s *GSASummary) add(v *RouteVerdict) {
	ref := RouteRef{Method: v.Method, Path: v.Path, Line: v.Line, ObservedOn: v.GSA.ObservedOn, Source: v.GSA.Source, Vendor: v.GSA.Vendor}
	switch v.GSA.Status {
	case catalog.GSAYes:
		s.Reachable = append(s.Reachable, ref)
	case catalog.GSANo:
		s.Closed = append(s.Closed, ref)
	default:
		s.Unconfirmed = append(s.Unconfirmed, ref)
	}
}
