package exit

import (
	"errors"
	"fmt"
	"testing"
)

func TestOfWalksTheWholeChain(t *testing.T) {
	inner := Errorf(Usage, "bad %s", "thing")
	cases := []struct {
		name string
		err  error
		want Code
	}{
		{"nil", nil, OK},
		{"plain", errors.New("x"), Fault},
		{"direct", inner, Usage},
		{"wrapped twice", fmt.Errorf("b: %w", fmt.Errorf("a: %w", inner)), Usage},
		{"outer wrap without a code keeps the inner one", &Error{Err: inner}, Usage},
		{"outer wrap with another code keeps the inner one", &Error{Code: Fault, Err: inner}, Usage},
		{"Errorf with w keeps the inner one", Errorf(Fault, "ctx: %w", inner), Usage},
		{"joined", errors.Join(errors.New("x"), inner), Usage},
		{"verdict", Verdict(Undecided), Undecided},
		{"wrapped verdict", fmt.Errorf("a: %w", Verdict(No)), No},
	}
	for _, c := range cases {
		if got := Of(c.err); got != c.want {
			t.Errorf("%s: code %d, want %d", c.name, got, c.want)
		}
	}
}

func TestVerdictSaysNothing(t *testing.T) {
	if Verdict(OK) != nil {
		t.Error("a verdict of OK must be no error")
	}
	if !Silent(fmt.Errorf("x: %w", Verdict(No))) || Silent(errors.New("x")) {
		t.Error("Silent must recognise verdicts and nothing else")
	}
}

func TestProblemWords(t *testing.T) {
	p := Problem{File: "routes.csv", Line: 14, Column: 3, What: "method FETCH is not an HTTP method", Do: "use GET"}
	if got, want := p.String(), "routes.csv:14:3: method FETCH is not an HTTP method; use GET"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if Problems(Usage, nil) != nil {
		t.Error("no problems must be no error")
	}
	two := Problems(Usage, []Problem{{What: "a"}, {What: "b"}})
	if two.Error() != "a\nb" || len(List(fmt.Errorf("w: %w", two))) != 2 {
		t.Errorf("problems are lost: %q", two)
	}
	if got := List(errors.New("x")); len(got) != 1 || got[0].What != "x" {
		t.Errorf("plain error: %v", got)
	}
}

func TestTableIsCompleteAndSorted(t *testing.T) {
	last := Code(-1)
	for _, r := range Table() {
		if r.Code <= last || r.Name == "" || r.Meaning == "" {
			t.Errorf("row %+v is out of order or incomplete", r)
		}
		if r.Code.Name() != r.Name {
			t.Errorf("Name of %d is %q", r.Code, r.Code.Name())
		}
		last = r.Code
	}
}
