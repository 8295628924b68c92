package store

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/suggest"
)

// decoder turns a node tree into a Profile. What is unknown is a problem, or in
// a file of a newer schema a notice.
type decoder struct {
	problems
	bad     map[*yaml.Node]bool // reported already
	lenient problems            // where a newer schema may know more
	catalog *trait.Catalogue
	out     *Profile
}

// decode reads a profile or, where whole is false, a part of one.
func decode(name string, data []byte, whole bool) (*Profile, error) {
	src, flaw := text(name, data)
	if flaw != nil {
		return nil, exit.Problems(exit.Usage, []exit.Problem{*flaw})
	}
	if !whole {
		src = plainJSON(src)
	}
	d := &decoder{problems: problems{file: name}, lenient: problems{file: name}, catalog: trait.Standard()}
	d.out = &Profile{Path: name, SHA256: digest(data)}
	root := parse(src, &d.problems)
	switch {
	case len(d.list) > 0 && root == nil:
	case root == nil || root.Tag == "!!null" && root.Kind == yaml.ScalarNode:
		if whole {
			d.add(1, 1, "the profile is empty", "run ngapi profile init to fill it")
		}
	case root.Kind != yaml.MappingNode:
		d.at(root, "the file holds "+describe(root)+" instead of keys and values", "begin with the line schema: "+Schema)
	default:
		d.bad = inspect(root, &d.problems)
		d.document(root, whole)
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	if err := exit.Problems(exit.Usage, d.catalog.Contradictions(d.out.Set)); err != nil {
		return nil, err
	}
	return d.out, nil
}

func (d *decoder) document(root *yaml.Node, whole bool) {
	if d.bad[root] {
		return
	}
	d.schema(root, whole)
	for key, value := range d.pairs(root, "", sectionNames()) {
		switch key.Value {
		case "schema":
		case "waivers":
			d.waivers(value)
		case "attestations":
			d.attestations(value)
		case "evidence":
			d.evidence(value)
		default:
			d.section(key.Value, value)
		}
	}
	if d.out.Newer {
		d.out.Notices = append(d.out.Notices, d.lenient.list...)
	}
}

// version takes the number off a schema name.
var version = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^ngapi\.profile/v([0-9]{1,6})(\.[0-9]{1,6})*$`) })

// schema decides whether the file is one of this program's, or a later one.
func (d *decoder) schema(root *yaml.Node, whole bool) {
	remedy := "write schema: " + Schema
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if key.Value != "schema" || d.bad[key] || d.bad[value] {
			continue
		}
		m := version().FindStringSubmatch(value.Value)
		switch {
		case value.Kind != yaml.ScalarNode || value.Tag != "!!str":
			d.at(value, "schema is "+describe(value), remedy)
		case value.Value == Schema:
		case len(m) > 1 && later(m[1]):
			d.out.Newer = true
			d.out.Notices = []exit.Problem{{File: shown(d.file), Line: value.Line, Column: value.Column,
				What: "the schema " + value.Value + " is newer than " + Schema + ", so this file is read-only here", Do: "update ngapi to edit it"}}
		default:
			d.at(value, "unknown schema "+strconv.Quote(clip(value.Value)), remedy)
		}
		d.out.Schema = value.Value
		return
	}
	if whole {
		d.add(root.Line, root.Column, "the schema is missing", "add the line schema: "+Schema)
	}
}

// later tells whether a schema number, or a minor one of the same number, is
// after that of Schema. The exact Schema has been ruled out before.
func later(number string) bool {
	n, err := strconv.Atoi(number)
	return err == nil && n >= 1
}

// pairs yields the keys of a mapping that are known, and reports the others.
// Null values are absent.
func (d *decoder) pairs(n *yaml.Node, path string, known []string) func(yield func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if d.bad[key] || d.bad[value] {
				continue
			}
			if !contains(known, key.Value) {
				d.unknown(key, path, known)
				continue
			}
			if value.Kind == yaml.ScalarNode && value.Tag == "!!null" {
				continue
			}
			if !yield(key, value) {
				return
			}
		}
	}
}

func (d *decoder) unknown(key *yaml.Node, path string, known []string) {
	to := &d.problems
	if d.out.Newer {
		to = &d.lenient
	}
	if len(to.list) >= listed {
		to.unlisted++ // no need to look for a near key that nobody will read
		return
	}
	to.at(key, "unknown key "+word(join(path, key.Value)), d.nearKey(key.Value, path, known))
}

// nearKey says what to write instead of an unknown key: a dotted path as
// levels, a near key here, the same key elsewhere, or what is known here.
func (d *decoder) nearKey(key, path string, known []string) string {
	if section, rest, dotted := strings.Cut(key, "."); dotted && path == "" && contains(keysOf(section), rest) {
		return "write it in two levels: " + section + ": {" + rest + ": ...}"
	}
	if near := suggest.Nearest(clip(key), known); near != "" {
		return "did you mean " + join(path, near) + "?"
	}
	for _, id := range d.catalog.Storable() {
		if strings.HasSuffix(string(id), "."+key) {
			return "did you mean " + string(id) + "?"
		}
	}
	return "known here: " + strings.Join(known, ", ")
}

func (d *decoder) section(name string, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		d.at(n, name+" is "+describe(n)+", not a group of keys", "put these keys below it: "+strings.Join(keysOf(name), ", "))
		return
	}
	for key, value := range d.pairs(n, name, keysOf(name)) {
		id := trait.ID(join(name, key.Value))
		t, ok := d.catalog.Get(id)
		switch {
		case !ok:
		case t.Type == trait.Records:
			d.clients(value)
		default:
			if e, ok := d.entry(t, value); ok {
				d.out.Set = d.out.Set.With(id, e)
			}
		}
	}
}

// entry reads the value of a trait with its place.
func (d *decoder) entry(t trait.Trait, n *yaml.Node) (trait.Entry, bool) {
	v, known, err := scalarValue(t, n)
	if err != nil {
		d.refuse(n, err)
		return trait.Entry{}, false
	}
	return trait.Entry{Value: v, Origin: d.origin(n)}, known
}

// refuse reports a value that is none of the trait's. A newer schema may have
// more values, so there it is a notice.
func (d *decoder) refuse(n *yaml.Node, err error) {
	to := &d.problems
	if d.out.Newer {
		to = &d.lenient
	}
	var parse *trait.ParseError
	var at *misplaced
	switch {
	case errors.As(err, &at):
		to.at(at.node, at.What, at.Do)
	case errors.As(err, &parse):
		to.at(n, parse.What, parse.Do)
	default:
		to.at(n, fmt.Sprintf("%q", err), "correct it")
	}
}

func (d *decoder) origin(n *yaml.Node) trait.Origin {
	return trait.Origin{Source: trait.FromFile, File: d.file, Line: n.Line, Column: n.Column}
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}
