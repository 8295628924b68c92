package ask

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// runPages draws the questions. One Bubble Tea program serves the whole run.
func runPages(ctx context.Context, o Options, flow Flow) error {
	restore := useRenderer(o)
	defer restore()

	h := newHost(o, flow, newLook(lipgloss.DefaultRenderer(), o.Color, o.ASCII))
	if h.over {
		return h.result // no question at all: the terminal is left alone
	}
	var program *tea.Program
	ended := func() { go program.Send(cancelledMsg{ErrInputEnded}) }
	program = tea.NewProgram(h,
		tea.WithInput(watch(o.In, ended)),
		tea.WithOutput(o.Err),
		// The caller owns the signals: Bubble Tea would turn SIGTERM into a quit
		// that looks like success.
		tea.WithoutSignalHandler(),
	)
	// The context is not given to Bubble Tea, which would leave the last frame on
	// the screen; the host ends the run in good order instead.
	stop := context.AfterFunc(ctx, func() { program.Send(cancelledMsg{interrupted(ctx)}) })
	defer stop()

	_, err := program.Run()
	switch {
	case h.over:
		return h.result
	case ctx.Err() != nil:
		return interrupted(ctx)
	case err != nil:
		return fmt.Errorf("the question pages stopped: %w", err)
	}
	// Bubble Tea ended without an error and the host did not: never a success.
	return ErrInterrupted
}

// useRenderer makes lip gloss draw for the stream that the pages go to. The
// profile is set, so that neither the terminal nor the environment is asked
// (lip gloss would drop every attribute for NO_COLOR). Without colour it stays
// ANSI: the cursor of a text field is drawn in reverse, which is no colour, and
// would be invisible otherwise; the theme then holds no colours.
func useRenderer(o Options) (restore func()) {
	before := lipgloss.DefaultRenderer()
	r := lipgloss.NewRenderer(o.Err)
	r.SetColorProfile(termenv.ANSI)
	r.SetHasDarkBackground(true)
	lipgloss.SetDefaultRenderer(r)
	return func() { lipgloss.SetDefaultRenderer(before) }
}

// watch reports the end of the input, which Bubble Tea ignores and would wait
// after for ever. A file stays a file, since it must be put into raw mode.
func watch(in io.Reader, ended func()) io.Reader {
	if f, ok := in.(*os.File); ok {
		return &watchedFile{f, ended}
	}
	return &watchedReader{in, ended}
}

type watchedFile struct {
	*os.File
	ended func()
}

func (w *watchedFile) Read(p []byte) (int, error) {
	n, err := w.File.Read(p)
	if errors.Is(err, io.EOF) {
		w.ended()
	}
	return n, err
}

type watchedReader struct {
	io.Reader
	ended func()
}

func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		w.ended()
	}
	return n, err
}
