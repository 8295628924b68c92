package infer_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/infer"
)

// The measure: an application of 80 routes, five times, and the full surface.
const (
	appRoutes = 80
	appSeeds  = 5
)

// A setting is what is known beforehand about an API.
type setting struct {
	name             string
	withoutCatalogue bool
	halfKnown        bool // half of the templates come from an API description
	accepted         bool // and the user accepts the proposals that are right
}

func unknownSettings() []setting {
	return []setting{
		{name: "nothing known", withoutCatalogue: true},
		{name: "half described", withoutCatalogue: true, halfKnown: true},
		{name: "half described, proposals accepted", withoutCatalogue: true, halfKnown: true, accepted: true},
	}
}

// infers runs a Collector over observations.
func infers(t *testing.T, opt infer.Options, observations []infer.Observation) (*infer.Result, []infer.Mask) {
	t.Helper()
	c, err := infer.NewCollector(opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range observations {
		if err := c.Add(o); err != nil {
			t.Fatal(err)
		}
	}
	result := c.Result()
	return result, c.Masks()
}

// measure makes the requests of some operations and judges what is inferred
// from them. It fails where the order of the requests changes the result.
func measure(t *testing.T, s *surface, in setting, ops []operation, seed uint64) score {
	t.Helper()
	g := &generator{state: seed}
	requests := g.requests(s, ops)
	var observations []infer.Observation
	for i := range requests {
		observations = append(observations, requests[i].observation(s))
	}
	if in.halfKnown {
		observations = append(observations, templates(s, shuffled(g, ops)[:len(ops)/2])...)
	}
	opt := infer.Options{Hosts: s.hosts, WithoutCatalogue: in.withoutCatalogue}
	result, masks := infers(t, opt, observations)
	asked := judge(ops, requests, result, masks).questions
	if in.accepted {
		opt.Approvals.Templates = right(result.Proposals, ops)
		result, masks = infers(t, opt, observations)
	}
	again, againMasks := infers(t, opt, shuffled(g, observations))
	if bytesOf(t, result, masks) != bytesOf(t, again, againMasks) {
		t.Errorf("%s, %s: another order of the requests gives another result", s.name, in.name)
	}
	out := judge(ops, requests, result, masks)
	if in.accepted {
		out.questions = asked
	}
	return out
}

// right are the proposals that the author of the application would accept:
// those whose parameters all stand where a true template has one.
func right(proposals []infer.Proposal, ops []operation) []string {
	var out []string
	for _, p := range proposals {
		parts := segments(withoutQuery(p.Template))
		if slices.ContainsFunc(ops, func(op operation) bool { return agrees(parts, segments(op.path)) }) {
			out = append(out, p.Template)
		}
	}
	return out
}

// agrees reports whether a proposal, which may end early, has its parameters
// where the truth has them.
func agrees(proposal, truth []string) bool {
	if len(proposal) > len(truth) {
		return false
	}
	for i, p := range proposal {
		if isMask(p) {
			continue
		}
		if isParameter(p) != isParameter(truth[i]) || !isParameter(p) && !strings.EqualFold(p, truth[i]) {
			return false
		}
	}
	return true
}

func bytesOf(t *testing.T, result *infer.Result, masks []infer.Mask) string {
	t.Helper()
	text, err := json.Marshal([]any{result, masks})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// app is the mean over five samples of 80 operations.
func app(t *testing.T, s *surface, in setting) score {
	t.Helper()
	var scores []score
	for seed := range uint64(appSeeds) {
		g := &generator{state: 1000 + seed}
		scores = append(scores, measure(t, s, in, shuffled(g, s.ops)[:min(appRoutes, len(s.ops))], seed))
	}
	return mean(scores)
}

func mean(scores []score) score {
	var m score
	n := float64(len(scores))
	for _, s := range scores {
		m.printed += s.printed / n
		m.routes += s.routes / n
		m.left += s.left / n
		m.typed += s.typed / n
		m.lost += s.lost / n
		m.masked += s.masked / n
		m.questions += s.questions / n
		m.groups += s.groups / n
		m.missed += s.missed / n
		m.inside += s.inside
	}
	return m
}

const tableHead = `| API | known beforehand | routes | F1 as printed % | F1 with masked words put back % | ids left % | typed ids left % | words lost % | words masked % | questions per 100 | grouping % |
|---|---|---|---|---|---|---|---|---|---|---|`

func line(s *surface, in setting, routes string, m score) string {
	return fmt.Sprintf("| %s | %s | %s | %.1f | %.1f | %.2f | %.2f | %.2f | %.1f | %.1f | %.1f |", s.name, in.name, routes,
		100*m.printed, 100*m.routes, 100*m.left, 100*m.typed, 100*m.lost, 100*m.masked, m.questions, 100*m.groups)
}

// NextGen traffic has to be perfect: every template, no identifier.
func TestAccuracyOfNextGen(t *testing.T) {
	table := []string{tableHead}
	for _, s := range []surface{enterpriseSurface(), fhirSurface()} {
		in := setting{name: "catalogue"}
		scores := map[string]score{
			fmt.Sprint(appRoutes): app(t, &s, in), fmt.Sprint(len(s.ops)): measure(t, &s, in, s.ops, 7),
		}
		for _, routes := range []string{fmt.Sprint(appRoutes), fmt.Sprint(len(s.ops))} {
			m := scores[routes]
			table = append(table, line(&s, in, routes, m))
			if m.printed < 1 || m.left > 0 || m.typed > 0 || m.inside > 0 || m.missed > 0 {
				t.Errorf("%s, %s routes: F1 %.4f, ids left %.4f, typed %.4f, rows that hold an id %d, requests without a row %.4f",
					s.name, routes, m.printed, m.left, m.typed, m.inside, m.missed)
			}
		}
	}
	t.Log("\n" + strings.Join(table, "\n"))
}

// An API that nobody knows: few questions may be left open, but no typed
// identifier may be printed, and the rows must be usable.
func TestAccuracyOfUnknownAPIs(t *testing.T) {
	table := []string{tableHead}
	for _, s := range []surface{
		publicSurface(t, "Asana", "asana.csv", "app.asana.com/api/1.0", asanaValue),
		publicSurface(t, "Stripe", "stripe.csv", "api.stripe.com", stripeValue),
		publicSurface(t, "GitHub", "github.csv", "api.github.com", gitHubValue),
	} {
		for _, in := range unknownSettings() {
			small, full := app(t, &s, in), measure(t, &s, in, s.ops, 7)
			table = append(table, line(&s, in, fmt.Sprint(appRoutes), small), line(&s, in, fmt.Sprint(len(s.ops)), full))
			for _, m := range []score{small, full} {
				assertUnknown(t, &s, in, m)
			}
		}
	}
	t.Log("\n" + strings.Join(table, "\n"))
}

// assertUnknown holds the goals. F1 is that of the rows with masked words put
// back: a mask hides a word from print and keeps its route apart all the same,
// so this is what inference found; the F1 of the rows as printed stands beside
// it in the table. Names that a person chose, of which GitHub's paths are made,
// cannot be told from words: there only typed ids count.
func assertUnknown(t *testing.T, s *surface, in setting, m score) {
	t.Helper()
	if m.typed > 0 || m.inside > 0 || m.missed > 0 {
		t.Errorf("%s, %s: %.4f of the typed ids are left, rows that hold one: %d, requests without a row %.4f", s.name, in.name, m.typed, m.inside, m.missed)
	}
	if s.name == "GitHub" {
		return
	}
	floor := 0.75
	if in.halfKnown {
		floor = 0.88
	}
	if in.accepted {
		floor = 0.93
	}
	if m.routes < floor || m.left > 0.03 {
		t.Errorf("%s, %s: F1 %.3f of at least %.2f, ids left %.4f of at most 0.03", s.name, in.name, m.routes, floor, m.left)
	}
}
