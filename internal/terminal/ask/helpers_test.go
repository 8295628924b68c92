package ask

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/term"
)

// childVar makes the test binary behave as a small program that asks: the only
// way to see whole runs on a terminal of their own. It can be run by hand too:
//
//	go test -c -o /tmp/ask.test && NGAPI_ASK_CHILD=pages /tmp/ask.test
const childVar = "NGAPI_ASK_CHILD"

func TestMain(m *testing.M) {
	if mode := os.Getenv(childVar); mode != "" {
		child(mode)
		return
	}
	m.Run()
}

// child runs the sample wizard on its own standard streams and prints how it
// ended on standard output.
func child(mode string) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o := Options{In: os.Stdin, Err: os.Stderr, LineMode: mode == "lines", Color: os.Getenv("NO_COLOR") == ""}
	o.Width, o.Height, _ = term.GetSize(int(os.Stderr.Fd()))
	flow := &listFlow{questions: sample()}
	if mode == "empty" {
		flow.questions = nil
	}
	before, _ := term.GetState(int(os.Stdin.Fd()))
	err := Run(ctx, o, flow)
	after, _ := term.GetState(int(os.Stdin.Fd()))
	fmt.Printf("outcome %s\n", outcome(err))
	fmt.Printf("answers %s\n", flow.summary())
	fmt.Printf("restored %t\n", fmt.Sprint(before) == fmt.Sprint(after))
}

func outcome(err error) string {
	switch {
	case err == nil:
		return "complete"
	case errors.Is(err, ErrInterrupted):
		return "interrupted"
	case errors.Is(err, ErrInputEnded):
		return "input-ended"
	}
	return err.Error()
}

// listFlow asks its questions in order and remembers the answers.
type listFlow struct {
	questions []Question
	at        int
	answers   map[string]Answer
	accept    func(Question, Answer) ([]string, error)
	noted     []string // every call, in order
}

func (f *listFlow) Next() (Page, bool, error) {
	if f.at >= len(f.questions) {
		return Page{}, false, nil
	}
	q := f.questions[f.at]
	if a, ok := f.answers[q.ID]; ok {
		q.Default, q.DefaultUnknown = a.Values, a.Unknown
	}
	return Page{Question: q, Step: f.at + 1, Total: len(f.questions)}, true, nil
}

func (f *listFlow) Accept(q Question, a Answer) ([]string, error) {
	f.noted = append(f.noted, "accept "+q.ID)
	var lines []string
	if f.accept != nil {
		var err error
		if lines, err = f.accept(q, a); err != nil {
			return nil, err
		}
	}
	if f.answers == nil {
		f.answers = map[string]Answer{}
	}
	f.answers[q.ID] = a
	f.at++
	if q.ID == "audience" {
		lines = append(lines, "decided: program open-access", "  because app.audience is "+strings.Join(a.Values, ","))
	}
	return lines, nil
}

func (f *listFlow) Back() bool {
	f.noted = append(f.noted, "back")
	if f.at == 0 {
		return false
	}
	f.at--
	return true
}

// summary is one word for each answer, in the order of the questions.
func (f *listFlow) summary() string {
	var words []string
	for _, q := range f.questions {
		a, ok := f.answers[q.ID]
		switch {
		case !ok:
		case a.Unknown:
			words = append(words, q.ID+"=unknown")
		default:
			words = append(words, q.ID+"="+strings.Join(a.Values, "+"))
		}
	}
	return strings.Join(words, " ")
}

// sample is a wizard of every kind of question.
func sample() []Question {
	return []Question{
		{
			ID: "name", Title: "What is the name of your application?", Kind: Text,
			Help: "The name that appears in the developer portal. It can be changed later.",
			Why:  "every document that ngapi drafts carries it.",
			Validate: func(v []string) error {
				if len(v[0]) > 20 {
					return errors.New("the name has " + strconv.Itoa(len(v[0])) + " characters; 20 are allowed")
				}
				return nil
			},
		},
		{
			ID: "audience", Title: "Who will use it?", Kind: Select, Unknown: true,
			Help: "Think of the person who signs in, not of the person who pays for the application.",
			Why:  "applications for patients and for practices follow different programs, with different terms.",
			Choices: []Choice{
				{Value: "patients", Label: "Patients or their representatives", Help: "They sign in with their own portal account."},
				{Value: "providers", Label: "Providers and staff of a practice that uses NextGen Enterprise EHR", Help: "They sign in with the practice, or nobody does."},
			},
		},
		{
			ID: "apis", Title: "Which interfaces does it call?", Kind: Multi, Unknown: true,
			Why: "each interface has its own sign-in and its own list of routes.",
			Choices: []Choice{
				{Value: "patient-access", Label: "Patient Access API"},
				{Value: "enterprise", Label: "Enterprise API", Help: "The routes under /nge/prod/nge-api/api."},
				{Value: "fhir", Label: "FHIR R4"},
			},
		},
		{ID: "unattended", Title: "Must it work while nobody is signed in?", Kind: Confirm, Default: []string{"false"}},
		{
			ID: "version", Title: "Which is the oldest NextGen Enterprise version it supports?", Kind: Text,
			Unknown: true, Default: []string{"5.9.2"}, Help: "Leave it empty if you do not know yet.",
		},
	}
}
