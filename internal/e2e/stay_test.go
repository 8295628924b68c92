package e2e

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/apionboard/ngapi/internal/e2e/authz"
	"github.com/apionboard/ngapi/internal/e2e/nextgen"
)

var stay = flag.Duration("stay", 0, "keep a NextGen-shaped server up for so long and print how to use it by hand")

// The servers for a person: go test -run TestStay -stay 30m .
func TestStay(t *testing.T) {
	if *stay == 0 {
		t.Skip("for trying things by hand; give -stay 30m")
	}
	const redirect = "http://127.0.0.1:8765/callback"
	const secret = "made-up-secret-0123456789"
	gsaClient, appClient, eal := machine("client_secret_post"), app("client_secret_post", redirect), app("client_secret_post", redirect)
	gsaClient.Secret, appClient.Secret, eal.Secret = secret, secret, secret
	eal.Scopes = []string{"launch"}
	s := nextgen.Start(t, nextgen.Options{Clients: []authz.Client{gsaClient, eal}, Apps: []authz.Client{appClient}})
	fmt.Fprintf(os.Stderr, `export NGAPI_CLIENT_SECRET=%s
ngapi auth check --flow gsa --client-id %s --site-id %s \
  --enterprise-id %s --practice-id %s --token-url %s/token --api-base %s
ngapi auth login phone --flow patient --client-id %s --fhir-base %s \
  --redirect-url %s --scope "%s" --store file --no-browser
ngapi auth serve-launch tab --flow eal --client-id %s --auth-url %s/authorize --token-url %s/token \
  --api-base %s --redirect-url %s --scope launch --store file
curl -L "http://127.0.0.1:8765/launch?iss=%s&launch=made-up-launch"
`, secret, clientID, nextgen.SiteID, nextgen.Enterprise, nextgen.Practice, s.OAuth, s.API,
		appID, s.FHIR, redirect, scopes, appID, s.OAuth, s.OAuth, s.API, redirect, s.API)
	time.Sleep(*stay)
}
