package infer

import (
	"strings"
)

// Explain infers the template of one method and path, with the rule behind each
// part. The path may be a template or that of a real call, with or without a
// base address; no value of it is in the result. ok is false where the path is
// no route of a known API.
func Explain(opt Options, method, path string) (r Route, ok bool) {
	o := Observation{Kind: Seen, Format: "typed", Method: method, Template: strings.ContainsAny(path, "{<")}
	if _, rest, found := strings.Cut(path, "://"); found {
		host, after, _ := strings.Cut(rest, "/")
		o.Host, path = host, "/"+after
	}
	o.Path, o.Query, _ = strings.Cut(path, "?")
	if _, _, mounted := findMount(o.Path); !mounted && o.Host == "" {
		opt.Hosts, o.Host = []string{"typed.invalid"}, "typed.invalid"
		o.FHIR = startsAsFHIR(o.Path)
	}
	c, err := NewCollector(opt)
	if err != nil || c.Add(o) != nil {
		return Route{}, false
	}
	result := c.Result()
	if len(result.Routes) != 1 {
		return Route{}, false
	}
	return result.Routes[0], true
}

// startsAsFHIR tells whether a path begins with a resource type: what a person
// types is below the base of an API, where no Enterprise route begins so.
func startsAsFHIR(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return isFHIRType(first)
}
