package store

import (
	"slices"
	"strings"
	"sync"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// section is one top-level key of the profile and the keys in it. A section
// without keys is a single value or a list.
type section struct {
	name string
	keys []string
}

// canonical is the order in which a profile is written. Traits of the catalogue
// that are not named here follow in their section, in asking order.
var canonical = sync.OnceValue(func() []section {
	list := []section{
		{"schema", nil},
		{"organization", []string{"name", "type", "nge_version", "terms", "terms_executed"}},
		{"app", []string{"name", "description", "audience", "apis", "distribution", "unattended", "auth", "min_nge_version"}},
		{"data", []string{"uscdi_v1_only", "read_only", "classes"}},
		{"routes", []string{"file", "submitted"}},
		{"form", []string{"submitted", "reply"}},
		{"portal", []string{"registered", "app_configured"}},
		{"sandbox", []string{"development_complete"}},
		{"nonprod", []string{"tested"}},
		{"patient", []string{"tested", "intent_sent", "requirements_sent"}},
		{"beta", []string{"guidance", "guidance_reviewed", "test_plan", "client_docs", "clients"}},
		{"ga", []string{"production_confirmed", "approved"}},
	}
	for _, id := range trait.Standard().Storable() {
		name, key, _ := strings.Cut(string(id), ".")
		at := slices.IndexFunc(list, func(s section) bool { return s.name == name })
		if at < 0 {
			list, at = append(list, section{name: name}), len(list)
		}
		if !slices.Contains(list[at].keys, key) {
			list[at].keys = append(list[at].keys, key)
		}
	}
	return append(list, section{name: "waivers"}, section{name: "attestations"}, section{name: "evidence"})
})

// sectionNames lists the top-level keys.
func sectionNames() []string {
	var names []string
	for _, s := range canonical() {
		names = append(names, s.name)
	}
	return names
}

// keysOf lists the keys of a section, or nil where it has none.
func keysOf(name string) []string {
	for _, s := range canonical() {
		if s.name == name {
			return s.keys
		}
	}
	return nil
}

// clientKeys lists the keys of one entry of beta.clients: name, then its traits.
func clientKeys() []string {
	keys := []string{"name"}
	for _, t := range trait.Standard().All() {
		if t.PerClient() {
			keys = append(keys, strings.TrimPrefix(string(t.ID), "client."))
		}
	}
	return keys
}
