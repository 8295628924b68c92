package draft

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/route"
)

// A CodeRoute is a route that source code names.
type CodeRoute struct {
	Method string   `json:"method"` // "" where the code does not show it
	Path   string   `json:"path"`
	API    string   `json:"api"`
	Places []string `json:"places"` // file:line
}

// A SourceCheck is the difference between a list and the routes in source code.
// It is a hint, no proof: code can be dead, and paths can be put together where
// a scan does not see it. Lists are never nil.
type SourceCheck struct {
	Missing []CodeRoute `json:"missing"` // in the code, and no row covers it
	Unseen  []Item      `json:"unseen"`  // a row that no line of the code names
	Both    int         `json:"both"`    // rows that the code names
}

// CrossCheck compares a list with the routes in source code. Queries do not
// count: code often puts them together elsewhere. A route whose method is not
// known is covered by a row with any method.
func CrossCheck(list *route.List, code []CodeRoute) SourceCheck {
	check := SourceCheck{Missing: []CodeRoute{}, Unseen: []Item{}}
	rows := map[string][]int{}
	for i := range list.Routes {
		k := pathKey(list.Routes[i].Path, list.Routes[i].FoundAPI())
		rows[k] = append(rows[k], i)
	}
	seen := make([]bool, len(list.Routes))
	at := map[string]int{}
	for _, c := range code {
		found := false
		for _, i := range rows[pathKey(c.Path, c.API)] {
			if c.Method == "" || c.Method == list.Routes[i].Method {
				found, seen[i] = true, true
			}
		}
		if found {
			continue
		}
		k := c.Method + " " + pathKey(c.Path, c.API)
		if i, there := at[k]; there {
			check.Missing[i].Places = append(check.Missing[i].Places, c.Places...)
			continue
		}
		at[k] = len(check.Missing)
		c.Places = slices.Clone(c.Places)
		check.Missing = append(check.Missing, c)
	}
	for i := range list.Routes {
		if r := &list.Routes[i]; seen[i] {
			check.Both++
		} else {
			check.Unseen = append(check.Unseen, Item{r.Method, r.Path, r.FoundAPI(), StatusOf(r.Evidence)})
		}
	}
	return check
}

func pathKey(path, api string) string {
	path, _, _ = strings.Cut(path, "?")
	return api + " " + route.Shape(path)
}
