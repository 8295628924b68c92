package ask

import (
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
)

// look is how a page is drawn. It uses the sixteen terminal colours only, which
// the terminal adapts to a dark or a light background, and no meaning rests on
// colour: the cursor is ">", a mark is "[x]", an error starts with a word.
type look struct {
	title, quiet, hint, fault lipgloss.Style
	sep, tail                 string
	theme                     *huh.Theme
}

func newLook(r *lipgloss.Renderer, color, ascii bool) look {
	plain := r.NewStyle()
	l := look{
		title: plain.Bold(true),
		quiet: plain,
		hint:  plain.Faint(true),
		fault: plain.Bold(true),
		sep:   " · ",
		tail:  "…",
	}
	if ascii {
		l.sep, l.tail = " | ", "..."
	}
	accent := plain.Bold(true)
	if color {
		accent = accent.Foreground(lipgloss.ANSIColor(6))   // cyan
		l.fault = l.fault.Foreground(lipgloss.ANSIColor(1)) // red
	}
	l.theme = newTheme(plain, accent, l)
	return l
}

// newTheme fills every style that the three kinds of field use. A style that is
// left out of a huh theme draws nothing, so marks and cursors must be here.
func newTheme(plain, accent lipgloss.Style, l look) *huh.Theme {
	f := huh.FieldStyles{
		Base:                plain,
		Title:               l.title,
		Description:         plain,
		ErrorIndicator:      plain,
		ErrorMessage:        l.fault,
		SelectSelector:      accent.SetString("> "),
		Option:              plain,
		MultiSelectSelector: accent.SetString("> "),
		SelectedOption:      accent,
		SelectedPrefix:      accent.SetString("[x] "),
		UnselectedOption:    plain,
		UnselectedPrefix:    plain.SetString("[ ] "),
		TextInput: huh.TextInputStyles{
			Cursor:      accent,
			CursorText:  plain,
			Placeholder: l.hint,
			Prompt:      accent,
			Text:        plain,
		},
	}
	return &huh.Theme{
		Form:           huh.FormStyles{Base: plain},
		Group:          huh.GroupStyles{Base: plain, Title: plain, Description: plain},
		FieldSeparator: plain.SetString("\n"),
		Blurred:        f,
		Focused:        f,
	}
}
