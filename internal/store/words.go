package store

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// longest is how much of a text from a file is repeated in a message.
const longest = 60

// word shows a name from a file: as it is where it is plain, quoted otherwise.
func word(s string) string {
	cut := clip(s)
	for _, r := range cut {
		if !strings.ContainsRune("._-", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return strconv.Quote(cut)
		}
	}
	if cut == "" {
		return `""`
	}
	return cut
}

// clean shows a text of the parser or of a file without control characters.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, clip(s))
}

func clip(s string) string {
	runes := []rune(s)
	if len(runes) <= longest {
		return s
	}
	return string(runes[:longest]) + "..."
}

// describe names the form of a node in words.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "a group of keys"
	}
	switch n.Tag {
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	case "!!timestamp":
		return "a date"
	case "!!null":
		return "empty"
	}
	return "text"
}

// quoted tells how to write the scalar as text.
func quoted(n *yaml.Node) string {
	return fmt.Sprintf("quote it: %q", clip(n.Value))
}
