package flow

import (
	"net/http"

	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
)

// maxSecretBody is the size of the largest body that is searched for tokens, in
// bytes: an answer of the token endpoint is smaller.
const maxSecretBody = 256 << 10

// SecretsIn lists what an answer holds that must not be printed, whatever its
// status is: tokens, and the session id (X-NG-SessionId). A server may repeat
// them in a header that is shown.
func SecretsIn(a *wire.Answer) []secret.Value {
	var out []secret.Value
	for _, v := range a.Header[http.CanonicalHeaderKey(sessionHeader)] {
		out = append(out, secret.New(v))
	}
	if len(a.Body) > maxSecretBody {
		return out
	}
	m := objectOf(a)
	for _, name := range []string{"access_token", "refresh_token", "id_token"} {
		if text := textMember(m, name); text != "" {
			out = append(out, secret.New(text))
		}
	}
	return out
}
