package trait

// derived lists the traits that are computed from others, so that a condition
// of the rulebook can read like a sentence.
func derived() []Trait {
	scope := []Choice{{"limited", "limited", ""}, {"not-limited", "not limited", ""}, {"undetermined", "undetermined", ""}}
	return []Trait{
		{ID: "apis.solely_patient_access", Kind: Derived, Type: Bool, derive: solelyPatientAccess,
			inputs:   []ID{"app.apis", "routes.enterprise"},
			Question: "whether Patient Access APIs are the only ones used (P2)"},
		{ID: "apis.enterprise", Kind: Derived, Type: Bool, derive: enterpriseAPIs,
			inputs:   []ID{"app.apis", "routes.enterprise"},
			Question: "whether Enterprise APIs are used"},
		{ID: "scope.declared", Kind: Derived, Type: One, Choices: scope[:2], derive: declaredScope,
			inputs:   []ID{"data.uscdi_v1_only", "data.classes", "data.read_only"},
			Question: "what the declared answers say about certified scope"},
		{ID: "scope.certified", Kind: Derived, Type: One, Choices: scope, derive: certifiedScope,
			inputs:   []ID{"routes.verdict", "scope.declared"},
			Question: "whether the application uses nothing but USCDI v1 GET routes"},
		{ID: "nge.version", Kind: Derived, Type: Version, derive: lowestVersion,
			inputs:   []ID{"organization.type", "app.distribution", "organization.nge_version", "app.min_nge_version"},
			Question: "the lowest NextGen Enterprise EHR version that the application meets"},
		{ID: "nge.unsupported", Kind: Derived, Type: Bool, derive: unsupportedVersion,
			inputs:   []ID{"organization.type", "app.distribution", "organization.nge_version", "app.min_nge_version"},
			Question: "whether a declared version is before 5.9.0"},
		{ID: "auth.choice", Kind: Derived, Type: One, derive: authChoice,
			inputs:   []ID{"app.auth"},
			Choices:  []Choice{{"none", "none", ""}, {"gsa", "GSA", ""}, {"eal", "EAL", ""}, {"both", "both", ""}},
			Question: "the Enterprise authentication that was chosen"},
		{ID: "auth.needs_eal", Kind: Derived, Type: Bool, derive: needsEAL,
			inputs:   []ID{"routes.gsa", "auth.choice"},
			Question: "whether only the External Application Launcher will do: it was chosen alone, or a listed route refused a Global Service Account"},
		{ID: "data.beyond_uscdi_v1", Kind: Derived, Type: Bool, derive: beyondUSCDI,
			inputs:   []ID{"routes.beyond", "routes.verdict", "data.uscdi_v1_only", "data.classes"},
			Question: "whether data beyond USCDI v1 is needed"},
		{ID: "data.writes", Kind: Derived, Type: Bool, derive: writes,
			inputs:   []ID{"routes.writes", "routes.verdict", "data.read_only"},
			Question: "whether anything is written"},
		{ID: "data.several_classes", Kind: Derived, Type: Bool, derive: severalClasses,
			inputs:   []ID{"data.classes", "data.uscdi_v1_only"},
			Question: "whether more than one class of data is needed (F1, F2)"},
	}
}

func known(v Value, from ...ID) Result { return Result{Value: v, Known: true, From: from} }
func unknown(ask ...ID) Result         { return Result{Ask: ask} }

// solelyPatientAccess: source fact P2. A listed Enterprise route ends it,
// whatever was declared.
func solelyPatientAccess(look Lookup) Result {
	if enterprise, ok := look("routes.enterprise"); ok && enterprise.True() {
		return known(Yes(false), "routes.enterprise")
	}
	apis, ok := look("app.apis")
	if !ok {
		return unknown("app.apis")
	}
	return known(Yes(len(apis.List()) == 1 && apis.Has("patient-access")), "app.apis")
}

func enterpriseAPIs(look Lookup) Result {
	if enterprise, ok := look("routes.enterprise"); ok && enterprise.True() {
		return known(Yes(true), "routes.enterprise")
	}
	apis, ok := look("app.apis")
	if !ok {
		return unknown("app.apis")
	}
	return known(Yes(apis.Has("enterprise")), "app.apis")
}

// withinUSCDI tells whether the declared data stays within USCDI v1. The class
// list answers where the direct question was not; a contradiction between the
// two is refused before anything is evaluated (see Contradictions).
func withinUSCDI(look Lookup) Result {
	if only, ok := look("data.uscdi_v1_only"); ok {
		return known(Yes(only.True()), "data.uscdi_v1_only")
	}
	if classes, ok := look("data.classes"); ok {
		return known(Yes(len(classes.List()) == 1 && classes.Has("uscdi-v1")), "data.classes")
	}
	return unknown("data.uscdi_v1_only")
}

// declaredScope: certified scope is read-only access limited to USCDI v1.
func declaredScope(look Lookup) Result {
	within := withinUSCDI(look)
	read, readKnown := look("data.read_only")
	switch {
	case within.Known && !within.Value.True():
		return known(Word("not-limited"), within.From...)
	case readKnown && !read.True():
		return known(Word("not-limited"), "data.read_only")
	case within.Known && readKnown:
		return known(Word("limited"), append(within.From, "data.read_only")...)
	case within.Known:
		return unknown("data.read_only")
	case readKnown:
		return unknown(within.Ask...)
	default:
		return unknown(append(within.Ask, "data.read_only")...)
	}
}

// certifiedScope: a conclusive route list overrules the declared answers; an
// undetermined one leaves a declared "beyond" standing, and turns a declared
// "within" into undetermined.
func certifiedScope(look Lookup) Result {
	verdict, listed := look("routes.verdict")
	declared, ok := look("scope.declared")
	if listed && verdict.String() != "undetermined" {
		if ok && declared.String() != verdict.String() {
			return known(verdict, "routes.verdict", "scope.declared") // name what was overruled
		}
		return known(verdict, "routes.verdict")
	}
	switch {
	case !ok:
		return unknown("scope.declared")
	case !listed:
		return known(declared, "scope.declared")
	case declared.String() == "not-limited":
		return known(declared, "scope.declared", "routes.verdict")
	default:
		return known(Word("undetermined"), "routes.verdict", "scope.declared")
	}
}

// lowestVersion: a client's application runs on the client's own version first
// (O1, P3); one that other organizations run as well must state the lowest
// version that it supports. Where both count, the lower one decides.
func lowestVersion(look Lookup) Result {
	org, ok := look("organization.type")
	if !ok {
		return unknown("organization.type")
	}
	sources := []ID{"app.min_nge_version"}
	if org.String() == "client" {
		dist, ok := look("app.distribution")
		if !ok {
			return unknown("app.distribution")
		}
		sources = []ID{"organization.nge_version"}
		if dist.String() == "clients" {
			sources = append(sources, "app.min_nge_version")
		}
	}
	var lowest Result
	for _, source := range sources {
		v, ok := look(source)
		if !ok {
			return unknown(source)
		}
		order, err := CompareVersions(v.String(), lowest.Value.String())
		if !lowest.Known || (err == nil && order < 0) {
			lowest = known(v, source)
		}
	}
	return lowest
}

// unsupportedVersion is known unless a version before 5.9.0 is declared of which
// it is open whether it concerns this developer: a vendor has no licensed
// version, and a client's application for its own use runs on the client's. An
// undeclared version is no declared version before 5.9.0.
func unsupportedVersion(look Lookup) Result {
	org, orgKnown := look("organization.type")
	dist, distKnown := look("app.distribution")
	vendor, client := orgKnown && org.String() == "vendor", orgKnown && org.String() == "client"
	switch {
	case early(look, "organization.nge_version") && client:
		return known(Yes(true), "organization.nge_version")
	case early(look, "app.min_nge_version") && (vendor || (client && distKnown && dist.String() == "clients")):
		return known(Yes(true), "app.min_nge_version")
	case !orgKnown && (early(look, "organization.nge_version") || early(look, "app.min_nge_version")):
		return unknown("organization.type")
	case early(look, "app.min_nge_version") && client && !distKnown:
		return unknown("app.distribution")
	}
	return known(Yes(false))
}

// early tells whether a declared version lies before 5.9.0.
func early(look Lookup, id ID) bool {
	v, ok := look(id)
	if !ok {
		return false
	}
	order, err := CompareVersions(v.String(), "5.9.0")
	return err == nil && order < 0
}

// authChoice is always known: no choice rules nothing out.
func authChoice(look Lookup) Result {
	auth, ok := look("app.auth")
	gsa, eal := ok && auth.Has("gsa"), ok && auth.Has("eal")
	word := "none"
	switch {
	case gsa && eal:
		word = "both"
	case gsa:
		word = "gsa"
	case eal:
		word = "eal"
	}
	if !ok {
		return known(Word(word))
	}
	return known(Word(word), "app.auth")
}

// needsEAL: source facts L2 and L3. It is always known: without a choice and
// without an observation nothing is known to need the launcher.
func needsEAL(look Lookup) Result {
	if gsa, ok := look("routes.gsa"); ok && gsa.String() == "closed" {
		return known(Yes(true), "routes.gsa")
	}
	choice, _ := look("auth.choice")
	if choice.String() == "eal" {
		return known(Yes(true), "app.auth")
	}
	if _, ok := look("routes.gsa"); ok {
		return known(Yes(false), "routes.gsa")
	}
	return known(Yes(false))
}

func beyondUSCDI(look Lookup) Result {
	if beyond, ok := look("routes.beyond"); ok && beyond.True() {
		return known(beyond, "routes.beyond")
	}
	if verdict, ok := look("routes.verdict"); ok && verdict.String() == "limited" {
		return known(Yes(false), "routes.verdict")
	}
	within := withinUSCDI(look)
	if !within.Known {
		return within
	}
	if verdict, ok := look("routes.verdict"); ok && verdict.String() == "undetermined" && within.Value.True() {
		return unknown() // the list has put this declaration in doubt; no answer settles it
	}
	return known(Yes(!within.Value.True()), within.From...)
}

func writes(look Lookup) Result {
	w, listed := look("routes.writes")
	verdict, _ := look("routes.verdict")
	if listed && (w.True() || verdict.String() == "limited") {
		return known(w, "routes.writes")
	}
	read, ok := look("data.read_only")
	if !ok {
		return unknown("data.read_only")
	}
	return known(Yes(!read.True()), "data.read_only")
}

func severalClasses(look Lookup) Result {
	if classes, ok := look("data.classes"); ok {
		return known(Yes(len(classes.List()) > 1), "data.classes")
	}
	if only, ok := look("data.uscdi_v1_only"); ok && only.True() {
		return known(Yes(false), "data.uscdi_v1_only") // one class, and no other fits the answer
	}
	return unknown("data.classes")
}
