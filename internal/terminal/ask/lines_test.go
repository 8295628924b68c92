package ask

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestLinesAnswers(t *testing.T) {
	color := []Choice{{Value: "red", Label: "Warm red"}, {Value: "blue"}, {Value: "3", Label: "Three"}}
	one := Question{ID: "x", Title: "Which?", Kind: Select, Choices: color}
	many := Question{ID: "x", Title: "Which?", Kind: Multi, Choices: color}
	text := Question{ID: "x", Title: "Name?", Kind: Text}
	yes := Question{ID: "x", Title: "Sure?", Kind: Confirm}
	with := func(q Question, change func(*Question)) Question { change(&q); return q }
	optional := func(q *Question) { q.Optional = true }
	dontKnow := func(q *Question) { q.Unknown = true }

	tests := []struct {
		name  string
		q     Question
		input string
		want  string // the summary
		says  string // must be in the output
	}{
		{"select by number", one, "2\n", "x=blue", "2. blue"},
		{"select by number with a dot", one, "1.\n", "x=red", ""},
		{"select by value in any case", one, "RED\n", "x=red", "1. Warm red (red)"},
		{"select by label", one, "warm red\n", "x=red", ""},
		{"a value that looks like a number is the value", one, "3\n", "x=3", ""},
		{"select without default needs an answer", one, "\n1\n", "x=red", "Not accepted: an answer is needed; type a number from 1 to 3"},
		{"select out of range", one, "4\n0\n-1\n1\n", "x=red", "Not accepted: 4 is not one of the choices"},
		{"bad input is printed clean", one, "\x1b[31m\n1\n", "x=red", `Not accepted: \x1b[31m is not one`},
		{"select default", with(one, func(q *Question) { q.Default = []string{"blue"} }), "\n", "x=blue", "Number, or Enter for blue:"},
		{"stale default is no default", with(one, func(q *Question) { q.Default = []string{"green"} }), "\n1\n", "x=red", "an answer is needed"},
		{"select unknown by number", with(one, dontKnow), "4\n", "x=unknown", "4. I don't know yet"},
		{"select unknown so far", with(one, func(q *Question) { q.Unknown, q.DefaultUnknown = true, true }), "\n", "x=unknown", "Enter for I don't know yet"},
		{"optional select by Enter", with(one, optional), "\n", "x=", "Enter to skip"},
		{"optional select by row", with(one, optional), "4\n", "x=", "4. Skip this question"},
		{"optional select drops its default", with(one, func(q *Question) { q.Optional, q.Default = true, []string{"red"} }), "-\n", "x=", ""},
		{"multi by numbers", many, "2, 1\n", "x=red+blue", ""},
		{"multi by values", many, "blue,red,blue\n", "x=red+blue", ""},
		{"multi with one wrong", many, "1,9\n1\n", "x=red", "Not accepted: 9 is not one of the choices; type numbers from 1 to 3"},
		{"multi of commas only", many, ",,\n1\n", "x=red", "Not accepted: choose at least one"},
		{"multi empty", many, "\n1\n", "x=red", "Not accepted: an answer is needed"},
		{"multi default", with(many, func(q *Question) { q.Default = []string{"red", "3"} }), "\n", "x=red+3", "Enter for Warm red, Three"},
		{"multi optional", with(many, optional), "\n", "x=", ""},
		{"multi unknown", with(many, dontKnow), "4\n", "x=unknown", ""},
		{"multi unknown and known", with(many, dontKnow), "1,4\n4\n", "x=unknown", "not both"},
		{"text", text, "  Acme Health \n", "x=Acme Health", ""},
		{"text with CR LF", text, "Acme\r\n", "x=Acme", ""},
		{"text needed", text, "\nAcme\n", "x=Acme", "Not accepted: an answer is needed"},
		{"text default", with(text, func(q *Question) { q.Default = []string{"Acme"} }), "\n", "x=Acme", "Answer, or Enter for Acme:"},
		{"text optional", with(text, optional), "\n", "x=", ""},
		{"text optional drops its default", with(text, func(q *Question) { q.Optional, q.Default = true, []string{"Acme"} }), "-\n", "x=", ""},
		{"text unknown", with(text, dontKnow), "\n", "x=unknown", "Enter if you don't know yet"},
		{"text of a sign", text, `\q` + "\n", "x=q", ""},
		{"text of a hyphen where nothing can be dropped", text, "-\n", "x=-", ""},
		{"text with controls", text, "a\x1b[Ab\nok\n", "x=ok", "Not accepted: the text holds control characters"},
		{"text too long", text, strings.Repeat("a", maxLine+1) + "\nok\n", "x=ok", "Not accepted: the line is too long"},
		{"text without a line end", text, "Acme", "x=Acme", ""},
		{"confirm", yes, "y\n", "x=true", "1. Yes"},
		{"confirm no", yes, "No\n", "x=false", ""},
		{"confirm by value", yes, "false\n", "x=false", ""},
		{"validator", with(text, func(q *Question) {
			q.Validate = func(v []string) error {
				if v[0] != "good" {
					return errors.New("it must be good\x07")
				}
				return nil
			}
		}), "bad\ngood\n", "x=good", `Not accepted: it must be good\x07`},
		{"validator that panics", with(text, func(q *Question) {
			calls := 0
			q.Validate = func([]string) error {
				if calls++; calls == 1 {
					panic("boom")
				}
				return nil
			}
		}), "a\nb\n", "x=b", "Not accepted: this answer could not be checked: boom"},
		{"help", one, "?\n1\n", "x=red", "Type the number of one choice, or its value."},
		{"texts are clean", with(text, func(q *Question) { q.Title, q.Help = "Na\u202eme\x1b?", "one\ntwo\x07" }), "a\n", "x=a", `Na\u202eme\x1b?`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			flow := &listFlow{questions: []Question{tt.q}}
			var out bytes.Buffer
			err := Run(t.Context(), Options{In: strings.NewReader(tt.input), Err: &out, LineMode: true}, flow)
			if err != nil {
				t.Fatalf("%v\n%s", err, out.String())
			}
			if got := flow.summary(); got != tt.want {
				t.Errorf("answers %q, want %q\n%s", got, tt.want, out.String())
			}
			if !strings.Contains(out.String(), tt.says) {
				t.Errorf("output lacks %q:\n%s", tt.says, out.String())
			}
			if i := strings.IndexFunc(out.String(), func(r rune) bool { return r < 0x20 && r != '\n' }); i >= 0 {
				t.Errorf("control character at byte %d of the output", i)
			}
		})
	}
}

func TestLinesRun(t *testing.T) {
	const all = "Acme\n2\n2,3\nyes\n\n"
	tests := []struct {
		name  string
		input string
		want  error
		sum   string
		says  string
	}{
		{"whole run", all, nil, "name=Acme audience=providers apis=enterprise+fhir unattended=true version=5.9.2", "Step 5 of 5: "},
		{"decisions are printed", all, nil, "name=Acme audience=providers apis=enterprise+fhir unattended=true version=5.9.2", "\n  because app.audience is providers\n"},
		{"back keeps answers", "Acme\n2\n<\n<\n\n\n1\nno\n\n", nil, "name=Acme audience=providers apis=patient-access unattended=false version=5.9.2", "Answer, or Enter for Acme:"},
		{"back at the start", "<\n" + all, nil, "name=Acme audience=providers apis=enterprise+fhir unattended=true version=5.9.2", "This is the first question."},
		{"save and quit", "Acme\nq\n", ErrInterrupted, "name=Acme", ""},
		{"end of input", "Acme\n2\n", ErrInputEnded, "name=Acme audience=providers", ""},
		{"no input at all", "", ErrInputEnded, "", ""},
		{"end of input on a bad answer", "Acme\nnobody\n", ErrInputEnded, "name=Acme", "nobody is not one"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			flow := &listFlow{questions: sample()}
			var out bytes.Buffer
			err := Run(t.Context(), Options{In: iotest.OneByteReader(strings.NewReader(tt.input)), Err: &out, LineMode: true}, flow)
			if !errors.Is(err, tt.want) {
				t.Errorf("error %v, want %v", err, tt.want)
			}
			if got := flow.summary(); got != tt.sum {
				t.Errorf("answers %q, want %q", got, tt.sum)
			}
			if !strings.Contains(out.String(), tt.says) {
				t.Errorf("output lacks %q:\n%s", tt.says, out.String())
			}
		})
	}
}

func TestLinesRejectionAndFault(t *testing.T) {
	calls := 0
	flow := &listFlow{questions: sample()[:1], accept: func(Question, Answer) ([]string, error) {
		if calls++; calls == 1 {
			return nil, Rejection("this name is taken")
		}
		return nil, errors.New("disk full")
	}}
	var out bytes.Buffer
	err := Run(t.Context(), Options{In: strings.NewReader("a\nb\nc\n"), Err: &out, LineMode: true}, flow)
	if err == nil || err.Error() != "disk full" {
		t.Errorf("error %v, want the flow's own", err)
	}
	if !strings.Contains(out.String(), "Not accepted: this name is taken") {
		t.Errorf("the rejection is not shown:\n%s", out.String())
	}
}

// A second run, or a prompt for a secret, must find the input where the first
// one left it.
func TestLinesDoNotReadAhead(t *testing.T) {
	in := strings.NewReader("first\nsecond\n")
	o := Options{In: in, Err: io.Discard, LineMode: true}
	for _, want := range []string{"x=first", "x=second"} {
		flow := &listFlow{questions: []Question{{ID: "x", Title: "?", Kind: Text}}}
		if err := Run(t.Context(), o, flow); err != nil || flow.summary() != want {
			t.Errorf("%v, %q, want %q", err, flow.summary(), want)
		}
	}
}

func TestLinesCancelled(t *testing.T) {
	in, hold := io.Pipe() // nobody ever writes
	defer hold.Close()
	cause := errors.New("SIGTERM")
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- Run(ctx, Options{In: in, Err: io.Discard, LineMode: true}, &listFlow{questions: sample()})
	}()
	cancel(cause)
	select {
	case err := <-done:
		if !errors.Is(err, ErrInterrupted) || !errors.Is(err, cause) {
			t.Errorf("error %v, want ErrInterrupted with its cause", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("still waiting for a line")
	}
	// Before the first question too.
	if err := Run(ctx, Options{In: in, Err: io.Discard}, &listFlow{questions: sample()}); !errors.Is(err, ErrInterrupted) {
		t.Errorf("error %v, want ErrInterrupted", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestLinesBrokenOutput(t *testing.T) {
	err := Run(t.Context(), Options{In: strings.NewReader("Acme\n"), Err: brokenWriter{}, LineMode: true}, &listFlow{questions: sample()})
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("error %v: unread questions must not be answered", err)
	}
}

func TestLinesNarrow(t *testing.T) {
	var out bytes.Buffer
	o := Options{In: strings.NewReader("Acme\n2\n1\n1\n\n"), Err: &out, LineMode: true, Width: 40}
	if err := Run(t.Context(), o, &listFlow{questions: sample()}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := len(strings.TrimRight(line, "\n")); n > 42 { // the prompt's blank comes on top
			t.Errorf("%d columns: %q", n, line)
		}
	}
}

func FuzzPromptParse(f *testing.F) {
	for _, s := range []string{"", "-", "1", "1,2", "?", `\q`, "\x1b", "99999999999999999999", "I don't know yet", ",", "y"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, q := range sample() {
			a, err := newPrompt(Page{Question: q}).parse(line)
			if err == nil && a.Unknown && len(a.Values) > 0 {
				t.Fatalf("%s: %q is both unknown and %q", q.ID, line, a.Values)
			}
			if err == nil && !a.Unknown && len(a.Values) == 0 && !q.Optional {
				t.Fatalf("%s: %q left a required answer empty", q.ID, line)
			}
		}
	})
}
