// Package catalog holds what is known about routes before anyone looks at an
// application: the Enterprise routes that were seen in public, the FHIR R4
// types, operations and include targets, and the elements of USCDI v1.
//
// The contract: the tables are embedded and parsed on first use, once, so that
// a command that needs none of them pays nothing. Lookups are safe for
// concurrent use and never change a table. data/README.md says what every file
// is and where it comes from.
//
// What the Enterprise table says is third-party evidence: that a route exists,
// and whether a global service account was seen to reach it. None of it is a
// statement of the vendor, whose own data grid is the authority.
package catalog

import (
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
)

//go:embed data/*.csv
var data embed.FS

// rows reads an embedded table whose header must be exactly columns.
func rows(name string, columns ...string) ([][]string, error) {
	file, err := data.Open("data/" + name)
	if err != nil {
		return nil, fmt.Errorf("catalog table: %w", err)
	}
	defer func() { _ = file.Close() }() // an embedded file: closing cannot fail
	all, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("catalog table %s: %w", name, err)
	}
	if len(all) == 0 || !slices.Equal(all[0], columns) {
		return nil, fmt.Errorf("catalog table %s: header is not %q", name, columns)
	}
	return all[1:], nil
}

// must ends the program when an embedded table is broken: that is a fault of
// the build, which the tests of this package find, and not of any input.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
