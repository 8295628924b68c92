package infer

import (
	"cmp"
	"slices"
	"strings"
)

// Result infers the templates of what was added so far.
func (c *Collector) Result() *Result {
	if c.last == nil {
		c.last = c.infer()
		c.last.finish(c)
	}
	return c.last.result
}

// Masks returns the words behind the masks of the last Result, for the screen
// of a review only.
func (c *Collector) Masks() []Mask {
	c.Result()
	return c.last.collectMasks()
}

// finish prints the templates, joins what is equal, and sums up.
func (in *inference) finish(c *Collector) {
	r := &Result{Routes: []Route{}, Proposals: in.propose(), Requests: c.requests, Counted: c.counted, Unnamed: c.unnamed}
	for i := range in.groups {
		in.name(&in.groups[i])
	}
	in.shareNames()
	for i := range in.groups {
		in.groups[i].fit()
	}
	paths := in.write()
	in.paths = paths
	ignored := map[string]int64{}
	for k, n := range c.ignore {
		ignored[k] = n
	}
	at := map[string]int{}
	for i := range in.groups {
		g := &in.groups[i]
		if in.ignored(g.method, paths[i]) {
			n := g.calls()
			ignored[bucketReview] += n
			r.Counted -= n
			continue
		}
		key := g.method + " " + g.api + " " + paths[i]
		k, there := at[key]
		if !there {
			k = len(r.Routes)
			at[key] = k
			r.Routes = append(r.Routes, Route{Method: g.method, API: g.api, Path: paths[i], Decisions: g.decisions(paths[i]), Masks: masks(g.segments)})
		} else if d := g.decisions(paths[i]); slices.CompareFunc(d, r.Routes[k].Decisions, byRule) < 0 {
			r.Routes[k].Decisions = d
		}
		r.Routes[k].merge(g.found)
	}
	for i := range r.Routes {
		r.Routes[i].conclude()
	}
	slices.SortFunc(r.Routes, func(a, b Route) int {
		return cmp.Or(cmp.Compare(a.API, b.API), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	r.Ignored, r.Hosts = buckets(ignored), buckets(c.others)
	in.result = r
}

// byRule orders the decisions about one path, so that they do not depend on
// which of several requests comes first.
func byRule(a, b Decision) int { return cmp.Compare(a.Rule, b.Rule) }

// collectMasks lists the masked words with the routes that they stand in.
func (in *inference) collectMasks() []Mask {
	masks := []Mask{}
	for i := range in.groups {
		path := in.paths[i]
		g := &in.groups[i]
		if in.ignored(g.method, path) {
			continue
		}
		for k := range g.segments {
			if s := &g.segments[k]; s.masked {
				masks = append(masks, Mask{Method: g.method, Path: path, Label: path[bounds(path, k)+1 : bounds(path, k+1)], Word: s.text})
			}
		}
	}
	slices.SortStableFunc(masks, func(a, b Mask) int { // from left to right in each path
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return masks
}

func (g *group) calls() (n int64) {
	for _, f := range g.found {
		n += f.calls
	}
	return n
}

func masks(segments []segment) (n int) {
	for i := range segments {
		if segments[i].masked {
			n++
		}
	}
	return n
}

// decisions lists the rule behind each part of a path.
func (r *resolved) decisions(path string) []Decision {
	plain := path // masks have question marks, too
	if r.query != "" {
		plain = strings.TrimSuffix(path, "?"+r.query)
	}
	printed := strings.Split(strings.Trim(plain, "/"), "/")
	out := make([]Decision, 0, len(r.segments)+strings.Count(r.query, "&")+1)
	for i := range r.segments {
		out = append(out, decide(printed[i], r.segments[i].rule))
	}
	return append(out, asked(r.query)...)
}

// bounds is where part number depth begins, with its slash.
func bounds(path string, depth int) int {
	at := 0
	for range depth {
		next := strings.IndexByte(path[at+1:], '/')
		if next < 0 {
			return len(path)
		}
		at += 1 + next
	}
	return at
}

// buckets sorts counts, the largest first.
func buckets(counts map[string]int64) []Bucket {
	out := []Bucket{}
	for name, n := range counts {
		out = append(out, Bucket{name, n})
	}
	slices.SortFunc(out, func(a, b Bucket) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	return out
}
