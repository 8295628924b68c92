package cli

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os/exec"
	"strings"
	"time"

	"github.com/cli/browser"

	"github.com/apionboard/ngapi/internal/credentials/check"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/terminal"
)

// signInTime is how long a person has to sign in.
const signInTime = 10 * time.Minute

// signIn returns how a token is got from a person: with the browser and a
// listener on this machine, or by pasting the redirected address.
func (s *session) signIn(in check.Input, noBrowser bool, got func(*flow.Token)) func(context.Context, flow.Config, *flow.Discovery) (*check.SignedIn, error) {
	return func(ctx context.Context, cfg flow.Config, found *flow.Discovery) (*check.SignedIn, error) {
		ctx, cancel := context.WithTimeout(ctx, signInTime)
		defer cancel()
		var cb *flow.Callback
		if !noBrowser {
			var err error
			if cb, err = flow.Listen(ctx, cfg.RedirectURL); err != nil {
				return nil, err
			}
			defer cb.Close() //nolint:errcheck // the sign-in is over; there is nothing to save
			cfg.RedirectURL = cb.URL
		} else if u, err := url.Parse(cfg.RedirectURL); err == nil && u.Port() == "0" {
			return nil, exit.Errorf(exit.Usage, "with --no-browser nobody listens, so port 0 chooses none; give --redirect-url with the registered port")
		}
		login, err := flow.NewLogin(cfg, rand.Reader)
		if err != nil {
			return nil, err
		}
		s.guard().Learn(login.Verifier, login.State, login.Nonce)
		answer, err := s.answer(ctx, login, cb)
		if err != nil {
			return nil, err
		}
		s.guard().Learn(answer.Code)
		return s.finish(ctx, in.Flow, cfg, login, answer, found, got)
	}
}

// answer sends the person to the server and waits for what comes back.
func (s *session) answer(ctx context.Context, login *flow.Login, cb *flow.Callback) (flow.Answer, error) {
	if cb == nil {
		s.sayAddress("Open this address and sign in. Then paste the whole address that the browser\nends on; that its page cannot be shown does not matter.", login.URL())
		line, err := s.readLine(ctx)
		if err != nil {
			return flow.Answer{}, err
		}
		return flow.ParseRedirected(line, login.Redirect)
	}
	if err := s.openBrowser(ctx, login.URL()); err != nil {
		s.sayAddress("No browser could be opened: "+noBrowserWords(err)+".\nOpen this address on this machine, or run again with --no-browser:", login.URL())
		s.hint("Waiting for the sign-in, for 10 minutes at most (Ctrl-C ends it).")
	} else {
		s.hint("Waiting for the sign-in in the browser, for 10 minutes at most (Ctrl-C ends it).\nIf no window opened, run again with --no-browser.")
	}
	return cb.Wait(ctx)
}

// noBrowserWords says why in the words of a person; those of the system name
// every program that was looked for.
func noBrowserWords(err error) string {
	switch {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return "no program for that was found"
	case errors.Is(err, fs.ErrPermission):
		return "the program may not be run"
	}
	return terminal.Clean(err.Error())
}

// sayAddress prints an address that holds the state of this sign-in: it is for
// the person in front of the terminal, so it does not pass the redactor.
func (s *session) sayAddress(words, address string) {
	_, _ = io.WriteString(s.bare, words+"\n\n  "+terminal.Clean(address)+"\n\n")
}

// finish checks the answer, gets the token and verifies the id token.
func (s *session) finish(ctx context.Context, client *flow.Client, cfg flow.Config, login *flow.Login, answer flow.Answer, found *flow.Discovery, got func(*flow.Token)) (*check.SignedIn, error) {
	expect := check.Expect(found)
	tok, err := client.Finish(ctx, cfg, login, answer, expect)
	var bad *flow.CallbackError
	if errors.As(err, &bad) {
		return nil, check.BadCallback(bad, s.guard())
	}
	out := &check.SignedIn{Token: tok, Aud: login.Aud}
	for _, id := range []string{"code.state", "code.iss", "code.callback"} {
		out.Checks = append(out.Checks, check.Make(id, check.Pass, map[string]string{
			"code.state": "the answer belongs to this sign-in", "code.iss": issuerWords(answer, expect), "code.callback": "one answer came to the redirect address",
		}[id]))
	}
	if err != nil {
		return out, err
	}
	s.guard().Learn(check.Secrets(tok)...)
	got(tok)
	if !tok.ID.Empty() {
		out.Checks = append(out.Checks, check.Identity(ctx, client, cfg, tok, login, found)...)
	}
	return out, nil
}

func issuerWords(a flow.Answer, e flow.Expect) string {
	switch {
	case !a.HasIssuer:
		return "the server names no issuer in its answer and promises none"
	case len(e.Issuers) == 0:
		return "the answer names an issuer, and no discovery document one to compare it with"
	}
	return "the issuer in the answer is a discovered one"
}

// readLine reads one line from standard input; a terminal is not needed, for
// --no-browser asked for it.
func (s *session) readLine(ctx context.Context) (string, error) {
	type result struct {
		line string
		err  error
	}
	got := make(chan result, 1)
	go func() { // a read cannot be cancelled; it ends with the process
		line, err := bufio.NewReader(io.LimitReader(s.world.Streams.In, 64<<10)).ReadString('\n')
		got <- result{line, err}
	}()
	select {
	case r := <-got:
		if r.err != nil && strings.TrimSpace(r.line) == "" {
			return "", exit.Errorf(exit.SignIn, "standard input ended before the redirected address came; paste the whole address of the page that the browser ends on")
		}
		return r.line, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// openBrowser opens an address with the program that BROWSER names, or the
// system's own.
func (s *session) openBrowser(ctx context.Context, address string) error {
	if program := strings.Fields(s.world.Env("BROWSER")); len(program) > 0 {
		cmd := exec.CommandContext(context.WithoutCancel(ctx), program[0], append(program[1:], address)...) //nolint:gosec // the user's own choice of browser
		cmd.Stdout, cmd.Stderr = s.world.Streams.Err, s.world.Streams.Err
		if err := cmd.Start(); err != nil {
			return err
		}
		go func() { _ = cmd.Wait() }()
		return nil
	}
	browser.Stdout, browser.Stderr = s.world.Streams.Err, s.world.Streams.Err // never into the answer
	return browser.OpenURL(address)
}
