package route_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/route"
)

func TestRead(t *testing.T) {
	text := "\xef\xbb\xbfowner,PATH,method, api ,notes,\r\n" +
		"ann,/persons/{personId},get,Enterprise,\"two\r\nlines, =1+1\",\r\n,,,,,\r\n" +
		"bob,/Patient/{id},GET\r\n"
	list, notices, err := route.Read(iotest.OneByteReader(strings.NewReader(text)), "routes.csv")
	if err != nil || len(notices) > 0 {
		t.Fatal(notices, err)
	}
	want := &route.List{ExtraColumns: []string{"owner"}, Routes: []route.Route{
		{Method: "GET", Path: "/persons/{personId}", API: "enterprise", Notes: "two\nlines, =1+1", Extra: []string{"ann"}, Line: 2},
		{Method: "GET", Path: "/Patient/{id}", Extra: []string{"bob"}, Line: 5},
	}}
	if diff := cmp.Diff(want, list); diff != "" {
		t.Error(diff)
	}
	var out bytes.Buffer
	if err := route.Write(&out, list); err != nil {
		t.Fatal(err)
	}
	wantText := "method,path,api,access,data_class,auth,purpose,min_nge_version,calls_per_day,evidence,notes,owner\n" +
		"GET,/persons/{personId},enterprise,,,,,,,,\"two\nlines, =1+1\",ann\nGET,/Patient/{id},,,,,,,,,,bob\n"
	if diff := cmp.Diff(wantText, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestDuplicatesAreMerged(t *testing.T) {
	list, notices, err := route.Read(strings.NewReader("method,path,auth,purpose,owner\n"+
		"GET,/persons/{personId},gsa,,\nGET,/persons/{id}/,eal,look up,ann\n"), "routes.csv")
	if err != nil || len(list.Routes) != 1 {
		t.Fatal(list, err)
	}
	want := route.Route{Method: "GET", Path: "/persons/{personId}", Auth: "gsa", Purpose: "look up", Extra: []string{"ann"}, Line: 2}
	if diff := cmp.Diff(want, list.Routes[0]); diff != "" {
		t.Error(diff)
	}
	if len(notices) != 1 || !strings.Contains(notices[0], "routes.csv:3: the same route as in line 2") || !strings.Contains(notices[0], "auth") {
		t.Errorf("notices %q", notices)
	}
}

// TestDuplicatesLoseNoText: what people wrote in both rows stays.
func TestDuplicatesLoseNoText(t *testing.T) {
	list, notices, err := route.Read(strings.NewReader("method,path,purpose,notes,Owner,auth\n"+
		"GET,/persons/{b},look up,first,Zoe,gsa\nGET,/persons/{a},look up,second,Ann,eal\n"), "routes.csv")
	if err != nil || len(list.Routes) != 1 {
		t.Fatal(list, err)
	}
	r := list.Routes[0]
	if r.Purpose != "look up" || r.Notes != "first; second" || r.Extra[0] != "Zoe; Ann" || r.Auth != "gsa" {
		t.Errorf("%+v", r)
	}
	if len(notices) != 1 || !strings.Contains(notices[0], "says of auth stands, and what this line says of it is dropped") {
		t.Errorf("%q", notices)
	}
}

// TestEveryProblemIsListed: all problems at once, each with its place, and
// none with the value.
func TestEveryProblemIsListed(t *testing.T) {
	text := "method,path,api,access,data_class,auth,min_nge_version,calls_per_day\n" +
		"FETCH,/persons/4711,fhir,reed,uscdi,gas,five,-1\n" +
		"Smith,persons\n" +
		"GET,/a,,,,,,,,surplus\n"
	_, _, err := route.Read(strings.NewReader(text), "routes.csv")
	if exit.Of(err) != exit.Usage {
		t.Fatalf("code %d: %v", exit.Of(err), err)
	}
	for _, want := range []string{
		"routes.csv:2:1: method FETCH is not an HTTP method; use GET, POST, PUT, PATCH or DELETE; did you mean PATCH?",
		"routes.csv:2:7: column path: segment 2 looks like a concrete id; write a template parameter such as {personId}",
		"routes.csv:2:21: column api", "did you mean fhir-r4?", "routes.csv:2:26: column access", "did you mean read?",
		"routes.csv:2:31: column data_class", "routes.csv:2:37: column auth", "did you mean gsa?", "routes.csv:2:41: column min_nge_version",
		"routes.csv:2:46: column calls_per_day", "routes.csv:3:1: column method does not hold an HTTP method", "routes.csv:3:7: column path does not begin",
		"routes.csv:4:14: the row has 10 cells, the header has 8",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
	for _, secret := range []string{"4711", "Smith", "surplus", "five"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%q is repeated in\n%v", secret, err)
		}
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":        {"", "routes.csv: the file is empty; begin the file with the line method,path,"},
		"no header":    {"GET,/persons\n", "the header has no column method"},
		"near name":    {"metod,path\n", "name the column method"},
		"semicolons":   {"method;path\nGET;/a\n", "not separated by commas"},
		"twice":        {"method,path,Path\n", "routes.csv:1:13: column path is there twice"},
		"UTF-16":       {"\xff\xfem\x00e\x00", "UTF-16"},
		"Latin-1":      {"method,path,notes\nGET,/a,M\xfcller\n", "routes.csv:2:9: the text is not UTF-8"},
		"cut short":    {"method,path\nGET,/a\xc3", "routes.csv:2:7: the text is not UTF-8"},
		"columns":      {"method,path" + strings.Repeat(",x", 300) + "\n", "more than 200 columns"},
		"bare quote":   {"method,path\nGET,/a\"b\n", "routes.csv:2:7: a quotation mark"},
		"open quote":   {"method,path\nGET,\"/a\n", "a quoted cell does not end"},
		"two problems": {"method,path\nFETCH,/a\nGET,\"/a\n", "method FETCH"},
	} {
		_, _, err := route.Read(strings.NewReader(test.text), "routes.csv")
		if err == nil || !strings.Contains(err.Error(), test.want) || exit.Of(err) != exit.Usage {
			t.Errorf("%s: %v; want %q", name, err, test.want)
		}
	}
	broken := errors.New("disk")
	if _, _, err := route.Read(io.MultiReader(strings.NewReader("method,path\n"), iotest.ErrReader(broken)), "routes.csv"); !errors.Is(err, broken) {
		t.Errorf("an error of the reader: %v", err)
	}
}

func TestLongListsOfProblemsAreCut(t *testing.T) {
	text := "method,path\n" + strings.Repeat("GET,/a/1\n", 500)
	_, _, err := route.Read(strings.NewReader(text), "routes.csv")
	if n := len(exit.List(err)); n != 51 || !strings.HasSuffix(err.Error(), "and 450 more") {
		t.Errorf("%d problems, the last: %s", n, exit.List(err)[n-1])
	}
	_, notices, err := route.Read(strings.NewReader("method,path\n"+strings.Repeat("GET,/a\n", 500)), "routes.csv")
	if err != nil || len(notices) != 51 || !strings.HasSuffix(notices[50], "and 449 more") {
		t.Errorf("%d notices, %v", len(notices), err)
	}
}

func TestRealRouteSets(t *testing.T) {
	for name, rows := range map[string]int{"scheduling-client": 25, "billing-portal": 6} {
		file, err := os.Open("testdata/" + name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		list, notices, err := route.Read(file, name)
		if err != nil || len(notices) > 0 || len(list.Routes) != rows {
			t.Errorf("%s: %d routes, %q, %v", name, len(list.Routes), notices, err)
		}
	}
}

func longFile(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("method,path,purpose,owner\n")
	for i := range rows {
		word := strings.NewReplacer("0", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5", "f", "6", "g", "7", "h", "8", "i", "9", "j").Replace(fmt.Sprint(i))
		fmt.Fprintf(&b, "GET,/persons/{personId}/chart/encounters/{encounterId}/x%s?patient={p}&category=laboratory,\"look up, show\",team\n", word)
	}
	return b.Bytes()
}

func benchmarkRead(b *testing.B, rows int) {
	text := longFile(rows)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := route.Read(bytes.NewReader(text), "routes.csv"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead100(b *testing.B)  { benchmarkRead(b, 100) }
func BenchmarkRead100k(b *testing.B) { benchmarkRead(b, 100_000) }
