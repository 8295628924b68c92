package check

import (
	"context"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/flow"
)

// Expect is what the answer of a sign-in is held against: the issuers of all
// discovered documents, for NextGen's name different ones.
func Expect(d *flow.Discovery) flow.Expect {
	var e flow.Expect
	if d == nil {
		return e
	}
	for _, doc := range []*flow.Document{d.SMART, d.OIDC} {
		if doc.Issuer != "" {
			e.Issuers = append(e.Issuers, doc.Issuer)
		}
		e.PromisesIss = e.PromisesIss || doc.IssParameter
	}
	return e
}

// BadCallback turns an answer that ends a sign-in into the result that it makes.
func BadCallback(bad *flow.CallbackError, clean Cleaner) error {
	c := Make(bad.Check, Fail, bad.What)
	v := Rejected
	switch bad.Code {
	case "server_error", "temporarily_unavailable":
		v, c.Status = CannotTell, Unknown
	case "login_required", "interaction_required", "account_selection_required", "consent_required":
		v = SignInNeeded
	case "invalid_request":
		v = Misconfigured
	}
	if bad.Code != "" {
		c.Evidence = append(c.Evidence, "error "+clean.Foreign(bad.Code, 60))
	}
	if bad.Description != "" {
		c.Evidence = append(c.Evidence, "the server says: "+clean.Foreign(bad.Description, 200))
	}
	return &Stop{Check: c.With(v, bad.Do)}
}

// Identity verifies the id token of a sign-in. One that does not verify makes the
// sign-in a rejected one: nobody knows whose token it is.
func Identity(ctx context.Context, client *flow.Client, cfg flow.Config, tok *flow.Token, login *flow.Login, found *flow.Discovery) []Check {
	if len(keyAddresses(found)) == 0 {
		c := Make("id.signature", Warn, "no key set of the server is known, so the id token was not verified and is not used")
		return []Check{c.With("", "give --fhir-base, whose discovery documents name the keys")}
	}
	who, findings, err := client.VerifyID(ctx, tok.ID, flow.IDExpect{
		Issuers: Expect(found).Issuers, ClientID: cfg.ClientID, Nonce: login.Nonce, JWKSURLs: keyAddresses(found), Access: tok.Access,
		WantsUser: tok.HasScope && slices.Contains(strings.Fields(tok.Scope), "fhirUser"),
	})
	var out []Check
	for _, f := range findings {
		c := Make(f.Check, Fail, f.What).With(Rejected, f.Do)
		switch {
		case f.Unknown:
			c.Status, c.verdict = Unknown, CannotTell
		case f.Severity == "warning":
			c.Status, c.verdict = Warn, ""
		case f.Severity == "info":
			c.Status, c.verdict = Info, ""
		}
		out = append(out, c)
	}
	if err != nil {
		return append(out, Make("id.signature", Unknown, "the id token could not be verified: "+words(err)).With(CannotTell, "try again later"))
	}
	if who != nil && !slices.ContainsFunc(out, func(c Check) bool { return c.verdict != "" }) {
		s := Make("id.signature", Pass, "signed by a key of the server")
		s.Evidence = append(s.Evidence, "key set "+who.KeyURL)
		c := Make("id.claims", Pass, "issuer, audience, times and nonce fit")
		c.Evidence = append(c.Evidence, "issuer "+who.Issuer)
		out = append(out, s, c)
		if found.SMART.Issuer != found.OIDC.Issuer && who.Issuer != "" { // either was accepted: say which
			out = append(out, Make("id.claims", Info, "the id token names the issuer "+who.Issuer))
		}
		if who.UserKind != "" {
			out = append(out, Make("id.fhirUser", Pass, "the person is a "+who.UserKind))
		}
	}
	return out
}

// Revocation returns the configuration with the revocation address, discovered
// where it was not given.
func Revocation(ctx context.Context, in Input) (flow.Config, error) {
	cfg := in.Config
	if cfg.RevokeURL != "" || cfg.FHIRBase == "" {
		return cfg, nil
	}
	found := in.Flow.Discover(ctx, cfg.FHIRBase)
	if found.SMART.Err != nil {
		return cfg, found.SMART.Err
	}
	cfg.RevokeURL = found.SMART.RevokeURL
	if cfg.TokenURL == "" {
		cfg.TokenURL = found.SMART.TokenURL
	}
	return cfg, secure(cfg.RevokeURL)
}
