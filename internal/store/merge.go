package store

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// style is how a file is indented.
type style struct {
	indent  int
	compact bool // the dashes of a list stand under its key, not right of it
}

// open prepares a profile for editing. Only its form is checked, so that a
// wrong value can be corrected by an edit.
func open(path string, data []byte) (*Doc, error) {
	p := problems{file: path}
	src, flaw := text(path, data)
	if flaw != nil {
		return nil, exit.Problems(exit.Usage, []exit.Problem{*flaw})
	}
	d := newDoc(path, data, src)
	root := parse([]byte(d.source), &p)
	if len(p.list) == 0 && (root == nil || root.Tag == "!!null") {
		d.source = begin(d.source)
		root = parse([]byte(d.source), &p)
	}
	switch {
	case root == nil:
	case root.Kind != yaml.MappingNode:
		p.at(root, "the file holds "+describe(root)+" instead of keys and values", "begin with the line schema: "+Schema)
	default:
		inspect(root, &p)
		dec := decoder{problems: problems{file: path}, out: &Profile{}}
		if dec.schema(root, true); dec.out.Newer {
			return nil, newerRefusal(path, dec.out.Schema)
		}
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	return d, d.load()
}

// newDoc notes what has to be restored when the document is written.
func newDoc(path string, data, src []byte) *Doc {
	d := &Doc{path: path, mark: bytes.HasPrefix(data, []byte(bom)), source: string(src)}
	if end := strings.IndexByte(d.source, '\n'); end > 0 && d.source[end-1] == '\r' {
		d.crlf = true
	}
	d.source = strings.ReplaceAll(d.source, "\r\n", "\n")
	return d
}

// begin makes a text without content a profile; its comments stay on top.
func begin(src string) string {
	if strings.TrimSpace(src) == "" {
		src = header
	}
	if !strings.HasSuffix(src, "\n") {
		src += "\n"
	}
	return src + "schema: " + Schema + "\n"
}

// load builds the tree that is edited, and its encoding before any edit.
func (d *Doc) load() error {
	d.doc = &yaml.Node{}
	if err := yaml.Unmarshal([]byte(d.source), d.doc); err != nil {
		return fileError(exit.Fault, d.path, "the file cannot be edited: "+clean(err.Error()), "edit it by hand", err)
	}
	d.root, d.catalog = d.doc.Content[0], trait.Standard()
	spellNulls(d.root, false)
	d.style = style{indent: 2}
	d.style.find(d.root)
	var err error
	d.base, err = d.encode()
	return err
}

// spellNulls writes out empty values inside braces and brackets, which the
// encoder would turn into empty texts.
func spellNulls(n *yaml.Node, flow bool) {
	flow = flow || n.Style&yaml.FlowStyle != 0
	if flow && n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		n.Value = "null"
	}
	for _, c := range n.Content {
		spellNulls(c, flow)
	}
}

// find takes the indentation of the first nested block, and how the first list
// below a key is indented.
func (s *style) find(root *yaml.Node) {
	found := false
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		if n.Kind != yaml.MappingNode || n.Style&yaml.FlowStyle != 0 {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if len(value.Content) == 0 || value.Style&yaml.FlowStyle != 0 {
				continue
			}
			if value.Kind == yaml.SequenceNode {
				s.compact = s.compact || value.Column == key.Column
			}
			if by := value.Column - key.Column; by >= 2 && by <= 8 && !found {
				s.indent, found = by, true
			}
			visit(value)
		}
	}
	visit(root)
}

func (d *Doc) encode() (string, error) {
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(d.style.indent)
	if d.style.compact {
		enc.CompactSeqIndent()
	}
	err := enc.Encode(d.doc)
	if err == nil {
		err = enc.Close()
	}
	if err != nil {
		return "", fileError(exit.Fault, d.path, "the file cannot be edited: "+clean(err.Error()), "edit it by hand", err)
	}
	return out.String(), nil
}

// bytes returns the edited file. The encoder of the library loses blank lines
// and alignment, so its output is only used for the lines that the edit has
// changed, as long as that gives the same values; see merge.
func (d *Doc) bytes() ([]byte, error) {
	theirs, err := d.encode()
	if err != nil {
		return nil, err
	}
	result := d.source
	if theirs != d.base {
		result = theirs
		for _, tidy := range []bool{false, true} {
			if merged := merge(d.source, d.base, theirs, tidy); d.means(merged) {
				result = merged
			}
		}
		if !d.means(result) {
			return nil, fileError(exit.Fault, d.path, "this edit would change something else in the file", "edit it by hand", nil)
		}
		result = d.settle(result)
	}
	if d.crlf {
		result = strings.ReplaceAll(result, "\n", "\r\n")
	}
	if d.mark {
		result = bom + result
	}
	return []byte(result), nil
}

// means tells whether text holds exactly the values of the edited tree.
func (d *Doc) means(text string) bool {
	var p problems
	root := parse([]byte(text), &p)
	return len(p.list) == 0 && root != nil && same(root, d.root)
}

// same compares two trees by their values; comments, style and the order of
// keys do not count.
func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || len(a.Content) != len(b.Content) {
		return false
	}
	switch a.Kind {
	case yaml.ScalarNode:
		tag := a.ShortTag()
		return tag == b.ShortTag() && (tag == "!!null" || a.Value == b.Value)
	case yaml.MappingNode:
		for i := 0; i+1 < len(a.Content); i += 2 {
			if other := lookup(b, a.Content[i].Value); other == nil || !same(a.Content[i+1], other) {
				return false
			}
		}
	default:
		for i := range a.Content {
			if !same(a.Content[i], b.Content[i]) {
				return false
			}
		}
	}
	return true
}
