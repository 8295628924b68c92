package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/routes/catalog"
	"github.com/apionboard/ngapi/internal/routes/scope"
)

// authority reads what was imported of the vendor's word: the catalogue beside
// the list, else beside the profile. nil where there is none.
func (s *session) authority(p listPlace) (*catalog.Authority, error) {
	for _, dir := range s.authorityDirs(p) {
		path := filepath.Join(dir, catalog.AuthorityFile)
		data, err := readBounded(path, catalog.MaxAuthority)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		s.noteRead(path)
		return catalog.DecodeAuthority(filepath.ToSlash(path), data)
	}
	return nil, nil
}

// authorityDirs lists the folders to look in. The first is where an import
// writes.
func (s *session) authorityDirs(p listPlace) []string {
	var dirs []string
	if p.path != stdin && p.path != "" {
		dirs = append(dirs, filepath.Dir(p.path))
	}
	if p.profile != nil {
		dirs = append(dirs, filepath.Dir(p.profile.Path))
	} else if path, found, err := s.profilePath(); err == nil && found {
		dirs = append(dirs, filepath.Dir(path))
	}
	if len(dirs) == 0 {
		dirs = append(dirs, ".")
	}
	return dirs
}

// scopeOptions are those of every verdict on a list that stands at p.
func (s *session) scopeOptions(p listPlace, strict bool) (scope.Options, error) {
	opt := scope.Options{AsOf: s.asOf(), Strict: strict}
	a, err := s.authority(p)
	if err != nil || a == nil {
		return opt, err
	}
	if a.Grid != nil {
		grid, date := a.Lookup(), a.Grid.Date
		opt.VendorList = grid.VendorList
		opt.VendorGSA = func(method, path string) (catalog.GSA, string, bool) {
			status, known := grid.GSA(method, path)
			return status, date, known
		}
	}
	if a.FHIR != nil && !strings.HasPrefix(a.FHIR.FHIRVersion, "1.") { // a DSTU2 server says nothing of R4 routes
		opt.FHIRServed = a.FHIR.Served
	}
	return opt, nil
}

// readBounded reads a file of at most limit bytes. A missing one stays
// fs.ErrNotExist.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		return nil, exit.Errorf(exit.Usage, "cannot read %s: %w", filepath.ToSlash(path), err)
	}
	defer func() { _ = f.Close() }()
	return readAtMost(f, filepath.ToSlash(path), limit)
}

func readAtMost(r io.Reader, shown string, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, exit.Errorf(exit.Usage, "cannot read %s: %w", shown, err)
	}
	if int64(len(data)) > limit {
		return nil, exit.Problems(exit.Usage, []exit.Problem{{File: shown, What: "this file is larger than ngapi reads", Do: "name a smaller one"}})
	}
	return data, nil
}
