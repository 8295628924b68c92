package report

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/terminal"
)

// Style is how text is laid out for one stream.
type Style struct {
	Color bool
	Width int // columns; 0 means no wrapping, for pipes and files
}

// text builds plain text in which meaning never hangs on colour alone.
type text struct {
	b strings.Builder
	s Style
}

// The few looks that text may have: one of the sixteen terminal colours, bold
// or faint.
const (
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func (t *text) paint(look, s string) string {
	if !t.s.Color || look == "" {
		return s
	}
	return "\x1b[" + look + "m" + s + "\x1b[0m"
}

// line writes one line; it is wrapped with the indent of its first word.
func (t *text) line(look, format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	for _, piece := range t.wrap(s) {
		t.b.WriteString(t.paint(look, piece))
		t.b.WriteByte('\n')
	}
}

// command writes a command to copy: it is never wrapped.
func (t *text) command(indent, run string) {
	t.b.WriteString(t.paint(cyan, indent+clean(run)))
	t.b.WriteByte('\n')
}

func (t *text) wrap(s string) []string {
	if t.s.Width <= 0 {
		return []string{s}
	}
	return terminal.Wrap(s, t.s.Width)
}

func (t *text) blank() { t.b.WriteByte('\n') }

func (t *text) bytes() []byte { return []byte(t.b.String()) }

// clean makes user text safe; it is used at every place where a value of the
// profile or the route list is printed.
func clean(s string) string { return terminal.Clean(s) }

// because prints reasons, one on a line: the trait, its value and its origin.
func (t *text) because(indent, head string, list []rulebook.Reason) {
	for i, r := range list {
		lead := strings.Repeat(" ", len(head))
		if i == 0 {
			lead = head
		}
		t.line("", "%s%s %s  (%s)", indent, lead, clause(r), origin(r))
		for _, d := range r.Detail {
			t.line(faint, "%s%s     %s", indent, strings.Repeat(" ", len(head)), clean(d))
		}
	}
}

// inShort prints the reasons in one run, without the derived steps between an
// answer and the decision; ngapi explain shows those.
func (t *text) inShort(head string, list []rulebook.Reason) {
	var parts []string
	for _, r := range list {
		if len(r.From) == 0 && r.Origin.Source != trait.FromDerived {
			parts = append(parts, clause(r)+" ("+origin(r)+")")
		}
	}
	if len(parts) > 0 {
		t.line("", "%s%s", head, strings.Join(parts, ", "))
	}
}

// clause states a reason: "organization.type is vendor".
func clause(r rulebook.Reason) string {
	switch v := r.Value.(type) {
	case nil:
		return string(r.Trait) + " is not recorded"
	case []string:
		return string(r.Trait) + " is " + clean(strings.Join(v, ", "))
	default:
		return string(r.Trait) + " is " + clean(fmt.Sprint(v))
	}
}

// origin says where a value came from, in words.
func origin(r rulebook.Reason) string {
	switch {
	case r.Value == nil:
		return "nothing in the profile"
	case len(r.From) > 0:
		parts := make([]string, len(r.From))
		for i, id := range r.From {
			parts[i] = string(id)
		}
		return "from " + strings.Join(parts, ", ")
	default:
		return clean(r.Origin.String())
	}
}

// cites lists source facts with their section, which is named once for
// neighbours that share it: "P1 (Fees); L1, L2 (Limitations, Enterprise APIs)".
func cites(list []rulebook.Source) string {
	var b strings.Builder
	for i, s := range list {
		if i > 0 {
			b.WriteString(map[bool]string{true: ", ", false: "; "}[list[i-1].Section == s.Section])
		}
		b.WriteString(s.Fact)
		if i+1 == len(list) || list[i+1].Section != s.Section {
			b.WriteString(" (" + s.Section + ")")
		}
	}
	return b.String()
}

func facts(list []rulebook.Source) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = s.Fact
	}
	return strings.Join(parts, ", ")
}

func idList(list []trait.ID) string {
	parts := make([]string, len(list))
	for i, id := range list {
		parts[i] = string(id)
	}
	return strings.Join(parts, ", ")
}
