// Package draft brings evidence and the route list together: what was inferred
// from captures is merged into the list, or held against it.
//
// The contract: what people wrote in a list stands. A merge adds rows, fills
// blank cells and rewrites only the pieces of the evidence column that have the
// form of this package; order, purpose, notes and unknown columns survive every
// repetition, and merging the same evidence twice changes nothing. A route with
// a masked word never gets into a list.
//
// The package is pure.
package draft

import (
	"slices"
	"strings"

	"github.com/apionboard/ngapi/internal/routes/infer"
)

// A Finding is what one kind of evidence says of a route; it is one piece of
// the evidence column: "har: 10-99 calls, ok", "openapi: unproven".
type Finding struct {
	Format string       // har, access-log, openapi, ...
	Calls  string       // 1, 2-9, 10-99, 100+; "" for what is no call
	Status infer.Status // of the calls
}

// String writes the piece.
func (f Finding) String() string {
	switch f.Calls {
	case "":
		return f.Format + ": " + string(f.Status)
	case "1":
		return f.Format + ": 1 call, " + string(f.Status)
	}
	return f.Format + ": " + f.Calls + " calls, " + string(f.Status)
}

// Findings takes an evidence cell apart: the pieces that have the form of
// Finding.String, and those that people wrote.
func Findings(cell string) (found []Finding, human []string) {
	for piece := range strings.SplitSeq(cell, ";") {
		piece = strings.TrimSpace(piece)
		if piece == "" {
			continue
		}
		if f, ok := parse(piece); ok {
			found = append(found, f)
		} else {
			human = append(human, piece)
		}
	}
	return found, human
}

func parse(piece string) (Finding, bool) {
	format, rest, ok := strings.Cut(piece, ": ")
	if !ok || format == "" || strings.Trim(format, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return Finding{}, false
	}
	f := Finding{Format: format, Status: infer.Status(rest)}
	if calls, status, ok := strings.Cut(rest, ", "); ok {
		f.Calls, _, _ = strings.Cut(calls, " ")
		f.Status = infer.Status(status)
	}
	known := slices.Contains(statuses(), f.Status) && (f.Calls == "" || slices.Contains(buckets(), f.Calls))
	return f, known && (f.Calls == "") == (f.Status == infer.StatusUnknown) && f.String() == piece
}

func buckets() []string { return []string{"1", "2-9", "10-99", "100+"} }

func statuses() []infer.Status {
	return []infer.Status{infer.StatusOK, infer.StatusMixed, infer.StatusFailed, infer.StatusCalled, infer.StatusUnknown}
}

// StatusOf sums up an evidence cell, or is "" where it holds no finding.
func StatusOf(cell string) infer.Status {
	found, _ := Findings(cell)
	var status infer.Status
	for _, f := range found {
		status = join(status, f.Status)
	}
	return status
}

// join is the status of calls that had one of two statuses. What was only
// described adds nothing to what was called.
func join(a, b infer.Status) infer.Status {
	switch {
	case a == b, b == "", b == infer.StatusUnknown && a != "":
		return a
	case a == "", a == infer.StatusUnknown:
		return b
	case a == infer.StatusCalled:
		return b
	case b == infer.StatusCalled:
		return a
	}
	return infer.StatusMixed
}

// addFindings merges what was found now into a cell. A kind of evidence has one
// piece, with the larger number of calls, so that a repetition changes nothing.
func addFindings(cell string, now []Finding) string {
	found, human := Findings(cell)
	for _, f := range now {
		i := slices.IndexFunc(found, func(old Finding) bool { return old.Format == f.Format })
		if i < 0 {
			found = append(found, f)
			continue
		}
		if slices.Index(buckets(), f.Calls) > slices.Index(buckets(), found[i].Calls) {
			found[i].Calls = f.Calls
		}
		found[i].Status = join(found[i].Status, f.Status)
	}
	slices.SortStableFunc(found, func(a, b Finding) int { return strings.Compare(a.Format, b.Format) })
	pieces := make([]string, 0, len(found)+len(human))
	for _, f := range found {
		pieces = append(pieces, f.String())
	}
	return strings.Join(append(pieces, human...), "; ")
}

// findings lists the evidence of an inferred route. Source code is a
// cross-check and no evidence of a call, so it is left out.
func findings(r *infer.Route) []Finding {
	var out []Finding
	for _, e := range r.Evidence {
		if e.Kind > infer.Source {
			out = append(out, Finding{e.Format, e.Calls, e.Status})
		}
	}
	return out
}
