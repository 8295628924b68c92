package scope_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// imported is what a vendor's grid and a CapabilityStatement would say.
func imported() scope.Options {
	grid := catalog.NewGrid([]catalog.GridRoute{
		{Method: "GET", Path: "/persons/{personId}/chart/allergies", API: "enterprise", GSA: "no", USCDIv1: "yes"},
		{Method: "GET", Path: "/persons", API: "enterprise", GSA: "yes", USCDIv1: "no"},
		{Method: "POST", Path: "/appointments", API: "enterprise", GSA: "yes", USCDIv1: "yes"},
		{Method: "GET", Path: "/appointments", API: "enterprise", GSA: "unknown", USCDIv1: "unknown"},
	})
	server := &catalog.FHIRStatement{Resources: []catalog.FHIRServedType{{Type: "Patient"}}}
	return scope.Options{
		VendorList: grid.VendorList, FHIRServed: server.Served,
		VendorGSA: func(method, path string) (catalog.GSA, string, bool) {
			status, known := grid.GSA(method, path)
			return status, "2026-10-01", known
		},
	}
}

// TestImportedAuthority: the vendor's word goes before what others saw, and
// says nothing about what it does not name.
func TestImportedAuthority(t *testing.T) {
	for _, test := range []struct {
		method, path string
		verdict      scope.Verdict
		gsa          catalog.GSA
		vendor       bool
		note         bool
	}{
		{"GET", "/persons/{id}/chart/allergies", scope.Limited, catalog.GSANo, true, false},
		{"HEAD", "/Persons/{id}/chart/allergies/", scope.Limited, catalog.GSANo, true, false},
		{"GET", "/persons", scope.NotLimited, catalog.GSAYes, true, false},
		{"POST", "/appointments", scope.NotLimited, catalog.GSAYes, true, false}, // a write stays one, whatever is listed
		{"GET", "/appointments", scope.Undetermined, catalog.GSAYes, false, false},
		{"GET", "/persons/lookup", scope.Undetermined, catalog.GSAYes, false, false},
		{"GET", "/Patient/{id}", scope.Limited, catalog.GSAUnknown, false, false},
		{"GET", "/Goal?patient={id}", scope.Limited, catalog.GSAUnknown, false, true},
		{"GET", "/fhir/r4/Goal/{id}", scope.Limited, catalog.GSAUnknown, false, true},
		{"GET", "/fhir/dstu2/Goal/{id}", scope.Limited, catalog.GSAUnknown, false, false},
		{"GET", "/metadata", scope.Ignored, catalog.GSAUnknown, false, false},
	} {
		v := scope.Explain(route.Route{Method: test.method, Path: test.path}, nil, imported())
		if v.Verdict != test.verdict || v.GSA.Status != test.gsa || v.GSA.Vendor != test.vendor || slices.Contains(v.Notes, scope.NoteNotServed) != test.note {
			t.Errorf("%s %s: %s, GSA %+v, notes %v", test.method, test.path, v.Verdict, v.GSA, v.Notes)
		}
		if test.vendor && (v.GSA.Source != "vendor data grid of 2026-10-01" || v.GSA.ObservedOn != "2026-10-01") {
			t.Errorf("%s %s: source %q on %q", test.method, test.path, v.GSA.Source, v.GSA.ObservedOn)
		}
	}
	r := scope.Judge(listOf("GET /persons/{id}/chart/allergies", "GET /persons"), imported())
	if len(r.GSA.Closed) != 1 || !r.GSA.Closed[0].Vendor || len(r.GSA.Reachable) != 1 || !r.GSA.Reachable[0].Vendor {
		t.Errorf("summary %+v", r.GSA)
	}
}

// TestAuthorityThatKnowsNothing: an empty authority changes no verdict, and a
// statement about FHIR types changes notes only.
func TestAuthorityThatKnowsNothing(t *testing.T) {
	all := &route.List{Routes: pool()}
	var grid *catalog.Grid
	var server *catalog.FHIRStatement
	nothing := scope.Options{VendorList: grid.VendorList, FHIRServed: server.Served,
		VendorGSA: func(string, string) (catalog.GSA, string, bool) { return catalog.GSAUnknown, "", false }}
	plain := scope.Judge(all, scope.Options{})
	if diff := cmp.Diff(plain, scope.Judge(all, nothing)); diff != "" {
		t.Error(diff)
	}
	noted := scope.Judge(all, scope.Options{FHIRServed: imported().FHIRServed})
	for i := range noted.Routes {
		noted.Routes[i].Notes = slices.DeleteFunc(noted.Routes[i].Notes, func(n string) bool { return n == scope.NoteNotServed })
		if len(noted.Routes[i].Notes) == 0 {
			noted.Routes[i].Notes = nil
		}
	}
	if diff := cmp.Diff(plain, noted); diff != "" {
		t.Error(diff)
	}
}
