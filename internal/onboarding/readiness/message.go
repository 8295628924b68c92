package readiness

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// message says in one line what decided: the missing or deciding traits.
func message(c rulebook.Checked, r Result) string {
	switch r.Status {
	case rulebook.Open:
		if len(r.Ask) == 1 && r.Ask[0] == "routes.file" {
			return "it hangs on routes that are not confirmed; see ngapi routes check"
		}
		return "not answered: " + join(r.Ask)
	case rulebook.NotApplicable:
		return "does not apply: " + c.Excluded()
	case rulebook.Waived:
		return "waived until " + r.Waiver.Expires + ": " + r.Waiver.Reason
	case rulebook.Pass:
		if r.Attestation != nil {
			return "attested by " + r.Attestation.By + " on " + r.Attestation.On + ": " + r.Attestation.Statement
		}
		return says(deciding(c))
	default:
		text := says(deciding(c))
		if r.Reason == rulebook.ReasonFuture {
			text += ", after the day of this judgement, so it does not count yet"
		}
		if r.Reason == ReasonExpired {
			text += "; the waiver expired on " + r.Waiver.Expires
		}
		if r.Attestation != nil {
			text += "; the attestation of " + r.Attestation.On + " does not count on this day"
		}
		return text
	}
}

// deciding keeps the reasons that belong to met: what is missing if anything
// is, else everything but the reasons of when.
func deciding(c rulebook.Checked) []rulebook.Reason {
	var missing, future []rulebook.Reason
	for _, r := range c.Because {
		t, _ := trait.Standard().Get(r.Trait)
		if t.Kind != trait.Milestone {
			continue
		}
		if r.Value == nil {
			missing = append(missing, r)
		} else if c.Reason == rulebook.ReasonFuture {
			future = append(future, r)
		}
	}
	switch {
	case c.State != rulebook.Pass && len(missing) > 0:
		return missing
	case len(future) > 0:
		return future
	}
	var own []rulebook.Reason
	met := c.MetTraits()
	for _, r := range c.Because {
		if met[r.Trait] {
			own = append(own, r)
		}
	}
	if len(own) == 0 {
		return last(c.Because, 1)
	}
	return own
}

func last(list []rulebook.Reason, n int) []rulebook.Reason {
	return list[max(0, len(list)-n):]
}

func says(list []rulebook.Reason) string {
	parts := make([]string, 0, len(list))
	for _, r := range list {
		parts = append(parts, Says(r))
	}
	return strings.Join(parts, ", ")
}

// Says states a reason as a short clause: what the trait is, or that it is not
// recorded.
func Says(r rulebook.Reason) string {
	switch v := r.Value.(type) {
	case nil:
		return string(r.Trait) + " is not recorded"
	case []string:
		return string(r.Trait) + " is " + strings.Join(v, ", ")
	default:
		return fmt.Sprintf("%s is %v", r.Trait, v)
	}
}

func join(ids []trait.ID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = string(id)
	}
	return strings.Join(parts, ", ")
}
