package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/terminal"
	"github.com/apionboard/ngapi/internal/terminal/ask"
)

// canAskCredential tells whether a person is there and something is missing.
func (s *session) canAskCredential(g given) bool {
	return terminal.Interactive(s.world.Streams, s.set.NoInput.V) && len(questions(g)) > 0
}

// question is one missing field, as it is asked for.
type question struct {
	field field
	ask   ask.Question
}

// questions are what the flow still needs, in the order in which it is asked.
func questions(g given) []question {
	if g.Flow == "" {
		return []question{{field: fieldOf("flow"), ask: ask.Question{
			ID: "flow", Title: "Which kind of credential is it?", Kind: ask.Select,
			Choices: []ask.Choice{
				{Value: "gsa", Label: "Global Service Account", Help: "It works unattended, for one client and site."},
				{Value: "patient", Label: "Patient Access", Help: "A patient signs in with the browser."},
				{Value: "eal", Label: "External Application Launcher", Help: "It is started from the EHR: ngapi auth serve-launch."},
			},
		}}}
	}
	text := func(flag, title, help string, check func(string) error, optional bool) question {
		q := ask.Question{ID: flag, Title: title, Help: help, Kind: ask.Text, Optional: optional}
		if check != nil {
			q.Validate = func(v []string) error {
				if err := check(v[0]); err != nil {
					return errors.New(words(err))
				}
				return nil
			}
		}
		return question{fieldOf(flag), q}
	}
	all := []question{text("client-id", "What is the client id?", "It stands in the entry of the application in the developer portal.", nil, false)}
	switch g.Flow {
	case "gsa":
		all = append(all,
			text("site-id", "What is the site id?", "A GUID from the portal. It alone chooses sandbox, TEST or PROD of a client.", endpoint.SiteID, false),
			question{fieldOf("environment"), ask.Question{
				ID: "environment", Title: "Which environment does this site id choose?", Kind: ask.Select,
				Choices: []ask.Choice{{Value: "sandbox", Label: "Sandbox"}, {Value: "test", Label: "TEST of a client"}, {Value: "production", Label: "PROD of a client"}},
			}},
			text("enterprise-id", "Which enterprise?", "Five digits with their zeros, such as 00001. Leave it empty to check without a session for a practice.", endpoint.EnterpriseID, g.PracticeID == ""))
		if g.EnterpriseID != "" { // they belong together
			all = append(all, text("practice-id", "Which practice?", "Four digits with their zeros, such as 0001.", endpoint.PracticeID, false))
		}
	case "patient":
		all = append(all,
			text("redirect-url", "Which redirect address is registered in the portal?", "Letter by letter. A loopback address such as http://127.0.0.1:8765/callback lets the sign-in end by itself; any other needs --no-browser.", nil, false),
			text("scope", "Which scopes?", "Separated by spaces. ngapi routes scopes tells which your route list needs. Empty: as the portal says.", nil, true))
	}
	var missing []question
	for _, q := range all {
		if *q.field.at(&g.Credential) == "" {
			missing = append(missing, q)
		}
	}
	return missing
}

func fieldOf(flag string) field {
	for _, f := range fields() {
		if f.flag == flag {
			return f
		}
	}
	panic("no field " + flag)
}

// credentialForm is the flow of questions for one credential.
type credentialForm struct {
	g    given
	done map[string]bool
	past []string
}

// Next implements ask.Flow.
func (c *credentialForm) Next() (ask.Page, bool, error) {
	all := questions(c.g)
	for _, q := range all {
		if !c.done[q.ask.ID] {
			page := ask.Page{Question: q.ask, Step: len(c.past) + 1, Total: len(c.past) + c.open(all)}
			switch {
			case c.g.Flow == "":
				page.Total = 0 // the flow decides how many there are
			case c.g.Flow == "gsa" && c.g.EnterpriseID == "" && c.g.PracticeID == "":
				page.Total++ // an enterprise brings the question for its practice
			}
			return page, true, nil
		}
	}
	return ask.Page{}, false, nil
}

func (c *credentialForm) open(all []question) int {
	n := 0
	for _, q := range all {
		if !c.done[q.ask.ID] {
			n++
		}
	}
	return n
}

// Accept implements ask.Flow.
func (c *credentialForm) Accept(q ask.Question, a ask.Answer) ([]string, error) {
	c.done[q.ID] = true
	c.past = append(c.past, q.ID)
	if len(a.Values) > 0 {
		*fieldOf(q.ID).at(&c.g.Credential) = strings.TrimSpace(a.Values[0])
		c.g.from[q.ID] = "prompt"
	}
	return nil, nil
}

// Back implements ask.Flow.
func (c *credentialForm) Back() bool {
	if len(c.past) == 0 {
		return false
	}
	last := c.past[len(c.past)-1]
	c.past = c.past[:len(c.past)-1]
	delete(c.done, last)
	*fieldOf(last).at(&c.g.Credential) = ""
	delete(c.g.from, last)
	return true
}

// askCredential asks for what is missing.
func (s *session) askCredential(ctx context.Context, g given) (given, error) {
	form := &credentialForm{g: g, done: map[string]bool{}}
	o := ask.OptionsFor(s.world.Streams, s.colorMode(), s.set.Accessible.V)
	o.Unsaved = true
	err := ask.Run(ctx, o, form)
	if errors.Is(err, ask.ErrInterrupted) {
		s.hint("Nothing was stored.")
		return g, exit.Verdict(exit.Interrupted)
	}
	return form.g, err
}
