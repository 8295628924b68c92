// Package report renders results for people and for programs. It holds no
// verdict and no exit code of its own: every renderer shows what was decided
// elsewhere. All text that a user could have written passes through
// terminal.Clean.
package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"

	"github.com/apionboard/ngapi/internal/buildinfo"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// Tool names the program that made a document.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// ThisTool describes the running build.
func ThisTool(b buildinfo.Info) Tool { return Tool{"ngapi", b.Version} }

// Rulebook names the edition that decided.
type Rulebook struct {
	Edition string `json:"edition"`
	Date    string `json:"date"`
	Status  string `json:"status"`
	SHA256  string `json:"sha256"`
}

// ThisRulebook describes an edition.
func ThisRulebook(e *rulebook.Edition) Rulebook { return Rulebook{e.ID, e.Date, e.Status, e.SHA256} }

// Input is a file that was read.
type Input struct {
	Role   string `json:"role"` // profile, routes or evidence
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// Profile names the profile of a plan; Path is "" where there is none.
type Profile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Name   string `json:"name"` // of the application
}

// Head starts every evaluated document.
type Head struct {
	Schema   string   `json:"schema"`
	Tool     Tool     `json:"tool"`
	Rulebook Rulebook `json:"rulebook"`
	AsOf     string   `json:"asOf"`
}

// Plan is the document ngapi.plan/v1.
type Plan struct {
	Head
	Profile Profile `json:"profile"`
	plan.Plan
}

// Explain is the document ngapi.explain/v1.
type Explain struct {
	Head
	plan.Explanation
}

// WhatIf is the document ngapi.whatif/v1.
type WhatIf struct {
	Head
	Assumed map[string]string `json:"assumed"`
	Changes []plan.Difference `json:"changes"`
}

// Programs is the document ngapi.programs/v1.
type Programs struct {
	Head
	Programs []plan.Program `json:"programs"`
}

// Documents is the document ngapi.docs/v1.
type Documents struct {
	Head
	Documents []plan.Document `json:"documents"`
}

// Check is the document ngapi.check/v1.
type Check struct {
	Head
	Gate     string                `json:"gate"`
	Chosen   string                `json:"gateChosenBy"`
	Inputs   []Input               `json:"inputs"`
	Outcome  string                `json:"outcome"`
	ExitCode exit.Code             `json:"exitCode"`
	Summary  map[string]int        `json:"summary"`
	Results  []readiness.Result    `json:"results"`
	Waivers  []readiness.WaiverUse `json:"waivers"`
	Errors   []exit.Problem        `json:"errors"`
}

// NewCheck joins a head and a verdict.
func NewCheck(h Head, inputs []Input, r readiness.Report) Check {
	return Check{h, r.Gate, r.Chosen, inputs, r.Outcome, r.ExitCode, r.Summary, r.Results, r.Waivers, r.Errors}
}

// CheckSet is the document ngapi.check-set/v1: several profiles at the gate.
type CheckSet struct {
	Schema   string    `json:"schema"`
	Tool     Tool      `json:"tool"`
	Reports  []Check   `json:"reports"`
	ExitCode exit.Code `json:"exitCode"`
}

// Scope is the document ngapi.scope/v1.
type Scope struct {
	Schema string `json:"schema"`
	Tool   Tool   `json:"tool"`
	AsOf   string `json:"asOf"`
	*scope.Report
}

// Error is the document ngapi.error/v1, written to stderr.
type Error struct {
	Schema string    `json:"schema"`
	Error  ErrorBody `json:"error"`
}

// ErrorBody is the failure itself.
type ErrorBody struct {
	Code     exit.Code      `json:"code"`
	Name     string         `json:"name"`
	Problems []exit.Problem `json:"problems"`
}

// NewError describes a failure.
func NewError(err error) Error {
	code := exit.Of(err)
	return Error{"ngapi.error/v1", ErrorBody{code, code.Name(), exit.List(err)}}
}

// JSON renders a document: two-space indent, no HTML escapes, a line end. What
// encoding/json leaves raw although a terminal acts on it (DEL, C1 controls, text
// direction, invisible characters) becomes a JSON escape; the value stays.
func JSON(doc any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return nil, err
	}
	if bytes.IndexFunc(b.Bytes(), acts) < 0 {
		return b.Bytes(), nil
	}
	return escaped(b.String()), nil
}

// escaped replaces characters that act on a terminal. They can stand only inside
// strings, because the rest of a document is ASCII.
func escaped(doc string) []byte {
	var b bytes.Buffer
	b.Grow(len(doc) + 256)
	for _, r := range doc {
		switch {
		case !acts(r):
			b.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes()
}

func acts(r rune) bool {
	return r >= 0x7f && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
