// Package trait holds what can be true of an organization and its application:
// the typed catalogue of traits, their values with an origin, and the traits
// that are derived from others.
//
// A trait's id is its path in the profile (ngapi.yaml). An absent answer is
// unknown; an absent milestone is not done; a derived trait is computed here
// and never stored. The package is pure: no files, no clock, no terminal.
package trait

import "sync"

// ID is the dotted path of a trait, for example organization.type.
type ID string

// Kind tells what the absence of a trait means.
type Kind string

// The kinds of trait.
const (
	Answer    Kind = "answer"    // absent means unknown
	Milestone Kind = "milestone" // absent means not done
	Observed  Kind = "observed"  // computed by ngapi from files: the route list, recorded reports; absent means there is none
	Derived   Kind = "derived"   // computed from other traits
)

// Type is the form of a trait's values.
type Type string

// The types of trait.
const (
	Text    Type = "text"    // one line of free text
	Path    Type = "path"    // a file, relative to the profile
	Bool    Type = "bool"    // true or false
	One     Type = "enum"    // one of the choices
	Many    Type = "set"     // any of the choices
	Version Type = "version" // dotted numbers, compared by parts
	Date    Type = "date"    // YYYY-MM-DD
	Records Type = "records" // named entries, for example the Beta clients
)

// Choice is one value that an enum or set can take.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"` // short words for a menu, at most 34 columns
	Help  string `json:"help,omitempty"`
}

// Trait is one entry of the catalogue.
type Trait struct {
	ID       ID
	Kind     Kind
	Type     Type
	Question string // a question for a person; for derived traits a description
	Help     string // why it is asked and what changes
	Choices  []Choice
	Default  string // a default that is safe to accept unseen; "" where there is none

	derive func(look Lookup) Result // derived traits only
	inputs []ID                     // derived traits only: all that derive may look up
}

// Lookup gives a derivation the value of another trait, and whether it is known.
type Lookup func(ID) (Value, bool)

// Result is what a derivation found.
type Result struct {
	Value Value
	Known bool
	From  []ID // the traits that decided, in reading order
	Ask   []ID // where unknown: the traits that could settle it
}

// Catalogue is the list of all traits, in the order in which a person is asked.
type Catalogue struct {
	list  []Trait
	index map[ID]int
}

// The catalogue is a table; it is built on first use so that commands that do
// not evaluate anything do not pay for it.
var standard = sync.OnceValue(func() *Catalogue {
	list := append(answers(), milestones()...)
	list = append(list, observed()...)
	list = append(list, derived()...)
	c := &Catalogue{list: list, index: make(map[ID]int, len(list))}
	for i, t := range list {
		c.index[t.ID] = i
	}
	return c
})

// Standard returns the catalogue that ngapi ships.
func Standard() *Catalogue { return standard() }

// All returns every trait in asking order. The slice must not be changed.
func (c *Catalogue) All() []Trait { return c.list }

// Get returns the trait with this id.
func (c *Catalogue) Get(id ID) (Trait, bool) {
	i, ok := c.index[id]
	if !ok {
		return Trait{}, false
	}
	return c.list[i], true
}

// Order returns the place of a trait in asking order, or a number past the end
// for a trait that is not in the catalogue.
func (c *Catalogue) Order(id ID) int {
	if i, ok := c.index[id]; ok {
		return i
	}
	return len(c.list)
}

// Storable lists the ids that may stand in a profile: answers and milestones.
// The traits of a single client (client.*) are stored inside beta.clients.
func (c *Catalogue) Storable() []ID {
	var ids []ID
	for _, t := range c.list {
		if t.Stored() {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// Stored tells whether the trait is a key of the profile.
func (t Trait) Stored() bool {
	return (t.Kind == Answer || t.Kind == Milestone) && !t.PerClient()
}

// PerClient tells whether the trait belongs to one Beta client.
func (t Trait) PerClient() bool { return len(t.ID) > 7 && t.ID[:7] == "client." }

// Has tells whether value is one of the trait's choices.
func (t Trait) Has(value string) bool {
	for _, c := range t.Choices {
		if c.Value == value {
			return true
		}
	}
	return false
}

// Values lists the values of the trait's choices.
func (t Trait) Values() []string {
	out := make([]string, len(t.Choices))
	for i, c := range t.Choices {
		out[i] = c.Value
	}
	return out
}

// Placeholder shows the form of the trait's values on a command line.
func (t Trait) Placeholder() string {
	switch t.Type {
	case One, Many:
		text := ""
		for i, c := range t.Choices {
			if i > 0 {
				text += "|"
			}
			text += c.Value
		}
		return text
	case Bool:
		return "true|false"
	case Version:
		return "5.9.2"
	case Date:
		return "YYYY-MM-DD"
	default:
		return "TEXT"
	}
}
