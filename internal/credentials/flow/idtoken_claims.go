package flow

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/apionboard/ngapi/internal/credentials/secret"
)

// idClaims holds the claims of a verified id_token against what is expected
// (OpenID Connect Core 3.1.3.7); each that is wrong is a finding.
func idClaims(token *oidc.IDToken, e IDExpect, now time.Time) []Finding {
	var findings []Finding
	wrong := func(what, do string) { findings = append(findings, idError("id.claims", what, do)) }
	const distrust = "do not trust this sign-in; tell NextGen support"
	switch {
	case len(e.Issuers) == 0:
		f := idError("id.claims", "the issuer of the id_token could not be checked: no discovery document names one", "check the discovery documents")
		f.Unknown = true
		findings = append(findings, f)
	case !slices.Contains(e.Issuers, token.Issuer):
		wrong("the issuer (iss) of the id_token is none of those that the discovery documents name", distrust)
	}
	if token.Subject == "" {
		wrong("the id_token names no subject (sub)", distrust)
	}
	idAudience(token, e.ClientID, func(what string) {
		wrong(what, "check that the client id is the one that the sign-in was started with")
	})
	idTimes(token, now, wrong)
	if !e.Nonce.Empty() && token.Nonce != e.Nonce.Reveal() {
		what := "the nonce of the id_token is not the one that was sent: the token belongs to another sign-in"
		if token.Nonce == "" {
			what = "the id_token holds no nonce, although one was sent"
		}
		wrong(what, "start a new sign-in; if it happens again, tell NextGen support")
	}
	if token.AccessTokenHash != "" && !e.Access.Empty() && token.VerifyAccessToken(e.Access.Reveal()) != nil {
		wrong("the access token is not the one that the id_token was made for (at_hash)", distrust)
	}
	return findings
}

// idAudience checks aud and azp (OpenID Connect Core 3.1.3.7, rules 3 to 5).
func idAudience(token *oidc.IDToken, client string, wrong func(string)) {
	var claims struct {
		Azp *string `json:"azp"`
	}
	unreadable := token.Claims(&claims) != nil
	switch {
	case client == "" || !slices.Contains(token.Audience, client):
		wrong("the id_token is meant for another client (aud)")
	case unreadable || claims.Azp != nil && *claims.Azp != client:
		wrong("the id_token was issued to another client (azp)")
	case len(token.Audience) > 1 && claims.Azp == nil:
		wrong("the id_token has several audiences and does not say to which it was issued (azp)")
	}
}

// idTimes checks exp, iat and nbf with 60 seconds of leeway.
func idTimes(token *oidc.IDToken, now time.Time, wrong func(what, do string)) {
	const clock = "compare the clock of this machine with the server's"
	ago := func(d time.Duration) string { return d.Round(time.Second).String() }
	var claims struct {
		Nbf *float64 `json:"nbf"`
	}
	switch {
	case token.Expiry.IsZero():
		wrong("the id_token does not say when it ends (exp)", "tell NextGen support")
	case now.After(token.Expiry.Add(idLeeway)):
		wrong("the id_token ended "+ago(now.Sub(token.Expiry))+" ago by this machine's clock (exp)", clock)
	}
	switch {
	case token.IssuedAt.IsZero():
		wrong("the id_token does not say when it was issued (iat)", "tell NextGen support")
	case token.IssuedAt.After(now.Add(idLeeway)):
		wrong("the id_token was issued "+ago(token.IssuedAt.Sub(now))+" in the future by this machine's clock (iat)", clock)
	}
	switch {
	case token.Claims(&claims) != nil:
		wrong("the time from which the id_token is valid cannot be read (nbf)", "tell NextGen support")
	case claims.Nbf != nil && *claims.Nbf > float64(now.Add(idLeeway).Unix()):
		wrong("the id_token is not valid yet by this machine's clock (nbf)", clock)
	}
}

// readUser reads fhirUser, or profile as SMART App Launch 1.0 had it. A profile
// that is no reference is what OpenID Connect means by it: a page.
func (id *Identity) readUser(token *oidc.IDToken, wanted bool) []Finding {
	warn := func(what, do string) []Finding {
		return []Finding{{Check: "id.fhirUser", Severity: "warning", What: what, Do: do}}
	}
	const do = "read the user's resource in another way; the token itself can still be good"
	var claims struct {
		User    any `json:"fhirUser"`
		Profile any `json:"profile"`
	}
	if token.Claims(&claims) != nil {
		return warn("the fhirUser of the id_token cannot be read", do)
	}
	reference, _ := claims.User.(string)
	if claims.User == nil {
		reference, _ = claims.Profile.(string)
	}
	if id.UserKind = userKind(reference); id.UserKind != "" {
		id.User = secret.New(reference)
		return nil
	}
	switch {
	case claims.User != nil:
		return warn("the fhirUser of the id_token is no reference to a Patient, Practitioner, RelatedPerson or Person", do)
	case wanted:
		return warn("the id_token holds no fhirUser, although the scope was granted", do)
	}
	return nil
}

// userKind returns the resource type of a reference to a user, absolute or
// relative, or "" where it is none.
func userKind(reference string) string {
	u, err := url.Parse(reference)
	if err != nil || u.RawQuery != "" || u.Fragment != "" || u.User != nil || u.Opaque != "" {
		return ""
	}
	parts := strings.Split(u.Path, "/")
	absolute := (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && len(parts) > 2
	relative := u.Scheme == "" && u.Host == "" && len(parts) == 2
	if !absolute && !relative {
		return ""
	}
	kind, id := parts[len(parts)-2], parts[len(parts)-1]
	if !slices.Contains([]string{"Patient", "Practitioner", "RelatedPerson", "Person"}, kind) || !isResourceID(id) {
		return ""
	}
	return kind
}

// isResourceID tells whether a text is an id as FHIR R4 defines it.
func isResourceID(id string) bool {
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.'
	})
}
