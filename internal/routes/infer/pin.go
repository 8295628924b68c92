package infer

import (
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// A pin says that parameters stand at certain places of every path that begins
// so.
type pin struct{ parts []part }

func parsePins(templates []string) ([]pin, error) {
	var pins []pin
	var problems []exit.Problem
	for _, t := range templates {
		parts, ok := cutPath(nil, t, true)
		good := ok && strings.HasPrefix(t, "/") && hasParam(parts)
		for _, p := range parts {
			good = good && p.kind != isTyped && (p.kind != isParam || p.text != "")
		}
		if !good {
			problems = append(problems, exit.Problem{What: "a template of the review is no path with a parameter such as /widgets/{widgetId}", Do: "correct it in the review file"})
			continue
		}
		pins = append(pins, pin{parts})
	}
	return pins, exit.Problems(exit.Usage, problems)
}

// apply puts the parameters of pins into parts. Longer pins come later and see
// what the shorter ones did.
func apply(pins []pin, parts []part) []part {
	copied := false
	for length := 1; length <= len(parts); length++ {
		for _, pin := range pins {
			if len(pin.parts) != length || !pin.fits(parts) {
				continue
			}
			if !copied {
				parts, copied = append([]part(nil), parts...), true
			}
			for i, p := range pin.parts {
				if p.kind == isParam && parts[i].rule != rulePinned {
					parts[i] = part{kind: isParam, text: p.text, suffix: parts[i].suffix, rule: rulePinned}
				}
			}
		}
	}
	return parts
}

func (pin pin) fits(parts []part) bool {
	for i, p := range pin.parts {
		switch {
		case p.kind == isWord && (parts[i].kind != isWord || !strings.EqualFold(p.text, parts[i].text)),
			p.kind == isParam && parts[i].kind == isWord && reserved(parts[i].text):
			return false
		}
	}
	return true
}

// ignoreSet holds the shapes of the routes of which the user has said that
// they are none of the application's.
func (a *Approvals) ignoreSet() map[string]bool {
	set := make(map[string]bool, len(a.Ignore))
	for _, one := range a.Ignore {
		if method, path, ok := strings.Cut(one, " "); ok {
			set[strings.ToUpper(method)+" "+unmasked(path)] = true
		}
	}
	return set
}

// ignored tells whether a route is in the set. Masks are compared by their
// place alone.
func (in *inference) ignored(method, path string) bool {
	return len(in.ignore) > 0 && in.ignore[method+" "+unmasked(path)]
}

// unmasked is the shape of a path, in which a mask is any mask.
func unmasked(path string) string {
	if !strings.Contains(path, "{?") {
		return route.Shape(path)
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(path, "{?")
		b.WriteString(before)
		if !ok {
			return route.Shape(b.String())
		}
		_, path, _ = strings.Cut(after, "}")
		b.WriteString("(?)")
	}
}
