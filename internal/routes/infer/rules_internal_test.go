package infer

import (
	"strings"
	"testing"
)

// TestRulesAreUsed holds Rules against the code: every type that typeOf finds
// has a rule, and every rule of a type is one that it finds.
func TestRulesAreUsed(t *testing.T) {
	found := map[string]bool{"odata-key": true, "number": true}
	for _, s := range []string{
		"6f1c2b7e-91d3-4c55-8a1e-0b9d7e5f4a31", "4711", "2026-11-01", "2.16.840.1.113883", "a@b.example", "+15550100", "98.65",
		"eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln", "deadbeef01", "cus_9sK3xYz0", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "dGhpcyBpcyAx-2Zm3Rh4", "ORD12345", "E11.9",
	} {
		found[typeOf(s)] = true
	}
	meant := map[string]bool{}
	for _, r := range Rules() {
		meant[r.ID] = true
		if name, ok := strings.CutPrefix(r.ID, ruleTyped); ok && !found[name] {
			t.Errorf("no text has the type of rule %s", r.ID)
		}
	}
	for name := range found {
		if name != "" && !meant[ruleTyped+name] {
			t.Errorf("type %s has no rule", name)
		}
	}
}

// TestKeysReadBack: a key holds all that its request was reduced to.
func TestKeysReadBack(t *testing.T) {
	for _, path := range []string{"", "/", "/persons/7.pdf/a%2Fb/%00", "/Orders(5)/{name}.json/:x", "/Patient/x/_history/2/$everything"} {
		for _, api := range []string{"enterprise", "fhir-r4"} {
			parts, ok := cutPath(nil, path, true)
			if !ok {
				t.Fatal(path)
			}
			if api == "fhir-r4" {
				parts = settleFHIR(parts)
			}
			g := readKey(string(appendKey(nil, "GET", api, parts, "a={a}&b=c")))
			if g.method != "GET" || g.api != api || g.query != "a={a}&b=c" || len(g.parts) != len(parts) {
				t.Fatalf("%s: %+v", path, g)
			}
			for i := range parts {
				if g.parts[i] != parts[i] {
					t.Errorf("%s: %+v became %+v", path, parts[i], g.parts[i])
				}
			}
		}
	}
}

func BenchmarkAddFHIR(b *testing.B) {
	c, _ := NewCollector(Options{})
	o := Observation{Kind: Seen, Format: "har", Method: "GET", Host: "fhir.nextgen.com", Path: "/nge/prod/fhir-api-r4/fhir/r4/Observation",
		Query: "patient=6f1c2b7e-91d3-4c55-8a1e-0b9d7e5f4a31&category=laboratory&_count=50", Status: 200}
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Add(o); err != nil {
			b.Fatal(err)
		}
	}
}
