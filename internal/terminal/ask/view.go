package ask

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"github.com/apionboard/ngapi/internal/terminal"
)

// maxTextWidth keeps lines readable in a wide window.
const maxTextWidth = 78

// View implements tea.Model. The frame is always one line lower than the
// window, so that the title is never pushed out. What does not fit is left out
// in this order: help, reason, the words about the choice under the cursor.
// Once the run is over nothing is drawn, so that no half-filled page stays on
// the screen.
func (h *host) View() string {
	if h.over || h.sheet == nil {
		return ""
	}
	limit := max(3, h.height-1)
	head := h.styled(h.look.title, newPrompt(h.page).heading(), h.headLines(limit))
	foot := []string{h.look.hint.Render(ansi.Truncate(h.footer(), h.fieldWidth(), ""))}
	if h.notice != "" {
		foot = append(h.styled(h.look.fault, h.notice, 2), foot...)
	}
	free := limit - len(head) - len(foot)
	field := h.field(max(1, free))
	free -= len(field)

	about := h.about(field, &free)
	why := h.side("Why: ", h.page.Question.Why, &free)
	help := h.side("", h.page.Question.Help, &free)

	frame := slices.Concat(head, help, why)
	if free > 0 && len(frame) > len(head) {
		frame = append(frame, "")
		free--
	}
	frame = append(frame, field...)
	frame = append(frame, about...)
	if free > 0 {
		frame = append(frame, "")
		free--
	}
	if free > 0 && len(h.history) > 0 {
		frame = append([]string{""}, frame...) // apart from the lines above
	}
	return strings.Join(append(frame, foot...), "\n")
}

// headLines is how much of the window the title may take: less in a small one,
// and least while an error has to be read too.
func (h *host) headLines(limit int) int {
	switch {
	case limit >= 9:
		return 3
	case h.notice == "":
		return 2
	}
	return 1
}

// field draws the form and cuts its list to the rows around the cursor. huh
// always draws the whole list here: its own scrolling loses the cursor.
func (h *host) field(rows int) []string {
	lines := strings.Split(h.sheet.form.View(), "\n")
	if len(lines) <= rows {
		return lines
	}
	at, _ := h.sheet.hovered()
	top := min(max(0, at-rows/2), len(lines)-rows)
	return lines[top : top+rows]
}

// about describes the choice under the cursor. It reserves the same number of
// lines for every choice, so that the page does not jump.
func (h *host) about(field []string, free *int) []string {
	if *free <= 0 || len(h.sheet.rows) == 0 {
		return nil
	}
	reserve := 0
	var shown []string
	at, _ := h.sheet.hovered()
	for i, r := range h.sheet.rows {
		lines := h.describe(i, r, len(field))
		reserve = max(reserve, len(lines))
		if i == at {
			shown = lines
		}
	}
	if reserve == 0 {
		return nil
	}
	reserve = min(reserve, *free)
	if reserve < *free && reserve < 4 {
		reserve++ // a blank line above
		shown = append([]string{""}, shown...)
	}
	*free -= reserve
	for len(shown) < reserve {
		shown = append(shown, "")
	}
	return shown[:reserve]
}

// describe is what the list has no room for: its full label if that was cut,
// its help, and its place in a list of which only a part is visible.
func (h *host) describe(i int, r row, visible int) []string {
	var lines []string
	full := ""
	if visible < len(h.sheet.rows) {
		full = fmt.Sprintf("(%d of %d) ", i+1, len(h.sheet.rows))
	}
	if ansi.StringWidth(r.label) > h.sheet.labelWidth {
		full += r.label
	}
	lines = append(lines, h.wrap(strings.TrimSpace(full), "  ")...)
	return append(lines, h.wrap(r.help, "  ")...)
}

// side draws help or reason if at least its first two lines fit.
func (h *host) side(label, text string, free *int) []string {
	if text == "" {
		return nil
	}
	var lines []string
	for _, line := range terminal.CleanLines(text) {
		lines = append(lines, h.wrap(label+line, "")...)
		label = ""
	}
	if *free < min(2, len(lines)) {
		return nil
	}
	if len(lines) > *free {
		lines = lines[:*free]
		last := len(lines) - 1
		lines[last] = ansi.Truncate(lines[last], h.fieldWidth()-4, "") + " " + h.look.tail
	}
	*free -= len(lines)
	return lines
}

// styled wraps a text to at most so many lines and styles each.
func (h *host) styled(style lipgloss.Style, text string, most int) []string {
	lines := h.wrap(terminal.Clean(text), "")
	if len(lines) > most {
		lines = lines[:most]
		last := ansi.Truncate(lines[most-1], h.fieldWidth()-3, "")
		lines[most-1] = last + h.look.tail
	}
	for i, line := range lines {
		lines[i] = style.Render(line)
	}
	return lines
}

// wrap breaks a text to the width of the page. Words that are too wide are cut
// into pieces here, since Bubble Tea would drop their ends.
func (h *host) wrap(text, indent string) []string {
	if text == "" {
		return nil
	}
	var lines []string
	for _, line := range terminal.Wrap(indent+text, h.fieldWidth()) {
		lines = append(lines, strings.Split(ansi.Hardwrap(line, h.fieldWidth(), true), "\n")...)
	}
	return lines
}

// footer names the keys in at most 38 columns, or at more length in a window
// that has the room. In a very small one the obvious keys go unnamed.
func (h *host) footer() string {
	multi, back := h.page.Question.Kind == Multi, h.page.Step != 1
	var keys []string
	add := func(when bool, key string) {
		if when {
			keys = append(keys, key)
		}
	}
	if h.width >= 72 {
		add(len(h.sheet.rows) > 0 && !multi, "up/down move")
		add(multi, "space marks")
		add(true, "enter next")
		add(back, "shift+tab back")
		add(!h.unsaved, "ctrl+c saves and quits")
		add(h.unsaved, "ctrl+c quits")
		return strings.Join(keys, h.look.sep)
	}
	roomy := h.width >= 40
	add(multi, "space")
	add(roomy && multi, "enter")
	add(roomy && !multi, "enter next")
	add(back, "shift+tab back")
	add(!h.unsaved, "^C save")
	add(h.unsaved, "^C quit")
	return strings.Join(keys, ", ")
}
