package apidesc

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/observe/tree"
)

const maxHops = 10 // references that lead from one to the next

// servers reads a list of servers; variables get their default.
func servers(list *tree.Value) []base {
	var out []base
	for _, s := range list.Elements() {
		address := s.Get("url").Text()
		s.Get("variables").Members(func(name string, v *tree.Value) {
			if value := v.Get("default").Text(); value != "" {
				address = strings.ReplaceAll(address, "{"+name+"}", value)
			}
		})
		address = bare(address)
		if i := strings.Index(address, "//"); i == 0 || i > 0 && address[i-1] == ':' {
			host, path, _ := strings.Cut(address[i+2:], "/")
			out = append(out, base{hostOf(host), strings.TrimSuffix("/"+path, "/")})
		} else {
			out = append(out, base{"", strings.TrimSuffix(address, "/")})
		}
	}
	return out
}

func swaggerBase(doc *tree.Value) base {
	host, _, _ := strings.Cut(bare(doc.Get("host").Text()), "/")
	return base{hostOf(host), strings.TrimSuffix(bare(doc.Get("basePath").Text()), "/")}
}

// bare cuts a query and a fragment off.
func bare(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		return address[:i]
	}
	return address
}

// hostOf cuts who logs in off. A host with a variable that has no value is none.
func hostOf(host string) string {
	host = host[strings.LastIndex(host, "@")+1:]
	if strings.ContainsAny(host, "{}") {
		return ""
	}
	return host
}

// chain lists an item and those that it refers to, within the same document.
// What cannot be followed is a problem: its operations would be missing.
func (d *description) chain(item *tree.Value) []*tree.Value {
	out := []*tree.Value{item}
	for hop := 0; ; hop++ {
		ref := item.Get("$ref").Text()
		if ref == "" {
			return out
		}
		inside, local := strings.CutPrefix(ref, "#")
		if !local {
			return d.lost(out[0], "refers to another document, which is not fetched", "bundle the description into one file")
		}
		keys := strings.Split(strings.TrimPrefix(inside, "/"), "/")
		for i := range keys {
			if plain, err := url.PathUnescape(keys[i]); err == nil {
				keys[i] = plain
			}
			keys[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(keys[i])
		}
		item = d.doc.Get(keys...)
		if hop >= maxHops || !item.IsObject() {
			return d.lost(out[0], "refers to a place that the document does not have, or around in a circle", "correct the reference, or export the description again")
		}
		out = append(out, item)
	}
}

func (d *description) lost(item *tree.Value, what, do string) []*tree.Value {
	d.problems = append(d.problems, exit.Problem{File: d.name, Line: item.Line(), What: "path " + strconv.Itoa(d.paths) + " " + what, Do: do})
	return nil
}
