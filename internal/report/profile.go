package report

import (
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// ProfileShow is the document ngapi.profile-show/v1.
type ProfileShow struct {
	Schema  string        `json:"schema"`
	Tool    Tool          `json:"tool"`
	Profile Profile       `json:"profile"`
	Traits  []TraitValue  `json:"traits"`
	Clients []ClientValue `json:"clients"`
}

// TraitValue is one known trait.
type TraitValue struct {
	ID     trait.ID     `json:"id"`
	Kind   trait.Kind   `json:"kind"`
	Value  any          `json:"value"`
	Origin trait.Origin `json:"origin"`
	From   []trait.ID   `json:"from,omitempty"`
	text   string
}

// ClientValue is one Beta client.
type ClientValue struct {
	Name   string       `json:"name"`
	Traits []TraitValue `json:"traits"`
}

// NewProfileShow lists every known trait in the order of the catalogue.
func NewProfileShow(tool Tool, p Profile, set trait.Set) ProfileShow {
	d := ProfileShow{Schema: "ngapi.profile-show/v1", Tool: tool, Profile: p, Traits: []TraitValue{}, Clients: []ClientValue{}}
	cat := trait.Standard()
	for _, t := range cat.All() {
		if t.PerClient() {
			continue
		}
		if r := cat.Resolve(set, t.ID); r.Known {
			d.Traits = append(d.Traits, TraitValue{t.ID, t.Kind, r.Value.Any(), r.Origin, r.From, r.Value.String()})
		}
	}
	for _, c := range set.Clients() {
		one := ClientValue{Name: c.Name, Traits: []TraitValue{}}
		for _, t := range cat.All() {
			if e, ok := c.Traits[t.ID]; ok {
				one.Traits = append(one.Traits, TraitValue{t.ID, t.Kind, e.Value.Any(), e.Origin, nil, e.Value.String()})
			}
		}
		d.Clients = append(d.Clients, one)
	}
	return d
}

// ProfileText renders the traits of a profile.
func ProfileText(s Style, d ProfileShow) []byte {
	t := &text{s: s}
	t.line(bold, "%s", clean(d.Profile.Path))
	for _, kind := range []trait.Kind{trait.Answer, trait.Milestone, trait.Observed, trait.Derived} {
		t.traits(kind, d.Traits)
	}
	for _, c := range d.Clients {
		t.line("", "  client %s", clean(c.Name))
		for _, v := range c.Traits {
			t.line("", "    %-22s %s", strings.TrimPrefix(string(v.ID), "client."), clean(v.text))
		}
	}
	return t.bytes()
}

func (t *text) traits(kind trait.Kind, list []TraitValue) {
	first := true
	for _, v := range list {
		if v.Kind != kind {
			continue
		}
		if first {
			t.line(bold, "%s", map[trait.Kind]string{
				trait.Answer: "Answers", trait.Milestone: "Milestones", trait.Observed: "Read off the route list and recorded reports", trait.Derived: "Derived",
			}[kind])
			first = false
		}
		place := v.Origin.String()
		if len(v.From) > 0 {
			place = "from " + idList(v.From)
		}
		t.line("", "  %-28s %s  (%s)", v.ID, clean(v.text), clean(place))
	}
}

// Edit is the document ngapi.edit/v1: what a change to a file did.
type Edit struct {
	Schema  string `json:"schema"`
	Tool    Tool   `json:"tool"`
	Path    string `json:"path"`
	Written bool   `json:"written"`
	Diff    string `json:"diff"`
}

// EditText renders a change: the lines that differ, and whether it was written.
func EditText(s Style, d Edit) []byte {
	t := &text{s: Style{Color: s.Color}} // a diff is not wrapped
	switch {
	case d.Diff == "":
		t.line("", "%s already says so; nothing changed", clean(d.Path))
		return t.bytes()
	case d.Written:
		t.line("", "wrote %s", clean(d.Path))
	default:
		t.line("", "would write %s", clean(d.Path))
	}
	for _, line := range strings.Split(strings.TrimRight(d.Diff, "\n"), "\n") {
		look := ""
		switch {
		case strings.HasPrefix(line, "+"):
			look = green
		case strings.HasPrefix(line, "-"):
			look = red
		}
		t.line(look, "%s", clean(line))
	}
	return t.bytes()
}

// Validated is the document ngapi.validate/v1.
type Validated struct {
	Schema string   `json:"schema"`
	Tool   Tool     `json:"tool"`
	Valid  []string `json:"valid"`
}

// ValidatedText says which profiles hold.
func ValidatedText(s Style, d Validated) []byte {
	t := &text{s: s}
	for _, p := range d.Valid {
		t.line("", "%s is valid", clean(p))
	}
	return t.bytes()
}
