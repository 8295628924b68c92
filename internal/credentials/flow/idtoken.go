package flow

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"github.com/apionboard/ngapi/internal/credentials/secret"
)

// idLeeway is how far the clocks of server and client may differ where a time
// in an id_token is judged.
const idLeeway = 60 * time.Second

// idTokenLimit is far above any id_token.
const idTokenLimit = 64 << 10

// idAlgorithms are the signatures that are accepted. What a server could make
// with a public key alone (HS256) or without one (none) is not among them.
func idAlgorithms() []string {
	return []string{oidc.RS256, oidc.RS384, oidc.ES256, oidc.ES384}
}

// IDExpect is what an id_token is held against (OpenID Connect Core 3.1.3.7).
type IDExpect struct {
	Issuers  []string     // of all discovery documents; any of them is accepted
	ClientID string       // has to be an audience
	Nonce    secret.Value // as sent (Login.Nonce); empty where none was
	JWKSURLs []string     // key addresses of all discovery documents, tried in this order
	Access   secret.Value // access token of the same answer, for at_hash
	// WantsUser is true where the scope fhirUser was granted: then the claim of
	// that name is missed.
	WantsUser bool
}

// Identity is what a verified id_token says, without the words that would name
// a person.
type Identity struct {
	Issuer    string // the one of IDExpect.Issuers that the token names; "" where it names none of them
	KeyURL    string // the one of IDExpect.JWKSURLs whose key fits
	Algorithm string // RS256, RS384, ES256 or ES384
	Issued    time.Time
	Expires   time.Time
	UserKind  string       // Patient, Practitioner, RelatedPerson or Person; "" where the token does not say
	User      secret.Value // the reference of fhirUser (or profile), absolute or relative
	Subject   secret.Value
}

// Finding is one thing that is not as it should be. What and Do hold no value
// of a claim.
type Finding struct {
	Check    string // id of the check, such as id.claims
	Severity string // error, warning or info
	Unknown  bool   // it could not be found out
	What, Do string // one clause each
}

func idError(check, what, do string) Finding {
	return Finding{Check: check, Severity: "error", What: what, Do: do}
}

// VerifyID verifies an id_token with the keys of each key address in turn and
// then holds its claims against e; all claims that are wrong are told at once.
// NextGen's two discovery documents name different issuers and key addresses, so
// that either is accepted and Identity tells which. Without a valid signature
// there is no Identity and no claim is looked at. The error is a *wire.Failure
// (or the context's) where the signature could not be checked because keys could
// not be fetched; everything else is a Finding.
func (c *Client) VerifyID(ctx context.Context, raw secret.Value, e IDExpect) (*Identity, []Finding, error) {
	e.Issuers, e.JWKSURLs = named(e.Issuers), named(e.JWKSURLs)
	head, finding := idHead(raw)
	if finding != nil {
		return nil, []Finding{*finding}, nil
	}
	token, keyURL, finding, err := c.verifySignature(ctx, raw, head, e)
	if finding != nil || err != nil {
		var findings []Finding
		if finding != nil {
			findings = append(findings, *finding)
		}
		return nil, findings, err
	}
	id := &Identity{
		KeyURL: keyURL, Algorithm: head.Alg, Issued: token.IssuedAt, Expires: token.Expiry,
		Subject: secret.New(token.Subject),
	}
	if slices.Contains(e.Issuers, token.Issuer) {
		id.Issuer = token.Issuer
	}
	findings := idClaims(token, e, c.Now())
	findings = append(findings, id.readUser(token, e.WantsUser)...)
	return id, findings, nil
}

// idHeader is the part of the JOSE header that decides what is done next.
type idHeader struct {
	Alg string `json:"alg"`
	Kid string `json:"kid"`
}

// idHead reads the header before anything is verified, to tell in words what no
// library error tells: an algorithm that is not accepted.
func idHead(raw secret.Value) (idHeader, *Finding) {
	const do = "tell NextGen support; the sign-in cannot be trusted"
	malformed := idError("id.signature", "the id_token is no signed JWT", do)
	parts := strings.Split(raw.Reveal(), ".")
	if len(parts) != 3 || len(raw.Reveal()) > idTokenLimit {
		return idHeader{}, &malformed
	}
	var head idHeader
	text, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || json.Unmarshal(text, &head) != nil || head.Alg == "" {
		return idHeader{}, &malformed
	}
	if !slices.Contains(idAlgorithms(), head.Alg) {
		what := "the id_token is signed with an algorithm that is not accepted"
		switch head.Alg {
		case "none", "HS256", "HS384", "HS512":
			what = "the id_token is signed with " + head.Alg + ", which anybody could have made"
			if head.Alg == "none" {
				what = "the id_token is not signed (alg is none)"
			}
		case "RS512", "PS256", "PS384", "PS512", "ES512", "EdDSA":
			what = "the id_token is signed with " + head.Alg
		}
		f := idError("id.signature", what, "accepted are RS256, RS384, ES256 and ES384; "+do)
		return idHeader{}, &f
	}
	if _, err := jose.ParseSignedCompact(raw.Reveal(), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(head.Alg)}); err != nil {
		return idHeader{}, &malformed
	}
	return head, nil
}
