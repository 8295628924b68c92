package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/plan"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/store"
	"github.com/apionboard/ngapi/internal/terminal"
	"github.com/apionboard/ngapi/internal/terminal/ask"
)

// onboardFlags are the flags of ngapi onboard.
type onboardFlags struct {
	answers string   // a file, or - for standard input
	set     []string // trait=value
	print   bool
	yes     bool
	dryRun  bool
	fresh   bool
	files   []string // evidence for the route list
	check   string   // a stored credential to check at the end
}

func newOnboard(s *session) *cobra.Command {
	var f onboardFlags
	cmd := &cobra.Command{
		Use:        "onboard",
		GroupID:    "main",
		SuggestFor: []string{"init", "start", "setup", "wizard"},
		Short:      "Answer what matters, see each decision, save ngapi.yaml",
		Long: long(`
Ask only what the rulebook still needs, show each decision with its reason and
its source as soon as it is settled, let you review everything, and save the
profile once. Ctrl-C keeps the answers; the next run offers to go on.

Without a terminal (also with --no-input, in CI, or with --answers -) nothing is
ever asked: answers come from --set, --answers and the profile, in this order of
precedence. If required ones are missing, all are listed with their flags,
nothing is written, and the exit code is 5. If none is missing, the profile is
saved; look first with --dry-run. --yes skips the review and accepts defaults
that are safe; it never invents an answer. --evidence drafts the route list from
a capture as ngapi routes import does.

The exit code is that of ngapi plan: 3 where no way exists, 5 where something
is still undecided.`,
			exit.OK, exit.Usage, exit.No, exit.Undecided, exit.Interrupted),
		Example: `  ngapi onboard
  ngapi onboard --set app.audience=patients --set app.apis=patient-access --yes
  ngapi onboard --print-answers > answers.yaml
  ngapi onboard --answers answers.yaml --evidence session.har
  ngapi onboard --answers - -o json < answers.json`,
		Args: cobra.NoArgs,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, _ []string) error { return s.onboard(cmd.Context(), f) }),
	}
	cmd.Flags().StringVar(&f.answers, "answers", "", "answers `FILE`, shaped like ngapi.yaml; - is stdin")
	cmd.Flags().StringArrayVar(&f.set, "set", nil, "answer `TRAIT=VALUE`; repeatable, sets by comma")
	cmd.Flags().BoolVar(&f.print, "print-answers", false, "print a commented answers file, and end")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "save without a review, and accept safe defaults")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "show what would change, write nothing")
	cmd.Flags().BoolVar(&f.fresh, "fresh", false, "do not offer to go on with an unfinished run")
	cmd.Flags().StringArrayVar(&f.files, "evidence", nil, "draft the route list from `FILE`; repeatable")
	cmd.Flags().StringVar(&f.check, "credential", "", "at the end, check the stored credential `NAME`")
	must(cmd.RegisterFlagCompletionFunc("set", completeTraits))
	must(cmd.MarkFlagFilename("answers", "yaml", "yml", "json"))
	return cmd
}

func (s *session) onboard(ctx context.Context, f onboardFlags) error {
	if f.print {
		return s.printAnswers(f)
	}
	in, err := s.gather(f)
	if err != nil {
		return err
	}
	drafted := &routesDraft{s: s, in: in, dry: f.dryRun}
	if len(f.files) > 0 {
		if err := drafted.read(ctx, f.files); err != nil {
			return err
		}
		if in.set, err = drafted.observed(in.set); err != nil {
			return err
		}
	}
	v := newInterview(in.edition, in.asOf, in.set)
	v.strict = f.yes
	if f.yes {
		v.acceptDefaults()
	}
	talk := terminal.Interactive(s.world.Streams, s.set.NoInput.V) && f.answers != fromStdin
	if !talk || f.yes && len(v.open()) == 0 {
		if missing := plan.Missing(v.plan().Questions); len(missing) > 0 {
			return s.reportMissing(in, v)
		}
		saved, err := s.save(ctx, in, v, f.dryRun)
		if err != nil {
			return err
		}
		return s.proveLater(ctx, f.check, false, v.set(), drafted.finish(ctx, v, saved))
	}
	w := &wizard{interview: v, stage: asking, brief: f.yes, dry: f.dryRun, target: terminal.Clean(in.path), drafted: len(f.files) > 0}
	w.read = func(file string) error { return drafted.read(ctx, []string{file}) }
	if err := s.guide(ctx, in, w, f.fresh); err != nil {
		return err
	}
	saved, err := s.save(ctx, in, v, f.dryRun)
	if err != nil {
		return s.rescue(in, w, err)
	}
	s.forget(in, w)
	return s.proveLater(ctx, f.check, !f.dryRun, v.set(), drafted.finish(ctx, v, saved))
}

// acceptDefaults answers what has a default that is safe to accept unseen.
func (v *interview) acceptDefaults() {
	for again := true; again; {
		again = false
		for _, q := range v.open() {
			t, _ := trait.Standard().Get(q.Trait)
			value, err := t.Parse(q.Default)
			if q.Default == "" || err != nil {
				continue
			}
			v.base = v.base.With(q.Trait, trait.Entry{Value: value, Origin: trait.Origin{Source: trait.FromDefault}})
			again = true
			break
		}
	}
}

// printAnswers prints the template of an answers file.
func (s *session) printAnswers(f onboardFlags) error {
	if f.answers != "" || len(f.set) > 0 || f.yes || f.dryRun || f.fresh {
		return exit.Errorf(exit.Usage, "--print-answers prints an empty answers file and goes with no other flag of onboard")
	}
	if len(s.flags.output) == 1 && s.flags.output[0] == s.set.Output.V && s.set.Output.Origin != "default" {
		s.flags.output = nil // a setting, not asked for here
	}
	for _, t := range s.mustTargets() {
		if t.format != "text" {
			return exit.Errorf(exit.Usage, "--print-answers prints YAML only; leave out -o %s", t.format)
		}
	}
	return s.emit(renderers{"text": plain(store.Template())})
}

// mustTargets are the targets of a command line that was checked before.
func (s *session) mustTargets() []target {
	list, err := s.targets()
	must(err)
	return list
}

// guide runs the interview with a person. It returns nil once the person has
// agreed to save.
func (s *session) guide(ctx context.Context, in *gathered, w *wizard, fresh bool) error {
	stateDir := s.prepare(in, w, fresh)
	o := ask.OptionsFor(s.world.Streams, s.colorMode(), s.set.Accessible.V)
	s.introduce(in, w, o.LineMode)
	if review := w.reviewIfComplete(); w.stage == asking && len(review) > 0 {
		s.say(append(review, "")...)
	}
	err := ask.Run(ctx, o, w)
	switch {
	case errors.Is(err, ask.ErrInterrupted):
		s.say(w.farewell(in, stateDir)...)
		return exit.Verdict(exit.Interrupted)
	case errors.Is(err, ask.ErrInputEnded):
		s.say(w.farewell(in, stateDir)...)
		if len(plan.Missing(w.plan().Questions)) == 0 {
			return exit.Errorf(exit.Undecided, "the input ended before the answers were saved")
		}
		return s.reportMissing(in, w.interview)
	case err != nil:
		return err
	}
	if w.discard {
		s.forget(in, w)
		s.say("Discarded. Nothing was written.")
		return exit.Verdict(exit.Interrupted)
	}
	return nil
}

// say prints lines for the person, wrapped to the window; commands stay whole.
func (s *session) say(lines ...string) {
	width, _ := s.world.Streams.Window()
	for _, line := range lines {
		pieces := []string{terminal.Clean(line)}
		if !strings.HasPrefix(line, command) {
			pieces = terminal.Wrap(pieces[0], width)
		}
		for _, piece := range pieces {
			fmt.Fprintln(s.world.Streams.Err, piece)
		}
	}
}

// reportMissing ends a run that may not ask: everything that is missing, at
// once, and nothing written.
func (s *session) reportMissing(in *gathered, v *interview) error {
	d := in.document(s, v)
	if s.plainText() {
		for _, one := range d.Plan.Decisions {
			if one.Status == plan.Impossible {
				s.hint("%s is %s: %s", one.ID, *one.Value, one.Note)
			}
		}
		if _, err := s.world.Streams.Err.Write(report.MissingText(s.talk(), plan.Missing(d.Plan.Questions))); err != nil {
			return exit.Errorf(exit.Fault, "cannot write to stderr: %w", err)
		}
		s.hint("Nothing was written. Give the answers with --set, or in a file: ngapi onboard --print-answers > answers.yaml")
	}
	if err := s.emit(renderers{"json": doc(d), "text": plain(nil)}); err != nil {
		return err
	}
	return exit.Verdict(d.Plan.Exit())
}

// plainText tells whether stdout gets text, so that stderr may carry the words.
func (s *session) plainText() bool {
	for _, t := range s.mustTargets() {
		if t.format == "text" {
			return true
		}
	}
	return false
}
