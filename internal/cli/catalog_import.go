package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/apionboard/ngapi/internal/documents/sheet"
	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/report"
	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/store"
)

type catalogImport struct {
	maps   []string
	date   string
	dryRun bool
	to     string
}

func newCatalogImport(s *session) *cobra.Command {
	var f catalogImport
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Import the vendor's data grid, or a CapabilityStatement",
		Long: long(`
Import the vendor's data grid (.xlsx) as the authority on Global Service
Accounts and USCDI v1, or the CapabilityStatement of a FHIR server (JSON). "-"
reads standard input. An import keeps what the other kind brought.

Tabs are chosen by name: "Enterprise GSA Routes", "Enterprise API, C-CDA, HL7",
"Patient API", and one that is plainly named for USCDI v1. Any other is left out
and said to be, unless --map names it: method=A,path=B@TAB, TAB being a name or
a number. A --map without @TAB is for the tabs that are read, and for the only
tab of a workbook that has one.

The layout of the grid is not public, so columns are found by what stands in
them. What is not plain is left open and listed with tab and cell; --map says
where things are: method=B,path=C,gsa=E,uscdi_v1=F,since=G, with @TAB behind it
for one tab, - for a column that is not there, and blank=no where a blank cell
means no. A route that stands on the tab "Enterprise GSA Routes" counts as
reachable, unless a heading above it denies that; USCDI v1 counts only where a
column or a tab says v1.`, exit.OK, exit.Usage),
		Example: `  ngapi catalog import grid.xlsx --date 2026-10-01 --dry-run
  ngapi catalog import grid.xlsx --map 'path=C,uscdi_v1=F@Patient API'
  curl -s https://fhir.example.com/metadata | ngapi catalog import -`,
		Args: cobra.ExactArgs(1),
		RunE: s.run(textOrJSON(), func(cmd *cobra.Command, args []string) error { return s.catalogImport(cmd.Context(), f, args[0]) }),
	}
	cmd.Flags().StringArrayVar(&f.maps, "map", nil, "`COLUMNS`, such as method=B,path=C[@TAB]; repeatable")
	cmd.Flags().StringVar(&f.date, "date", "", "`DATE` that the source bears, YYYY-MM-DD")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "show what was found, write nothing")
	cmd.Flags().StringVar(&f.to, "to", "", "write `FILE` instead of nextgen-catalog.json beside the list")
	return cmd
}

func (s *session) catalogImport(ctx context.Context, f catalogImport, file string) error {
	if _, err := time.Parse(time.DateOnly, f.date); f.date != "" && err != nil {
		return exit.Errorf(exit.Usage, "--date cannot be read; write a day as YYYY-MM-DD")
	}
	var opt catalog.GridOptions
	for _, text := range f.maps {
		m, err := catalog.ParseGridMap(text)
		if err != nil {
			return err
		}
		opt.Maps = append(opt.Maps, m)
	}
	to, err := s.importTarget(f.to)
	if err != nil {
		return err
	}
	data, shown, err := s.importSource(file)
	if err != nil {
		return err
	}
	if err := s.claim(to); err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	from := catalog.Import{Imported: s.asOf(), Date: f.date, SHA256: hex.EncodeToString(sum[:]), Size: int64(len(data))}
	result := report.CatalogImport{Schema: "ngapi.catalog-import/v1", Tool: s.tool(), File: filepath.ToSlash(to), Source: from, Grid: nil}
	newer, err := readAuthority(opt, data, shown, from, &result)
	if err != nil {
		return inFile(err, shown)
	}
	done, err := store.EditFile(ctx, to, store.Options{Create: true, DryRun: f.dryRun}, func(before []byte) ([]byte, error) {
		return mergeAuthority(filepath.ToSlash(to), before, newer, &result)
	})
	if err != nil {
		return err
	}
	result.Written = done.Written
	if result.Source.Date == "" {
		s.hint("hint: say how old the source is with --date YYYY-MM-DD; the verdicts quote it")
	}
	return s.emit(renderers{
		"json": doc(result),
		"text": func() ([]byte, error) { return report.CatalogImportText(s.style(), result), nil },
	})
}

func (s *session) importTarget(to string) (string, error) {
	switch to {
	case "":
	case stdin:
		return "", exit.Errorf(exit.Usage, "--to - cannot be written; name a file")
	default:
		return to, nil
	}
	p, err := s.whichList("")
	if err != nil {
		return "", err
	}
	return filepath.Join(s.authorityDirs(p)[0], catalog.AuthorityFile), nil
}

func (s *session) importSource(file string) (data []byte, shown string, err error) {
	limit := sheet.DefaultLimits().Size
	if file == stdin {
		data, err = readAtMost(s.world.Streams.In, "standard input", limit)
		return data, "standard input", err
	}
	shown = filepath.ToSlash(file)
	s.noteRead(file)
	if data, err = readBounded(file, limit); isMissing(err) {
		err = exit.Problems(exit.Usage, []exit.Problem{{File: shown, What: "there is no such file", Do: "name the grid as it was downloaded"}})
	}
	return data, shown, err
}

// readAuthority tells the two kinds of source by their first bytes. shown names
// the file in errors.
func readAuthority(opt catalog.GridOptions, data []byte, shown string, from catalog.Import, d *report.CatalogImport) (*catalog.Authority, error) {
	if head := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n"); len(head) > 0 && head[0] == '{' {
		d.Kind = "capability-statement"
		statement, err := readCapability(data, shown)
		if err != nil {
			return nil, err
		}
		own := statement.Date
		if statement.Import = from; from.Date == "" {
			statement.Date = own
		}
		d.Source = statement.Import
		return &catalog.Authority{FHIR: statement}, nil
	}
	d.Kind = "grid"
	tabs, err := gridTabs(data)
	if err != nil {
		return nil, err
	}
	grid, found, err := catalog.ParseGrid(tabs, opt)
	if err != nil {
		return nil, err
	}
	d.Grid = &found
	imported := &catalog.GridImport{Import: from, Tabs: []string{}, Routes: grid.Routes()}
	for _, t := range found.Tabs {
		if t.Used {
			imported.Tabs = append(imported.Tabs, t.Tab)
		}
	}
	return &catalog.Authority{Grid: imported}, nil
}

// gridTabs reads a workbook into plain rows.
func gridTabs(data []byte) ([]catalog.Tab, error) {
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.DefaultLimits())
	if err != nil {
		return nil, err
	}
	var tabs []catalog.Tab
	for i, name := range book.Names() {
		t := catalog.Tab{Name: name}
		for row, err := range book.Rows(i) {
			if err != nil {
				return nil, err
			}
			t.Rows = append(t.Rows, catalog.TabRow{Number: row.Number, Cells: append([]string(nil), row.Cells...)})
		}
		tabs = append(tabs, t)
	}
	return tabs, nil
}

// mergeAuthority lays the import over what is there and counts what changed.
func mergeAuthority(name string, before []byte, newer *catalog.Authority, d *report.CatalogImport) ([]byte, error) {
	var old *catalog.Authority
	if len(bytes.TrimSpace(before)) > 0 {
		var err error
		if old, err = catalog.DecodeAuthority(name, before); err != nil {
			return nil, err
		}
	}
	merged := old.Merge(newer)
	d.Count(old, merged)
	data, err := catalog.EncodeAuthority(merged)
	if err == nil && len(data) > catalog.MaxAuthority {
		err = exit.Errorf(exit.Usage, "the import has more routes than a catalogue can hold (%d bytes)", catalog.MaxAuthority)
	}
	return data, err
}

// inFile names the file of problems that name none.
func inFile(err error, shown string) error {
	var e *exit.Error
	if !errors.As(err, &e) {
		return err
	}
	list := exit.List(err)
	problems := make([]exit.Problem, len(list))
	for i, p := range list {
		if p.File == "" {
			p.File = shown
		}
		problems[i] = p
	}
	return exit.Problems(e.Code, problems)
}
