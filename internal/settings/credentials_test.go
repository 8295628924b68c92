package settings

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
)

const (
	site          = "01234567-89ab-4def-8123-456789abcdef"
	secretCanary  = "canary3f9a71c2wing"
	twoCredential = `# mine
schema: ngapi.credentials/v1
credentials:
  # the live one
  prod:
    flow: gsa # service account
    environment: prod
    client_id: client-a
    site_id: ` + site + `
    enterprise_id: "00001"
    practice_id: '0001'
    store: keyring
  # for patients
  portal:
    flow: patient
    client_id: "12345"
    scope: openid launch/patient
    redirect_url: http://127.0.0.1:8123/callback
`
)

// plainEdit is an Edit without lock or atomic write.
func plainEdit(path string, change func([]byte) ([]byte, error)) error {
	before, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		before = nil
	}
	after, err := change(before)
	if err != nil {
		return err
	}
	return os.WriteFile(path, after, 0o600)
}

func credentialsFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "credentials.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func full() Credential {
	return Credential{Name: "all", Flow: "gsa", Environment: "test", ClientID: "l7x", SiteID: site, EnterpriseID: "00010", PracticeID: "0002",
		TokenURL: "https://a.example/token", AuthURL: "https://a.example/authorize", RevokeURL: "https://a.example/revoke",
		APIBase: "https://a.example/api", FHIRBase: "http://127.0.0.1:99/r4", Scope: "a b", RedirectURL: "http://127.0.0.1/cb", CAFile: "/ca.pem",
		AuthMethod: "private_key_jwt", KeyFile: "key.json", KeyID: "007", AssertionAudience: "https://a.example", ClientCert: "c.pem", ClientKey: "true",
		JWKSURL: "https://b.example/jwks", Store: "file"}
}

func TestLoadCredentials(t *testing.T) {
	got, err := LoadCredentials(credentialsFile(t, twoCredential))
	want := []Credential{
		{Name: "prod", Flow: "gsa", Environment: "prod", ClientID: "client-a", SiteID: site, EnterpriseID: "00001", PracticeID: "0001", Store: "keyring"},
		{Name: "portal", Flow: "patient", ClientID: "12345", Scope: "openid launch/patient", RedirectURL: "http://127.0.0.1:8123/callback"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	for _, content := range []string{"", "# nothing\n", "schema: ngapi.credentials/v1\n", "schema: ngapi.credentials/v1\ncredentials:\n", "schema: ngapi.credentials/v1\ncredentials: {}\n"} {
		if got, err := LoadCredentials(credentialsFile(t, content)); err != nil || len(got) != 0 {
			t.Errorf("%q: %v, %v", content, got, err)
		}
	}
	for _, path := range []string{"", filepath.Join(t.TempDir(), "none", "credentials.yaml")} {
		if got, err := LoadCredentials(path); err != nil || got != nil {
			t.Errorf("%q: %v, %v", path, got, err)
		}
	}
	if _, err := LoadCredentials(t.TempDir()); exit.Of(err) != exit.Usage {
		t.Errorf("a folder: %v", err)
	}
}

func TestEveryFieldIsReadAndWritten(t *testing.T) {
	v, fields := reflect.TypeFor[Credential](), credentialFields()
	if v.NumField() != len(fields)+1 {
		t.Errorf("%d fields, %d keys", v.NumField(), len(fields))
	}
	path := filepath.Join(t.TempDir(), "credentials.yaml")
	want := full()
	for i := range v.NumField() {
		if reflect.ValueOf(want).Field(i).String() == "" {
			t.Errorf("%s is not tested", v.Field(i).Name)
		}
	}
	if err := PutCredential(path, want, plainEdit); err != nil {
		t.Fatal(err)
	}
	got, err := LoadCredentials(path)
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("got %+v, %v", got, err)
	}
	data, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(data), credentialsHead) || !strings.Contains(string(data), "\n    enterprise_id: \"00010\"\n") {
		t.Errorf("got %s, %v", data, err)
	}
}

func TestCredentialProblemsAreAllNamedAtOnce(t *testing.T) {
	path := credentialsFile(t, `schema: ngapi.credentials/v1
extra: 1
credentials:
  prod:
    flow: gsaa
    enterprise_id: 00001
    practice_id: 1
    sit_id: x
    site_id: abc
    client_id: 12345
    client_secret: `+secretCanary+`
    token_url: https://a.example/token?client_secret=`+secretCanary+`
    auth_url: a.example
    revoke_url: https://me:`+secretCanary+`@a.example/
    scope: [a, b]
    key_file: "-----BEGIN PRIVATE KEY-----`+secretCanary+`"
    key_id: ""
    ca_file: " x"
    flow: gsa
    store: `+secretCanary+`
    practice_id: "1"
    environment:
  Bad Name:
    flow: eal
    access-token: {a: `+secretCanary+`}
  prod:
    flow: eal
  list: [1]
  noflow:
    client_id: x
  `+secretCanary+secretCanary+`: {flow: gsa, `+secretCanary+secretCanary+`: 1}
`)
	_, err := LoadCredentials(path)
	if exit.Of(err) != exit.Usage {
		t.Fatal(err)
	}
	if strings.Contains(err.Error(), secretCanary) {
		t.Errorf("a secret is repeated: %v", err)
	}
	var got []string
	for _, p := range exit.List(err) {
		got = append(got, strings.TrimPrefix(p.String(), path))
	}
	want := []string{
		`:2:1: unknown key "extra"; known here: schema, credentials`,
		`:5:11: flow cannot be that; choose one of gsa, patient, eal`,
		`:6:20: enterprise_id is a number here, which loses its leading zeros; put it in quotation marks: "00001"`,
		`:7:18: practice_id is a number here, which loses its leading zeros; write 4 digits with their leading zeros: "0001"?`,
		`:8:5: unknown key "sit_id"; did you mean site_id?`,
		`:9:14: site_id cannot be that; write the GUID of the site, 8-4-4-4-12 hexadecimal digits`,
		`:10:16: client_id is no text; put it in quotation marks`,
		`:11:5: a secret does not belong in this file; remove the line and keep the secret with ngapi auth login; if others could read the file, have the secret replaced`,
		`:12:16: token_url cannot be that; remove user, password, query and fragment from the address; if it held a secret, have that replaced`,
		`:13:15: auth_url cannot be that; write the address whole, from https:// on`,
		`:14:17: revoke_url cannot be that; remove user, password, query and fragment from the address; if it held a secret, have that replaced`,
		`:15:12: scope is no plain value; write one text`,
		`:16:15: key_file holds a private key; remove it, keep the key in a file of its own (0600) and name that file in key_file; if others could read this file, make a new key`,
		`:17:13: key_id is empty; give it a value or leave it out`,
		`:18:14: ca_file has white space around it or control characters in it; remove them`,
		`:19:5: the key "flow" is there twice; keep one of them`,
		`:20:12: store cannot be that; choose one of keyring, file`,
		`:21:5: the key "practice_id" is there twice; keep one of them`,
		`:23:3: a credential cannot be named "Bad Name"; begin with a small letter or digit, then small letters, digits, dots, dashes and underscores, 40 at most`,
		`:25:5: a secret does not belong in this file; remove the line and keep the secret with ngapi auth login; if others could read the file, have the secret replaced`,
		`:26:3: the key "prod" is there twice; keep one of them`,
		`:28:9: the credential holds no keys; put its keys below the name: flow, client_id and so on`,
		`:29:3: the credential has no flow; add the line flow: gsa, patient or eal`,
	}
	for i := range max(len(got), len(want)) {
		g, w := "", ""
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w && !strings.Contains(g, "unknown key like this") {
			t.Errorf("got  %s\nwant %s", g, w)
		}
	}
}

func TestCredentialFilesThatAreNone(t *testing.T) {
	for content, want := range map[string]string{
		"- a\n":                                  ":1:1: the file holds no credentials",
		"a: [\n":                                 "not valid YAML",
		"schema: x\n---\nschema: y\n":            "more than one document",
		"credentials: {}\n":                      ":1:1: the schema is missing; add the line schema: ngapi.credentials/v1",
		"schema: ngapi.credentials/v2\nnew: 1\n": ":1:9: the schema ngapi.credentials/v2 is newer than ngapi.credentials/v1; update ngapi",
		"schema: ngapi.credentials/v1.1\nnew: 1\n":                                         "update ngapi",
		"schema: ngapi.credentials/v0\n":                                                   "the schema is unknown",
		"schema: " + secretCanary + "\n":                                                   "the schema is unknown",
		"schema: [1]\n":                                                                    "the schema is unknown",
		"schema: ngapi.credentials/v1\ncredentials: [1]\n":                                 "no group of names",
		"schema: ngapi.credentials/v1\ncredentials:\n  a: &x\n    flow: gsa\n":             "anchors and aliases",
		"schema: ngapi.credentials/v1\ncredentials:\n  a: {flow: *" + secretCanary + "}\n": "aliases are not supported",
		"schema: ngapi.credentials/v1\n" + strings.Repeat("# xxxxxxxxx\n", 25000):          "larger than",
		"schema: ngapi.credentials/v1\nclient_secret: " + secretCanary + "\n":              "a secret does not belong",
	} {
		path := credentialsFile(t, content)
		_, err := LoadCredentials(path)
		if exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), secretCanary) {
			t.Errorf("%.80q: %v", content, err)
		}
		if err := PutCredential(path, Credential{Name: "x", Flow: "gsa"}, plainEdit); exit.Of(err) != exit.Usage {
			t.Errorf("%.80q was edited: %v", content, err)
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != content {
			t.Errorf("%.80q was changed", content)
		}
	}
}

func TestPutKeepsTheRest(t *testing.T) {
	path := credentialsFile(t, twoCredential)
	c := Credential{Name: "prod", Flow: "gsa", ClientID: "client-b", SiteID: site, EnterpriseID: "00002", APIBase: "https://a.example/api", Store: "file"}
	if err := PutCredential(path, c, plainEdit); err != nil {
		t.Fatal(err)
	}
	if err := PutCredential(path, Credential{Name: "new.one", Flow: "eal", ClientID: "007", Store: "keyring"}, plainEdit); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	want := `# mine
schema: ngapi.credentials/v1
credentials:
  # the live one
  prod:
    flow: gsa # service account
    client_id: client-b
    site_id: ` + site + `
    enterprise_id: "00002"
    api_base: https://a.example/api
    store: file
  # for patients
  portal:
    flow: patient
    client_id: "12345"
    scope: openid launch/patient
    redirect_url: http://127.0.0.1:8123/callback
  new.one:
    flow: eal
    client_id: "007"
    store: keyring
`
	if err != nil || string(got) != want {
		t.Errorf("got %s\nwant %s\n%v", got, want, err)
	}
	all, err := LoadCredentials(path)
	if err != nil || len(all) != 3 || all[0] != c {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestPutRefusesABadCredential(t *testing.T) {
	path := filepath.Join(t.TempDir(), "credentials.yaml")
	for _, c := range []Credential{
		{}, {Name: "Prod", Flow: "gsa"}, {Name: "prod"}, {Name: "prod", Flow: "x"}, {Name: "prod", Flow: "gsa", EnterpriseID: "1"},
		{Name: "prod", Flow: "gsa", ClientID: "a\nb"}, {Name: "prod", Flow: "gsa", TokenURL: "https://a.example/?x=" + secretCanary},
	} {
		err := PutCredential(path, c, plainEdit)
		if exit.Of(err) != exit.Usage || strings.Contains(err.Error(), secretCanary) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was made")
	}
	torn := errors.New("no space")
	if err := PutCredential(path, full(), func(string, func([]byte) ([]byte, error)) error { return torn }); !errors.Is(err, torn) {
		t.Errorf("got %v", err)
	}
}

func TestDropCredential(t *testing.T) {
	path := credentialsFile(t, twoCredential)
	if found, err := DropCredential(path, "none", plainEdit); found || err != nil {
		t.Errorf("got %v, %v", found, err)
	}
	if after, _ := os.ReadFile(path); string(after) != twoCredential {
		t.Errorf("nothing was to be changed: %s", after)
	}
	if found, err := DropCredential(path, "prod", plainEdit); !found || err != nil {
		t.Errorf("got %v, %v", found, err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(got), "# mine\n") || !strings.Contains(string(got), "# for patients\n  portal:") || strings.Contains(string(got), "the live one") {
		t.Errorf("got %s, %v", got, err)
	}
	if found, err := DropCredential(path, "portal", plainEdit); !found || err != nil {
		t.Errorf("got %v, %v", found, err)
	}
	if all, err := LoadCredentials(path); err != nil || len(all) != 0 {
		t.Errorf("got %v, %v", all, err)
	}
	if err := PutCredential(path, Credential{Name: "again", Flow: "gsa"}, plainEdit); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); !bytes.HasSuffix(got, []byte("credentials:\n  again:\n    flow: gsa\n")) {
		t.Errorf("got %s", got)
	}
	if found, err := DropCredential(filepath.Join(t.TempDir(), "none.yaml"), "x", plainEdit); found || err != nil {
		t.Errorf("got %v, %v", found, err)
	}
	if _, err := DropCredential(credentialsFile(t, "- a\n"), "x", plainEdit); exit.Of(err) != exit.Usage {
		t.Errorf("got %v", err)
	}
}

func TestCommentsOfAnEmptyFileStay(t *testing.T) {
	path := credentialsFile(t, "# my notes\n\n")
	if err := PutCredential(path, Credential{Name: "a", Flow: "gsa"}, plainEdit); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "# my notes\nschema: ngapi.credentials/v1\ncredentials:\n  a:\n    flow: gsa\n" {
		t.Errorf("got %s", got)
	}
}

func TestCredentialPlaces(t *testing.T) {
	for goos, want := range map[string]string{"linux": "/c/ngapi/", "windows": `D:\c\ngapi\`} {
		env := map[string]string{"XDG_CONFIG_HOME": strings.TrimSuffix(strings.TrimSuffix(want, `ngapi\`), "ngapi/")}
		p := Locate(func(k string) string { return env[k] }, goos)
		credentials, err1 := p.CredentialsFile()
		secrets, err2 := p.SecretsFile()
		if err1 != nil || err2 != nil || credentials != want+"credentials.yaml" || secrets != want+"secrets.json" {
			t.Errorf("%s: %q %v, %q %v", goos, credentials, err1, secrets, err2)
		}
	}
	for _, ask := range []func() (string, error){Paths{}.CredentialsFile, Paths{}.SecretsFile} {
		if _, err := ask(); exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "NGAPI_CONFIG_DIR") {
			t.Errorf("got %v", err)
		}
	}
}

func FuzzCredentials(f *testing.F) {
	f.Add([]byte(twoCredential))
	f.Add([]byte("schema: ngapi.credentials/v1\ncredentials: {a: {flow: gsa}, b: {flow: eal, scope: \"\\u0085\"}}\n"))
	f.Add([]byte("schema: ngapi.credentials/v1\ncredentials: {0: {flow}}"))
	f.Add([]byte("schema: ngapi.credentials/v1\ncredentials: {0: {flow: gsa}, 00: {flow: eal, scope}}"))
	f.Add([]byte("schema: ngapi.credentials/v1\ncredentials:\n  a:\n    flow: gsa\n    scope:\n"))
	f.Add([]byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, problems := parseCredentials("f", data)
		if len(problems) > 0 {
			return
		}
		for _, c := range all {
			if err := checkCredential(c); err != nil {
				t.Errorf("what was read cannot be written: %v", err)
			}
		}
		after, err := editCredentials("f", data, func(list *yaml.Node) { putCredential(list, full()) })
		if err != nil {
			t.Fatalf("a good file cannot be edited: %v", err)
		}
		again, problems := parseCredentials("f", after)
		kept := 0
		for _, c := range all {
			for _, d := range again {
				if c == d || c.Name == "all" && d == full() {
					kept++
					break
				}
			}
		}
		if len(problems) > 0 || kept != len(all) {
			t.Errorf("lost something: %v\n%s\n%s", problems, data, after)
		}
	})
}
