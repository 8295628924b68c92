package ask_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/apionboard/ngapi/internal/terminal/ask"
)

// oneQuestion is the smallest flow.
type oneQuestion struct{ answer ask.Answer }

func (f *oneQuestion) Next() (ask.Page, bool, error) {
	q := ask.Question{
		ID: "audience", Title: "Who will use it?", Kind: ask.Select, Unknown: true,
		Why:     "programs differ for patients and practices.",
		Choices: []ask.Choice{{Value: "patients", Label: "Patients"}, {Value: "providers", Label: "Practices"}},
	}
	return ask.Page{Question: q, Step: 1, Total: 1}, f.answer.Values == nil, nil
}

func (f *oneQuestion) Accept(_ ask.Question, a ask.Answer) ([]string, error) {
	f.answer = a
	return []string{"program: open-access"}, nil
}

func (f *oneQuestion) Back() bool { return false }

func ExampleRun() {
	flow := &oneQuestion{}
	o := ask.Options{In: strings.NewReader("2\n"), Err: os.Stdout, LineMode: true}
	err := ask.Run(context.Background(), o, flow)
	fmt.Println(flow.answer.Values, err)
	// Output:
	//
	// Step 1 of 1: Who will use it?
	//   Why: programs differ for patients and practices.
	//   1. Patients
	//   2. Practices (providers)
	//   3. I don't know yet
	//   At any question: ? for help, < to go back, q to save and quit.
	// Number: program: open-access
	// [providers] <nil>
}
