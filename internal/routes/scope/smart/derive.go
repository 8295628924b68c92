package smart

import (
	"cmp"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// Launch says how an application starts.
type Launch string

// The ways to start; blank means not stated, and asks for no launch scope.
const (
	FromEHR    Launch = "ehr"
	Standalone Launch = "standalone"
)

// Options steer Derive.
type Options struct {
	Level    Level  // of every FHIR route; blank: from the auth column, patient where that is blank
	Launch   Launch // asks for launch or launch/patient
	Identity bool   // the application uses who signed in: openid fhirUser
	Offline  bool   // it works while no user is there: offline_access
	Exact    bool   // a search is s alone, without r to follow its results
}

// Use is a route with the reason why it needs a scope, or why none fits.
type Use struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Line   int    `json:"line"` // of the list; 0 for none
	Why    string `json:"why"`
}

// Need is one resource scope with the routes that need it.
type Need struct {
	Level      Level    `json:"level"`
	Type       string   `json:"type"`
	Letters    Letters  `json:"letters"`
	Constraint string   `json:"constraint"` // query suffix; "" for none
	V2         string   `json:"v2"`
	V1         []string `json:"v1"`
	V1Wider    bool     `json:"v1Wider"` // version 1 has no word as narrow as this
	Routes     []Use    `json:"routes"`
}

func (n *Need) scope() Scope {
	return Scope{Kind: Resource, Level: n.Level, Type: n.Type, Letters: n.Letters, Constraint: n.Constraint}
}

// Result holds the narrowest scopes for a list.
type Result struct {
	V2     []string `json:"v2"` // the whole request: launch, identity, session, then resources
	V1     []string `json:"v1"`
	Needs  []Need   `json:"needs"`  // sorted by level, type and constraint
	Open   []Use    `json:"open"`   // routes for which no scope can be told
	FHIR   int      `json:"fhir"`   // routes that need a resource scope or are open
	NoData int      `json:"noData"` // discovery, sign-in and export status: no scope
	// Enterprise counts routes of the Enterprise APIs: SMART scopes do not govern them.
	Enterprise int  `json:"enterprise"`
	Offline    bool `json:"offline"` // as declared

	launch   Launch
	identity bool
}

// others are the scopes of a result that are no resource scopes.
func (r *Result) others() []string {
	var out []string
	switch r.launch {
	case FromEHR:
		out = append(out, "launch")
	case Standalone:
		if slices.ContainsFunc(r.Needs, func(n Need) bool { return n.Level == Patient }) {
			out = append(out, "launch/patient")
		}
	}
	if r.identity {
		out = append(out, "openid", "fhirUser")
	}
	if r.Offline {
		out = append(out, "offline_access")
	}
	return out
}

// Derive finds the narrowest scopes that serve the FHIR routes of a list. It
// takes time in proportion to its length; a nil list needs no scope.
func Derive(list *route.List, opt Options) Result {
	r := Result{Needs: []Need{}, Open: []Use{}, Offline: opt.Offline, launch: opt.Launch, identity: opt.Identity}
	d := deriver{opt: opt, result: &r, asks: map[place][]ask{}}
	if list != nil {
		for i := range list.Routes {
			d.route(&list.Routes[i])
		}
	}
	d.merge()
	r.V2, r.V1 = r.others(), r.others()
	for i := range r.Needs {
		r.V2 = append(r.V2, r.Needs[i].V2)
		r.V1 = append(r.V1, r.Needs[i].V1...)
	}
	r.V1, r.V2 = unique(r.V1), unique(r.V2)
	return r
}

// unique drops what stands twice and makes nil an empty list.
func unique(list []string) []string {
	out := make([]string, 0, len(list))
	seen := make(map[string]bool, len(list))
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// place is where needs are merged.
type place struct {
	level Level
	typ   string
}

// ask is what one route asks for at one place.
type ask struct {
	letters    Letters
	constraint string
	use        Use
}

type deriver struct {
	opt    Options
	result *Result
	asks   map[place][]ask
	level  Level // of the route at hand
	use    Use
}

func (d *deriver) route(r *route.Route) {
	c := scope.Classify(r)
	switch c.Kind {
	case scope.KindProprietary:
		d.result.Enterprise++
		return
	case scope.KindNotData, scope.KindPoll:
		d.result.NoData++
		return
	}
	d.result.FHIR++
	d.level, d.use = d.levelOf(r), Use{Method: r.Method, Path: r.Path, Line: r.Line}
	if c.Type == "*" {
		d.open("a search over the whole compartment of a patient: search the types that are needed instead")
		return
	}
	switch c.Kind {
	case scope.KindRead:
		d.ask(c.Type, Read, "", "a read by id")
	case scope.KindVersion:
		d.ask(c.Type, Read, "", "versions of one resource")
	case scope.KindHistory:
		d.ask(c.Type, Search, "", "the history of a type")
	case scope.KindSearch, scope.KindCompartment:
		d.ask(c.Type, d.searching(), category(c), "a search")
		d.widen(c)
	case scope.KindSystem:
		d.system(c)
	case scope.KindCreate:
		d.ask(c.Type, Create, "", "a create")
	case scope.KindUpdate, scope.KindPatch:
		d.ask(c.Type, Update, "", "an update")
	case scope.KindDelete:
		d.ask(c.Type, Delete, "", "a delete")
	case scope.KindBatch:
		d.open("a batch has no scope of its own: list its entries as routes")
	case scope.KindOperation:
		d.open("no scope stands for the operation $" + c.Operation + ": ask which scopes the server wants for it")
	default:
		d.open("no FHIR interaction that a scope stands for")
	}
}

// levelOf is the level of a route: as asked for, else by who signs in. A user
// who opens one chart needs no more than that patient.
func (d *deriver) levelOf(r *route.Route) Level {
	switch {
	case d.opt.Level != "":
		return d.opt.Level
	case r.Auth == route.GSA:
		return System
	case r.Auth == route.EAL && d.opt.Launch != FromEHR:
		return User
	}
	return Patient
}

func (d *deriver) searching() Letters {
	if d.opt.Exact {
		return Search
	}
	return reads
}

func (d *deriver) ask(typ string, letters Letters, constraint, why string) {
	at := place{d.level, typ}
	use := d.use
	use.Why = why
	d.asks[at] = append(d.asks[at], ask{letters, constraint, use})
}

func (d *deriver) open(why string) {
	use := d.use
	use.Why = why
	if n := len(d.result.Open); n > 0 && d.result.Open[n-1] == use {
		return
	}
	d.result.Open = append(d.result.Open, use)
}

// system takes a search over several types apart.
func (d *deriver) system(c scope.Call) {
	known := false
	for _, p := range c.Params {
		if p.Key != "_type" {
			continue
		}
		for name := range strings.SplitSeq(p.Value, ",") {
			if isType(name) {
				known = true
				d.ask(name, d.searching(), "", "a search over several types")
			}
		}
	}
	if !known {
		d.open("a request over all types would take a wildcard: name the types with _type, or search each")
		return
	}
	d.widen(c)
}

func isType(name string) bool {
	r4, dstu2 := route.FHIRType(name)
	return r4 || dstu2
}

// merge turns what was asked for into needs. A constraint stands only while
// every read of the type carries one: a read by id cannot know the category.
func (d *deriver) merge() {
	for at, asks := range d.asks {
		free := slices.ContainsFunc(asks, func(a ask) bool { return a.letters&reads != 0 && a.constraint == "" })
		needs := map[string]*Need{}
		for _, a := range asks {
			if free {
				a.constraint = ""
			}
			n := needs[a.constraint]
			if n == nil {
				n = &Need{Level: at.level, Type: at.typ, Constraint: a.constraint}
				needs[a.constraint] = n
			}
			n.add(a)
		}
		for _, n := range needs {
			s := n.scope()
			n.V1, n.V2, n.V1Wider = s.InV1(), s.InV2(), !s.exactInV1()
			d.result.Needs = append(d.result.Needs, *n)
		}
	}
	rank := func(l Level) int { return slices.Index(Levels(), l) }
	slices.SortFunc(d.result.Needs, func(a, b Need) int {
		return cmp.Or(cmp.Compare(rank(a.Level), rank(b.Level)), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Constraint, b.Constraint))
	})
}

// add takes a route in; one that asks twice is named once. Its asks are
// neighbours, because routes come one after the other.
func (n *Need) add(a ask) {
	n.Letters |= a.letters
	if last := len(n.Routes) - 1; last >= 0 {
		if u := n.Routes[last]; u.Method == a.use.Method && u.Path == a.use.Path && u.Line == a.use.Line {
			return
		}
	}
	n.Routes = append(n.Routes, a.use)
}
