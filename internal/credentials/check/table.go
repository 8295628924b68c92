package check

// Row describes one check for help texts and documentation.
type Row struct {
	ID       string
	Severity Severity
	Standard string // the section that the check rests on; "NextGen" where only the vendor's behaviour is known
	Flows    string // P patient, G GSA, A EAL
	Mode     string // o offline, d default, D deep, L login
	What     string
}

// Table lists every check in the order in which results are shown.
func Table() []Row { //nolint:funlen // one line a check
	return []Row{
		{"cfg.complete", Error, "-", "PGA", "o", "every field that the flow needs is there, and where it came from"},
		{"cfg.endpoints", Error, "NextGen", "PGA", "o", "no address is known to be wrong, internal, of another product or not https"},
		{"cfg.secret-source", Warning, "RFC 6749 2.3.1, RFC 9700 2.5", "PGA", "o", "where the secret came from, and that only the user can read it there"},
		{"cfg.secret-shape", Warning, "RFC 6749 A.2", "PGA", "o", "no newline, quotes, placeholder or percent-encoding slipped into the secret"},
		{"cfg.key", Error, "SMART asymmetric, RFC 7518 3.3", "PG", "o", "the private key parses, is long enough and has a key id"},
		{"cfg.redirect", Warning, "RFC 8252 7.3, 8.3", "PA", "o", "the redirect address is a loopback address with an exact path"},
		{"cfg.scopes", Warning, "SMART scopes", "PGA", "o", "the scopes parse as SMART v1 or v2 and fit the flow"},
		{"cfg.site-id", Error, "NextGen", "G", "o", "the site id is a GUID and belongs to one environment; enterprise and practice keep their zeros"},
		{"api.cross", Error, "RFC 6750 2.3, RFC 9700 4.9", "PGA", "o", "the token will be sent only to hosts that belong together"},
		{"store.keyring", Warning, "SMART app protection", "PGA", "o", "the store of the secret works and is private"},
		{"net.dns", Error, "-", "PGA", "d", "every host name resolves"},
		{"net.connect", Error, "-", "PGA", "d", "every host answers, through the proxy in use"},
		{"net.clock", Warning, "RFC 7519 4.1.4", "PGA", "d", "the local clock agrees with the server's"},
		{"tls.chain", Error, "SMART launch, RFC 8252", "PGA", "d", "certificate chain and name verify"},
		{"tls.version", Error, "SMART, RFC 9325 3.1.1", "PGA", "d", "TLS 1.2 or 1.3 was negotiated"},
		{"tls.legacy", Warning, "RFC 9325 3.1.1", "PGA", "D", "the server refuses TLS 1.0 and 1.1"},
		{"tls.expiry", Warning, "-", "PGA", "d", "no certificate ends within 21 days"},
		{"tls.client-cert", Error, "RFC 8705", "G", "d", "the client certificate is valid and was asked for"},
		{"cfg.jwks-public", Error, "SMART asymmetric, RFC 7517", "PG", "d", "the public key set of the application holds this key and nothing private"},
		{"disc.smart", Error, "SMART conformance", "PA", "d", "the SMART configuration is there and well formed"},
		{"disc.oidc", Warning, "RFC 8414 3.3", "PA", "d", "the OpenID document names the issuer that it was fetched for"},
		{"disc.agree", Warning, "SMART conformance", "PA", "d", "SMART, OpenID and CapabilityStatement name the same addresses"},
		{"disc.https", Error, "RFC 6749 3.1, 3.2", "PA", "d", "every discovered address is https"},
		{"disc.origin", Warning, "RFC 9700 4.4", "PA", "d", "discovered addresses share the domain of the FHIR base"},
		{"disc.pkce", Error, "SMART conformance, RFC 7636 4.2", "PA", "d", "PKCE S256 is offered, plain is not"},
		{"disc.grants", Warning, "SMART conformance, RFC 8414 2", "PA", "d", "grant and auth method are listed, where lists exist"},
		{"disc.caps", Warning, "SMART conformance", "PA", "d", "the launch and the client type are offered"},
		{"disc.jwks", Warning, "RFC 7517, RFC 8414", "PA", "d", "the server's key set loads and is usable"},
		{"code.state", Error, "RFC 6749 10.12, SMART", "PA", "L", "the callback belongs to this sign-in"},
		{"code.pkce", Error, "RFC 7636 4.1, RFC 9700 2.1.1", "PA", "L", "the code is asked for with PKCE S256, never without"},
		{"code.aud", Error, "SMART launch", "PA", "L", "the audience is the FHIR base"},
		{"code.launch", Error, "SMART EHR launch", "A", "L", "the launch came from an allowed issuer"},
		{"code.iss", Error, "RFC 9207, RFC 9700 4.4", "PA", "L", "the issuer in the callback is the right one"},
		{"code.callback", Error, "RFC 8252 8", "PA", "L", "one answer came to the exact redirect address"},
		{"jwt.claims", Error, "SMART asymmetric, RFC 7523 3", "PG", "d", "the client assertion is short-lived and signed as asked"},
		{"tok.accepted", Error, "RFC 6749 4.4, 5.1", "PGA", "d", "the token endpoint gives a token"},
		{"tok.method", Error, "RFC 6749 2.3", "PGA", "d", "the auth method is the one that the server wants, as far as its answers tell"},
		{"tok.no-redirect", Error, "RFC 9700 4.12", "PGA", "d", "the token endpoint does not redirect; a redirect is never followed"},
		{"tok.json", Warning, "RFC 6749 5.1", "PGA", "d", "the answer is JSON and says so"},
		{"tok.type", Error, "RFC 6750, SMART", "PGA", "d", "token_type is Bearer"},
		{"tok.expires", Warning, "RFC 6749 5.1, SMART backend services", "PGA", "d", "expires_in is a number, above 60 s and not above an hour"},
		{"tok.scope", Warning, "RFC 6749 3.3, 5.1, SMART", "PGA", "d", "what was granted is what was asked for"},
		{"tok.cache", Information, "RFC 6749 5.1", "PGA", "d", "the answer must not be cached"},
		{"tok.no-refresh", Information, "RFC 6749 4.4.3", "G", "d", "client_credentials gave no refresh token"},
		{"tok.entropy", Warning, "RFC 6749 10.10", "PGA", "D", "the token is not short, and two tokens differ"},
		{"tok.context", Warning, "SMART scopes", "PA", "L", "the launch context is there when its scope was granted"},
		{"id.signature", Error, "OIDC Core 3.1.3.7", "P", "L", "the id token is signed by a key of the server"},
		{"id.claims", Error, "OIDC Core 3.1.3.7", "P", "L", "issuer, audience, times, nonce and at_hash of the id token"},
		{"id.fhirUser", Warning, "SMART scopes", "PA", "L", "the claim fhirUser names a person"},
		{"api.read", Error, "RFC 6750 2.1", "PGA", "d", "one harmless read works with the token"},
		{"api.links", Information, "NextGen", "G", "d", "links in answers lead to internal addresses and are not followed"},
		{"api.session", Error, "NextGen", "G", "d", "enterprise and practice can be chosen, and a call with their session works"},
		{"api.denies", Warning, "RFC 6750 3", "PGA", "D", "the same read is refused without a token and with a wrong one"},
		{"ref.works", Error, "RFC 6749 6, SMART", "P", "D", "the refresh token gives a new token with no wider scope"},
		{"ref.rotation", Warning, "RFC 9700 2.2.2, 4.14", "P", "D", "the old refresh token of a public client no longer works"},
		{"rev.works", Warning, "RFC 7009 2", "P", "D", "a revoked token is refused"},
		{"int.works", Information, "RFC 7662", "PGA", "D", "introspection knows the token and not a wrong one"},
		{"neg.grant", Warning, "RFC 6749 5.2", "G", "D", "a wrong grant type is refused"},
		{"neg.assertion", Warning, "RFC 7523 3.2", "PG", "D", "a wrong assertion type is refused"},
		{"neg.jwt", Warning, "RFC 7523 3", "PG", "D", "an assertion with a wrong signature is refused"},
		{"neg.aud", Warning, "RFC 7523 3", "PG", "D", "an assertion for another audience is refused"},
	}
}
