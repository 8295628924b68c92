package cli

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/store"
	"github.com/apionboard/ngapi/internal/terminal"
	"github.com/apionboard/ngapi/internal/terminal/ask"
)

func newRoutesReview(s *session) *cobra.Command {
	var f evidenceFlags
	cmd := &cobra.Command{
		Use:   "review FILE...",
		Short: "Decide on path words that nothing vouches for",
		Long: long(`
Go through the words that an import has masked, on the screen only, and say for
each what it is: a word of the API, which may then be printed; the value of a
parameter, and what the parameter is called; or a route that is none of the
application's. The decisions are written to `+reviewFile+` beside the
list, a small file that you commit. Words that you do not approve are never
written anywhere. Needs a terminal.`, exit.OK, exit.Usage, exit.Interrupted),
		Example: `  ngapi routes review session.har
  ngapi routes import session.har`,
		Args: cobra.MinimumNArgs(1),
		RunE: s.run([]string{"text"}, func(cmd *cobra.Command, args []string) error { return s.routesReview(cmd.Context(), f, args) }),
	}
	f.add(cmd)
	return cmd
}

func (s *session) routesReview(ctx context.Context, f evidenceFlags, files []string) error {
	if !terminal.Interactive(s.world.Streams, s.set.NoInput.V) {
		return exit.Errorf(exit.Usage, "routes review shows words of the evidence on the screen only, and there is no terminal to ask; run it in one")
	}
	p, err := s.whichList(f.file)
	if err != nil {
		return err
	}
	e, err := s.readEvidence(ctx, f, p, files)
	if err != nil {
		return err
	}
	if err := e.counts(); err != nil {
		return err
	}
	if _, more := newReview(e.collector, infer.Approvals{}).subject(); !more {
		s.say("Nothing to review: something vouches for every word of these routes.")
	}
	err = s.review(ctx, reviewPlace(f, p), e.collector)
	s.say(command + "ngapi routes import FILE, with the same evidence")
	return err
}

// review asks about masked words and proposals, and keeps what was decided, also
// where the person leaves before the end.
func (s *session) review(ctx context.Context, path string, collector *infer.Collector) error {
	before, err := s.approvals(path, false)
	if err != nil {
		return err
	}
	r := newReview(collector, before)
	err = ask.Run(ctx, ask.OptionsFor(s.world.Streams, s.colorMode(), s.set.Accessible.V), r)
	interrupted := errors.Is(err, ask.ErrInterrupted) || errors.Is(err, ask.ErrInputEnded)
	if err != nil && !interrupted {
		return err
	}
	if r.decided > 0 { // what was decided before an interruption stands
		if err := s.saveReview(ctx, path, r.approved); err != nil {
			return err
		}
		s.say(report.Reviewed(r.decided, filepath.ToSlash(path)))
	}
	if interrupted {
		return exit.Verdict(exit.Interrupted)
	}
	return nil
}

// saveReview adds approvals to the file under its lock.
func (s *session) saveReview(ctx context.Context, path string, a infer.Approvals) error {
	_, err := store.EditFile(ctx, path, store.Options{Create: true}, func(before []byte) ([]byte, error) {
		old, err := draft.DecodeReview(before, filepath.ToSlash(path))
		if err != nil {
			return nil, err
		}
		return draft.EncodeReview(draft.Joined(old, a))
	})
	return err
}
