package store

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// settle moves the lines of newly set traits to where the template has their
// commented-out line, so that an answer stands below its question. Lines that a
// person has changed are no lines of the template and stay where they are.
func (d *Doc) settle(text string) string {
	for _, id := range d.added {
		t, ok := d.catalog.Get(id)
		if !ok {
			continue
		}
		name, key, _ := strings.Cut(string(id), ".")
		if moved := moveLine(text, name, key, t); moved != text && d.means(moved) {
			text = moved
		}
	}
	return text
}

// moveLine replaces the template's line of a key by the live line of that key
// in the same section, if both are single lines.
func moveLine(text, section, key string, t trait.Trait) string {
	list := lines(text)
	start := slices.Index(list, section+":")
	if start < 0 {
		return text
	}
	end := start + 1
	for end < len(list) && (list[end] == "" || list[end][0] == ' ' || list[end][0] == '#') {
		end++
	}
	comment := start + 1 + slices.Index(list[start+1:end], "  # "+key+": "+sample(t))
	live := start + 1 + slices.IndexFunc(list[start+1:end], func(l string) bool {
		return strings.HasPrefix(strings.TrimLeft(l, " "), key+": ")
	})
	if comment == start || live == start {
		return text
	}
	list[comment] = list[live]
	list = slices.Delete(list, live, live+1)
	return strings.Join(list, "\n") + "\n"
}
