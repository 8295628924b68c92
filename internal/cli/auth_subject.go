package cli

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/apionboard/ngapi/internal/credentials/check"
	"github.com/apionboard/ngapi/internal/credentials/endpoint"
	"github.com/apionboard/ngapi/internal/credentials/flow"
	"github.com/apionboard/ngapi/internal/credentials/secret"
	"github.com/apionboard/ngapi/internal/credentials/wire"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/settings"
	"github.com/apionboard/ngapi/internal/store"
)

// credentials reads the named credentials of the user.
func (s *session) credentials() ([]settings.Credential, error) {
	path, err := s.credentialsFile()
	if err != nil {
		return nil, nil //nolint:nilerr // without a home there is no file, and flags and variables may say it all
	}
	secrets, err := s.secretsFile()
	if err := errors.Join(err, s.claim(path), s.claim(secrets)); err != nil { // -o replaces neither
		return nil, err
	}
	list, err := settings.LoadCredentials(path)
	if err == nil && len(list) > 0 {
		s.trace("read %s", path)
	}
	return list, err
}

// guard makes everything that leaves this run pass through the redactor. It is
// called before a secret is read.
func (s *session) guard() *secret.Redactor {
	if s.redactor == nil {
		s.redactor = secret.NewRedactor()
		s.sealed = true // the words of a panic could hold a secret
		s.bare, s.bareOut = s.world.Streams.Err, s.world.Streams.Out
		out, errs := s.redactor.Writer(s.world.Streams.Out), s.redactor.Writer(s.world.Streams.Err)
		s.world.Streams.Out, s.world.Streams.Err = out, errs
		s.atEnd = append(s.atEnd, out.Flush, errs.Flush)
	}
	return s.redactor
}

// subject turns a credential into what a check needs. Nothing is sent by it.
func (s *session) subject(g given, f *credentialFlags) (check.Input, error) {
	red := s.guard()
	in := check.Input{
		Name: nameIfStored(g), Config: s.config(g, f), Chosen: g.from, Environment: g.Environment, NoSession: f.noSession,
		JWKSURL: g.JWKSURL, Clean: red,
	}
	for _, o := range g.others {
		in.Others = append(in.Others, check.Sibling{Name: o.Name, Environment: o.Environment, SiteID: o.SiteID})
	}
	if err := s.loadKey(g, &in); err != nil {
		return in, err
	}
	if err := s.client(g, f, red, &in); err != nil {
		return in, err
	}
	return in, nil
}

// nameIfStored is the name that commands can use.
func nameIfStored(g given) string {
	if g.named {
		return g.Name
	}
	return ""
}

// config fills in the published addresses. Those of the patient flow are
// discovered, so that an own FHIR base is not mixed with the vendor's.
func (s *session) config(g given, f *credentialFlags) flow.Config {
	c := flow.Config{
		Flow: flow.Kind(g.Flow), ClientID: g.ClientID, SiteID: g.SiteID, EnterpriseID: g.EnterpriseID, PracticeID: g.PracticeID,
		TokenURL: g.TokenURL, AuthURL: g.AuthURL, RevokeURL: g.RevokeURL, IntrospectURL: f.introspect,
		APIBase: g.APIBase, FHIRBase: g.FHIRBase, Scopes: strings.Fields(g.Scope), RedirectURL: g.RedirectURL,
		Method: flow.Method(g.AuthMethod), Audience: g.AssertionAudience,
	}
	if c.Method == "" {
		c.Method = flow.SecretPost
		if g.KeyFile != "" {
			c.Method = flow.PrivateKey
		}
	}
	d := endpoint.Default(g.Flow)
	fill := func(to *string, from string) {
		if *to == "" {
			*to = from
		}
	}
	switch c.Flow {
	case flow.GSA:
		fill(&c.TokenURL, d.TokenURL)
		fill(&c.APIBase, d.APIBase)
	case flow.Patient:
		fill(&c.FHIRBase, d.FHIRBase)
	case flow.EAL:
		fill(&c.TokenURL, d.TokenURL)
		fill(&c.AuthURL, d.AuthURL)
		fill(&c.APIBase, d.APIBase)
	}
	return c
}

// loadKey reads the private key; what is wrong with it is a result, not an end.
func (s *session) loadKey(g given, in *check.Input) error {
	if g.KeyFile == "" {
		return nil
	}
	data, err := os.ReadFile(g.KeyFile)
	if err != nil {
		return unreadable("--key-file", g.KeyFile, err)
	}
	s.noteRead(g.KeyFile)
	key, err := flow.LoadKey(data, g.KeyID)
	for _, p := range exit.List(err) {
		in.Problems = append(in.Problems, check.Make("cfg.key", check.Fail, p.What).With(check.Misconfigured, p.Do))
	}
	if info, statErr := os.Stat(g.KeyFile); err == nil && statErr == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		in.Problems = append(in.Problems, check.Make("cfg.key", check.Warn, "others can read the key file").With("", "chmod 600 "+filepath.ToSlash(g.KeyFile)))
	}
	in.Config.Key = key
	return nil
}

func unreadable(flag, path string, err error) error {
	return exit.Problems(exit.Usage, []exit.Problem{{File: filepath.ToSlash(path), What: "cannot be read: " + words(err), Do: "correct " + flag}})
}

// client makes the HTTP client of the run.
func (s *session) client(g given, f *credentialFlags, red *secret.Redactor, in *check.Input) error {
	if f.timeout < 0 {
		return exit.Errorf(exit.Usage, "--timeout cannot be negative; write a time such as 30s")
	}
	o := wire.Options{Timeout: f.timeout, Redact: red, Now: s.world.Now, Dial: s.world.Dial, Proxy: wire.ProxyFromEnv(s.world.Env)}
	o.Learn = func(a *wire.Answer) { red.Learn(flow.SecretsIn(a)...) }
	if s.set.Debug.V {
		o.Trace = func(line string) { s.trace("%s", line) }
	}
	var err error
	if g.CAFile != "" {
		if o.CA, err = os.ReadFile(g.CAFile); err != nil {
			return unreadable("--ca-file", g.CAFile, err)
		}
		s.noteRead(g.CAFile)
	}
	if (g.ClientCert == "") != (g.ClientKey == "") {
		return exit.Errorf(exit.Usage, "--client-cert and --client-key belong together; give both")
	}
	if g.ClientCert != "" {
		pair, err := tls.LoadX509KeyPair(g.ClientCert, g.ClientKey)
		if err != nil {
			what := "the certificate and its key cannot be used: " + strings.TrimPrefix(words(err), "tls: ")
			return exit.Problems(exit.Usage, []exit.Problem{{File: filepath.ToSlash(g.ClientCert), What: what, Do: "give a PEM certificate with --client-cert and its key with --client-key"}})
		}
		s.noteRead(g.ClientCert)
		s.noteRead(g.ClientKey)
		o.Cert, in.Cert = &pair, &check.CertFacts{}
		if leaf, err := x509.ParseCertificate(pair.Certificate[0]); err == nil {
			in.Cert.NotAfter = leaf.NotAfter
		}
	}
	for _, setting := range wire.ProxySettings(s.world.Env) {
		red.LearnProxy(setting.Reveal())
	}
	in.Proxy = proxyFor(o.Proxy, in.Config)
	client, err := wire.New(o)
	if err != nil {
		return err
	}
	in.Flow = &flow.Client{Wire: client, Now: s.world.Now, Random: rand.Reader}
	return nil
}

// proxyFor names the proxy on the way to the token address, without its user.
func proxyFor(proxy func(*url.URL) (*url.URL, error), c flow.Config) string {
	target := c.TokenURL
	if target == "" {
		target = c.FHIRBase
	}
	u, err := url.Parse(target)
	if err != nil || proxy == nil {
		return ""
	}
	p, err := proxy(u)
	if err != nil || p == nil {
		return ""
	}
	return p.Host
}

// authReport is the document of a finished check.
func (s *session) authReport(g given, r check.Report) report.Auth {
	return report.Auth{
		Schema: "ngapi.auth/v1", Tool: s.tool(), AsOf: s.asOf(), Credential: g.Name, Environment: g.Environment,
		Client: s.ending(g.ClientID), Site: s.ending(g.SiteID), Report: r, Next: r.Next(),
	}
}

// ending is the end of an id, but of none that holds a secret: people paste the
// one in the place of the other.
func (s *session) ending(id string) string {
	if s.redactor != nil && s.redactor.Known(id) != id {
		return ""
	}
	return ending(id)
}

// ending shows the last four characters of an id: enough to tell two apart.
func ending(id string) string {
	if len(id) < 8 {
		return ""
	}
	return "..." + id[len(id)-4:]
}

// emitAuth prints a report in every form and ends with its code.
func (s *session) emitAuth(d report.Auth) error {
	err := s.emit(renderers{
		"json":  doc(d),
		"text":  plain(report.AuthText(s.style(), d)),
		"junit": func() ([]byte, error) { return report.AuthJUnit(d) },
	})
	if err != nil {
		return err
	}
	return exit.Verdict(d.ExitCode)
}

// credentialsEdit writes the file of named credentials under its lock.
func (s *session) credentialsEdit(ctx context.Context) settings.Edit {
	return func(path string, change func([]byte) ([]byte, error)) error {
		_, err := store.EditFile(ctx, path, store.Options{Create: true, Folder: true, Mode: 0o600}, change)
		return err
	}
}
