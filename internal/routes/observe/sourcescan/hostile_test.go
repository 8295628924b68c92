package sourcescan_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/apionboard/ngapi/internal/routes/observe/sourcescan"
)

// TestHostile scans lines on which a careless scan takes quadratic time; the
// time limit of the test is the assertion, beside that nothing panics. The empty
// lines keep the file from being taken for a minified one.
func TestHostile(t *testing.T) {
	for _, unit := range []string{
		`"/persons" `, `"/" + a[`, `'/persons/'+(`, "`${", `"{`, `f"{`, `"`, `x.get('/persons').`, `"/persons/" + id + `, `\`, `/* `, "'''",
		`$`, `{`, `%(`, "(", "\xff", `"/Patient/" + `, `"{a}`, "get ",
	} {
		line := strings.Repeat(unit, 4000/len(unit)) + "\n"
		data := []byte(strings.Repeat("\n", 1<<17) + strings.Repeat(line, 16))
		files := fstest.MapFS{}
		for _, ext := range []string{"js", "py", "cs", "php", "sh"} {
			files["a."+ext] = &fstest.MapFile{Data: data}
		}
		if _, sum := scan(t, files, sourcescan.Options{}); sum.Files != len(files) {
			t.Errorf("%q: %+v", unit, sum.Skipped)
		}
	}
}
