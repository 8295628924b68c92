package flow

import (
	"bytes"
	"context"
	"encoding/base64"
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

// Practice is one entry of /master/practices. The ids are texts, as sent:
// enterprise ids have 5 digits and practice ids 4, with leading zeros.
type Practice struct{ ID, EnterpriseID string }

// Read gets an address once, with the token and, where there is one, the
// session. A nil token, or an empty one, sends no Authorization. The status is
// the caller's to judge. The error is a *wire.Failure, an exit.Usage error for
// an address that is none, or that of ctx. The patient id of the token is
// hidden in what is shown of the address.
func (c *Client) Read(ctx context.Context, address string, tok *Token, session secret.Value) (*wire.Answer, error) {
	return c.api(ctx, http.MethodGet, address, tok, session, nil)
}

// Practices lists what the token may choose from: GET {APIBase}/master/practices,
// the one read that needs no session. The list is nil where the answer holds
// none; what it is then, Shape and the status tell. Errors as for Read.
func (c *Client) Practices(ctx context.Context, cfg Config, tok *Token) (*wire.Answer, []Practice, error) {
	a, err := c.Read(ctx, strings.TrimRight(cfg.APIBase, "/")+"/master/practices", tok, secret.Value{})
	if err != nil {
		return nil, nil, err
	}
	if a.Status != http.StatusOK || a.Cut {
		return a, nil, nil
	}
	return a, practices(jsonBody(a)), nil
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

// SessionChoice reads which enterprise and practice a session id stands for. It
// is no secret in the sense of a token: seen values are the base64 of
// enterprise|practice|location|provider||user. ok is false for another form,
// which says nothing against the session.
func SessionChoice(session secret.Value) (enterprise, practice string, ok bool) {
	text := strings.TrimRight(session.Reveal(), "=")
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		if raw, err = base64.RawURLEncoding.DecodeString(text); err != nil {
			return "", "", false
		}
	}
	fields := strings.Split(string(raw), "|")
	if len(fields) < 2 || !digits(fields[0]) || !digits(fields[1]) {
		return "", "", false
	}
	return fields[0], fields[1], true
}

func digits(s string) bool {
	return s != "" && len(s) <= 10 && strings.Trim(s, "0123456789") == ""
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

// practices reads a list, bare or in items; nil where there is none.
func practices(body []byte) []Practice {
	var list []members
	if json.Unmarshal(body, &list) != nil {
		var page members
		if json.Unmarshal(body, &page) != nil || json.Unmarshal(page.either("items"), &list) != nil {
			return nil
		}
	}
	if list == nil { // JSON null
		return nil
	}
	found := make([]Practice, 0, len(list))
	for _, m := range list {
		found = append(found, Practice{ID: idText(m.either("id")), EnterpriseID: idText(m.either("enterpriseId"))})
	}
	return found
}

// either finds a member in any case, the exact one first.
func (m members) either(name string) json.RawMessage {
	if raw, ok := m[name]; ok {
		return raw
	}
	for key, raw := range m {
		if strings.EqualFold(key, name) {
			return raw
		}
	}
	return nil
}

// idText keeps an id as it is written, text or number.
func idText(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return ""
}
