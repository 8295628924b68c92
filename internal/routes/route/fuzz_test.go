package route_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/apionboard/ngapi/internal/routes/route"
)

// FuzzRead holds the parser to its contract: it never panics, an accepted list
// reads back as it was written, and no message carries a control character.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", "method,path\nGET,/persons/{personId}\n", "\xef\xbb\xbfmethod,path\r\nget,/a\r\n",
		"path,method,owner,,\n/a,GET,me,,\n/a/,GET,,x,\n", "method,path,notes\nGET,/a,\"x\r\ny\n\"\n",
		"method;path\nGET;/a\n", "method,path\nGET,/Patient/1\nFETCH,/b?x=@\n", "method,path\nGET,\"/a\n",
		"method,path,api\nGET,/nge/prod/fhir-api-r4/fhir/R4/Patient/{id},\n", "method,path\nGET,/a/:id/{{b}}/<c>\n",
		"method,path\nGET,/Observation?code=http://loinc.org|72166-2&patient=Patient/{id}\n", "\xff\xfem\x00", "method,path\nGET,/a\x80\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, notices, err := route.Read(bytes.NewReader(data), "routes.csv")
		for _, text := range append(notices, errorText(err)) {
			if i := strings.IndexFunc(text, func(r rune) bool { return r < 0x20 && r != '\n' || r == 0x7f }); i >= 0 {
				t.Fatalf("control character in message %q", text)
			}
		}
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := route.Write(&out, list); err != nil {
			t.Fatal(err)
		}
		again, notices, err := route.Read(bytes.NewReader(out.Bytes()), "routes.csv")
		if err != nil {
			t.Fatalf("written list is refused: %v\n%q", err, out.String())
		}
		if len(notices) > 0 {
			t.Errorf("notices for a written list: %q", notices)
		}
		if diff := cmp.Diff(list, again, cmpopts.IgnoreFields(route.Route{}, "Line"), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-first +second)\n%s\n%q", diff, out.String())
		}
	})
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
