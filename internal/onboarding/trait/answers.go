package trait

// answers lists the traits that a person is asked for, in asking order: who
// you are, what the application is, how it signs in, what data it needs.
func answers() []Trait {
	return append(append(organization(), application()...), data()...)
}

func organization() []Trait {
	return []Trait{
		{ID: "app.audience", Kind: Answer, Type: One,
			Question: "Who uses the application?",
			Help:     "Applications for patients can follow the short Patient Access path; applications for provider organizations go through Beta.",
			Choices: []Choice{
				{"patients", "Patients", "patients or their representatives, each signing in with a portal login of their own"},
				{"providers", "Provider organizations", "staff of a practice, or a service that works for a practice"},
			}},
		{ID: "app.apis", Kind: Answer, Type: Many,
			Question: "Which NextGen APIs does it call?",
			Help:     "The Patient Access program is open only to applications that use nothing but Patient Access APIs. FHIR calls made with a patient's own login count as Patient Access; those made for a provider organization do not.",
			Choices: []Choice{
				{"patient-access", "Patient Access APIs", "FHIR with the patient's own login"},
				{"enterprise", "Enterprise APIs", "the proprietary NextGen Enterprise routes"},
				{"fhir", "FHIR APIs for providers", "FHIR R4 or DSTU2 for a provider organization"},
			}},
		{ID: "organization.type", Kind: Answer, Type: One,
			Question: "Who builds the application?",
			Help:     "Open Access is for current NextGen Healthcare clients; third parties join as API Distributors or work within certified scope.",
			Choices: []Choice{
				{"vendor", "A third-party vendor", "your organization is no NextGen Healthcare client"},
				{"client", "A NextGen Healthcare client", "your organization licenses NextGen Enterprise EHR today"},
			}},
		{ID: "organization.nge_version", Kind: Answer, Type: Version,
			Question: "Which NextGen Enterprise EHR version does your organization license?",
			Help:     "Open Access needs 5.9.0 or later. Versions are compared part by part: 5.10.0 is later than 5.9.2."},
		{ID: "app.distribution", Kind: Answer, Type: One,
			Question: "Who will run the application?",
			Help:     "Open Access is for a client's own use; an application that other clients want can move toward the Distributor program.",
			Choices: []Choice{
				{"own", "Only our own organization", ""},
				{"clients", "Other NextGen clients as well", ""},
			}},
	}
}

func application() []Trait {
	return []Trait{
		{ID: "organization.name", Kind: Answer, Type: Text, Question: "What is your organization called?",
			Help: "Printed in drafts; no decision depends on it."},
		{ID: "app.name", Kind: Answer, Type: Text, Question: "What is the application called?",
			Help: "Printed in drafts; no decision depends on it."},
		{ID: "app.description", Kind: Answer, Type: Text, Question: "What does the application do, in a sentence or two?",
			Help: "Printed in drafts; no decision depends on it."},
		{ID: "app.unattended", Kind: Answer, Type: Bool,
			Question: "Must it work while no NextGen Enterprise user is present?",
			Help:     "Of the Enterprise models only the Global Service Account (GSA) works without anybody who launches the application; the External Application Launcher (EAL) always needs a user.",
			Choices: []Choice{
				{"true", "Yes, also unattended", "batch jobs, kiosks, phone agents, background sync"},
				{"false", "No, a user starts it", "every use begins with a user inside NextGen Enterprise"},
			}},
		{ID: "app.auth", Kind: Answer, Type: Many,
			Question: "Which authentication did you choose?",
			Help:     "Leave it open to see what the page allows. A choice is checked against your routes and version.",
			Choices: []Choice{
				{"patient", "Patient login", "OAuth2 with the patient's own login"},
				{"gsa", "Global Service Account", "OAuth2 client credentials, no user"},
				{"eal", "External Application Launcher", "launched by a user inside NextGen Enterprise, 5.9.2 and later"},
			}},
		{ID: "app.min_nge_version", Kind: Answer, Type: Version,
			Question: "What is the lowest NextGen Enterprise EHR version that it must work with?",
			Help:     "The External Application Launcher comes with 5.9.2; the APIs of the page begin with 5.9.0."},
	}
}

func data() []Trait {
	return []Trait{
		{ID: "data.uscdi_v1_only", Kind: Answer, Type: Bool,
			Question: "Is all the data that it uses part of USCDI v1?",
			Help:     "Scheduling, billing, insurance, tasks and messages are not. Within USCDI v1 and read-only, form and route list fall away; a route list overrules this answer.",
			Choices: []Choice{
				{"true", "Yes, USCDI v1 only", "allergies, problems, medications, results, notes, vitals and the like"},
				{"false", "No, more than that", "anything else, for example appointments or balances"},
			}},
		{ID: "data.read_only", Kind: Answer, Type: Bool,
			Question: "Does it only read?",
			Help:     "Creating, changing or cancelling anything is a write, also of USCDI v1 data. A route list overrules this answer.",
			Choices: []Choice{
				{"true", "Yes, it only reads", ""},
				{"false", "No, it also writes", ""},
			}},
		{ID: "data.classes", Kind: Answer, Type: Many,
			Question: "Which classes of data does it need?",
			Help:     "Whether a Distributor fee applies may depend on these classes and on how many there are.",
			Choices: []Choice{
				{"uscdi-v1", "USCDI v1", "the certified core data set"},
				{"ehi-beyond-uscdi-v1", "Other health information", "electronic health information (EHI) outside USCDI v1, for example appointments or claims"},
				{"non-ehi", "Not health information", "for example master files, templates, users"},
			}},
		{ID: "beta.guidance", Kind: Answer, Type: One,
			Question: "Which version of Beta Document 1 do you follow?",
			Help:     "Exactly one of the two applies; ngapi plan says which.",
			Choices: []Choice{
				{"uscdi-v1-read-only", "USCDI v1 read only", "for applications within certified scope"},
				{"all-other", "All other applications", "for any write and any data beyond USCDI v1"},
			}},
		{ID: "organization.terms", Kind: Answer, Type: One,
			Question: "Which API Terms of Service has your organization executed with NextGen Healthcare?",
			Help:     "Executed means signed by both sides.",
			Choices: []Choice{
				{"none", "None yet", ""},
				{"general", "The general terms", "read-only access to USCDI v1"},
				{"open-access", "With Open Access terms", ""},
				{"distributor", "With API Distributor terms", ""},
			}},
		{ID: "routes.file", Kind: Answer, Type: Path, Question: "Where is the route list?",
			Help: "A CSV file beside the profile, usually routes.csv; ngapi routes import makes one."},
	}
}
