package cli

import (
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// readCapability reads the CapabilityStatement of a FHIR server. It is the seam
// to the reader of API descriptions, which is not part of this build yet.
func readCapability([]byte) (*catalog.FHIRStatement, error) {
	return nil, exit.Errorf(exit.Usage, "a CapabilityStatement cannot be imported yet; import the vendor's data grid (.xlsx)")
}
