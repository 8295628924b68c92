package sourcescan_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/sourcescan"
)

func scan(t testing.TB, files fstest.MapFS, opt sourcescan.Options) (*sink, sourcescan.Summary) {
	t.Helper()
	var s sink
	sum, err := sourcescan.Scan(files, &s, opt)
	if err != nil {
		t.Fatal(err)
	}
	return &s, sum
}

// one scans one line of a language and returns METHOD path?query.
func one(t testing.TB, ext, line string) string {
	t.Helper()
	s, _ := scan(t, fstest.MapFS{"a." + ext: {Data: []byte(line + "\n")}}, sourcescan.Options{Hosts: []string{"ehr.example:8443"}})
	var all []string
	for _, o := range s.got {
		text := o.Method + " " + o.Path
		if o.Query != "" {
			text += "?" + o.Query
		}
		if o.API != "" {
			text += " " + o.API
		}
		if o.Kind != infer.Source || o.Format != "source" || !o.Template || o.Place != "a."+ext+":1" || o.Host != "" {
			t.Errorf("%+v", o)
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func TestLines(t *testing.T) {
	for _, test := range []struct{ ext, line, want string }{
		// Parameters.
		{"js", "x.get(`/persons/${encodeURIComponent(p.id)}/chart`)", "GET /persons/{id}/chart"},
		{"js", "x.get(`/persons/${a ? {b: 1}.b : 2}/chart`)", "GET /persons/{id}/chart"},
		{"js", "x.get(`/persons/${p[`id`]}/chart`)", "GET /persons/{id}/chart"},
		{"js", "u = '/persons/:personId/chart'", " /persons/{personId}/chart"},
		{"py", "u = '/persons/<person>/chart'", " /persons/{person}/chart"},
		{"py", "u = '/persons/{{id}}/chart'", " /persons/{id}/chart"},
		{"py", `u = f"/persons/{p['id']!r:>10}/chart"`, " /persons/{id}/chart"},
		{"py", `u = "/persons/%(pid)s/chart?x=%d" % d`, " /persons/{pid}/chart?x={id}"},
		{"go", `u := fmt.Sprintf("/persons/%[2]s/chart/%v%%20x", a, b)`, " /persons/{id}/chart/{id}%20x"},
		{"go", `u := "/persons/a%20b/%2F/%s"`, " /persons/a%20b/%2F/{id}"},
		{"php", `$u = "/persons/$this->id/chart/$row";`, " /persons/{id}/chart/{row}"},
		{"php", `$u = '/Patient/$everything';`, " /Patient/$everything"},
		{"js", "u = '/Patient/$everything'", " /Patient/$everything"},
		{"rb", `u = "/persons/#{h["id"]}/chart"`, " /persons/{id}/chart"},
		{"cs", `var u = $"/persons/{h["id"]}/chart";`, " /persons/{id}/chart"},
		{"cs", `var u = @"/persons/{0}";`, " /persons/{id}"},
		{"java", `String u = "\/persons\/" + p.getPersonId() + "\/chart";`, " /persons/{personId}/chart"},
		{"kt", `val u = "/persons/$id/chart"`, " /persons/{id}/chart"},
		{"js", "u = `/document/pdf-${id}`", ""},
		{"js", "u = `${BASE}/Binary/pdf-${id}`", " /Binary/pdf-{id}"},
		// Joining.
		{"js", `u = "/persons/" + id + "/chart/" + x.toString() + "/medications"`, " /persons/{id}/chart/{x}/medications"},
		{"js", `u = base + "/persons/" + id, y = 1`, " /persons/{id}"},
		{"js", `u = base + "persons/" + id + "/chart"`, " /persons/{id}/chart"},
		{"js", `u = "/persons" + suffix`, " /persons"},
		{"js", `u = "/persons" + "/" + id`, " /persons/{id}"},
		{"js", `u = "/Observation?patient=" + id + "&category=laboratory"`, " /Observation?patient={id}&category=laboratory"},
		{"js", `a("/persons/" + id, "/appointments")`, " /persons/{id};  /appointments"},
		{"php", `$u = $base . '/persons/' . $p['id'] . '/chart';`, " /persons/{id}/chart"},
		// Methods.
		{"js", `fetch("/persons")`, " /persons"},
		{"js", `fetch("/persons", {method: 'post'})`, "POST /persons"},
		{"js", `$.ajax({type: "x", method: "PUT", url: "/persons"})`, "PUT /persons"},
		{"js", `x.get("/persons").then(() => y.post("/appointments"))`, "GET /persons; POST /appointments"},
		{"js", `x.del("/persons/" + id)`, "DELETE /persons/{id}"},
		{"go", `r, _ := http.NewRequestWithContext(ctx, http.MethodPatch, "/persons", nil)`, "PATCH /persons"},
		{"go", `do("GET /persons/{id}")`, "GET /persons/{id}"},
		{"java", `HttpGet g = new HttpGet("/persons");`, "GET /persons"},
		{"java", `@DELETE("/persons/{id}")`, "DELETE /persons/{id}"},
		{"cs", `x.SendAsync(new(HttpMethod.Delete, "/persons"))`, "DELETE /persons"},
		{"rb", `conn.put "/persons"`, "PUT /persons"},
		{"py", `forget("/persons")`, " /persons"},
		// Bases.
		{"js", "u = `${proto}://${host}/nge/prod/nge-api/api/persons/${id}`", " /persons/{id} enterprise"},
		{"js", "u = `http://127.0.0.1:889/site.db/NextGen.Api.Edge/6.0.0.767/api/persons`", " /persons enterprise"},
		{"js", "u = 'https://nativeapi.nextgen.com/nge/prod/nge-api/api'", ""},
		{"js", "u = 'https://nativeapi.nextgen.com/nge/prod/nge-api/api/anything/new'", " /anything/new enterprise"},
		{"js", "u = '/NGE/prod/fhir-api-r4/fhir/R4/Patient'", " /Patient fhir-r4"},
		{"js", "u = base + '/fhir/dstu2/Patient?name=x'", " /Patient?name=x fhir-dstu2"},
		{"js", "u = `${a}${b}/api/persons`", " /persons"},
		{"js", "u = 'https://ehr.example:8443/persons'", " /persons"},
		{"js", "u = 'https://other.example/persons'", ""},
		{"js", "u = 'http://hl7.org/fhir/StructureDefinition/x'", ""},
		{"js", "x.get(`Patient/${id}`)", "GET /Patient/{id}"},
		{"js", "reference: `Patient/${id}`", ""},
		{"js", "q = 'Condition?patient=' + id", " /Condition?patient={id}"},
		{"js", "x.get('Patient')", ""},
		// No calls.
		{"js", "// x.get('/persons')", ""}, {"js", "a() // x.get('/persons')", ""}, {"js", "/* '/persons' */", ""}, {"py", "# '/persons'", ""},
		{"js", "import x from '/persons/x'", ""}, {"js", "const x = require('/persons/x')", ""}, {"js", "app.get('/persons', f)", ""}, {"py", "@app.get('/persons')", ""},
		{"js", "'/persons/list.tsx'", ""}, {"js", "'/persons and others'", ""}, {"js", "'/personsx'", ""}, {"js", "'/users/profile'", ""}, {"js", "'/Library/Caches/x'", ""}, {"js", "'/Users/a'", ""}, {"js", "'/users'", ""}, {"js", "x.get('/users')", "GET /users"}, {"js", "'a/persons'", ""},
		{"js", "'/persons/*'", ""}, {"js", "'/persons/../x'", ""}, {"js", "'/persons//x'", ""}, {"js", "'" + "/persons/" + strings.Repeat("x", 2000) + "'", ""},
		{"go", "`/persons", ""}, {"js", "'\\n/persons'", ""}, {"js", "it's /persons", ""}, {"txt", "'/persons'", ""},
		// Shell.
		{"sh", `curl "$B/persons/${ID}?x=$Y"`, "GET /persons/{ID}?x={Y}"},
		{"sh", `curl -XDELETE '/persons/1'`, "DELETE /persons/1"},
		{"sh", `curl -G -d a=b $B/Patient/\$everything # x`, "GET /Patient/$everything"},
		{"sh", `curl $B/persons $EXTRA`, " /persons"},
		{"sh", `curl -I $B/persons; # $B/appointments`, "HEAD /persons"},
		{"sh", `http POST $B/persons`, "POST /persons"},
		{"sh", `curl -X "$M" $B/persons`, " /persons"},
		{"sh", `URL="https://nativeapi.nextgen.com/nge/prod/nge-api/api/persons/$ID"`, " /persons/{ID} enterprise"},
	} {
		if got := one(t, test.ext, test.line); got != test.want {
			t.Errorf("%s: %s\n got %q\nwant %q", test.ext, test.line, got, test.want)
		}
	}
}

func TestLinesThatGoOn(t *testing.T) {
	for _, test := range []struct{ ext, code, want string }{
		{"js", "x.post(\n  '/persons', b)", "a.js:2 POST /persons"}, {"js", "x.put()\n\n// text\n  .uri('/persons')", "a.js:4 PUT /persons"},
		{"js", "{ method: 'PUT',\nz = 1\n  url: '/persons' }", "a.js:3 ? /persons"}, {"js", "  method: 'PUT',\n  url: '/persons'", "a.js:2 PUT /persons"},
		{"js", "fetch(`/persons`, {\n  headers: {\n    'x': '/a',\n  },\n  method: 'PUT',\n})\nb('/appointments')", "a.js:1 PUT /persons; a.js:7 ? /appointments"},
		{"js", "fetch(`/persons`, {\n  headers: {},\n})\nx = {\n  method: 'PUT' }", "a.js:1 ? /persons"}, {"js", "fetch(`/persons`, {", "a.js:1 ? /persons"},
		{"js", "const r = {\n  a: '/persons',\n  b: '/appointments' }", "a.js:2 ? /persons; a.js:3 ? /appointments"},
		{"js", "fetch(`/persons`, {\n});\nx('/appointments')", "a.js:1 ? /persons; a.js:3 ? /appointments"},
		{"js", "it('GET /persons', () => {\n  x.get('/appointments')\n})", "a.js:1 GET /persons; a.js:2 GET /appointments"},
		{"js", "a('/persons', {\n  b: c.get('/appointments'),\n  method: 'PUT' })", "a.js:1 ? /persons; a.js:2 GET /appointments"},
		{"js", "x.post(y);\nu = '/persons'", "a.js:2 ? /persons"}, {"js", "a = `\n'/persons'\n` + '/appointments'", "a.js:3 ? /appointments"},
		{"js", "/*\n'/persons'\n*/ b('/appointments')", "a.js:3 ? /appointments"}, {"py", "\"\"\"\n'/persons'\n\"\"\"\nb('/appointments')", "a.py:4 ? /appointments"},
		{"js", "a = /`/\n" + strings.Repeat("x\n", 250) + "b('/persons')", "a.js:252 ? /persons"},
		{"sh", "curl -X \\\n PUT \\\n $B/persons\ncurl $B/appointments", "a.sh:3 PUT /persons; a.sh:4 GET /appointments"},
		{"sh", "curl $B/persons \\", "a.sh:1 GET /persons"}, {"js", "\xef\xbb\xbfx.get('/persons')\r\n", "a.js:1 GET /persons"},
	} {
		s, _ := scan(t, fstest.MapFS{"a." + test.ext: {Data: []byte(test.code)}}, sourcescan.Options{})
		if got := strings.Join(found(s), "; "); got != test.want {
			t.Errorf("%q: %s, want %s", test.code, got, test.want)
		}
	}
}

func TestTree(t *testing.T) {
	call := []byte("x.get('/persons')\n")
	file := func(data []byte) *fstest.MapFile { return &fstest.MapFile{Data: data} }
	files := fstest.MapFS{
		"b/a.js": file(call), "a.test.ts": file(call), "src/\x1b[31mé.js": file(call), "README.md": file(call),
		"node_modules/x/a.js": file(call), ".git/a.js": file(call), "vendor/a.go": file(call), "x/dist/a.js": file(call), "a.min.js": file(call),
		"gen.go": file([]byte("// Code generated by x. DO NOT EDIT.\npackage x\nvar a = \"/persons\"\n")), "bin.js": file([]byte("\x00" + string(call))),
		"large.js": file([]byte(strings.Repeat("//\n", 400_000))), "dense.js": file([]byte(strings.Repeat("x", 40_000))),
		"link.js": {Data: []byte("b/a.js"), Mode: fs.ModeSymlink},
	}
	s, sum := scan(t, files, sourcescan.Options{})
	want := sourcescan.Summary{
		Hits: []sourcescan.Hit{{"GET", "/persons", "a.test.ts:1"}, {"GET", "/persons", "b/a.js:1"}, {"GET", "/persons", "src/\ufffd[31mé.js:1"}}, Files: 3, Places: 3,
		Skipped: []infer.Bucket{{Name: "binary", Count: 1}, {Name: "folder of dependencies or builds", Count: 4}, {Name: "larger than 1 MiB", Count: 1}, {Name: "minified or generated", Count: 3}, {Name: "symbolic link", Count: 1}},
	}
	if diff := cmp.Diff(want, sum); diff != "" || len(s.got) != 3 {
		t.Error(diff)
	}
	if _, sum = scan(t, files, sourcescan.Options{MaxFiles: 2}); !sum.Full || sum.Files > 2 {
		t.Errorf("%+v", sum)
	}
	if _, sum = scan(t, fstest.MapFS{}, sourcescan.Options{}); sum.Hits == nil || sum.Skipped == nil || sum.Full {
		t.Errorf("%+v", sum)
	}
	broken := errors.New("broken")
	if _, err := sourcescan.Scan(files, &sink{fail: broken}, sourcescan.Options{}); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := sourcescan.Scan(unreadable{}, &sink{}, sourcescan.Options{}); exit.Of(err) != exit.Usage {
		t.Error(err)
	}
}

type unreadable struct{}

func (unreadable) Open(string) (fs.File, error) { return nil, fs.ErrPermission }

// TestHitsHoldNoValue looks for words of the code in what may be printed.
func TestHitsHoldNoValue(t *testing.T) {
	var code strings.Builder
	for i, line := range []string{
		"x.get('/persons/C')", "x.get('/persons/C/chart')", "x.get('/persons/${C}/chart')", "x.get('/persons?lastName=C')", "x.get('/Patient/C')", "x.get('/Patient/1/_history/C')",
		"x.get('/Patient/1/C')", "x.get('/Patient/$C')", "x.get('/persons/1/chart/C')", "x.get('/nge/prod/nge-api/api/C/a')", "x.get('/Observation?patient=C')",
		"x.get('https://C:C@nativeapi.nextgen.com/nge/prod/nge-api/api/persons/C#C')", "x.get(`/persons/1/unknown/${C}`)", "headers = {'C': '/persons'}", "x.get('/C.db/NextGen.Api.Edge/1.C/api/persons')",
	} {
		code.WriteString(strings.ReplaceAll(line, "C", fmt.Sprintf("Ca%cnary", 'a'+i)) + "\n")
	}
	s, sum := scan(t, fstest.MapFS{"a.js": {Data: []byte(code.String())}}, sourcescan.Options{})
	if text := fmt.Sprintf("%+v", sum); strings.Contains(text, "nary") || len(sum.Hits) < 8 || sum.Unlisted < 4 || sum.Places != len(s.got) || len(s.got) != 15 {
		t.Errorf("%d %s", len(s.got), text)
	}
}

func FuzzScan(f *testing.F) {
	files, _ := corpus(f)
	for name, file := range files {
		f.Add(name, file.Data)
	}
	for _, s := range []string{"", "\x00", "'", "\\", "`${", "\"{", "%(", "/*", "'''", "$", "curl \\", "a = \"/persons/\" + + \"", "\"/persons/\"+", "f\"{", "@\"\"\"", "<>:"} {
		for _, ext := range []string{"go", "js", "py", "kt", "cs", "php", "rb", "sh"} {
			f.Add("a."+ext, []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if !fs.ValidPath(name) || name == "." {
			return
		}
		tree := fstest.MapFS{name: {Data: data}}
		var a, b sink
		sum, err := sourcescan.Scan(tree, &a, sourcescan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range a.got {
			if o.Path == "" || o.Path[0] != '/' || strings.ContainsFunc(o.Path+o.Query, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
				t.Errorf("%+v", o)
			}
		}
		again, _ := sourcescan.Scan(tree, &b, sourcescan.Options{})
		if !cmp.Equal(sum, again) || !cmp.Equal(a.got, b.got) {
			t.Error("two scans differ")
		}
	})
}

func BenchmarkScan(b *testing.B) {
	files, _ := corpus(b)
	data := []byte(strings.Repeat(string(files["api.ts"].Data), 200))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := sourcescan.Scan(fstest.MapFS{"a.ts": {Data: data}}, &sink{}, sourcescan.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
