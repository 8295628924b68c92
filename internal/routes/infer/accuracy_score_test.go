package infer_test

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer"
)

// A score holds shares from 0 to 1, and questions per 100 true routes.
type score struct {
	printed   float64 // F1 of the rows as printed: names erased, masks are {}
	routes    float64 // F1 of the rows with masked words put back: what grouping found
	left      float64 // true parameter segments printed literally
	typed     float64 // the same for values that a machine made
	lost      float64 // true literals that became a parameter
	masked    float64 // true literals behind a mask
	questions float64 // masked words and proposals
	groups    float64 // requests whose group is the true one
	missed    float64 // requests that no row has
	inside    int     // rows that hold a typed value anywhere, in a query for instance
}

// A row is one printed route, divided. words are its segments with the masked
// words put back.
type row struct {
	method         string
	printed, words []string
}

// rowsOf puts the masked words back. Where a label stands twice in one path, its
// words are taken from left to right, in the order in which Masks has them.
func rowsOf(result *infer.Result, masks []infer.Mask) []row {
	hidden := map[[3]string][]string{}
	for _, m := range masks {
		at := [3]string{m.Method, m.Path, m.Label}
		hidden[at] = append(hidden[at], m.Word)
	}
	var out []row
	for _, r := range result.Routes {
		one := row{method: r.Method, printed: segments(withoutQuery(r.Path))}
		for _, segment := range one.printed {
			at := [3]string{r.Method, r.Path, segment}
			if words := hidden[at]; len(words) > 0 {
				segment = words[0]
				hidden[at] = words[1:]
			}
			one.words = append(one.words, segment)
		}
		out = append(out, one)
	}
	return out
}

// withoutQuery cuts at the first question mark that does not begin a mask.
func withoutQuery(path string) string {
	for i := range len(path) {
		if path[i] == '?' && (i == 0 || path[i-1] != '{') {
			return path[:i]
		}
	}
	return path
}

func segments(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

// key is a template with names erased, without regard to case.
func key(method string, parts []string) string {
	var b strings.Builder
	b.WriteString(method)
	for _, p := range parts {
		if isParameter(p) {
			p = "{}"
		}
		b.WriteString("/" + strings.ToLower(p))
	}
	return b.String()
}

func isParameter(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
}

func isMask(segment string) bool { return strings.HasPrefix(segment, "{?") }

// find returns the row that a request belongs to: most literals, then the
// leftmost literal.
func find(rows []row, r *request) *row {
	var best *row
	for i := range rows {
		one := &rows[i]
		if one.method == r.op.method && fits(one.words, r.parts) && (best == nil || moreLiteral(one.words, best.words)) {
			best = one
		}
	}
	return best
}

func fits(words []string, parts []part) bool {
	return len(words) == len(parts) && !slices.ContainsFunc(indexes(words), func(i int) bool {
		return !isParameter(words[i]) && !strings.EqualFold(words[i], parts[i].text)
	})
}

func indexes(words []string) []int {
	out := make([]int, len(words))
	for i := range out {
		out[i] = i
	}
	return out
}

func moreLiteral(a, b []string) bool {
	literals := func(words []string) (n int) {
		for _, w := range words {
			if !isParameter(w) {
				n++
			}
		}
		return n
	}
	if n, m := literals(a), literals(b); n != m {
		return n > m
	}
	for i := range a {
		if isParameter(a[i]) != isParameter(b[i]) {
			return isParameter(b[i])
		}
	}
	return false
}

// judge compares a result with the truth behind the requests.
func judge(ops []operation, requests []request, result *infer.Result, masks []infer.Mask) score {
	rows := rowsOf(result, masks)
	truth := map[string]bool{}
	for _, op := range ops {
		truth[key(op.method, segments(op.path))] = true
	}
	printed, words := map[string]bool{}, map[string]bool{}
	for _, r := range rows {
		printed[key(r.method, r.printed)] = true
		words[key(r.method, r.words)] = true
	}
	s := score{printed: f1(truth, printed), routes: f1(truth, words), inside: inside(result, requests)}
	questions := map[string]bool{}
	for _, m := range masks {
		questions[m.Word] = true
	}
	s.questions = 100 * share(len(questions)+len(result.Proposals), len(truth))
	s.segments(rows, requests)
	return s
}

// segments fills in the shares of segments and of requests.
func (s *score) segments(rows []row, requests []request) {
	var parameters, typed, literals, left, typedLeft, lost, masked, grouped, missed int
	found := map[string]*row{}
	trueGroup, group := map[string]map[string]bool{}, map[string]map[string]bool{}
	put := func(groups map[string]map[string]bool, name, member string) {
		if groups[name] == nil {
			groups[name] = map[string]bool{}
		}
		groups[name][member] = true
	}
	for i := range requests {
		r := &requests[i]
		id := r.op.method + r.path()
		if _, seen := found[id]; seen {
			continue
		}
		hit := find(rows, r)
		found[id] = hit
		put(trueGroup, key(r.op.method, segments(r.op.path)), id)
		if hit == nil {
			missed++
			continue
		}
		put(group, key(hit.method, hit.words), id)
		for j, p := range r.parts {
			as := hit.printed[j]
			literal := !isParameter(as)
			if p.parameter == "" {
				literals++
				lost += count(!literal && !isMask(as))
				masked += count(isMask(as))
				continue
			}
			parameters++
			left += count(literal)
			typed += count(p.typed)
			typedLeft += count(p.typed && literal)
		}
	}
	for i := range requests {
		r := &requests[i]
		hit := found[r.op.method+r.path()]
		grouped += count(hit != nil && sameMembers(group[key(hit.method, hit.words)], trueGroup[key(r.op.method, segments(r.op.path))]))
	}
	s.left, s.typed = share(left, parameters), share(typedLeft, typed)
	s.lost, s.masked = share(lost, literals), share(masked, literals)
	s.groups, s.missed = share(grouped, len(requests)), share(missed, len(found))
}

func sameMembers(a, b map[string]bool) bool {
	for k := range a {
		if !b[k] {
			return false
		}
	}
	return len(a) == len(b)
}

// inside counts the rows in which a typed value of six or more letters stands
// anywhere, whole.
func inside(result *infer.Result, requests []request) int {
	long := map[string]bool{}
	for _, r := range requests {
		for _, v := range r.values {
			if v.typed && len(v.text) >= 6 {
				long[v.text] = true
			}
		}
	}
	n := 0
	for _, r := range result.Routes {
		text := r.Path
		for _, d := range r.Decisions {
			text += "\n" + d.Part + "\n" + d.Why
		}
		for v := range long {
			if strings.Contains(text, v) {
				n++
				break
			}
		}
	}
	return n
}

func f1(truth, got map[string]bool) float64 {
	hits := 0
	for k := range got {
		hits += count(truth[k])
	}
	return share(2*hits, len(truth)+len(got))
}

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
