package smart

import (
	"slices"
	"strings"
)

// missing finds what the routes need and nothing requested grants. A scope of
// a wider level serves too: it is reported as too wide, not as missing.
func (c *comparer) missing() {
	for i := range c.result.Needs {
		n := &c.result.Needs[i]
		var granted Letters
		need := n.scope()
		for _, s := range c.requested {
			if s.Kind == Resource && s.reaches(need) && (sameLevel(s.Level, n) || wider(s.Level, n.Level)) {
				granted |= s.Letters
			}
		}
		if lack := n.Letters &^ granted; lack != 0 {
			need.Letters = lack
			c.find(Missing, Error, need.InV2(), "no requested scope allows "+words(lack)+" of "+n.Type, n.Routes)
		}
	}
	for _, text := range c.result.others() {
		if !slices.ContainsFunc(c.requested, func(s Scope) bool { return s.Text == text || sameAs(text, s.Text) }) {
			c.find(Missing, Error, text, "the declared launch, identity or background work needs it", nil)
		}
	}
}

// sameAs accepts profile, the older name of fhirUser.
func sameAs(needed, requested string) bool { return needed == "fhirUser" && requested == "profile" }

// requestable compares what is needed with what the server advertises.
func (c *comparer) requestable() {
	if len(c.advertised) == 0 {
		return
	}
	if c.report.WildcardsOnly && len(c.result.Needs) > 0 {
		c.find(NotRequestable, Note, "", "the server advertises only wildcards, so the narrow scopes may not be requestable there: "+
			"the route list, not the scope string, is the evidence of what the application does, and a wildcard proves no wish to write", nil)
	}
	var not []string
	for _, s := range c.requested {
		if s.Kind != Malformed && s.Kind != Unknown && !c.offers(s) {
			not = append(not, shown(s.Text))
		}
	}
	if len(not) > 0 {
		const most = 5
		more := ""
		if len(not) > most {
			not, more = not[:most], " and others"
		}
		c.find(NotRequestable, Warning, strings.Join(not, " ")+more,
			"not among the scopes that the server advertises; it may be ignored or refused", nil)
	}
}

// offers tells whether a scope is advertised, in either form and in any order
// of its parameters.
func (c *comparer) offers(s Scope) bool {
	return slices.ContainsFunc(c.advertised, func(a Scope) bool {
		return a.Text == s.Text || a.Covers(s) && s.Covers(a)
	})
}
