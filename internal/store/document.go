package store

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/suggest"
)

// Doc is a profile that is being edited. It is valid only inside the function
// that Edit calls.
type Doc struct {
	path    string
	crlf    bool
	mark    bool       // begins with a byte order mark
	source  string     // with LF, without mark
	base    string     // the unchanged tree, encoded
	root    *yaml.Node // the mapping
	doc     *yaml.Node
	style   style
	catalog *trait.Catalogue
	added   []trait.ID // set by this edit, absent before
}

// Set gives a trait a value, written as on the command line (sets by commas).
// The error is an *exit.Error with exit.Usage that names the choices.
func (d *Doc) Set(id trait.ID, text string) error {
	t, err := d.storable(id)
	if err != nil {
		return err
	}
	v, err := parseValue(t, text)
	if err != nil {
		return err
	}
	name, key, _ := strings.Cut(string(id), ".")
	section := child(d.root, name, sectionNames(), yaml.MappingNode)
	if lookup(section, key) == nil {
		d.added = append(d.added, id)
	}
	setNode(section, key, keysOf(name), t, v)
	return nil
}

// Unset removes a trait and tells whether it was there. A section that has
// become empty goes with it.
func (d *Doc) Unset(id trait.ID) (bool, error) {
	if _, ok := d.catalog.Get(id); !ok {
		return false, d.noSuch(id)
	}
	name, key, _ := strings.Cut(string(id), ".")
	s := lookup(d.root, name)
	if s == nil || s.Kind != yaml.MappingNode || !remove(s, key) {
		return false, nil
	}
	if len(s.Content) == 0 {
		remove(d.root, name)
	}
	return true, nil
}

// Apply sets every stored trait and every Beta client of a set. What the set
// does not hold stays.
func (d *Doc) Apply(set trait.Set) error {
	for _, id := range d.catalog.Storable() {
		e, ok := set.Get(id)
		if !ok || e.Value.Type() == trait.Records {
			continue
		}
		if err := d.Set(id, e.Value.String()); err != nil {
			return err
		}
	}
	for _, c := range set.Clients() {
		if err := d.putClient(c); err != nil {
			return err
		}
	}
	return nil
}

// AddWaiver appends a waiver. Whether it may be granted is decided elsewhere.
func (d *Doc) AddWaiver(w readiness.Waiver) error {
	return d.addRecord("waivers", waiverFields(&w))
}

// AddAttestation appends an attestation.
func (d *Doc) AddAttestation(a readiness.Attestation) error {
	return d.addRecord("attestations", attestationFields(&a))
}

// AddEvidence appends a piece of evidence.
func (d *Doc) AddEvidence(e readiness.Evidence) error {
	return d.addRecord("evidence", evidenceFields(&e))
}

// PutEvidence puts a piece of evidence in the place of the one with the same id,
// or appends it where there is none.
func (d *Doc) PutEvidence(e readiness.Evidence) error {
	list := lookup(d.root, "evidence")
	if list == nil || list.Kind != yaml.SequenceNode {
		return d.AddEvidence(e)
	}
	for _, m := range list.Content {
		if id := lookup(m, "id"); id != nil && strings.TrimSpace(id.Value) == e.ID {
			return setRecord(m, "evidence", evidenceFields(&e))
		}
	}
	return d.AddEvidence(e)
}

func (d *Doc) addRecord(name string, fields []field) error {
	list := child(d.root, name, sectionNames(), yaml.SequenceNode)
	m := &yaml.Node{Kind: yaml.MappingNode, Style: entryStyle(list, 0)}
	if err := setRecord(m, name, fields); err != nil {
		return err
	}
	appendTo(list, m)
	return nil
}

// setRecord makes an entry say what the fields say, and nothing else.
func setRecord(m *yaml.Node, name string, fields []field) error {
	order := make([]string, len(fields))
	for i, f := range fields {
		order[i] = f.key
	}
	style := m.Style
	for _, f := range fields {
		if *f.to == "" {
			remove(m, f.key)
			continue
		}
		t := trait.Trait{ID: trait.ID(join(name, f.key)), Type: trait.Text}
		if f.day {
			t.Type = trait.Date
		}
		v, err := parseValue(t, *f.to)
		if err != nil {
			return err
		}
		setNode(m, f.key, order, t, v)
	}
	m.Style = style // an entry that is still empty would lose its own
	return nil
}

// storable returns the trait, or why it cannot be stored.
func (d *Doc) storable(id trait.ID) (trait.Trait, error) {
	t, ok := d.catalog.Get(id)
	switch {
	case !ok:
		return t, d.noSuch(id)
	case t.PerClient():
		return t, problem(string(id)+" belongs to one client", "use ngapi profile client set NAME "+strings.TrimPrefix(string(id), "client.")+"=VALUE")
	case !t.Stored():
		return t, problem(string(id)+" is found out by ngapi and cannot be set", "set the traits that it follows from; ngapi explain shows them")
	}
	return t, nil
}

func (d *Doc) noSuch(id trait.ID) error {
	var ids []string
	for _, known := range d.catalog.Storable() {
		ids = append(ids, string(known))
	}
	do := "ngapi rulebook questions lists them all"
	if near := suggest.Nearest(clip(string(id)), ids); near != "" {
		do = "did you mean " + near + "?"
	}
	return problem("unknown trait "+word(string(id)), do)
}

// parseValue is trait.Parse with an error that the command line can end with.
func parseValue(t trait.Trait, text string) (trait.Value, error) {
	if (t.Type == trait.Text || t.Type == trait.Path) && strings.TrimSpace(text) == "" {
		return trait.Value{}, problem(string(t.ID)+" is empty", "give it a text, or take it out with ngapi profile unset "+string(t.ID))
	}
	v, err := t.Parse(text)
	if err == nil {
		return v, nil
	}
	if parse, ok := err.(*trait.ParseError); ok { //nolint:errorlint // Parse documents this very type
		return v, problem(parse.What, parse.Do)
	}
	return v, problem(fmt.Sprintf("%q", err), "correct it")
}

func problem(what, do string) error {
	return exit.Problems(exit.Usage, []exit.Problem{{What: what, Do: do}})
}
