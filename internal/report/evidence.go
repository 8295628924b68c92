package report

import (
	"fmt"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
)

// The states of a recorded file.
const (
	EvidenceOK      = "ok"       // it is there and has the recorded digest
	EvidenceMissing = "missing"  // it is not there, or cannot be read
	EvidenceAltered = "altered"  // it has another digest
	EvidenceUnread  = "not-read" // nobody has looked
)

// Recorded is the document ngapi.evidence/v1: the files that back a profile.
type Recorded struct {
	Schema   string          `json:"schema"`
	Tool     Tool            `json:"tool"`
	Profile  string          `json:"profile"`  // path
	ExitCode exit.Code       `json:"exitCode"` // 3 where a file is missing or altered
	Evidence []EvidenceState `json:"evidence"` // in the order of the profile
	next     string
}

// EvidenceState is one recorded file.
type EvidenceState struct {
	ID          string `json:"id"`
	File        string `json:"file"`   // relative to the folder of the profile
	SHA256      string `json:"sha256"` // as recorded
	CollectedOn string `json:"collectedOn"`
	By          string `json:"by"`
	Method      string `json:"method"`
	State       string `json:"state"`
	Detail      string `json:"detail"` // what is wrong, in words; "" where nothing is
}

// NewRecorded lists evidence that nobody has looked at yet.
func NewRecorded(tool Tool, profile string, list []readiness.Evidence) Recorded {
	d := Recorded{Schema: "ngapi.evidence/v1", Tool: tool, Profile: profile, Evidence: []EvidenceState{}}
	for _, e := range list {
		d.Evidence = append(d.Evidence, EvidenceState{e.ID, e.File, e.SHA256, e.CollectedOn, e.By, e.Method, EvidenceUnread, ""})
	}
	return d
}

// Settle draws the exit code and the next command from the states. elsewhere is
// what a command needs to reach the profile, reach gives the path of a recorded
// file for one.
func (d *Recorded) Settle(elsewhere string, reach func(file string) string) {
	for _, e := range d.Evidence {
		if e.State == EvidenceMissing || e.State == EvidenceAltered {
			d.ExitCode = exit.No
			d.next = "ngapi evidence add " + rulebook.Quote(reach(e.File)) + " --id " + rulebook.Quote(e.ID) + " --replace" + elsewhere
			return
		}
	}
	switch {
	case len(d.Evidence) == 0:
		d.next = "ngapi evidence add FILE" + elsewhere
	case d.Evidence[0].State == EvidenceUnread:
		d.next = "ngapi evidence verify" + elsewhere
	default:
		d.next = "ngapi check-beta" + elsewhere
	}
}

// RecordedText renders the recorded evidence for people.
func RecordedText(s Style, d Recorded) []byte {
	t := &text{s: s}
	t.line(bold, "Evidence of %s", clean(d.Profile))
	counts := map[string]int{}
	for _, e := range d.Evidence {
		counts[e.State]++
		t.recorded(e)
	}
	if len(d.Evidence) == 0 {
		t.line("", "nothing is recorded")
	}
	t.blank()
	var parts []string
	for _, state := range []string{EvidenceMissing, EvidenceAltered, EvidenceOK} {
		if counts[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[state], state))
		}
	}
	if len(parts) > 0 {
		t.line("", "%s", strings.Join(parts, ", "))
	}
	t.command("next: ", d.next)
	return t.bytes()
}

func (t *text) recorded(e EvidenceState) {
	about := []string{e.CollectedOn}
	if e.By != "" {
		about = append(about, "by "+e.By)
	}
	if e.Method != "" {
		about = append(about, e.Method)
	}
	look, lead := "", ""
	switch e.State {
	case EvidenceOK:
		look, lead = green, "ok       "
	case EvidenceMissing, EvidenceAltered:
		look, lead = red, fmt.Sprintf("%-8s ", strings.ToUpper(e.State))
	}
	t.line(look, "%s%s  %s  (%s)", lead, clean(e.ID), clean(e.File), clean(strings.Join(about, ", ")))
	if e.Detail != "" {
		t.line("", "         %s", clean(e.Detail))
	}
}
