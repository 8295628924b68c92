package trait

import (
	"maps"
	"strconv"
)

// Source names where a value came from.
type Source string

// The sources of a value.
const (
	FromFlag     Source = "flag"
	FromFile     Source = "file"
	FromPrompt   Source = "prompt"
	FromDefault  Source = "default"
	FromDerived  Source = "derived"
	FromObserved Source = "observed"
	FromAssumed  Source = "assumed" // tried out, for example by whatif
	FromAbsent   Source = "absent"  // nothing is recorded
)

// Origin tells where a value came from.
type Origin struct {
	Source Source `json:"source"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Name   string `json:"name,omitempty"` // of the flag, where that is the source
}

// String says it in words for people.
func (o Origin) String() string {
	switch o.Source {
	case FromFile, FromObserved:
		if o.File != "" && o.Line > 0 {
			return o.File + ":" + strconv.Itoa(o.Line)
		}
		if o.File != "" {
			return o.File
		}
		return "the route list"
	case FromFlag:
		return o.Name
	case FromPrompt:
		return "your answer"
	case FromDefault:
		return "default"
	case FromAssumed:
		return "assumed"
	case FromAbsent:
		return "not recorded"
	default:
		return "derived"
	}
}

// Entry is a value with its origin.
type Entry struct {
	Value  Value
	Origin Origin
	Detail []string // for observed traits: the lines that decided, for people
}

// Client is one Beta client with its own traits (client.*).
type Client struct {
	Name   string
	Origin Origin
	Traits map[ID]Entry
}

// Set holds the known traits of one developer and application. A Set is a
// value: With and Without return a changed copy.
type Set struct {
	entries map[ID]Entry
	clients []Client
}

// Get returns the stored entry of a trait. It computes nothing.
func (s Set) Get(id ID) (Entry, bool) {
	e, ok := s.entries[id]
	return e, ok
}

// Len returns the number of stored traits.
func (s Set) Len() int { return len(s.entries) }

// Clients returns the Beta clients in the order of the profile.
func (s Set) Clients() []Client { return s.clients }

// With returns a copy in which the trait has this entry.
func (s Set) With(id ID, e Entry) Set {
	next := Set{entries: maps.Clone(s.entries), clients: s.clients}
	if next.entries == nil {
		next.entries = map[ID]Entry{}
	}
	next.entries[id] = e
	return next
}

// Without returns a copy in which the trait is not known.
func (s Set) Without(id ID) Set {
	next := Set{entries: maps.Clone(s.entries), clients: s.clients}
	delete(next.entries, id)
	return next
}

// WithClients returns a copy with these Beta clients; beta.clients follows.
func (s Set) WithClients(clients []Client) Set {
	next := s.Without("beta.clients")
	next.clients = clients
	if len(clients) == 0 {
		return next
	}
	names := make([]string, len(clients))
	for i, c := range clients {
		names[i] = c.Name
	}
	return next.With("beta.clients", Entry{Value: Names(names), Origin: clients[0].Origin})
}

// ForClient returns a copy in which the traits of one client stand as client.*.
func (s Set) ForClient(c Client) Set {
	next := s
	for id, e := range c.Traits {
		next = next.With(id, e)
	}
	return next
}
