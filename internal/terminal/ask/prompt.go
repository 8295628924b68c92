package ask

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/apionboard/ngapi/internal/terminal"
)

// prompt is one question in words: how it reads and how a typed line answers
// it. It neither reads nor writes.
type prompt struct {
	q          Question
	step, of   int
	rows       []row
	defaults   []int  // rows that Enter accepts
	text       string // text that Enter accepts
	hasDefault bool
}

func newPrompt(page Page) prompt {
	p := prompt{q: page.Question, step: page.Step, of: page.Total}
	p.rows = rowsOf(p.q)
	p.defaults = defaultRows(p.q, p.rows)
	if p.q.Kind == Text && len(p.q.Default) > 0 {
		p.text = p.q.Default[0]
	}
	p.hasDefault = len(p.defaults) > 0 || p.text != ""
	return p
}

// heading is the place of the question and its title.
func (p prompt) heading() string {
	title := terminal.Clean(p.q.Title)
	if p.step <= 0 {
		return title
	}
	if p.of < p.step {
		return fmt.Sprintf("Step %d: %s", p.step, title)
	}
	return fmt.Sprintf("Step %d of %d: %s", p.step, p.of, title)
}

// invitation is the line at which the person types. It names the default in
// words, because brackets and capitals cannot be heard.
func (p prompt) invitation() string {
	ask := "Answer"
	switch p.q.Kind {
	case Select, Confirm:
		ask = "Number"
	case Multi:
		ask = "Numbers with commas"
	case Text:
	}
	return ask + p.onEnter() + ":"
}

// onEnter tells what an empty line means here.
func (p prompt) onEnter() string {
	switch {
	case len(p.defaults) > 0:
		labels := make([]string, 0, len(p.defaults))
		for _, i := range p.defaults {
			labels = append(labels, p.rows[i].label)
		}
		return ", or Enter for " + strings.Join(labels, ", ")
	case p.text != "":
		return ", or Enter for " + terminal.Clean(p.text)
	case p.q.Kind == Text && p.q.Unknown:
		return ", or Enter if you don't know yet"
	case p.q.Optional:
		return ", or Enter to skip"
	}
	return ""
}

// instructions say how to answer this kind of question.
func (p prompt) instructions(leave string) []string {
	var say []string
	switch p.q.Kind {
	case Select, Confirm:
		say = append(say, "Type the number of one choice, or its value.")
	case Multi:
		say = append(say, "Type the numbers of all choices that apply, separated by commas: 1,3. Values work too.")
	case Text:
		say = append(say, `To answer with one of the signs ?, <, q or - itself, put a backslash before it: \q.`)
	}
	if p.canBeEmptied() {
		say = append(say, "Type - to leave the answer empty.")
	}
	return append(say, "Type ? to read this again, < for the question before, q to "+leave+".")
}

// canBeEmptied tells whether "-" drops a default: an empty line would take it.
func (p prompt) canBeEmptied() bool {
	return p.hasDefault && (p.q.Optional || p.q.Kind == Text && p.q.Unknown)
}

// parse turns a typed line into a checked answer.
func (p prompt) parse(line string) (Answer, error) {
	line = strings.TrimSpace(line)
	empty := line == "-" && p.canBeEmptied()
	if p.q.Kind == Text {
		switch {
		case empty:
			line = ""
		case line == "":
			line = p.text
		case slices.Contains([]string{`\?`, `\<`, `\q`, `\-`}, line):
			line = line[1:]
		}
		return answerText(p.q, line)
	}
	chosen := p.defaults
	switch {
	case empty:
		chosen = nil
	case line != "":
		var err error
		if chosen, err = p.find(line); err != nil {
			return Answer{}, err
		}
	case !p.hasDefault && !p.q.Optional:
		return Answer{}, errors.New("an answer is needed; " + p.wanted())
	}
	return answerOf(p.q, p.rows, chosen)
}

// find reads numbers and values. The whole line is tried as a value first, so
// that values with commas can be typed.
func (p prompt) find(line string) ([]int, error) {
	if i, ok := p.match(line); ok {
		return []int{i}, nil
	}
	if p.q.Kind != Multi {
		return nil, fmt.Errorf("%s is not one of the choices; %s", terminal.Clean(line), p.wanted())
	}
	var chosen []int
	for part := range strings.SplitSeq(line, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		i, ok := p.match(part)
		if !ok {
			return nil, fmt.Errorf("%s is not one of the choices; %s", terminal.Clean(part), p.wanted())
		}
		if !slices.Contains(chosen, i) {
			chosen = append(chosen, i)
		}
	}
	slices.Sort(chosen) // the order of the choices, however they were typed
	return chosen, nil
}

// match finds a row by value, label or number, in this order: a value may look
// like a number.
func (p prompt) match(word string) (int, bool) {
	for i, r := range p.rows {
		if r.role == pick && strings.EqualFold(r.value, word) {
			return i, true
		}
	}
	for i, r := range p.rows {
		if strings.EqualFold(r.label, word) {
			return i, true
		}
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(word, ".")); err == nil && n >= 1 && n <= len(p.rows) {
		return n - 1, true
	}
	if p.q.Kind == Confirm {
		return p.yesNo(word)
	}
	return 0, false
}

// yesNo reads the words people type at a yes-or-no question.
func (p prompt) yesNo(word string) (int, bool) {
	value := map[string]string{"y": "true", "yes": "true", "n": "false", "no": "false"}[strings.ToLower(word)]
	for i, r := range p.rows {
		if r.role == pick && value != "" && r.value == value {
			return i, true
		}
	}
	return 0, false
}

func (p prompt) wanted() string {
	if p.q.Kind == Multi {
		return fmt.Sprintf("type numbers from 1 to %d, separated by commas", len(p.rows))
	}
	return fmt.Sprintf("type a number from 1 to %d", len(p.rows))
}
