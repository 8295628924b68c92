package catalog

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Membership says how a FHIR type relates to an edition of USCDI.
type Membership string

// The memberships.
const (
	In          Membership = "yes"         // the whole type carries elements of the edition
	Out         Membership = "no"          // none of it does
	Conditional Membership = "conditional" // some instances do: a category or code decides
	Supporting  Membership = "auxiliary"   // referenced by types that do, or technical
)

// Resource is one FHIR R4 resource type.
type Resource struct {
	Name        string
	V1          Membership
	V1Class     string // USCDI v1 data classes, or what an auxiliary type is for in parentheses
	V3          Membership
	EHI         bool // typical case; whether one instance is EHI depends on the record set
	Compartment bool // may be in a patient's compartment, by its parameters
	Abstract    bool // Resource and DomainResource, which are never a route
	Notes       string
}

// Operation is one FHIR operation, without its $.
type Operation struct {
	Name       string // "*" is what stands for every operation that is not listed
	InvokedOn  string
	Access     string // read, write, read-or-write or unknown
	GetAllowed string // yes, no or unknown
	Effect     string // what its result can hold
	Notes      string
}

// Element is one data element of USCDI v1 (July 2020 errata).
type Element struct {
	Class, Name    string
	Profile        string // US Core 3.1.1 profile
	R4, DSTU2      string // resource types; several are separated by " | "
	Filter         string // category or code that narrows the type down to the element
	Notes, Sources string
}

// FHIRTables holds the FHIR and USCDI tables.
type FHIRTables struct {
	resources  []Resource
	byName     map[string]*Resource
	operations map[string]Operation
	includes   map[string]map[string][]string
	elements   []Element
}

var fhirTables = sync.OnceValue(func() *FHIRTables { return must(parseFHIR()) })

// FHIR returns the FHIR and USCDI tables.
func FHIR() *FHIRTables { return fhirTables() }

// Resource looks up a type by its case-sensitive R4 name.
func (t *FHIRTables) Resource(name string) (*Resource, bool) {
	r, ok := t.byName[name]
	return r, ok
}

// Resources returns all types in the order of their names.
func (t *FHIRTables) Resources() []Resource { return slices.Clone(t.resources) }

// Operation looks up an operation by its name without $. An unknown name gets
// the entry for every other operation and false.
func (t *FHIRTables) Operation(name string) (Operation, bool) {
	if op, ok := t.operations[name]; ok && name != "*" {
		return op, true
	}
	return t.operations["*"], false
}

// Operations returns how many operations are listed, the catch-all included.
func (t *FHIRTables) Operations() int { return len(t.operations) }

// Include returns the types that _include=source:parameter can add; ANY stands
// for every type.
func (t *FHIRTables) Include(source, parameter string) ([]string, bool) {
	targets, ok := t.includes[source][parameter]
	return targets, ok
}

// IncludeParameters returns the reference parameters of a type, sorted; none
// for a type whose includes are not in the table.
func (t *FHIRTables) IncludeParameters(source string) []string {
	names := make([]string, 0, len(t.includes[source]))
	for name := range t.includes[source] {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// USCDI returns the elements of USCDI v1 in the order of the standard.
func (t *FHIRTables) USCDI() []Element { return slices.Clone(t.elements) }

func parseFHIR() (*FHIRTables, error) {
	t := &FHIRTables{
		byName: map[string]*Resource{}, operations: map[string]Operation{}, includes: map[string]map[string][]string{},
	}
	for _, parse := range []func() error{t.parseResources, t.parseOperations, t.parseIncludes, t.parseElements} {
		if err := parse(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *FHIRTables) parseResources() error {
	table, err := rows("fhir-r4-resources.csv", "resource", "in_uscdi_v1", "uscdi_v1_class", "in_uscdi_v3", "ehi_typical", "notes")
	if err != nil {
		return err
	}
	for _, row := range table {
		t.resources = append(t.resources, Resource{
			Name: row[0], V1: Membership(row[1]), V1Class: row[2], V3: Membership(row[3]), EHI: row[4] == "yes",
			Compartment: strings.HasSuffix(row[5], "patient compartment: yes"),
			Abstract:    strings.Contains(row[5], "abstract type"), Notes: row[5],
		})
	}
	for i := range t.resources {
		t.byName[t.resources[i].Name] = &t.resources[i]
	}
	return nil
}

func (t *FHIRTables) parseOperations() error {
	table, err := rows("fhir-r4-operations.csv", "operation", "invoked_on", "access", "get_allowed", "scope_effect", "notes")
	if err != nil {
		return err
	}
	for _, row := range table {
		t.operations[row[0]] = Operation{
			Name: row[0], InvokedOn: row[1], Access: row[2], GetAllowed: row[3], Effect: row[4], Notes: row[5],
		}
	}
	if _, ok := t.operations["*"]; !ok {
		return fmt.Errorf("fhir-r4-operations.csv: no row for every other operation")
	}
	return nil
}

func (t *FHIRTables) parseIncludes() error {
	table, err := rows("fhir-r4-include-targets.csv", "source_resource", "search_param", "target_resources")
	if err != nil {
		return err
	}
	for _, row := range table {
		if t.includes[row[0]] == nil {
			t.includes[row[0]] = map[string][]string{}
		}
		t.includes[row[0]][row[1]] = strings.Fields(row[2])
	}
	return nil
}

func (t *FHIRTables) parseElements() error {
	table, err := rows("uscdi-v1.csv", "data_class", "data_element", "us_core_profile", "fhir_r4_resource",
		"dstu2_resource", "category_or_code_filter", "notes", "source")
	if err != nil {
		return err
	}
	for _, row := range table {
		t.elements = append(t.elements, Element{
			Class: row[0], Name: row[1], Profile: row[2], R4: row[3], DSTU2: row[4], Filter: row[5], Notes: row[6], Sources: row[7],
		})
	}
	return nil
}
