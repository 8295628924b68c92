package cli

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/report"
)

// maxEvidence is the size of the largest file that is recorded as evidence.
const maxEvidence = 16 << 20

// errTooLarge marks a file that is longer than maxEvidence.
var errTooLarge = errors.New("larger than 16 MiB")

// errNoFile marks a folder, a device or a pipe.
var errNoFile = errors.New("no regular file")

// readEvidence reads a recorded file as a whole. What is no regular file is not
// opened: a pipe would never end.
func readEvidence(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNoFile
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxEvidence+1))
	if err == nil && len(data) > maxEvidence {
		err = errTooLarge
	}
	return data, err
}

// newEvidenceFile reads a file that is to be recorded; one without a byte proves
// nothing.
func newEvidenceFile(path string) ([]byte, error) {
	data, err := readEvidence(path)
	var what string
	do := "name a file"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		what, do = "there is no such file", "name a file that is there"
	case errors.Is(err, fs.ErrPermission):
		what, do = "you are not allowed to read this file", "change its permissions"
	case errors.Is(err, errNoFile):
		what = "this is a folder or a device, not a file"
	case errors.Is(err, errTooLarge):
		what, do = "the file is larger than 16 MiB", "record a smaller one, for example a summary with the digest of the rest"
	case err != nil:
		what = "the file cannot be read"
	case len(data) == 0:
		what, do = "the file is empty", "an empty file proves nothing; name another one"
	default:
		return data, nil
	}
	return nil, &exit.Error{Code: exit.Usage, Err: err, Problems: []exit.Problem{{File: filepath.ToSlash(path), What: what, Do: do}}}
}

// besideProfile writes the path of a file as the profile has it: relative to its
// folder, with forward slashes.
func besideProfile(profile, file string) (string, error) {
	base, err := filepath.Abs(filepath.Dir(profile))
	if err == nil {
		var abs string
		if abs, err = filepath.Abs(file); err == nil {
			file, err = filepath.Rel(base, abs)
		}
	}
	file = filepath.ToSlash(file)
	if err != nil || strings.TrimSpace(file) != file {
		return "", exit.Problems(exit.Usage, []exit.Problem{{File: file, What: "this file cannot be named from the folder of the profile", Do: "move it beside " + filepath.ToSlash(profile)}})
	}
	return file, nil
}

// recordedPath is where a file of the profile lies for this process.
func recordedPath(profile, file string) string {
	path := filepath.FromSlash(file)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(profile), path)
}

// checkRecorded compares a recorded file with its digest. Where it does not fit,
// the detail says in words what is wrong; data is what was read, nil for nothing.
func checkRecorded(profile string, e readiness.Evidence) (data []byte, state, detail string) {
	data, err := readEvidence(recordedPath(profile, e.File))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, report.EvidenceMissing, "there is no such file"
	case errors.Is(err, errTooLarge):
		return nil, report.EvidenceAltered, "it is larger than what can be recorded"
	case errors.Is(err, errNoFile):
		return nil, report.EvidenceMissing, "a folder or device is in its place"
	case err != nil:
		return nil, report.EvidenceMissing, "it cannot be read"
	case !strings.EqualFold(digest(data), e.SHA256):
		return data, report.EvidenceAltered, "its SHA-256 is not the recorded one"
	}
	return data, report.EvidenceOK, ""
}

// authReport reads a file as a report of ngapi auth check, with every problem at
// once. ours is false for a file that does not mean to be one.
func authReport(shown string, data []byte) (r readiness.AuthReport, ours bool, err error) {
	if secrets := readiness.Secrets(shown, data); len(secrets) > 0 {
		return r, false, exit.Problems(exit.Usage, secrets)
	}
	if !readiness.ClaimsAuth(data) {
		return r, false, nil
	}
	r, problems := readiness.ReadAuth(shown, data)
	return r, true, exit.Problems(exit.Usage, problems)
}
