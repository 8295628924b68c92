package ask

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/apionboard/ngapi/internal/terminal"
)

// host is the Bubble Tea model around one sheet at a time. It owns the keys that
// leave a page, the size, and the text around the field, and it stays for the
// whole run so that keys typed ahead are never lost between two pages.
type host struct {
	flow          Flow
	look          look
	width, height int
	unsaved       bool // see Options

	page   Page
	sheet  *sheet
	notice string            // why the last key changed nothing
	drafts map[string]*entry // what was typed on pages that were left by going back

	queue    []string // wrapped lines for the normal screen that wait for the one in print
	history  []string // lines already there, not wrapped, to be printed again after a resize
	printing bool

	over   bool
	result error
}

// Messages of the host to itself.
type (
	printedMsg   struct{}            // the lines handed to the screen are out
	cancelledMsg struct{ err error } // the context was cancelled or the input ended
)

func newHost(o Options, flow Flow, l look) *host {
	h := &host{flow: flow, look: l, width: o.Width, height: o.Height, unsaved: o.Unsaved, drafts: map[string]*entry{}}
	h.next()
	return h
}

// Init implements tea.Model.
func (h *host) Init() tea.Cmd {
	if h.over {
		return h.pump()
	}
	return h.sheet.form.Init()
}

// Update implements tea.Model. A panic in the flow ends the run with an error
// instead of leaving the terminal raw.
func (h *host) Update(msg tea.Msg) (model tea.Model, cmd tea.Cmd) {
	defer func() {
		if r := recover(); r != nil {
			h.finish(fmt.Errorf("the question page failed: %v", r))
			model, cmd = h, h.pump()
		}
	}()
	return h, h.handle(msg)
}

func (h *host) handle(msg tea.Msg) tea.Cmd {
	if _, ok := msg.(printedMsg); ok {
		h.printing = false
		return h.pump()
	}
	if h.over {
		return nil
	}
	switch msg := msg.(type) {
	case cancelledMsg:
		h.finish(msg.err)
		return h.pump()
	case tea.WindowSizeMsg:
		return h.resize(msg.Width, msg.Height)
	case tea.KeyMsg:
		return h.key(msg)
	}
	_, cmd := h.sheet.form.Update(msg)
	return cmd
}

// key takes the keys that leave a page before huh sees them: huh would validate
// on the way back, and get stuck on an answer that is required and missing.
func (h *host) key(msg tea.KeyMsg) tea.Cmd {
	h.notice = ""
	switch msg.String() {
	case "ctrl+c":
		h.finish(ErrInterrupted)
		return h.pump()
	case "shift+tab":
		return h.back()
	case "enter", "ctrl+j":
		return h.submit()
	}
	_, cmd := h.sheet.form.Update(msg)
	return cmd
}

func (h *host) back() tea.Cmd {
	if !h.flow.Back() {
		h.notice = "This is the first question."
		return nil
	}
	h.drafts[h.page.Question.ID] = h.sheet.entry
	return h.next()
}

func (h *host) submit() tea.Cmd {
	q := h.page.Question
	a, err := h.sheet.submit()
	if err != nil {
		return h.refuse(err)
	}
	lines, err := h.flow.Accept(q, a)
	var again Rejection
	switch {
	case errors.As(err, &again):
		return h.refuse(again)
	case err != nil:
		h.finish(err)
		return h.pump()
	}
	delete(h.drafts, q.ID)
	h.show(h.echo(q, a))
	for _, line := range lines {
		h.show(terminal.CleanLines(line)...)
	}
	return h.next()
}

// refuse shows the reason on a fresh form with the same entry.
func (h *host) refuse(err error) tea.Cmd {
	h.notice = "Not accepted: " + err.Error()
	h.sheet = h.sheet.rebuilt(h.look, h.fieldWidth())
	return h.sheet.form.Init()
}

// next asks the flow for the page to show.
func (h *host) next() tea.Cmd {
	page, ok, err := h.flow.Next()
	if err != nil || !ok {
		h.finish(err)
		return h.pump()
	}
	q := page.Question
	e, kept := h.drafts[q.ID]
	if !kept {
		e = newEntry(q, rowsOf(q))
	}
	h.page, h.notice = page, ""
	h.sheet = newSheet(q, e, h.look, h.fieldWidth())
	return tea.Batch(h.sheet.form.Init(), h.pump())
}

func (h *host) finish(err error) {
	if !h.over {
		h.over, h.result = true, err
	}
}

// resize draws everything anew: an old frame that the terminal has reflowed
// cannot be found again, so the screen is cleared and the last lines that were
// printed above the page are printed once more.
func (h *host) resize(width, height int) tea.Cmd {
	// Each new form makes Bubble Tea report the size again.
	if width <= 0 || height <= 0 || width == h.width && height == h.height {
		return nil
	}
	h.width, h.height = width, height
	h.sheet = h.sheet.rebuilt(h.look, h.fieldWidth())
	h.queue = append(h.lastLines(), h.queue...)
	return tea.Sequence(tea.ClearScreen, tea.Batch(h.sheet.form.Init(), h.pump()))
}

// lastLines returns the printed lines that fit above the page.
func (h *host) lastLines() []string {
	free := h.height - strings.Count(h.View(), "\n") - 2
	var keep []string
	for _, line := range slices.Backward(h.history) {
		pieces := fold(line, h.width)
		if free -= len(pieces); free < 0 {
			break
		}
		keep = append(pieces, keep...)
	}
	return keep
}

// echo is the line that stays on the screen when a page is gone.
func (h *host) echo(q Question, a Answer) string {
	title := terminal.Clean(q.Title)
	if !strings.HasSuffix(title, "?") {
		title += ":"
	}
	return listMark + title + " " + say(q, a)
}

// show queues clean lines for the normal screen, above the page.
func (h *host) show(lines ...string) {
	for _, line := range lines {
		h.queue = append(h.queue, fold(line, h.width)...)
	}
	h.history = append(h.history, lines...)
}

const listMark = "- "

// fold wraps a line; in a list entry the further lines stand under the first.
func fold(line string, width int) []string {
	text, entry := strings.CutPrefix(line, listMark)
	if !entry {
		return terminal.Wrap(line, width)
	}
	blank := strings.Repeat(" ", len(listMark))
	pieces := terminal.Wrap(blank+text, width)
	pieces[0] = listMark + strings.TrimPrefix(pieces[0], blank)
	return pieces
}

// pump hands the queued lines to the screen, one batch at a time so that they
// cannot overtake each other, and quits once the run is over and all are out.
func (h *host) pump() tea.Cmd {
	switch {
	case h.printing:
		return nil
	case len(h.queue) > 0:
		text := strings.Join(h.queue, "\n")
		h.queue, h.printing = nil, true
		return tea.Sequence(tea.Println(text), func() tea.Msg { return printedMsg{} })
	case h.over:
		return tea.Quit
	}
	return nil
}

func (h *host) fieldWidth() int { return max(10, min(h.width-1, maxTextWidth)) }
