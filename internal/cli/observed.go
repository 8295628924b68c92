package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// routesFile is the usual name of a route list.
const routesFile = "routes.csv"

// maxDetail is how many routes are named with a decision; the rest is counted.
const maxDetail = 8

type routesOnDisk struct {
	list    *route.List
	notices []string
	sha256  string
}

// readRoutes reads a route list; a missing file stays fs.ErrNotExist.
func readRoutes(path string) (routesOnDisk, error) {
	f, err := os.Open(path)
	if err != nil {
		return routesOnDisk{}, exit.Errorf(exit.Usage, "cannot read the route list: %w", err)
	}
	defer func() { _ = f.Close() }()
	return readRoutesFrom(f, filepath.ToSlash(path))
}

// readRoutesFrom parses and digests in one pass, so that the bytes of a long list
// are never held as a whole.
func readRoutesFrom(r io.Reader, shown string) (routesOnDisk, error) {
	sum := sha256.New()
	list, notices, err := route.Read(io.TeeReader(r, sum), shown)
	if err != nil {
		return routesOnDisk{}, err
	}
	return routesOnDisk{list, notices, hex.EncodeToString(sum.Sum(nil))}, nil
}

// authRoutes is the check that a person can settle by looking at the vendor's own
// tab of routes.
const authRoutes = "BETA-AUTH-ROUTES"

// withObserved turns the verdict on a route list into observed traits: this is the
// one place where the routes wing meets the onboarding wing. A list without a
// route that counts proves nothing and says nothing.
func withObserved(set trait.Set, path string, list *route.List, r *scope.Report) trait.Set {
	path = filepath.ToSlash(path)
	counts, enterprise := 0, 0
	for i := range r.Routes {
		if r.Routes[i].Verdict == scope.Ignored {
			continue
		}
		counts++
		if r.Routes[i].API == route.Enterprise && enterprise == 0 {
			enterprise = max(r.Routes[i].Line, 1)
		}
	}
	if counts == 0 {
		return set
	}
	put := func(id trait.ID, v trait.Value, line int, detail []string) {
		set = set.With(id, trait.Entry{Value: v, Origin: trait.Origin{Source: trait.FromObserved, File: path, Line: line}, Detail: detail})
	}
	put("routes.listed", trait.Yes(true), 0, nil)
	line, detail := deciding(path, r.Deciding)
	put("routes.verdict", trait.Word(string(r.Verdict)), line, detail)
	put("routes.enterprise", trait.Yes(enterprise > 0), enterprise, nil)
	put("routes.writes", trait.Yes(r.Writes), 0, nil)
	line, beyond := knownBeyond(r)
	put("routes.beyond", trait.Yes(beyond), line, nil)
	word, line, detail := gsaWord(path, list, r.GSA)
	put("routes.gsa", trait.Word(word), line, detail)
	return set
}

// attested lets a person's word on the vendor's own tab stand in place of the
// observations of third parties, as long as it holds for this list.
func attested(set trait.Set, list []readiness.Attestation, asOf, routes string) trait.Set {
	for _, a := range list {
		usable := a.Complete() && a.Holds(asOf, routes)
		if now, ok := set.Get("routes.gsa"); a.Check != authRoutes || !usable || !ok || now.Value.String() == "none" {
			continue
		}
		return set.With("routes.gsa", trait.Entry{
			Value: trait.Word("attested"), Origin: a.Origin, Detail: []string{a.By + ", " + a.On + ": " + a.Statement},
		})
	}
	return set
}

func deciding(path string, list []scope.Deciding) (line int, detail []string) {
	for i, d := range list {
		if i == 0 {
			line = d.Line
		}
		if i == maxDetail {
			detail = append(detail, fmt.Sprintf("and %d more; see ngapi routes check", len(list)-i))
			break
		}
		detail = append(detail, fmt.Sprintf("%s:%d %s %s: %s", path, d.Line, d.Method, d.Path, d.Why))
	}
	return line, detail
}

// knownBeyond tells whether a route is known, not only inferred, to carry data
// beyond USCDI v1.
func knownBeyond(r *scope.Report) (line int, beyond bool) {
	for i := range r.Routes {
		v := &r.Routes[i]
		outside := v.Data == scope.V3 || v.Data == scope.EHIOther || v.Data == scope.NonEHI
		// The data of an Enterprise write is only inferred from its words.
		inferred := v.Basis == scope.ByInference || (v.Access == scope.Write && v.API == route.Enterprise && v.Basis != scope.ByDeclaration)
		if outside && !inferred && v.Verdict == scope.NotLimited {
			return v.Line, true
		}
	}
	return 0, false
}

// gsaWord sums up the dated observations of the Enterprise routes that are called
// under a Global Service Account: rows that name another authentication do not
// count.
func gsaWord(path string, routes *route.List, g scope.GSASummary) (word string, line int, detail []string) {
	other := map[int]bool{}
	for i := range routes.Routes {
		if auth := routes.Routes[i].Auth; auth != "" && auth != route.GSA {
			other[routes.Routes[i].Line] = true
		}
	}
	counts := func(refs []scope.RouteRef) []scope.RouteRef {
		return slices.DeleteFunc(slices.Clone(refs), func(r scope.RouteRef) bool { return other[r.Line] })
	}
	list, word := counts(g.Closed), "closed"
	if len(list) == 0 {
		list, word = counts(g.Unconfirmed), "unconfirmed"
	}
	if len(list) == 0 {
		if len(counts(g.Reachable)) == 0 {
			return "none", 0, nil
		}
		return "open", 0, nil
	}
	for i, ref := range list {
		if i == maxDetail {
			detail = append(detail, fmt.Sprintf("and %d more; see ngapi routes check", len(list)-i))
			break
		}
		text := fmt.Sprintf("%s:%d %s %s", path, ref.Line, ref.Method, ref.Path)
		switch {
		case ref.Vendor:
			text += ": refused to a Global Service Account by the " + ref.Source
		case word == "closed":
			text += fmt.Sprintf(": refused a Global Service Account when observed (%s)", ref.ObservedOn)
		default:
			text += ": no observation; look it up in the tab \"Enterprise GSA Routes\""
		}
		detail = append(detail, text)
	}
	return word, list[0].Line, detail
}
