package plan

import (
	"strings"

	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
)

// steps lists what to do next for the application's own gate: first what must
// be answered, then every check that is not met, mandatory ones first.
func steps(ev *rulebook.Evaluator, open []Question) []Step {
	out := []Step{}
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
			if r.State == rulebook.Pass || r.State == rulebook.NotApplicable || r.State == rulebook.Open {
				continue
			}
			remedy := ev.RemedyFor(r)
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

// routeList is the step that comes before the list can be handed in.
func routeList(ev *rulebook.Evaluator) *Step {
	if ev.Decide("route-list").Value != "required" {
		return nil
	}
	if _, listed := ev.Set.Get("routes.listed"); listed {
		return nil
	}
	return &Step{
		ID: "ROUTES", Title: "Draft the route list", Level: rulebook.Mandatory, Status: string(rulebook.Open),
		Do: "List the routes that the application calls; the list also settles the certified scope.", Run: "ngapi routes add GET /persons/{personId}",
		Sources: ev.Edition.Cite([]string{"B4"}),
	}
}
