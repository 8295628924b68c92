package flow

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/secret"
)

// DefaultLaunchPath is where launches are taken unless LaunchConfig says otherwise.
const DefaultLaunchPath = "/launch"

// launchLimit is how many launches are started while one answer is waited for:
// any web page can send a browser to the launch address.
const launchLimit = 10

// LaunchConfig is what an EHR launch (SMART App Launch 2.2) is held against.
type LaunchConfig struct {
	// Issuers is the allow-list of iss: base addresses of FHIR servers, or of the
	// Enterprise API. Nothing is ever fetched from an address that is not on it.
	Issuers []string
	// Path of the launch address on the listener; "" means DefaultLaunchPath.
	Path string
	// Refused is told of each launch that was refused; waiting goes on. It may be
	// nil, and is called from the listener's goroutines, one call at a time.
	Refused func(LaunchRefusal)
	// Ready is called once launches are taken: the launch address can be told then.
	// It may be nil.
	Ready func()
}

// LaunchRefusal tells why a launch was refused. What and Do hold nothing of the
// request.
type LaunchRefusal struct {
	Check string // code.launch
	What  string
	Do    string
	// Issuer is the iss that was asked for, where that was refused: scheme, host
	// and path of it in plain ASCII, or "" where it has no such form. Anybody can
	// have sent it.
	Issuer string
}

// StartLaunch makes the address of the authorization request for an accepted
// launch. iss is on the allow-list, as the EHR wrote it (aud has to repeat it);
// launch goes into the request and nowhere else. It may fetch discovery from iss.
type StartLaunch func(ctx context.Context, iss string, launch secret.Value) (address string, err error)

// LaunchURL is the launch address to register in the portal and to configure in
// the EHR.
func (c *Callback) LaunchURL(cfg LaunchConfig) string {
	return "http://" + c.host + launchPath(cfg)
}

func launchPath(cfg LaunchConfig) string {
	if cfg.Path == "" {
		return DefaultLaunchPath
	}
	return cfg.Path
}

// ServeLaunch waits for the EHR to launch the application on c, sends the browser
// on to the address that start gives, and returns the answer of the sign-in that
// follows. A launch that is refused gets a plain page and does not end the
// waiting; an error of start does. An EHR may launch more than once before the
// answer comes (see Logins). Errors: that of start, an *exit.Error with
// exit.Usage for a configuration that cannot be used, or as of Wait.
func ServeLaunch(ctx context.Context, c *Callback, cfg LaunchConfig, start StartLaunch) (Answer, error) {
	path := launchPath(cfg)
	if !strings.HasPrefix(path, "/") || path == c.path {
		return Answer{}, loginUsage("the launch path is the path of the redirect address, or does not begin with /", "choose another launch path")
	}
	allowed, err := launchIssuers(cfg.Issuers)
	if err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := &launches{ctx: ctx, path: path, allowed: allowed, refused: cfg.Refused, start: start, failed: make(chan error, 1)}
	c.setLaunch(l)
	defer c.setLaunch(nil)
	if cfg.Ready != nil {
		cfg.Ready()
	}
	select {
	case a := <-c.answers:
		return a, nil
	case err := <-l.failed:
		return Answer{}, err
	case <-ctx.Done():
		return Answer{}, waitEnded(ctx)
	}
}

func (c *Callback) setLaunch(l *launches) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.launch = l
}

func (c *Callback) launching() *launches {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.launch
}

// launches is the state of one ServeLaunch.
type launches struct {
	ctx     context.Context // ends with ServeLaunch, for requests that are still running
	path    string
	allowed map[string]bool
	refused func(LaunchRefusal)
	start   StartLaunch
	failed  chan error

	started atomic.Int32
	mu      sync.Mutex // held while one launch is served
}

func (l *launches) serve(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock() // one launch at a time: start may ask the network
	defer l.mu.Unlock()
	iss, launch, refusal := l.read(r.URL.RawQuery)
	if refusal != nil {
		if l.refused != nil {
			l.refused(*refusal)
		}
		writePage(w, http.StatusForbidden, pageLaunchRefused)
		return
	}
	l.started.Add(1)
	address, err := l.start(l.ctx, iss, launch)
	if err == nil {
		err = launchTarget(address)
	}
	if err != nil {
		writePage(w, http.StatusBadGateway, pageLaunchFailed)
		select {
		case l.failed <- err:
		default: // the first failure ends the waiting already
		}
		return
	}
	guard(w.Header())
	w.Header().Set("Location", address)
	w.WriteHeader(http.StatusFound)
}

// read takes iss and launch out of a query, or tells why not.
func (l *launches) read(raw string) (string, secret.Value, *LaunchRefusal) {
	refuse := func(what, do, issuer string) (string, secret.Value, *LaunchRefusal) {
		return "", secret.Value{}, &LaunchRefusal{Check: "code.launch", What: what, Do: do, Issuer: issuer}
	}
	const again = "launch the application from the EHR again"
	query, err := url.ParseQuery(raw)
	if err != nil {
		return refuse("a launch had a query that cannot be read", again, "")
	}
	for _, name := range []string{"iss", "launch"} {
		switch values := query[name]; {
		case len(values) == 0 || values[0] == "":
			return refuse("a launch came without the parameter "+name, again, "")
		case len(values) > 1:
			return refuse("a launch held the parameter "+name+" twice", again, "")
		}
	}
	iss := query.Get("iss")
	if key, ok := issuerKey(iss); !ok || !l.allowed[key] {
		return refuse("a launch named an issuer (iss) that is not on the allow-list", "allow the issuer if it is yours; nothing was fetched from it", issuerWords(iss))
	}
	if l.started.Load() >= launchLimit {
		return refuse("too many launches came before one was completed", "start again", "")
	}
	return iss, secret.New(query.Get("launch")), nil
}

// launchTarget keeps the listener from sending a browser anywhere but to an
// authorization endpoint.
func launchTarget(address string) error {
	if endpoint.Secure(address) != nil {
		return loginUsage("the authorization address of the launch is not https", "check the discovery document of the issuer")
	}
	return nil
}

// launchIssuers turns the allow-list into keys for comparison.
func launchIssuers(issuers []string) (map[string]bool, error) {
	allowed := make(map[string]bool, len(issuers))
	for _, iss := range issuers {
		key, ok := issuerKey(iss)
		if !ok {
			return nil, loginUsage("the allow-list of issuers holds an entry that is no https address without query and fragment", "correct it")
		}
		allowed[key] = true
	}
	if len(allowed) == 0 {
		return nil, loginUsage("the allow-list of issuers is empty", "give the FHIR base address or API base address that launches come from")
	}
	return allowed, nil
}

// issuerKey normalises an issuer for comparison: scheme and host in lower case,
// no default port, no slash at the end. The path is kept as it is written.
func issuerKey(iss string) (string, bool) {
	u, err := url.Parse(iss)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(iss, "#") || endpoint.Secure(iss) != nil {
		return "", false
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), portOf(u)) + strings.TrimSuffix(u.EscapedPath(), "/"), true
}

// issuerWords returns an issuer that anybody can have sent in a form that is
// safe to print, or "".
func issuerWords(iss string) string {
	u, err := url.Parse(iss)
	if err != nil || u.Hostname() == "" || len(iss) > 200 {
		return ""
	}
	text := u.Scheme + "://" + u.Host + u.EscapedPath()
	for _, r := range text {
		if r <= ' ' || r > '~' {
			return ""
		}
	}
	return text
}
