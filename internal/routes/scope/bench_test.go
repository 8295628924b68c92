package scope_test

import (
	"fmt"
	"testing"

	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

func longList(n int) *route.List {
	l := &route.List{Routes: make([]route.Route, 0, n)}
	all, v := catalog.Enterprise().All(), vectors()
	for i := range n {
		if i%2 == 0 {
			e := all[i%len(all)]
			l.Routes = append(l.Routes, route.Route{Method: e.Method, Path: fmt.Sprintf("%s?p%d={x}", e.Path, i), Line: i})
			continue
		}
		one := v[i%len(v)]
		l.Routes = append(l.Routes, route.Route{Method: one.method, Path: one.path, API: one.api, Line: i})
	}
	return l
}

func benchmarkJudge(b *testing.B, n int) {
	l := longList(n)
	b.ReportAllocs()
	for b.Loop() {
		scope.Judge(l, scope.Options{})
	}
}

func BenchmarkJudge100(b *testing.B)  { benchmarkJudge(b, 100) }
func BenchmarkJudge10k(b *testing.B)  { benchmarkJudge(b, 10_000) }
func BenchmarkJudge100k(b *testing.B) { benchmarkJudge(b, 100_000) }
