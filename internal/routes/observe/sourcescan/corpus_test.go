package sourcescan_test

import (
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/sourcescan"
	"github.com/apionboard/ngapi/internal/routes/route"
)

type sink struct {
	got  []infer.Observation
	fail error
}

func (s *sink) Add(o infer.Observation) error { s.got = append(s.got, o); return s.fail }

// corpus reads the sources under testdata. What follows a comment sign and a
// tilde is the truth about a line and is taken off: which call it makes, by its
// author's word, whether or not a scan of single lines can see it. A question
// mark stands for a method that the line itself does not say.
func corpus(t testing.TB) (files fstest.MapFS, truth []string) {
	t.Helper()
	entries, err := os.ReadDir("testdata/corpus")
	if err != nil {
		t.Fatal(err)
	}
	files = fstest.MapFS{}
	for _, e := range entries {
		data, err := os.ReadFile(path.Join("testdata/corpus", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		source := strings.Split(string(data), "\n")
		for i, line := range source {
			for _, mark := range []string{" //~ ", " #~ "} {
				if code, call, ok := strings.Cut(line, mark); ok {
					source[i] = strings.TrimRight(code, " ")
					truth = append(truth, fmt.Sprintf("%s:%d %s", e.Name(), i+1, call))
				}
			}
		}
		files[e.Name()] = &fstest.MapFile{Data: []byte(strings.Join(source, "\n"))}
	}
	return files, truth
}

func found(s *sink) (all []string) {
	for _, o := range s.got {
		m := o.Method
		if m == "" {
			m = "?"
		}
		all = append(all, o.Place+" "+m+" "+route.Shape(o.Path))
	}
	return all
}

// withoutMethod cuts the method out of place, method and path.
func withoutMethod(all []string) (out []string) {
	for _, s := range all {
		f := strings.Fields(s)
		out = append(out, f[0]+" "+f[2])
	}
	return out
}

// missing counts what of a is not in b, each once.
func missing(a, b []string) (out []string) {
	b = slices.Clone(b)
	for _, s := range a {
		if i := slices.Index(b, s); i >= 0 {
			b = slices.Delete(b, i, i+1)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// TestRecall measures the scan on the corpus. The bounds are what was measured
// when it was written; a change may only make them better.
func TestRecall(t *testing.T) {
	files, truth := corpus(t)
	var s sink
	if _, err := sourcescan.Scan(files, &s, sourcescan.Options{}); err != nil {
		t.Fatal(err)
	}
	got := found(&s)
	missed, wrong := missing(withoutMethod(truth), withoutMethod(got)), missing(withoutMethod(got), withoutMethod(truth))
	otherMethod := len(missing(got, truth)) - len(wrong)
	recall := 1 - float64(len(missed))/float64(len(truth))
	precision := 1 - float64(len(wrong))/float64(len(got))
	t.Logf("%d calls, %d found: recall %.3f, precision %.3f, %d with another method", len(truth), len(got), recall, precision, otherMethod)
	for _, m := range missed {
		t.Log("missed ", m)
	}
	for _, w := range wrong {
		t.Log("no call ", w)
	}
	for _, w := range missing(got, truth) {
		t.Log("differs ", w)
	}
	if recall < 0.93 || precision < 1 || otherMethod > 0 {
		t.Error("the scan got worse")
	}
}
