package store

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"

	"github.com/apionboard/ngapi/internal/exit"
	"github.com/apionboard/ngapi/internal/onboarding/readiness"
	"github.com/apionboard/ngapi/internal/onboarding/trait"
)

// FileName is the name under which a profile is found.
const FileName = "ngapi.yaml"

// Schema is the schema of the profiles that this program writes.
const Schema = "ngapi.profile/v1"

// MaxBytes is the size of the largest profile, answers file or checkpoint that
// is read.
const MaxBytes = 1 << 20

// Profile is what an ngapi.yaml says.
type Profile struct {
	Path   string // as shown to the user
	Schema string // as written in the file; "" only for an answers file without one
	// Newer tells that the schema is a later one than Schema. Then keys and
	// values that are not known here have been skipped (see Notices), and the
	// file cannot be edited.
	Newer   bool
	Notices []exit.Problem // worth telling, no reason to stop
	SHA256  string         // of the bytes of the file, 64 hexadecimal digits

	Set          trait.Set // answers, milestones and Beta clients, each with its place in the file
	Waivers      []readiness.Waiver
	Attestations []readiness.Attestation
	Evidence     []readiness.Evidence
}

// Find returns the nearest profile in dir or a folder above it. A relative dir
// is resolved first, so that the search does not end at the current folder.
func Find(dir string) (path string, found bool) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	for {
		path = filepath.Join(abs, FileName)
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, true
		}
		up := filepath.Dir(abs)
		if up == abs {
			return "", false
		}
		abs = up
	}
}

// Read reads a profile. The error is an *exit.Error with exit.Usage that lists
// every problem; for a file that is not there errors.Is(err, fs.ErrNotExist)
// holds.
func Read(path string) (*Profile, error) {
	data, err := readFile(path, MaxBytes)
	if err != nil {
		return nil, err
	}
	return Parse(path, data)
}

// Parse reads a profile from bytes; name is for messages and origins.
func Parse(name string, data []byte) (*Profile, error) {
	return decode(name, data, true)
}

// ParseAnswers reads an answers file: any part of a profile, as YAML or JSON,
// with the same strictness. The schema may be left out, and an empty file is an
// empty set of answers.
func ParseAnswers(name string, data []byte) (*Profile, error) {
	return decode(name, data, false)
}

// digest returns the SHA-256 of data in hexadecimal.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
