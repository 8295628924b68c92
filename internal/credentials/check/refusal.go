package check

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/flow"
)

// diagnose says what an answer without a token means, and for which check.
func (r *run) diagnose(no *flow.Refusal, refresh bool) {
	a := no.Answer
	if a == nil {
		r.add("tok.accepted", Unknown, no.Error(), CannotTell)
		return
	}
	evidence := facts(a)
	if no.Code != "" {
		evidence = append(evidence, "error "+r.foreign(no.Code))
	}
	if no.Description != "" {
		evidence = append(evidence, "the server says: "+r.foreign(no.Description))
	} else if no.NotOAuth != "" && no.NotOAuth != "empty" && len(a.Body) > 0 {
		evidence = append(evidence, r.beginning(a.Body))
	}
	d := r.verdictOf(no, refresh)
	if d.verdict == Rejected || d.verdict == SignInNeeded {
		if d.id == "" {
			d.id = "tok.accepted"
		}
		if abs(a.Skew) > clockWarn && !a.Date.IsZero() { // the first thing to mend where it is off
			d.do = skewed(a) + " the server's; correct it first. Then: " + d.do
		}
	}
	if d.id == "" {
		d.id = "tok.accepted"
	}
	status := statusOf(d.verdict)
	// What passed by its form and was refused by the server does not pass.
	r.checks = slices.DeleteFunc(r.checks, func(c Check) bool { return c.ID == d.id && c.Status == Pass })
	r.add(d.id, status, d.what, d.verdict, hint(d.do), evidence)
	if d.id != "tok.accepted" {
		r.add("tok.accepted", status, "no token was given")
	}
}

// beginning shows how an answer begins, where it is text: what is packed twice, or
// has two bytes a letter, the redactor does not read.
func (r *run) beginning(body []byte) string {
	head := body[:min(len(body), 2048)]
	if bytes.IndexByte(head, 0) >= 0 || !utf8.Valid(head[:max(0, len(head)-utf8.UTFMax)]) {
		return fmt.Sprintf("the answer is no text (%d bytes)", len(body))
	}
	return "the answer begins: " + r.foreign(string(head))
}

// diagnosis is what a refusal means.
type diagnosis struct {
	id       string // "" is tok.accepted
	verdict  Verdict
	what, do string
}

// verdictOf follows the table of contract and standards: by status first where
// the answer is no OAuth error, else by its code.
func (r *run) verdictOf(no *flow.Refusal, refresh bool) diagnosis {
	status := no.Answer.Status
	switch {
	case no.NotOAuth == "redirect":
		return diagnosis{"tok.no-redirect", Misconfigured, "the token endpoint redirects; the redirect was not followed, for it would carry the credentials elsewhere",
			"the address is not the token endpoint; correct --token-url"}
	case status == http.StatusTooManyRequests:
		return diagnosis{"", CannotTell, "the server asks to wait (429)" + retryAfter(no.Answer.Header), "wait, then try again; ngapi does not retry by itself"}
	case status >= 500:
		return diagnosis{"", CannotTell, fmt.Sprintf("the server failed with %d", status), "try again later; if it stays, tell who runs the server"}
	case no.Code != "":
		return r.byCode(no, refresh)
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed || status == http.StatusGone:
		return diagnosis{"", Misconfigured, fmt.Sprintf("the address is not a token endpoint (status %d)", status), "correct --token-url; " + r.rightToken()}
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		if refresh {
			return diagnosis{"", SignInNeeded, fmt.Sprintf("the refresh token was refused with %d", status), r.howToSignIn()}
		}
		return diagnosis{"", Rejected, fmt.Sprintf("refused with %d; the server gave no OAuth error, so which part it refused is not known", status),
			r.suspects()}
	case no.NotOAuth == "empty" && status < 300:
		return diagnosis{"", CannotTell, "the answer is empty with status 200; at NextGen that is the known sign of a used-up daily quota", "try again tomorrow, or ask the API team about the quota"}
	case no.NotOAuth == "html":
		return diagnosis{"tok.json", CannotTell, "the answer is an HTML page", "see whether a gateway, a proxy or a login page stands between; " + r.rightToken()}
	case no.NotOAuth == "no-token":
		return diagnosis{"", CannotTell, fmt.Sprintf("the answer is JSON without a token and without an OAuth error (status %d)", status), r.rightToken()}
	}
	return diagnosis{"tok.json", CannotTell, fmt.Sprintf("the answer is not JSON (status %d)", status), r.rightToken()}
}

// byCode follows the error codes of RFC 6749 5.2, compared without case and
// spaces: NextGen's patient-oauth writes "Invalid Grant".
func (r *run) byCode(no *flow.Refusal, refresh bool) diagnosis {
	site := strings.Contains(strings.ToLower(strings.NewReplacer("_", "", " ", "", "-", "").Replace(no.Description)), "siteid")
	switch no.OAuthCode() {
	case "invalid_client":
		if wanted := r.otherMethod(no); wanted != "" {
			return diagnosis{"tok.method", Rejected, "the client was sent with " + string(r.cfg.Method) + "; the server speaks of " + wanted,
				"try --auth-method " + wanted + " if the client is registered for it; ngapi tries one method only"}
		}
		do := "check client id and secret, and whether the client is registered for " + string(r.cfg.Method) + r.offered() + r.wantsBasic(no)
		if r.cfg.Method == flow.PrivateKey {
			do = "check that the public key with this key id is registered, that the audience of the assertion is right (now " + r.audience() + "), and its algorithm"
		}
		return diagnosis{"", Rejected, "the server refused the client, its " + r.proof() + " or the auth method", do}
	case "invalid_request", "invalid_target":
		if site {
			return diagnosis{"cfg.site-id", Rejected, "the server refused the site id", "give the site id of the environment that is meant; TEST and PROD of a client have different ones"}
		}
		return diagnosis{"", Misconfigured, "the server calls the request malformed", "compare what was sent with the server's words: " + r.sent()}
	case "unauthorized_client", "access_denied":
		return diagnosis{"", Rejected, "the client may not use this grant" + ifSite(site), "see whether the client has approved the application for this environment, and whether the grant is switched on in the portal entry"}
	case "unsupported_grant_type":
		do := "this server does not serve the grant; " + r.rightToken()
		return diagnosis{"", Rejected, "the server does not support the grant", do}
	case "invalid_scope":
		return diagnosis{"tok.scope", Rejected, "the server refused the scopes", r.fewerScopes()}
	case "invalid_grant":
		if refresh {
			return diagnosis{"", SignInNeeded, "the refresh token is used up, revoked, or was renewed elsewhere", r.howToSignIn()}
		}
		if r.cfg.Flow == flow.GSA {
			return diagnosis{"", Rejected, "the server refused the grant" + ifSite(site), r.suspects()}
		}
		return diagnosis{"", Rejected, "the code was refused: used twice, too old, or bound to another redirect address or verifier", "sign in again, and compare the redirect address with the registered one letter by letter"}
	case "temporarily_unavailable", "server_error", "slow_down":
		return diagnosis{"", CannotTell, "the server says that it cannot answer now", "try again later"}
	}
	if refresh {
		return diagnosis{"", SignInNeeded, "the refresh token was refused", r.howToSignIn()}
	}
	if strings.Contains(strings.ToLower(no.Code), "jti") && r.cfg.Method == flow.PrivateKey {
		return diagnosis{"", Rejected, "the server says that it has seen this assertion before", "try again: every run makes a fresh one; if it stays, see whether something between repeats requests"}
	}
	if s := no.Answer.Status; s == http.StatusBadRequest || s == http.StatusUnauthorized || s == http.StatusForbidden || s < 300 {
		return diagnosis{"", Rejected, "the server refused with a code of its own", r.suspects()}
	}
	return diagnosis{"", CannotTell, fmt.Sprintf("the server answered %d with a code of its own", no.Answer.Status), "tell who runs the server"}
}

func ifSite(site bool) string {
	if site {
		return "; it names the site id"
	}
	return ""
}

// proof is what the client proves itself with.
func (r *run) proof() string {
	if r.cfg.Method == flow.PrivateKey {
		return "assertion"
	}
	return "secret"
}

func (r *run) audience() string {
	if r.cfg.Audience != "" {
		return r.cfg.Audience
	}
	return "the token address"
}

// suspects lists what a refusal without a reason can be about.
func (r *run) suspects() string {
	if r.cfg.Flow == flow.GSA {
		return "check, in this order: the site id (TEST and PROD differ), whether the client approved the application for it, the client id, the " + r.proof() + ", the auth method"
	}
	return "check the client id, the " + r.proof() + ", the auth method and the redirect address"
}

// sent names the parameters of the request, never their values.
func (r *run) sent() string {
	names := []string{"grant_type", "client_id"}
	switch r.cfg.Method {
	case flow.SecretPost:
		names = append(names, "client_secret")
	case flow.PrivateKey:
		names = append(names, "client_assertion", "client_assertion_type")
	case flow.SecretBasic, flow.None:
	}
	if r.cfg.SiteID != "" {
		names = append(names, "site_id")
	}
	if len(r.cfg.Scopes) > 0 {
		names = append(names, "scope")
	}
	return strings.Join(names, ", ")
}

// rightToken says which address is published for the flow.
func (r *run) rightToken() string {
	right := endpoint.Default(string(r.cfg.Flow)).TokenURL
	if r.cfg.Flow == flow.GSA && strings.Contains(r.cfg.TokenURL, "patient-oauth") {
		return "the patient server has no documented client_credentials flow; a service account uses " + right
	}
	return "the published token address of this flow is " + right
}

// otherMethod is the auth method that a refusal names beside, or instead of, the
// one that was sent, or the only one that discovery lists; "" where neither tells.
func (r *run) otherMethod(no *flow.Refusal) string {
	if r.found != nil {
		if listed := r.found.SMART.AuthMethods; len(listed) == 1 && listed[0] != string(r.cfg.Method) && slices.Contains(methods(), flow.Method(listed[0])) {
			return listed[0]
		}
	}
	for _, m := range methods() {
		if m != r.cfg.Method && strings.Contains(no.Description, string(m)) {
			return string(m)
		}
	}
	return ""
}

// methods are those whose names no other text is likely to hold; "none" is not.
func methods() []flow.Method {
	return []flow.Method{flow.SecretPost, flow.SecretBasic, flow.PrivateKey}
}

// wantsBasic is the hint that a challenge gives (RFC 6749 5.2). It is no proof:
// some servers send it with every 401.
func (r *run) wantsBasic(no *flow.Refusal) string {
	scheme, _, _ := strings.Cut(strings.TrimSpace(no.Answer.Header.Get("WWW-Authenticate")), " ")
	if r.cfg.Method != flow.SecretPost || !strings.EqualFold(scheme, "basic") {
		return ""
	}
	return "; the answer has a Basic challenge, so --auth-method client_secret_basic may be what it wants"
}

// offered names the auth methods and scopes that discovery lists.
func (r *run) offered() string {
	if r.found == nil || len(r.found.SMART.AuthMethods) == 0 {
		return ""
	}
	return "; the server lists " + r.foreign(strings.Join(r.found.SMART.AuthMethods, ", "))
}

// fewerScopes is the way out of invalid_scope.
func (r *run) fewerScopes() string {
	if len(r.cfg.Scopes) == 0 {
		return "no scope was sent; see which the application has in the developer portal and name them with --scope"
	}
	return "leave out (--scope) what the application does not have in the developer portal; sent: " + strings.Join(r.cfg.Scopes, " ") + r.listed()
}

func (r *run) listed() string {
	if r.found == nil || len(r.found.SMART.Scopes) == 0 {
		return ""
	}
	var ok []string
	for _, s := range r.cfg.Scopes {
		if slices.ContainsFunc(r.found.SMART.Scopes, func(l string) bool { return covers(l, s) }) {
			ok = append(ok, s)
		}
	}
	if len(ok) == 0 {
		return "; the server lists none of these"
	}
	return "; of these the server lists: " + strings.Join(ok, " ")
}

// retryAfter puts the header into words.
func retryAfter(h http.Header) string {
	v := h.Get("Retry-After")
	if v == "" {
		return ""
	}
	if strings.Trim(v, "0123456789") == "" && len(v) < 8 {
		return ": Retry-After is " + v + " seconds"
	}
	if t, err := http.ParseTime(v); err == nil {
		return ": Retry-After is " + t.UTC().Format("15:04:05 MST on 2006-01-02")
	}
	return ""
}

// statusOf is the status of a result that ends a run with a verdict.
func statusOf(v Verdict) Status {
	if v == CannotTell {
		return Unknown
	}
	return Fail
}
