package rulebook

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/suggest"
)

// Current is the id of the edition that is used where none is named.
const Current = "2026-11"

// compiledEdition is an edition as the program ships it: composite literals
// that gendocs makes from the YAML files, so that no run parses YAML for it. A
// test compares the two.
type compiledEdition struct {
	id    string
	build func() *Edition
}

// Load returns an edition by id; "" means Current. An unknown id is a usage
// error that names the nearest one.
func Load(id string) (*Edition, error) {
	if id == "" {
		id = Current
	}
	for _, c := range compiled() {
		if c.id == id {
			e := c.build()
			e.indexByID()
			return e, nil
		}
	}
	known := IDs()
	do := "choose one of " + strings.Join(known, ", ")
	if near := suggest.Nearest(id, known); near != "" {
		do = "did you mean " + near + "? " + do
	}
	return nil, exit.Problems(exit.Usage, []exit.Problem{{What: fmt.Sprintf("no rulebook edition is called %q", id), Do: do}})
}

// IDs lists the editions, newest first.
func IDs() []string {
	var ids []string
	for _, c := range compiled() {
		ids = append(ids, c.id)
	}
	return ids
}

// Parse reads an edition from its YAML files, keyed by name. The files are
// read in the order of their names and joined: lists are appended. Unknown
// keys, unknown traits, unknown facts and conditions that cannot be compared
// are usage errors; all of them are reported at once.
func Parse(files map[string][]byte) (*Edition, error) {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	e := &Edition{}
	digest := sha256.New()
	var problems []exit.Problem
	for _, name := range names {
		fmt.Fprintf(digest, "%s %d\n", name, len(files[name]))
		digest.Write(files[name])
		if i := bytes.IndexFunc(files[name], func(r rune) bool { return r != '\n' && r != '\t' && r != '\r' && !unicode.IsPrint(r) }); i >= 0 {
			line := 1 + bytes.Count(files[name][:i], []byte("\n"))
			problems = append(problems, exit.Problem{File: name, Line: line, What: "a character that cannot be printed, or no UTF-8", Do: "remove it"})
			continue
		}
		part := Edition{}
		dec := yaml.NewDecoder(bytes.NewReader(files[name]))
		dec.KnownFields(true)
		if err := dec.Decode(&part); err != nil && !errors.Is(err, io.EOF) {
			problems = append(problems, exit.Problem{File: name, What: err.Error(), Do: "see docs/rulebook.md and CONTRIBUTING.md for the format"})
			continue
		}
		e.join(part)
	}
	e.SHA256 = hex.EncodeToString(digest.Sum(nil))
	if len(problems) == 0 {
		problems = e.validate()
	}
	if len(problems) > 0 {
		return nil, exit.Problems(exit.Usage, problems)
	}
	e.indexByID()
	return e, nil
}

func (e *Edition) join(p Edition) {
	if p.ID != "" {
		e.ID, e.Date, e.Status, e.Revision, e.Page = p.ID, p.Date, p.Status, p.Revision, p.Page
	}
	e.Facts = append(e.Facts, p.Facts...)
	e.Programs = append(e.Programs, p.Programs...)
	e.Decisions = append(e.Decisions, p.Decisions...)
	e.Checks = append(e.Checks, p.Checks...)
	e.Documents = append(e.Documents, p.Documents...)
}

// indexByID builds the look-up tables.
func (e *Edition) indexByID() {
	e.facts = make(map[string]*Fact, len(e.Facts))
	for i := range e.Facts {
		e.facts[e.Facts[i].ID] = &e.Facts[i]
	}
	e.decisions = make(map[string]*Decision, len(e.Decisions))
	for i := range e.Decisions {
		e.decisions[e.Decisions[i].ID] = &e.Decisions[i]
	}
	e.checks = make(map[string]*Check, len(e.Checks))
	for i := range e.Checks {
		e.checks[e.Checks[i].ID] = &e.Checks[i]
	}
}

// validate checks every reference. It fills the look-up tables as it goes, so
// that a decision can only refer to those before it.
func (e *Edition) validate() []exit.Problem {
	v := &validator{e: e, cat: trait.Standard()}
	v.header()
	e.facts = make(map[string]*Fact, len(e.Facts))
	for i := range e.Facts {
		f := &e.Facts[i]
		v.fresh("fact", f.ID, e.facts[f.ID] != nil)
		e.facts[f.ID] = f
	}
	e.decisions = make(map[string]*Decision, len(e.Decisions))
	for i := range e.Decisions {
		d := &e.Decisions[i]
		v.fresh("decision", d.ID, e.decisions[d.ID] != nil)
		v.decision(d)
		e.decisions[d.ID] = d
	}
	e.checks = make(map[string]*Check, len(e.Checks))
	for i := range e.Checks {
		c := &e.Checks[i]
		v.fresh("check", c.ID, e.checks[c.ID] != nil)
		v.checkRule(c)
		e.checks[c.ID] = c
	}
	for _, id := range []string{"track", "program", "terms", "fees", "auth", "route-list", "beta-guidance", "certified-scope", "form", "portal"} {
		if e.decisions[id] == nil {
			v.say("the edition has no decision %s, which the program needs", id)
		}
	}
	for _, p := range e.Programs {
		v.sources("program "+p.ID, p.Source)
		v.cond("program "+p.ID, p.Eligible)
	}
	for _, d := range e.Documents {
		if d.Section == "" {
			v.sources("document "+d.ID, d.Source)
		}
		v.cond("document "+d.ID, d.When)
	}
	return v.problems
}

type validator struct {
	e        *Edition
	cat      *trait.Catalogue
	problems []exit.Problem
}

func (v *validator) say(format string, args ...any) {
	v.problems = append(v.problems, exit.Problem{What: fmt.Sprintf(format, args...)})
}

func (v *validator) header() {
	if v.e.ID == "" || v.e.Date == "" || v.e.Revision == "" || v.e.Page == "" {
		v.say("the edition lacks one of id, date, revision and page")
	}
	if !slices.Contains([]string{"current", "superseded", "proposed"}, v.e.Status) {
		v.say("status %q is none of current, superseded, proposed", v.e.Status)
	}
}

func (v *validator) fresh(kind, id string, taken bool) {
	if id == "" || taken {
		v.say("%s id %q is empty or used twice", kind, id)
	}
}

func (v *validator) sources(owner string, ids []string) {
	if len(ids) == 0 {
		v.say("%s names no source fact", owner)
	}
	for _, id := range ids {
		if v.e.facts[id] == nil {
			v.say("%s cites %q, which is no source fact", owner, id)
		}
	}
}

func (v *validator) cond(owner string, c *Cond) {
	if err := c.check(v.cat, v.e.decisions, 0); err != nil {
		v.say("%s: %v", owner, err)
	}
}

func (v *validator) decision(d *Decision) {
	if len(d.Cases) == 0 || d.Title == "" {
		v.say("decision %s lacks a title or cases", d.ID)
	}
	for _, c := range d.Cases {
		v.sources("decision "+d.ID, c.Source)
		v.cond("decision "+d.ID, c.When)
	}
	for _, a := range d.Asides {
		v.sources("aside of "+d.ID, a.Source)
		v.cond("aside of "+d.ID, a.When)
	}
	for _, c := range d.Criteria {
		v.sources("criterion "+c.ID, c.Source)
		v.cond("criterion "+c.ID, c.When)
	}
}

func (v *validator) checkRule(c *Check) {
	owner := "check " + c.ID
	v.sources(owner, c.Source)
	for _, cond := range []*Cond{c.When, c.Met, c.Review} {
		v.cond(owner, cond)
	}
	if c.Lessened != nil {
		v.cond(owner, c.Lessened.When)
		v.modality(owner, c.Lessened.Modality)
	}
	v.modality(owner, c.Modality)
	if c.When == nil || c.Met == nil || c.Title == "" || c.Remedy.Do == "" {
		v.say("%s lacks a title, when, met or a remedy", owner)
	}
	if !slices.Contains([]string{"registration", "production", "beta", "ga"}, c.Gate) {
		v.say("%s: gate %q is none of registration, production, beta, ga", owner, c.Gate)
	}
	if c.Each != "" && c.Each != "client" {
		v.say("%s: each %q is not client", owner, c.Each)
	}
}

func (v *validator) modality(owner, m string) {
	if !slices.Contains([]string{"required", "expected", "requested", "encouraged", "optional"}, m) {
		v.say("%s: modality %q is none of required, expected, requested, encouraged, optional", owner, m)
	}
}
