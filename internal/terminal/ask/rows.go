package ask

import (
	"errors"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/terminal"
)

// role is what choosing a row means.
type role int

const (
	pick    role = iota // the choice itself
	skip                // leave an optional question empty
	unknown             // "I don't know yet"
)

// row is one line of a list: a choice of the question or one that this package
// adds. Its texts are clean.
type row struct {
	role  role
	value string
	label string
	help  string
}

// rowsOf lists what can be chosen, in order. A text question has no rows.
func rowsOf(q Question) []row {
	if q.Kind == Text {
		return nil
	}
	choices := q.Choices
	if q.Kind == Confirm && len(choices) == 0 {
		choices = []Choice{{Value: "true", Label: "Yes"}, {Value: "false", Label: "No"}}
	}
	var rows []row
	for _, c := range choices {
		label := c.Label
		if label == "" {
			label = c.Value
		}
		rows = append(rows, row{pick, c.Value, terminal.Clean(label), terminal.Clean(c.Help)})
	}
	if q.Optional && q.Kind != Multi {
		rows = append(rows, row{role: skip, label: "Skip this question"})
	}
	if q.Unknown {
		rows = append(rows, row{role: unknown, label: unknownLabel})
	}
	return rows
}

const unknownLabel = "I don't know yet"

// defaultRows returns the rows that hold the answer so far.
func defaultRows(q Question, rows []row) []int {
	var at []int
	for i, r := range rows {
		switch r.role {
		case pick:
			if slices.Contains(q.Default, r.value) {
				at = append(at, i)
			}
		case unknown:
			if q.DefaultUnknown {
				at = append(at, i)
			}
		case skip:
		}
	}
	if q.Kind != Multi && len(at) > 1 {
		at = at[:1]
	}
	return at
}

// answerOf turns chosen rows into an answer and checks it.
func answerOf(q Question, rows []row, chosen []int) (Answer, error) {
	var a Answer
	for _, i := range chosen {
		switch r := rows[i]; r.role {
		case pick:
			a.Values = append(a.Values, r.value)
		case unknown:
			a.Unknown = true
		case skip:
		}
	}
	if a.Unknown && len(a.Values) > 0 {
		return a, errors.New(`choose either answers or "` + unknownLabel + `", not both`)
	}
	return a, check(q, a)
}

// answerText turns typed text into an answer and checks it. Nothing typed means
// "I don't know yet" where the question offers that.
func answerText(q Question, text string) (Answer, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		a := Answer{Unknown: q.Unknown}
		return a, check(q, a)
	}
	if terminal.Clean(text) != text {
		return Answer{}, errors.New("the text holds control characters; type it again")
	}
	a := Answer{Values: []string{text}}
	return a, check(q, a)
}

// say puts an answer into words, for the line that stays on the screen.
func say(q Question, a Answer) string {
	switch {
	case a.Unknown:
		return unknownLabel
	case len(a.Values) == 0:
		return "(left empty)"
	}
	words := make([]string, 0, len(a.Values))
	for _, v := range a.Values {
		word := terminal.Clean(v)
		for _, r := range rowsOf(q) {
			if r.role == pick && r.value == v {
				word = r.label
			}
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}
