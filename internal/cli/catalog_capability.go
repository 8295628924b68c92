package cli

import (
	"bytes"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/observe/apidesc"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// readCapability reads the CapabilityStatement of a FHIR server. shown names the
// file in errors.
func readCapability(data []byte, shown string) (*catalog.FHIRStatement, error) {
	c, err := apidesc.ReadCapability(bytes.NewReader(data), route.Printable(shown))
	if err != nil {
		return nil, err
	}
	s := &catalog.FHIRStatement{FHIRVersion: c.FHIRVersion, Software: c.Software}
	s.Date = c.Date
	for _, r := range c.Resources {
		s.Resources = append(s.Resources, catalog.FHIRServedType{
			Type: r.Type, Interactions: r.Interactions, SearchParams: r.SearchParams, Operations: r.Operations,
		})
	}
	return s, nil
}
