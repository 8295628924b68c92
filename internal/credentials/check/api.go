package check

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
)

// The two reads of a service account. The first is the one documented read that
// works without a session; the second is master data too and needs one.
const (
	practicesPath = "/master/practices"
	sessionPath   = "/master/locations"
)

// read makes the one harmless read of the flow and tells whether it worked.
func (r *run) read(ctx context.Context, tok *flow.Token) bool {
	target := r.readURL(tok)
	if target == "" {
		r.add("api.read", Skip, "no API address is known for this flow; give --api-base")
		return true
	}
	a, err := r.in.Flow.Read(ctx, target, tok, secret.Value{})
	if err != nil {
		r.lost("api.read", err)
		return false
	}
	r.seen(a)
	if a.Status == http.StatusUnauthorized && r.renewable() {
		again := r.renew(ctx) // the one token request of this run
		if again == nil {
			return false
		}
		*tok = *again
		if a, err = r.in.Flow.Read(ctx, target, tok, secret.Value{}); err != nil {
			r.lost("api.read", err)
			return false
		}
	}
	ok := r.answered("api.read", a, "the read worked")
	if ok && r.cfg.Flow == flow.GSA {
		r.links(a)
	}
	return ok
}

// renewable tells whether a stored token that was refused can be renewed: that
// would be the one token request of the run.
func (r *run) renewable() bool {
	return r.stored != nil && !r.asked && !r.stored.Refresh.Empty() && r.in.Vault != nil
}

// readURL is the address of the read. A patient's own id is in it, so it is
// never printed.
func (r *run) readURL(tok *flow.Token) string {
	switch {
	case r.cfg.Flow == flow.GSA:
		return strings.TrimRight(r.cfg.APIBase, "/") + practicesPath
	case r.cfg.FHIRBase != "" && tok.Patient != "":
		r.named = true
		return strings.TrimRight(r.cfg.FHIRBase, "/") + "/Patient/" + url.PathEscape(tok.Patient)
	case r.cfg.FHIRBase != "":
		return strings.TrimRight(r.cfg.FHIRBase, "/") + "/Patient"
	case r.cfg.APIBase != "":
		return strings.TrimRight(r.cfg.APIBase, "/") + practicesPath
	}
	return ""
}

// lost reports a request to the API that got no answer, whatever the reason.
func (r *run) lost(id string, err error) {
	if !r.unreachable(err) {
		r.add(id, Unknown, words(err), CannotTell, hint("correct the base address, then try again"))
	}
}

// answered judges an API answer; id is the check that it belongs to.
func (r *run) answered(id string, a *wire.Answer, good string) bool {
	evidence := r.apiFacts(a)
	say := func(status Status, v Verdict, what, do string) bool {
		r.add(id, status, what, v, hint(do), evidence)
		return false
	}
	body := bytes.TrimSpace(a.Body)
	switch {
	case a.Status >= 300 && a.Status < 400:
		return say(Fail, Misconfigured, "the API address redirects; it was not followed, for it would carry the token elsewhere", "correct --api-base or --fhir-base")
	case a.Status == http.StatusUnauthorized:
		return r.unauthorized(id, a, evidence)
	case a.Status == http.StatusForbidden:
		return say(Fail, Insufficient, "the token was taken, but the read was refused (403)"+authError(a), r.moreRights())
	case a.Status == http.StatusNotFound && r.named:
		return say(Unknown, CannotTell, "there is no such patient at this address (404), or it is no FHIR base; the answer does not tell which", "sign in again; if it stays, tell who runs the API")
	case a.Status == http.StatusNotFound || a.Status == http.StatusMethodNotAllowed:
		return say(Fail, Misconfigured, fmt.Sprintf("there is no such route at this address (%d)", a.Status), "correct the base address; published is "+r.published())
	case a.Status == http.StatusTooManyRequests:
		return say(Unknown, CannotTell, "the server asks to wait (429)"+retryAfter(a.Header), "wait, then try again; ngapi does not retry by itself")
	case a.Status >= 500:
		return say(Unknown, CannotTell, fmt.Sprintf("the server failed with %d", a.Status), "try again later; gateways of practices can be slow or down")
	case a.Status >= 400:
		return say(Unknown, CannotTell, fmt.Sprintf("the read was answered with %d, which says nothing about the token", a.Status), "tell who runs the API")
	case len(body) == 0 && a.Status == http.StatusOK:
		return say(Unknown, CannotTell, "the answer is empty with status 200; at NextGen that is the known sign of a used-up daily quota, not of missing data",
			"try again tomorrow, or ask the API team about the quota")
	case a.Cut:
		return say(Unknown, CannotTell, "the answer is larger than a list of practices can be", "see whether the base address is that of the API")
	case a.Status != http.StatusOK:
		return say(Unknown, CannotTell, fmt.Sprintf("the read was answered with %d and no data, which proves nothing", a.Status), "report it with the x-request-id")
	}
	if what := r.unproven(body); what != "" {
		return say(Unknown, CannotTell, what, "see whether a gateway, a proxy or a login page stands between, and whether the base address is right")
	}
	r.add(id, Pass, good, evidence)
	return true
}

// unproven tells why a 200 does not show that the API took the token: whoever
// stands between can answer with a page, an error or any JSON. A read of the
// FHIR server gives a Patient or a Bundle, one of the Enterprise API a list, bare
// or as a member.
func (r *run) unproven(body []byte) string {
	var members map[string]json.RawMessage
	var list []json.RawMessage
	switch {
	case !json.Valid(body):
		return "the answer is not JSON"
	case json.Unmarshal(body, &list) == nil && list != nil && r.enterprise():
		return ""
	case json.Unmarshal(body, &members) != nil || len(members) == 0:
		return "the answer is JSON, but not what this read gives"
	}
	var kind string
	_ = json.Unmarshal(members["resourceType"], &kind)
	switch {
	case kind == "OperationOutcome":
		return "the answer is an error (OperationOutcome) with status 200"
	case !r.enterprise() && (kind == "Patient" || kind == "Bundle"):
		return ""
	case !r.enterprise() || kind != "":
		return "the answer is JSON, but not what this read gives"
	}
	for name := range members { // a gateway's error may hold lists too
		switch strings.ToLower(name) {
		case "message", "fault", "detail", "details", "exception":
			return "the answer is JSON, but not what this read gives"
		}
	}
	for name, raw := range members {
		if json.Unmarshal(raw, &list) == nil && list != nil && !strings.HasPrefix(strings.ToLower(name), "error") {
			return ""
		}
	}
	return "the answer is JSON, but not what this read gives"
}

// enterprise tells whether the read goes to the Enterprise API; see readURL.
func (r *run) enterprise() bool { return r.cfg.Flow == flow.GSA || r.cfg.FHIRBase == "" }

// unauthorized: a fresh token that the API does not take is not enough; a stored
// one has ended.
func (r *run) unauthorized(id string, a *wire.Answer, evidence []string) bool {
	if r.stored != nil && !r.asked {
		r.add(id, Fail, "the stored token is no longer taken (401)", SignInNeeded, hint(r.howToSignIn()), evidence)
		return false
	}
	r.add(id, Fail, "the API does not take the token (401)"+authError(a), Insufficient,
		hint("see whether token and API address belong to the same environment; "+r.moreRights()), evidence)
	return false
}

// authError is the error of a WWW-Authenticate header (RFC 6750 3), where it is
// one of the three that the standard has.
func authError(a *wire.Answer) string {
	for _, known := range []string{"invalid_token", "insufficient_scope", "invalid_request"} {
		if strings.Contains(a.Header.Get("WWW-Authenticate"), known) {
			return ", " + known
		}
	}
	return ""
}

func (r *run) moreRights() string {
	switch r.cfg.Flow {
	case flow.GSA:
		return "see whether the client approved the application for this site and practice, and whether the route is open to service accounts"
	case flow.EAL:
		return "see whether the user's group has the right Allow API Access"
	case flow.Patient:
	}
	return "see whether the patient gave consent to this category, and whether the practice has switched the API on"
}

func (r *run) published() string {
	d := endpoint.Default(string(r.cfg.Flow))
	if r.cfg.Flow == flow.Patient {
		return d.FHIRBase
	}
	return d.APIBase
}

// apiFacts are facts without the path: that of a patient holds an id.
func (r *run) apiFacts(a *wire.Answer) []string {
	out := []string{fmt.Sprintf("%s %s: status %d", a.Method, host(a.URL), a.Status)}
	if a.RequestID != "" {
		out = append(out, "x-request-id "+r.foreign(a.RequestID))
	}
	if v := a.Header.Get("api-version"); v != "" {
		out = append(out, "api-version "+r.foreign(v))
	}
	return out
}

// links warns of the internal address that NextGen puts into lists.
func (r *run) links(a *wire.Answer) {
	var list struct {
		Next  string `json:"nextPageLink"`
		Other string `json:"NextPageLink"`
	}
	if json.Unmarshal(a.Body, &list) != nil || (list.Next == "" && list.Other == "") {
		return
	}
	next := list.Next + list.Other
	if host(next) != "" && host(next) != host(r.cfg.APIBase) {
		r.add("api.links", Info, "nextPageLink leads to an internal address; nothing but its query is of use", hint("take the query of nextPageLink and put it behind your own base address"))
	}
}

// session chooses enterprise and practice and makes one call with the session.
func (r *run) session(ctx context.Context, tok *flow.Token) {
	switch {
	case r.in.NoSession:
		r.add("api.session", Skip, "left out by --no-session")
		return
	case r.cfg.EnterpriseID == "" || r.cfg.PracticeID == "":
		r.add("api.session", Skip, "no enterprise and practice were given; most routes need a session for one (--enterprise-id, --practice-id)")
		return
	}
	a, id, err := r.in.Flow.LoginDefaults(ctx, r.cfg, tok)
	if err != nil {
		r.lost("api.session", err)
		return
	}
	r.in.Clean.Learn(id)
	if a.HTML() && a.Status < 300 {
		r.add("api.session", Unknown, "login-defaults was answered with an HTML page", CannotTell,
			hint("see whether a gateway, a proxy or a login page stands between"), r.apiFacts(a))
		return
	}
	if a.Status >= 300 {
		switch a.Status {
		case http.StatusBadRequest, http.StatusForbidden, http.StatusConflict, http.StatusUnprocessableEntity:
		case http.StatusNotFound, http.StatusMethodNotAllowed: // the base is right, for the list of practices came from it
			r.add("api.session", Unknown, fmt.Sprintf("login-defaults was answered with %d: no such enterprise and practice, or no such route in this version; the answer does not tell which", a.Status), CannotTell,
				hint("compare both ids with the list of practices, then ask who runs the API; --no-session leaves this step out"), r.apiFacts(a))
			return
		default:
			r.answered("api.session", a, "")
			return
		}
		r.add("api.session", Fail, fmt.Sprintf("login-defaults refused the enterprise and practice (%d)", a.Status), Insufficient,
			hint("compare both ids with the list of practices, as texts with their leading zeros; "+r.moreRights()), r.apiFacts(a))
		return
	}
	if id.Empty() {
		do := "compare both ids with the list of practices; the session is in the header of the answer, never in its body"
		if a.Status == http.StatusOK && len(bytes.TrimSpace(a.Body)) == 0 {
			do += "; an empty 200 can also be the sign of a used-up daily quota"
		}
		r.add("api.session", Fail, "login-defaults gave no X-NG-SessionId header for this enterprise and practice", Insufficient, hint(do), r.apiFacts(a))
		return
	}
	if !r.rightSession(id) {
		return
	}
	b, err := r.in.Flow.Read(ctx, strings.TrimRight(r.cfg.APIBase, "/")+sessionPath, tok, id)
	if err != nil {
		r.lost("api.session", err)
		return
	}
	if b.Status == http.StatusNotFound || b.Status == http.StatusMethodNotAllowed {
		r.add("api.session", Info, fmt.Sprintf("a session was given; the read that would try it (%s) is not known here (%d)", sessionPath, b.Status), r.apiFacts(b))
		return
	}
	r.answered("api.session", b, "enterprise "+r.cfg.EnterpriseID+", practice "+r.cfg.PracticeID+": a session was given and a call with it works")
}

// rightSession decodes the session on this machine and holds it against what
// was asked for. One that does not decode proves nothing either way.
func (r *run) rightSession(id secret.Value) bool {
	enterprise, practice, ok := endpoint.DecodeSession(id.Reveal())
	if !ok {
		r.add("api.session", Info, "the session id has a form that is not known, so it could not be compared with what was asked for")
		return true
	}
	if enterprise == r.cfg.EnterpriseID && practice == r.cfg.PracticeID {
		return true
	}
	r.add("api.session", Fail, "the session is for another enterprise and practice than asked for", Insufficient,
		hint("compare --enterprise-id and --practice-id with the list of practices"),
		"session: enterprise "+r.foreign(enterprise)+", practice "+r.foreign(practice))
	return false
}
