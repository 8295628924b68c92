package ask

import (
	"errors"
	"slices"
	"strconv"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/x/ansi"

	"github.com/apionboard/ngapi/internal/terminal"
)

// entry is what has been typed or marked on a page so far. It outlives the form,
// which is built anew whenever the width changes.
type entry struct {
	text string
	one  int   // the row under the cursor of a single choice
	many []int // the marked rows
}

func newEntry(q Question, rows []row) *entry {
	e := &entry{many: defaultRows(q, rows)}
	if q.Kind == Text && len(q.Default) > 0 {
		e.text = terminal.Clean(q.Default[0])
	}
	if len(e.many) > 0 {
		e.one = e.many[0]
	}
	return e
}

// sheet is one question with its form. The form has exactly one group with one
// field, without title, description, help or filter: the host draws everything
// around the field, and thereby stays clear of the layout faults of huh v1.
type sheet struct {
	q       Question
	rows    []row
	entry   *entry
	form    *huh.Form
	hovered func() (int, bool)
	lines   int // lines that the field draws when nothing is cut
	// labelWidth is the room for a label, beside cursor and mark.
	labelWidth int
}

func newSheet(q Question, e *entry, l look, width int) *sheet {
	s := &sheet{q: q, rows: rowsOf(q), entry: e, lines: 1}
	var field huh.Field
	switch q.Kind {
	case Multi:
		field, s.lines = s.multi(l, width), len(s.rows)
	case Select, Confirm:
		field, s.lines = s.single(l, width), len(s.rows)
	case Text:
		field = huh.NewInput().Prompt("> ").Value(&e.text)
		s.hovered = func() (int, bool) { return 0, false }
	}
	s.form = huh.NewForm(huh.NewGroup(field)).
		WithTheme(l.theme).
		WithKeyMap(keys()).
		WithShowHelp(false).
		WithShowErrors(false).
		WithWidth(width).
		WithHeight(s.lines)
	return s
}

func (s *sheet) single(l look, width int) huh.Field {
	f := huh.NewSelect[int]().
		Options(s.options(l, width-2)...).
		Value(&s.entry.one)
	s.hovered = f.Hovered
	return f
}

func (s *sheet) multi(l look, width int) huh.Field {
	f := huh.NewMultiSelect[int]().
		Options(s.options(l, width-6)...).
		Filterable(false).
		Value(&s.entry.many)
	s.hovered = f.Hovered
	return f
}

// options cuts labels to the width. huh tells the options of a multiple choice
// apart by their label, so two that were cut to the same text are numbered.
func (s *sheet) options(l look, width int) []huh.Option[int] {
	s.labelWidth = width
	var options []huh.Option[int]
	var seen []string
	for i, r := range s.rows {
		label := ansi.Truncate(r.label, width, l.tail)
		if slices.Contains(seen, label) {
			mark := " " + strconv.Itoa(i+1)
			label = ansi.Truncate(r.label, width-len(mark)-1, l.tail) + mark
		}
		seen = append(seen, label)
		options = append(options, huh.NewOption(label, i))
	}
	return options
}

// rebuilt returns the same sheet with a new form and the cursor where it was:
// for another width, or because a form that was completed cannot be used again.
func (s *sheet) rebuilt(l look, width int) *sheet {
	at, ok := s.hovered()
	if ok {
		s.entry.one = at
	}
	fresh := newSheet(s.q, s.entry, l, width)
	fresh.form.Init()
	if s.q.Kind == Multi && ok {
		for range at {
			fresh.form.Update(tea.KeyMsg{Type: tea.KeyDown})
		}
	}
	return fresh
}

// submit hands the Enter key to the form and drives the form to its end at once.
// Waiting for the commands that huh returns instead would let keys that were
// typed ahead change the answer that was just given. The answer counts only if
// the form says that it is completed. It is checked here and not by the form,
// so that there is one way to refuse an answer.
func (s *sheet) submit() (Answer, error) {
	s.form.Update(tea.KeyMsg{Type: tea.KeyEnter})
	s.form.NextField()
	s.form.NextGroup()
	if s.form.State != huh.StateCompleted {
		return Answer{}, errors.New("the answer could not be taken; press enter again")
	}
	return s.answer()
}

func (s *sheet) answer() (Answer, error) {
	switch s.q.Kind {
	case Text:
		return answerText(s.q, s.entry.text)
	case Multi:
		return answerOf(s.q, s.rows, slices.Sorted(slices.Values(s.entry.many)))
	case Select, Confirm:
	}
	return answerOf(s.q, s.rows, []int{s.entry.one})
}

// keys is the key map: moving, marking, Enter. Filter and select-all have no
// keys, because lists are short and "select all" would mark contradictions;
// leaving and going back belong to the host.
func keys() *huh.KeyMap {
	none := func() key.Binding { return key.NewBinding(key.WithKeys()) }
	k := huh.NewDefaultKeyMap()
	k.Quit = none()
	k.Input.AcceptSuggestion = none()
	k.Select.Filter, k.Select.SetFilter, k.Select.ClearFilter = none(), none(), none()
	k.MultiSelect.Filter, k.MultiSelect.SetFilter, k.MultiSelect.ClearFilter = none(), none(), none()
	k.MultiSelect.SelectAll, k.MultiSelect.SelectNone = none(), none()
	return k
}
