package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apionboard/ngapi/internal/exit"
)

// badProfiles lists what a profile may not be, with every problem in words.
func badProfiles() []struct{ name, in, want string } {
	s := "schema: ngapi.profile/v1\n"
	return []struct{ name, in, want string }{
		{"empty", "", "p:1:1: the profile is empty; run ngapi profile init to fill it"},
		{"only comments", "# hi\n", "p:1:1: the profile is empty"},
		{"only a document mark", "---\n", "p:1:1: the profile is empty"},
		{"a list", "- a\n", "p:1:1: the file holds a list instead of keys and values"},
		{"a text", "hello\n", "p:1:1: the file holds text"},
		{"no schema", "app: {name: x}\n", "p:1:1: the schema is missing; add the line schema: ngapi.profile/v1"},
		{"unknown schema", "schema: ngapi.profile/v0\n", `p:1:9: unknown schema "ngapi.profile/v0"; write schema: ngapi.profile/v1`},
		{"schema of another kind", "schema: 1\n", "p:1:9: schema is a number"},
		{"schema null", "schema:\n", `p:1:8: schema is empty; write schema: ngapi.profile/v1`},
		{"unknown top key", s + "organisation: {}\n", "p:2:1: unknown key organisation; did you mean organization?"},
		{"unknown nested key", s + "organization:\n  nname: x\n", "p:3:3: unknown key organization.nname; did you mean organization.name?"},
		{"camel case", s + "app: {minNgeVersion: 5.9.2}\n", "p:2:7: unknown key app.minNgeVersion; did you mean app.min_nge_version?"},
		{"key of another section", s + "app: {terms_executed: 2026-01-01}\n", "p:2:7: unknown key app.terms_executed; did you mean organization.terms_executed?"},
		{"far key", s + "form: {zzzzzzzzzzzz: 1}\n", "p:2:8: unknown key form.zzzzzzzzzzzz; known here: submitted, reply"},
		{"dotted key", s + "organization.name: x\n", "p:2:1: unknown key organization.name; write it in two levels: organization: {name: ...}"},
		{"derived trait", s + "scope: {certified: limited}\n", "p:2:1: unknown key scope"},
		{"observed trait", s + "routes: {verdict: limited}\n", "p:2:10: unknown key routes.verdict; known here: file, submitted"},
		{"enum", s + "app:\n  audience: doctors\n", `p:3:13: app.audience cannot be "doctors"; choose one of patients, providers`},
		{"set member", s + "app: {apis: [enterprise, soap]}\n", `p:2:26: app.apis cannot hold "soap"; write a list with any of patient-access, enterprise, fhir`},
		{"set member with comma", s + "app: {auth: ['gsa,eal']}\n", `p:2:14: app.auth cannot hold "gsa,eal"`},
		{"set twice", s + "app: {auth: [gsa, gsa]}\n", "p:2:19: app.auth holds gsa twice"},
		{"set empty", s + "app: {auth: []}\n", "p:2:13: app.auth needs at least one value"},
		{"set as text", s + "app: {auth: gsa}\n", "p:2:13: app.auth is text, not a list; write [gsa]"},
		{"set with a list", s + "app: {auth: [[gsa]]}\n", "p:2:14: app.auth holds a list"},
		{"bool as text", s + `app: {unattended: "true"}`, "p:2:19: app.unattended is text, not true or false; write true without quotation marks"},
		{"bool as yes", s + "app: {unattended: yes}\n", `p:2:19: app.unattended cannot be "yes"; write true or false`},
		{"text as number", s + "app: {name: 42}\n", `p:2:13: app.name is a number, not text; quote it: "42"`},
		{"text as group", s + "app: {name: {a: b}}\n", "p:2:13: app.name is a group of keys, not a single value"},
		{"text as date", s + "app: {name: 2026-01-01}\n", `p:2:13: app.name is a date, not text; quote it: "2026-01-01"`},
		{"version as float", s + "app:\n  min_nge_version: 5.10\n", `p:3:20: app.min_nge_version is a number, and a number has no parts: 5.10 would not stay what it is; quote it: "5.10"`},
		{"version as int", s + "app: {min_nge_version: 5}\n", `quote it: "5"`},
		{"version as word", s + "app: {min_nge_version: latest}\n", `p:2:24: app.min_nge_version cannot be "latest"; write a version such as "5.9.2"`},
		{"date", s + "form: {reply: 2026-02-30}\n", `p:2:15: form.reply cannot be "2026-02-30"; write a day as YYYY-MM-DD`},
		{"date with time", s + "form: {reply: 2026-02-20T10:00:00Z}\n", "p:2:15: form.reply cannot be"},
		{"date as number", s + "form: {reply: 20261001}\n", `p:2:15: form.reply cannot be "20261001"`},
		{"date as list", s + "form: {reply: [2026-02-20]}\n", "p:2:15: form.reply is a list, not a single value"},
		{"section as text", s + "app: none\n", "p:2:6: app is text, not a group of keys; put these keys below it: name, "},
		{"section as list", s + "form: []\n", "p:2:7: form is a list, not a group of keys"},
		{"key twice", s + "app:\n  name: a\n  name: b\n", "p:4:3: app.name is there twice, first in line 3; keep one of them"},
		{"section twice", s + "app: {name: a}\nform: {}\napp: {name: b}\n", "p:4:1: app is there twice, first in line 2"},
		{"anchor", s + "app: &a {name: x}\n", "p:2:6: YAML anchors are not supported; remove &a"},
		{"alias", s + "app: {name: &a x}\norganization: {name: *a}\n", "p:2:13: YAML anchors are not supported; remove &a\np:3:22: YAML aliases are not supported; write the value itself"},
		{"alias to nothing", s + "app: {name: *zz}\n", "p:2:13: YAML aliases are not supported"},
		{"merge key", s + "app: {<<: {name: x}}\n", "p:2:7: YAML merge keys are not supported"},
		{"tag", s + "app: {name: !secret x}\n", "p:2:13: YAML tags are not supported; remove !secret"},
		{"standard tag", s + "app: {name: !!str 5}\n", "p:2:13: YAML tags are not supported; remove !!str"},
		{"complex key", s + "app: {[a]: x}\n", "p:2:7: a key must be a word"},
		{"two documents", s + "---\n" + s, "p:2:1: a second YAML document begins here; keep one document"},
		{"two documents, one empty", s + "---\n", "p:2:1: a second YAML document begins here"},
		{"too deep", s + "app: {name: " + strings.Repeat("[", 12) + strings.Repeat("]", 12) + "}", "p:2:23: this is nested more than 12 levels deep"},
		{"far too deep", s + "app: " + strings.Repeat("[", 20000), "p:2:10006: this is not valid YAML: exceeded max depth of 10000"},
		{"tab", s + "app:\n\tname: x\n", "p:3:1: this is not valid YAML: found character that cannot start any token; indent with spaces, not tabs"},
		{"colon", s + "app:\n  name: a: b\n", "p:3:10: this is not valid YAML: mapping values are not allowed in this context; put a text that holds a colon in quotation marks"},
		{"bracket", s + "app:\n  apis: [fhir\nform: {reply: 2026-01-01}\n", "p:4:11: this is not valid YAML"},
		{"quote", s + "app:\n  name: \"x\n", "p:3:10: this is not valid YAML: found unexpected end of stream"},
		{"indentation", s + "app:\n  name: x\n audience: patients\n", "p:4:10: this is not valid YAML: did not find expected key"},
		{"not UTF-8", s + "app: {name: \"caf\xe9\"}\n", "p:2:17: byte 42 is not UTF-8 text; save the file as UTF-8"},
		{"not UTF-8 after a mark", bom + s + "app: {name: \"\xff\"}\n", "p:2:14: byte 39 is not UTF-8 text"},
		{"UTF-16 with mark", "\xff\xfes\x00", "p:1:1: the file is UTF-16 text; save it as UTF-8"},
		{"UTF-16 big endian", "\xfe\xff\x00s", "p:1:1: the file is UTF-16 text"},
		{"UTF-16 without mark", "s\x00c\x00", "p:1:1: the file is UTF-16 text"},
		{"escape character", s + "app: {name: \x1b[31m}\n", "p:2:13: control character U+001B; remove it"},
		{"zero", s + "app: {name: a\x00}\n", "p:2:14: control character U+0000"},
		{"escaped escape character", s + `app: {name: "a\x1b[31m"}`, "p:2:13: app.name holds a control character at byte 2; remove it"},
		{"old Mac", "schema: x\rapp: y\r", "p:1:10: a carriage return stands alone"},
		{"long text", s + "app: {name: " + strings.Repeat("x", 5000) + "}", "p:2:13: app.name is longer than 4096 bytes"},
		{"large", s + strings.Repeat("#", MaxBytes), "p: the file is larger than 1048576 bytes (1 MiB)"},
		{"client without name", s + "beta: {clients: [{contact: a}]}\n", "p:2:18: a client has no name; add name: to it"},
		{"client with empty name", s + "beta: {clients: [{name: ''}]}\n", "p:2:18: a client has no name"},
		{"client with null name", s + "beta: {clients: [{name: }]}\n", "p:2:18: a client has no name"},
		{"client name as number", s + "beta: {clients: [{name: 7}]}\n", `p:2:25: beta.clients.name is a number, not text; quote it: "7"`},
		{"evidence twice", s + "evidence:\n  - {id: e, file: a, sha256: b, collected_on: 2026-11-01}\n  - {id: e, file: c, sha256: d, collected_on: 2026-11-01}\n",
			`p:4:5: the evidence "e" is there twice, first in line 3; give each entry an id of its own`},
		{"client twice", s + "beta:\n  clients:\n    - {name: A}\n    - {name: A}\n", `p:5:14: the client "A" is there twice, first in line 4`},
		{"client key", s + "beta: {clients: [{name: A, sign_off: 2026-01-01}]}\n", "p:2:28: unknown key beta.clients.sign_off; did you mean beta.clients.signoff?"},
		{"client date", s + "beta: {clients: [{name: A, signoff: soon}]}\n", `p:2:37: client.signoff cannot be "soon"`},
		{"client as text", s + "beta: {clients: [A]}\n", "p:2:18: an entry of beta.clients is text, not a group of keys"},
		{"clients as text", s + "beta: {clients: A}\n", "p:2:17: beta.clients is text, not a list"},
		{"waiver key", s + "waivers: [{check: X, approvedOn: 2026-01-01}]\n", "p:2:22: unknown key waivers.approvedOn; did you mean waivers.approved_on?\np:2:11: this entry of waivers lacks reason, approver, approved_on, expires"},
		{"waiver date", s + "waivers: [{check: X, reason: r, approver: a, approved_on: 1.1.2026, expires: 2026-01-01}]\n", `p:2:59: waivers.approved_on cannot be "1.1.2026"`},
		{"waiver type", s + "waivers: [{check: [X], reason: 1, approver: a, approved_on: 2026-01-01, expires: 2026-01-01}]\n", "p:2:19: waivers.check is a list, not text; write one text\np:2:32: waivers.reason is a number, not text"},
		{"waivers as group", s + "waivers: {check: X}\n", "p:2:10: waivers is a group of keys, not a list"},
		{"attestation", s + "attestations:\n  - {check: X, by: me}\n", "p:3:5: this entry of attestations lacks statement, on"},
		{"evidence", s + "evidence: [{id: e, file: f, sha256: 12, collected_on: 2026-01-01}]\n", `p:2:37: evidence.sha256 is a number, not text; quote it: "12"`},
		{"contradiction", s + "data: {uscdi_v1_only: true, classes: [non-ehi]}\n", "p:2:38: data.classes is non-ehi, but data.uscdi_v1_only is true (p:2); correct one of the two answers"},
		{"several at once", s + "app: {nname: x, audience: y}\nform: {reply: z}\n",
			"p:2:7: unknown key app.nname; did you mean app.name?\np:2:27: app.audience cannot be \"y\"; choose one of patients, providers\np:3:15: form.reply cannot be \"z\""},
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range badProfiles() {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("p", []byte(c.in))
			if err == nil {
				t.Fatal("accepted")
			}
			if exit.Of(err) != exit.Usage {
				t.Errorf("code %d", exit.Of(err))
			}
			if got := err.Error(); !strings.Contains(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestReadCountsWhatItDoesNotList(t *testing.T) {
	var in strings.Builder
	in.WriteString("schema: ngapi.profile/v1\n")
	for i := range 30000 {
		fmt.Fprintf(&in, "k%d: {}\n", i)
	}
	_, err := Parse("p", []byte(in.String()))
	if got := exit.List(err); len(got) != listed+1 || got[listed].What != "and 29900 more" {
		t.Errorf("%d problems, the last %v", len(got), got[len(got)-1])
	}
}

// A file of aliases that would expand to 10^9 texts is refused without
// expanding anything.
func TestReadIsSafeFromAliasBombs(t *testing.T) {
	in := "schema: ngapi.profile/v1\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		p := string(c - 1)
		in += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat("*"+p+",", 10), ","))
	}
	_, err := Parse("p", []byte(in))
	if err == nil || !strings.Contains(err.Error(), "p:2:4: YAML anchors are not supported") {
		t.Errorf("got %v", err)
	}
}

func TestReadRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	_, err := Read(dir)
	if err == nil || !strings.Contains(err.Error(), "this is a folder, not a file") {
		t.Errorf("folder: %v", err)
	}
	_, err = Read(filepath.Join(dir, "none.yaml"))
	if !errors.Is(err, fs.ErrNotExist) || exit.Of(err) != exit.Usage || !strings.Contains(err.Error(), "ngapi onboard") || !strings.Contains(err.Error(), "ngapi profile init") {
		t.Errorf("absent: %v", err)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err = Read(filepath.Join(file, "p")); err == nil || errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("through a file: %v", err)
	}
	closed := filepath.Join(dir, "closed")
	if err := os.WriteFile(closed, nil, 0o000); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		t.Log("SKIPPED permission denied: this user may read everything")
	} else if _, err = Read(closed); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "not allowed") {
		t.Errorf("closed: %v", err)
	}
	if _, err = Read(dir + "/a\x1b[31m"); err == nil || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("a control character of the name is printed: %q", err)
	}
}

// A large file is refused after reading a little more than the limit. /dev/zero
// would never end.
func TestReadStopsAtTheLimit(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("no /dev/zero here")
	}
	if _, err := Read("/dev/zero"); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("got %v", err)
	}
}
