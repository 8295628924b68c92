// Package endpoint holds the published addresses of NextGen Enterprise as data,
// each with where it is known from, and recognises addresses and ids that are
// known to be wrong. It sends nothing.
//
// There is no sandbox host: sandbox, a client's TEST and its PROD are all reached
// at the same addresses, and the site id chooses among them.
package endpoint

// Set is the addresses of one flow; "" is one that the flow does not have.
type Set struct {
	APIBase   string // Enterprise API, without a slash at the end
	TokenURL  string
	AuthURL   string
	RevokeURL string
	FHIRBase  string // without a slash at the end
}

// The flows, as in the configuration.
const (
	gsa     = "gsa"
	patient = "patient"
	eal     = "eal"
)

// The published bases. Those of the FHIR host stood in the discovery documents when
// they were read in July 2026. Those of the Enterprise API are used by several
// independent public clients; the authorization address of its users was seen in
// public code only.
const (
	nativeHost  = "nativeapi.nextgen.com"
	fhirHost    = "fhir.nextgen.com"
	apiBase     = "https://" + nativeHost + "/nge/prod/nge-api/api"
	oauthBase   = "https://" + nativeHost + "/nge/prod/nge-oauth"
	fhirBase    = "https://" + fhirHost + "/nge/prod/fhir-api-r4/fhir/r4"
	patientBase = "https://" + fhirHost + "/nge/prod/patient-oauth"
)

// Default returns the published addresses of a flow ("gsa", "patient" or "eal");
// an unknown flow has none.
func Default(flow string) Set {
	switch flow {
	case gsa:
		return Set{APIBase: apiBase, TokenURL: oauthBase + "/token"}
	case eal:
		return Set{APIBase: apiBase, TokenURL: oauthBase + "/token", AuthURL: oauthBase + "/authorize", FHIRBase: fhirBase}
	case patient:
		return Set{TokenURL: patientBase + "/token", AuthURL: patientBase + "/authorize", RevokeURL: patientBase + "/token/revoke", FHIRBase: fhirBase}
	}
	return Set{}
}
