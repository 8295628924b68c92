package scope

// floor is one edition of the data that a certified API must offer.
type floor struct {
	from, edition, status string
}

// floors lists the editions by the day from which they hold, newest last.
// USCDI v1 was adopted with 85 FR 25642 and lapsed for certification at the
// end of 2025 under 89 FR 1192 (170.213, 170.215).
func floors() []floor {
	return []floor{
		{"2020-06-30", "USCDI v1", "final"},
		{"2026-01-01", "USCDI v3", "final"},
	}
}

// proposal is a rule that is not final and that would change the floor.
const (
	proposalFrom = "2025-12-29"
	proposal     = "HTI-5 (90 FR 60970, proposed): USCDI v3.1 would be the only edition, and (g)(7) to (g)(9) would leave the definition " +
		"of certified API technology; check federalregister.gov for its state"
)

// federalFloor returns the floor at a date, YYYY-MM-DD, without a verdict. A
// blank date means the newest edition; a date before the first one gets the
// first one.
func federalFloor(asOf string) FederalYardstick {
	all := floors()
	chosen := all[0]
	for _, f := range all {
		if asOf == "" || asOf >= f.from {
			chosen = f
		}
	}
	y := FederalYardstick{Edition: chosen.edition, Status: chosen.status, Since: chosen.from, Verdict: Uncertain}
	if asOf == "" || asOf >= proposalFrom {
		y.Proposed = proposal
	}
	return y
}

// federalV1 reads the vendor verdict as the answer of the time when USCDI v1
// was the floor: then both yardsticks were the same.
func federalV1(v Verdict) Answer {
	switch v {
	case Limited:
		return Yes
	case NotLimited:
		return No
	}
	return Uncertain
}
