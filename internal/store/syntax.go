package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
)

// maxDepth is how deep a file may nest. The profile itself needs four levels.
const maxDepth = 12

// lookahead is how many characters beyond the current one the scanner of the
// library holds before it decides what the current one begins.
const lookahead = 3

// listed is how many problems are told one by one.
const listed = 100

// problems collects what is wrong with one file.
type problems struct {
	file     string
	list     []exit.Problem
	unlisted int
}

func (p *problems) add(line, column int, what, do string) {
	if len(p.list) >= listed {
		p.unlisted++
		return
	}
	p.list = append(p.list, exit.Problem{File: shown(p.file), Line: line, Column: column, What: what, Do: do})
}

func (p *problems) at(n *yaml.Node, what, do string) { p.add(n.Line, n.Column, what, do) }

// err returns the failure, or nil when nothing is wrong.
func (p *problems) err() error {
	list := p.list
	if p.unlisted > 0 {
		list = append(list, exit.Problem{File: shown(p.file), What: fmt.Sprintf("and %d more", p.unlisted)})
	}
	return exit.Problems(exit.Usage, list)
}

// parse turns text into a node tree: the root of the one document, or nil where
// there is no content. Aliases stay what they are; nothing is expanded.
func parse(src []byte, p *problems) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		syntaxProblem(src, err, p)
		return nil
	}
	var second yaml.Node
	switch err := dec.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		syntaxProblem(src, err, p)
	default:
		p.at(&second, "a second YAML document begins here", "keep one document in the file and remove the line ---")
	}
	return doc.Content[0]
}

// unknownAnchor is the one message of the parser that has no place at all.
var unknownAnchor = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^unknown anchor '(.*)' referenced$`) })

// place matches the line number that the parser puts before a message.
var place = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^line \d+: `) })

// syntaxProblem says where the parser stopped. The line in its own message is
// that of an enclosing construct, or one off, so the place is found by feeding
// the text again byte by byte: the parser fails lookahead characters before the
// last one that it read, or at the end.
func syntaxProblem(src []byte, err error, p *problems) {
	what := place().ReplaceAllString(strings.TrimPrefix(err.Error(), "yaml: "), "")
	if m := unknownAnchor().FindStringSubmatch(what); m != nil {
		line, column := position(src, max(0, bytes.Index(src, []byte("*"+m[1]))))
		p.add(line, column, "YAML aliases are not supported", "write the value itself")
		return
	}
	slow := &byByte{data: src}
	dec := yaml.NewDecoder(slow)
	for {
		var n yaml.Node
		if dec.Decode(&n) != nil {
			break
		}
	}
	seen := src[:slow.read]
	if slow.ended {
		seen = bytes.TrimRight(seen, " \t\r\n")
	} else {
		for range lookahead {
			_, size := utf8.DecodeLastRune(seen)
			seen = seen[:len(seen)-size]
		}
	}
	_, size := utf8.DecodeLastRune(seen)
	line, column := position(src, len(seen)-size)
	p.add(line, column, fmt.Sprintf("this is not valid YAML: %s", clean(what)), syntaxRemedy(what))
}

func syntaxRemedy(what string) string {
	switch {
	case strings.Contains(what, "cannot start any token"):
		return "indent with spaces, not tabs, and put a text that begins with a special character in quotation marks"
	case strings.Contains(what, "mapping values are not allowed"):
		return "put a text that holds a colon in quotation marks"
	}
	return "check indentation, brackets and quotation marks here and in the line above"
}

// byByte hands out one byte at a time and counts them.
type byByte struct {
	data  []byte
	read  int
	ended bool // the end was met
}

func (b *byByte) Read(p []byte) (int, error) {
	if b.read >= len(b.data) {
		b.ended = true
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	p[0] = b.data[b.read]
	b.read++
	return 1, nil
}

// inspect reports what may stand nowhere in a file: anchors, aliases, merge
// keys, explicit tags, keys that are no text or are there twice, and too deep
// nesting. It returns the nodes that the decoder must not look into.
func inspect(root *yaml.Node, p *problems) map[*yaml.Node]bool {
	bad := map[*yaml.Node]bool{}
	var visit func(n *yaml.Node, path string, depth int)
	visit = func(n *yaml.Node, path string, depth int) {
		if what, do := refused(n, depth); what != "" {
			p.at(n, what, do)
			bad[n] = true
			return
		}
		if n.Kind == yaml.SequenceNode {
			for _, c := range n.Content {
				visit(c, path, depth+1)
			}
		}
		if n.Kind != yaml.MappingNode {
			return
		}
		first := map[string]*yaml.Node{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if what, do := refusedKey(key); what != "" {
				p.at(key, what, do)
				bad[key] = true
				continue
			}
			full := join(path, key.Value)
			if earlier, twice := first[key.Value]; twice {
				p.at(key, fmt.Sprintf("%s is there twice, first in line %d", word(full), earlier.Line), "keep one of them")
				bad[key] = true
			} else {
				first[key.Value] = key
			}
			visit(value, full, depth+1)
		}
	}
	visit(root, "", 1)
	return bad
}

// refused says what is wrong with the form of a node, whatever it stands for.
func refused(n *yaml.Node, depth int) (what, do string) {
	switch {
	case n.Kind == yaml.AliasNode:
		return "YAML aliases are not supported", "write the value itself"
	case n.Anchor != "":
		return "YAML anchors are not supported", "remove &" + clean(n.Anchor)
	case n.Style&yaml.TaggedStyle != 0:
		return "YAML tags are not supported", "remove " + clean(n.Tag)
	case depth > maxDepth:
		return fmt.Sprintf("this is nested more than %d levels deep", maxDepth), "write it as the profile has it; see ngapi rulebook questions"
	}
	return "", ""
}

func refusedKey(key *yaml.Node) (what, do string) {
	if what, do := refused(key, 0); what != "" {
		return what, do
	}
	switch {
	case key.Tag == "!!merge":
		return "YAML merge keys are not supported", "write the keys themselves"
	case key.Kind != yaml.ScalarNode:
		return "a key must be a word", "write key: value"
	}
	return "", ""
}

// join appends a key to a dotted path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
