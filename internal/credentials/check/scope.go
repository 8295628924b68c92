package check

import (
	"slices"
	"strings"
)

// scopeShape is a SMART scope taken apart.
type scopeShape struct {
	context string // patient, user, system, or "" for launch and identity scopes
	version int    // 1 or 2 of the permission syntax, 0 for others
	write   bool
	bad     string
}

// scopeForm reads one scope (SMART App Launch 2.2, scopes and launch context).
func scopeForm(s string) scopeShape {
	known := []string{"openid", "profile", "fhirUser", "offline_access", "online_access", "launch", "launch/patient", "launch/encounter"}
	if slices.Contains(known, s) {
		return scopeShape{}
	}
	context, rest, ok := strings.Cut(s, "/")
	if !ok || !slices.Contains([]string{"patient", "user", "system"}, context) {
		return scopeShape{bad: "no SMART scope"}
	}
	rest, _, _ = strings.Cut(rest, "?")
	kind, verbs, ok := strings.Cut(rest, ".")
	if !ok || kind == "" || strings.Trim(kind, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ*") != "" {
		return scopeShape{bad: "no SMART scope"}
	}
	switch verbs {
	case "read":
		return scopeShape{context: context, version: 1}
	case "write", "*":
		return scopeShape{context: context, version: 1, write: verbs == "write"}
	}
	if verbs == "" || strings.Trim(verbs, "cruds") != "" || !inOrder(verbs) {
		return scopeShape{context: context, bad: "the permission is not read, write, * or letters of cruds in this order"}
	}
	return scopeShape{context: context, version: 2, write: strings.ContainsAny(verbs, "cud")}
}

// inOrder tells whether the letters come in the order of cruds, each once.
func inOrder(verbs string) bool {
	last := -1
	for _, v := range verbs {
		at := strings.IndexRune("cruds", v)
		if at <= last {
			return false
		}
		last = at
	}
	return true
}

// missingScopes are those that were asked for and not granted. A wildcard that
// was granted covers what it stands for.
func missingScopes(asked, granted []string) []string {
	var out []string
	for _, a := range asked {
		if !slices.ContainsFunc(granted, func(g string) bool { return covers(g, a) }) {
			out = append(out, a)
		}
	}
	return out
}

// covers tells whether one granted scope allows all that the other one asks.
func covers(granted, asked string) bool {
	if granted == asked {
		return true
	}
	g, a := scopeForm(granted), scopeForm(asked)
	if g.context == "" || g.context != a.context || strings.Contains(granted, "?") {
		return false
	}
	gType, gVerbs := parts(granted)
	aType, aVerbs := parts(asked)
	if gType != "*" && gType != aType {
		return false
	}
	for _, v := range aVerbs {
		if !strings.ContainsRune(gVerbs, v) {
			return false
		}
	}
	return true
}

// parts returns the resource type and the permissions of a scope in v2 letters.
func parts(scope string) (kind, verbs string) {
	_, rest, _ := strings.Cut(scope, "/")
	rest, _, _ = strings.Cut(rest, "?")
	kind, verbs, _ = strings.Cut(rest, ".")
	switch verbs {
	case "read":
		verbs = "rs"
	case "write":
		verbs = "cud"
	case "*":
		verbs = "cruds"
	}
	return kind, verbs
}
