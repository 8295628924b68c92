// Package exit holds the kinds of failure that ngapi knows and the one table
// that turns a kind into a process exit code. Every command uses this table;
// no output format and no flag changes what a code means.
//
// The package is pure: it imports nothing but the standard library and does
// not end the process. Only cmd/ngapi does that.
package exit

import (
	"errors"
	"fmt"
)

// Code is a process exit code from the table below.
type Code int

// The exit codes. They are part of the contract with scripts and never change
// their meaning.
const (
	OK          Code = 0   // yes, done, ready
	Fault       Code = 1   // unexpected fault
	Usage       Code = 2   // usage, configuration or input that cannot be used
	No          Code = 3   // the answer is no
	SignIn      Code = 4   // no usable credential is stored
	Undecided   Code = 5   // answers are missing
	Remote      Code = 6   // the remote could not be asked
	Person      Code = 7   // a person must decide
	Interrupted Code = 130 // interrupted by a signal or Ctrl-C
)

// Row is one line of the exit code table.
type Row struct {
	Code    Code
	Name    string // stable word for JSON errors
	Meaning string
}

// Table lists every exit code in ascending order. The help topic, the man
// pages and the tests read it, so that they cannot differ.
func Table() []Row {
	return []Row{
		{OK, "ok", "yes, done, ready"},
		{Fault, "fault", "unexpected fault"},
		{Usage, "usage", "usage, configuration or input that cannot be used"},
		{No, "no", "the answer is no: not ready, drift found, credentials or rights rejected"},
		{SignIn, "sign-in-needed", "sign-in needed: no usable credential stored"},
		{Undecided, "undecided", "undecided: answers are missing (all listed at once, each with its flag)"},
		{Remote, "remote", "the remote could not be asked: network, TLS, 429, 5xx, not JSON"},
		{Person, "person", "a person must decide (check-beta: only manual checks are left)"},
		{Interrupted, "interrupted", "interrupted"},
	}
}

// Name returns the stable word of a code, or "fault" for a code that is not in
// the table.
func (c Code) Name() string {
	for _, r := range Table() {
		if r.Code == c {
			return r.Name
		}
	}
	return "fault"
}

// Problem is one thing that is wrong with something that the user gave: what,
// where, and what to do about it.
type Problem struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`   // from 1; 0 where there is no line
	Column int    `json:"column,omitempty"` // from 1; 0 where there is no column
	What   string `json:"what"`
	Do     string `json:"do,omitempty"`
}

// String renders the problem as file:line:column: what; what to do.
func (p Problem) String() string {
	s := p.What
	if p.Do != "" {
		s += "; " + p.Do
	}
	at := p.File
	if p.Line > 0 {
		at += fmt.Sprintf(":%d", p.Line)
		if p.Column > 0 {
			at += fmt.Sprintf(":%d", p.Column)
		}
	}
	if at == "" {
		return s
	}
	return at + ": " + s
}

// Error is a failure with a code. Its zero Code means Fault.
type Error struct {
	Code     Code
	Problems []Problem // at least one for a failure that is worth words
	Err      error     // the cause, if another error caused it
}

// Error joins the problems, one on a line.
func (e *Error) Error() string {
	s := ""
	for i, p := range e.Problems {
		if i > 0 {
			s += "\n"
		}
		s += p.String()
	}
	if s == "" && e.Err != nil {
		s = e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf builds a failure with one problem that has no place in a file. A %w
// verb keeps the cause.
func Errorf(code Code, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Problems: []Problem{{What: err.Error()}}, Err: errors.Unwrap(err)}
}

// Problems builds a failure from several problems, or nil when there is none.
func Problems(code Code, problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	return &Error{Code: code, Problems: problems}
}

// verdict is a code without words: the answer has been printed already.
type verdict Code

func (v verdict) Error() string { return fmt.Sprintf("exit code %d", int(v)) }

// Verdict returns an error that carries a code and nothing to print, or nil
// for OK. Commands use it after they have rendered a result that says no.
func Verdict(code Code) error {
	if code == OK {
		return nil
	}
	return verdict(code)
}

// Silent tells whether err only carries a verdict that was already printed.
func Silent(err error) bool {
	var v verdict
	return errors.As(err, &v)
}

// Of resolves the exit code of an error by walking its chain. The innermost
// code wins, so that a wrap without a code, or with a general one, cannot hide
// the specific one below it.
func Of(err error) Code {
	if err == nil {
		return OK
	}
	code := Fault
	walk(err, func(e error) {
		switch v := e.(type) { //nolint:errorlint // the walk itself visits every link
		case *Error:
			if v.Code != OK {
				code = v.Code
			}
		case verdict:
			code = Code(v)
		}
	})
	return code
}

// List returns the problems of an error for a renderer: those of the innermost
// *Error, or the plain text of an error that has none.
func List(err error) []Problem {
	if err == nil {
		return nil
	}
	var found []Problem
	walk(err, func(e error) {
		if v, ok := e.(*Error); ok && len(v.Problems) > 0 { //nolint:errorlint // as above
			found = v.Problems
		}
	})
	if found == nil {
		found = []Problem{{What: err.Error()}}
	}
	return found
}

func walk(err error, visit func(error)) {
	visit(err)
	switch u := err.(type) { //nolint:errorlint // this is the unwrapping
	case interface{ Unwrap() error }:
		if next := u.Unwrap(); next != nil {
			walk(next, visit)
		}
	case interface{ Unwrap() []error }:
		for _, next := range u.Unwrap() {
			walk(next, visit)
		}
	}
}
