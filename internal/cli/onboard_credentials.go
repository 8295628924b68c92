package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/terminal/ask"
)

// The choices of the offer that are no name of a stored credential: a name
// begins with a letter or a digit.
const (
	checkLater = "-"
	checkNew   = "+"
)

// proveLater runs the credential check at the end of a guided run: where a flag
// names one, or where the application entry exists in the portal and a person is
// there to say so. It never changes the exit code of the run.
func (s *session) proveLater(ctx context.Context, named string, talk bool, set trait.Set, result error) error {
	if result != nil && !exit.Silent(result) {
		return result
	}
	_, configured := set.Get("portal.app_configured")
	if named == "" && configured && talk {
		choice, err := s.offerCheck(ctx)
		switch {
		case errors.Is(err, ask.ErrInterrupted):
			return result
		case err != nil:
			return s.aside(err, result)
		case choice == checkNew:
			return s.aside(s.loginHere(ctx), result)
		case choice == checkLater:
			return result
		}
		return s.aside(s.checkHere(ctx, choice), result)
	}
	if named == "" {
		return result
	}
	if err := s.checkHere(ctx, named); err != nil {
		return err
	}
	return result
}

// aside says why an offered check came to nothing. The answers are saved, so the
// run ends as it would have without the offer.
func (s *session) aside(err, result error) error {
	if err != nil && !exit.Silent(err) && !errors.Is(err, context.Canceled) {
		s.fail(err, nil)
		s.hint("No credential was checked; ngapi auth login and ngapi auth check do it at any time.")
	}
	return result
}

// checkHere checks a stored credential.
func (s *session) checkHere(ctx context.Context, name string) error {
	f := &checkFlags{}
	f.add(&cobra.Command{})
	d, err := s.authCheck(ctx, name, f)
	if err != nil {
		return err
	}
	return s.tell(d)
}

// tell shows a report beside the answer of the run, on stderr.
func (s *session) tell(d report.Auth) error {
	if _, err := s.world.Streams.Err.Write(append([]byte("\n"), report.AuthText(s.talk(), d)...)); err != nil {
		return exit.Errorf(exit.Fault, "cannot write to stderr: %w", err)
	}
	return nil
}

// loginHere gets and stores a new credential.
func (s *session) loginHere(ctx context.Context) error {
	f := &loginFlags{store: storeKeyring}
	f.add(&cobra.Command{})
	d, note, err := s.authLogin(ctx, "", f)
	if err != nil {
		return err
	}
	err = s.tell(d)
	s.hint("%s", note)
	return err
}

// offerCheck asks which credential to check, if any.
func (s *session) offerCheck(ctx context.Context) (string, error) {
	list, err := s.credentials()
	if err != nil {
		return checkLater, err
	}
	q := ask.Question{
		ID: "credentials", Title: "The application entry exists in the portal. Check its OAuth2 credentials now?", Kind: ask.Select,
		Why:     "A wrong site id or a missing approval shows here in a minute, and in week six otherwise.",
		Choices: []ask.Choice{{Value: checkLater, Label: "Not now", Help: "ngapi auth check does it at any time"}},
		Default: []string{checkLater},
	}
	for _, c := range list[:min(len(list), 6)] {
		if c.Flow == string(flow.GSA) || c.Store != "" {
			q.Choices = append(q.Choices, ask.Choice{Value: c.Name, Label: c.Name, Help: c.Flow + " " + c.Environment})
		}
	}
	q.Choices = append(q.Choices, ask.Choice{Value: checkNew, Label: "A new credential", Help: "asked for, checked, and stored in the keyring"})
	form := &oneQuestion{q: q}
	o := ask.OptionsFor(s.world.Streams, s.colorMode(), s.set.Accessible.V)
	o.Unsaved = true // the profile is saved already
	if err := ask.Run(ctx, o, form); err != nil {
		return checkLater, err
	}
	return form.answer, nil
}

// oneQuestion is a flow of a single question.
type oneQuestion struct {
	q      ask.Question
	done   bool
	answer string
}

// Next implements ask.Flow.
func (o *oneQuestion) Next() (ask.Page, bool, error) { return ask.Page{Question: o.q}, !o.done, nil }

// Accept implements ask.Flow.
func (o *oneQuestion) Accept(_ ask.Question, a ask.Answer) ([]string, error) {
	o.done = true
	if len(a.Values) > 0 {
		o.answer = a.Values[0]
	}
	return nil, nil
}

// Back implements ask.Flow.
func (o *oneQuestion) Back() bool { return false }
