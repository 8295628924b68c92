// Package e2e drives the built ngapi binary against real OAuth2 servers that
// run in this process, on loopback addresses only. It is a module of its own,
// so that the servers' libraries never touch the module that is shipped.
//
// The servers: authz (github.com/ory/fosite), signin (github.com/zitadel/oidc),
// nextgen (a NextGen-shaped shell around authz) and fault (answers that no
// server should give). loopback listens, records and makes certificates; drive
// runs the binary, plays the browser and looks for secrets in whatever the
// binary wrote. README.md says what runs how.
package e2e
