package store

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// field is one key of a record: where its text goes and what it must be.
type field struct {
	key  string
	to   *string
	must bool // may not be absent
	day  bool // a date
}

// clients reads beta.clients.
func (d *decoder) clients(n *yaml.Node) {
	var list []trait.Client
	seen := map[string]int{}
	d.each("beta.clients", n, func(m *yaml.Node) {
		c := trait.Client{Origin: d.origin(m), Traits: map[trait.ID]trait.Entry{}}
		name := m
		for key, value := range d.pairs(m, "beta.clients", clientKeys()) {
			if key.Value == "name" {
				name = value
				d.scalar("beta.clients.name", value, field{to: &c.Name})
				continue
			}
			t, ok := d.catalog.Get(trait.ID("client." + key.Value))
			if !ok {
				continue
			}
			if e, ok := d.entry(t, value); ok {
				c.Traits[t.ID] = e
			}
		}
		if name == m || (c.Name == "" && name.Value == "") {
			d.at(m, "a client has no name", "add name: to it")
			return
		}
		if line, twice := seen[c.Name]; twice && c.Name != "" {
			d.at(name, fmt.Sprintf("the client %q is there twice, first in line %d", clip(c.Name), line), "give each client a name of its own")
			return
		}
		seen[c.Name] = name.Line
		list = append(list, c)
	})
	d.out.Set = d.out.Set.WithClients(list)
}

func (d *decoder) waivers(n *yaml.Node) {
	d.each("waivers", n, func(m *yaml.Node) {
		w := readiness.Waiver{Origin: d.origin(m)}
		d.record("waivers", m, waiverFields(&w))
		d.out.Waivers = append(d.out.Waivers, w)
	})
}

func waiverFields(w *readiness.Waiver) []field {
	return []field{
		{key: "id", to: &w.ID}, {key: "check", to: &w.Check, must: true}, {key: "subject", to: &w.Subject},
		{key: "reason", to: &w.Reason, must: true}, {key: "approver", to: &w.Approver, must: true},
		{key: "approved_on", to: &w.ApprovedOn, must: true, day: true}, {key: "expires", to: &w.Expires, must: true, day: true},
		{key: "ticket", to: &w.Ticket},
	}
}

func (d *decoder) attestations(n *yaml.Node) {
	d.each("attestations", n, func(m *yaml.Node) {
		a := readiness.Attestation{Origin: d.origin(m)}
		d.record("attestations", m, attestationFields(&a))
		d.out.Attestations = append(d.out.Attestations, a)
	})
}

func attestationFields(a *readiness.Attestation) []field {
	return []field{
		{key: "check", to: &a.Check, must: true}, {key: "subject", to: &a.Subject}, {key: "statement", to: &a.Statement, must: true},
		{key: "by", to: &a.By, must: true}, {key: "on", to: &a.On, must: true, day: true}, {key: "expires", to: &a.Expires, day: true},
		{key: "routes_sha256", to: &a.Routes},
	}
}

func (d *decoder) evidence(n *yaml.Node) {
	seen := map[string]int{}
	d.each("evidence", n, func(m *yaml.Node) {
		e := readiness.Evidence{Origin: d.origin(m)}
		d.record("evidence", m, evidenceFields(&e))
		if line, twice := seen[e.ID]; twice && e.ID != "" {
			d.at(m, fmt.Sprintf("the evidence %q is there twice, first in line %d", clip(e.ID), line), "give each entry an id of its own")
		}
		seen[e.ID] = m.Line
		d.out.Evidence = append(d.out.Evidence, e)
	})
}

func evidenceFields(e *readiness.Evidence) []field {
	return []field{
		{key: "id", to: &e.ID, must: true}, {key: "file", to: &e.File, must: true}, {key: "sha256", to: &e.SHA256, must: true},
		{key: "collected_on", to: &e.CollectedOn, must: true, day: true}, {key: "by", to: &e.By}, {key: "method", to: &e.Method},
	}
}

// each calls read for every entry of a list of records.
func (d *decoder) each(path string, n *yaml.Node, read func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		d.at(n, path+" is "+describe(n)+", not a list", "begin each entry with a dash")
		return
	}
	for _, m := range n.Content {
		switch {
		case d.bad[m]:
		case m.Kind != yaml.MappingNode:
			d.at(m, "an entry of "+path+" is "+describe(m)+", not a group of keys", "write - key: value")
		default:
			read(m)
		}
	}
}

// record reads the fields of one entry. What a field may say is checked where
// the statement is used; here it is only whether it has the right form.
func (d *decoder) record(path string, m *yaml.Node, fields []field) {
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.key
	}
	there := map[string]bool{}
	for key, value := range d.pairs(m, path, known) {
		there[key.Value] = true
		for _, f := range fields {
			if f.key == key.Value {
				d.scalar(join(path, f.key), value, f)
			}
		}
	}
	var missing []string
	for _, f := range fields {
		if f.must && !there[f.key] && !d.reported(m, f.key) {
			missing = append(missing, f.key)
		}
	}
	if len(missing) > 0 && !d.out.Newer {
		d.at(m, "this entry of "+path+" lacks "+strings.Join(missing, ", "), "add what is missing")
	}
}

// reported tells whether the key is there but was refused for its form.
func (d *decoder) reported(m *yaml.Node, key string) bool {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key && (d.bad[m.Content[i]] || d.bad[m.Content[i+1]]) {
			return true
		}
	}
	return false
}

// scalar reads one text or date of a record.
func (d *decoder) scalar(path string, n *yaml.Node, f field) {
	switch {
	case n.Kind != yaml.ScalarNode:
		d.at(n, path+" is "+describe(n)+", not text", "write one text")
	case f.day:
		if _, err := time.Parse(trait.DateLayout, n.Value); err != nil {
			d.at(n, fmt.Sprintf("%s cannot be %q", path, clip(n.Value)), "write a day as YYYY-MM-DD, for example 2026-11-01")
			return
		}
		*f.to = n.Value
	case n.Tag != "!!str":
		d.at(n, path+" is "+describe(n)+", not text", quoted(n))
	default:
		line := trait.Trait{ID: trait.ID(path), Type: trait.Text}
		v, err := line.Parse(strings.TrimSpace(n.Value))
		if err != nil {
			d.refuse(n, err)
			return
		}
		*f.to = v.String()
	}
}
