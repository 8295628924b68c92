package rulebook

import (
	"slices"

	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// Gates lists the gates in the order in which an application meets them.
func Gates() []string { return []string{"registration", "production", "beta", "ga"} }

// included tells which gates' checks a gate is made of: gates are cumulative.
func included(gate string) []string {
	switch gate {
	case "production":
		return []string{"registration", "production"}
	case "beta":
		return []string{"registration", "beta"}
	case "ga":
		return []string{"registration", "beta", "ga"}
	default:
		return []string{gate}
	}
}

// GateChecks lists the checks of a gate, with those of the gates it includes,
// in the order of the edition.
func (e *Edition) GateChecks(gate string) []*Check {
	in := included(gate)
	var out []*Check
	for i := range e.Checks {
		if slices.Contains(in, e.Checks[i].Gate) {
			out = append(out, &e.Checks[i])
		}
	}
	return out
}

// DefaultGate is the application's own next gate: production on the Patient
// Access path, else beta, also while the path is not decided.
func (e *Evaluator) DefaultGate() string {
	if e.Decide("track").Value == "patient-production" {
		return "production"
	}
	return "beta"
}

// Thresholds lists the versions that decisions and checks turn on, in ascending
// order.
func (e *Edition) Thresholds() []string {
	var out []string
	visit := func(leaf *Cond) {
		if (leaf.Test == "gte" || leaf.Test == "lt") && !slices.Contains(out, leaf.Want[0]) {
			out = append(out, leaf.Want[0])
		}
	}
	for _, d := range e.Decisions {
		for _, c := range d.Cases {
			c.When.leaves(visit)
		}
	}
	for _, c := range e.Checks {
		c.When.leaves(visit)
		c.Met.leaves(visit)
	}
	slices.SortFunc(out, func(a, b string) int {
		order, err := trait.CompareVersions(a, b)
		if err != nil {
			return 0 // the loader has parsed every version
		}
		return order
	})
	return out
}
