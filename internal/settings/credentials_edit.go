package settings

import (
	"bytes"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
)

// credentialsHead is how a new file begins.
const credentialsHead = `# Named credentials of ngapi. Secrets are not kept here: they are in the keyring,
# or in secrets.json where that was asked for.
schema: ` + CredentialsSchema + "\n"

// PutCredential adds a credential, or replaces the one of the same name: a field
// that is "" is taken out. Comments and the order of the others stay. A file that
// has problems is not edited. The error is an *exit.Error with exit.Usage, or
// that of edit.
func PutCredential(path string, c Credential, edit Edit) error {
	if err := checkCredential(c); err != nil {
		return err
	}
	return edit(path, func(before []byte) ([]byte, error) {
		return editCredentials(path, before, func(list *yaml.Node) { putCredential(list, c) })
	})
}

// DropCredential takes a credential out, and tells whether it was there. It has
// no say over the secret.
func DropCredential(path, name string, edit Edit) (bool, error) {
	found := false
	all, err := LoadCredentials(path)
	if err != nil || !slices.ContainsFunc(all, func(c Credential) bool { return c.Name == name }) {
		return false, err
	}
	err = edit(path, func(before []byte) ([]byte, error) {
		return editCredentials(path, before, func(list *yaml.Node) {
			if at := keyIndex(list, name); at >= 0 {
				list.Content = slices.Delete(list.Content, at, at+2)
				found = true
			}
		})
	})
	return found && err == nil, err
}

// checkCredential holds a credential against the rules of the file.
func checkCredential(c Credential) error {
	var problems []exit.Problem
	if do := namely(c.Name); do != "" {
		problems = append(problems, exit.Problem{What: "a credential cannot be named " + shown(c.Name), Do: do})
	}
	for _, f := range credentialFields() {
		text := *f.of(&c)
		if text == "" && f.name != "flow" {
			continue
		}
		if what, do := f.refuseText(text); what != "" {
			problems = append(problems, exit.Problem{What: what, Do: do})
		}
	}
	return exit.Problems(exit.Usage, problems)
}

// editCredentials changes the list of credentials in the node tree.
func editCredentials(path string, before []byte, change func(list *yaml.Node)) ([]byte, error) {
	if _, problems := parseCredentials(path, before); len(problems) > 0 {
		return nil, exit.Problems(exit.Usage, problems)
	}
	switch root, _, _ := credentialTree(before); {
	case root == nil && bytes.HasPrefix(before, []byte("#")): // a file of comments keeps them
		before = slices.Concat(bytes.TrimRight(before, "\n"), []byte("\nschema: "+CredentialsSchema+"\n"))
	case root == nil || root.Kind != yaml.MappingNode:
		before = []byte(credentialsHead)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(before, &doc); err != nil {
		return nil, exit.Problems(exit.Usage, []exit.Problem{{File: path, What: "this is not valid YAML", Do: "correct it"}})
	}
	spellNulls(&doc)
	change(credentialList(doc.Content[0]))
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, err
	}
	if err := enc.Close(); err != nil {
		return nil, err
	}
	_, problems := parseCredentials(path, out.Bytes())
	return out.Bytes(), exit.Problems(exit.Usage, problems)
}

// spellNulls writes out the null of {scope}: the encoder would make an empty text
// of it.
func spellNulls(n *yaml.Node) {
	for _, child := range n.Content {
		if n.Style&yaml.FlowStyle != 0 && child.Tag == "!!null" && child.Value == "" {
			child.Value = "null"
		}
		spellNulls(child)
	}
}

// credentialList returns the value of credentials, made where it is absent.
func credentialList(root *yaml.Node) *yaml.Node {
	at := keyIndex(root, "credentials")
	if at < 0 {
		root.Content = append(root.Content, textNode("credentials", false), &yaml.Node{Kind: yaml.MappingNode})
		at = len(root.Content) - 2
	}
	list := root.Content[at+1]
	if list.Kind != yaml.MappingNode {
		list.Kind, list.Tag, list.Value, list.Style, list.Content = yaml.MappingNode, "", "", 0, nil
	}
	if len(list.Content) == 0 {
		list.Style = 0 // {} becomes a block
	}
	return list
}

func putCredential(list *yaml.Node, c Credential) {
	at := keyIndex(list, c.Name)
	if at < 0 {
		list.Content = append(list.Content, textNode(c.Name, false), &yaml.Node{Kind: yaml.MappingNode})
		at = len(list.Content) - 2
	}
	entry := list.Content[at+1]
	next := 0 // where a key goes that is not there yet: behind the one before it in the order
	for _, f := range credentialFields() {
		text := *f.of(&c)
		key := keyIndex(entry, f.name)
		switch {
		case text == "" && key >= 0:
			entry.Content = slices.Delete(entry.Content, key, key+2)
			if next > key {
				next -= 2
			}
		case text == "":
		case key >= 0:
			next = key + 2
			old, fresh := entry.Content[key+1], textNode(text, f.quoted)
			if old.Value != text || old.Tag != fresh.Tag {
				old.Kind, old.Tag, old.Value, old.Style, old.Content = fresh.Kind, fresh.Tag, fresh.Value, fresh.Style, nil
			}
		default:
			entry.Content = slices.Insert(entry.Content, next, textNode(f.name, false), textNode(text, f.quoted))
			next += 2
		}
	}
}

func keyIndex(m *yaml.Node, key string) int {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return i
		}
	}
	return -1
}

func textNode(text string, quoted bool) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	if quoted {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}
