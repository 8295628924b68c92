package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/rulebook"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/store"
)

func newEvidence(s *session) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "evidence",
		GroupID: "main",
		Short:   "Record files that back what the profile says",
		Long: `Record files that back what the profile says, by digest and day: the report of
ngapi auth check, a sign-off, the result of a test. The gate reads the newest
recorded report of ngapi auth check; it never asks a server itself.`,
		Example: `  ngapi auth check -o json=auth-report.json
  ngapi evidence add auth-report.json
  ngapi evidence verify`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newEvidenceAdd(s), newEvidenceList(s), newEvidenceVerify(s))
	return cmd
}

// newRecord is what evidence add is asked for.
type newRecord struct {
	file    string // as given
	id      string
	day     string // "" means that of the report, else today
	by      string
	replace bool
	dryRun  bool
}

func newEvidenceAdd(s *session) *cobra.Command {
	var in newRecord
	cmd := &cobra.Command{
		Use:   "add FILE",
		Short: "Record a file with its digest and day",
		Long: long(`
Record a file in the profile: its path, SHA-256, day and who collected it. A
report of ngapi auth check brings its own day and is what the check
BETA-CREDENTIALS reads. The file stays where it is; commit it with the profile.

A file that holds a token, a client secret or a JSON Web Token is refused.`, exit.OK, exit.Usage),
		Example: `  ngapi evidence add auth-report.json
  ngapi evidence add auth-report.json --id ev-1 --replace
  ngapi evidence add mail/client-a.eml --collected 2026-11-10 --by "J. Roe"`,
		Args: cobra.ExactArgs(1),
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error {
			in.file = args[0]
			return s.addEvidence(cmd, in)
		}),
	}
	cmd.Flags().StringVar(&in.id, "id", "", "`ID` of the entry (default ev-1, ev-2, ...)")
	cmd.Flags().StringVar(&in.day, "collected", "", "`DATE` of the file (default: the report's, or today)")
	cmd.Flags().StringVar(&in.by, "by", "", "`WHO` collected it")
	cmd.Flags().BoolVar(&in.replace, "replace", false, "take the place of the entry with this id or file")
	cmd.Flags().BoolVar(&in.dryRun, "dry-run", false, "show what would change, write nothing")
	return cmd
}

func (s *session) addEvidence(cmd *cobra.Command, in newRecord) error {
	path, err := s.existingProfile()
	if err != nil {
		return err
	}
	p, err := store.Read(path)
	if err != nil {
		return err
	}
	s.noteRead(path)
	e, err := s.evidenceOf(p, in)
	if err != nil {
		return err
	}
	if e.ID, err = placeFor(p, e, in); err != nil {
		return err
	}
	if err := s.edit(cmd, in.dryRun, func(doc *store.Doc) error {
		if in.replace {
			return doc.PutEvidence(e)
		}
		return doc.AddEvidence(e)
	}); err != nil {
		return err
	}
	if !in.dryRun {
		d := developer{profile: p}
		next := "ngapi evidence verify"
		if e.Method == readiness.MethodAuth {
			next = "ngapi check-beta"
		}
		s.hint("next: %s%s", next, d.elsewhere())
	}
	return nil
}

// evidenceOf reads the file and says what would be recorded, without an id.
func (s *session) evidenceOf(p *store.Profile, in newRecord) (readiness.Evidence, error) {
	none := readiness.Evidence{}
	data, err := newEvidenceFile(in.file)
	if err != nil {
		return none, err
	}
	s.noteRead(in.file)
	if sameFile(in.file, p.Path) {
		return none, exit.Errorf(exit.Usage, "%s is the profile; it cannot be evidence of itself", filepath.ToSlash(in.file))
	}
	file, err := besideProfile(p.Path, in.file)
	if err != nil {
		return none, err
	}
	e := readiness.Evidence{File: file, SHA256: digest(data), CollectedOn: in.day, By: in.by}
	r, ours, err := authReport(filepath.ToSlash(in.file), data)
	if err != nil {
		return none, err
	}
	day := s.asOf()
	if ours {
		e.Method, day = readiness.MethodAuth, r.AsOf
	}
	if e.CollectedOn == "" {
		e.CollectedOn = day
	}
	return e, s.checkDay(e.CollectedOn, r, ours)
}

// checkDay refuses a day that is none, that has not come, or that is not the
// report's own.
func (s *session) checkDay(day string, r readiness.AuthReport, ours bool) error {
	switch _, err := time.Parse(trait.DateLayout, day); {
	case err != nil:
		return exit.Errorf(exit.Usage, "--collected cannot be %s; write a day as YYYY-MM-DD", quoted(day))
	case ours && day != r.AsOf:
		return exit.Errorf(exit.Usage, "the report is of %s, not of %s; leave --collected out", r.AsOf, day)
	case day > s.asOf():
		return exit.Errorf(exit.Usage, "%s lies after %s, the day of this run; evidence is never of a day to come", day, s.asOf())
	}
	return nil
}

// placeFor finds the id of a new entry, and refuses one that would leave two
// entries for the same thing.
func placeFor(p *store.Profile, e readiness.Evidence, in newRecord) (string, error) {
	refuse := func(what, do string) (string, error) {
		return "", exit.Problems(exit.Usage, []exit.Problem{{File: filepath.ToSlash(p.Path), What: what, Do: do}})
	}
	if in.id != "" && !evidenceID(in.id) {
		return refuse("--id cannot be "+quoted(in.id), "use letters, digits, dots, - and _, at most 64")
	}
	id := in.id
	for _, old := range p.Evidence {
		again := rulebook.Quote(filepath.ToSlash(in.file)) + " --id " + rulebook.Quote(old.ID) + " --replace"
		switch {
		case old.ID == in.id && !in.replace:
			return refuse("the evidence "+quoted(old.ID)+" is there already", "give the entry another id, or replace it with ngapi evidence add "+again)
		case old.ID == in.id || old.File != e.File:
		case in.replace && id == "":
			id = old.ID
		case old.SHA256 == e.SHA256:
			return refuse(quoted(e.File)+" is recorded as "+quoted(old.ID)+" already, with the same content", "there is nothing to add")
		default:
			return refuse(quoted(e.File)+" is recorded as "+quoted(old.ID)+" already, with other content",
				"replace that entry with ngapi evidence add "+again+", or give the new file a name of its own")
		}
	}
	for n := 1; id == ""; n++ {
		next := fmt.Sprintf("ev-%d", n)
		if !slices.ContainsFunc(p.Evidence, func(old readiness.Evidence) bool { return old.ID == next }) {
			id = next
		}
	}
	return id, nil
}

func evidenceID(id string) bool {
	return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`).MatchString(id)
}

func sameFile(a, b string) bool {
	one, err1 := os.Stat(a)
	two, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(one, two)
}

func newEvidenceList(s *session) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "Show what is recorded, without reading the files",
		Long:    long("Show the recorded evidence without reading the files.", exit.OK, exit.Usage),
		Example: "  ngapi evidence list --json",
		Args:    cobra.NoArgs,
		RunE:    s.run(textOrJSON(), func(*cobra.Command, []string) error { return s.showEvidence(false) }),
	}
}

func newEvidenceVerify(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "verify",
		Short: "Compare every recorded file with its digest",
		Long: long(`
Read every recorded file again and compare it with its digest: ok, missing or
altered. The answer is no where one is missing or altered.`, exit.OK, exit.Usage, exit.No),
		Example: "  ngapi evidence verify\n  ngapi evidence verify -o json=evidence.json",
		Args:    cobra.NoArgs,
		RunE:    s.run(textOrJSON(), func(*cobra.Command, []string) error { return s.showEvidence(true) }),
	}
}

// showEvidence lists the recorded evidence, and with verify reads every file.
func (s *session) showEvidence(verify bool) error {
	path, err := s.existingProfile()
	if err != nil {
		return err
	}
	p, err := store.Read(path)
	if err != nil {
		return err
	}
	s.noteRead(path)
	result := report.NewRecorded(s.tool(), filepath.ToSlash(p.Path), p.Evidence)
	if verify {
		for i, e := range p.Evidence {
			s.noteRead(recordedPath(p.Path, e.File))
			_, result.Evidence[i].State, result.Evidence[i].Detail = checkRecorded(p.Path, e)
		}
	}
	result.Settle((&developer{profile: p}).elsewhere(), func(file string) string { return filepath.ToSlash(recordedPath(p.Path, file)) })
	if err := s.emit(renderers{"json": doc(result), "text": plain(report.RecordedText(s.style(), result))}); err != nil {
		return err
	}
	return exit.Verdict(result.ExitCode)
}
