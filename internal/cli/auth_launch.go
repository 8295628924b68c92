package cli

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/credentials/check"
	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
)

type launchFlags struct {
	loginFlags
	allow []string
	path  string
}

func newServeLaunch(s *session) *cobra.Command {
	var f launchFlags
	cmd := &cobra.Command{
		Use:   "serve-launch [NAME]",
		Short: "Wait for a launch from the EHR and prove the sign-in that follows",
		Long: long(`
Wait for the EHR to start the application (SMART EHR launch, as the External
Application Launcher does it), run the authorization code flow, prove the token,
and store it under NAME (default: "default").

The launch address to register is printed. A launch names its server (iss); only
servers on the allow-list are answered, and nothing is fetched from any other:
those of --fhir-base and --api-base, and each --allow-iss.

What is not public about this flow: the body of its token request, how launch
and aud are read by the server, whether PKCE is required, lifetimes and refresh.
ngapi sends what SMART App Launch asks for and reports what comes back.`, verdictCodes()...),
		Example: `  ngapi auth serve-launch chart-tab --flow eal --client-id ID \
    --redirect-url http://127.0.0.1:8765/callback
  ngapi auth serve-launch chart-tab --allow-iss https://fhir.example.com/r4`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: s.completeCredentials,
		RunE: s.run(authFormats(), func(cmd *cobra.Command, args []string) error {
			return s.emitLogin(s.serveLaunch(cmd.Context(), append(args, "")[0], &f))
		}),
	}
	f.add(cmd)
	f.addStore(cmd)
	cmd.Flags().BoolVar(&f.strict, "strict", false, "warnings end with 3")
	cmd.Flags().StringArrayVar(&f.allow, "allow-iss", nil, "take launches of this `URL` too; repeatable")
	cmd.Flags().StringVar(&f.path, "launch-path", flow.DefaultLaunchPath, "`PATH` of the launch address")
	return cmd
}

func (s *session) serveLaunch(ctx context.Context, name string, f *launchFlags) (report.Auth, string, error) {
	a, err := s.attempt(ctx, name, &f.loginFlags, string(flow.EAL), func(g given) error {
		if g.Flow == string(flow.GSA) {
			return exit.Errorf(exit.Usage, "a service account is not launched by anybody; use --flow eal, or patient for a FHIR application")
		}
		return nil
	})
	if err != nil {
		return report.Auth{}, "", err
	}
	lc := flow.LaunchConfig{Issuers: append(launchIssuers(a.in.Config), f.allow...), Path: f.path}
	a.in.SignIn = s.launched(a.in, lc, a.got)
	return s.proveAndKeep(ctx, a)
}

// launchIssuers are the servers of the configuration. The Enterprise API names
// itself without its last /api in the launches that are known.
func launchIssuers(c flow.Config) []string {
	var out []string
	if c.FHIRBase != "" {
		base := strings.TrimRight(c.FHIRBase, "/")
		out = append(out, base)
		for _, spelling := range []string{"/r4", "/R4"} { // both are seen
			if short, ok := strings.CutSuffix(strings.ToLower(base), "/r4"); ok {
				out = append(out, base[:len(short)]+spelling)
			}
		}
	}
	if c.APIBase != "" {
		base := strings.TrimRight(c.APIBase, "/")
		out = append(out, base)
		if short, ok := strings.CutSuffix(base, "/api"); ok {
			out = append(out, short)
		}
	}
	return out
}

// launched waits for a launch and runs the sign-in that belongs to it.
func (s *session) launched(in check.Input, lc flow.LaunchConfig, got func(*flow.Token)) func(context.Context, flow.Config, *flow.Discovery) (*check.SignedIn, error) {
	return func(ctx context.Context, cfg flow.Config, found *flow.Discovery) (*check.SignedIn, error) {
		cb, err := flow.Listen(ctx, cfg.RedirectURL)
		if err != nil {
			return nil, mustListen(err)
		}
		defer cb.Close() //nolint:errcheck // the sign-in is over; there is nothing to save
		cfg.RedirectURL = cb.URL
		one := &launchRun{s: s, in: in, cfg: cfg, found: found, attempts: map[*flow.Login]launchAttempt{}}
		lc.Refused = func(r flow.LaunchRefusal) {
			if r.Issuer == "" {
				s.say("A launch was refused: " + r.What + ".")
				return
			}
			s.say("A launch was refused: "+r.What+":", "  "+r.Issuer, "If that is your EHR, run again with --allow-iss and this address.")
		}
		lc.Ready = func() {
			s.say("Waiting for a launch from the EHR; Ctrl-C ends it. Both addresses have to be registered:", "  launch    "+cb.LaunchURL(lc), "  redirect  "+cb.URL)
		}
		answer, err := flow.ServeLaunch(ctx, cb, lc, one.start)
		if err != nil {
			return nil, err
		}
		s.guard().Learn(answer.Code)
		login := one.logins.For(answer)
		if login == nil {
			return nil, exit.Errorf(exit.No, "an answer came before any launch; start the application from the EHR")
		}
		a := one.attempt(login)
		out, err := s.finish(ctx, in.Flow, a.cfg, login, answer, a.found, got)
		if out != nil {
			out.Checks = append(out.Checks, a.checks...)
		}
		return out, err
	}
}

// mustListen takes the way out of a failure that a launch does not have: without
// a listener there is nothing for the EHR to start.
func mustListen(err error) error {
	list := slices.Clone(exit.List(err))
	for i := range list {
		list[i].Do = strings.TrimSuffix(list[i].Do, ", or use --no-browser")
	}
	return exit.Problems(exit.Of(err), list)
}

// launchRun holds the attempts of one wait; an EHR may launch more than once.
type launchRun struct {
	s        *session
	in       check.Input
	cfg      flow.Config
	found    *flow.Discovery
	logins   flow.Logins
	mu       sync.Mutex
	attempts map[*flow.Login]launchAttempt
}

// launchAttempt is what one launch led to.
type launchAttempt struct {
	cfg    flow.Config
	found  *flow.Discovery
	checks []check.Check
}

// attempt returns what belongs to a login. Launches can still come in when the
// answer is there.
func (r *launchRun) attempt(login *flow.Login) launchAttempt {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.attempts[login]
}

// start makes the authorization request of a launch whose iss is allowed. The
// addresses are those that iss itself names, unless the user chose others; a
// server without discovery, as the Enterprise API seems to be, gets the
// configured ones.
func (r *launchRun) start(ctx context.Context, iss string, launch secret.Value) (string, error) {
	r.s.guard().Learn(launch)
	a := launchAttempt{cfg: r.cfg, found: r.found}
	a.cfg.Launch, a.cfg.Aud = launch.Reveal(), iss
	where := "with the configured addresses"
	if found := r.in.Flow.Discover(ctx, iss); check.Usable(found) {
		a.found = found
		if _, chosen := r.in.Chosen["auth-url"]; !chosen {
			a.cfg.AuthURL = found.SMART.AuthURL
			where = "with the addresses that the server names"
		}
		if _, chosen := r.in.Chosen["token-url"]; !chosen {
			a.cfg.TokenURL = found.SMART.TokenURL
		}
		for _, u := range []string{a.cfg.AuthURL, a.cfg.TokenURL} {
			if err := endpoint.Secure(u); err != nil {
				return "", exit.Problems(exit.Usage, []exit.Problem{{What: "an address that the server of the launch names is not https", Do: "nothing was sent there; tell who runs the server"}})
			}
		}
	}
	login, err := flow.NewLogin(a.cfg, rand.Reader)
	if err != nil {
		return "", err
	}
	r.s.guard().Learn(login.Verifier, login.State, login.Nonce)
	a.checks = append(a.checks, check.Make("code.launch", check.Pass, "the launch came from an allowed server, "+where))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempts[login] = a
	r.logins.Add(login)
	return login.URL(), nil
}
