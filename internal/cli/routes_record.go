package cli

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/observe/record"
	"github.com/apionboard/ngapi/internal/terminal"
)

type recordFlags struct {
	importFlags
	upstream string
	listen   string
	ca       string
	length   time.Duration
}

func newRoutesRecord(s *session) *cobra.Command {
	var f recordFlags
	cmd := &cobra.Command{
		Use:   "record",
		Short: "Record what an application calls, through a proxy on this machine",
		Long: long(`
Stand between the application and the API: give the application the address
that is printed as the base address of the API, use it, and stop with Ctrl-C or
--for. What was called is then taken over into the route list, as routes import
does.

The recorder listens on this machine only. It passes every call on as it is, and
keeps counters: no message, header or body. The certificate of the upstream is
verified.`, exit.OK, exit.Usage),
		Example: `  ngapi routes record --upstream nge
  ngapi routes record --upstream fhir --listen 127.0.0.1:8085 --for 10m
  ngapi routes record --upstream https://gateway.example.com/nge --dry-run`,
		Args: cobra.NoArgs,
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, _ []string) error { return s.routesRecord(cmd.Context(), f) }),
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.upstream, "upstream", "", "pass calls on to `API`: nge, fhir or a URL")
	fl.StringVar(&f.listen, "listen", "127.0.0.1:0", "listen on `HOST:PORT`")
	fl.StringVar(&f.ca, "ca-file", "", "trust the PEM certificates in `FILE` too")
	fl.DurationVar(&f.length, "for", 0, "stop after `TIME`, such as 90s or 10m")
	fl.BoolVar(&f.dryRun, "dry-run", false, "show what would change, write nothing")
	must(cmd.MarkFlagRequired("upstream"))
	completeWords(cmd, "upstream", []string{"nge", "fhir"})
	return cmd
}

func (s *session) routesRecord(ctx context.Context, f recordFlags) error {
	if f.file == stdin {
		return exit.Errorf(exit.Usage, "--file - cannot be edited; name a file")
	}
	if f.length < 0 {
		return exit.Errorf(exit.Usage, "--for cannot be negative; write a time such as 10m")
	}
	if _, err := record.Base(f.upstream); err != nil { // before it is taken for a --host
		return err
	}
	place, err := s.whichList(f.file)
	if err != nil {
		return err
	}
	if err := s.claim(place.path); err != nil {
		return err
	}
	if err := s.willTake(place); err != nil {
		return err
	}
	e, err := s.record(ctx, f, place)
	if err != nil {
		return err
	}
	if e.result.Requests == 0 {
		s.hint("Nothing was called, so nothing is changed.")
		return nil
	}
	if err := s.reviewRecording(context.WithoutCancel(ctx), f, place, e); err != nil {
		return err
	}
	d, err := s.takeOver(context.WithoutCancel(ctx), place, e, f.importFlags)
	if err != nil {
		return err
	}
	return s.emit(renderers{
		"json": doc(d),
		"text": func() ([]byte, error) { return report.RoutesImportText(s.style(), d), nil },
	})
}

// willTake finds out beforehand whether a recording can be kept: it cannot be
// made again.
func (s *session) willTake(place listPlace) error {
	_, err := readRoutes(place.path)
	if !isMissing(err) {
		return err
	}
	if err = writable(place.path); err != nil {
		return exit.Problems(exit.Usage, []exit.Problem{{
			File: place.shown(), What: "the route list cannot be written: " + words(err), Do: "name a file in a folder that is there and can be written"}})
	}
	return nil
}

// reviewRecording decides on masked words at once: a recording leaves no evidence
// that a review could read later.
func (s *session) reviewRecording(ctx context.Context, f recordFlags, place listPlace, e *evidence) error {
	masked := len(e.collector.Masks())
	if masked == 0 || e.result.Counted == 0 {
		return nil
	}
	if f.dryRun || !terminal.Interactive(s.world.Streams, s.set.NoInput.V) {
		s.hint("note: a recording leaves no evidence to review later. Record in a terminal to review at once, or add these routes with ngapi routes add.")
		return nil
	}
	if err := s.review(ctx, reviewPlace(f.evidenceFlags, place), e.collector); err != nil && !exit.Silent(err) {
		return err
	}
	e.result = e.collector.Result()
	return nil
}

// record runs the recorder until it is stopped. What an interruption ends is the
// recording, not the command: that was the way to stop it.
func (s *session) record(ctx context.Context, f recordFlags, place listPlace) (*evidence, error) {
	if _, known := record.Upstreams()[f.upstream]; !known {
		f.hosts = append(f.hosts, f.upstream) // whoever names an upstream counts it
	}
	collector, err := s.collector(f.evidenceFlags, place)
	if err != nil {
		return nil, err
	}
	opt := record.Options{Upstream: f.upstream, Sink: collector}
	if f.ca != "" {
		if opt.CA, err = os.ReadFile(f.ca); err != nil {
			return nil, exit.Errorf(exit.Usage, "cannot read --ca-file: %w", err)
		}
		s.noteRead(filepath.ToSlash(f.ca))
	}
	proxy, err := record.New(opt)
	if err != nil {
		return nil, err
	}
	listener, err := record.Listen(ctx, f.listen)
	if err != nil {
		return nil, err
	}
	s.say("Recording. Use this as the base address of the API:", command+"http://"+listener.Addr().String(), "Stop with Ctrl-C.")
	if f.length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.length)
		defer cancel()
	}
	calls, err := proxy.Serve(ctx, listener)
	if err != nil {
		return nil, err
	}
	s.hint("Recorded %s.", report.Count(calls, "call", "calls"))
	return &evidence{
		collector: collector, result: collector.Result(),
		inputs: []report.EvidenceInput{{Format: "record", Records: calls, Notices: []string{}}},
	}, nil
}
