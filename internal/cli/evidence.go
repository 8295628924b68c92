package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe"
	"github.com/apionboard/ngapi/internal/routes/route"
	"github.com/apionboard/ngapi/internal/store"
)

// reviewFile is the usual name of the file with what a person has approved.
const reviewFile = "routes-review.yaml"

// evidenceFlags say which evidence counts and what has been approved.
type evidenceFlags struct {
	file   string // the route list
	hosts  []string
	review string
}

func (f *evidenceFlags) add(cmd *cobra.Command) {
	fileFlag(cmd, &f.file)
	cmd.Flags().StringArrayVar(&f.hosts, "host", nil, "count `HOST[:PORT][/BASE]` too; repeatable")
	cmd.Flags().StringVar(&f.review, "review", "", "approvals `FILE` (default "+reviewFile+")")
}

// evidence is what a run has read.
type evidence struct {
	collector *infer.Collector
	result    *infer.Result
	inputs    []report.EvidenceInput
}

func (e *evidence) report() report.Evidence { return report.NewEvidence(e.inputs, e.result) }

// collector makes a collector with the hosts and the approvals of the run.
func (s *session) collector(f evidenceFlags, list listPlace) (*infer.Collector, error) {
	review := reviewPlace(f, list)
	if err := s.claim(review); err != nil { // no output takes its place, also where it is not there yet
		return nil, err
	}
	approvals, err := s.approvals(review, f.review != "")
	if err != nil {
		return nil, err
	}
	opt := infer.Options{Hosts: f.hosts, Approvals: approvals}
	known, err := s.authority(list)
	if err != nil {
		return nil, err
	}
	if known != nil && known.Grid != nil {
		for _, r := range known.Grid.Routes {
			if r.API == route.Enterprise {
				opt.Known = append(opt.Known, r.Path)
			}
		}
	}
	s.sealed = true
	return infer.NewCollector(opt)
}

// reviewPlace is where the approvals are: beside the list.
func reviewPlace(f evidenceFlags, list listPlace) string {
	if f.review != "" {
		return f.review
	}
	return filepath.Join(filepath.Dir(list.path), reviewFile)
}

func (s *session) approvals(path string, must bool) (infer.Approvals, error) {
	data, found, err := store.ReadIfThere(path)
	if err != nil {
		return infer.Approvals{}, err
	}
	if !found {
		if must {
			return infer.Approvals{}, exit.Problems(exit.Usage, []exit.Problem{{File: filepath.ToSlash(path), What: "there is no such review file", Do: "make one with ngapi routes review FILE..."}})
		}
		return infer.Approvals{}, nil
	}
	s.noteRead(path)
	return draft.DecodeReview(data, filepath.ToSlash(path))
}

// readEvidence reads all files and infers the routes.
func (s *session) readEvidence(ctx context.Context, f evidenceFlags, list listPlace, files []string) (*evidence, error) {
	c, err := s.collector(f, list)
	if err != nil {
		return nil, err
	}
	e := &evidence{collector: c}
	files, err = spread(files)
	if err != nil {
		return nil, err
	}
	var problems []exit.Problem
	for _, name := range files {
		in, err := s.readOne(ctx, name, c)
		if err != nil {
			if exit.Of(err) != exit.Usage || ctx.Err() != nil {
				return nil, err
			}
			problems = append(problems, exit.List(err)...)
			continue
		}
		e.inputs = append(e.inputs, in)
	}
	if err := exit.Problems(exit.Usage, problems); err != nil {
		return nil, err
	}
	e.result = c.Result()
	return e, nil
}

// readOne reads one file, or standard input.
func (s *session) readOne(ctx context.Context, name string, sink infer.Sink) (report.EvidenceInput, error) {
	in := observe.Input{Name: "standard input", Open: func() (io.ReadCloser, error) { return io.NopCloser(s.world.Streams.In), nil }}
	if name != stdin {
		in = observe.Input{Name: filepath.ToSlash(name), Open: func() (io.ReadCloser, error) { return os.Open(name) }}
		s.inputs = append(s.inputs, name)
	}
	sum, err := observe.Read(ctx, in, sink)
	if err != nil {
		return report.EvidenceInput{}, err
	}
	for _, n := range sum.Notices {
		s.hint("%s: %s", in.Name, n)
	}
	s.trace("read evidence: %s, %d records", sum.Format, sum.Records)
	return report.EvidenceInput{Format: sum.Format, Records: sum.Records, Notices: slices.Concat([]string{}, sum.Notices)}, nil
}

// spread replaces a folder by the files of a request collection in it, sorted.
func spread(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		if name == stdin {
			if slices.Contains(out, stdin) {
				return nil, exit.Errorf(exit.Usage, "standard input is named twice")
			}
			out = append(out, name)
			continue
		}
		info, err := os.Stat(name)
		if err != nil || !info.IsDir() {
			out = append(out, name) // a missing file is reported when it is opened
			continue
		}
		found, err := collectionFiles(name)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// collectionFiles lists the request files of a folder such as a Bruno collection.
func collectionFiles(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && (d.Name() == ".git" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		switch filepath.Ext(path) {
		case ".bru", ".http", ".rest":
			if d.Name() != "collection.bru" && d.Name() != "folder.bru" {
				found = append(found, path)
			}
		}
		return nil
	})
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "cannot read the folder: %w", err)
	}
	if len(found) == 0 {
		return nil, exit.Problems(exit.Usage, []exit.Problem{{File: filepath.ToSlash(dir), What: "the folder holds no .bru, .http or .rest file", Do: "name the files of evidence"}})
	}
	return found, nil
}

// counts refuses evidence without a single request to a known service.
func (e *evidence) counts() error {
	r := e.result
	if r.Counted > 0 {
		return nil
	}
	what := fmt.Sprintf("0 of %d requests were for NextGen", r.Requests)
	if len(r.Hosts) > 0 {
		what += "; hosts seen: " + report.Buckets(r.Hosts[:min(len(r.Hosts), 8)])
	}
	if len(r.Ignored) > 0 {
		what += "; ignored: " + report.Buckets(r.Ignored)
	}
	do := "capture calls to nativeapi.nextgen.com or fhir.nextgen.com, or name the host of your own gateway with --host HOST"
	if slices.ContainsFunc(r.Ignored, func(b infer.Bucket) bool { return b.Name == "nextgen-office" }) {
		do = "NextGen Office is another product, with hosts, terms and fees of its own; " + do
	}
	return exit.Problems(exit.Usage, []exit.Problem{{What: what, Do: do}})
}
