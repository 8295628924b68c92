package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/terminal/ask"
)

// maxNamed is how many decisions a page names as the reason for its question.
const maxNamed = 4

// page turns a question of the rulebook into one for a person.
func (v *interview) page(q plan.Question) ask.Question {
	t, _ := trait.Standard().Get(q.Trait)
	out := ask.Question{
		ID: string(q.Trait), Title: q.Question, Help: q.Help, Why: why(q),
		Kind: kindOf(q.Type), Unknown: true,
		Validate: func(values []string) error { _, err := valueOf(t, values); return err },
	}
	if q.For != nil && !q.Required {
		out.Title += " (optional)"
	}
	for _, c := range q.Choices {
		out.Choices = append(out.Choices, ask.Choice{Value: c.Value, Label: c.Label, Help: c.Help})
	}
	if value, unknown, ok := v.proposal(q.Trait); ok {
		out.DefaultUnknown = unknown
		if !unknown {
			out.Default = value.List()
		}
	}
	return out
}

func kindOf(t trait.Type) ask.Kind {
	switch t {
	case trait.One:
		return ask.Select
	case trait.Many:
		return ask.Multi
	case trait.Bool:
		return ask.Confirm
	case trait.Text, trait.Path, trait.Version, trait.Date, trait.Records:
	}
	return ask.Text
}

// why says what an answer decides.
func why(q plan.Question) string {
	if len(q.For) == 0 {
		return "" // a correction that no decision waits for
	}
	names, more := q.For, ""
	if len(names) > maxNamed {
		more = fmt.Sprintf(" and %d more", len(names)-maxNamed+1)
		names = names[:maxNamed-1]
	}
	verb := "it decides "
	if !q.Required {
		verb = "it refines "
	}
	return verb + strings.Join(names, ", ") + more + "."
}

// valueOf reads the values that a page returned. The words of its error are
// meant for the person who typed them.
func valueOf(t trait.Trait, values []string) (trait.Value, error) {
	text := strings.TrimSpace(strings.Join(values, ","))
	if text == "" {
		return trait.Value{}, errors.New("an answer is needed")
	}
	v, err := t.Parse(text)
	var parse *trait.ParseError
	if errors.As(err, &parse) {
		return v, fmt.Errorf("%s; %s", strings.TrimPrefix(parse.What, string(t.ID)+" "), parse.Do)
	}
	return v, err
}
