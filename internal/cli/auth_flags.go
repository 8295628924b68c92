package cli

import (
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/settings"
	"github.com/apionboard/ngapi/internal/suggest"
)

// credentialFlags say what a credential is. Every one of them is also a
// variable: --client-id is NGAPI_CLIENT_ID.
type credentialFlags struct {
	c           settings.Credential
	introspect  string
	timeout     time.Duration
	noSession   bool
	secretFile  string
	secretStdin bool
	flags       *pflag.FlagSet
}

// field is one text of a credential.
type field struct {
	flag, usage string
	at          func(*settings.Credential) *string
}

// fields lists the texts of a credential in the order of help texts.
func fields() []field {
	return []field{
		{"flow", "`FLOW`: gsa, patient or eal", func(c *settings.Credential) *string { return &c.Flow }},
		{"environment", "`NAME`: sandbox, test or production (what the\nsite id chooses)", func(c *settings.Credential) *string { return &c.Environment }},
		{"client-id", "client `ID` from the developer portal", func(c *settings.Credential) *string { return &c.ClientID }},
		{"site-id", "site `ID` of the client's environment (gsa)", func(c *settings.Credential) *string { return &c.SiteID }},
		{"enterprise-id", "enterprise `ID`, with its zeros: 00001", func(c *settings.Credential) *string { return &c.EnterpriseID }},
		{"practice-id", "practice `ID`, with its zeros: 0001", func(c *settings.Credential) *string { return &c.PracticeID }},
		{"token-url", "token `URL`", func(c *settings.Credential) *string { return &c.TokenURL }},
		{"auth-url", "authorization `URL`", func(c *settings.Credential) *string { return &c.AuthURL }},
		{"revoke-url", "revocation `URL`", func(c *settings.Credential) *string { return &c.RevokeURL }},
		{"api-base", "base `URL` of the Enterprise API", func(c *settings.Credential) *string { return &c.APIBase }},
		{"fhir-base", "base `URL` of the FHIR server", func(c *settings.Credential) *string { return &c.FHIRBase }},
		{"scope", "`SCOPES`, separated by spaces", func(c *settings.Credential) *string { return &c.Scope }},
		{"redirect-url", "redirect `URL` as registered", func(c *settings.Credential) *string { return &c.RedirectURL }},
		{"ca-file", "trust the certificates in `FILE` (PEM) too", func(c *settings.Credential) *string { return &c.CAFile }},
		{"auth-method", "`METHOD`: client_secret_post (default),\nclient_secret_basic, private_key_jwt or none", func(c *settings.Credential) *string { return &c.AuthMethod }},
		{"key-file", "private key `FILE`: a JWK, or PEM with --key-id", func(c *settings.Credential) *string { return &c.KeyFile }},
		{"key-id", "`KID` of the key", func(c *settings.Credential) *string { return &c.KeyID }},
		{"assertion-audience", "audience `URL` (default: the token URL)", func(c *settings.Credential) *string { return &c.AssertionAudience }},
		{"jwks-url", "`URL` at which you publish your public keys", func(c *settings.Credential) *string { return &c.JWKSURL }},
		{"client-cert", "client certificate `FILE` (PEM) for mutual TLS", func(c *settings.Credential) *string { return &c.ClientCert }},
		{"client-key", "key `FILE` of the client certificate", func(c *settings.Credential) *string { return &c.ClientKey }},
	}
}

// variable is the environment variable that stands for a flag.
func variable(flag string) string {
	return "NGAPI_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func (f *credentialFlags) add(cmd *cobra.Command) {
	f.flags = cmd.Flags()
	for _, one := range fields() {
		f.flags.StringVar(one.at(&f.c), one.flag, "", one.usage)
	}
	f.flags.StringVar(&f.introspect, "introspect-url", "", "introspection `URL`, for --deep")
	f.flags.DurationVar(&f.timeout, "timeout", 0, "`TIME` for each request, such as 30s (default:\n20 s, for the API 60 s)")
	f.flags.BoolVar(&f.noSession, "no-session", false, "do not choose an enterprise and practice")
	f.flags.StringVar(&f.secretFile, "secret-file", "", "read the client secret from `FILE`")
	f.flags.BoolVar(&f.secretStdin, "secret-stdin", false, "read the client secret from standard input")
	cmd.MarkFlagsMutuallyExclusive("secret-file", "secret-stdin")
	completeWords(cmd, "flow", []string{"gsa", "patient", "eal"})
	completeWords(cmd, "environment", []string{"sandbox", "test", "production"})
	completeWords(cmd, "auth-method", authMethods())
}

func authMethods() []string {
	return []string{"client_secret_post", "client_secret_basic", "private_key_jwt", "none"}
}

// given is a credential put together from its sources.
type given struct {
	settings.Credential
	from   map[string]string // by flag name; defaults are not in it
	named  bool              // it is stored under its name
	stored settings.Credential
	others []settings.Credential
}

// assemble puts a credential together: flag, variable, stored credential. name may
// be empty: the one stored credential is taken where nothing else says which.
func (s *session) assemble(name string, f *credentialFlags) (given, error) {
	g := given{from: map[string]string{}}
	stored, err := s.credentials()
	if err != nil {
		return g, err
	}
	said := f.flags.Changed("client-id") || s.world.Env(variable("client-id")) != ""
	if name == "" && !said && len(stored) == 1 {
		name = stored[0].Name
		s.hint("Taking %s, the one stored credential.", name)
	}
	for _, c := range stored {
		if c.Name == name {
			g.Credential, g.named, g.stored = c, true, c
			continue
		}
		g.others = append(g.others, c)
	}
	g.Name = name
	if g.named {
		for _, one := range fields() {
			if *one.at(&g.Credential) != "" {
				g.from[one.flag] = "credential " + name
			}
		}
	}
	for _, one := range fields() {
		if v := s.world.Env(variable(one.flag)); v != "" {
			*one.at(&g.Credential), g.from[one.flag] = v, variable(one.flag)
		}
		if f.flags.Changed(one.flag) {
			*one.at(&g.Credential), g.from[one.flag] = *one.at(&f.c), "--"+one.flag
		}
	}
	return g, g.sound()
}

// sound refuses what is no choice, all at once.
func (g *given) sound() error {
	var problems []exit.Problem
	choice := func(flag, value string, words []string) {
		if value == "" {
			return
		}
		if !contains(words, value) {
			do := "choose from " + strings.Join(words, ", ")
			if near := suggest.Nearest(value, words); near != "" {
				do = "did you mean " + near + "?"
			}
			problems = append(problems, exit.Problem{What: g.from[flag] + " cannot be " + quoted(value), Do: do})
		}
	}
	choice("flow", g.Flow, []string{"gsa", "patient", "eal"})
	choice("environment", g.Environment, []string{"sandbox", "test", "production"})
	choice("auth-method", g.AuthMethod, authMethods())
	if g.Flow == "" && g.SiteID != "" {
		g.Flow = "gsa" // only a service account has a site id
	}
	return exit.Problems(exit.Usage, problems)
}

// which refuses a credential of which nobody said what it is.
func (g *given) which() error {
	if g.Flow != "" {
		return nil
	}
	var names []string
	for _, c := range g.others {
		names = append(names, c.Name)
	}
	p := exit.Problem{What: "it is not said which credential is meant", Do: "give --flow gsa, patient or eal, with --client-id"}
	if g.Name != "" && !g.named && g.ClientID == "" {
		p = exit.Problem{What: "no credential is called " + quoted(g.Name), Do: "save it with ngapi auth login " + g.Name + ", or give --flow and --client-id"}
		if near := suggest.Nearest(g.Name, names); near != "" {
			p.Do = "did you mean " + near + "?"
			names = nil
		}
	}
	if len(names) > 0 {
		p.Do = "name one of the stored: " + strings.Join(names, ", ") + "; or " + p.Do
	}
	return exit.Problems(exit.Usage, []exit.Problem{p})
}
