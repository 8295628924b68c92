package cli

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/infer/vocab"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/terminal"
)

// values are put into every fixture of testdata/evidence, in every place where
// a message can carry something of a person: an id and a number in a path, a
// word in a path, a value in a query, and a secret in headers, cookies, bodies,
// descriptions and names.
type values struct{ id, num, word, value, secret string }

func canaries() values {
	return values{"6f1c2b7e-91d3-4c55-8a1e-0b9d7e5f4a31", "48151623", "zorbanaxq", "Quillfeather", "s3cr3tCANARYtok"}
}

func others() values {
	return values{"0d2e4f60-1a3b-4c5d-9e7f-112233445566", "90210777", "mivuntrel", "Thistlewick", "an0therPASSphrase"}
}

func (v values) fill(data []byte) []byte {
	return []byte(strings.NewReplacer("@id@", v.id, "@num@", v.num, "@word@", v.word, "@value@", v.value, "@secret@", v.secret).Replace(string(data)))
}

// leaks returns which of the values stand in a text.
func (v values) leaks(text []byte) (found []string) {
	lower := bytes.ToLower(text)
	for _, one := range []string{v.id, strings.ReplaceAll(v.id, "-", ""), v.num, v.word, v.value, v.secret} {
		if bytes.Contains(lower, []byte(strings.ToLower(one))) {
			found = append(found, one)
		}
	}
	return found
}

// fixtures are the kinds of evidence by file name, with the values filled in.
func (v values) fixtures(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{"flows.mitm": v.flows()}
	names, err := filepath.Glob("testdata/evidence/*")
	if err != nil || len(names) < 20 {
		t.Fatalf("%d fixtures, %v", len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(name)] = v.fill(data)
	}
	return all
}

// flows is a file of two mitmproxy flows in their form, tnetstrings, which a
// template cannot hold because every length is written out.
func (v values) flows() []byte {
	str := func(s string) string { return fmt.Sprintf("%d:%s;", len(s), s) }
	raw := func(s string) string { return fmt.Sprintf("%d:%s,", len(s), s) }
	num := func(n int) string { s := fmt.Sprint(n); return fmt.Sprintf("%d:%s#", len(s), s) }
	dict := func(pairs ...string) string { s := strings.Join(pairs, ""); return fmt.Sprintf("%d:%s}", len(s), s) }
	seq := func(items ...string) string { s := strings.Join(items, ""); return fmt.Sprintf("%d:%s]", len(s), s) }
	flow := func(path string, status int) string {
		headers := seq(seq(raw("Authorization"), raw("Bearer "+v.secret)), seq(raw("Cookie"), raw(v.secret)))
		return dict(
			str("version"), num(21), str("type"), str("http"), str("id"), str(v.id),
			str("request"), dict(str("method"), raw("GET"), str("scheme"), raw("https"), str("host"), str("nativeapi.nextgen.com"),
				str("port"), num(443), str("path"), raw("/nge/prod/nge-api/api"+path), str("authority"), raw(""), str("http_version"), raw("HTTP/2.0"),
				str("headers"), headers, str("content"), raw(v.secret+v.value)),
			str("response"), dict(str("status_code"), num(status), str("reason"), raw(v.secret), str("headers"), headers, str("content"), raw(strings.Repeat(v.value, 9))),
			str("comment"), str(v.value),
		)
	}
	return []byte(flow("/persons/"+v.id+"/chart/allergies?$filter="+v.value, 200) + flow("/widgets/"+v.word+"/parts", 200))
}

// outcome is everything that a run of commands let out: both streams, and every
// file but the evidence.
type outcome map[string][]byte

// everyOutput imports evidence and writes it in every form there is.
func everyOutput(t *testing.T, name string, data []byte) outcome {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("TMPDIR", dir) // a temporary file would be found there
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out := outcome{}
	env := map[string]string{"XDG_STATE_HOME": dir, "XDG_CONFIG_HOME": dir, "HOME": dir}
	runs := []struct {
		args []string
		ok   []exit.Code
	}{
		{[]string{"routes", "import", name, "--dry-run", "--debug"}, []exit.Code{exit.OK}},
		{[]string{"routes", "import", name, "--debug", "-o", "json=import.json", "-o", "text"}, []exit.Code{exit.OK}},
		{[]string{"routes", "list", "-o", "json"}, []exit.Code{exit.OK}},
		{[]string{"routes", "check", "--all", "--debug"}, []exit.Code{exit.OK}},
		{[]string{"routes", "check", "-o", "json"}, []exit.Code{exit.OK}},
		{[]string{"routes", "drift", name, "--strict", "--debug", "-o", "json=drift.json", "-o", "text"}, []exit.Code{exit.OK, exit.No, exit.Usage}},
		{[]string{"routes", "export", "-o", "csv=out.csv", "-o", "markdown=out.md", "-o", "json=out.json", "-o", "xlsx=out.xlsx"}, []exit.Code{exit.OK}},
		{[]string{"routes", "scopes"}, []exit.Code{exit.OK}},
		{[]string{"routes", "review", name}, []exit.Code{exit.Usage}}, // no terminal
		{[]string{"routes", "explain", "GET", "/persons/48151623/chart/allergies"}, []exit.Code{exit.OK}},
	}
	for _, r := range runs {
		stdout, stderr, code := start(t, env, r.args...)
		if !slices.Contains(r.ok, code) {
			t.Errorf("%s %v: exit code %d\n%s", name, r.args, code, stderr)
		}
		out[strings.Join(r.args, " ")] = []byte(stdout + "\x00" + stderr)
	}
	out.files(t, dir, name)
	return out
}

// files adds every file below dir but the evidence, xlsx files as their parts.
func (out outcome) files(t *testing.T, dir, evidence string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == evidence {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		out["file "+d.Name()] = data
		if filepath.Ext(path) != ".xlsx" {
			return nil
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return err
		}
		for _, part := range z.File {
			r, err := part.Open()
			if err != nil {
				return err
			}
			text, err := io.ReadAll(r)
			if err != nil {
				return err
			}
			out["xlsx "+part.Name] = text
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPrivacyGuarantees holds G1, G2 and G3 of ngapi help privacy, and that no
// temporary file is left (G4), for every kind of evidence: the same commands
// run on evidence with two sets of values.
func TestPrivacyGuarantees(t *testing.T) {
	v, vouched, words := canaries(), vouchers(), 0
	second := others().fixtures(t)
	for name, data := range v.fixtures(t) {
		t.Run(name, func(t *testing.T) {
			if len(v.leaks(data)) < 3 {
				t.Fatalf("the fixture holds only %v", v.leaks(data))
			}
			out := everyOutput(t, name, data)
			for where, text := range out {
				// G3: values that stand in every place come out nowhere.
				if found := v.leaks(text); len(found) > 0 {
					t.Errorf("%s: %v in\n%s", where, found, text)
				}
				words += vouchedFor(t, vouched, where, text)
			}
			// G2: other values give the same bytes.
			if diff := cmp.Diff(out, everyOutput(t, name, second[name])); diff != "" {
				t.Error(diff)
			}
		})
	}
	if words < 100 {
		t.Errorf("only %d words of paths were looked at", words)
	}
}

// vouchers tells what may stand in a printed path: words of the catalogue, of
// the FHIR grammar, and of the vocabulary.
func vouchers() func(string) bool {
	words := map[string]bool{"": true, "_search": true, "_history": true}
	for _, e := range catalog.Enterprise().All() {
		for w := range strings.SplitSeq(e.Path, "/") {
			words[w] = true
		}
	}
	return func(w string) bool {
		r4, dstu2 := route.FHIRType(w)
		_, operation := catalog.FHIR().Operation(strings.TrimPrefix(w, "$"))
		return words[w] || r4 || dstu2 || operation || vocab.Vouches(w) || vocab.Version(w)
	}
}

// vouchedFor holds G1: every literal word of every path in the list and in the
// documents has a voucher. It returns how many words it looked at.
func vouchedFor(t *testing.T, vouched func(string) bool, where string, text []byte) (seen int) {
	t.Helper()
	if where != "file routes.csv" && where != "file import.json" && where != "file drift.json" && where != "file out.json" {
		return 0
	}
	text = bytes.ReplaceAll(text, []byte("/dev/null"), nil) // of the head of a diff
	for _, p := range regexp.MustCompile(`"?/[A-Za-z{$][^\s,"<>]*`).FindAllString(string(text), -1) {
		p, _, _ = strings.Cut(strings.ReplaceAll(strings.Trim(p, `"`), "{?", "{"), "?")
		for w := range strings.SplitSeq(strings.Trim(p, "/"), "/") {
			if strings.HasPrefix(w, "{") {
				continue
			}
			if seen++; !vouched(w) {
				t.Errorf("%s: nothing vouches for %q in %s", where, w, p)
			}
		}
	}
	return seen
}

// TestCrashRepeatsNothing: the words of a panic stay inside once evidence was
// read.
func TestCrashRepeatsNothing(t *testing.T) {
	v := canaries()
	har := v.fixtures(t)["session.har"]
	t.Chdir(t.TempDir())
	if err := os.WriteFile("session.har", har, 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	none := func(string) string { return "" }
	code := Run(t.Context(), World{
		Streams: terminal.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Env: none},
		Env:     none, Today: func() string { panic("parsing " + v.secret) },
	}, []string{"routes", "import", "session.har"})
	if found := v.leaks([]byte(stdout.String() + stderr.String())); code != exit.Fault || len(found) > 0 || !strings.Contains(stderr.String(), "internal fault: a string") {
		t.Errorf("exit code %d, %v: %s", code, found, stderr.String())
	}
}

// TestBrokenEvidenceRepeatsNothing: whatever is wrong with a file, its content
// is not in the words about it.
func TestBrokenEvidenceRepeatsNothing(t *testing.T) {
	v := canaries()
	for name, data := range v.fixtures(t) {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			broken := map[string][]byte{
				"half":    data[:len(data)/2],
				"tail":    slices.Concat(data, []byte("\x00{"+v.secret)),
				"control": slices.Concat(data[:len(data)/3], []byte("\x1b[31m"+v.secret+"\x00"), data[len(data)/3:]),
				"latin":   bytes.ReplaceAll(data, []byte(v.value), []byte(v.value+"\xe9\xff")),
			}
			for how, bytes := range broken {
				if err := os.WriteFile(name, bytes, 0o600); err != nil {
					t.Fatal(err)
				}
				for _, args := range [][]string{{"routes", "import", name, "--debug"}, {"routes", "import", name, "-o", "json"}} {
					stdout, stderr, code := start(t, nil, args...)
					if code != exit.OK && code != exit.Usage {
						t.Errorf("%s: exit code %d: %s", how, code, stderr)
					}
					if found := v.leaks([]byte(stdout + stderr)); len(found) > 0 || strings.ContainsAny(stdout+stderr, "\x00\x1b") {
						t.Errorf("%s: %v or a control character in\n%s%s", how, found, stdout, stderr)
					}
				}
			}
		})
	}
}
