package scope

import "slices"

// The ids of the questions for the vendor. They never change.
const (
	AskSupportingSearch = "Q1"
	AskPostSearch       = "Q2"
	AskUncertainTypes   = "Q3"
	AskV3Routes         = "Q4"
	AskCriteria         = "Q5"
	AskProvenance       = "Q6"
	AskProgram          = "Q7"
	AskScopes           = "Q8"
	AskVendorList       = "Q9"
	AskUnfiltered       = "Q10"
	AskOperation        = "Q11"
)

// Question is a question for the vendor and the routes that raise it.
type Question struct {
	ID     string   `json:"id"`
	Text   string   `json:"text"`
	Routes []string `json:"routes"` // "GET /path", each once; empty where the whole list raises it
}

// AllQuestions returns the table of questions, without routes.
func AllQuestions() []Question {
	texts := []struct{ id, text string }{
		{AskSupportingSearch, "Do searches for Encounter, Organization, Practitioner or Location count among the USCDI v1 GET routes of our NGE version, or only reads by id?"},
		{AskPostSearch, "Does a read that is not literally a GET count as a GET route: a search or query sent by POST, a HEAD request, the set-up of a session?"},
		{AskUncertainTypes, "Are R4 MedicationStatement and stand-alone Binary reads part of the set that is free of charge?"},
		{AskV3Routes, "Are routes to USCDI v3 data (Coverage, ServiceRequest, Specimen, MedicationDispense, RelatedPerson) certified technology for the purposes of form, agreement, route list and fees?"},
		{AskCriteria, "To which criteria, 170.315(g)(7), (g)(9) or (g)(10), are the Enterprise USCDI v1 routes of our NGE version certified?"},
		{AskProvenance, "Is Provenance free of charge both as _revinclude and as a search of its own?"},
		{AskProgram, "Which program does a third-party application join whose access is limited to USCDI v1 GET routes?"},
		{AskScopes, "Which scope strings may an application that only reads ask for, if the server advertises wildcards only?"},
		{AskVendorList, "Are these Enterprise routes in your list of USCDI v1 routes for our NGE version?"},
		{AskUnfiltered, "Do these searches and reads, which can return more than USCDI v1, count as USCDI v1 GET routes, or do they need a category or code?"},
		{AskOperation, "What do these operations and address forms return, and are they within USCDI v1?"},
	}
	all := make([]Question, len(texts))
	for i, t := range texts {
		all[i] = Question{ID: t.id, Text: t.text, Routes: []string{}}
	}
	return all
}

// questions collects, for the questions that were raised, the routes in the
// order of the list. A list that is limited raises two more by itself.
func questions(r *Report, hasFHIR bool) []Question {
	raised := map[string][]string{}
	for i := range r.Routes {
		if v := &r.Routes[i]; v.Question != "" {
			raised[v.Question] = append(raised[v.Question], v.Method+" "+v.Path)
		}
	}
	if r.Verdict == Limited {
		raised[AskProgram] = nil
		if hasFHIR {
			raised[AskScopes] = nil
		}
	}
	asked := []Question{}
	for _, q := range AllQuestions() {
		routes, ok := raised[q.ID]
		if !ok {
			continue
		}
		q.Routes = unique(routes)
		asked = append(asked, q)
	}
	return asked
}

// unique drops repetitions and keeps the order.
func unique(list []string) []string {
	seen := make(map[string]bool, len(list))
	out := slices.DeleteFunc(list, func(s string) bool {
		again := seen[s]
		seen[s] = true
		return again
	})
	if out == nil {
		return []string{}
	}
	return out
}
