package trait

// milestones lists the days on which something was done. An absent one is not
// done; one after the as-of day does not count yet.
func milestones() []Trait {
	day := func(id ID, question, help string) Trait {
		return Trait{ID: id, Kind: Milestone, Type: Date, Question: question, Help: help}
	}
	return []Trait{
		day("organization.terms_executed", "When were the API Terms of Service executed?", "The day of the last signature."),
		day("form.submitted", "When was the API Onboarding form sent?", "An email with next steps follows it."),
		day("form.reply", "When did the reply to the form arrive?", "It holds the self-registration instructions."),
		day("portal.registered", "When did you register at the Developer Portal?", "Needed by every developer for production credentials."),
		day("portal.app_configured", "When was the application entry in the portal completed?", "The entry makes the OAuth2 credentials."),
		day("sandbox.development_complete", "When was initial development in the sandbox complete?", "With the portal's sandbox tests."),
		day("nonprod.tested", "When was it tested in your own non-production NextGen Enterprise environment?", "Expected of Open Access developers."),
		day("routes.submitted", "When was the detailed route list sent?", "Not needed within certified scope."),
		day("patient.tested", "When were the tests with the published test patients complete?", "They are named in the portal and in the Authentication Guide."),
		day("patient.intent_sent", "When did you tell NextGen that you will support production?", "By mail to APIpartners@nextgen.com."),
		day("patient.requirements_sent", "When did you send the requirements for client practices?", "By mail to APIpartners@nextgen.com."),
		day("beta.guidance_reviewed", "When did you review Beta Document 1?", "It also holds the consent language."),
		day("beta.test_plan", "When was the Beta Test Plan written?", "Optional."),
		day("beta.client_docs", "When was the client-facing documentation written?", "Optional."),
		{ID: "beta.clients", Kind: Milestone, Type: Records, Question: "Which clients take part in the Beta?",
			Help: "Add each with ngapi profile client add NAME."},
		day("ga.production_confirmed", "When did NextGen determine that the integration works in production?", "Part of General Availability."),
		day("ga.approved", "When did NextGen approve the release from Beta?", "NextGen then declares the application generally available."),
		{ID: "client.contact", Kind: Answer, Type: Text, Question: "Whom do you write to at this client?", Help: "A mailbox or a role."},
		day("client.guidance_sent", "When did this client get Beta Document 2?", "It goes to the right stakeholders of each Beta client."),
		day("client.consent_given", "When did this client get the customized consent language?", "The language stands in Beta Document 1."),
		day("client.signoff", "When did this client mail its sign-off to apipartners@nextgen.com?", "It must come straight from the client."),
	}
}

// observed lists what ngapi reads off the route list and off recorded reports of
// ngapi auth check. Without them they are absent, which is itself a known fact.
func observed() []Trait {
	return []Trait{
		{ID: "routes.listed", Kind: Observed, Type: Bool, Question: "whether a route list with at least one route exists"},
		{ID: "routes.verdict", Kind: Observed, Type: One, Question: "the scope verdict of the route list",
			Choices: []Choice{{"limited", "limited", ""}, {"not-limited", "not limited", ""}, {"undetermined", "undetermined", ""}}},
		{ID: "routes.writes", Kind: Observed, Type: Bool, Question: "whether a listed route writes"},
		{ID: "routes.beyond", Kind: Observed, Type: Bool, Question: "whether a listed route is known to go beyond USCDI v1 data"},
		{ID: "routes.gsa", Kind: Observed, Type: One, Question: "how the listed Enterprise routes answered to a Global Service Account in dated observations",
			Choices: []Choice{
				{"open", "all observed to answer", ""},
				{"closed", "at least one observed to refuse", ""},
				{"unconfirmed", "not observed for all", ""},
				{"none", "no Enterprise route is listed", ""},
				{"attested", "a person has looked them up", ""},
			}},
		{ID: "routes.enterprise", Kind: Observed, Type: Bool, Question: "whether a listed route belongs to the Enterprise APIs"},
		{ID: "credentials.verdict", Kind: Observed, Type: One, Question: "what the newest recorded report of ngapi auth check found",
			Choices: []Choice{
				{"accepted", "token and read worked", ""},
				{"insufficient", "a token, but not enough of one", ""},
				{"rejected", "the server refused them", ""},
				{"sign-in-needed", "no secret or token was at hand", ""},
				{"misconfigured", "something is missing or malformed", ""},
				{"cannot-tell", "the server could not be asked", ""},
				{"not-asked", "nothing was sent", ""},
				{"unreadable", "the recorded report cannot be used", ""},
			}},
		{ID: "credentials.flow", Kind: Observed, Type: One, Question: "the flow of the newest recorded report of ngapi auth check",
			Choices: []Choice{
				{"gsa", "Global Service Account", ""},
				{"eal", "External Application Launcher", ""},
				{"patient", "Patient Access", ""},
			}},
		{ID: "credentials.checked", Kind: Observed, Type: Date, Question: "the day of the newest recorded report of ngapi auth check"},
	}
}
