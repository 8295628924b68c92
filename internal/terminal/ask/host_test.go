package ask

import (
	"errors"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// newTestHost starts a host without a program: commands are dropped, so what is
// tested happens in Update itself.
func newTestHost(t *testing.T, flow Flow, width, height int) *host {
	t.Helper()
	o := Options{Width: width, Height: height}
	h := newHost(o, flow, newLook(lipgloss.DefaultRenderer(), false, false))
	h.Init()
	return h
}

// press sends keys by name; any other word is typed.
func press(h *host, keys ...string) {
	named := map[string]tea.KeyType{
		"enter": tea.KeyEnter, "back": tea.KeyShiftTab, "ctrl+c": tea.KeyCtrlC, "down": tea.KeyDown,
		"up": tea.KeyUp, "space": tea.KeySpace, "esc": tea.KeyEsc, "tab": tea.KeyTab, "ctrl+j": tea.KeyCtrlJ, "ctrl+a": tea.KeyCtrlA, "ctrl+u": tea.KeyCtrlU,
	}
	for _, k := range keys {
		msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
		if kind, ok := named[k]; ok {
			msg = tea.KeyMsg{Type: kind}
			if kind == tea.KeySpace {
				msg.Runes = []rune{' '}
			}
		}
		h.Update(msg)
	}
}

func frame(h *host) string { return ansi.Strip(h.View()) }

func TestHostKeys(t *testing.T) {
	tests := []struct {
		name string
		keys []string
		sum  string
		step int // of the page shown at the end; 0 when over
		err  error
	}{
		{"whole run", []string{"Acme", "enter", "down", "enter", "space", "enter", "up", "enter", "enter"},
			"name=Acme audience=providers apis=patient-access unattended=true version=5.9.2", 0, nil},
		{"ctrl+j is enter", []string{"Acme", "ctrl+j"}, "name=Acme", 2, nil},
		{"required and empty stays", []string{"enter", "enter"}, "", 1, nil},
		{"answer after a refusal", []string{"enter", "Acme", "enter"}, "name=Acme", 2, nil},
		{"refused by the validator, then corrected", []string{strings.Repeat("x", 21), "enter", "ctrl+u", "Acme", "enter"}, "name=Acme", 2, nil},
		{"back from the first page stays", []string{"back", "Acme", "enter"}, "name=Acme", 2, nil},
		{"back from a list", []string{"Acme", "enter", "down", "back"}, "name=Acme", 1, nil},
		{"back from a refused page", []string{"Acme", "enter", "enter", "enter", "back"}, "name=Acme audience=patients", 2, nil},
		{"back and forth keeps the answer", []string{"Acme", "enter", "down", "enter", "back", "enter"}, "name=Acme audience=providers", 3, nil},
		{"what was marked is kept when going back", []string{"Acme", "enter", "enter", "down", "space", "back", "enter", "enter"},
			"name=Acme audience=patients apis=enterprise", 4, nil},
		{"unknown row", []string{"Acme", "enter", "up", "enter"}, "name=Acme audience=unknown", 3, nil},
		{"unknown and known together are refused", []string{"Acme", "enter", "enter", "space", "down", "down", "down", "space", "enter"},
			"name=Acme audience=patients", 3, nil},
		{"keys that do nothing", []string{"Acme", "enter", "esc", "tab", "q", "/", "x", "ctrl+a", "down", "enter"}, "name=Acme audience=providers", 3, nil},
		{"ctrl+c on the first page", []string{"Ac", "ctrl+c"}, "", 0, ErrInterrupted},
		{"ctrl+c on a refused page", []string{"enter", "ctrl+c"}, "", 0, ErrInterrupted},
		{"keys after the end are ignored", []string{"ctrl+c", "Acme", "enter"}, "", 0, ErrInterrupted},
		{"empty text is unknown where that is offered", []string{"Acme", "enter", "enter", "space", "enter", "enter", "ctrl+u", "enter"},
			"name=Acme audience=patients apis=patient-access unattended=false version=unknown", 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			flow := &listFlow{questions: sample()}
			h := newTestHost(t, flow, 80, 24)
			press(h, tt.keys...)
			if got := flow.summary(); got != tt.sum {
				t.Errorf("answers %q, want %q", got, tt.sum)
			}
			if h.over != (tt.step == 0) || !errors.Is(h.result, tt.err) {
				t.Errorf("over %t, result %v", h.over, h.result)
			}
			if h.over && h.View() != "" {
				t.Errorf("a page stays on the screen:\n%s", frame(h))
			}
			if !h.over && h.page.Step != tt.step {
				t.Errorf("step %d, want %d", h.page.Step, tt.step)
			}
		})
	}
}

// The dead end of huh v1: going back from a required empty input.
func TestHostBackFromRequiredEmpty(t *testing.T) {
	flow := &listFlow{questions: []Question{{ID: "a", Title: "A?", Kind: Text}, {ID: "b", Title: "B?", Kind: Text}}}
	h := newTestHost(t, flow, 80, 24)
	press(h, "one", "enter", "enter") // b is refused: empty
	if !strings.Contains(frame(h), "Not accepted: an answer is needed") {
		t.Fatalf("the refusal is not shown:\n%s", frame(h))
	}
	press(h, "back")
	if h.page.Question.ID != "a" || !strings.Contains(frame(h), "> one") {
		t.Fatalf("not back on the first page with its answer:\n%s", frame(h))
	}
	press(h, " more", "enter", "two", "enter")
	if got := flow.summary(); got != "a=one more b=two" || !h.over || h.result != nil {
		t.Errorf("answers %q, over %t, result %v", got, h.over, h.result)
	}
}

func TestHostDraftSurvivesBack(t *testing.T) {
	flow := &listFlow{questions: []Question{{ID: "a", Title: "A?", Kind: Text}, {ID: "b", Title: "B?", Kind: Text}}}
	h := newTestHost(t, flow, 80, 24)
	press(h, "one", "enter", "half", "back", "enter", " done", "enter")
	if got := flow.summary(); got != "a=one b=half done" {
		t.Errorf("answers %q", got)
	}
}

func TestHostResize(t *testing.T) {
	flow := &listFlow{questions: sample()}
	h := newTestHost(t, flow, 80, 24)
	press(h, "Ac")
	for _, size := range [][2]int{{40, 20}, {20, 6}, {1, 1}, {0, 0}, {200, 60}, {80, 24}} {
		h.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		h.Update(printedMsg{})
		press(h, "m")
	}
	press(h, "enter", "down", "enter", "down", "space")
	h.Update(tea.WindowSizeMsg{Width: 40, Height: 20})
	press(h, "down", "space", "enter")
	if got := flow.summary(); got != "name=Acmmmmmm audience=providers apis=enterprise+fhir" {
		t.Errorf("answers %q: a resize lost text, mark or cursor", got)
	}
}

func TestHostFramesFit(t *testing.T) {
	sizes := [][2]int{{80, 24}, {72, 24}, {40, 20}, {40, 10}, {30, 8}, {20, 6}, {200, 50}}
	stops := [][]string{{"enter", "Acme", "enter"}, {"down", "down", "enter"}, {"enter", "down", "space", "enter"}, {"enter"}, {}}
	for _, size := range sizes {
		flow := &listFlow{questions: sample()}
		h := newTestHost(t, flow, size[0], size[1])
		look := func() {
			lines := strings.Split(frame(h), "\n")
			if len(lines) > size[1]-1 {
				t.Errorf("%v: %d lines:\n%s", size, len(lines), frame(h))
			}
			for _, line := range lines {
				if w := ansi.StringWidth(strings.TrimRight(line, " ")); w >= size[0] {
					t.Errorf("%v: %d columns: %q", size, w, line)
				}
			}
			last := lines[len(lines)-1]
			if size[0] < 72 && ansi.StringWidth(last) > 38 {
				t.Errorf("%v: footer of %d columns: %q", size, ansi.StringWidth(last), last)
			}
			if !strings.Contains(frame(h), "Step ") {
				t.Errorf("%v: the title is cut off:\n%s", size, frame(h))
			}
			if !strings.Contains(frame(h), "> ") && !strings.Contains(frame(h), ">") {
				t.Errorf("%v: the cursor is out of sight:\n%s", size, frame(h))
			}
		}
		for _, keys := range stops {
			look()
			for _, k := range keys {
				press(h, k)
				if !h.over {
					look()
				}
			}
		}
	}
}

// A list longer than its space: the row under the cursor is always visible and
// huh's own scrolling is not used.
func TestHostLongList(t *testing.T) {
	var choices []Choice
	for _, v := range strings.Split("alpha bravo charlie delta echo foxtrot golf hotel india juliett", " ") {
		choices = append(choices, Choice{Value: v, Help: "about " + v})
	}
	for _, kind := range []Kind{Select, Multi} {
		flow := &listFlow{questions: []Question{{ID: "x", Title: "Which?", Kind: kind, Choices: choices}}}
		h := newTestHost(t, flow, 40, 8)
		for i := range choices {
			if f := frame(h); !strings.Contains(f, "> ") || !strings.Contains(strings.SplitN(f, "> ", 2)[1], choices[i].Value) {
				t.Fatalf("kind %d row %d is not under a visible cursor:\n%s", kind, i, f)
			}
			if i < len(choices)-1 {
				press(h, "down")
			}
		}
	}
}

// huh tells marks apart by their label; labels that are cut to the same text
// must not be marked together.
func TestHostLabelsCutAlike(t *testing.T) {
	long := "the same very long beginning of a label "
	flow := &listFlow{questions: []Question{{ID: "x", Title: "Which?", Kind: Multi, Choices: []Choice{
		{Value: "1", Label: long + "one"}, {Value: "2", Label: long + "two"}, {Value: "3", Label: long + "three"},
	}}}}
	h := newTestHost(t, flow, 30, 12)
	press(h, "down", "space", "enter")
	if got := flow.summary(); got != "x=2" {
		t.Errorf("answers %q, want x=2", got)
	}
}

func TestHostTextsAreClean(t *testing.T) {
	evil := "e\x1b[2Jv\u202ei\x07l"
	flow := &listFlow{
		questions: []Question{
			{ID: "x", Title: evil, Help: evil, Why: evil, Kind: Select, Choices: []Choice{{Value: evil, Label: evil, Help: evil}}},
			{ID: "y", Title: evil, Kind: Text, Default: []string{evil}},
		},
		accept: func(Question, Answer) ([]string, error) { return []string{evil}, nil },
	}
	h := newTestHost(t, flow, 80, 24)
	check := func(text string) {
		t.Helper()
		for _, bad := range []string{"\x1b[2J", "\u202e", "\x07"} {
			if strings.Contains(text, bad) {
				t.Errorf("%q reaches the terminal in:\n%q", bad, text)
			}
		}
	}
	check(h.View())
	press(h, "enter")
	check(h.View())
	if len(h.history) == 0 {
		t.Fatal("nothing was printed")
	}
	check(strings.Join(h.history, "\n"))
	if flow.answers["x"].Values[0] != evil {
		t.Error("the value itself must stay as it is")
	}
}

func TestHostRejectionFaultAndPanic(t *testing.T) {
	calls := 0
	flow := &listFlow{questions: sample()[:1], accept: func(Question, Answer) ([]string, error) {
		if calls++; calls == 1 {
			return nil, Rejection("this name is taken")
		}
		panic("boom")
	}}
	h := newTestHost(t, flow, 80, 24)
	press(h, "Acme", "enter")
	if h.over || !strings.Contains(frame(h), "Not accepted: this name is taken") || !strings.Contains(frame(h), "> Acme") {
		t.Fatalf("a rejection asks again and keeps the text:\n%s", frame(h))
	}
	press(h, "x", "enter")
	if !h.over || h.result == nil || !strings.Contains(h.result.Error(), "boom") {
		t.Errorf("over %t, result %v: a panic ends the run with an error", h.over, h.result)
	}
	fault := errors.New("disk full")
	flow = &listFlow{questions: sample()[:1], accept: func(Question, Answer) ([]string, error) { return nil, fault }}
	h = newTestHost(t, flow, 80, 24)
	press(h, "Acme", "enter")
	if !h.over || !errors.Is(h.result, fault) {
		t.Errorf("over %t, result %v", h.over, h.result)
	}
}

// An answer counts only when the form itself says that it is complete.
func TestSheetNeedsCompletedForm(t *testing.T) {
	q := Question{ID: "x", Title: "?", Kind: Text, Default: []string{"a"}}
	s := newSheet(q, newEntry(q, nil), newLook(lipgloss.DefaultRenderer(), false, false), 80)
	s.form.Init()
	s.form.State = huh.StateAborted
	if a, err := s.submit(); err == nil {
		t.Errorf("an aborted form gave %v", a)
	}
}

func TestHostFootersNameTheKeys(t *testing.T) {
	flow := &listFlow{questions: sample()}
	h := newTestHost(t, flow, 40, 20)
	if f := h.footer(); strings.Contains(f, "shift+tab") {
		t.Errorf("the first page has nothing to go back to: %q", f)
	}
	press(h, "Acme", "enter", "enter")
	for _, want := range []string{"space", "shift+tab back", "^C save"} {
		if f := h.footer(); !strings.Contains(f, want) {
			t.Errorf("%q lacks %q", f, want)
		}
	}
}

// After a resize the lines above the page are printed again, wrapped anew, and
// only as many as fit.
func TestHostPrintsAgainAfterResize(t *testing.T) {
	flow := &listFlow{questions: sample()}
	h := newTestHost(t, flow, 80, 24)
	press(h, "Acme", "enter", "down", "enter")
	h.width, h.height = 30, 24
	want := []string{"  because app.audience is", "  providers"}
	got := h.lastLines()
	if n := len(got); n < 2 || got[n-2] != want[0] || got[n-1] != want[1] {
		t.Errorf("lines %q do not end with %q", got, want)
	}
	if n := len(got) + len(strings.Split(frame(h), "\n")); n >= 24 {
		t.Errorf("%d lines in a window of 24", n)
	}
	h.height = 8
	if got := h.lastLines(); len(got) != 0 {
		t.Errorf("no room above the page, got %q", got)
	}
}

func TestFold(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want string
	}{
		{"- one two three", "- one|  two|  three"},
		{"  one two", "  one|  two"},
		{"- ", "- "},
		{"", ""},
	} {
		if got := strings.Join(fold(tt.in, 7), "|"); got != tt.want {
			t.Errorf("fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// Where the locale does not promise UTF-8, nothing that is drawn around the
// flow's own texts goes beyond ASCII.
func TestHostASCII(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {30, 8}} {
		flow := &listFlow{questions: sample()}
		h := newHost(Options{Width: size[0], Height: size[1]}, flow, newLook(lipgloss.DefaultRenderer(), false, true))
		h.Init()
		for _, k := range []string{"enter", "Acme", "enter", "down", "enter", "space", "enter", "enter"} {
			press(h, k)
			if i := strings.IndexFunc(frame(h), func(r rune) bool { return r > 0x7e }); i >= 0 {
				t.Errorf("%v: not ASCII at byte %d:\n%s", size, i, frame(h))
			}
		}
	}
}
