package store
import "github.com/apionboard/ngapi/internal/onboarding/trait"
func trait_(s string) trait.ID { return trait.ID(s) }
