package scope

import (
	"strings"

	"github.com/apionboard/ngapi/internal/routes/catalog"
)

// proprietary judges an Enterprise route. Only the vendor's own list makes one
// limited; the words of a path and what third parties saw are hints.
func (j *judge) proprietary(q *request) finding {
	entry, kind := j.enterprise.Match(q.method, q.path)
	f := j.proprietaryRead(q)
	switch {
	case q.reads():
		if q.method == "HEAD" {
			f = f.note(NoteNotLiteralGet)
			if f.verdict == Limited {
				f = f.asks(AskPostSearch)
			}
		}
	case kind == catalog.Exact && !entry.Write && q.method == "POST":
		f = f.note(NoteNotLiteralGet).asks(AskPostSearch)
		f.why = "a POST that is a query by public evidence, and no GET route; " + f.why
	case kind == catalog.Exact && !entry.Write:
		f.access, f.basis, f.question = UnknownAccess, ByInference, AskPostSearch
		f.why = "sets up the session by public evidence, and is no GET route"
	default:
		f = finding{access: Write, data: f.data, basis: ByMethod, verdict: NotLimited, federal: No,
			why: writes(q)}
	}
	switch {
	case q.method == "HEAD":
	case kind == catalog.NoMatch:
		f = f.note(NoteNotInCatalogue)
	case kind == catalog.PathOnly:
		f = f.note(NoteMethodUnknown)
	}
	return f
}

// proprietaryRead judges a route as if it were a read.
func (j *judge) proprietaryRead(q *request) finding {
	if j.VendorList != nil && q.reads() {
		switch listed, known := j.VendorList("GET", q.path); {
		case listed:
			f := within(V1, ByVendorList, "in the vendor's list of USCDI v1 routes")
			f.federal, f.question = Uncertain, AskCriteria
			return f
		case known:
			f := finding{access: Read, data: UnknownData, basis: ByVendorList, verdict: NotLimited, federal: Uncertain,
				why: "in the vendor's list, and not marked as USCDI v1"}
			if data, _ := hint(q.segments); data != V1 {
				f.data = data
			}
			return f
		}
	}
	data, word := hint(q.segments)
	f := doubt(data, ByInference, Uncertain, AskVendorList, "")
	switch data {
	case V1:
		f.why = "the path word " + word + " suggests USCDI v1; only the vendor's list can confirm it"
	case UnknownData:
		f.basis, f.why = NoBasis, "not a FHIR type, and no path word says what it returns; only the vendor's list can confirm it"
	default:
		f.why = "the path word " + word + " suggests data beyond USCDI v1; only the vendor's list can confirm it"
	}
	return f
}

// gsa is what the vendor's list says about a route under a global service
// account, else what was observed. A HEAD is looked up as the GET that it repeats.
func (j *judge) gsa(q *request) GSAObservation {
	method := q.method
	if method == "HEAD" {
		method = "GET"
	}
	if j.VendorGSA != nil {
		if status, date, known := j.VendorGSA(method, q.path); known {
			source := "vendor data grid"
			if date != "" {
				source += " of " + date
			}
			return GSAObservation{Status: status, ObservedOn: date, Source: source, Vendor: true}
		}
	}
	entry, kind := j.enterprise.Match(method, q.path)
	if kind != catalog.Exact || entry.GSA == catalog.GSAUnknown {
		return GSAObservation{Status: catalog.GSAUnknown}
	}
	return GSAObservation{Status: entry.GSA, ObservedOn: entry.ObservedOn, Source: entry.Source}
}

// hint reads the words of an Enterprise path. The first segment decides where
// it names a whole area; otherwise the last word that means something does. It
// returns that word, which is from the tables below and never from a value.
func hint(segments []string) (Data, string) {
	if len(segments) == 0 {
		return UnknownData, ""
	}
	if first := strings.ToLower(segments[0]); area(first) != "" {
		return area(first), first
	}
	for i := len(segments) - 1; i >= 0; i-- {
		word := strings.ToLower(segments[i])
		if data := wordHint(word); data != "" && !contains(word, segments[i+1:]) {
			return data, word
		}
	}
	return UnknownData, ""
}

// contains tells whether a word only says whose record a further word is about:
// /persons/{personId}/chart/x is about x, which may be unknown, and not about
// demographics.
func contains(word string, rest []string) bool {
	if word != "persons" && word != "encounters" {
		return false
	}
	for _, s := range rest {
		if id := strings.ContainsAny(s, "0123456789{}<>[]:*"); !id && s != "lookup" {
			return true
		}
	}
	return false
}

// area names the first segments under which everything is beyond USCDI v1.
func area(word string) Data {
	switch word {
	case "appointments", "resources", "financial", "document-batches":
		return EHIOther
	case "audit", "master", "users", "favorites", "providers", "auth-services", "core", "tasks", "schedules":
		return NonEHI
	}
	return ""
}

// wordHint sorts path words. A candidate for USCDI v1 may well return more: a
// person's record also holds guarantor, employer and insurance.
func wordHint(word string) Data {
	switch word {
	case "allergies", "immunizations", "procedures", "goals", "health-concerns", "problems", "diagnoses", "medications", "vitals",
		"lab", "labs", "results", "devices", "implantable-devices", "care-team", "care-team-members", "tobacco-usage",
		"tobacco-smoking-usage-status", "smoking-status", "documents", "clinical-notes", "notes", "demographics", "persons", "races",
		"ethnicities", "address-histories", "assessments", "care-plan", "care-plan-assessments":
		return V1
	case "encounters", "insurance", "insurances", "orders", "referral-orders", "referrals", "social-history", "pregnancies", "pregnancy",
		"gender-identities", "employments", "screening-tools", "prapare", "phq2", "phq9", "coverages", "panels", "support-roles":
		return V3
	case "appointments", "slots", "charges", "claims", "payments", "balances", "guarantors", "transactions", "eligibilities",
		"authorizations", "recall-plans", "alerts", "telephone-calls", "family-history", "obstetrics", "photo", "pharmacies",
		"formularies", "employers", "relations", "external-ids", "inbox", "messages", "waitlist-items", "medication-history",
		"medical-history", "review-of-systems", "imh-forms":
		return EHIOther
	case "schedules", "tasks", "templates", "users", "locations", "providers", "payers", "audit", "permissions", "merged":
		return NonEHI
	}
	return ""
}
