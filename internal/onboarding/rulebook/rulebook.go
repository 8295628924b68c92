// Package rulebook loads the dated editions of the rules and evaluates them in
// three values against what is known of a developer.
//
// An edition is data (YAML): source facts, decisions, checks, programs and
// documents. Conditions are written in a closed language: all, any, not, and a
// leaf that compares one trait by eq, in, has, gte, lt or set, at most three
// combinators deep. Anything cleverer is a derived trait in Go with its own
// test. The package is pure; it reads no file and no clock.
package rulebook

import "github.com/apionboard/ngapi/internal/onboarding/trait"

// Edition is one dated version of the rulebook.
type Edition struct {
	ID        string     `yaml:"id" json:"id"`
	Date      string     `yaml:"date" json:"date"`         // day on which this edition was settled
	Status    string     `yaml:"status" json:"status"`     // current, superseded or proposed
	Revision  string     `yaml:"revision" json:"revision"` // which state of the source page it follows
	Page      string     `yaml:"page" json:"page"`         // address of the source page
	Facts     []Fact     `yaml:"facts" json:"-"`
	Programs  []Program  `yaml:"programs" json:"-"`
	Decisions []Decision `yaml:"decisions" json:"-"`
	Checks    []Check    `yaml:"checks" json:"-"`
	Documents []Document `yaml:"documents" json:"-"`

	SHA256 string `yaml:"-" json:"sha256"` // digest of the edition's files

	facts     map[string]*Fact
	decisions map[string]*Decision
	checks    map[string]*Check
}

// Fact is a numbered statement of the regulatory page, in our own words.
type Fact struct {
	ID      string `yaml:"id" json:"id"`
	Section string `yaml:"section" json:"section"`
	Text    string `yaml:"text" json:"text"`
}

// Program is one developer program as the page describes it.
type Program struct {
	ID       string   `yaml:"id" json:"id"` // the value of the program decision
	Name     string   `yaml:"name" json:"name"`
	For      string   `yaml:"for" json:"for"`
	Fees     string   `yaml:"fees" json:"fees"`
	Terms    string   `yaml:"terms" json:"terms"`
	Form     string   `yaml:"form" json:"form"`
	Path     string   `yaml:"path" json:"path"`
	Source   []string `yaml:"source" json:"sources"`
	Eligible *Cond    `yaml:"eligible" json:"-"`
}

// Decision concludes one thing about the developer. Its cases exclude each
// other: on full answers exactly one of them holds.
type Decision struct {
	ID       string      `yaml:"id" json:"id"`
	Title    string      `yaml:"title" json:"title"`
	Cases    []Case      `yaml:"cases" json:"-"`
	Criteria []Criterion `yaml:"criteria" json:"-"`
	Asides   []Aside     `yaml:"asides" json:"-"`
	Examples []Example   `yaml:"examples" json:"-"`
}

// Case is one value that a decision can take. A case without a value leaves the
// decision open on purpose.
type Case struct {
	Value    string   `yaml:"value"`
	When     *Cond    `yaml:"when"` // nil: always
	Source   []string `yaml:"source"`
	Note     string   `yaml:"note"`     // what it means for the developer
	Question string   `yaml:"question"` // what the page leaves open
	Stop     bool     `yaml:"stop"`     // nothing is possible: exit code 3
}

// Aside is said with a decision, whatever its value, where its condition holds.
type Aside struct {
	When     *Cond    `yaml:"when"`
	Note     string   `yaml:"note"`
	Question string   `yaml:"question"` // what the page leaves open
	Ask      bool     `yaml:"ask"`      // worth a question of its own while it is open whether it holds
	Source   []string `yaml:"source"`
}

// Criterion is something that a decided value may depend on, such as a fee.
type Criterion struct {
	ID     string   `yaml:"id"`
	Title  string   `yaml:"title"`
	When   *Cond    `yaml:"when"`
	Source []string `yaml:"source"`
}

// Check is a requirement that is evaluated at a gate.
type Check struct {
	ID       string    `yaml:"id"`
	Title    string    `yaml:"title"`
	Gate     string    `yaml:"gate"`     // registration, production, beta or ga
	Modality string    `yaml:"modality"` // required, expected, requested, encouraged or optional
	Lessened *Lessened `yaml:"lessened"`
	Source   []string  `yaml:"source"`
	Each     string    `yaml:"each"` // "client": one result for each Beta client
	When     *Cond     `yaml:"when"`
	Met      *Cond     `yaml:"met"`
	Review   *Cond     `yaml:"review"` // where it holds and met does not, a person must decide
	Reason   string    `yaml:"reason"` // why it is not met, where that is no missing milestone
	Note     string    `yaml:"note"`
	Remedy   Remedy    `yaml:"remedy"`
	Waivable bool      `yaml:"waivable"`
	Examples []Example `yaml:"examples"`
}

// Lessened gives a check a weaker modality under a condition.
type Lessened struct {
	When     *Cond  `yaml:"when"`
	Modality string `yaml:"modality"`
}

// Remedy tells what to do about a check that is not met.
type Remedy struct {
	Do  string `yaml:"do" json:"do"`
	Run string `yaml:"run" json:"run"` // a command to run next
}

// Document is something that the vendor publishes or asks for, by name.
type Document struct {
	ID      string   `yaml:"id" json:"id"`
	Name    string   `yaml:"name" json:"name"`
	For     string   `yaml:"for" json:"for"`
	Where   string   `yaml:"where" json:"where"`
	Source  []string `yaml:"source" json:"sources"`
	Section string   `yaml:"section" json:"section,omitempty"` // where the page names it, if no fact does
	When    *Cond    `yaml:"when" json:"-"`
}

// Example is a test of a rule that is written beside it.
type Example struct {
	Given   map[string]any   `yaml:"given"`
	Clients []map[string]any `yaml:"clients"`
	Want    string           `yaml:"want"`
	Aside   bool             `yaml:"aside"` // whether an aside of the decision is said
	Ask     []string         `yaml:"ask"`   // where the result is unknown: the traits of the open leaves
}

// Level words of a check in a report.
const (
	Mandatory     = "mandatory"
	Recommended   = "recommended"
	Informational = "informational"
)

// Level maps a modality to the level that a report shows.
func Level(modality string) string {
	switch modality {
	case "required":
		return Mandatory
	case "optional":
		return Informational
	default:
		return Recommended
	}
}

// Fact returns the source fact with this id.
func (e *Edition) Fact(id string) (*Fact, bool) { f, ok := e.facts[id]; return f, ok }

// Decision returns the decision with this id.
func (e *Edition) Decision(id string) (*Decision, bool) { d, ok := e.decisions[id]; return d, ok }

// Check returns the check with this id.
func (e *Edition) Check(id string) (*Check, bool) { c, ok := e.checks[id]; return c, ok }

// Values lists the values that a decision can take, in the order of its cases.
func (d *Decision) Values() []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range d.Cases {
		if c.Value != "" && !seen[c.Value] {
			seen[c.Value] = true
			out = append(out, c.Value)
		}
	}
	return out
}

// UsedBy lists the ids of the rules whose conditions name the trait, directly
// or through a derived trait, in the order of the edition.
func (e *Edition) UsedBy(id trait.ID) []string {
	cat := trait.Standard()
	var out []string
	add := func(rule string, conds ...*Cond) {
		for _, c := range conds {
			if c.mentions(cat, id) {
				out = append(out, rule)
				return
			}
		}
	}
	for _, d := range e.Decisions {
		conds := make([]*Cond, 0, len(d.Cases)+len(d.Criteria))
		for _, c := range d.Cases {
			conds = append(conds, c.When)
		}
		for _, c := range d.Criteria {
			conds = append(conds, c.When)
		}
		for _, a := range d.Asides {
			conds = append(conds, a.When)
		}
		add(d.ID, conds...)
	}
	for _, c := range e.Checks {
		conds := []*Cond{c.When, c.Met, c.Review}
		if c.Lessened != nil {
			conds = append(conds, c.Lessened.When)
		}
		add(c.ID, conds...)
	}
	return out
}
