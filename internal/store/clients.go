package store

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/suggest"
)

// AddClient adds a Beta client. A name that is there already is an error.
func (d *Doc) AddClient(name string) error {
	name = strings.TrimSpace(name)
	if err := clientName(name); err != nil {
		return err
	}
	if d.client(name) != nil {
		return problem(fmt.Sprintf("the client %q is there already", clip(name)), "change it with ngapi profile client set")
	}
	beta := child(d.root, "beta", sectionNames(), yaml.MappingNode)
	list := child(beta, "clients", keysOf("beta"), yaml.SequenceNode)
	entry := &yaml.Node{Kind: yaml.MappingNode, Style: entryStyle(list, yaml.FlowStyle)}
	entry.Content = []*yaml.Node{keyNode("name"), scalarNode(trait.Trait{Type: trait.Text}, name)}
	appendTo(list, entry)
	return nil
}

// SetClient gives a trait of a Beta client a value; id is client.contact or the
// like, with or without "client.". An empty text removes it.
func (d *Doc) SetClient(name string, id trait.ID, text string) error {
	key := strings.TrimPrefix(string(id), "client.")
	t, ok := d.catalog.Get(trait.ID("client." + key))
	if !ok {
		known := clientKeys()[1:]
		do := "known are " + strings.Join(known, ", ")
		if near := suggest.Nearest(clip(key), known); near != "" {
			do = "did you mean " + near + "?"
		}
		return problem("unknown trait of a client: "+word(key), do)
	}
	entry := d.client(name)
	if entry == nil {
		return d.noClient(name)
	}
	if text == "" {
		remove(entry, key)
		return nil
	}
	v, err := parseValue(t, text)
	if err != nil {
		return err
	}
	setNode(entry, key, clientKeys(), t, v)
	return nil
}

// RemoveClient takes a Beta client out, with all that is known of it.
func (d *Doc) RemoveClient(name string) error {
	entry := d.client(name)
	if entry == nil {
		return d.noClient(name)
	}
	beta := lookup(d.root, "beta")
	list := lookup(beta, "clients")
	for i, c := range list.Content {
		if c == entry {
			list.Content = append(list.Content[:i], list.Content[i+1:]...)
			break
		}
	}
	if len(list.Content) == 0 {
		remove(beta, "clients")
	}
	if len(beta.Content) == 0 {
		remove(d.root, "beta")
	}
	return nil
}

// putClient adds the client if needed and sets its traits.
func (d *Doc) putClient(c trait.Client) error {
	if d.client(c.Name) == nil {
		if err := d.AddClient(c.Name); err != nil {
			return err
		}
	}
	for _, t := range d.catalog.All() {
		if e, ok := c.Traits[t.ID]; ok && t.PerClient() {
			if err := d.SetClient(c.Name, t.ID, e.Value.String()); err != nil {
				return err
			}
		}
	}
	return nil
}

// clientName tells why a name cannot be that of a client.
func clientName(name string) error {
	if _, err := parseValue(trait.Trait{ID: "beta.clients.name", Type: trait.Text}, name); err != nil {
		return err
	}
	if strings.ContainsAny(name, "\n\t") {
		return problem("the name of a client has more than one line", "write it in one line")
	}
	return nil
}

// client returns the entry of a client, or nil.
func (d *Doc) client(name string) *yaml.Node {
	list := lookup(lookup(d.root, "beta"), "clients")
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil
	}
	for _, c := range list.Content {
		if n := lookup(c, "name"); n != nil && strings.TrimSpace(n.Value) == strings.TrimSpace(name) {
			return c
		}
	}
	return nil
}

func (d *Doc) noClient(name string) error {
	var names []string
	if list := lookup(lookup(d.root, "beta"), "clients"); list != nil {
		for _, c := range list.Content {
			if n := lookup(c, "name"); n != nil {
				names = append(names, n.Value)
			}
		}
	}
	do := "add it with ngapi profile client add"
	if near := suggest.Nearest(clip(name), names); near != "" {
		do = fmt.Sprintf("did you mean %q?", clip(near))
	}
	return problem(fmt.Sprintf("there is no client %q", clip(name)), do)
}
