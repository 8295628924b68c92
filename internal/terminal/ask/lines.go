package ask

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/apionboard/ngapi/internal/terminal"
)

// session is one run in line mode: nothing is drawn twice, nothing moves, there
// is no colour. A screen reader hears every line once, and answers may be
// piped, one on a line.
type session struct {
	out   io.Writer
	in    *lineReader
	width int
	leave string // what the sign q does
	told  bool   // the signs ?, < and q have been explained
	fault error
}

func runLines(ctx context.Context, o Options, flow Flow) error {
	s := &session{out: o.Err, in: &lineReader{in: o.In}, width: min(o.Width, 80), leave: "save and quit"}
	if o.Unsaved {
		s.leave = "quit"
	}
	for {
		page, ok, err := flow.Next()
		if err != nil || !ok {
			return err
		}
		if err := s.ask(ctx, page, flow); err != nil {
			return err
		}
	}
}

// ask puts one page until it is answered or left for the page before it.
func (s *session) ask(ctx context.Context, page Page, flow Flow) error {
	p := newPrompt(page)
	s.introduce(p)
	for {
		s.prompt(p)
		line, err := s.in.read(ctx)
		if s.fault != nil {
			return s.fault // nobody can read the questions
		}
		if errors.Is(err, errLineTooLong) {
			s.refuse(err)
			continue
		}
		if err != nil {
			s.line("") // the prompt has no line end of its own
			return err
		}
		switch strings.TrimSpace(line) {
		case "?":
			s.repeat(p)
			continue
		case "q":
			return ErrInterrupted
		case "<":
			if flow.Back() {
				return nil
			}
			s.line("This is the first question.")
			continue
		}
		lines, err := s.accept(p, line, flow)
		if err == nil {
			s.report(lines)
			return nil
		}
		if !isRefusal(err) {
			return err
		}
		s.refuse(err)
	}
}

// refusal marks an error that asks again instead of ending the run.
type refusal struct{ error }

func isRefusal(err error) bool {
	var r refusal
	var j Rejection
	return errors.As(err, &r) || errors.As(err, &j)
}

func (s *session) accept(p prompt, line string, flow Flow) ([]string, error) {
	a, err := p.parse(line)
	if err != nil {
		return nil, refusal{err}
	}
	return flow.Accept(p.q, a)
}

// introduce prints the whole question.
func (s *session) introduce(p prompt) {
	s.line("")
	s.wrapped("", p.heading())
	for _, text := range terminal.CleanLines(p.q.Help) {
		s.wrapped("  ", text)
	}
	if p.q.Why != "" {
		s.wrapped("  ", "Why: "+strings.Join(terminal.CleanLines(p.q.Why), " "))
	}
	for i, r := range p.rows {
		s.numbered(i+1, r.label+valueNote(r))
		s.wrapped("     ", r.help)
	}
	if !s.told {
		s.told = true
		s.wrapped("  ", "At any question: ? for help, < to go back, q to "+s.leave+".")
	}
}

// valueNote shows the value beside its label, since it can be typed too.
func valueNote(r row) string {
	value := terminal.Clean(r.value)
	if r.role != pick || strings.EqualFold(value, r.label) {
		return ""
	}
	return " (" + value + ")"
}

// repeat prints the question once more, and how to answer it.
func (s *session) repeat(p prompt) {
	s.introduce(p)
	for _, text := range p.instructions(s.leave) {
		s.wrapped("  ", text)
	}
}

func (s *session) prompt(p prompt) {
	pieces := terminal.Wrap(p.invitation(), s.width)
	for _, piece := range pieces[:len(pieces)-1] {
		s.line(piece)
	}
	s.write(pieces[len(pieces)-1] + " ")
}

func (s *session) report(lines []string) {
	for _, line := range lines {
		for _, text := range terminal.CleanLines(line) {
			for _, piece := range fold(text, s.width) {
				s.line(piece)
			}
		}
	}
}

func (s *session) refuse(err error) { s.wrapped("", "Not accepted: "+terminal.Clean(err.Error())) }

// wrapped prints a text with an indentation; an empty text prints nothing.
func (s *session) wrapped(indent, text string) {
	if text == "" {
		return
	}
	for _, piece := range terminal.Wrap(indent+text, s.width) {
		s.line(piece)
	}
}

// numbered prints a choice; further lines stand under its first word.
func (s *session) numbered(n int, text string) {
	mark := fmt.Sprintf("%4s ", strconv.Itoa(n)+".")
	for i, piece := range terminal.Wrap("     "+text, s.width) {
		if i == 0 {
			piece = mark + strings.TrimPrefix(piece, "     ")
		}
		s.line(piece)
	}
}

func (s *session) line(text string) { s.write(text + "\n") }

// write remembers a stream that broke: questions that nobody can read must not
// wait for answers.
func (s *session) write(text string) {
	if _, err := io.WriteString(s.out, text); err != nil && s.fault == nil {
		s.fault = fmt.Errorf("the question could not be printed: %w", err)
	}
}
