// Package quiet keeps every command from waiting for a terminal that does not
// answer.
//
// The form library links Bubble Tea v1. While that package is initialised it
// asks the terminal for its background colour and waits up to five seconds for
// the reply: in every run of the program, "version" and "--help" included, and
// long before any code of ours could prevent it. Terminals of agents, of CI and
// of serial lines never reply, and a command that was typed ahead is swallowed
// by the wait.
//
// The question is not asked once lip gloss has been told the answer. This
// package imports nothing but lip gloss and tells it while it is itself
// initialised. Go initialises packages that are ready in the order of their
// import paths, so the trick works only because
// "github.com/apionboard/ngapi/internal/terminal/quiet" sorts before
// "github.com/charmbracelet/bubbletea", and only as long as this package
// imports nothing that depends on Bubble Tea. A module path that sorts later
// brings the wait back; the test of this package would notice.
//
// "Dark" is as good an answer as "light": the programs' styles use the sixteen
// terminal colours and attributes only, which the terminal itself adapts.
package quiet

import "github.com/charmbracelet/lipgloss"

// Answered is true once the background colour has been settled. It exists so
// that packages which link Bubble Tea can refer to this one by name; that
// reference makes the order of initialisation visible in the code.
//
// A variable instead of an init function: both run at the same moment, and the
// house has no init functions.
var Answered = settle()

func settle() bool {
	lipgloss.SetHasDarkBackground(true)
	return true
}
