package flow

import "context"

// Finish holds an answer against its login and exchanges the code for a token.
// cfg is the one that the login was made with; the redirect address is taken
// from the login, for it must be the same in both requests (RFC 6749 4.1.3).
// Errors: a *CallbackError, or as of Exchange.
func (c *Client) Finish(ctx context.Context, cfg Config, l *Login, a Answer, expect Expect) (*Token, error) {
	if err := l.Check(a, expect); err != nil {
		return nil, err
	}
	cfg.RedirectURL = l.Redirect
	return c.Exchange(ctx, cfg, a.Code, l.Verifier)
}
