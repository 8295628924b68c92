package store

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/apionboard/ngapi/internal/exit"
)

// checkpointSchema names the form of a checkpoint file.
const checkpointSchema = "ngapi.checkpoint/v1"

// Checkpoint is an unfinished guided run: what was answered, not yet saved.
type Checkpoint struct {
	Profile   string            `json:"profile"`    // absolute path of the profile
	Edition   string            `json:"edition"`    // of the rulebook that asked
	Page      string            `json:"page"`       // id of the page to go on with
	SavedAsOf string            `json:"saved_asof"` // YYYY-MM-DD, the day that the run took for today
	Answers   map[string]string `json:"answers"`    // by trait id, as trait.Value.String gives them
	Skipped   []string          `json:"skipped"`    // traits answered with "I do not know"
}

// SaveCheckpoint keeps a checkpoint for c.Profile in stateDir: one file of mode
// 0600 in a folder of mode 0700.
func SaveCheckpoint(stateDir string, c Checkpoint) error {
	path, err := checkpointPath(stateDir, c.Profile)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return unwritable(filepath.Dir(path), err)
	}
	if c.Profile, err = filepath.Abs(c.Profile); err != nil {
		return unwritable(path, err)
	}
	data, err := json.MarshalIndent(struct {
		Schema string `json:"schema"`
		Checkpoint
	}{checkpointSchema, c}, "", "  ")
	if err != nil {
		return exit.Errorf(exit.Fault, "the checkpoint cannot be written: %w", err)
	}
	return WriteFile(path, append(data, '\n'), 0o600)
}

// LoadCheckpoint returns the checkpoint of a profile, and false where there is
// none. One that cannot be read or is of another schema is an error, with the
// flag that goes on without it.
func LoadCheckpoint(stateDir, profile string) (Checkpoint, bool, error) {
	path, err := checkpointPath(stateDir, profile)
	if err != nil {
		return Checkpoint{}, false, err
	}
	data, err := readFile(path, MaxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return Checkpoint{}, false, nil
	}
	if err != nil {
		return Checkpoint{}, false, err
	}
	var c struct {
		Schema string `json:"schema"`
		Checkpoint
	}
	err = json.Unmarshal(data, &c)
	if err != nil || c.Schema != checkpointSchema || len(data) > MaxBytes {
		return Checkpoint{}, false, fileError(exit.Usage, path, "the checkpoint of the last run cannot be used", "start anew with ngapi onboard --fresh", err)
	}
	return c.Checkpoint, true, nil
}

// RemoveCheckpoint removes the checkpoint of a profile, if there is one.
func RemoveCheckpoint(stateDir, profile string) error {
	path, err := checkpointPath(stateDir, profile)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return unwritable(path, err)
	}
	return nil
}

// checkpointPath names the file after the profile, so that two applications on
// one machine do not share a run. The name of the profile does not show in it.
func checkpointPath(stateDir, profile string) (string, error) {
	if stateDir == "" {
		return "", exit.Errorf(exit.Usage, "there is no folder for checkpoints; set XDG_STATE_HOME or HOME")
	}
	abs, err := filepath.Abs(profile)
	if err != nil {
		return "", exit.Errorf(exit.Fault, "the current folder cannot be found: %w", err)
	}
	return filepath.Join(stateDir, "checkpoints", digest([]byte(abs))[:32]+".json"), nil
}
