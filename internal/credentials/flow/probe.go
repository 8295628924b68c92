package flow

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/exit"
)

// Probe sends a token request that a server has to refuse: the request of the
// flow without the client's proof, with the parameters of over put in. It sends
// no secret of the client's. The status is the caller's to judge; errors as for Read.
func (c *Client) Probe(ctx context.Context, cfg Config, over url.Values) (*wire.Answer, error) {
	form := url.Values{"client_id": {cfg.ClientID}}
	if cfg.SiteID != "" {
		form.Set("site_id", cfg.SiteID)
	}
	for name, values := range over {
		form[name] = values
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, cfg.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "the token address cannot be used; give an absolute https address with --token-url")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.Wire.Do(ctx, wire.Token, r)
}
