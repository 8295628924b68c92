package flow

import (
	"context"
	"encoding/json"
	"math"
	"net/url"
	"time"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
)

// Revoke asks the server to void a token (RFC 7009 2.1). hint is access_token,
// refresh_token or "". 200 means done, also for a token that the server does
// not know. The error is a *wire.Failure, an *exit.Error, or that of ctx.
func (c *Client) Revoke(ctx context.Context, cfg Config, token secret.Value, hint string) (*wire.Answer, error) {
	form := url.Values{"token": {token.Reveal()}}
	if hint != "" {
		form.Set("token_type_hint", hint)
	}
	return c.post(ctx, cfg, cfg.RevokeURL, "the revocation endpoint", form)
}

// Introspection is what a server says of a token (RFC 7662 2.2). Absent members
// are empty.
type Introspection struct {
	Active          bool
	Scope, ClientID string
	Exp             time.Time
	Answer          *wire.Answer // its body may hold secrets: some servers repeat the client secret
}

// Introspect asks the server about a token (RFC 7662 2.1). An answer without
// the member active is a *Refusal; other errors as for Revoke.
func (c *Client) Introspect(ctx context.Context, cfg Config, token secret.Value) (*Introspection, error) {
	a, err := c.post(ctx, cfg, cfg.IntrospectURL, "the introspection endpoint", url.Values{"token": {token.Reveal()}})
	if err != nil {
		return nil, err
	}
	if shape := Shape(a); shape != "" {
		return nil, &Refusal{NotOAuth: shape, Answer: a}
	}
	m := objectOf(a)
	i := &Introspection{Answer: a, Scope: textMember(m, "scope"), ClientID: textMember(m, "client_id")}
	if a.Status != 200 || !m.has("active") || json.Unmarshal(m["active"], &i.Active) != nil {
		return nil, refusal(a, m, textMember(m, "error"))
	}
	var exp float64
	if m.has("exp") && json.Unmarshal(m["exp"], &exp) == nil && exp > 0 && exp < math.MaxInt32*100 {
		i.Exp = time.Unix(int64(exp), 0)
	}
	return i, nil
}
