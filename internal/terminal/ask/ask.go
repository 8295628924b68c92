// Package ask puts questions to a person, one page at a time, and is the only
// importer of the form library.
//
// A Flow supplies the pages and takes the answers; this package knows nothing
// about what they mean. There are two ways to ask: drawn pages for a terminal
// (Bubble Tea around one huh form per page) and line mode, plain prompts for
// screen readers, simple terminals, tiny windows and scripts. Both write to
// Options.Err only, never to standard output, and neither installs a signal
// handler: the caller cancels the context.
//
// All texts are cleaned (terminal.Clean) before they are printed, so questions
// and answers may hold anything that was read from a file.
package ask

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apionboard/ngapi/internal/terminal"
	"github.com/apionboard/ngapi/internal/terminal/quiet"
)

// ErrInterrupted says that the person left before the end: Ctrl-C, q in line
// mode, or a cancelled context (the error then wraps its cause too). What was
// accepted before is with the Flow.
var ErrInterrupted = errors.New("interrupted before all questions were answered")

// ErrInputEnded says that the input ended before the questions did.
var ErrInputEnded = errors.New("the input ended before all questions were answered")

// Kind is the way a question is answered.
type Kind int

// The kinds of question.
const (
	Text    Kind = iota // one line of text
	Select              // one of the choices
	Multi               // any number of the choices
	Confirm             // yes or no, drawn as a choice of two rows; values "true" and "false"
)

// Choice is one possible answer. Keep labels under 35 columns and lists under
// nine choices; longer labels are cut and shown in full for the choice under
// the cursor.
type Choice struct {
	Value string
	Label string // Value, if empty
	Help  string // one sentence, shown for the choice under the cursor
}

// Question is one thing to ask.
type Question struct {
	ID    string // unique in a flow; for the Flow, not shown
	Title string // the question itself, one sentence
	Help  string // what the words mean, how to find out
	Why   string // why it is asked and what it decides
	Kind  Kind

	// Choices are required for Select and Multi. For Confirm they are optional
	// and replace "Yes" and "No"; their values stay what they say.
	Choices []Choice
	// Default is the answer so far, or a safe proposal: values for the choices,
	// one text for Text. It is marked, and Enter accepts it.
	Default []string
	// Unknown offers "I don't know yet". DefaultUnknown says that this is the
	// answer so far.
	Unknown, DefaultUnknown bool
	// Optional lets the answer be empty.
	Optional bool
	// Validate is asked for every answer that is neither empty nor unknown. Its
	// error is shown and the question stays. A panic counts as an error.
	Validate func(values []string) error
}

// Answer is what the person said. Unknown and Values exclude each other; an
// optional question may be answered with neither.
type Answer struct {
	Values  []string
	Unknown bool
}

// Page is a question and its place. Total may change from page to page.
type Page struct {
	Question    Question
	Step, Total int // both from 1; no place is shown if Step is 0
}

// Flow supplies pages and takes answers. Its methods are called one after
// another, never at the same time, and must not write to the terminal: lines to
// be printed are returned.
type Flow interface {
	// Next returns the page to ask now; ok is false when nothing is left.
	Next() (page Page, ok bool, err error)
	// Accept takes an answer, which is the place to save a checkpoint, and
	// returns lines to print on the normal screen: decisions, reasons,
	// addresses. A Rejection asks the question again; any other error ends Run.
	Accept(q Question, a Answer) (lines []string, err error)
	// Back makes the page before the present one the next one. It keeps the
	// answers, and returns false where there is no such page.
	Back() bool
}

// Rejection is an error of Flow.Accept that asks the same question again, with
// this text as the reason.
type Rejection string

func (r Rejection) Error() string { return string(r) }

// Options say where and how to ask.
type Options struct {
	In  io.Reader // for drawn pages the terminal itself (*os.File)
	Err io.Writer // for drawn pages the terminal itself (*os.File)

	Width, Height int  // columns and rows at the start; 0 means 80 and 24
	LineMode      bool // plain prompts instead of drawn pages
	ASCII         bool // the locale does not promise UTF-8
	Color         bool // sixteen terminal colours; without it bold and reverse only
	Unsaved       bool // answers are kept only at the end: leaving early saves nothing, and no text says so
}

// OptionsFor derives options from the streams and the global flags.
func OptionsFor(s terminal.Streams, mode terminal.ColorMode, accessible bool) Options {
	w, h := s.Window()
	return Options{
		In: s.In, Err: s.Err,
		Width: w, Height: h,
		LineMode: terminal.LineMode(s, accessible),
		ASCII:    terminal.ASCII(s.Env),
		Color:    terminal.ColorEnabled(mode, s.ErrTTY, s.Env),
	}
}

// Run asks until the flow has no further page. It returns nil only then;
// ErrInterrupted, ErrInputEnded, or the error of the flow otherwise. The caller
// decides beforehand whether anything may be asked (terminal.Interactive).
func Run(ctx context.Context, o Options, flow Flow) error {
	if ctx.Err() != nil {
		return interrupted(ctx)
	}
	if o.Width <= 0 {
		o.Width = terminal.DefaultWidth
	}
	if o.Height <= 0 {
		o.Height = terminal.DefaultHeight
	}
	if o.LineMode || !quiet.Answered {
		return runLines(ctx, o, flow)
	}
	return runPages(ctx, o, flow)
}

// interrupted names the cause of a cancelled context beside ErrInterrupted.
func interrupted(ctx context.Context) error {
	return fmt.Errorf("%w: %w", ErrInterrupted, context.Cause(ctx))
}

// check refuses an answer that is empty or that the question's own validator
// refuses. A validator that panics must not take the terminal down with it.
func check(q Question, a Answer) (err error) {
	if a.Unknown {
		return nil
	}
	if len(a.Values) == 0 {
		if q.Optional {
			return nil
		}
		if q.Kind == Multi {
			return errors.New("choose at least one")
		}
		return errors.New("an answer is needed")
	}
	if q.Validate == nil {
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("this answer could not be checked: %v", r)
		}
	}()
	return q.Validate(slices.Clone(a.Values))
}
