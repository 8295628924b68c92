package settings

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
)

// Edit replaces a file under a lock: it reads the file (nil where there is
// none), hands it to change and writes what comes back as a whole. The store
// has one; it is a parameter so that this package writes no file itself.
type Edit func(path string, change func(before []byte) ([]byte, error)) error

// Set gives a key of the settings file a value; "" removes the key. Comments
// and order stay. A file that has problems is not edited. The error is an
// *exit.Error with exit.Usage, or that of edit.
func Set(path, key, value string, edit Edit) error {
	at := slices.Index(names(), key)
	if at < 0 {
		return exit.Problems(exit.Usage, []exit.Problem{{What: "unknown setting " + shown(key), Do: near(key)}})
	}
	k := Keys()[at]
	if value != "" {
		text, do := k.check(value)
		if do != "" {
			return exit.Problems(exit.Usage, []exit.Problem{{What: key + " cannot be " + shown(value), Do: do}})
		}
		value = text
	}
	return edit(path, func(before []byte) ([]byte, error) {
		if err := exit.Problems(exit.Usage, parse(path, before).problems); err != nil {
			return nil, err
		}
		after, err := changed(before, k, value)
		if err != nil {
			return nil, err
		}
		return after, exit.Problems(exit.Usage, parse(path, after).problems)
	})
}

// changed applies the edit to the node tree.
func changed(before []byte, k Key, value string) ([]byte, error) {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value}
	if k.Bool {
		n.Tag = "!!bool"
	}
	root, _, _ := tree(before)
	if root == nil || root.Kind != yaml.MappingNode {
		if value == "" {
			return before, nil
		}
		line, err := yaml.Marshal(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: k.Name}, n}})
		if keep := strings.TrimRight(string(before), "\n"); keep != "" {
			line = append([]byte(keep+"\n"), line...)
		}
		return line, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(before, &doc); err != nil {
		return nil, err
	}
	put(doc.Content[0], k.Name, n, value == "")
	if len(doc.Content[0].Content) == 0 {
		return []byte{}, nil
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, err
	}
	return out.Bytes(), enc.Close()
}

// put changes, adds or removes one key of a mapping.
func put(m *yaml.Node, key string, n *yaml.Node, gone bool) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value != key {
			continue
		}
		if gone {
			m.Content = slices.Delete(m.Content, i, i+2)
			return
		}
		old := m.Content[i+1]
		old.Kind, old.Tag, old.Value, old.Style = n.Kind, n.Tag, n.Value, 0
		return
	}
	if !gone {
		m.Content = append(m.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, n)
	}
}
