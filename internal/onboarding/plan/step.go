package plan

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
)

// steps lists what to do next for the application's own gate: first what must
// be answered, then every check that is not met, mandatory ones first.
func steps(ev *rulebook.Evaluator, open []Question) []Step {
	out, hopeless := impossible(ev)
	if hopeless {
		return out
	}
	if missing := Missing(open); len(missing) > 0 {
		names := make([]string, len(missing))
		for i, q := range missing {
			names[i] = string(q.Trait)
		}
		out = append(out, Step{
			ID: "ANSWER", Title: "Answer what is still open", Level: rulebook.Mandatory, Status: string(rulebook.Open),
			Do: "Answer " + strings.Join(names, ", ") + ".", Run: "ngapi onboard", Sources: []rulebook.Source{},
		})
	}
	if list := routeList(ev); list != nil {
		out = append(out, *list)
	}
	var later []Step
	for _, c := range ev.Edition.GateChecks(ev.DefaultGate()) {
		for _, r := range ev.Check(c) {
			if r.State == rulebook.Pass || r.State == rulebook.NotApplicable || waits(r, open) {
				continue
			}
			remedy := ev.RemedyFor(r)
			if r.State == rulebook.Open {
				remedy = ev.AnswerFor(r.Ask)
			}
			s := Step{
				ID: c.ID, Title: c.Title, Level: r.Level, Status: string(r.State), Subject: r.Subject,
				Do: remedy.Do, Run: remedy.Run, Sources: ev.Edition.Cite(c.Source),
			}
			if r.Level == rulebook.Mandatory {
				out = append(out, s)
			} else {
				later = append(later, s)
			}
		}
	}
	return append(out, later...)
}

// impossible lists what stands in the way of everything else. Without a program
// to join there is nothing else to do.
func impossible(ev *rulebook.Evaluator) (out []Step, hopeless bool) {
	out = []Step{}
	for i := range ev.Edition.Decisions {
		d := ev.Decide(ev.Edition.Decisions[i].ID)
		if d.Case == nil || !d.Case.Stop {
			continue
		}
		out = append(out, Step{
			ID: "RESOLVE-" + strings.ToUpper(d.Decision.ID), Title: "Resolve: " + d.Decision.Title + " is " + d.Value,
			Level: rulebook.Mandatory, Status: string(rulebook.Fail), Do: d.Case.Note, Run: "ngapi explain " + d.Decision.ID,
			Sources: ev.Edition.Cite(d.Case.Source),
		})
		hopeless = hopeless || d.Decision.ID == "program"
	}
	return out, hopeless
}

// waits tells whether an open check waits for a question that the plan asks, or
// for the route list that it wants drafted.
func waits(r rulebook.Checked, open []Question) bool {
	return r.State == rulebook.Open && (slices.Contains(r.Ask, "routes.gsa") ||
		slices.ContainsFunc(open, func(q Question) bool { return slices.Contains(r.Ask, q.Trait) }))
}

// routeList is the step that comes before the list can be handed in.
func routeList(ev *rulebook.Evaluator) *Step {
	if ev.Decide("route-list").Value != "required" {
		return nil
	}
	_, listed := ev.Set.Get("routes.listed")
	if _, submitted := ev.Set.Get("routes.submitted"); listed || submitted {
		return nil
	}
	return &Step{
		ID: "ROUTES", Title: "Draft the route list", Level: rulebook.Mandatory, Status: string(rulebook.Open),
		Do: "Record what the application calls and import it; the list also settles the certified scope.", Run: "ngapi routes import session.har",
		Sources: ev.Edition.Cite([]string{"B4"}),
	}
}
