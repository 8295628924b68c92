package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/draft"
	"github.com/apionboard/ngapi/internal/routes/infer"
	"github.com/apionboard/ngapi/internal/routes/observe/counts"
	"github.com/apionboard/ngapi/internal/routes/observe/sourcescan"
	"github.com/apionboard/ngapi/internal/routes/route"
)

// queryEngines are the log stores for which there is a query.
func queryEngines() []string { return counts.Engines() }

// printQuery prints a query whose result routes import reads.
func (s *session) printQuery(f importFlags, files []string) error {
	if len(files) > 0 || f.source != "" {
		return exit.Errorf(exit.Usage, "--print-query only prints a query; leave out the files and --source")
	}
	if err := oneOf("print-query", f.query, queryEngines()...); err != nil {
		return err
	}
	text, err := counts.Query(f.query)
	if err != nil {
		return err
	}
	return s.emit(renderers{"text": plain([]byte(text)), "json": doc(map[string]string{
		"schema": "ngapi.routes-query/v1", "engine": f.query, "query": text})})
}

// crossCheck compares the routes in source code with the list. It changes
// nothing: a string in the code proves no call.
func (s *session) crossCheck(ctx context.Context, f importFlags, files []string) error {
	if len(files) > 0 {
		return exit.Errorf(exit.Usage, "--source compares the list with the code only; import the files in a run of their own")
	}
	l, err := s.routeList(f.file)
	if err != nil {
		return err
	}
	info, err := os.Stat(f.source)
	if err != nil || !info.IsDir() {
		return exit.Problems(exit.Usage, []exit.Problem{{File: filepath.ToSlash(f.source), What: "this is no folder", Do: "name the folder that holds the source code"}})
	}
	sum, err := sourcescan.Scan(os.DirFS(f.source), untilDone{ctx}, sourcescan.Options{Hosts: f.hosts})
	if err != nil {
		return err
	}
	code := make([]draft.CodeRoute, len(sum.Hits))
	for i, h := range sum.Hits {
		code[i] = draft.CodeRoute{Method: h.Method, Path: h.Path, API: route.FindAPI(h.Path), Places: []string{h.Place}}
	}
	d := report.RoutesSource{
		Schema: "ngapi.routes-source/v1", Tool: s.tool(), List: l.input(), Files: sum.Files, Places: sum.Places, WithoutMethod: sum.WithoutMethod,
		Unlisted: sum.Unlisted, Skipped: sum.Skipped, Check: draft.CrossCheck(l.list, code),
	}
	return s.emit(renderers{"json": doc(d), "text": func() ([]byte, error) { return report.RoutesSourceText(s.style(), d), nil }})
}

// untilDone is a sink that only ends a scan whose command was interrupted.
type untilDone struct{ ctx context.Context } //nolint:containedctx // a sink lives for one scan

// Add implements infer.Sink.
func (u untilDone) Add(infer.Observation) error { return u.ctx.Err() }
