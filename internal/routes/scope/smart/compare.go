package smart

import (
	"slices"
	"strings"
)

// Compare holds a requested scope string against what a list needs.
// advertised are the scopes that the server lists; none means that it is not
// known what can be requested. A text beyond the bounds of ParseAll is one
// finding.
func Compare(requested string, r Result, advertised []string) Report {
	c := comparer{result: &r, report: Report{Findings: []Finding{}, Advertised: unique(advertised)}}
	c.look()
	scopes, err := ParseAll(requested)
	if err != nil {
		c.find(BadScope, Error, "", err.Error(), nil)
	}
	c.requested = distinct(scopes)
	c.words()
	for _, s := range c.requested {
		if s.Kind == Resource {
			c.breadth(s)
		}
	}
	if err == nil {
		c.missing()
	}
	c.requestable()
	rank := func(s Severity) int { return slices.Index([]Severity{Error, Warning, Note}, s) }
	slices.SortStableFunc(c.report.Findings, func(a, b Finding) int { return rank(a.Severity) - rank(b.Severity) })
	c.report.conclude()
	return c.report
}

func distinct(scopes []Scope) []Scope {
	seen := map[string]bool{}
	return slices.DeleteFunc(scopes, func(s Scope) bool {
		was := seen[s.Text]
		seen[s.Text] = true
		return was
	})
}

type comparer struct {
	result     *Result
	requested  []Scope
	advertised []Scope
	report     Report
}

func (c *comparer) find(id ID, severity Severity, scope, text string, routes []Use) {
	if routes == nil {
		routes = []Use{}
	}
	routes = routes[:min(len(routes), mostUses):min(len(routes), mostUses)]
	c.report.Findings = append(c.report.Findings, Finding{id, severity, shown(scope), text, routes})
}

// look reads what the server advertises.
func (c *comparer) look() {
	for _, text := range c.report.Advertised {
		c.advertised = append(c.advertised, Parse(text))
	}
	c.report.WildcardsOnly = WildcardsOnly(c.report.Advertised)
}

// WildcardsOnly tells whether a server advertises resource scopes, but none of
// a single type, so that a narrow scope may not be requestable there.
func WildcardsOnly(advertised []string) bool {
	wildcards := false
	for _, text := range advertised {
		s := Parse(text)
		switch {
		case s.Kind != Resource:
		case s.Type != "*":
			return false
		default:
			wildcards = true
		}
	}
	return wildcards
}

// words looks at each scope by itself, and at the scopes of no resource.
func (c *comparer) words() {
	forms := map[Form]bool{}
	for _, s := range c.requested {
		switch s.Kind {
		case Malformed:
			c.find(BadScope, Error, s.Text, "not a scope: "+strings.Join(s.Flaws, "; "), nil)
			continue
		case Unknown:
			c.find(UnknownScope, Warning, s.Text, "no scope of SMART on FHIR; it is left as it is", nil)
		case Resource:
			forms[s.Form] = true
		case Session:
			if s.Text == "offline_access" && !c.result.Offline {
				c.find(OfflineUnjustified, Error, s.Text, "no work while the user is away is declared; declare it, or leave the scope out", nil)
			}
		}
		for _, flaw := range s.Flaws {
			c.find(Ambiguous, Warning, s.Text, flaw, nil)
		}
	}
	if forms[V1] && forms[V2] {
		c.find(Ambiguous, Note, "", "scopes of v1 and v2 in one request: certified servers need not accept the mix", nil)
	}
}

// breadth finds what one resource scope asks for without need.
func (c *comparer) breadth(s Scope) {
	here, narrower := c.needs(s)
	if s.Type == "*" {
		c.find(Wildcard, c.spare(s, Error), s.Text, "asks for all types, also for those that come later", nil)
	}
	switch {
	case len(here) == 0 && len(narrower) > 0:
		c.find(LevelTooWide, Error, s.Text, "the routes need it only at the level "+string(narrower[0].Level), uses(narrower))
		return
	case len(here) == 0:
		c.find(TypeUnused, Error, s.Text, "no FHIR route of the list needs it", nil)
		return
	}
	var used Letters
	for _, n := range here {
		used |= n.Letters
	}
	c.constraint(s, here)
	if extra := unused(s, used) & writes; extra != 0 {
		c.find(WriteUnused, c.spare(s, Error), s.Text, "includes "+words(extra)+", and no route of the list does that", nil)
	}
	if extra := unused(s, used) & reads; extra != 0 && s.Type != "*" {
		c.find(LetterUnused, Error, s.Text, "includes "+words(extra)+", and no route of the list does that", nil)
	}
	if s.Form == V1 && s.Letters == every {
		c.find(V1WriteStar, c.spare(s, Warning), s.Text, "the star of v1 includes write; .read and .write say which is meant", nil)
	}
}

// spare lowers the severity of what a server that advertises only wildcards
// makes everybody ask for. A wildcard beyond the advertised ones, such as
// system/*.* at NextGen, is nobody's must.
func (c *comparer) spare(s Scope, severity Severity) Severity {
	offered := func(a Scope) bool { return a.Covers(s) }
	if c.report.WildcardsOnly && s.Type == "*" && slices.ContainsFunc(c.advertised, offered) {
		return Note
	}
	return severity
}

// unused are the letters of a scope beyond the used ones. A word of version 1
// cannot be taken apart: with one letter it is used as a whole.
func unused(s Scope, used Letters) Letters {
	extra := s.Letters &^ used
	if s.Form == V1 {
		for _, word := range []Letters{reads, writes} {
			if used&word != 0 {
				extra &^= word
			}
		}
	}
	return extra
}

// words names letters in words.
func words(l Letters) string {
	var out []string
	for i, word := range []string{"create", "read", "update", "delete", "search"} {
		if l&(1<<i) != 0 {
			out = append(out, word)
		}
	}
	return strings.Join(out, ", ")
}

// needs are the needs that a scope serves: here at its own level, narrower
// where a lower level would do.
func (c *comparer) needs(s Scope) (here, narrower []*Need) {
	for i := range c.result.Needs {
		n := &c.result.Needs[i]
		if s.Type != "*" && s.Type != n.Type {
			continue
		}
		// A scope with a constraint serves the part of an unconstrained need.
		if s.Constraint != "" && n.Constraint != "" && s.Constraint != n.Constraint {
			continue
		}
		switch {
		case s.Type == "*" && wider(s.Level, n.Level): // a few types that may be either are no reason for all
			narrower = append(narrower, n)
		case sameLevel(s.Level, n):
			here = append(here, n)
		case wider(s.Level, n.Level):
			narrower = append(narrower, n)
		}
	}
	return here, narrower
}

// sameLevel accepts user for patient where a certified server may offer either.
func sameLevel(l Level, n *Need) bool {
	if l == n.Level {
		return true
	}
	return l != System && n.Level != System && eitherLevel(n.Type)
}

// eitherLevel names the types that certified servers may offer as patient/ or
// as user/, because they are in no patient's record or about more than one.
func eitherLevel(typ string) bool {
	switch typ {
	case "Device", "Encounter", "Location", "Medication", "Organization", "Practitioner", "PractitionerRole":
		return true
	}
	return false
}

// constraint finds a category that the routes keep to and the scope does not.
func (c *comparer) constraint(s Scope, here []*Need) {
	if s.Constraint != "" || s.Type == "*" || s.Letters&reads == 0 {
		return
	}
	var narrow []string
	for _, n := range here {
		switch {
		case n.Letters&reads == 0:
		case n.Constraint == "":
			return
		default:
			narrow = append(narrow, n.V2)
		}
	}
	switch {
	case len(narrow) == 0:
	case s.Form == V1:
		c.find(ConstraintDropped, Warning, s.Text, "every search keeps to a category, which v1 cannot say; v2 can: "+strings.Join(narrow, " "), uses(here))
	case c.report.WildcardsOnly:
		c.find(ConstraintDropped, Note, s.Text, "every search keeps to a category, but the server advertises only wildcards", uses(here))
	default:
		c.find(ConstraintDropped, Error, s.Text, "every search keeps to a category: "+strings.Join(narrow, " "), uses(here))
	}
}

// mostUses bounds the routes of one finding: many scopes times a long list
// would be a report that nobody reads.
const mostUses = 100

func uses(needs []*Need) []Use {
	out := []Use{}
	for _, n := range needs {
		if len(out) >= mostUses {
			break
		}
		out = append(out, n.Routes...)
	}
	return out
}
