package endpoint

import (
	"net/url"
	"strings"
)

// known recognises addresses that were seen in public code and do not exist, that
// belong to another product or flow, or that must never be used.
func (f field) known(u *url.URL) []Finding {
	host, path := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), strings.ToLower(u.Path)
	switch {
	case under(host, "nextgenaws.net"):
		return f.say(Error, "the host is an internal one of the vendor's", "never use it, nor anything below nextgenaws.net")
	case under(host, "meditouchehr.com"):
		return f.say(Error, "the host is one of NextGen Office, which is another product", "use the address of NextGen Enterprise, or the documents of NextGen Office")
	case !under(host, "nextgen.com"):
		return nil
	case host == "api.nextgen.com":
		return f.say(Error, "no API is known at api.nextgen.com; public code has it in error", "use the published address")
	case sandbox(host, path):
		return f.say(Error, "there is no sandbox address", "use the published address; the site id alone chooses sandbox, TEST or PROD")
	case host == "developer.nextgen.com" || host == "www.nextgen.com" || host == "nextgen.com":
		return f.say(Error, host+" has pages for people, and answers any path with one", "use the address of the API")
	}
	if found := f.grant(host, path); len(found) > 0 {
		return found
	}
	if found := f.misspelt(host, path); len(found) > 0 {
		return found
	}
	if host == nativeHost || host == fhirHost {
		return f.misplaced(path)
	}
	return nil
}

func sandbox(host, path string) bool {
	first, _, _ := strings.Cut(host, ".")
	for _, word := range []string{"sandbox", "sbx", "test", "staging", "stage", "dev", "qa", "uat"} {
		if first == word || strings.HasPrefix(first, word+"-") || strings.HasSuffix(first, "-"+word) || strings.Contains(path+"/", "/nge/"+word+"/") {
			return true
		}
	}
	return strings.Contains(host, "sandbox") || strings.Contains(path, "sandbox")
}

// grant finds the authorization server of another flow.
func (f field) grant(host, path string) []Finding {
	oauth := f.name == "TokenURL" || f.name == "AuthURL" || f.name == "RevokeURL"
	switch {
	case !oauth:
		return nil
	case f.flow == gsa && host == fhirHost && (strings.Contains(path, "/patient-oauth") || strings.Contains(path, "/patientoauth")):
		return f.say(Error, "patient-oauth is for patients; no published document describes client_credentials there", "use the nge-oauth token address for a Global Service Account")
	case f.flow == patient && strings.Contains(path, "/nge-oauth"):
		return f.say(Error, "nge-oauth is for Enterprise APIs; patients sign in at patient-oauth", "use the patient-oauth address")
	case f.flow == eal && strings.Contains(path, "/patient-oauth"):
		return f.say(Warning, "patient-oauth is what the SMART document of the R4 base names; users of the Enterprise APIs sign in at nge-oauth",
			"keep it only for an application that is launched with the R4 base")
	}
	return nil
}

// misspelt finds the known-wrong paths of the right hosts.
func (f field) misspelt(host, path string) []Finding {
	const do = "use the published address"
	path = strings.TrimRight(path, "/")
	switch {
	case strings.Contains(path, "/nge-oauth/oauth2/"):
		return f.say(Error, "there is no oauth2 in the paths of nge-oauth", do)
	case strings.Contains(path, "/patientoauth"):
		return f.say(Error, "patient-oauth is written with a hyphen", do)
	case strings.Contains(path, "/patient-oauth/oauth2/"):
		return f.say(Error, "there is no oauth2 in the paths of patient-oauth", do)
	case strings.Contains(path, "/fhir-api-r4/oauth2") || strings.Contains(path, "/fhir-api/oauth2"):
		return f.say(Error, "the authorization server is not below the FHIR API, but at patient-oauth", do)
	case host == fhirHost && (strings.HasSuffix(path, "/prod/oauth/token") || strings.HasSuffix(path, "/prod/oauth/authorize")):
		return f.say(Error, "there is no authorization server at /nge/prod/oauth", do)
	case strings.Contains(path, "/fhir-api-proxy"):
		return f.say(Error, "there is no FHIR server at fhir-api-proxy", do)
	case strings.Contains(path, "/dstu2"):
		return f.say(Warning, "DSTU2 is discouraged and said to be on its way out", "use the R4 base")
	case host == nativeHost && strings.Contains(path, "/fhir-api"):
		return f.say(Error, "the FHIR API is at "+fhirHost, do)
	case host == fhirHost && (strings.Contains(path, "/nge-api") || strings.Contains(path, "/nge-oauth")):
		return f.say(Error, "the Enterprise API is at "+nativeHost, do)
	case f.name == "APIBase" && strings.HasSuffix(path, "/nge-api"):
		return f.say(Error, "the base of the Enterprise API ends with /nge-api/api", do)
	}
	return nil
}

// misplaced finds the address of one thing in the field of another.
func (f field) misplaced(path string) []Finding {
	const do = "use the published address"
	path = strings.TrimRight(path, "/")
	last := path[strings.LastIndexByte(path, '/')+1:]
	oauth := strings.Contains(path, "-oauth")
	switch {
	case strings.HasSuffix(path, "/metadata") || strings.Contains(path, "/.well-known/"):
		return f.say(Error, "this is the address of a document below the base", "give the base alone")
	case f.base && oauth:
		return f.say(Error, "this is an address of the authorization server", do)
	case f.name == "FHIRBase" && strings.Contains(path, "/nge-api"), f.name == "APIBase" && strings.Contains(path, "/fhir"):
		return f.say(Error, "this is the base of the other API", do)
	case !f.base && !oauth:
		return f.say(Error, "this is no address of the authorization server", do)
	case f.name == "TokenURL" && last != "token", f.name == "AuthURL" && last != "authorize", f.name == "RevokeURL" && last != "revoke":
		return f.say(Error, "the address does not end as that of this endpoint does", do)
	}
	return nil
}
