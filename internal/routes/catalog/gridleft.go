package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
)

const (
	whyUnknown = "not a tab that ngapi knows by its name"
	whyOwn     = "this is an export of ngapi, and no grid"
)

// leaveOut says why a tab is not read, and how it can be. It repeats no name:
// only the usual ones are known to hold nothing private.
func (r *tabReader) leaveOut(number int) {
	do := fmt.Sprintf("read it with --map method=A,path=B@%d, its own columns for A and B", number)
	switch {
	case r.isExport():
		r.out.Why, r.out.Do = whyOwn, "import the grid as the vendor offers it"
	case strings.Contains(letters(r.Name), "uscdi"):
		r.out.Why = "its name speaks of USCDI without saying plainly that these are the routes of USCDI v1"
		r.out.Do = do + "; add uscdi_v1=COLUMN where a column answers that"
		r.problem(r.name, r.out.Why, r.out.Do)
	default:
		r.out.Why, r.out.Do = whyUnknown, do
	}
}

// isExport tells whether a tab has the columns that only ngapi writes.
func (r *tabReader) isExport() bool {
	for i := range min(len(r.Rows), 10) {
		cells := r.Rows[i].Cells
		if slices.Contains(cells, "found_access") && slices.Contains(cells, "found_data") {
			return true
		}
	}
	return false
}

// mostLeftOut is how many tabs the error lists; the report has them all.
const mostLeftOut = 20

// nothing is the error of a workbook in which no route was found: why each tab
// was left out, and what was not decided in the others.
func (p *gridParser) nothing(opt GridOptions) error {
	if slices.ContainsFunc(p.report.Tabs, func(t TabReport) bool { return t.Why == whyOwn }) {
		return exit.Problems(exit.Usage, []exit.Problem{{What: whyOwn, Do: "import the grid as the vendor offers it"}})
	}
	do := "tabs are chosen by name; name another with --map method=A,path=B@TAB, its own columns for A and B"
	if !p.only && slices.ContainsFunc(opt.Maps, func(m GridMap) bool { return m.Tab == "" }) {
		do += "; a --map without @TAB makes ngapi read no further tab unless there is only one"
	}
	problems := []exit.Problem{{What: "no route was found in the grid", Do: do}}
	left := 0
	for _, t := range p.report.Tabs {
		if t.Used || slices.ContainsFunc(p.report.Problems, func(one GridProblem) bool { return one.At == t.Tab }) {
			continue
		}
		if left++; left <= mostLeftOut {
			problems = append(problems, exit.Problem{File: t.Tab, What: "left out: " + t.Why, Do: t.Do})
		}
	}
	if left > mostLeftOut {
		problems = append(problems, exit.Problem{What: fmt.Sprintf("%d more tabs were left out", left-mostLeftOut), Do: "name the right one with --map"})
	}
	for _, one := range p.report.Problems {
		problems = append(problems, exit.Problem{File: one.At, What: one.What, Do: one.Do})
	}
	return exit.Problems(exit.Usage, problems)
}
