package settings

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/suggest"
)

// CredentialsSchema is the first line of the file of named credentials.
const CredentialsSchema = "ngapi.credentials/v1"

// maxCredentials is the size of the largest file of credentials, in bytes.
const maxCredentials = 256 << 10

// Credential is a named credential without its secret: which client it is, at
// which addresses, and where the secret lies. All texts are as in the file; ""
// is absent. The names in the file are the names below in snake_case.
type Credential struct {
	Name        string // [a-z0-9][a-z0-9._-]{0,39}, for stores add to it; the key of the entry
	Flow        string // gsa, patient or eal
	Environment string // what the user calls it: sandbox, test, prod

	ClientID     string
	SiteID       string // GUID
	EnterpriseID string // 5 digits with leading zeros, in quotation marks
	PracticeID   string // 4 digits with leading zeros, in quotation marks

	TokenURL, AuthURL, RevokeURL, APIBase, FHIRBase string

	Scope       string // separated by spaces
	RedirectURL string
	CAFile      string // PEM of a private CA

	AuthMethod        string // client_secret_post, client_secret_basic, private_key_jwt, none
	KeyFile           string // path of the private key; never the key
	KeyID             string
	AssertionAudience string
	ClientCert        string // path of the certificate for mutual TLS
	ClientKey         string // path of its key; never the key
	JWKSURL           string

	Store string // where secret and tokens lie: keyring or file; "" where nothing is stored
}

// credentialField is one key of an entry.
type credentialField struct {
	name   string
	of     func(*Credential) *string
	quoted bool // written in quotation marks, for YAML would take it for a number
	check  func(text string) (do string)
}

// credentialFields lists the keys of an entry in the order in which they are
// written.
func credentialFields() []credentialField {
	choice := func(list ...string) func(string) string {
		return func(text string) string {
			for _, c := range list {
				if text == c {
					return ""
				}
			}
			return "choose one of " + strings.Join(list, ", ")
		}
	}
	return []credentialField{
		{"flow", func(c *Credential) *string { return &c.Flow }, false, choice("gsa", "patient", "eal")},
		{"environment", func(c *Credential) *string { return &c.Environment }, false, namely},
		{"client_id", func(c *Credential) *string { return &c.ClientID }, false, nil},
		{"site_id", func(c *Credential) *string { return &c.SiteID }, false, guidly},
		{"enterprise_id", func(c *Credential) *string { return &c.EnterpriseID }, true, digitly(5)},
		{"practice_id", func(c *Credential) *string { return &c.PracticeID }, true, digitly(4)},
		{"token_url", func(c *Credential) *string { return &c.TokenURL }, false, addressly},
		{"auth_url", func(c *Credential) *string { return &c.AuthURL }, false, addressly},
		{"revoke_url", func(c *Credential) *string { return &c.RevokeURL }, false, addressly},
		{"api_base", func(c *Credential) *string { return &c.APIBase }, false, addressly},
		{"fhir_base", func(c *Credential) *string { return &c.FHIRBase }, false, addressly},
		{"scope", func(c *Credential) *string { return &c.Scope }, false, nil},
		{"redirect_url", func(c *Credential) *string { return &c.RedirectURL }, false, addressly},
		{"ca_file", func(c *Credential) *string { return &c.CAFile }, false, nil},
		{"auth_method", func(c *Credential) *string { return &c.AuthMethod }, false,
			choice("client_secret_post", "client_secret_basic", "private_key_jwt", "none")},
		{"key_file", func(c *Credential) *string { return &c.KeyFile }, false, nil},
		{"key_id", func(c *Credential) *string { return &c.KeyID }, false, nil},
		{"assertion_audience", func(c *Credential) *string { return &c.AssertionAudience }, false, addressly},
		{"client_cert", func(c *Credential) *string { return &c.ClientCert }, false, nil},
		{"client_key", func(c *Credential) *string { return &c.ClientKey }, false, nil},
		{"jwks_url", func(c *Credential) *string { return &c.JWKSURL }, false, addressly},
		{"store", func(c *Credential) *string { return &c.Store }, false, choice("keyring", "file")},
	}
}

func credentialKeys() []string {
	var out []string
	for _, f := range credentialFields() {
		out = append(out, f.name)
	}
	return out
}

// CredentialsFile returns the path of credentials.yaml, which lies beside
// config.yaml, or an error that says which variable to set. The file need not
// exist.
func (p Paths) CredentialsFile() (string, error) {
	return p.beside("credentials.yaml", "the named credentials")
}

// SecretsFile returns the path of secrets.json, which is written where the user
// asked for a file instead of the keyring.
func (p Paths) SecretsFile() (string, error) { return p.beside("secrets.json", "the file of secrets") }

func (p Paths) beside(name, what string) (string, error) {
	if p.ConfigFile == "" {
		return "", noPlace(what, "set HOME, XDG_CONFIG_HOME or NGAPI_CONFIG_DIR")
	}
	return strings.TrimSuffix(p.ConfigFile, "config.yaml") + name, nil
}

// LoadCredentials reads the named credentials in the order of the file. One that
// is not there has none. The error is an *exit.Error with exit.Usage that lists
// all that is wrong, with line and column, and repeats no value.
func LoadCredentials(path string) ([]Credential, error) {
	data, err := credentialBytes(path)
	if err != nil {
		return nil, err
	}
	out, problems := parseCredentials(path, data)
	return out, exit.Problems(exit.Usage, problems)
}

func credentialBytes(path string) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil
	}
	if err == nil {
		defer func() { _ = f.Close() }()
		var data []byte
		if data, err = io.ReadAll(io.LimitReader(f, maxCredentials+1)); err == nil {
			return data, nil
		}
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return nil, &exit.Error{Code: exit.Usage, Err: err, Problems: []exit.Problem{{File: path,
		What: "the file of credentials cannot be read: " + err.Error(), Do: "correct its permissions, or set NGAPI_CONFIG_DIR to another folder"}}}
}

var credentialName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`) })

// CheckCredentialName refuses a name that no credential can have. The error is an
// *exit.Error with exit.Usage.
func CheckCredentialName(name string) error {
	if do := namely(name); do != "" {
		return exit.Problems(exit.Usage, []exit.Problem{{What: shown(name) + " is no name for a credential", Do: do + ", such as clinic-a-test"}})
	}
	return nil
}

func namely(text string) string {
	if credentialName().MatchString(text) {
		return ""
	}
	return "begin with a small letter or digit, then small letters, digits, dots, dashes and underscores, 40 at most"
}

func guidly(text string) string {
	ok := len(text) == 36
	for i := 0; ok && i < len(text); i++ {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			ok = text[i] == '-'
		} else {
			ok = strings.IndexByte("0123456789abcdefABCDEF", text[i]) >= 0
		}
	}
	if ok {
		return ""
	}
	return "write the GUID of the site, 8-4-4-4-12 hexadecimal digits"
}

func digitly(length int) func(string) string {
	return func(text string) string {
		number := strings.Trim(text, "0123456789") == ""
		switch {
		case number && len(text) == length:
			return ""
		case number && len(text) < length:
			return fmt.Sprintf("write %d digits with their leading zeros: \"%0*s\"?", length, length, text)
		}
		return fmt.Sprintf("write %d digits, in quotation marks", length)
	}
}

// addressly refuses what could hold a secret. Whether an address is right is not
// looked at here.
func addressly(text string) string {
	_, rest, ok := strings.Cut(text, "://")
	host, _, _ := strings.Cut(rest, "/")
	switch {
	case strings.ContainsAny(text, "?#") || strings.Contains(host, "@"):
		return "remove user, password, query and fragment from the address; if it held a secret, have that replaced"
	case !ok || host == "":
		return "write the address whole, from https:// on"
	}
	return ""
}

// secretKeys are what people call secrets.
func secretKeys() []string {
	return []string{"client_secret", "clientsecret", "secret", "secrets", "token", "access_token", "refresh_token", "id_token", "password",
		"passphrase", "api_key", "apikey", "private_key", "key", "assertion", "client_assertion", "code", "bearer"}
}

func isSecretKey(key string) bool {
	key = strings.ReplaceAll(strings.ToLower(key), "-", "_")
	for _, s := range secretKeys() {
		if key == s || strings.HasSuffix(key, "_"+s) && s != "key" && s != "code" {
			return true
		}
	}
	return false
}

// nearCredential says what to write instead of an unknown key.
func nearCredential(key string, known []string) string {
	if near := suggest.Nearest(strings.ReplaceAll(clip(key), "-", "_"), known); near != "" {
		return "did you mean " + near + "?"
	}
	return "known here: " + strings.Join(known, ", ")
}

// credentialTree parses the file into a tree without aliases, or says why it cannot.
func credentialTree(data []byte) (root *yaml.Node, line int, what string) {
	if len(data) > maxCredentials {
		return nil, 0, fmt.Sprintf("the file is larger than %d bytes", maxCredentials)
	}
	root, line, what = tree(data)
	if strings.Contains(what, "anchor") {
		what = "YAML aliases are not supported" // the parser would repeat the name
	}
	return root, line, what
}
