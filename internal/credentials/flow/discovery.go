package flow

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/exit"
)

// Discovery is what a server says of itself in three places.
type Discovery struct {
	SMART      *Document // {base}/.well-known/smart-configuration (SMART App Launch 2.2, Conformance)
	OIDC       *Document // {base}/.well-known/openid-configuration (OpenID Connect Discovery 4)
	Capability *Document // {base}/metadata: the oauth-uris extension of the CapabilityStatement
}

// Document is one of them. Its members hold what the server sent, not judged;
// who prints one redacts it. A list is nil where it is absent.
type Document struct {
	URL    string
	Answer *wire.Answer // nil where Err is set
	Err    error        // *wire.Failure, *exit.Error, or that of the context
	// NotJSON tells that a 200 is no JSON object, or does not say that it is
	// JSON: a portal may answer with a page for every address.
	NotJSON  bool
	Raw      map[string]any // nil unless status 200 and JSON
	Problems []string       // members of the wrong JSON type; texts without values

	Issuer, AuthURL, TokenURL, RevokeURL, IntrospectURL, JWKSURL string

	Grants, AuthMethods, Scopes, PKCE, Capabilities []string

	IssParameter bool   // authorization_response_iss_parameter_supported (RFC 9207 3)
	FHIRVersion  string // fhirVersion of a CapabilityStatement
}

// Discover reads the three documents under a FHIR base, one after the other.
// Where the server cannot be reached at all, the later ones get the Err of the
// first and are not asked for, so that a dead network costs one time-out.
func (c *Client) Discover(ctx context.Context, base string) *Discovery {
	base = strings.TrimRight(base, "/")
	d := &Discovery{}
	var gone error
	read := func(path string, fill func(*Document)) *Document {
		doc := &Document{URL: base + path, Err: gone}
		if gone != nil {
			return doc
		}
		c.readDocument(ctx, doc, fill)
		if unreachable(doc.Err) {
			gone = doc.Err
		}
		return doc
	}
	d.SMART = read("/.well-known/smart-configuration", (*Document).fillMetadata)
	d.OIDC = read("/.well-known/openid-configuration", (*Document).fillMetadata)
	d.Capability = read("/metadata", (*Document).fillCapability)
	return d
}

// unreachable tells whether another request to the same host would fail too.
func unreachable(err error) bool {
	var f *wire.Failure
	return err != nil && (!errors.As(err, &f) || f.Hop != wire.HopBroken)
}

// readDocument reads one document and fills it with what it says.
func (c *Client) readDocument(ctx context.Context, d *Document, fill func(*Document)) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.URL, http.NoBody)
	if err != nil {
		d.Err = exit.Errorf(exit.Usage, "the address to discover from cannot be used; give an absolute https address")
		return
	}
	r.Header.Set("Accept", "application/json, application/fhir+json")
	if d.Answer, d.Err = c.Wire.Do(ctx, wire.Discovery, r); d.Err != nil || d.Answer.Status != http.StatusOK {
		return
	}
	d.parse(fill)
}

// parse reads the answer of a document.
func (d *Document) parse(fill func(*Document)) {
	if !d.Answer.JSONType() || Shape(d.Answer) != "" || json.Unmarshal(jsonBody(d.Answer), &d.Raw) != nil || d.Raw == nil {
		d.NotJSON, d.Raw = true, nil
		return
	}
	fill(d)
}

// fillMetadata reads the members that SMART, OpenID and RFC 8414 share.
func (d *Document) fillMetadata() {
	for name, to := range map[string]*string{
		"issuer": &d.Issuer, "authorization_endpoint": &d.AuthURL, "token_endpoint": &d.TokenURL,
		"revocation_endpoint": &d.RevokeURL, "introspection_endpoint": &d.IntrospectURL, "jwks_uri": &d.JWKSURL,
	} {
		*to = d.text(name)
	}
	for name, to := range map[string]*[]string{
		"grant_types_supported": &d.Grants, "token_endpoint_auth_methods_supported": &d.AuthMethods,
		"scopes_supported": &d.Scopes, "code_challenge_methods_supported": &d.PKCE, "capabilities": &d.Capabilities,
	} {
		*to = d.list(name)
	}
	if v, ok := d.Raw["authorization_response_iss_parameter_supported"]; ok && v != nil {
		if d.IssParameter, ok = v.(bool); !ok {
			d.problem("authorization_response_iss_parameter_supported is not true or false")
		}
	}
}

// text reads a member that has to be a string.
func (d *Document) text(name string) string {
	v, ok := d.Raw[name]
	if !ok || v == nil {
		return ""
	}
	text, ok := v.(string)
	if !ok {
		d.problem(name + " is not a text")
	}
	return text
}

// list reads a member that has to be a list of strings; what else is in the
// list is left out and noted.
func (d *Document) list(name string) []string {
	v, ok := d.Raw[name]
	if !ok || v == nil {
		return nil
	}
	entries, ok := v.([]any)
	if !ok {
		d.problem(name + " is not a list")
		return nil
	}
	texts := make([]string, 0, len(entries))
	for _, e := range entries {
		if text, ok := e.(string); ok {
			texts = append(texts, text)
		}
	}
	if len(texts) < len(entries) {
		d.problem(name + " holds something that is not a text")
	}
	return texts
}

// problem notes what is wrong, in the order of the alphabet, for the members
// are read in no order.
func (d *Document) problem(text string) {
	at := 0
	for at < len(d.Problems) && d.Problems[at] < text {
		at++
	}
	d.Problems = append(d.Problems[:at], append([]string{text}, d.Problems[at:]...)...)
}

// The addresses of the extensions of a CapabilityStatement (SMART App Launch
// 2.2, Conformance: "Declaring Support for OAuth2 Endpoints").
const (
	oauthURIs         = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
	smartCapabilities = "http://fhir-registry.smarthealthit.org/StructureDefinition/capabilities"
)

// fillCapability reads the extensions under rest.security of all entries.
func (d *Document) fillCapability() {
	if kind := d.text("resourceType"); kind != "CapabilityStatement" && kind != "Conformance" { // the latter in DSTU2
		d.problem("resourceType is not CapabilityStatement")
	}
	d.FHIRVersion = d.text("fhirVersion")
	for _, rest := range objects(d.Raw["rest"]) {
		security, _ := rest["security"].(map[string]any)
		for _, extension := range objects(security["extension"]) {
			switch extension["url"] {
			case oauthURIs:
				d.fillURIs(objects(extension["extension"]))
			case smartCapabilities:
				if code, ok := extension["valueCode"].(string); ok {
					d.Capabilities = append(d.Capabilities, code)
				}
			}
		}
	}
}

func (d *Document) fillURIs(uris []map[string]any) {
	targets := map[string]*string{"authorize": &d.AuthURL, "token": &d.TokenURL, "revoke": &d.RevokeURL, "introspect": &d.IntrospectURL}
	for _, uri := range uris {
		name, _ := uri["url"].(string)
		to, ok := targets[name]
		if !ok {
			continue
		}
		value, ok := uri["valueUri"].(string)
		if !ok {
			d.problem("the oauth-uris entry " + name + " has no valueUri that is a text")
			continue
		}
		if *to != "" && *to != value {
			d.problem("the oauth-uris entry " + name + " is there twice and differs")
			continue
		}
		*to = value
	}
}

// objects returns the objects of a list, nil where it is none.
func objects(v any) []map[string]any {
	list, _ := v.([]any)
	var out []map[string]any
	for _, e := range list {
		if object, ok := e.(map[string]any); ok {
			out = append(out, object)
		}
	}
	return out
}
