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

// The published bases.
const (
	nativeHost  = "nativeapi.nextgen.com"
	fhirHost    = "fhir.nextgen.com"
	apiBase     = "https://" + nativeHost + "/nge/prod/nge-api/api"
	oauthBase   = "https://" + nativeHost + "/nge/prod/nge-oauth"
	fhirBase    = "https://" + fhirHost + "/nge/prod/fhir-api-r4/fhir/r4"
	patientBase = "https://" + fhirHost + "/nge/prod/patient-oauth"

	// launchServer is named as server of Enterprise API applications in the
	// registry of launchable applications.
	launchServer = "https://" + nativeHost + "/nge/prod/nge-api"
)

// Default returns the published addresses of a flow ("gsa", "patient" or "eal");
// an unknown flow has none. Known lists where each is known from.
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

// Source is an address with what is known of it.
type Source struct {
	Field string // name of the field of Set, or "Launch" for the iss of a launch
	URL   string
	// Confidence is "high" (several independent sources, or the live document) or
	// "medium" (one or two sources).
	Confidence string
	Inferred   bool   // concluded from other facts; nobody wrote it down
	Note       string // one sentence: where it is known from
}

// Known lists the addresses of a flow with their sources.
func Known(flow string) []Source {
	const (
		clients  = "Several independent public clients use it; the vendor's pages behind the sign-in were not seen."
		crawl    = "The discovery documents named it when they were read in July 2026."
		launches = "Seen in public code that starts a sign-in of users."
	)
	switch flow {
	case gsa:
		return []Source{
			{Field: "APIBase", URL: apiBase, Confidence: "high", Note: clients},
			{Field: "TokenURL", URL: oauthBase + "/token", Confidence: "high", Note: clients},
		}
	case patient:
		return []Source{
			{Field: "TokenURL", URL: patientBase + "/token", Confidence: "high", Note: crawl},
			{Field: "AuthURL", URL: patientBase + "/authorize", Confidence: "high", Note: crawl},
			{Field: "RevokeURL", URL: patientBase + "/token/revoke", Confidence: "high", Note: crawl},
			{Field: "FHIRBase", URL: fhirBase, Confidence: "high", Note: crawl},
		}
	case eal:
		return []Source{
			{Field: "APIBase", URL: apiBase, Confidence: "high", Note: clients},
			{Field: "TokenURL", URL: oauthBase + "/token", Confidence: "medium", Note: launches},
			{Field: "AuthURL", URL: oauthBase + "/authorize", Confidence: "medium", Note: launches},
			{Field: "FHIRBase", URL: fhirBase, Confidence: "high", Note: "The registry of launchable applications names it for FHIR applications."},
			{Field: "Launch", URL: launchServer, Confidence: "medium", Inferred: true,
				Note: "The registry of launchable applications names it as the server of Enterprise API applications, so the iss of a launch is probably this."},
		}
	}
	return nil
}

// LaunchServers lists what the iss of an EHR launch may be: the R4 FHIR base,
// and the address that is an inference (see Known).
func LaunchServers() []string { return []string{fhirBase, launchServer} }
