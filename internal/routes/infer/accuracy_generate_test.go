package infer_test

import (
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer"
)

// A generator makes requests from true templates. Equal seeds make equal
// requests on every machine and with every version of Go.
type generator struct{ state uint64 }

// next is splitmix64.
func (g *generator) next() uint64 {
	g.state += 0x9e3779b97f4a7c15
	z := g.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (g *generator) below(n int) int { return int(g.next() % uint64(n)) }

func (g *generator) letters(from string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(from[g.below(len(from))])
	}
	return b.String()
}

func pick[T any](g *generator, from []T) T { return from[g.below(len(from))] }

func shuffled[T any](g *generator, list []T) []T {
	out := append([]T(nil), list...)
	for i := len(out) - 1; i > 0; i-- {
		j := g.below(i + 1)
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// A request is one generated observation and the truth behind it. parts holds
// the segments of its path below the mount.
type request struct {
	op     operation
	parts  []part
	values []value // every value in the request, those of the query included
}

// A part is one segment; it is a literal where parameter is "".
type part struct {
	text, parameter string
	typed           bool
}

// poolSize is how many values a parameter has at most.
const poolSize = 6

// requests makes 1 to 30 requests for each operation; three in ten operations
// are seen once.
func (g *generator) requests(s *surface, ops []operation) []request {
	pools := map[string][]value{}
	draw := func(parameter string) value {
		for len(pools[parameter]) < poolSize {
			pools[parameter] = append(pools[parameter], s.pool(g, parameter))
		}
		return pick(g, pools[parameter])
	}
	var out []request
	for _, op := range ops {
		n := 1
		if g.below(10) >= 3 {
			n = 2 + g.below(29)
		}
		for range n {
			out = append(out, makeRequest(op, draw))
		}
	}
	return out
}

func makeRequest(op operation, draw func(string) value) request {
	r := request{op: op}
	for segment := range strings.SplitSeq(strings.Trim(op.path, "/"), "/") {
		name, isParameter := strings.CutPrefix(segment, "{")
		if !isParameter || !strings.HasSuffix(name, "}") {
			r.parts = append(r.parts, part{text: segment})
			continue
		}
		v := draw(strings.TrimSuffix(name, "}"))
		r.values = append(r.values, v)
		r.parts = append(r.parts, part{text: v.text, parameter: segment, typed: v.typed})
	}
	if strings.Contains(op.query, "{id}") {
		v := draw("id")
		r.values = append(r.values, v)
		r.op.query = strings.ReplaceAll(op.query, "{id}", v.text)
	}
	return r
}

func (r *request) path() string {
	var b strings.Builder
	for _, p := range r.parts {
		b.WriteString("/" + p.text)
	}
	return b.String()
}

func (r *request) observation(s *surface) infer.Observation {
	return infer.Observation{
		Kind: infer.Seen, Format: "har", Method: r.op.method, Host: s.host,
		Path: s.mount + strings.ReplaceAll(r.path(), "@", "%40"), Query: r.op.query, Status: 200,
	}
}

// templates are the operations as an API description has them.
func templates(s *surface, ops []operation) []infer.Observation {
	var out []infer.Observation
	for _, op := range ops {
		out = append(out, infer.Observation{
			Kind: infer.Spec, Format: "openapi", Method: op.method, Host: s.host, Path: s.mount + op.path, Template: true,
		})
	}
	return out
}
