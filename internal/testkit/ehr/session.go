package ehr

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Bases are the addresses that an application calls.
type Bases struct{ OAuth, Enterprise, FHIR string }

// Published are the addresses of the vendor's gateways. Tests reach them only
// through a Recorder, which sends every request to loopback.
func Published() Bases {
	return Bases{
		OAuth:      "https://nativeapi.nextgen.com" + OAuthMount,
		Enterprise: "https://nativeapi.nextgen.com" + EnterpriseMount,
		FHIR:       "https://fhir.nextgen.com" + FHIRMount,
	}
}

// Session is a day of an application that books appointments for persons and
// reads their charts. It returns how many requests it made.
func Session(ctx context.Context, c *http.Client, b Bases) (requests int, err error) {
	call := func(method, address, body string) {
		if err != nil {
			return
		}
		var req *http.Request
		if req, err = http.NewRequestWithContext(ctx, method, address, strings.NewReader(body)); err != nil {
			return
		}
		req.Header.Set("Authorization", "Bearer made-up-token")
		if strings.HasPrefix(address, b.Enterprise) {
			req.Header.Set("X-NG-SessionId", "made-up-session")
		}
		var res *http.Response
		if res, err = c.Do(req); err != nil {
			return
		}
		requests++
		_, err = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}
	q := url.QueryEscape
	call("POST", b.OAuth+"/token", "grant_type=client_credentials&client_id=made-up&client_secret=made-up&site_id=made-up")
	call("GET", b.Enterprise+"/master/practices", "")
	call("PUT", b.Enterprise+"/users/me/login-defaults", `{"enterpriseId":"00001","practiceId":"0001"}`)
	for n := range 12 {
		person := ID("person", n)
		call("GET", b.Enterprise+"/persons/lookup?lastName="+q(fmt.Sprint("Madeup", n))+"&dateOfBirth=1970-01-0"+fmt.Sprint(n%9+1), "")
		call("GET", b.Enterprise+"/persons/"+person, "")
		call("GET", b.Enterprise+"/persons/"+person+"/chart/allergies?$top=25", "")
		call("GET", b.Enterprise+"/persons/"+person+"/chart/problems", "")
		call("GET", b.FHIR+"/Patient/"+person, "")
		call("GET", b.FHIR+"/AllergyIntolerance?patient="+person, "")
		call("GET", b.FHIR+"/Observation?patient="+person+"&category=laboratory&date=ge2026-01-01", "")
		call("GET", b.FHIR+"/Observation?patient="+person+"&category=vital-signs", "")
		call("GET", b.FHIR+"/MedicationRequest?patient="+person+"&intent=order&_revinclude=Provenance:target", "")
	}
	call("GET", b.FHIR+"/metadata", "")
	call("GET", b.Enterprise+"/appointments?$filter="+q("appointmentDate ge datetime'2026-11-01T00:00:00'"), "")
	for n := range 4 {
		call("GET", b.Enterprise+"/appointments/slots?$skip="+fmt.Sprint(n*25), "")
		call("POST", b.Enterprise+"/appointments", `{"personId":"`+ID("person", n)+`"}`)
		call("PATCH", b.Enterprise+"/appointments/"+ID("appointment", n), `{"isCancelled":true}`)
	}
	call("GET", b.Enterprise+"/persons/"+ID("person", 1)+"/chart/medications/pdmp-report", "")
	return requests, err
}
