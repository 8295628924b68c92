package cli

import (
	"bytes"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/observe/apidesc"
)

// readCapability reads the CapabilityStatement of a FHIR server.
func readCapability(data []byte) (*catalog.FHIRStatement, error) {
	c, err := apidesc.ReadCapability(bytes.NewReader(data), "the statement")
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
