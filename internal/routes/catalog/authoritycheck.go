package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// DecodeAuthority reads a document ngapi.catalog/v1. name is the file in
// messages. It is strict: the error, an *exit.Error with exit.Usage, lists what
// is wrong by JSON pointer, and never repeats a value.
func DecodeAuthority(name string, data []byte) (*Authority, error) {
	if len(data) > MaxAuthority {
		return nil, exit.Problems(exit.Usage, []exit.Problem{{File: name, What: "this is larger than a catalogue can be", Do: againImport}})
	}
	var a Authority
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&a)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errTrailing
		}
	}
	if err != nil {
		return nil, exit.Problems(exit.Usage, []exit.Problem{{File: name, What: wording(err, d.InputOffset()), Do: againImport}})
	}
	c := authorityCheck{name: name}
	c.all(&a)
	if err := exit.Problems(exit.Usage, c.problems); err != nil {
		return nil, err
	}
	return &a, nil
}

const againImport = "make it again with ngapi catalog import FILE"

var errTrailing = errors.New("more than one document")

// wording says what is wrong with the JSON, without what stands there.
func wording(err error, offset int64) string {
	var syntax *json.SyntaxError
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("no valid JSON at byte %d", syntax.Offset)
	case errors.As(err, &typed):
		return fmt.Sprintf("a value of the wrong kind at byte %d", typed.Offset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Sprintf("the JSON ends early, at byte %d", offset)
	case errors.Is(err, errTrailing):
		return fmt.Sprintf("more after the document, at byte %d", offset)
	}
	return fmt.Sprintf("a key that this version of ngapi does not know, before byte %d", offset)
}

type authorityCheck struct {
	name     string
	problems []exit.Problem
}

func (c *authorityCheck) want(ok bool, pointer, what string) {
	if !ok && len(c.problems) < 20 {
		c.problems = append(c.problems, exit.Problem{File: c.name, What: pointer + " " + what, Do: againImport})
	}
}

func (c *authorityCheck) all(a *Authority) {
	c.want(a.Schema == AuthoritySchema, "/schema", "is not "+AuthoritySchema)
	if g := a.Grid; g != nil {
		c.source("/grid", g.Import)
		seen := make(map[string]bool, len(g.Routes))
		for i := range g.Routes {
			at, r := fmt.Sprintf("/grid/routes/%d", i), &g.Routes[i]
			c.route(at, r)
			c.want(!seen[r.key()], at, "is there twice")
			seen[r.key()] = true
		}
		for i, tab := range g.Tabs {
			c.want(plainText(tab), fmt.Sprintf("/grid/tabs/%d", i), "is no short plain text")
		}
	}
	if s := a.FHIR; s != nil {
		c.source("/fhir", s.Import)
		c.want(s.FHIRVersion == "" || plainText(s.FHIRVersion), "/fhir/fhirVersion", "is no short plain text")
		c.want(s.Software == "" || plainText(s.Software), "/fhir/software", "is no short plain text")
		for i := range s.Resources {
			at, r := fmt.Sprintf("/fhir/resources/%d", i), &s.Resources[i]
			r4, dstu2 := route.FHIRType(r.Type)
			c.want(r4 || dstu2, at+"/type", "is no FHIR type")
			for _, list := range [][]string{r.Interactions, r.SearchParams, r.Operations} {
				c.want(!slices.ContainsFunc(list, func(s string) bool { return !plainText(s) }), at, "holds a name that is no short plain text")
			}
		}
	}
}

func (c *authorityCheck) source(at string, s Import) {
	c.want(isDay(s.Imported), at+"/imported", "is no day YYYY-MM-DD")
	c.want(s.Date == "" || isDay(s.Date), at+"/date", "is no day YYYY-MM-DD")
	c.want(len(s.SHA256) == 64 && strings.Trim(s.SHA256, "0123456789abcdef") == "", at+"/sha256", "is no SHA-256")
	c.want(s.Size >= 0, at+"/size", "is negative")
}

func (c *authorityCheck) route(at string, r *GridRoute) {
	n, _, err := route.Normalize(route.Route{Method: r.Method, Path: r.Path, API: r.API})
	c.want(err == nil && n.Method == r.Method && n.Path == r.Path && n.API != "", at, "is no route template in its usual form")
	for _, s := range []struct {
		key string
		v   Stated
	}{{"/gsa", r.GSA}, {"/uscdi_v1", r.USCDIv1}} {
		c.want(s.v == StatedYes || s.v == StatedNo || s.v == StatedUnknown, at+s.key, "is none of yes, no, unknown")
	}
	if r.Since != "" {
		v, ok := versionOf(r.Since)
		c.want(ok && v == r.Since, at+"/since", "is no version of dotted digits")
	}
	c.want(plainText(r.Tab), at+"/tab", "is no short plain text")
}

func plainText(s string) bool { return s != "" && len(s) <= 200 && route.Printable(s) == s }

// isDay checks the form of a day, and roughly its numbers.
func isDay(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' || strings.Trim(s[:4]+s[5:7]+s[8:], "0123456789") != "" {
		return false
	}
	return s[5:7] >= "01" && s[5:7] <= "12" && s[8:] >= "01" && s[8:] <= "31"
}
