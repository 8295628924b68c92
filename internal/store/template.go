package store

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// width is where comments of the template are wrapped.
const width = 78

// Template returns a profile with every question, its type and its choices as
// comments, in canonical order, made from the catalogue. Only the schema and
// the empty sections are live, so that taking the # off one line is enough to
// answer it; as it stands it is valid and says nothing.
func Template() []byte {
	var out strings.Builder
	out.WriteString(header)
	out.WriteString("# Take the # off a line and give it a value. What stays commented out is\n# unknown, or not yet done; ngapi plan says what is needed.\n")
	fmt.Fprintf(&out, "schema: %s\n", Schema)
	for _, s := range canonical() {
		if s.keys == nil {
			continue
		}
		fmt.Fprintf(&out, "\n%s:\n", s.name)
		for i, key := range s.keys {
			if i > 0 {
				out.WriteString("\n")
			}
			if t, ok := trait.Standard().Get(trait.ID(s.name + "." + key)); ok {
				question(&out, t, key)
			}
		}
	}
	out.WriteString("\nwaivers: []       # written by ngapi waive\nattestations: []  # written by ngapi attest\nevidence: []      # files that back an answer\n")
	return []byte(out.String())
}

// question writes one trait: question, help, choices, and the line to use.
func question(out *strings.Builder, t trait.Trait, key string) {
	comment := func(text, indent string) {
		for _, l := range wrap(text, width-len(indent)-4) {
			out.WriteString("  # " + indent + l + "\n")
		}
	}
	comment(t.Question, "")
	if t.Help != "" {
		comment(t.Help, "")
	}
	for _, c := range t.Choices {
		label := c.Label
		if c.Help != "" {
			label += ": " + c.Help
		}
		comment(c.Value+" = "+label, "  ")
	}
	if t.Type == trait.Records {
		out.WriteString("  # " + key + ":\n  #   - {name: Client A, contact: it@client-a.example}\n")
		out.WriteString("  #     also: " + strings.Join(clientKeys()[2:], ", ") + "\n")
		return
	}
	fmt.Fprintf(out, "  # %s: %s\n", key, sample(t))
}

// sample shows what a value looks like.
func sample(t trait.Trait) string {
	switch t.Type {
	case trait.Many:
		return "[" + strings.Join(t.Values(), ", ") + "]"
	case trait.One:
		return t.Choices[0].Value
	case trait.Bool:
		return "true"
	case trait.Version:
		return `"5.9.2"`
	case trait.Date:
		return "2026-11-01"
	case trait.Path:
		return "routes.csv"
	default:
		return `"..."`
	}
}

// wrap breaks text into lines of at most n characters, at blanks.
func wrap(text string, n int) []string {
	var out []string
	line := ""
	for _, w := range strings.Fields(text) {
		if line != "" && len(line)+1+len(w) > n {
			out = append(out, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	return append(out, line)
}
