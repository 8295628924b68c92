package flow

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/exit"
)

// sessionHeader carries the choice of enterprise and practice. It is in the
// header of the answer to login-defaults, not in its body.
const sessionHeader = "X-NG-SessionId"

// Read gets an address once, with the token and, where there is one, the
// session. A nil token, or an empty one, sends no Authorization. The status is
// the caller's to judge. The error is a *wire.Failure, an exit.Usage error for
// an address that is none, or that of ctx. The patient id of the token is
// hidden in what is shown of the address.
func (c *Client) Read(ctx context.Context, address string, tok *Token, session secret.Value) (*wire.Answer, error) {
	return c.api(ctx, http.MethodGet, address, tok, session, nil)
}

// LoginDefaults chooses the enterprise and practice of cfg: PUT
// {APIBase}/users/me/login-defaults. The session is empty where the answer has
// no X-NG-SessionId header. Errors as for Read.
func (c *Client) LoginDefaults(ctx context.Context, cfg Config, tok *Token) (*wire.Answer, secret.Value, error) {
	body, err := json.Marshal(map[string]string{"enterpriseId": cfg.EnterpriseID, "practiceId": cfg.PracticeID})
	if err != nil {
		return nil, secret.Value{}, exit.Errorf(exit.Fault, "the login defaults could not be written")
	}
	address := strings.TrimRight(cfg.APIBase, "/") + "/users/me/login-defaults"
	a, err := c.api(ctx, http.MethodPut, address, tok, secret.Value{}, body)
	if err != nil {
		return nil, secret.Value{}, err
	}
	return a, secret.New(strings.TrimSpace(a.Header.Get(sessionHeader))), nil
}

// api sends one request to the API.
func (c *Client) api(ctx context.Context, method, address string, tok *Token, session secret.Value, body []byte) (*wire.Answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "the address of the API cannot be used; give an absolute https address")
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if tok != nil {
		if !tok.Access.Empty() {
			r.Header.Set("Authorization", "Bearer "+tok.Access.Reveal())
		}
		if tok.Patient != "" {
			ctx = wire.Hiding(ctx, tok.Patient)
		}
	}
	if !session.Empty() {
		r.Header.Set(sessionHeader, session.Reveal())
	}
	return c.Wire.Do(ctx, wire.API, r)
}
